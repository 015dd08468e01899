"""Guards that several procedures share. Each answers "why not?": None means go ahead."""

from datetime import date, timedelta

from workflows.definition import Guard, Question, Situation
from workflows.words import Text


def at_least(fact: str, limit: int, why: Text) -> Guard:
    """The count is `limit` or more (以上 includes the number: Civil Code Art 1259)."""
    return lambda situation: None if situation.number(fact) >= limit else why


def none_of(fact: str, why: Text) -> Guard:
    """The count is zero."""
    return lambda situation: None if situation.number(fact) == 0 else why


def reaches(fact: str, policy_key: str, why: Text) -> Guard:
    """The count reaches the place's own limit; `why` may use {limit} and {found}."""

    def guard(situation: Situation) -> Text | None:
        limit, found = situation.policy.number(policy_key), situation.number(fact)
        return None if found >= limit else why.filled(limit=limit, found=found)

    return guard


def reaches_fact(fact: str, limit_fact: str, why: Text) -> Guard:
    """The count reaches another count on file; `why` may use {limit} and {found}."""

    def guard(situation: Situation) -> Text | None:
        limit, found = situation.number(limit_fact), situation.number(fact)
        return None if found >= limit else why.filled(limit=limit, found=found)

    return guard


def below(fact: str, policy_key: str, why: Text) -> Guard:
    """The count stays under the place's own limit; `why` may use {limit} and {found}."""

    def guard(situation: Situation) -> Text | None:
        limit, found = situation.policy.number(policy_key), situation.number(fact)
        return None if found < limit else why.filled(limit=limit, found=found)

    return guard


def confirmed(fact: str, why: Text) -> Guard:
    """The clerk has said yes to this."""
    return lambda situation: None if situation.yes(fact) else why


def denied(fact: str, why: Text) -> Guard:
    """The clerk has said no to this."""
    return lambda situation: why if situation.yes(fact) else None


def holds_evidence(kind: str, why: Text) -> Guard:
    """The proceeding holds this kind of document, from this step or an earlier one."""
    return lambda situation: None if kind in situation.on_file else why


def fact_is(fact: str, *values: str, why: Text) -> Guard:
    return lambda situation: None if situation.facts.get(fact) in values else why


def policy_is(key: str, *values: str) -> Guard:
    """For openings that belong to one way of doing things; nobody is shown the reason."""
    other = Text("本地政策另有安排。", "Local policy arranges this otherwise.")
    return lambda situation: None if situation.policy.word(key) in values else other


def not_after_today(fact: str, why: Text) -> Guard:
    def guard(situation: Situation) -> Text | None:
        day = situation.day(fact)
        return None if day is None or day <= situation.today else why

    return guard


def lasted_days(first: str, last: str, policy_key: str, why: Text) -> Guard:
    """From `first` to `last` at least the days the place asks for; the first day does not count (Civil Code Art 201)."""

    def guard(situation: Situation) -> Text | None:
        begun, ended = situation.day(first), situation.day(last)
        days = situation.policy.number(policy_key)
        if begun is None or ended is None or ended >= begun + timedelta(days=days):
            return None
        return why.filled(days=days, earliest=_after(begun, days))

    return guard


def is_workday(fact: str) -> Guard:
    """People work on that day: no weekend, no holiday, or a day worked to make up for one. In a year whose holiday notice is not
    out yet only the weekends are known."""

    def guard(situation: Situation) -> Text | None:
        day, calendar = situation.day(fact), situation.calendar
        if day is None or calendar is None:
            return None
        rest = (calendar if calendar.knows(day.year) else calendar.guessing()).why_rest(day)
        if rest is None:
            return None
        return Text(
            "{day}是{zh}，不上班，请另选一天。", "{day} is {en}, a day of rest; choose another."
        ).filled(day=day.isoformat(), zh=rest.zh, en=rest.en)

    return guard


def asks(fact: str, *values: str) -> Question:
    """A question for messages: does the fact have one of these values?"""
    return lambda situation: situation.facts.get(fact) in values


def _after(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()
