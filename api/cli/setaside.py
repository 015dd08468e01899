"""`gongjian triage` and `gongjian quarantine`: what waits for a person on the machine itself."""

from dataclasses import replace
from typing import Annotated

import typer

from api.cli.desk import AsJson, desk
from services.access.actors import actor_of
from services.actor import SERVICE
from services.intake.dead_letters import dead_letters, send_again
from services.intake.dead_letters import drop as drop_letter
from services.intake.triage import place as place_event
from services.intake.triage import waiting
from services.quarantine import set_aside, try_again

triage = typer.Typer(no_args_is_help=True, help="待定属地的登记 / registrations that could not be placed")
quarantine = typer.Typer(no_args_is_help=True, help="已隔离的记录 / rows that were set aside")


@triage.command("list")
def list_triage(as_json: AsJson = False) -> None:
    """列出待定属地的登记。Registrations that wait for a division."""
    with desk(as_json=as_json) as here, here.runtime.reading(SERVICE) as unit:
        items = waiting(unit)
        lines = [
            f"{one['id']:>8} {one['uscc']} {one['reason']['zh'] if one['reason'] else ''}" for one in items
        ]
        here.done({"items": items}, *(lines or ["没有待定属地的登记 / none waits for a division"]))


@triage.command()
def place(
    event: Annotated[int, typer.Argument(help="triage list 给出的编号。The number from triage list.")],
    division: Annotated[str, typer.Argument(help="行政区划代码。The division.")],
    account: Annotated[
        str | None, typer.Option(help="由谁确定，记录在案。Whose decision it is; it is kept with the row.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """由人确定属地，随后立案。A person says where it belongs; the case is opened then."""
    with desk(as_json=as_json) as here:
        actor = here.actor
        if account is not None:
            with here.runtime.reading(SERVICE) as unit:
                actor = replace(actor_of(unit, account), os_user=actor.os_user)
        with here.runtime.writing(actor) as unit:
            place_event(unit, event, division)
        here.done({"id": event, "division": division}, f"✓ {event} → {division}")


@quarantine.command("list")
def list_quarantine(as_json: AsJson = False) -> None:
    """列出已隔离的记录及原因。Rows that were set aside, and why."""
    with desk(as_json=as_json) as here, here.runtime.reading(SERVICE) as unit:
        items = set_aside(unit)
        lines = [
            f"{one['drain']:<7} {one['id']:>8} {one['code']} {one['reason']['zh'] if one['reason'] else ''}"
            for one in items
        ]
        here.done({"items": items}, *(lines or ["没有隔离的记录 / nothing is set aside"]))


@quarantine.command()
def retry(
    drain: Annotated[str, typer.Argument(help="inbox、outbox 或 due。Which drain.")],
    row: Annotated[int, typer.Argument(help="quarantine list 给出的编号。The number from quarantine list.")],
    as_json: AsJson = False,
) -> None:
    """原因排除后重新办理。Tries it again, once the cause is gone."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            try_again(unit, drain, row)
        here.done({"drain": drain, "id": row}, f"✓ {drain} {row}")


@quarantine.command()
def letters(as_json: AsJson = False) -> None:
    """列出经消息队列发来、没有收下的消息及原因。Messages that were refused over the queue, and why."""
    with desk(as_json=as_json) as here, here.runtime.reading(SERVICE) as unit:
        items = [
            one | {"received_at": one["received_at"].isoformat(timespec="seconds")}
            for one in dead_letters(unit)
        ]
        lines = [f"{one['id']:>8} {one['office'] or '?':<20} {one['reason']['zh']}" for one in items]
        here.done({"items": items}, *(lines or ["没有这样的消息 / there is none"]))


Number = Annotated[
    int, typer.Argument(help="quarantine letters 给出的编号。The number from quarantine letters.")
]


@quarantine.command()
def send(letter: Number, as_json: AsJson = False) -> None:
    """原因排除后重新投递一条消息。Sends a refused message again, once the cause is gone."""
    with desk(as_json=as_json) as here:
        send_again(here.runtime, here.actor, letter)
        here.done({"id": letter}, f"✓ {letter}")


@quarantine.command()
def drop(letter: Number, as_json: AsJson = False) -> None:
    """不再处理一条消息，并删除其内容。Drops a refused message; its content is deleted."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            drop_letter(unit, letter)
        here.done({"id": letter}, f"✓ {letter}")
