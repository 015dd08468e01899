"""The quarterly joint meeting of union and Party bodies (M26, M28; WORKFLOWS 2.7): one file for each meeting, planned by the calendar.

The office plans the day and asks for topics; the agenda makes itself, and is frozen when people call the meeting. Nothing is held,
decided or signed by itself, and a quarter in which nobody held it stays on the board as one.
"""

from workflows.definition import STAY, Definition, Facts, Opening, Situation, State, Step, Term, Work
from workflows.events import expired
from workflows.procedures.meeting_steps import (
    ANSWER,
    ATTEND,
    CALL,
    CANCEL,
    HOLD,
    MINUTE,
    POSTPONE,
    PROPOSE,
    RETURN,
    SIGNINGS,
    SUBMIT,
)
from workflows.roles import MEETING, PARTY_SUPERIOR, UNION_SUPERIOR, Compartment
from workflows.subjects import JOINT_MEETING as MEETING_FILE
from workflows.terms import until
from workflows.words import Text

#: What the calendar says of a meeting that it plans, and of one that it plans anew.
PLANNED = ("group", "year", "quarter", "meets_on", "quarter_ends", "provisional", "previous")
AHEAD = ("planned", "collecting", "called")


def _as_planned(situation: Situation) -> Facts:
    return {name: situation.facts.get(name) for name in PLANNED} | {"moved": 0}


def _as_replanned(situation: Situation) -> Facts:
    return {
        "meets_on": situation.word("planned_on"),
        "provisional": situation.yes("still_provisional"),
        "moved": situation.number("moved") + 1,
    }


