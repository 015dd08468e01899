"""The steps of a re-election that unions and Party organisations share: running out, application, result, extension, vacancy."""

from collections.abc import Iterable
from dataclasses import replace

from workflows.definition import STAY, Derive, Evidence, Guard, Message, Step
from workflows.events import expired
from workflows.guards import holds_evidence
from workflows.procedures.term_rules import (
    COMPLETE_BY,
    MET_ON,
    MONTHS_MORE,
    REASON,
    VACANT_SINCE,
    another_month_is_left,
    begun_anew,
    elected_since,
    extended,
    is_overdue,
    last_day_to_complete,
    months_asked,
    months_that_are_left,
    not_overdue,
    not_too_far_off,
    re_elected,
    vacancy_was_in_this_term,
    within_the_longest_extension,
)
from workflows.procedures.term_states import LIVE, UNDER_WAY, Body
from workflows.words import Text

# -- the term runs out (T-1, T-9) ---------------------------------------------------------------------------


def running_out(body: Body) -> tuple[Step, ...]:
    overdue = Text(
        "任期届满，尚未换届；成员继续任职", "The term is over without a re-election; the officers stay"
    )
    return (
        Step(
            name="remind",
            sources=("in_term",),
            target="reminded",
            label=Text("提醒换届", "Remind"),
            says=Text("任期将满，发出换届提示函", "The term ends soon; a reminder was sent"),
            rule="T-1",
            on=(expired("remind"),),
            derive=lambda _: {"reminded": True},
            sends=(Message(f"{body.name}_term_reminder", to=body.local, sender=body.superior),),
        ),
        Step(
            name="overdue_unreminded",
            sources=("in_term",),
            target="reminded",
            label=Text("到期未换届", "Overdue"),
            says=overdue,
            rule="T-9",
            on=(expired("term_end"),),
            derive=lambda _: {"overdue": True},
        ),
        Step(
            name="become_overdue",
            sources=(*UNDER_WAY, "vacancy"),
            target=STAY,
            label=Text("到期未换届", "Overdue"),
            says=overdue,
            rule="T-9",
            on=(expired("term_end"),),
            derive=lambda _: {"overdue": True},
        ),
        Step(
            name="order_completion",
            sources=(*UNDER_WAY, "vacancy"),
            target=STAY,
            label=Text("限期完成换届", "Order the re-election by a day"),
            says=Text(
                "上级限期完成换届，现任成员继续任职",
                "The superior ordered the re-election by a day; the officers stay meanwhile",
            ),
            rule="T-9; K6 Art 13; K8 Art 10",
            by=body.superior,
            fields=(COMPLETE_BY, REASON),
            guards=(is_overdue, not_too_far_off),
            suggests=last_day_to_complete,
        ),
    )


# -- preparation and application (T-2 to T-4) ---------------------------------------------------------------


def application(body: Body, start: Step) -> tuple[Step, ...]:
    request = Evidence(
        f"{body.name}_term_request",
        Text("{zh}换届请示", "Request for the {en}'s re-election").filled(zh=body.zh, en=body.en),
        form="request",
        about=f"{{name}}{body.zh}换届",
    )
    reply = Evidence(
        f"{body.name}_term_reply",
        Text("同意{zh}换届的批复", "Reply approving the {en}'s re-election").filled(zh=body.zh, en=body.en),
        form="reply",
        about=f"{{name}}{body.zh}换届",
    )
    filed = ("apply", "apply_again")
    return (
        start,
        Step(
            name="apply",
            sources=("preparing",),
            target="applied",
            label=Text("提出换届请示", "File the request"),
            says=Text("提出换届请示", "The re-election was applied for"),
            rule="T-3",
            by=body.local,
            evidence=(request,),
        ),
        Step(
            name="approve_application",
            sources=("applied",),
            target="approved",
            label=Text("同意换届", "Approve the re-election"),
            says=Text("上级同意换届", "The superior approved the re-election"),
            rule="T-4",
            by=body.superior,
            evidence=(reply,),
            not_by=filed,
        ),
        Step(
            name="return_application",
            sources=("applied",),
            target="returned",
            label=Text("退回", "Return"),
            says=Text("换届请示被退回", "The request was returned"),
            rule="T-4",
            by=body.superior,
            fields=(REASON,),
            not_by=filed,
        ),
        Step(
            name="apply_again",
            sources=("returned",),
            target="applied",
            label=Text("再次提出请示", "File again"),
            says=Text("补正后再次提出换届请示", "The corrected request was filed again"),
            rule="T-3; T-4",
            by=body.local,
            evidence=(request,),
        ),
    )


