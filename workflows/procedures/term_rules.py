"""How long a term of office is, when it is over, and what stands against a step of a re-election (WORKFLOWS 2.6).

`office_from` and `office_years` are told by the procedure that founded the organisation: the day and the length of its last
election. The term keeps its own `term_from` and `term_length`, so that an election under way changes nothing until it is approved.
"""

from workflows.definition import Derive, Facts, Field, Guard, Situation
from workflows.spans import Span
from workflows.words import Text

#: The forms of the open drawer that are Party organisations; a liaison is none.
PARTY_FORMS = ("joint_branch", "branch", "general_branch", "primary_committee")
_MONTHS = {"month": 1, "year": 12}

REASON = Field("note", "text", Text("理由", "Reason"), "正在改制 / being restructured", maximum=500)
MONTHS_MORE = Field("extend_months", "integer", Text("延长月数", "Months more"), 3, minimum=1, maximum=120)
COMPLETE_BY = Field(
    "complete_by", "date", Text("完成换届的日期", "To be completed by"), 90, minimum=1, maximum=3650
)
VACANT_SINCE = Field("vacant_since", "date", Text("空缺日期", "Vacant since"), 0, minimum=-3650, maximum=0)
MET_ON = Field("met_on", "date", Text("会议日期", "Date of the meeting"), 0, minimum=-3650, maximum=0)


# -- how long it is ------------------------------------------------------------------------------------


def union_length(situation: Situation) -> Span | None:
    """What its election said, or what the place has decided; and the months by which it was extended."""
    if years := situation.number("term_length"):
        return _with_extension(Span(years, "year"), situation)
    return _with_extension(situation.policy.span(union_length_rests_on(situation)), situation)


def union_length_rests_on(situation: Situation) -> str:
    if situation.number("term_length"):
        return "term.union.years"
    return "term.federation.length" if situation.yes("of_federation") else "term.union.default"


def party_length(situation: Situation) -> Span | None:
    """By the form that stands, and the months by which it was extended."""
    return _with_extension(situation.policy.span(party_length_rests_on(situation)), situation)


def party_length_rests_on(situation: Situation) -> str:
    committee = situation.word("party_form") == "primary_committee"
    return "term.party.committee.length" if committee else "term.party.branch.length"


def _with_extension(span: Span | None, situation: Situation) -> Span | None:
    """A term that begins to run again after a refused election keeps the time it was granted, if it is told in months."""
    granted = situation.number("extension_months")
    if span is None or not granted or span.unit not in _MONTHS:
        return span
    return Span(span.amount * _MONTHS[span.unit] + granted, "month", span.roll)


def months_asked(situation: Situation) -> Span | None:
    months = situation.number("extend_months")
    return Span(months, "month") if months else None


def until_ordered_day(situation: Situation) -> Span | None:
    """From today to the day the superior has set; None where it set none, or the day is here."""
    day = situation.day("complete_by") if situation.yes("overdue") else None
    left = 0 if day is None else (day - situation.today).days
    return Span(left, "day") if left > 0 else None


# -- what a step puts on file --------------------------------------------------------------------------


def begun(*, of_federation: bool = False) -> Derive:
    """A term of office begins with the election that founded the organisation, or, where none is on file, today."""

    def derive(situation: Situation) -> Facts:
        first = situation.word("office_from") or situation.word("held_on") or situation.today.isoformat()
        years = situation.facts.get("office_years")
        return _fresh(first, years if isinstance(years, int) else None) | {"of_federation": of_federation}

    return derive


def begun_anew(situation: Situation) -> Facts:
    """The organisation was formed anew meanwhile, with an election of its own."""
    years = situation.facts.get("office_years")
    return _fresh(situation.word("office_from"), years if isinstance(years, int) else None)


def re_elected(situation: Situation) -> Facts:
    """The approved election begins the next term; what the last one was stays in the history."""
    years = situation.facts.get("term_years")
    return _fresh(situation.word("held_on"), years if isinstance(years, int) else None)


def _fresh(first: str, years: int | None) -> dict[str, str | int | bool | None]:
    return {
        "term_from": first,
        "term_length": years,
        "extension_months": 0,
        "reminded": False,
        "overdue": False,
        "complete_by": None,
    }


def extended(situation: Situation) -> Facts:
    return {"extension_months": situation.number("extension_months") + situation.number("extend_months")}


def vacant_from_today(situation: Situation) -> Facts:
    return {"vacant_since": situation.today.isoformat()}


