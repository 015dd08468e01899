"""A supervision order (督办单): a superior body has a body below it bring a late matter to its end, and clears it (督办、销号).

One declaration for both sides, each in its own drawer. Three levels, as the colours of the sheet are used: blue reminds, yellow warns, red is
overdue. What was finished late stays marked as late; nothing is cleared by itself.
"""

from workflows.definition import (
    STAY,
    Choice,
    Definition,
    Evidence,
    Facts,
    Field,
    Opening,
    Situation,
    State,
    Step,
    Term,
    Work,
)
from workflows.roles import PARTY_LOCAL, PARTY_SUPERIOR, UNION_LOCAL, UNION_SUPERIOR, Compartment, Role
from workflows.subjects import PARTY_ORDER as PARTY_FILE
from workflows.subjects import UNION_ORDER as UNION_FILE
from workflows.subjects import Subject
from workflows.terms import until
from workflows.words import Text

RESULT = Evidence("supervision_result", Text("办理结果材料", "Papers that show the result"))
NOTE = Field("note", "text", Text("情况说明", "Account"), "已办结 / done", maximum=500)
DUE = Field("due_on", "date", Text("办结时限", "Due on"), 10, minimum=1, maximum=184)
LEVEL = Field(
    "level",
    "choice",
    Text("督办级别", "Level"),
    "blue",
    choices=(
        Choice("blue", Text("■ 蓝：提醒", "■ blue: reminder")),
        Choice("yellow", Text("▲ 黄：预警", "▲ yellow: warning")),
        Choice("red", Text("● 红：超期督办", "● red: overdue")),
    ),
)


def _finished(situation: Situation) -> Facts:
    """Late once is late for good, whatever is handed in afterwards."""
    due = situation.day("due_on")
    return {"finished_late": situation.yes("finished_late") or (due is not None and situation.today > due)}


def _raised(situation: Situation) -> Facts:
    return {"orders": situation.number("orders") + 1}


def _order(
    name: str, label: Text, drawer: Compartment, file: Subject, above: Role, below: Role
) -> Definition:
    return Definition(
        name=name,
        version=1,
        label=label,
        compartment=drawer,
        openings=(
            Opening(
                name=f"issue_{name}",
                by=above,
                subject=file,
                state="issued",
                label=Text("发出{zh}", "Issue a {en}").filled(zh=label.zh, en=label.en.lower()),
                says=Text("发出督办单", "A supervision order was issued"),
                rule="S-order",
                fields=(
                    Field(
                        "name",
                        "text",
                        Text("督办事项", "Matter"),
                        "首次联系逾期 / a first contact overdue",
                        maximum=100,
                    ),
                    Field("town", "town", Text("哪个乡镇街道", "Town or street"), None, required=False),
                    LEVEL,
                    DUE,
                ),
            ),
        ),
        states=(
            State(
                "issued",
                Text("已发出", "Issued"),
                Work(
                    below,
                    Text("签收督办单", "Acknowledge the supervision order"),
                    Text("督办单还没有签收", "the order is not acknowledged yet"),
                ),
            ),
            State(
                "in_hand",
                Text("办理中", "In hand"),
                Work(
                    below,
                    Text("办理督办事项并反馈", "Do what the order asks and report"),
                    Text("督办事项正在办理", "what the order asks is being done"),
                ),
            ),
            State(
                "reported",
                Text("已反馈，待销号", "Reported"),
                Work(
                    above,
                    Text("核实反馈，销号或退回", "Look at the report: clear it, or send it back"),
                    Text("反馈等上级核实", "the superior has yet to look at the report"),
                ),
            ),
            State("cleared", Text("已销号", "Cleared"), settled=True, final=True),
            State("recalled", Text("已撤回", "Recalled"), settled=True, final=True),
        ),
        steps=(
            Step(
                name="acknowledge_order",
                sources=("issued",),
                target="in_hand",
                label=Text("签收", "Acknowledge it"),
                says=Text("督办单已签收", "The order was acknowledged"),
                rule="S-order",
                by=below,
            ),
            Step(
                name="report_order",
                sources=("in_hand",),
                target="reported",
                label=Text("反馈办理结果", "Report the result"),
                says=Text("反馈了办理结果", "The result was reported"),
                rule="S-order",
                by=below,
                fields=(NOTE,),
                evidence=(RESULT,),
                derive=_finished,
            ),
            Step(
                name="clear_order",
                sources=("reported",),
                target="cleared",
                label=Text("销号", "Clear it"),
                says=Text("核实办结，销号", "The result was found true, and the order cleared"),
                rule="S-order",
                by=above,
                not_by=("report_order",),
            ),
            Step(
                name="return_order",
                sources=("reported",),
                target="in_hand",
                label=Text("退回继续办理", "Send it back"),
                says=Text("退回继续办理", "It was sent back to be done"),
                rule="S-order",
                by=above,
                fields=(NOTE,),
            ),
            Step(
                name="raise_level",
                sources=("issued", "in_hand"),
                target=STAY,
                label=Text("调整级别和时限", "Change level and day"),
                says=Text("督办级别和时限作了调整", "The level and the day were changed"),
                rule="S-order",
                by=above,
                fields=(LEVEL, DUE),
                derive=_raised,
            ),
            Step(
                name="recall_order",
                sources=("issued", "in_hand"),
                target="recalled",
                label=Text("撤回督办单", "Recall the order"),
                says=Text("督办单撤回", "The order was recalled"),
                rule="S-order",
                by=above,
                gives_up=True,
                fields=(NOTE,),
            ),
        ),
        terms=(
            Term(
                "order_due",
                Text("督办时限", "Day set by the order"),
                "meeting.resolution_max",
                ("issued", "in_hand"),
                Work(
                    above,
                    Text("督办事项逾期未办结，请处理", "What the order asks is overdue: see to it"),
                    Text("督办事项逾期", "what the order asks is overdue"),
                ),
                starts_again_on=("raise_level",),
                measure=until("due_on", roll=True),
            ),
        ),
    )


UNION_ORDER = _order(
    "union_order",
    Text("督办单（工会）", "Supervision order (union)"),
    Compartment.UNION,
    UNION_FILE,
    UNION_SUPERIOR,
    UNION_LOCAL,
)
PARTY_ORDER = _order(
    "party_order",
    Text("督办单（党组织）", "Supervision order (Party)"),
    Compartment.PARTY,
    PARTY_FILE,
    PARTY_SUPERIOR,
    PARTY_LOCAL,
)
