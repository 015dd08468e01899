"""Cross-notification between union and Party bodies, both ways by one declaration (WORKFLOWS 2.5; M24, M25).

The notice carries its whitelist and nothing else. Unanswered, it is chased and then put before the joint meeting; it is
never taken for consent. What a notice was opened for is kept in the open drawer, so that the same standing of facts asks once.
"""

from collections.abc import Callable

from workflows.definition import (
    STAY,
    Definition,
    Facts,
    Field,
    Guard,
    Message,
    Opening,
    Situation,
    State,
    Step,
    Term,
    Work,
)
from workflows.guards import fact_is
from workflows.procedures.enterprise_gone import closes, elsewhere, gone, leaves
from workflows.procedures.party_guards import FORMS
from workflows.roles import PARTY_LOCAL, UNION_LOCAL, Compartment, Role
from workflows.words import Text

REASON = Field(
    "reason",
    "text",
    Text(
        "理由（对方可见，不写个人情况和党员人数）",
        "Reason (the other side reads it: no persons, no numbers of members)",
    ),
    "暂不具备条件 / conditions not met",
    maximum=200,
)
CHASED_ENOUGH = Text("催办次数已满。", "It has been chased as often as the place does.")
ASKED = Text("同一情形已通报过。", "The same standing of facts has been notified already.")

#: Not closed yet.
OPEN = (
    "due",
    "sent",
    "escalated",
    "acknowledged",
    "accepted",
    "rejected",
    "not_applicable",
    "result_reported",
)


def _condition_not_denied(situation: Situation) -> Text | None:
    if situation.facts.get("party_condition") is not False:
        return None
    return Text("党组织一方已答复不具备条件。", "The Party side has said that the condition is not met.")


def _may_be_chased(situation: Situation) -> Text | None:
    """Between two reminders the time to acknowledge runs anew; that is all the patience there is."""
    return (
        None if situation.number("chases") < situation.policy.number("notification.chases") else CHASED_ENOUGH
    )


def _chased_enough(situation: Situation) -> Text | None:
    if _may_be_chased(situation) is not None:
        return None
    return Text("还可以催办。", "It can still be chased.")


def _one_chase_more(situation: Situation) -> Facts:
    return {"chases": situation.number("chases") + 1}


def _standing_of_union(situation: Situation) -> str:
    """What rule A rests on. An organisation or a union that comes, goes and comes again is another standing."""
    known = "unknown" if situation.facts.get("party_condition") is None else "true"
    return f"union:{known}:{_versions(situation)}"


def _standing_of_party(situation: Situation) -> str:
    """What rule B rests on."""
    return f"party:{_versions(situation)}"


def _versions(situation: Situation) -> str:
    return f"{situation.number('union_version')}.{situation.number('party_version')}"