# -- report and approval (T-6, T-7, T-11) -------------------------------------------------------------------


def result(body: Body, election_record: Evidence) -> tuple[Step, ...]:
    report = Evidence(
        f"{body.name}_term_report",
        Text("{zh}换届选举结果报告", "Report of the {en}'s re-election").filled(zh=body.zh, en=body.en),
        form="report",
        about=f"{{name}}{body.zh}换届选举结果",
    )
    reply = Evidence(
        f"{body.name}_term_approval",
        Text("{zh}换届选举结果批复", "Reply on the {en}'s re-election").filled(zh=body.zh, en=body.en),
        form="reply",
        about=f"{{name}}{body.zh}换届选举结果",
    )
    return (
        Step(
            name="report_result",
            sources=("elected",),
            target="reported",
            label=Text("报告选举结果", "Report the result"),
            says=Text("向上级报告换届选举结果", "The result was reported to the superior"),
            rule="T-6",
            by=body.local,
            evidence=(report,),
            guards=(
                holds_evidence(
                    election_record.kind,
                    Text(
                        "档案里没有选举记录，不能上报。", "No election record is on file; report it with one."
                    ),
                ),
            ),
        ),
        Step(
            name="approve_result",
            sources=("reported",),
            target="renewed",
            label=Text("批复同意", "Approve the result"),
            says=Text("上级批复，新一届任期开始", "The superior approved; the new term of office begins"),
            rule="T-7",
            by=body.superior,
            evidence=(reply,),
            not_by=("record_election", "report_result"),
            derive=re_elected,
            emits=(f"{body.name}.reelected",),
        ),
        Step(
            name="refuse_result",
            sources=("reported",),
            target="election_failed",
            label=Text("不予批准，重新选举", "Refuse: elect again"),
            says=Text("换届选举结果未获批准，重新选举", "The result was not approved; elect again"),
            rule="T-7",
            by=body.superior,
            fields=(REASON,),
            not_by=("record_election", "report_result"),
        ),
        Step(
            name="record_first_meeting",
            sources=("renewed",),
            target="in_term",
            label=Text("登记首次会议", "Record the first meeting"),
            says=Text("新一届召开第一次会议", "The first meeting of the new term was held"),
            rule="T-11; M88",
            by=body.local,
            fields=(MET_ON,),
        ),
    )


# -- more time (T-8) ----------------------------------------------------------------------------------------


def extension(body: Body) -> tuple[Step, ...]:
    request = Evidence(
        f"{body.name}_extension_request",
        Text("{zh}延期换届请示", "Request to put off the {en}'s re-election").filled(zh=body.zh, en=body.en),
        form="request",
        about=f"{{name}}{body.zh}延期换届",
    )
    reply = Evidence(
        f"{body.name}_extension_reply",
        Text("同意{zh}延期换届的批复", "Reply putting off the {en}'s re-election").filled(
            zh=body.zh, en=body.en
        ),
        form="reply",
        about=f"{{name}}{body.zh}延期换届",
    )
    return (
        Step(
            name="request_extension",
            sources=("reminded", "preparing", "applied"),
            target="extension_requested",
            label=Text("申请延期换届", "Ask for an extension"),
            says=Text("申请延期换届", "An extension of the term was asked for"),
            rule="T-8",
            by=body.local,
            fields=(MONTHS_MORE, REASON),
            evidence=(request,),
            guards=(
                not_overdue,
                another_month_is_left(f"{body.policies}.extension_max"),
                within_the_longest_extension(f"{body.policies}.extension_max"),
            ),
            suggests=months_that_are_left(f"{body.policies}.extension_max"),
        ),
        Step(
            name="grant_extension",
            sources=("extension_requested",),
            target="in_term",
            label=Text("同意延期", "Grant the extension"),
            says=Text("上级同意延期换届", "The superior granted the extension"),
            rule="T-8",
            by=body.superior,
            fields=(REASON,),
            evidence=(reply,),
            not_by=("request_extension",),
            derive=extended,
            extends="term_end",
            extension=months_asked,
        ),
        Step(
            name="refuse_extension",
            sources=("extension_requested",),
            target="reminded",
            label=Text("不同意延期", "Refuse the extension"),
            says=Text("上级不同意延期，按期换届", "The superior refused; the re-election is held in time"),
            rule="T-8",
            by=body.superior,
            fields=(REASON,),
            not_by=("request_extension",),
        ),
    )


