"""`gongjian import`: a registry list taken in, with a verdict for every row."""

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.cli.desk import DONE, REFUSED, AsJson, desk
from services.intake.lists import Verdict, import_list

COLUMNS = (
    *("行 row", "企业名称 name", "统一社会信用代码 uscc", "结果 status", "区划 division"),
    *("案卷 case", "代码 code", "栏目 field", "原因 reason", "reason (en)"),
)

#: A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def import_(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV 或 XLSX。The list.")
    ],
    office: Annotated[
        str, typer.Option(help="登记机关代码，如 registry.220000。Code of the office whose list it is.")
    ],
    verdicts: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="逐行结果文件，默认 FILE.verdicts.csv。Where the verdicts go."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """导入登记机关的名单；重复导入不会重复立案。Takes a list in; running it again adds nothing."""
    target = verdicts or Path.cwd() / f"{file.name}.verdicts.csv"
    if target.exists() and target.samefile(file):
        raise typer.BadParameter(
            "逐行结果不能写进名单本身 / the verdicts may not go over the list", param_hint="--verdicts"
        )
    counts: Counter[str] = Counter()
    with desk(as_json=as_json) as here:
        with _progress() as told, _written(target) as write:
            for verdict in import_list(here.runtime, file, office, told, by=here.actor):
                counts[verdict.status] += 1
                write(verdict)
        found = {status: counts[status] for status in ("accepted", "duplicate", "rejected", "triage")}
        here.done(
            {"rows": counts.total()} | found,
            f"✓ {counts.total()}行：新收{found['accepted']}，已有{found['duplicate']}，"
            f"退回{found['rejected']}，待定属地{found['triage']}",
            f"  {counts.total()} rows: {found['accepted']} accepted, {found['duplicate']} on file already, "
            f"{found['rejected']} rejected, {found['triage']} to be placed by a person",
            f"  {target}",
        )
    raise typer.Exit(REFUSED if counts["rejected"] else DONE)


@contextmanager
def _written(target: Path) -> Iterator[Callable[[Verdict], None]]:
    """The verdicts stand in the file when the block ends well; else what stood there before still does."""
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            yield _writer(file)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _writer(file: IO[str]) -> Callable[[Verdict], None]:
    table = csv.writer(file)
    table.writerow(COLUMNS)

    def write(one: Verdict) -> None:
        reason = (one.reason.zh, one.reason.en) if one.reason else ("", "")
        cells = (
            one.row,
            one.name,
            one.uscc,
            one.status,
            one.division,
            one.case,
            one.code,
            one.field,
            *reason,
        )
        table.writerow([_safe(cell) for cell in cells])

    return write


def _safe(cell: object) -> str:
    """Text that no spreadsheet takes for a formula.

    >>> _safe("=1+1"), _safe(None), _safe("工会")
    ("'=1+1", '', '工会')
    """
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, for people only."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    columns = (TextColumn("导入 import"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("import", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
