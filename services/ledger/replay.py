"""A file made again from its history alone: each line's event or step is put before the law book once more, on the day on which it happened,
and what the law makes of it must be the lines that stand there.

Nothing here reads the tables that hold how things stand today. What they say is compared by whoever asks (services/ledger/replay_here.py).
The law book, the policies and the calendar are those in force now: a day that a later holiday notice moved comes out moved.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.clock import legal_day
from workflows import deadlines
from workflows.calendars.days import WorkCalendar
from workflows.casefile import CaseFile
from workflows.definition import Act, Definition, Facts, Situation
from workflows.errors import Fault, LawError
from workflows.events import Event, is_expiry
from workflows.papers.answers import EVENT as ANSWERED
from workflows.policies.book import Book
from workflows.registry import LawBook
from workflows.unfold import Unfolding
from workflows.unfolded import Entry, Unfolded
from workflows.words import Text

#: Causes of lines by which nothing in the file moves: they tell what was done to it from outside of the law.
NOTES = frozenset({"erasure", "calendar.imported"})
#: Events that belong to one proceeding, which alone may answer.
_ABOUT_ONE = frozenset({"notice.delivered", ANSWERED})
_CLOCKS = {"registry.suspended": "suspended", "registry.resumed": "resumed"}
#: What a line must say again, by its key and by the entry's attribute.
_SAID = (
    ("procedure", "procedure"),
    ("step", "step"),
    ("cause", "cause"),
    ("from", "from_state"),
    ("to", "to_state"),
    ("policy", "policy"),
)
_OPEN = ("running", "suspended")
#: How a line that was never written by the law shows.
_UNFIT = (Fault, LawError, LookupError, StopIteration, TypeError, ValueError, AttributeError)
#: What every line has.
_KEYS = frozenset(
    {"seq", "at", "proceeding", "procedure", "step", "says", "cause", "from", "to", "data", "policy"}
)


def read(canon: bytes) -> dict[str, Any] | None:
    """A line as it was written; None where it is no line. `Any`: JSON."""
    try:
        said: Any = json.loads(bytes(canon))
    except ValueError:
        return None
    return (
        said if isinstance(said, dict) and said.keys() >= _KEYS and isinstance(said["data"], dict) else None
    )


@dataclass(frozen=True, slots=True)
class Differs:
    """The first line of a case that the law does not make again, and what it makes instead."""

    seq: int
    text: Text


@dataclass(slots=True)
class Running:
    """A term as it stands after the lines: `state` is that of the table of deadlines."""

    key: int
    name: str
    state: str
    deadline: deadlines.Deadline


@dataclass(slots=True)
class Remade:
    """A case as its lines alone make it. `work` counts what people owe, by proceeding and reason."""

    file: CaseFile
    terms: list[Running] = field(default_factory=list)
    work: Counter[tuple[int, str]] = field(default_factory=Counter)
    differs: Differs | None = None

    def open_terms(self) -> Counter[tuple[int, str, str, date | None]]:
        """Those that run or stand still: proceeding, name, state and last day."""
        return Counter(
            (one.key, one.name, one.state, one.deadline.due_on) for one in self.terms if one.state in _OPEN
        )


class Replay:
    """The law book, the policies and the calendar by which cases are made again."""

    def __init__(self, law: LawBook, policies: Book, calendar: WorkCalendar, zone: ZoneInfo) -> None:
        self._law, self._policies, self._calendar, self._zone = law, policies, calendar, zone

    def case(self, lines: Sequence[Mapping[str, Any]]) -> Remade:
        """One case, from all of its lines in their order, with the values about persons that are not erased, and with the drawer
        (`compartment`) in which each lies, where that is known. `Any`: JSON."""
        made, at = Remade(CaseFile("", {}, [])), 0
        while at < len(lines) and made.differs is None:
            try:
                if lines[at]["cause"] == "erasure":
                    _forget(made.file, lines[at]["data"], lines)
                at += self._move(made, lines[at:])
            except (
                _UNFIT
            ) as unfit:  # a line may have been forged in any way: it is named, and the case is over
                made.differs = Differs(lines[at]["seq"], _refused(unfit))
        return made

    def _move(self, made: Remade, lines: Sequence[Mapping[str, Any]]) -> int:
        """What the first of these lines tells happens again; yields how many of them it explains. `Any`: JSON."""
        first = lines[0]
        if first["cause"] in NOTES:
            return 1
        today = legal_day(datetime.fromisoformat(first["at"]), self._zone)
        if "laid" in first:
            made.file.lay(first["laid"]["division"], first["laid"]["facts"])
            made.file.laid = None
        before = _Kept(made.file)
        for said in (True, False):  # what the event told, without what the step derived, and all of it
            try:
                unfolded = self._again(made.file, lines, today, without_derived=said)
            except _UNFIT as refused:
                made.differs = Differs(first["seq"], _refused(refused))
            else:
                made.differs = _compared(unfolded.entries, lines)
            if made.differs is None:
                _rekeyed(unfolded, lines)
                self._owed(made, unfolded, first, today)
                return len(unfolded.entries)
            before.restore(made.file)
        return 1

    def _again(
        self, file: CaseFile, lines: Sequence[Mapping[str, Any]], today: date, *, without_derived: bool
    ) -> Unfolded:
        """`Any`: JSON."""
        line, division = lines[0], file.division
        law = Unfolding(
            self._law,
            file,
            policy_of=lambda begun: self._policies.policy(division, begun, today=today),
            calendar=self._calendar,
            today=today,
        )
        papers = [paper["kind"] for paper in line.get("evidence", ())]
        cause, data = line["cause"], line["data"]
        if line["procedure"] is None:
            if _CLOCKS.get(cause) == line["step"]:
                return law.follow(Event(cause, data))
            law.amend(line["step"], Text(**line["says"]), data, cause=cause)
            return law.result
        if is_expiry(cause) and line["step"] == f"{cause.split('.')[1]}_expired":
            return law.expire(line["proceeding"], cause.split(".")[1])
        definition, act = self._act(file, line)
        fields = _without_derived(law, file, line, definition, act, papers) if without_derived else data
        if cause != "person":
            about = line["proceeding"] if cause in _ABOUT_ONE else None
            return law.follow(Event(cause, fields, about=about))
        if line["from"] is None:
            opening = next(one for one in definition.openings if one.name == line["step"])
            return law.begin(definition, opening, fields, papers)
        return law.take(line["proceeding"], definition.step[line["step"]], fields, papers)

    def _act(self, file: CaseFile, line: Mapping[str, Any]) -> tuple[Definition, Act]:
        """`Any`: JSON."""
        if line["from"] is None:
            definition = self._law.current(line["procedure"])
            return definition, next(one for one in definition.openings if one.name == line["step"])
        standing = next(one for one in file.standings if one.key == line["proceeding"])
        definition = self._law.definition(standing.procedure, standing.version)
        return definition, definition.step[line["step"]]

    def _owed(self, made: Remade, unfolded: Unfolded, line: Mapping[str, Any], today: date) -> None:
        """What people owe and by when, as the office writes it down after a move (services/cases/owed.py). `Any`: JSON."""
        if is_expiry(line["cause"]):
            name = line["cause"].split(".")[1]
            standing = next(one for one in made.file.standings if one.key == line["proceeding"])
            term = self._law.definition(standing.procedure, standing.version).term[name]
            _end(made, standing.key, name, "met" if term.reminder else "overdue")
        if unfolded.paused is not None:
            self._turn_clocks(made, paused=unfolded.paused, today=today)
        for longer in unfolded.extended:
            for one in _running(made, longer.key, longer.term.name):
                one.deadline = deadlines.extend(one.deadline, longer.by, longer.reason, self._calendar)
        for key in unfolded.work_ended:
            still = unfolded.overdue_still.get(key, frozenset())
            for proceeding, reason in [one for one in made.work if one[0] == key and one[1] not in still]:
                del made.work[proceeding, reason]
        for met in unfolded.terms_met:
            made.work.pop(met, None)
        keys = _keys(unfolded)
        made.work.update((keys.get(new.key, new.key), new.reason) for new in unfolded.work)
        for key, name in unfolded.terms_ended:
            _end(made, key, name, "met")
        for new_term in unfolded.terms:
            key, deadline = keys.get(new_term.key, new_term.key), new_term.deadline
            state = "running" if deadline.is_running else "suspended"
            made.terms.append(Running(key, new_term.term.name, state, deadline))

    def _turn_clocks(self, made: Remade, *, paused: bool, today: date) -> None:
        for one in made.terms:
            if one.state != ("running" if paused else "suspended"):
                continue
            one.deadline = (
                deadlines.suspend(one.deadline, today)
                if paused
                else deadlines.resume(one.deadline, today, self._calendar)
            )
            one.state = "running" if one.deadline.is_running else "suspended"


class _Kept:
    """A file as it was before an attempt, to be put back."""

    def __init__(self, file: CaseFile) -> None:
        self._division, self._facts, self._paused = file.division, dict(file.facts), file.paused
        self._standings = [
            (one, one.state, one.revision, dict(one.data), one.on_file) for one in file.standings
        ]

    def restore(self, file: CaseFile) -> None:
        file.division, file.facts, file.paused = self._division, dict(self._facts), self._paused
        file.standings = [one for one, *_ in self._standings]
        for one, state, revision, data, on_file in self._standings:
            one.state, one.revision, one.data, one.on_file = state, revision, dict(data), on_file


def _without_derived(
    law: Unfolding,
    file: CaseFile,
    line: Mapping[str, Any],
    definition: Definition,
    act: Act,
    papers: Sequence[str],
) -> Facts:
    """What was handed in or told, of all that the line says: less what the act makes of it by itself. `Any`: JSON."""
    data: Mapping[str, Any] = line["data"]
    if act.derive is None:
        return data
    standing = next((one for one in file.standings if one.key == line["proceeding"]), None)
    situation = (
        law.situation(standing, extra=data, papers=papers)
        if standing is not None
        else Situation(
            {**file.facts, **data},
            law.policy_of(law.today),
            law.today,
            frozenset(papers),
            law.calendar,
        )
    )
    own = {one.name for one in act.fields}
    derived = {name for name in act.derive(situation) if name not in own}
    return {name: value for name, value in data.items() if name not in derived}


def _forget(file: CaseFile, erased: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> None:
    """An erased value is no longer in its proceeding either (services/ledger/erase.py). `Any`: JSON."""
    of = next((line["proceeding"] for line in lines if line["seq"] == erased["line"]), None)
    for one in file.standings:
        if one.key == of:
            one.data.pop(erased["field"], None)


def _compared(entries: Sequence[Entry], lines: Sequence[Mapping[str, Any]]) -> Differs | None:
    """The first line that says otherwise than the law does now. `Any`: JSON."""
    if not entries:
        return Differs(
            lines[0]["seq"],
            Text("依法规簿，这一行不会产生。", "By the law book this line would not be written."),
        )
    for place, entry in enumerate(entries):
        if place == len(lines):
            return Differs(
                lines[-1]["seq"] + 1,
                Text(
                    f"依法规簿，此后应有一行“{entry.says.zh}”，却没有。",
                    f"By the law book a line should follow, “{entry.says.en}”; there is none.",
                ),
            )
        line = lines[place]
        wrong = [key for key, name in _SAID if line[key] != getattr(entry, name)]
        wrong += [] if line["says"] == entry.says.as_dict() else ["says"]
        wrong += [] if line["data"] == dict(entry.data) else ["data"]
        if line.get("compartment", entry.compartment.value) != entry.compartment.value:
            wrong.append("compartment")
        if entry.key is None or entry.key > 0:
            wrong += [] if line["proceeding"] == entry.key else ["proceeding"]
        if wrong == ["policy"]:
            return Differs(line["seq"], _other_edition(line["policy"], entry.policy))
        if wrong:
            return Differs(
                line["seq"],
                Text(
                    f"与法规簿不符（{'、'.join(wrong)}）：依法规簿应为“{entry.says.zh}”。",
                    f"It does not agree with the law book ({', '.join(wrong)}), by which it would be “{entry.says.en}”.",
                ),
            )
    return None


def _rekeyed(unfolded: Unfolded, lines: Sequence[Mapping[str, Any]]) -> None:
    """Proceedings that opened have the numbers that their lines give them. `Any`: JSON."""
    numbers = {entry.key: line["proceeding"] for entry, line in zip(unfolded.entries, lines, strict=False)}
    for place, standing in enumerate(unfolded.opened):
        standing.key = numbers[-1 - place]


def _keys(unfolded: Unfolded) -> dict[int, int]:
    return {-1 - place: standing.key for place, standing in enumerate(unfolded.opened)}


def _running(made: Remade, key: int, name: str) -> list[Running]:
    return [one for one in made.terms if (one.key, one.name) == (key, name) and one.state in _OPEN]


def _end(made: Remade, key: int, name: str, state: str) -> None:
    for one in _running(made, key, name):
        one.state = state


def _other_edition(was: object, is_now: str) -> Text:
    """No proof of a wrong: a place may have put an edition on file that counts from an earlier day."""
    return Text(
        f"办理时依据的政策版本是{was}，按现有政策应为{is_now}：有版本是后来补录的，或被改动。",
        f"It was done by edition {was} of the policies, and by those on file now it would be {is_now}: an edition was put on file later, or changed.",
    )


def _refused(refused: Exception) -> Text:
    if isinstance(refused, Fault):
        return Text(
            f"依法规簿不能办理：{refused.text.zh}", f"By the law book it could not be done: {refused.text.en}"
        )
    return Text(
        "法规簿里没有这一环节，或缺少它的前提。",
        "The law book has no such step, or what it rests on is not there.",
    )