# -- a post falls vacant (T-10) -------------------------------------------------------------------------------


def vacancy_reported(body: Body, *, derive: Derive | None = None, emits: tuple[str, ...] = ()) -> Step:
    return Step(
        name="report_vacancy",
        sources=("in_term", "reminded"),
        target="vacancy",
        label=Text("报告负责人空缺", "Report a vacancy"),
        says=Text("负责人空缺，须按期补选", "The post of its head is vacant; a by-election is due"),
        rule="T-10",
        by=body.local,
        fields=(VACANT_SINCE,),
        guards=(vacancy_was_in_this_term,),
        derive=derive,
        emits=emits,
    )


def by_election(body: Body, rules: Step, election_record: Evidence, guards: Iterable[Guard]) -> Step:
    """Elected by the rules of every election, and with the superior's reply on file, like any other officer."""
    reply = Evidence(
        f"{body.name}_by_election_reply",
        Text("{zh}补选结果批复", "Reply on the {en}'s by-election").filled(zh=body.zh, en=body.en),
        form="reply",
        about=f"{{name}}{body.zh}补选结果",
    )
    return replace(
        rules,
        name="record_by_election",
        sources=("vacancy",),
        target="in_term",
        label=Text("登记补选结果", "Record the by-election"),
        says=Text("补选完成，任期不变", "The post was filled by election; the term stays as it was"),
        rule="T-10",
        by=body.local,
        evidence=(election_record, reply),
        guards=tuple(guards),
        derive=None,
        emits=(f"{body.name}.by_elected",),
        sends=(),
    )


# -- what comes from outside ------------------------------------------------------------------------------------


def formed_anew(on: tuple[str, ...]) -> Step:
    return Step(
        name="formed_anew",
        sources=LIVE,
        target="in_term",
        label=Text("重新选举产生", "Elected anew"),
        says=Text("组织重新选举产生，任期重新计算", "It was elected anew; its term begins again"),
        rule="T-7",
        on=on,
        guards=(elected_since,),
        derive=begun_anew,
    )


def dissolved(name: str, *on: str, guards: tuple[Guard, ...] = ()) -> Step:
    return Step(
        name=name,
        sources=LIVE,
        target="ended",
        label=Text("组织撤销，任期终止", "Organisation dissolved"),
        says=Text("组织已撤销，任期终止", "The organisation was dissolved; its term ends"),
        rule="2.6",
        on=on,
        guards=guards,
    )


def notice_delivered() -> Step:
    """Kept in the procedure's own drawer: the other side need not read that a term of office runs out."""
    return Step(
        name="notice_delivered",
        sources=LIVE,
        target=STAY,
        label=Text("送达", "Deliver"),
        says=Text("换届的通知已送达", "The notice about the re-election was delivered"),
        rule="T-1; T-2",
        on=("notice.delivered",),
    )


def started(body: Body, *, rule: str, guards: tuple[Guard, ...], sends: tuple[Message, ...]) -> Step:
    return Step(
        name="start_preparing",
        sources=("in_term", "reminded"),
        target="preparing",
        label=Text("开始准备换届", "Begin to prepare"),
        says=Text("开始准备换届", "The re-election is being prepared"),
        rule=rule,
        by=body.local,
        guards=guards,
        sends=sends,
    )