# -- what stands against a step --------------------------------------------------------------------------


def committee_elected(situation: Situation) -> Text | None:
    """An organiser has no committee and no term of office (Trade Union Law Art 16 speaks of committees)."""
    if situation.word("union_kind") == "committee":
        return None
    return Text("没有工会委员会，不计任期。", "There is no committee, so no term of office runs.")


def party_organisation_stands(situation: Situation) -> Text | None:
    if situation.word("party_form") in PARTY_FORMS:
        return None
    return Text("没有党组织。", "There is no Party organisation.")


def tells_party(situation: Situation) -> bool:
    return situation.word("party_form") in PARTY_FORMS


def elected_since(situation: Situation) -> Text | None:
    """Only an election later than the one that began this term begins another."""
    told, own = situation.day("office_from"), situation.day("term_from")
    if told is not None and (own is None or told > own):
        return None
    return Text("没有新的选举。", "There was no new election.")


def reminder_has_come(situation: Situation) -> Text | None:
    if situation.yes("reminded") or situation.yes("overdue"):
        return None
    return Text(
        "还没有到任期届满前的提醒期，到时再准备换届。",
        "The time of the reminder has not come yet; prepare the re-election then.",
    )


def is_overdue(situation: Situation) -> Text | None:
    if situation.yes("overdue"):
        return None
    return Text("任期还没有届满，不用限期。", "The term is not over yet; there is nothing to order.")


def not_overdue(situation: Situation) -> Text | None:
    if not situation.yes("overdue"):
        return None
    return Text(
        "任期已经届满，不能再申请延期，请抓紧换届。",
        "The term is over; no extension can be asked for any more. Hold the re-election.",
    )


def within_the_longest_extension(policy_key: str) -> Guard:
    """All months together stay within what the place allows for one term."""

    return lambda situation: _too_long(policy_key, situation, situation.number("extend_months"))


def another_month_is_left(policy_key: str) -> Guard:
    """Where the place grants none, or all are used up, there is nothing to ask for."""
    return lambda situation: _too_long(policy_key, situation, 1)


def _too_long(policy_key: str, situation: Situation, more: int) -> Text | None:
    longest = situation.policy.span(policy_key)
    if longest is None:
        return Text("本地不准延期换届。", "Here no extension is granted.")
    had, today = situation.number("extension_months"), situation.today
    if not had + more or Span(had + more, "month").after(today) <= longest.after(today):
        return None
    return Text(
        "延期累计不能超过{zh}，已延{had}个月。",
        "Extensions may not exceed {en} together; {had} months were granted already.",
    ).filled(zh=longest.words.zh, en=longest.words.en, had=had)


def months_that_are_left(policy_key: str) -> Derive:
    """A few months more, as far as the place still grants them; else the form's own example."""

    def suggested(situation: Situation) -> Facts:
        longest = situation.policy.span(policy_key)
        if longest is None or longest.unit not in _MONTHS:
            return {}
        left = longest.amount * _MONTHS[longest.unit] - situation.number("extension_months")
        return {"extend_months": max(1, min(3, left))}

    return suggested


def last_day_to_complete(situation: Situation) -> Facts:
    longest = situation.policy.span("term.completion_max")
    return {"complete_by": longest.after(situation.today).isoformat()} if longest is not None else {}


def not_too_far_off(situation: Situation) -> Text | None:
    """The superior orders the election by a near day, not by a new term of office."""
    longest, day = situation.policy.span("term.completion_max"), situation.day("complete_by")
    if longest is None or day is None:
        return None
    last = longest.after(situation.today)
    if day <= last:
        return None
    return Text("限期最迟为{last}。", "The day may be {last} at the latest.").filled(last=last)


def vacancy_was_in_this_term(situation: Situation) -> Text | None:
    since, began = situation.day("vacant_since"), situation.day("term_from")
    if since is None or began is None or since >= began:
        return None
    return Text(
        "空缺日期不能早于本届开始日{began}。",
        "The post cannot have fallen vacant before this term began, {began}.",
    ).filled(began=began)


def election_is_later(situation: Situation) -> Text | None:
    """A re-election cannot be the election that began the term that is ending."""
    held, began = situation.day("held_on"), situation.day("term_from")
    if held is None or began is None or held > began:
        return None
    return Text(
        "换届大会应晚于上届选举日{began}，请核对。",
        "The re-election comes after the last election, {began}; check the date.",
    ).filled(began=began)
