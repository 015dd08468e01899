"""A matter that a joint meeting handed to somebody (议定事项): who does it, by when, and how the next meeting hears of it (K72).

It has a file of its own, so that it lies where its owner works, and outlives the meeting. Only people call it done or clear it.
"""

from workflows.definition import (
    STAY,
    Choice,
    Definition,
    Evidence,
    Facts,
    Field,
    Opening,
    Question,
    Situation,
    State,
    Step,
    Term,
    Work,
)
from workflows.guards import asks
from workflows.procedures.meeting_steps import ITEM
from workflows.roles import MEETING, PARTY_LOCAL, UNION_LOCAL, Compartment, Role
from workflows.subjects import JOINT_MEETING as MEETING_FILE
from workflows.subjects import RESOLUTION as RESOLUTION_FILE
from workflows.terms import until
from workflows.words import Text

RESULT = Evidence("resolution_result", Text("办理结果材料", "Papers that show the result"))
#: Half a year is the most: 184 days are six months at their longest.
DUE = Field("due_on", "date", Text("完成时限", "Due on"), 30, minimum=1, maximum=184)
NOTE = Field("note", "text", Text("情况说明", "Account"), "已办结 / done", maximum=500)
OWNER = Field(
    "owner",
    "choice",
    Text("由哪一方办理", "Which side does it"),
    "union",
    choices=(
        Choice("union", Text("工会", "the union")),
        Choice("party", Text("党组织", "the Party body")),
        Choice("both", Text("双方共同", "both together")),
    ),
)
_ASKED = Text("办理议定事项并报告结果", "Do what was decided and report the result")
_OWED = Text("议定事项正在办理", "what was decided is being done")


def _owners(*values: str) -> Question:
    return asks("owner", *values)


def _done(name: str, by: Role, side: Text, owners: tuple[str, ...]) -> Step:
    return Step(
        name=name,
        sources=("open",),
        target="reported",
        label=Text("报告办结（{zh}）", "Report it done ({en})").filled(zh=side.zh, en=side.en),
        says=Text("{zh}报告办理结果", "The {en} reported the result").filled(zh=side.zh, en=side.en),
        rule="Q-matter; K72",
        by=by,
        fields=(NOTE,),
        evidence=(RESULT,),
        guards=(
            lambda situation: (
                None
                if situation.word("owner") in owners
                else Text("这件事由另一方办理。", "This is for the other side to do.")
            ),
        ),
    )


def _once_more(situation: Situation) -> Facts:
    return {"carried_over": situation.number("carried_over") + 1}


RESOLUTION = Definition(
    name="resolution",
    version=1,
    label=Text("议定事项", "Matter decided"),
    compartment=Compartment.JOINT,
    openings=(
        Opening(
            name="hand_out",
            by=MEETING,
            subject=RESOLUTION_FILE,
            state="open",
            label=Text("交办议定事项", "Hand out a matter decided"),
            says=Text("会议议定，交付办理", "The meeting decided, and handed it out"),
            rule="Q-matter; K72",
            fields=(
                Field("name", "text", Text("事项", "Matter"), "推动建会 / help a union along", maximum=100),
                Field(
                    "meeting",
                    "link",
                    Text("哪次会议", "Meeting"),
                    None,
                    to=MEETING_FILE,
                    standing_in=("minutes", "to_sign", "signed_by_union", "signed_by_party", "issued"),
                ),
                ITEM,
                OWNER,
                Field("town", "town", Text("落在哪个乡镇街道", "Town or street"), None, required=False),
                DUE,
            ),
        ),
    ),
    states=(
        State(
            "open",
            Text("办理中", "At work"),
            Work(UNION_LOCAL, _ASKED, _OWED, when=_owners("union", "both")),
            also=(Work(PARTY_LOCAL, _ASKED, _OWED, when=_owners("party", "both")),),
        ),
        State(
            "reported",
            Text("已报告，待销号", "Reported"),
            Work(
                MEETING,
                Text("核实结果，销号或退回", "Look at the result: clear it, or send it back"),
                Text("结果等联席会议核实", "the joint meeting has yet to look at the result"),
            ),
        ),
        State("cleared", Text("已销号", "Cleared"), settled=True, final=True),
        State("dropped", Text("不再办理", "Dropped"), settled=True, final=True),
    ),
    steps=(
        _done("report_for_union", UNION_LOCAL, Text("工会", "union"), ("union", "both")),
        _done("report_for_party", PARTY_LOCAL, Text("党组织", "Party body"), ("party", "both")),
        Step(
            name="clear",
            sources=("reported",),
            target="cleared",
            label=Text("销号", "Clear it"),
            says=Text("核实办结，销号", "The result was found true, and the matter cleared"),
            rule="Q-matter; K72",
            by=MEETING,
            not_by=("report_for_union", "report_for_party"),
        ),
        Step(
            name="send_back",
            sources=("reported",),
            target="open",
            label=Text("退回继续办理", "Send it back"),
            says=Text("退回继续办理", "It was sent back to be done"),
            rule="Q-matter; K72",
            by=MEETING,
            fields=(NOTE, DUE),
            derive=_once_more,
        ),
        Step(
            name="carry_over",
            sources=("open",),
            target=STAY,
            label=Text("延到新的时限", "Carry it over to a new day"),
            says=Text("经会议同意，时限顺延", "The meeting agreed to a new day"),
            rule="Q-matter; K72",
            by=MEETING,
            fields=(NOTE, DUE),
            derive=_once_more,
        ),
        Step(
            name="drop",
            gives_up=True,
            sources=("open", "reported"),
            target="dropped",
            label=Text("不再办理，说明理由", "Drop it, with the reason"),
            says=Text("会议决定不再办理", "The meeting decided to drop it"),
            rule="Q-matter; K72",
            by=MEETING,
            fields=(NOTE,),
        ),
    ),
    terms=(
        Term(
            "resolution",
            Text("议定事项时限", "Day set for the matter"),
            "meeting.resolution_max",
            ("open",),
            Work(
                MEETING,
                Text(
                    "议定事项逾期，列入下次会议",
                    "A matter decided is overdue: put it before the next meeting",
                ),
                Text("议定事项逾期", "the matter decided is overdue"),
            ),
            starts_again_on=("carry_over",),
            measure=until("due_on", roll=True),
        ),
    ),
)
