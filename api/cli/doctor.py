"""`gongjian doctor`: looks at everything a running service rests on, and says what is wrong."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.desk import DONE, REFUSED, AsJson, Desk, Refusal, desk
from services.checkup import Finding, Health, examine
from services.invariants import Books, Unreadable, accepted_in
from workflows.words import Text

_MARKS = {Health.WELL: "✓", Health.WATCH: "!", Health.ILL: "✗"}
_UNREADABLE = Text(
    "账册读不出来：数据库连不上，或者还没有建表。",
    "The books cannot be read: the database is out of reach, or has no tables yet.",
)
_NO_RECEIPT = Text(
    "{path}第{line}行不是回执：每行应是一个带source和id的JSON对象。",
    "Line {line} of {path} is no receipt: each is one JSON object with source and id.",
)
_CLEAN = Text(
    "不丢、不重、次序不乱，案卷与历史相符：没有发现不符之处。",
    "Nothing lost, nothing twice, nothing out of order, every case as its history says: nothing was found wrong.",
)


def doctor(
    invariants: Annotated[
        bool,
        typer.Option(
            "--invariants", help="逐笔核对账册，只读数据库。Checks the books line by line, reading only."
        ),
    ] = False,
    accepted: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="已收下的回执，每行一个JSON，配合--invariants。Receipts to look for, one JSON object a line.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """检查运行环境、数据库、队列、日历和案卷链。Checks what the service rests on."""
    if accepted is not None and not invariants:
        raise typer.BadParameter(
            "只与--invariants同用 / goes with --invariants only", param_hint="--accepted"
        )
    with desk(as_json=as_json) as here:
        well = _books(here, accepted) if invariants else _house(here)
    raise typer.Exit(DONE if well else REFUSED)


def _house(here: Desk) -> bool:
    found = examine(here.settings, lambda: here.runtime)
    ill = any(one.health is Health.ILL for one in found)
    checks = [{"name": one.name, "health": one.health.value} | one.text.as_dict() for one in found]
    here.done({"ok": not ill, "checks": checks}, *(line for one in found for line in _lines(one)))
    return not ill


def _books(here: Desk, receipts: Path | None) -> bool:
    """I1 to I6 and I8 of RELIABILITY §3, by a program that shares nothing with the house."""
    try:
        expected = list(accepted_in(receipts.read_text("utf-8").splitlines())) if receipts else []
    except ValueError as wrong:
        line = wrong.args[0] if isinstance(wrong.args[0], int) else 1
        raise Refusal("receipt_bad", _NO_RECEIPT.filled(path=receipts, line=line)) from wrong
    try:
        found = Books(here.settings.database).violations(expected)
    except Unreadable as away:
        raise Refusal("books_unreadable", _UNREADABLE) from away
    lines = [part for one in found for part in (f"✗ {one.invariant} {one.zh}", f"  {one.en}")]
    here.done(
        {"ok": not found, "violations": [one.as_dict() for one in found]},
        *(lines or (f"✓ {_CLEAN.zh}", f"  {_CLEAN.en}")),
    )
    return not found


def _lines(finding: Finding) -> tuple[str, str]:
    return f"{_MARKS[finding.health]} {finding.text.zh}", f"  {finding.text.en}"