JOINT_MEETING = Definition(
    name="joint_meeting",
    version=1,
    label=Text("联席会议", "Joint meeting"),
    compartment=Compartment.JOINT,
    openings=(
        Opening(
            on=("calendar.meeting_planned",),
            subject=MEETING_FILE,
            state="planned",
            says=Text("按季安排联席会议", "The quarter's joint meeting was planned"),
            rule="Q-plan; M28",
            derive=_as_planned,
            points_at=("group", "previous"),
        ),
    ),
    states=(
        State("planned", Text("已排期", "Planned"), settled=True),
        State(
            "collecting",
            Text("征集议题", "Topics asked for"),
            Work(
                MEETING,
                Text("征集议题，核定议程并通知开会", "Collect topics, settle the agenda, call the meeting"),
                Text("正在征集议题", "topics are being collected"),
            ),
        ),
        State(
            "called",
            Text("已通知", "Called"),
            Work(
                MEETING,
                Text("组织开会并登记", "Hold the meeting and put it on record"),
                Text("会议尚未召开", "the meeting has not been held yet"),
            ),
        ),
        State(
            "minutes",
            Text("整理纪要", "Minutes in hand"),
            Work(
                MEETING,
                Text("逐项记录结果，整理纪要", "Write down the outcome of each item, and the minutes"),
                Text("纪要正在整理", "the minutes are being written"),
            ),
        ),
        State(
            "to_sign",
            Text("双方签署纪要", "To be signed by both"),
            Work(
                UNION_SUPERIOR,
                Text("审签会议纪要（工会一方）", "Sign the minutes for the union side"),
                Text("等工会一方签署纪要", "the union side has yet to sign the minutes"),
            ),
            also=(
                Work(
                    PARTY_SUPERIOR,
                    Text("审签会议纪要（党组织一方）", "Sign the minutes for the Party side"),
                    Text("等党组织一方签署纪要", "the Party side has yet to sign the minutes"),
                ),
            ),
        ),
        State(
            "signed_by_union",
            Text("工会已签", "Signed by the union"),
            Work(
                PARTY_SUPERIOR,
                Text("审签会议纪要（党组织一方）", "Sign the minutes for the Party side"),
                Text("等党组织一方签署纪要", "the Party side has yet to sign the minutes"),
            ),
        ),
        State(
            "signed_by_party",
            Text("党组织已签", "Signed by the Party"),
            Work(
                UNION_SUPERIOR,
                Text("审签会议纪要（工会一方）", "Sign the minutes for the union side"),
                Text("等工会一方签署纪要", "the union side has yet to sign the minutes"),
            ),
        ),
        State("issued", Text("纪要已印发，事项办理中", "Minutes issued; decisions at work"), settled=True),
        State(
            "reported",
            Text("落实情况已在下次会议报告", "Reported to the next meeting"),
            settled=True,
            final=True,
        ),
        State("cancelled", Text("已取消", "Cancelled"), settled=True, final=True),
        State("lapsed", Text("随协调小组撤销", "Fell away with its group"), settled=True, final=True),
    ),
    steps=(
        Step(
            name="collect",
            sources=("planned",),
            target="collecting",
            label=Text("开始征集议题", "Topics are asked for"),
            says=Text("开始征集议题", "Topics are asked for"),
            rule="Q-topics; K73",
            on=(expired("topics"),),
        ),
        Step(
            name="collect_early",
            sources=("planned",),
            target="collecting",
            label=Text("提前征集议题", "Ask for topics now"),
            says=Text("提前征集议题", "Topics are asked for ahead of time"),
            rule="Q-topics; M28",
            by=MEETING,
        ),
        Step(
            name="replan",
            sources=("planned",),
            target=STAY,
            label=Text("重排会期", "Planned anew"),
            says=Text("放假安排公布，会期重排", "The holiday notice came; the day was planned anew"),
            rule="Q-plan; M28",
            on=("calendar.meeting_replanned",),
            derive=_as_replanned,
        ),
        CALL,
        PROPOSE,
        POSTPONE,
        ANSWER,
        ATTEND,
        HOLD,
        MINUTE,
        SUBMIT,
        *SIGNINGS,
        RETURN,
        Step(
            name="report_back",
            sources=("issued",),
            target="reported",
            label=Text("下次会议听取落实情况", "The next meeting hears what became of it"),
            says=Text("下次会议听取了落实情况", "The next meeting heard what became of the decisions"),
            rule="Q-next; K72",
            on=("meeting.held_after",),
        ),
        CANCEL,
        Step(
            name="fall_away",
            sources=AHEAD,
            target="lapsed",
            label=Text("随协调小组撤销", "Falls away with its group"),
            says=Text("协调小组撤销，会议取消", "The group was dissolved, and the meeting with it"),
            rule="Q-group; M29",
            on=("coordination.dissolved",),
        ),
    ),
    terms=(
        Term(
            "topics",
            Text("开始征集议题", "Topics to be asked for"),
            "meeting.topics",
            ("planned",),
            Work(
                MEETING,
                Text("开始征集议题", "Ask for topics"),
                Text("该征集议题了", "topics are to be asked for"),
            ),
            starts_again_on=("postpone", "replan"),
            measure=until("meets_on"),
            ahead="meeting.topics",
            exact=True,
            reminder=True,
        ),
        Term(
            "call",
            Text("发出会议通知", "Meeting to be called"),
            "meeting.call",
            ("collecting",),
            Work(
                MEETING,
                Text("核定议程，发出会议通知", "Settle the agenda and call the meeting"),
                Text("该发会议通知了", "the meeting is to be called"),
            ),
            starts_again_on=("postpone",),
            measure=until("meets_on"),
            ahead="meeting.call",
            exact=True,
        ),
        Term(
            "meeting_day",
            Text("会议日期", "Day of the meeting"),
            "meeting.interval.district",
            ("called",),
            Work(
                MEETING,
                Text(
                    "会议日期已过，登记开会情况或改期",
                    "The day is over: put the meeting on record, or postpone it",
                ),
                Text("会议日期已过，还没有登记", "the day is over, and nothing is on record"),
            ),
            starts_again_on=("postpone",),
            measure=until("meets_on"),
            exact=True,
        ),
        Term(
            "quarter",
            Text("本季度会议", "The quarter's meeting"),
            "meeting.interval.district",
            AHEAD,
            Work(
                MEETING,
                Text(
                    "本季度没有召开联席会议，说明并补开",
                    "No meeting was held this quarter: say why, and hold it",
                ),
                Text("本季度没有召开联席会议", "no meeting was held this quarter"),
            ),
            measure=until("quarter_ends"),
            exact=True,
            rule="Q-plan; M28",
        ),
        Term(
            "minutes_due",
            Text("印发纪要", "Minutes to be issued"),
            "meeting.minutes",
            ("minutes", "to_sign", "signed_by_union", "signed_by_party"),
            Work(
                MEETING,
                Text("纪要逾期未印发，请办结", "The minutes are overdue: finish them"),
                Text("纪要逾期未印发", "the minutes are overdue"),
            ),
        ),
    ),
)
