"""An enterprise moved to another division: the union that keeps its file is asked to hand over; no file is re-keyed by itself."""

from workflows.definition import Definition, Field, Opening, State, Step, Work
from workflows.procedures.enterprise_gone import closes, gone
from workflows.roles import UNION_SUPERIOR, Compartment
from workflows.words import Text

RELOCATION = Definition(
    name="relocation",
    version=1,
    label=Text("迁移交接", "Relocation"),
    compartment=Compartment.OPEN,
    reopens=True,
    openings=(
        Opening(
            on=("registry.moved",),
            state="hand_over_due",
            says=Text("登记机关通报企业迁移", "The registration office reported a move"),
            rule="L-18; U-24",
        ),
    ),
    states=(
        State(
            "hand_over_due",
            Text("待交接", "To be handed over"),
            Work(
                UNION_SUPERIOR,
                Text("与迁入地联系移交档案和隶属关系", "Arrange the hand-over with the destination"),
                Text("企业已迁移，等移交", "the enterprise moved; the hand-over is due"),
            ),
        ),
        State("handed_over", Text("已交接", "Handed over"), settled=True, final=True),
        gone(),
    ),
    steps=(
        Step(
            name="record_hand_over",
            sources=("hand_over_due",),
            target="handed_over",
            label=Text("登记交接", "Record the hand-over"),
            says=Text("与迁入地完成交接", "The hand-over with the destination is done"),
            rule="L-18; U-24",
            by=UNION_SUPERIOR,
            fields=(
                Field(
                    "note",
                    "text",
                    Text("交接情况", "Account"),
                    "已与迁入地总工会交接 / handed over",
                    maximum=500,
                ),
            ),
        ),
        closes("hand_over_due"),
    ),
)
