"""Where a term of office can stand, and every term that runs in it (WORKFLOWS 2.6)."""

from collections.abc import Callable
from dataclasses import dataclass

from workflows.definition import Measure, Situation, State, Term, Work
from workflows.procedures.enterprise_gone import elsewhere, gone
from workflows.procedures.term_rules import until_ordered_day
from workflows.roles import Role
from workflows.words import Text

#: The re-election is being prepared, up to the meeting that elects (T1 to T5).
UNDER_WAY = (
    "reminded", "preparing", "applied", "returned", "approved", "candidates", "meeting_called", "election_failed",
    "extension_requested",
)  # fmt: skip
#: The officers of the last election are in office, and none are elected in their place.
IN_OFFICE = ("in_term", *UNDER_WAY, "vacancy")
LIVE = (*IN_OFFICE, "elected", "reported", "renewed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Whose term of office it is: what it is called, who acts, and where the place's numbers for it stand."""

    name: str
    zh: str
    en: str
    local: Role
    superior: Role
    policies: str
    another_election: str
    length: Measure
    length_rests_on: Callable[[Situation], str]
    length_key: str


def states(body: Body) -> tuple[State, ...]:
    local, superior = body.local, body.superior

    def waits(name: str, label: Text, role: Role, task: Text, why: Text) -> State:
        return State(name, label, Work(role, _named(body, task), _named(body, why)))

    return (
        State("in_term", Text("任期内", "In term"), settled=True),
        waits(
            "reminded",
            Text("已提醒换届", "Reminded"),
            local,
            Text("任期将满，准备{zh}换届", "The term ends soon: prepare the {en}'s re-election"),
            Text("换届还没有开始准备", "the re-election is not being prepared yet"),
        ),
        waits(
            "preparing",
            Text("准备换届", "Preparing"),
            local,
            Text("提出{zh}换届请示", "File the request for the {en}'s re-election"),
            Text("换届请示还没有提出", "the request for the re-election has not been filed"),
        ),
        waits(
            "applied",
            Text("已请示，待批复", "Applied"),
            superior,
            Text("批复{zh}换届请示", "Reply on the {en}'s re-election"),
            Text("换届请示等上级批复", "the superior has yet to reply on the request"),
        ),
        waits(
            "returned",
            Text("退回", "Returned"),
            local,
            Text("补正后重新请示换届", "Correct the request and file it again"),
            Text("换届请示被退回，等补正", "the request was returned and awaits correction"),
        ),
        waits(
            "approved",
            Text("同意换届", "Re-election approved"),
            local,
            Text("提名{zh}换届候选人", "Nominate the candidates for the {en}'s re-election"),
            Text("候选人还没有提名", "candidates are not nominated yet"),
        ),
        waits(
            "candidates",
            Text("候选人公示与审查", "Candidates under review"),
            superior,
            Text("审查换届候选人", "Examine the candidates"),
            Text("候选人等上级审查", "the superior has yet to examine the candidates"),
        ),
        waits(
            "meeting_called",
            Text("召开换届大会", "Meeting called"),
            local,
            Text("召开大会并登记换届选举结果", "Hold the meeting and record the re-election"),
            Text("换届大会还没有召开", "the meeting has not been held yet"),
        ),
        waits(
            "election_failed",
            Text("选举未成", "Election failed"),
            local,
            Text("重新组织换届选举", "Elect again"),
            Text("换届选举未成，等重新选举", "the re-election failed; another is due"),
        ),
        waits(
            "elected",
            Text("已选举", "Elected"),
            local,
            Text("报告换届选举结果", "Report the result of the re-election"),
            Text("换届选举结果还没有上报", "the result has not been reported yet"),
        ),
        waits(
            "reported",
            Text("已上报，待批复", "Reported"),
            superior,
            Text("批复换届选举结果", "Reply on the result of the re-election"),
            Text("换届选举结果等上级批复", "the superior has yet to reply on the result"),
        ),
        waits(
            "renewed",
            Text("新一届，待开首次会议", "New term, first meeting due"),
            local,
            Text("召开新一届第一次会议", "Hold the first meeting of the new term"),
            Text("新一届第一次会议还没有开", "the first meeting of the new term has not been held"),
        ),
        waits(
            "vacancy",
            Text("负责人空缺", "Vacancy"),
            local,
            Text("组织补选", "Hold a by-election"),
            Text("负责人空缺，等补选", "the post is vacant; a by-election is due"),
        ),
        waits(
            "extension_requested",
            Text("已申请延期换届", "Extension requested"),
            superior,
            Text("研究延期换届申请", "Decide on the extension"),
            Text("延期申请等上级决定", "the superior has yet to decide on the extension"),
        ),
        State(
            "ended",
            Text("组织已撤销，任期终止", "Organisation dissolved, term ended"),
            settled=True,
            final=True,
        ),
        gone(),
        elsewhere(),
    )


def terms(body: Body) -> tuple[Term, ...]:
    local, superior = body.local, body.superior

    def work(role: Role, task: Text, why: Text) -> Work:
        return Work(role, _named(body, task), _named(body, why))

    return (
        Term(
            "term_end",
            Text("任期", "Term of office"),
            body.length_key,
            (*IN_OFFICE, "renewed"),
            work(
                superior,
                Text("{zh}到期未换届，请限期完成", "The {en}'s re-election is overdue: order it by a day"),
                Text(
                    "到期未换届，等上级限期", "the re-election is overdue; the superior has yet to set a day"
                ),
            ),
            starts_again_on=("formed_anew",),
            met_by=("order_completion",),
            measure=body.length,
            rests_on=body.length_rests_on,
            counts_from="term_from",
            exact=True,
            rule="T-9; 2.6",
        ),
        Term(
            "remind",
            Text("换届提醒", "Reminder of the re-election"),
            body.length_key,
            ("in_term",),
            work(
                local,
                Text("任期将满，准备换届", "The term ends soon: prepare the re-election"),
                Text("任期将满", "the term ends soon"),
            ),
            starts_again_on=("formed_anew",),
            measure=body.length,
            rests_on=body.length_rests_on,
            counts_from="term_from",
            ahead=f"{body.policies}.remind",
            exact=True,
            reminder=True,
            rule="T-1",
        ),
        Term(
            "completion",
            Text("限期完成换届", "Day set for the re-election"),
            "term.completion_max",
            IN_OFFICE,
            work(
                superior,
                Text("限期已过仍未换届，请督促", "The day set is over: see to the re-election"),
                Text("限期已过仍未换届", "the day set for the re-election is over"),
            ),
            starts_again_on=("order_completion",),
            measure=until_ordered_day,
            exact=True,
            rule="T-9",
        ),
        Term(
            "approve",
            Text("换届批复期限", "Reply on the re-election"),
            "term.approve",
            ("applied",),
            work(
                superior,
                Text("换届批复超期，请尽快答复", "The reply on the re-election is overdue"),
                Text("换届批复已超期；不答复不等于同意", "the reply is overdue; silence is not consent"),
            ),
            rule="T-4",
        ),
        Term(
            "decide_extension",
            Text("延期批复期限", "Decision on the extension"),
            "term.approve",
            ("extension_requested",),
            work(
                superior,
                Text("延期批复超期，请尽快答复", "The decision on the extension is overdue"),
                Text("延期批复已超期；不答复不等于同意", "the decision is overdue; silence is not consent"),
            ),
            rule="T-8",
        ),
        Term(
            "reelect",
            Text("重新选举期限", "Another election"),
            body.another_election,
            ("election_failed",),
            work(
                superior,
                Text("重新选举超期，请指导", "Another election is overdue: lend help"),
                Text("重新选举已超期", "another election is overdue"),
            ),
            rule="T-5",
        ),
        Term(
            "report",
            Text("上报换届结果期限", "Report of the result"),
            "term.report",
            ("elected",),
            work(
                local,
                Text("换届结果上报超期", "The report of the result is overdue"),
                Text("换届结果上报已超期", "the report is overdue"),
            ),
            rule="T-6",
        ),
        Term(
            "approve_new_officers",
            Text("换届结果批复期限", "Reply on the result"),
            "term.approve",
            ("reported",),
            work(
                superior,
                Text("换届结果批复超期，请尽快答复", "The reply on the result is overdue"),
                Text("换届结果批复已超期；不答复不等于同意", "the reply is overdue; silence is not consent"),
            ),
            rule="T-7",
        ),
        Term(
            "first_meeting",
            Text("首次会议期限", "First meeting"),
            "term.first_meeting",
            ("renewed",),
            work(
                superior,
                Text("新一届首次会议超期，请督促", "The first meeting is overdue: see to it"),
                Text("首次会议已超期", "the first meeting is overdue"),
            ),
            rule="T-11",
        ),
        Term(
            "by_election",
            Text("补选期限", "By-election"),
            "vacancy.max",
            ("vacancy",),
            work(
                superior,
                Text("补选超期，请指导", "The by-election is overdue: lend help"),
                Text("补选已超期", "the by-election is overdue"),
            ),
            counts_from="vacant_since",
            rule="T-10",
        ),
    )


def _named(body: Body, text: Text) -> Text:
    return text.filled(zh=body.zh, en=body.en)