def _notification(
    name: str,
    label: Text,
    *,
    opens_on: tuple[str, ...],
    rule: str,
    guards: tuple[Guard, ...],
    standing: Callable[[Situation], str],
    done_on: tuple[str, ...],
    sender: Role,
    receiver: Role,
) -> Definition:
    request = Message(f"{name}_request", to=receiver, sender=sender)
    reminder = Message(f"{name}_reminder", to=receiver, sender=sender)
    opened_for = f"{name}_for"

    def not_asked_yet(situation: Situation) -> Text | None:
        return ASKED if situation.word(opened_for) == standing(situation) else None

    def begins(situation: Situation) -> Facts:
        """Each notice counts its own reminders, whatever the one before it or the one the other way went through."""
        return {"chases": 0, opened_for: standing(situation)}

    return Definition(
        name=name,
        version=1,
        label=label,
        compartment=Compartment.OPEN,
        reopens=True,
        openings=(
            Opening(
                on=opens_on,
                state="due",
                guards=(*guards, not_asked_yet),
                says=Text("条件具备，发出通报", "The condition holds; a notice is due"),
                rule=rule,
                derive=begins,
                publish=(opened_for,),
                sends=(request,),
            ),
        ),
        states=(
            State("due", Text("待发", "Due"), waits_for=Text("通报正在送达", "the notice is on its way")),
            State(
                "sent",
                Text("已送达", "Delivered"),
                Work(
                    receiver,
                    Text("签收通报", "Acknowledge the notice"),
                    Text("通报等对方签收", "the notice has yet to be acknowledged"),
                ),
            ),
            State(
                "escalated",
                Text("逾期未签收，提交联席会议", "Put before the joint meeting"),
                Work(
                    receiver,
                    Text("签收通报（已提交联席会议）", "Acknowledge the notice (before the joint meeting)"),
                    Text(
                        "催办后仍未签收，列入联席会议议题",
                        "still unacknowledged after a reminder; it is on the joint meeting's agenda",
                    ),
                ),
            ),
            State(
                "acknowledged",
                Text("已签收", "Acknowledged"),
                Work(
                    receiver,
                    Text("答复通报", "Answer the notice"),
                    Text("通报等对方答复", "the notice has yet to be answered"),
                ),
                notices="acknowledged",
            ),
            State(
                "accepted",
                Text("已采纳，办理中", "Accepted"),
                Work(
                    receiver,
                    Text("办理并反馈结果", "Act and report the result"),
                    Text("对方正在办理", "the other side is acting on it"),
                ),
                notices="answered",
            ),
            State(
                "rejected",
                Text("不采纳", "Rejected"),
                Work(
                    sender,
                    Text("阅知理由并办结", "Read the reason and close"),
                    Text("等发出方阅知", "the sender has yet to read the reason"),
                ),
                notices="answered",
            ),
            State(
                "not_applicable",
                Text("不适用", "Not applicable"),
                Work(
                    sender,
                    Text("阅知理由并办结", "Read the reason and close"),
                    Text("等发出方阅知", "the sender has yet to read the reason"),
                ),
                notices="answered",
            ),
            State(
                "result_reported",
                Text("已反馈结果", "Result reported"),
                Work(
                    sender,
                    Text("核对结果并办结", "Check the result and close"),
                    Text("等发出方核对", "the sender has yet to check the result"),
                ),
                notices="answered",
            ),
            State("closed", Text("办结", "Closed"), settled=True, final=True),
            gone(),
            elsewhere(),
        ),
        steps=(
            Step(
                name="deliver",
                sources=("due",),
                target="sent",
                label=Text("送达", "Deliver"),
                says=Text("通报已送达", "The notice was delivered"),
                rule="N1",
                on=("notice.delivered",),
            ),
            Step(
                name="acknowledge",
                sources=("sent", "escalated"),
                target="acknowledged",
                label=Text("签收", "Acknowledge"),
                says=Text("签收通报", "The notice was acknowledged"),
                rule="N2",
                by=receiver,
            ),
            Step(
                name="chase",
                sources=("sent",),
                target=STAY,
                label=Text("自动催办", "Reminder"),
                says=Text("逾期未签收，自动催办", "Not acknowledged in time; a reminder was sent"),
                rule="N-chase",
                on=("term.acknowledge.expired",),
                guards=(_may_be_chased,),
                derive=_one_chase_more,
                sends=(reminder,),
            ),
            Step(
                name="escalate",
                sources=("sent",),
                target="escalated",
                label=Text("提交联席会议", "Put before the joint meeting"),
                says=Text(
                    "催办后仍未签收，列入联席会议议题",
                    "Still unacknowledged after a reminder; put on the joint meeting's agenda",
                ),
                rule="N-escalate",
                on=("term.acknowledge.expired",),
                guards=(_chased_enough,),
            ),
            Step(
                name="accept",
                sources=("acknowledged",),
                target="accepted",
                label=Text("采纳", "Accept"),
                says=Text("采纳通报，开始办理", "The notice was accepted; work begins"),
                rule="N3",
                by=receiver,
            ),
            Step(
                name="reject",
                sources=("acknowledged",),
                target="rejected",
                label=Text("不采纳", "Reject"),
                says=Text("不采纳，并说明理由", "The notice was rejected, with the reason"),
                rule="N3",
                by=receiver,
                fields=(REASON,),
            ),
            Step(
                name="report_result",
                sources=("due", "sent", "escalated", "acknowledged", "accepted"),
                target="result_reported",
                label=Text("反馈结果", "Report the result"),
                says=Text("对方已办成，结果反馈", "The other side has acted; the result is reported"),
                rule="N4",
                on=done_on,
            ),
            Step(
                name="call_not_applicable",
                sources=("acknowledged", "accepted"),
                target="not_applicable",
                label=Text("不适用", "Not applicable"),
                says=Text("答复不适用，并说明理由", "The notice does not apply; the reason was given"),
                rule="N3",
                by=receiver,
                fields=(REASON,),
            ),
            Step(
                name="close",
                sources=("result_reported", "rejected", "not_applicable"),
                target="closed",
                label=Text("办结", "Close"),
                says=Text("发出方核对后办结", "The sender checked it and closed the notice"),
                rule="N5",
                by=sender,
            ),
            closes(*OPEN),
            leaves(*OPEN),
        ),
        terms=(
            Term(
                "send",
                Text("送达期限", "Delivery"),
                "notification.send",
                ("due",),
                Work(
                    sender,
                    Text("通报逾期未送达，请查明原因", "The notice has not been delivered: find out why"),
                    Text("送达已超期", "the delivery is overdue"),
                ),
                rule="N0",
            ),
            Term(
                "acknowledge",
                Text("签收期限", "Acknowledgement"),
                "notification.acknowledge",
                ("sent",),
                Work(
                    receiver,
                    Text("签收已超期", "The acknowledgement is overdue"),
                    Text("签收已超期", "the acknowledgement is overdue"),
                ),
                starts_again_on=("chase",),
            ),
            Term(
                "answer",
                Text("答复期限", "Answer"),
                "notification.answer",
                ("acknowledged",),
                Work(
                    receiver,
                    Text("答复已超期", "The answer is overdue"),
                    Text("答复已超期；不答复不等于同意", "the answer is overdue; silence is not consent"),
                ),
            ),
            Term(
                "result",
                Text("反馈期限", "Result"),
                "notification.result",
                ("accepted",),
                Work(
                    receiver,
                    Text("结果反馈已超期", "The result is overdue"),
                    Text("结果反馈已超期", "the result is overdue"),
                ),
            ),
        ),
    )


NOTIFY_PARTY = _notification(
    "notify_party",
    Text("通报党组织一方", "Notice to the Party side"),
    opens_on=("union.established", "party.surveyed", "party.counts_updated"),
    rule="N-A; N0; M24",
    guards=(
        fact_is("union_form", "union", why=Text("还没有工会。", "There is no union yet.")),
        fact_is("party_form", "none", "liaison", why=Text("已有党组织。", "A Party organisation exists.")),
        _condition_not_denied,
    ),
    standing=_standing_of_union,
    done_on=("party.formed", "liaison.appointed"),
    sender=UNION_LOCAL,
    receiver=PARTY_LOCAL,
)

NOTIFY_UNION = _notification(
    "notify_union",
    Text("通报工会一方", "Notice to the union side"),
    opens_on=("party.formed", "union.uncovered"),
    rule="N-B; N0; M25",
    guards=(
        fact_is("party_form", *FORMS, why=Text("还没有党组织。", "There is no Party organisation yet.")),
        fact_is("union_form", "none", why=Text("已有工会或已被覆盖。", "A union exists or covers it.")),
    ),
    standing=_standing_of_party,
    done_on=("union.established", "union.covered"),
    sender=PARTY_LOCAL,
    receiver=UNION_LOCAL,
)
