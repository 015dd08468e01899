"""What an auditor may want to ask about: deeds that look unusual in the records. Each is a question and never a verdict, and nothing follows
from it by itself (CONDUCT 5.3): whoever worked on a Sunday may have had every reason to.

The limits are policies of the place (`audit.*`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from services.db.queries.deeds import Deed
from services.runtime import Unit
from workflows.calendars.days import WorkCalendar
from workflows.definition import Act, Field, Step
from workflows.policies.model import Policy
from workflows.registry import LawBook
from workflows.roles import KINDS, Compartment
from workflows.words import Text

_SIDES = frozenset({Compartment.UNION, Compartment.PARTY})


@dataclass(frozen=True, slots=True)
class Found:
    """One occasion to ask: the deeds, and what is striking about them."""

    deeds: tuple[Deed, ...]
    told: Text


@dataclass(frozen=True, slots=True)
class Rules:
    """By what it is judged what is usual here."""

    law: LawBook
    policy: Policy
    calendar: WorkCalendar
    kind_of: Callable[[str], str]
    """What kind of body has this code; "" for one that is not there any more."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what a harmless reason may be. `look` reads the deeds of a period, the earliest first."""

    label: Text
    why: Text
    look: Callable[[Sequence[Deed], Rules], Iterator[Found]]


def rules(unit: Unit) -> Rules:
    """Those of the auditor's own place, today."""
    unit.runtime.roster.refresh(unit.db)

    def kind_of(code: str) -> str:
        body = unit.runtime.roster.by_code(code)
        return body.kind if body is not None else ""

    policy = unit.runtime.policies.policy(unit.actor.division, unit.today)
    return Rules(unit.runtime.law, policy, unit.runtime.calendar(unit.db), kind_of)


def _outside_hours(deeds: Sequence[Deed], by: Rules) -> Iterator[Found]:
    """On a rest day, or before the first or from the last hour on. A year without a published calendar has no rest days but weekends."""
    begins, ends = by.policy.number("audit.hours_from"), by.policy.number("audit.hours_until")
    calendar = by.calendar.guessing()
    for one in deeds:
        rest = calendar.why_rest(one.at.date())
        if rest is not None:
            yield Found((one,), Text("{zh}办理", "done on a rest day: {en}").filled(zh=rest.zh, en=rest.en))
        elif not begins <= one.at.hour < ends:
            yield Found((one,), Text(f"{one.at:%H:%M}办理", f"done at {one.at:%H:%M}"))


def _in_a_row(deeds: Sequence[Deed], by: Rules) -> Iterator[Found]:
    """One person's approvals, so many of them within so many seconds of the one before."""
    least, apart = (
        by.policy.number("audit.row_length"),
        timedelta(seconds=by.policy.number("audit.row_seconds")),
    )
    persons: dict[int, list[Deed]] = defaultdict(list)
    for one in deeds:
        if _is_approval(_step(by.law, one)):
            persons[one.account].append(one)
    for mine in persons.values():
        for run in _runs(mine, apart):
            if len(run) >= least:
                seconds = round((run[-1].at - run[0].at).total_seconds())
                yield Found(
                    tuple(run),
                    Text(
                        f"{seconds}秒内连续审批{len(run)}件", f"{len(run)} approvals within {seconds} seconds"
                    ),
                )


def _runs(deeds: Sequence[Deed], apart: timedelta) -> Iterator[list[Deed]]:
    run = list(deeds[:1])
    for before, one in pairwise(deeds):
        if one.at - before.at > apart:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _back_dated(deeds: Sequence[Deed], by: Rules) -> Iterator[Found]:
    """A day was put on file that lies long before the day on which it was entered."""
    longest = timedelta(days=by.policy.number("audit.backdated_days"))
    for one in deeds:
        act = _step(by.law, one)
        for field in act.fields if act else ():
            day = _day_in(one, field)
            if day is not None and one.at.date() - day > longest:
                ago = (one.at.date() - day).days
                yield Found(
                    (one,),
                    Text(
                        f"{field.label.zh}填{day.isoformat()}，{ago}天后才录入",
                        f"{field.label.en} is {day.isoformat()}, entered {ago} days later",
                    ),
                )


def _both_sides(deeds: Sequence[Deed], by: Rules) -> Iterator[Found]:
    """In one case the same account acted for a union body and for a Party body."""
    sides: dict[tuple[int, int], dict[Compartment, Deed]] = defaultdict(dict)
    for one in deeds:
        kind = KINDS.get(by.kind_of(one.body))
        side = _SIDES & kind.opens if kind is not None else _SIDES
        if len(side) == 1:
            sides[one.case, one.account].setdefault(next(iter(side)), one)
    for stood in sides.values():
        if stood.keys() == _SIDES:
            both = sorted(stood.values(), key=lambda one: one.at)
            name = both[0].actor
            yield Found(
                tuple(both), Text(f"{name}在同一案卷中两边都办过", f"{name} acted on both sides of one case")
            )


#: By name. Signs of unions that stand on paper only are asked by the procedure "question" itself (services/reckoning/paper_unions.py).
QUESTIONS: dict[str, Question] = {
    "outside_hours": Question(
        Text("工作时间以外办理", "Done outside of working hours"),
        Text("可能是加班、值守或集中补录。", "It may have been overtime, duty, or catching up with paper."),
        _outside_hours,
    ),
    "in_a_row": Question(
        Text("短时间内连续审批", "Approvals one after the other"),
        Text(
            "可能是会议集中研究后统一录入。",
            "A meeting may have decided them, and somebody entered them together.",
        ),
        _in_a_row,
    ),
    "back_dated": Question(
        Text("补录很久以前的日期", "Days that lay far back when they were entered"),
        Text("可能是历史材料补录。", "Papers of earlier times may have been entered."),
        _back_dated,
    ),
    "both_sides": Question(
        Text("同一人两边都办过", "The same person on both sides"),
        Text(
            "可能是人员调动，或账号由他人使用。",
            "Somebody may have changed office, or used another's account.",
        ),
        _both_sides,
    ),
}


def _step(law: LawBook, one: Deed) -> Act | None:
    """The act by which the line was written; None where the law book has it no more."""
    definition = next((known for known in law.definitions if known.name == one.procedure), None)
    if definition is None:
        return None
    if one.before is None:
        return next((opening for opening in definition.openings if opening.name == one.step), None)
    return definition.step.get(one.step)


def _is_approval(act: Act | None) -> bool:
    """Does a superior decide here, or somebody on what another has done?"""
    return isinstance(act, Step) and act.by is not None and (act.by.superior or bool(act.not_by))


def _day_in(one: Deed, field: Field) -> date | None:
    value = one.data.get(field.name)
    if field.kind != "date" or not isinstance(value, str) or not value:
        return None
    return date.fromisoformat(value)
