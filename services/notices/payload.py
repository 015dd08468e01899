"""The whitelist of a cross-notice: these keys and nothing else ever cross from one compartment to the other.

No person, no count of members, no opinion (CONDUCT.md 5.2-1, 5.3; PIPL Art 23). `contact` names a post, not a person.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.directory.divisions import full_name
from workflows.casefile import CaseFile

WHITELIST = ("case", "uscc", "name", "division", "place", "union_form", "party_form", "party_condition", "on")


def payload(row: Mapping[str, Any], file: CaseFile, today: date) -> dict[str, str | bool | None]:
    """What the other body may know: which enterprise, where, how far each side's organisation is, and the condition flag."""
    condition = file.facts.get("party_condition")
    return {
        "case": str(row["id"]),
        "uscc": row["uscc"],
        "name": row["name"],
        "division": file.division,
        "place": full_name(file.division),
        "union_form": str(file.facts.get("union_form") or "none"),
        "party_form": coarse(str(file.facts.get("party_form") or "none")),
        "party_condition": condition if isinstance(condition, bool) else None,
        "on": today.isoformat(),
    }


def coarse(form: str) -> str:
    """Whether there is a Party form, not which one: the finer word would tell how many members there are."""
    return form if form in ("none", "liaison") else "organisation"
