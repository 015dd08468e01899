"""The registry's items change. Only what really differs is written down, and told to those whom it concerns."""

from dataclasses import dataclass, field

from services.cases import load
from services.cases.docket import Docket
from services.directory.scope import covers
from services.intake.first_news import columns
from services.intake.heard import Heard, plain
from services.intake.outcome import Outcome, moved, unchanged
from services.runtime import Unit
from workflows.events import Event, Scalar
from workflows.words import Text

_ITEMS: dict[str, Text] = {
    "name": Text("名称", "name"),
    "address": Text("住所", "address"),
    "kind": Text("类型", "type"),
    "industry": Text("行业", "industry"),
    "headcount": Text("从业人数", "headcount"),
    "registered_in": Text("所在乡镇街道", "town"),
    "moved_to": Text("迁移", "move"),
    "moved_back": Text("迁回原地", "move back"),
}


@dataclass(slots=True)
class _News:
    """What is different: the facts, the names of the items, and the events that follow."""

    facts: dict[str, Scalar] = field(default_factory=dict)
    items: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def changed(unit: Unit, one: Heard, docket: Docket) -> Outcome:
    """The registry's facts follow, and the procedures hear what kind of change it was. No file is re-keyed by itself."""
    news, before = _News(), docket.row
    changes = {
        name: value
        for name, value in columns(one.data).items()
        if value is not None and value != before[name]
    }
    news.facts |= changes
    news.items += changes
    headcount = one.data.get("headcount")
    if headcount is not None and headcount != docket.file.facts.get("headcount"):
        news.facts["headcount"] = headcount
        news.items.append("headcount")
    if "name" in changes:
        told = {"name": changes["name"], "former_name": before["name"]}
        news.events.append(Event("registry.renamed", told))
    if "kind" in changes and before["kind"]:
        told = {"type": changes["kind"], "former_type": before["kind"]}
        news.events.append(Event("registry.restructured", told))
    _seat(news, one, docket)
    if not news.items:
        return unchanged(one, docket)
    says = Text("登记事项变更：{zh}", "Registered items changed: {en}").filled(
        zh="、".join(_ITEMS[name].zh for name in news.items),
        en=", ".join(_ITEMS[name].en for name in news.items),
    )
    law = load.unfolding(unit, docket.file)
    law.amend("changed", says, news.facts, cause=one.event)
    since = {name: day for name, day in plain(one.data).items() if name == "effective_on" and day is not None}
    for event in [Event(one.event), *news.events]:
        law.follow(Event(event.name, {**event.data, **since}))
    return moved(one, docket, law.result, changes)


def _seat(news: _News, one: Heard, docket: Docket) -> None:
    """Another county is a move, and the file's own county again, while a move is open, a move back. Another town of the
    county is no more than an item: who looks after it there is for people to say."""
    division, stands = one.division, docket.file.division
    if division is None:
        return
    facts = docket.file.facts
    under_way = str(facts.get("moved_to") or "")
    if _is_elsewhere(division, stands):
        if under_way != division:
            news.facts |= {"moved_to": division, "moved_from": stands}
            news.items.append("moved_to")
            news.events.append(Event("registry.moved", {"moved_to": division, "moved_from": stands}))
        return
    if under_way and _is_elsewhere(under_way, stands):
        news.facts |= {"moved_to": None, "moved_from": None}
        news.items.append("moved_back")
        news.events.append(Event("registry.moved_back", {"moved_to": under_way, "moved_from": stands}))
    if not covers(division, stands) and division != facts.get("registered_in"):
        news.facts["registered_in"] = division
        news.items.append("registered_in")


def _is_elsewhere(division: str, stands: str) -> bool:
    """Does it lie in another county than the file? A city or province that holds the file says nothing new."""
    return not covers(stands[:6], division) and not covers(division, stands)
