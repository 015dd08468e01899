"""`gongjian policy`: what a place has decided, each value with its source and the edition it stands in."""

from datetime import datetime
from typing import Annotated

import typer

from api.cli.desk import AsJson, desk
from services.clock import SystemClock, legal_day
from services.directory.divisions import cut, find
from workflows.errors import Fault
from workflows.policies.book import NATION, published

app = typer.Typer(no_args_is_help=True, help="政策 / policies")


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
        place = cut(division)
        if place is None or (place != NATION and find(place) is None):
            raise Fault(
                "division_unknown",
                field="division",
                division=division[:20] if division.isprintable() else "?",
            )
        policy = published().policy(place, day)
        settings = [
            {"key": one.key, "value": one.value, "source": one.source, "division": one.division}
            | {"effective": one.effective.isoformat()}
            for one in policy.all()
        ]
        here.done(
            {"division": place, "on": day.isoformat(), "edition": policy.label, "settings": settings},
            f"{place}  {day}  {policy.label}",
            *(
                f"{one.key} = {_shown(one.value)}  [{one.division}@{one.effective}] {one.source}"
                for one in policy.all()
            ),
        )


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
