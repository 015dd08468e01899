"""`gongjian body`: the organisations that act."""

from typing import Annotated

import typer

from api.cli.desk import AsJson, desk
from services.actor import SERVICE
from services.directory.bodies import create_body, list_bodies

app = typer.Typer(no_args_is_help=True, help="单位 / bodies")


@app.command()
def create(
    kind: Annotated[str, typer.Argument(help="类别，如 registry、union、party。Its kind.")],
    division: Annotated[str, typer.Argument(help="行政区划代码，如 220204。Its division.")],
    name: Annotated[str, typer.Option(help="单位名称。Its name.")],
    as_json: AsJson = False,
) -> None:
    """新建单位，代码为“类别.区划”。A new body, with the code KIND.DIVISION."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            key = create_body(unit, kind, division, name)
            body = here.runtime.roster.body(key)
        code, called = (body.code, body.name) if body else ("", "")
        here.done({"id": str(key), "code": code, "name": called}, f"✓ {code} {called}")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """列出所有单位。Every body, by code."""
    with desk(as_json=as_json) as here:
        with here.runtime.reading(SERVICE) as unit:
            bodies = list_bodies(unit)
        items = [
            {
                "id": str(one.id),
                "code": one.code,
                "kind": one.kind,
                "division": one.division,
                "name": one.name,
            }
            for one in bodies
        ]
        here.done({"items": items}, *(f"{one.code:<24} {one.name}" for one in bodies))
