"""What people do about a joint meeting: propose a topic, call it, put it off, answer, sign in, hold it, minute it, sign the minutes."""

import re
from dataclasses import replace
from datetime import timedelta

from workflows.definition import (
    STAY,
    Choice,
    Evidence,
    Facts,
    Field,
    Message,
    Situation,
    Step,
    Tell,
)
from workflows.guards import is_workday
from workflows.roles import MEETING, PARTY_SUPERIOR, UNION_SUPERIOR, Role
from workflows.words import Text

#: A meeting is put off by no more than this; later is the next quarter's.
FURTHEST_DAYS = 120
MINUTES_PAPER = Evidence(
    "meeting_minutes", Text("会议纪要", "Minutes of the meeting"), form="minutes", about="{name}"
)
NEW_DAY = Field("meets_on", "date", Text("改到哪一天", "New day"), 14, minimum=0, maximum=FURTHEST_DAYS)
WHY = Field(
    "note", "text", Text("理由", "Reason"), "主要负责同志外出 / those in charge are away", maximum=200
)
ITEM = Field("item", "integer", Text("议程第几项", "Number on the agenda"), 1, minimum=1, maximum=1000)
OUTCOMES = (
    Choice("information", Text("已通报，无需办理", "information only")),
    Choice("decision", Text("议定", "decided")),
    Choice("work_item", Text("交办，另立议定事项", "handed to somebody, as a matter of its own")),
    Choice("deferred", Text("留待下次", "left for the next meeting")),
)


def _not_in_the_past(situation: Situation) -> Text | None:
    day = situation.day("meets_on")
    if day is None or day <= situation.today:
        return None
    return Text(
        "会议定在{day}，还没有到，不能登记为已召开。",
        "The meeting is on {day}; before that it cannot have been held.",
    ).filled(day=day.isoformat())


def _a_time_of_day(situation: Situation) -> Text | None:
    said = situation.word("begins_at")
    if not said or re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", said):
        return None
    return Text("时间请写作09:30这样的格式。", "Write the time as in 09:30.")


def _both_sides_came(situation: Situation) -> Text | None:
    if situation.number("present_union") and situation.number("present_party"):
        return None
    return Text(
        "工会和党组织两方都要有单位签到，会议才算召开。",
        "Bodies of both sides, union and Party, must have signed in for the meeting to count as held.",
    )


def _quorum(situation: Situation) -> Text | None:
    members, present = situation.number("members"), situation.number("present")
    if 2 * present > members:
        return None
    return Text(
        "成员单位{members}个，签到{present}个，未过半数，不能登记为已召开；可改期。",
        "{present} of {members} bodies signed in, which is not more than half; it cannot count as held, but it can be put off.",
    ).filled(members=members, present=present)


def _on_the_agenda(situation: Situation) -> Text | None:
    item, items = situation.number("item"), situation.number("agenda_items")
    if item <= items:
        return None
    return Text("议程只有{items}项。", "The agenda has only {items} items.").filled(items=items)


def _every_item_has_its_outcome(situation: Situation) -> Text | None:
    missing = situation.number("agenda_open")
    if not missing:
        return None
    return Text(
        "议程还有{n}项没有记录结果。", "{n} items of the agenda have no outcome on record yet."
    ).filled(n=missing)


def _a_fortnight_on(situation: Situation) -> Facts:
    """The first day after a fortnight on which people work."""
    rests = is_workday("meets_on")
    days = ((situation.today + timedelta(days=n)).isoformat() for n in range(14, FURTHEST_DAYS))
    working = (day for day in days if rests(replace(situation, facts={"meets_on": day})) is None)
    return {"meets_on": next(working, situation.today.isoformat())}


def _told_to_both(kind: str) -> tuple[Message, ...]:
    """A notice to each side; of a meeting that nobody was called to yet, nobody need be told anything."""
    sides = (UNION_SUPERIOR, PARTY_SUPERIOR)
    return tuple(
        Message(kind, to=to, sender=sender, when=_was_called)
        for to, sender in zip(sides, reversed(sides), strict=True)
    )


def _was_called(situation: Situation) -> bool:
    return bool(situation.word("begins_at"))


def _moved(situation: Situation) -> Facts:
    return {"moved": situation.number("moved") + 1, "provisional": False}


def _what_is_handed_out_has_an_owner(situation: Situation) -> Text | None:
    missing = situation.number("agenda_ownerless")
    if not missing:
        return None
    return Text(
        "有{n}项记为交办，还没有立成议定事项：请在“发起”里交办，写明承办方和时限。",
        "{n} items are to be done by somebody and are handed to nobody: hand them out under “Begin”, with an owner and a day.",
    ).filled(n=missing)


PROPOSE = Step(
    name="propose_topic",
    sources=("planned", "collecting"),
    target=STAY,
    label=Text("提出议题", "Propose a topic"),
    says=Text("提出一个议题", "A topic was proposed"),
    rule="Q-topics; K72; K73",
    by=MEETING,
    fields=(
        Field(
            "topic",
            "text",
            Text("议题（不写个人情况和党员人数）", "Topic (no persons, no numbers of members)"),
            "新建企业建会进度 / how new enterprises come along",
            maximum=200,
        ),
    ),
    keeps="topic",
)

CALL = Step(
    name="call",
    sources=("collecting",),
    target="called",
    label=Text("核定议程，通知开会", "Settle the agenda and call the meeting"),
    says=Text("议程核定，会议通知发出", "The agenda was settled and the meeting called"),
    rule="Q-agenda; M26; M28",
    by=MEETING,
    fields=(
        Field(
            "place",
            "text",
            Text("地点", "Place"),
            "区总工会三楼会议室 / the federation's meeting room",
            maximum=80,
        ),
        Field("begins_at", "text", Text("时间，写作09:30", "Time, such as 09:30"), "09:30", maximum=5),
    ),
    guards=(_a_time_of_day,),
    keeps="agenda",
    sends=_told_to_both("meeting_called"),
)

