"""`gongjian calendar`: the holiday notices by which working days are counted."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.desk import AsJson, Refusal, desk
from services.actor import SERVICE
from services.deadlines.calendars import LARGEST, import_year, sheet_text
from workflows.calendars.days import UnknownYear

app = typer.Typer(no_args_is_help=True, help="日历 / calendars")


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="TOML文件。The year's table.")
    ],
    as_json: AsJson = False,
) -> None:
    """导入一年的放假安排，重算所有在办期限。A year's notice; every open deadline is counted again."""
    with desk(as_json=as_json) as here:
        with file.open("rb") as held:
            text = sheet_text(held.read(LARGEST + 1))
        with here.runtime.writing(here.actor) as unit:
            counts = import_year(unit, text)
        here.done(
            counts,
            f"✓ {counts['year']}年日历已载入：重算{counts['recomputed']}个期限，{counts['moved']}个有变动",
            f"  {counts['year']} loaded: {counts['recomputed']} deadlines recounted, {counts['moved']} moved",
        )


@app.command()
def show(year: Annotated[int, typer.Argument(min=1, max=9999)], as_json: AsJson = False) -> None:
    """显示一年的放假与调休。The days off and make-up working days of a year."""
    with desk(as_json=as_json) as here:
        with here.runtime.reading(SERVICE) as unit:
            calendar = here.runtime.calendar(unit.db)
        table = calendar.tables.get(year)
        if table is None:
            raise Refusal("calendar_unknown", UnknownYear(year).text)
        rest = {day.isoformat(): table.rest[day].as_dict() for day in sorted(table.rest)}
        work = [day.isoformat() for day in sorted(table.work)]
        here.done(
            {
                "year": year,
                "source": table.source,
                "provisional": table.provisional,
                "rest": rest,
                "work": work,
            }
            | {"digest": calendar.digest},
            f"{year}{'（暂定 / provisional）' if table.provisional else ''}  {table.source}",
            *(f"  休 {day}  {name['zh']} / {name['en']}" for day, name in rest.items()),
            *(f"  班 {day}" for day in work),
        )
