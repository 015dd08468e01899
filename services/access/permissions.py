"""Which kind of body may do what: `permissions.csv`, read once. What the table does not mark is refused.

It decides who may come to the counter with a matter at all. Where he may do it, scope decides; which step of a case is his, the law.
"""

import csv
from dataclasses import dataclass
from importlib.resources import files

from services.actor import SERVICE, Actor
from services.directory.scope import covers
from workflows.errors import Fault, LawError
from workflows.roles import KINDS
from workflows.words import Text

MARK = "x"


@dataclass(frozen=True, slots=True)
class Right:
    """Something that may be done, and the kinds of body whose people may do it."""

    name: str
    label: Text
    kinds: frozenset[str]


def permits(kind: str, right: str) -> bool:
    """May people of that kind of body do this? The house itself may do everything.

    >>> permits("auditor", "journal.read"), permits("admin", "journal.read"), permits("admin", "cases.read")
    (True, False, False)
    """
    return kind == SERVICE.kind or kind in RIGHTS[right].kinds


def require(actor: Actor, right: str, division: str | None = None) -> None:
    """The actor may do this, in `division` where one is named; or the Fault `not_permitted`."""
    if not permits(actor.kind, right) or (division is not None and not covers(actor.division, division)):
        raise Fault("not_permitted")


def read(text: str) -> dict[str, Right]:
    """The rights of a table; one that could be misread is a LawError, and nothing starts."""
    table = csv.DictReader(text.splitlines(), strict=True)
    if list(table.fieldnames or ()) != ["right", "zh", "en", *KINDS]:
        raise LawError("permissions.csv must have the columns right, zh, en and one for each kind of body")
    listed = [Right(row["right"], Text(row["zh"], row["en"]), _marked(row)) for row in table]
    rights = {right.name: right for right in listed}
    if len(rights) != len(listed):
        raise LawError("permissions.csv names a right twice")
    return rights


def _marked(row: dict[str, str | None]) -> frozenset[str]:
    wrong = [
        name for name, cell in row.items() if name not in ("right", "zh", "en") and cell not in ("", MARK)
    ]
    if wrong:
        raise LawError(f"permissions.csv, {row['right']}: every cell but the words must be empty or {MARK}")
    return frozenset(kind for kind in KINDS if row[kind])


RIGHTS: dict[str, Right] = read(files(__package__).joinpath("permissions.csv").read_text(encoding="utf-8"))
