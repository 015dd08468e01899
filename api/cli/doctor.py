"""`gongjian doctor`: looks at everything a running service rests on, and says what is wrong."""

import typer

from api.cli.desk import DONE, REFUSED, AsJson, desk
from services.checkup import Finding, Health, examine

_MARKS = {Health.WELL: "✓", Health.WATCH: "!", Health.ILL: "✗"}


def doctor(as_json: AsJson = False) -> None:
    """检查运行环境、数据库、队列、日历和案卷链。Checks what the service rests on."""
    with desk(as_json=as_json) as here:
        found = examine(here.settings, lambda: here.runtime)
        ill = any(one.health is Health.ILL for one in found)
        checks = [{"name": one.name, "health": one.health.value} | one.text.as_dict() for one in found]
        here.done({"ok": not ill, "checks": checks}, *(line for one in found for line in _lines(one)))
    raise typer.Exit(REFUSED if ill else DONE)


def _lines(finding: Finding) -> tuple[str, str]:
    return f"{_MARKS[finding.health]} {finding.text.zh}", f"  {finding.text.en}"
