"""`gongjian policy`: what a place has decided, each value with its source and the edition it stands in."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

import typer

from api.cli.desk import AsJson, Refusal, desk
from services.clock import SystemClock, legal_day
from services.editions import book_of, decided_in
from workflows.policies.bands import Bands
from workflows.policies.model import Edition, Policy, Value
from workflows.words import Text

app = typer.Typer(no_args_is_help=True, help="政策 / policies")

_NOT_YET = Text(
    "{day}还没有任何政策版本：全国第一版自{first}起施行，请查该日或以后的日期。",
    "No edition was in force on {day}: the nation's first takes effect on {first}. Ask for that day or a later one.",
)


@app.callback()
def _group() -> None:
    """政策 / policies"""


@app.command()
def show(
    division: Annotated[
        str, typer.Argument(help="行政区划代码，全国为000000。A division; 000000 is the nation.")
    ],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="哪一天，默认今天。On which day.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """显示某地某日适用的政策。What holds in a place on a day."""
    with desk(as_json=as_json) as here:
        day = on.date() if on else legal_day(SystemClock().now(), here.settings.zone)
        place = decided_in(division)
        book = book_of(here.settings)
        if day < book.first:
            raise Refusal("policy_not_yet", _NOT_YET.filled(day=day, first=book.first))
        policy, editions = book.policy(place, day), book.in_force(place, day)
        here.done(_told(place, day, policy, editions), *_lines(place, day, policy, editions))


def _told(place: str, day: date, policy: Policy, editions: list[Edition]) -> dict[str, object]:
    """For machines."""
    return {
        "division": place,
        "on": day.isoformat(),
        "edition": policy.label,
        "editions": [
            {"division": one.division, "effective": one.effective.isoformat(), "title": one.title}
            for one in editions
        ],
        "settings": [
            {"key": one.key, "value": _plain(one.value), "source": one.source, "division": one.division}
            | {"effective": one.effective.isoformat()}
            for one in policy.all()
        ],
    }


def _lines(place: str, day: date, policy: Policy, editions: list[Edition]) -> Iterator[str]:
    """For people: the editions that hold, each by its title, and every value with the one that gave it."""
    yield f"{place}  {day}  {policy.label}"
    for edition in editions:
        yield f"{edition.division}@{edition.effective}  {edition.title}"
    for one in policy.all():
        yield f"{one.key} = {_shown(one.value)}  [{one.division}@{one.effective}] {one.source}"


def _plain(value: Value) -> object:
    return value.rows if isinstance(value, Bands) else value


def _shown(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
