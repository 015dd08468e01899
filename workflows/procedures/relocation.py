"""Relocation (迁移): an enterprise moved to another county, and its file with all its history goes over to the union there.

No file is re-keyed by itself: the superior at the origin sends it, and only the superior at the destination accepts it. Until
then it may come back. At every moment it lies with one of the two, and only that one sees it. The organisations in it stay as
they are. Where a Party form stands, the Party side transfers its relations first, on its own papers: this drawer is open, so
it holds that the transfer is done, and no number.
"""

from workflows.definition import (
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
from workflows.guards import confirmed, holds_evidence
from workflows.procedures.enterprise_gone import LEFT, closes, gone
from workflows.roles import PARTY_SUPERIOR, UNION_SUPERIOR, Compartment
from workflows.words import Text

HAND_OVER_LIST = Evidence("hand_over_list", Text("档案移交清单", "List of the archives handed over"))
RECEIPT = Evidence("hand_over_receipt", Text("外地接收回执", "Receipt of the body that took it over"))

RELATIONS = Field(
    "relations_transferred",
    "yes_no",
    Text("组织关系已经转接（不写人数和姓名）", "The Party relations are transferred (no numbers, no names)"),
    True,
)
TOWN = Field("town", "town", Text("所在乡镇街道", "Town or street"), None, required=False)
NOTE = Field(
    "note",
    "text",
    Text("交接情况（不写个人情况和党员人数）", "Account (no persons, no numbers of members)"),
    "已核对 / checked",
    maximum=500,
)
REASON = Field(
    "reason",
    "text",
    Text("退回原因（对方可见）", "Why it goes back (the other side reads it)"),
    "缺少档案 / papers are missing",
    maximum=200,
)

DUE = ("party_hand_over_due", "hand_over_due")


def _party_form_stands(situation: Situation) -> Text | None:
    if situation.word("party_form") not in ("", "none"):
        return None
    return Text("没有需要转接的党组织关系。", "There is no Party form whose relations could be transferred.")


def _destination_known(situation: Situation) -> Text | None:
    if situation.word("moved_to"):
        return None
    return Text(
        "登记机关没有通报迁往何处，请先核实。",
        "The registration office did not say where to; find out first.",
    )


def _origin_known(situation: Situation) -> Text | None:
    if situation.word("moved_from"):
        return None
    return Text("不知道案卷从哪里来，不能退回。", "Where the file came from is not known; it cannot go back.")


def _nowhere(_: Situation) -> Facts:
    return {"moved_to": None, "moved_from": None}


def _not_accepted_yet(situation: Situation) -> Text | None:
    if situation.yes("sent"):
        return None
    return Text("案卷本来就在本地，不用接收。", "The file lies here already; there is nothing to accept.")


_LISTED = holds_evidence(
    HAND_OVER_LIST.kind, Text("没有移交清单。", "There is no list of what was handed over.")
)


def _nothing_to_accept(situation: Situation) -> Text | None:
    if not situation.yes("sent"):
        return None
    return Text(
        "案卷移交过来还没有接收：企业在本地的，请办理“企业在本地，予以接收”。",
        "The file was sent here and not accepted yet: where the enterprise is here, accept it after all.",
    )


RELOCATION = Definition(
    name="relocation",
    version=1,
    label=Text("迁移交接", "Relocation"),
    compartment=Compartment.OPEN,
    reopens=True,
    openings=(
        Opening(
            on=("registry.moved",),
            state="party_hand_over_due",
            guards=(_party_form_stands,),
            says=Text(
                "登记机关通报企业迁移，先转接党组织关系",
                "The registration office reported a move; the Party relations are transferred first",
            ),
            rule="P-18; L-18",
        ),
        Opening(
            on=("registry.moved",),
            state="hand_over_due",
            says=Text("登记机关通报企业迁移", "The registration office reported a move"),
            rule="L-18; U-24",
        ),
    ),
    states=(
        State(
            "party_hand_over_due",
            Text("待转接党组织关系", "Party relations to be transferred"),
            Work(
                PARTY_SUPERIOR,
                Text("与迁入地党组织转接组织关系", "Transfer the Party relations to the destination"),
                Text(
                    "企业已迁移，等转接党组织关系", "the enterprise moved; its Party relations are to follow"
                ),
            ),
        ),
        State(
            "hand_over_due",
            Text("待移交", "To be handed over"),
            Work(
                UNION_SUPERIOR,
                Text("向迁入地移交案卷和隶属关系", "Hand file and subordination over to the destination"),
                Text("企业已迁移，等移交", "the enterprise moved; the hand-over is due"),
            ),
        ),
        State(
            "offered",
            Text("已移交，待接收", "Sent, to be accepted"),
            Work(
                UNION_SUPERIOR,
                Text("核对档案，接收或者退回", "Check the archives; accept the file or return it"),
                Text(
                    "案卷等迁入地上级工会接收", "the superior union at the destination has yet to accept it"
                ),
            ),
        ),
        State("handed_over", Text("已交接", "Handed over"), settled=True, final=True),
        State("transferred", Text("已移交外地", "Handed over elsewhere"), settled=True, final=True),
        State("stayed", Text("没有迁出", "Did not move away"), settled=True, final=True),
        gone(),
    ),
    steps=(
        Step(
            name="transfer_party_relations",
            sources=("party_hand_over_due",),
            target="hand_over_due",
            label=Text("登记组织关系转接", "Record the transfer of relations"),
            says=Text("党组织关系已转接到迁入地", "The Party relations were transferred to the destination"),
            rule="P-18",
            by=PARTY_SUPERIOR,
            fields=(RELATIONS,),
            guards=(
                confirmed(
                    "relations_transferred",
                    Text("组织关系转接完成后再登记。", "Record it once the relations are transferred."),
                ),
            ),
        ),
        Step(
            name="send_file",
            sources=("hand_over_due",),
            target="offered",
            label=Text("移交案卷", "Send the file"),
            says=Text("案卷连同档案移交迁入地", "The file went to the destination with its archives"),
            rule="L-18; U-24",
            by=UNION_SUPERIOR,
            evidence=(HAND_OVER_LIST,),
            guards=(_destination_known,),
            derive=lambda _: {"sent": True},
            moves_file="moved_to",
        ),
        Step(
            name="hand_over_outside",
            sources=("hand_over_due",),
            target="transferred",
            label=Text("移交本系统以外", "Hand over outside this system"),
            says=Text(
                "迁入地不在本系统，凭回执完成移交，案卷留在原地备查",
                "The destination is outside this system; handed over on receipt, the file stays here to be read",
            ),
            rule="L-18; U-24",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
            evidence=(RECEIPT,),
            emits=(LEFT,),
        ),
        Step(
            name="keep_here",
            sources=DUE,
            target="stayed",
            label=Text("核实没有迁出", "Found not to have moved"),
            says=Text(
                "核实企业没有迁出，不再移交",
                "The enterprise was found not to have moved; nothing is handed over",
            ),
            rule="L-18",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
            guards=(_nothing_to_accept,),
            derive=_nowhere,
            publish=("moved_to", "moved_from"),
        ),
        Step(
            name="accept_after_all",
            sources=DUE,
            target="handed_over",
            label=Text("企业在本地，予以接收", "It is here after all: accept"),
            says=Text(
                "核实企业在本地，接收案卷，不再转出",
                "The enterprise was found to be here; the file was accepted and goes no further",
            ),
            rule="L-18; U-24",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
            guards=(_not_accepted_yet, _LISTED),
            not_by=("send_file",),
            derive=lambda situation: {**_nowhere(situation), "sent": False},
            publish=("moved_to", "moved_from"),
            emits=("relocation.arrived",),
        ),
        Step(
            name="moved_back_to_be_accepted",
            sources=DUE,
            target="offered",
            label=Text("迁回，待接收", "Moved back, to be accepted"),
            says=Text(
                "登记机关通报企业仍在本地，案卷等接收",
                "The enterprise is here after all; the file is still to be accepted",
            ),
            rule="L-18",
            on=("registry.moved_back",),
            guards=(_not_accepted_yet, _LISTED),
        ),
        Step(
            name="moved_back",
            sources=DUE,
            target="stayed",
            label=Text("迁回原地", "Moved back"),
            says=Text(
                "登记机关通报企业迁回原地，不再移交", "The enterprise moved back; nothing is handed over"
            ),
            rule="L-18",
            on=("registry.moved_back",),
        ),
        Step(
            name="accept",
            sources=("offered",),
            target="handed_over",
            label=Text("接收案卷", "Accept the file"),
            says=Text("迁入地上级工会接收案卷", "The superior union at the destination accepted the file"),
            rule="L-18; U-24",
            by=UNION_SUPERIOR,
            fields=(TOWN,),
            not_by=("send_file",),
            derive=lambda _: {"sent": False},
            emits=("relocation.arrived",),
        ),
        Step(
            name="return_file",
            sources=("offered",),
            target="hand_over_due",
            label=Text("退回案卷", "Return the file"),
            says=Text("迁入地未接收，案卷退回", "The destination did not accept it; the file went back"),
            rule="L-18; U-24",
            by=UNION_SUPERIOR,
            fields=(REASON,),
            guards=(_origin_known,),
            not_by=("send_file",),
            derive=lambda _: {"sent": False},
            moves_file="moved_from",
        ),
        Step(
            name="moved_again_with_party",
            sources=("offered",),
            target="party_hand_over_due",
            label=Text("再次迁移", "Moved again"),
            says=Text(
                "接收之前企业再次迁移，先转接党组织关系",
                "The enterprise moved again before it was accepted; the Party relations are transferred first",
            ),
            rule="P-18; L-18",
            on=("registry.moved",),
            guards=(_party_form_stands,),
        ),
        Step(
            name="moved_again",
            sources=("offered",),
            target="hand_over_due",
            label=Text("再次迁移", "Moved again"),
            says=Text(
                "接收之前企业再次迁移，转往新的迁入地",
                "Moved again before it was accepted; it goes on from here",
            ),
            rule="L-18; U-24",
            on=("registry.moved",),
        ),
        closes(*DUE, "offered"),
    ),
    terms=(
        Term(
            "send",
            Text("移交期限", "Hand-over"),
            "transfer.send",
            DUE,
            Work(
                UNION_SUPERIOR,
                Text(
                    "移交超期，请移交案卷或者查明原因",
                    "The hand-over is overdue: send the file, or find out why not",
                ),
                Text("移交已超期", "the hand-over is overdue"),
            ),
            rule="L-18",
        ),
        Term(
            "accept",
            Text("接收期限", "Acceptance"),
            "transfer.accept",
            ("offered",),
            Work(
                UNION_SUPERIOR,
                Text(
                    "接收超期，请接收或者说明原因退回",
                    "Acceptance is overdue: accept the file, or return it and say why",
                ),
                Text("接收已超期；不答复不等于接收", "acceptance is overdue; silence accepts nothing"),
            ),
            rule="L-18",
        ),
    ),
)
