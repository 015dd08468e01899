"""A term meets a situation: how long it is there, from which day, and whether it lasts over a move."""

from workflows import deadlines
from workflows.calendars.days import WorkCalendar
from workflows.definition import Measure, Situation, State, Step, Term
from workflows.policies.model import Policy
from workflows.spans import Span
from workflows.words import Text


def begun(term: Term, situation: Situation, calendar: WorkCalendar) -> deadlines.Deadline | None:
    """The deadline that starts today, or None where the place has set no such term, or none that falls due ahead."""
    policy = situation.policy
    key = term.policy if term.rests_on is None else term.rests_on(situation)
    span = policy.span(key) if term.measure is None else term.measure(situation)
    ahead = policy.span(term.ahead) if term.ahead else None
    if span is None or (term.ahead and ahead is None):
        return None
    return deadlines.start(
        (situation.day(term.counts_from) if term.counts_from else None) or situation.today,
        span,
        calendar,
        citation=_grounds(policy, *(one for one in (key, term.ahead) if one)),
        ahead=ahead,
        exact=term.exact,
        recorded_on=situation.today if term.counts_from else None,
    )


def _grounds(policy: Policy, *keys: str) -> str:
    """Their sources as one, in both languages."""
    sources = [Text.read(one) for one in dict.fromkeys(policy.setting(key).source for key in keys)]
    return f"{'；'.join(one.zh for one in sources)} / {'; '.join(one.en for one in sources)}"


def lasts(term: Term, before: State | None, after: State, step: Step | None) -> bool:
    """Does the term go on over this move, so that it stays overdue if it is?"""
    if before is None or before.name not in term.during or after.name not in term.during:
        return False
    return step is None or step.name not in (*term.starts_again_on, *term.met_by)


def until(fact: str, *, roll: bool = False) -> Measure:
    """The days from today to the day on file; one that is here, or over, is told tomorrow. With `roll` it moves off a rest day."""

    def days(situation: Situation) -> Span | None:
        day = situation.day(fact)
        return None if day is None else Span(max((day - situation.today).days, 1), "day", roll=roll)

    return days
