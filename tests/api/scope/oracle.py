"""Whose is what. The oracle knows the table of permissions, the drawers and where things lie, and nothing else of the house."""

import csv
import re
from pathlib import Path

import services.access.permissions
from tests.api.scope.world import File, Heard, Item, Line, Moving, Paper, Told, Who, World
from workflows.roles import KINDS, Compartment, Role
from workflows.subjects import SUBJECTS

_TABLE = Path(services.access.permissions.__file__).with_name("permissions.csv")
_ROWS = list(csv.DictReader(_TABLE.read_text(encoding="utf-8").splitlines()))
RIGHTS = {row["right"]: {kind for kind in KINDS if row[kind]} for row in _ROWS}


def covers(division: str, place: str) -> bool:
    return place.startswith(
        re.sub("(00){1,3}$", "", division[:6]) + division[6:]
    )  # 220200 covers all of 2202


def opens(who: Who, drawer: Compartment) -> bool:
    return drawer in KINDS[who.kind].opens


def knows(who: Who, file: File) -> bool:
    may = covers(who.division, file.division) and opens(who, SUBJECTS[file.subject].drawer)
    return may and (file.told or len(KINDS[who.kind].opens) > 1)


def fills(world: World, who: Who, role: Role | None, division: str) -> bool:
    if role is None or who.kind not in role.kinds or not covers(who.division, division):
        return False
    rivals = [one for one in world.people if one.kind in role.kinds and covers(one.division, division)]
    nearest = max(rivals, key=lambda one: (len(one.division.rstrip("0")), -role.kinds.index(one.kind)))
    return len(who.division) == 6 if role.superior else nearest.body == who.body


def sees(world: World, who: Who, one: Moving) -> bool:
    own = opens(who, one.law.compartment) and len(KINDS[who.kind].opens) > 1
    mine = (
        fills(world, who, step.by, one.file.division) for step in one.law.steps if one.state in step.sources
    )
    return knows(who, one.file) and (own or any(mine))


def status(who: Who, right: str, there: bool) -> int:
    return 403 if who.kind not in RIGHTS[right] else 200 if there else 404


# -- what else is his, in lists ----------------------------------------------------------------------------


def reads(who: Who, line: Line) -> bool:
    onlooker = len(KINDS[who.kind].opens) == 1
    plain = line.moving is None and line.inbox
    return knows(who, line.file) and opens(who, line.drawer) and (plain or not onlooker)


def may_find(who: Who, item: Item) -> bool:
    return knows(who, item.moving.file) and (item.body == who.body or opens(who, item.moving.law.compartment))


def listed(world: World, who: Who, view: str, item: Item) -> bool:
    case = item.moving.file.id
    mine = [line for line in world.lines if line.file.id == case and line.who is not None]
    match view:
        case "unit":
            return item.body == who.body
        case "mine":
            return item.assignee == who.account_id
        case "started":
            return any(one.who == who and one.moving == item.moving for one in mine)
    involved = any(one.who.body == who.body for one in mine if one.who) or any(
        one.body == who.body for one in world.items if one.moving.file.id == case
    )
    return item.body != who.body and opens(who, item.moving.law.compartment) and involved


def meets(who: Who, one: Moving) -> bool:
    """Is the meeting his to see?"""
    return knows(who, one.file) and opens(who, one.law.compartment)


def in_box(who: Who, box: str, one: Told) -> bool:
    return knows(who, one.file) and (
        who.kind == "auditor" or who.body == (one.recipient if box == "in" else one.sender)
    )


def has_paper(world: World, who: Who, paper: Paper) -> bool:
    return paper.body == who.body or any(sees(world, who, one) for one in paper.filed)


def hears_of(who: Who, event: Heard) -> bool:
    return has_sent(who, event.office)


def has_sent(who: Who, office: Who) -> bool:
    """Is what this office sent his own, or his to audit?"""
    return office.body == who.body or (who.kind == "auditor" and covers(who.division, office.division))