POSTPONE = Step(
    name="postpone",
    sources=("planned", "collecting", "called"),
    target=STAY,
    label=Text("改期", "Put it off"),
    says=Text("会议改期", "The meeting was put on another day"),
    rule="Q-postpone; M28",
    by=MEETING,
    fields=(NEW_DAY, WHY),
    guards=(is_workday("meets_on"),),
    derive=_moved,
    keeps="new_day",
    suggests=_a_fortnight_on,
    sends=_told_to_both("meeting_moved"),
)

ANSWER = Step(
    name="answer_call",
    sources=("called",),
    target=STAY,
    label=Text("答复能否到会", "Answer the call"),
    says=Text("成员单位答复能否到会", "A member answered the call"),
    rule="Q-hold; M26",
    by=MEETING,
    fields=(
        Field(
            "answer",
            "choice",
            Text("能否到会", "Will you come"),
            "comes",
            choices=(
                Choice("comes", Text("到会", "will come")),
                Choice("deputy", Text("派员到会", "sends a deputy")),
                Choice("leave", Text("请假", "asks for leave")),
            ),
        ),
        Field(
            "post",
            "text",
            Text("到会职务（不写姓名）", "Post of who comes (no name)"),
            "副主席",
            required=False,
            maximum=40,
        ),
    ),
    keeps="answer",
)

ATTEND = Step(
    name="sign_in",
    sources=("called",),
    target=STAY,
    label=Text("签到", "Sign in"),
    says=Text("成员单位签到", "A member signed in"),
    rule="Q-hold; M26",
    by=MEETING,
    guards=(_not_in_the_past,),
    keeps="attendance",
)

HOLD = Step(
    name="hold",
    sources=("called",),
    target="minutes",
    label=Text("登记已召开", "Put it on record as held"),
    says=Text("会议召开", "The meeting was held"),
    rule="Q-hold; M26; M28",
    by=MEETING,
    guards=(_not_in_the_past, _both_sides_came, _quorum),
    derive=lambda situation: {"held_on": situation.word("meets_on")},
    reckons=("members", "present", "present_union", "present_party", "last_held"),
    tells=(Tell("meeting.held_after", along="last_held"),),
)

MINUTE = Step(
    name="minute",
    sources=("minutes",),
    target=STAY,
    label=Text("记录一项议程的结果", "Write down the outcome of an item"),
    says=Text("记录了一项议程的结果", "The outcome of an item was written down"),
    rule="Q-minutes; M28",
    by=MEETING,
    fields=(
        ITEM,
        Field("outcome", "choice", Text("结果", "Outcome"), "information", choices=OUTCOMES),
        Field("text", "text", Text("记录", "Minute"), "与会单位了解情况 / noted", maximum=1000),
    ),
    guards=(_on_the_agenda,),
    reckons=("agenda_items",),
    keeps="outcome",
)

SUBMIT = Step(
    name="submit_minutes",
    sources=("minutes",),
    target="to_sign",
    label=Text("纪要送双方签署", "Send the minutes to be signed"),
    says=Text("纪要送双方签署", "The minutes were sent to both sides to be signed"),
    rule="Q-minutes; M26; M28",
    by=MEETING,
    evidence=(MINUTES_PAPER,),
    guards=(_every_item_has_its_outcome, _what_is_handed_out_has_an_owner),
    reckons=("agenda_open", "agenda_ownerless"),
)


def _signing(name: str, sources: tuple[str, ...], target: str, by: Role, side: Text) -> Step:
    return Step(
        name=name,
        sources=sources,
        target=target,
        label=Text("签署纪要（{zh}）", "Sign the minutes ({en})").filled(zh=side.zh, en=side.en),
        says=Text("{zh}签署了纪要", "The minutes were signed by the {en}").filled(zh=side.zh, en=side.en),
        rule="Q-sign; M26",
        by=by,
    )


_UNION, _PARTY = Text("工会一方", "union side"), Text("党组织一方", "Party side")
SIGNINGS = (
    _signing("sign_for_union", ("to_sign",), "signed_by_union", UNION_SUPERIOR, _UNION),
    _signing("sign_for_party", ("to_sign",), "signed_by_party", PARTY_SUPERIOR, _PARTY),
    _signing("sign_for_party_too", ("signed_by_union",), "issued", PARTY_SUPERIOR, _PARTY),
    _signing("sign_for_union_too", ("signed_by_party",), "issued", UNION_SUPERIOR, _UNION),
)

RETURN = Step(
    name="return_minutes",
    sources=("to_sign", "signed_by_union", "signed_by_party"),
    target="minutes",
    label=Text("退回纪要修改", "Send the minutes back"),
    says=Text(
        "纪要退回修改，已有的签署不再有效", "The minutes were sent back; what was signed no longer holds"
    ),
    rule="Q-sign; M26",
    by=MEETING,
    fields=(WHY,),
)

CANCEL = Step(
    name="cancel",
    gives_up=True,
    sources=("planned", "collecting", "called"),
    target="cancelled",
    label=Text("取消会议", "Cancel the meeting"),
    says=Text("会议取消", "The meeting was cancelled"),
    rule="Q-postpone; M28; K72",
    by=MEETING,
    fields=(WHY,),
    sends=_told_to_both("meeting_cancelled"),
)
