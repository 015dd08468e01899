"""What befalls a Party organisation that stands: numbers rise or fall, the enterprise moves, changes or merges (P-11 to P-19).

Every change is somebody's decision with a paper behind it; the only step that follows by itself leaves all as it is. Relations
are transferred before a moved file is sent (relocation).
"""

from workflows.definition import STAY, Choice, Facts, Field, Situation, Step
from workflows.guards import below, fact_is, holds_evidence, reaches
from workflows.procedures.enterprise_gone import LEFT, winds_up
from workflows.procedures.party_guards import (
    ADJUSTMENT,
    CANDIDATES,
    DISSOLUTION,
    ELECTED_RIGHTLY,
    ELECTION,
    ENOUGH_FOR_BRANCH,
    FILING,
    FORMS,
    LARGER,
    LIAISON_KIND,
    MERGER,
    NO_PAPERS,
    NOTE_ON_PERSONS,
    OFFICERS_REPLY,
    ORGANISATIONS,
    POSTS,
    REASON,
    TRANSFER_RECEIPT,
    UPGRADE_APPLICATION,
    UPGRADING,
    VOTES,
    all_came,
    committee_of_right_size,
    ended,
    enterprise_was_merged,
    exception_where_needed,
    kind_fits,
    larger_form_is_due,
)
from workflows.roles import PARTY_LOCAL, PARTY_SUPERIOR
from workflows.words import Text

#: Wherever an organisation stands or may stand meanwhile.
PERHAPS_STANDING = (*ORGANISATIONS, *UPGRADING)
_STANDS = fact_is("party_form", *FORMS, why=Text("没有党组织。", "There is no Party organisation."))


def _ground_to_dissolve(situation: Situation) -> Text | None:
    """Too few full members for a branch, or the enterprise itself was merged or split."""
    if enterprise_was_merged(situation) is None:
        return None
    return below("full_members", "party.branch.min", ENOUGH_FOR_BRANCH)(situation)


def _ended_with_liaison_to_follow(situation: Situation) -> Facts:
    return {**ended(situation), "liaison_left": False}


def _not_filed_yet(situation: Situation) -> Text | None:
    return Text("已经备案。", "It has been filed already.") if situation.yes("filed_upward") else None


GROWING: tuple[Step, ...] = (
    Step(
        name="record_committee_election",
        sources=("branch",),
        target="committee_elected",
        label=Text("登记支委会选举结果", "Record the committee's election"),
        says=Text("党员大会选举支部委员会", "The members' meeting elected a branch committee"),
        rule="P-12",
        by=PARTY_LOCAL,
        fields=(*VOTES, POSTS, CANDIDATES),
        evidence=(ELECTION,),
        guards=(
            reaches("full_members", "party.committee.min", LARGER),
            committee_of_right_size,
            *ELECTED_RIGHTLY,
        ),
        suggests=all_came,
    ),
    Step(
        name="approve_committee",
        sources=("committee_elected",),
        target="branch_with_committee",
        label=Text("批准支委会", "Approve the committee"),
        says=Text("上级党组织批复，支部设立支委会", "The superior approved; the branch has a committee"),
        rule="P-12; P-9",
        by=PARTY_SUPERIOR,
        evidence=(OFFICERS_REPLY,),
        not_by=("record_committee_election",),
        derive=lambda situation: {
            "party_committee": True,
            "filed_upward": False,
            "office_from": situation.facts.get("held_on"),
        },
        emits=("party.adjusted",),
    ),
    Step(
        name="refuse_committee",
        sources=("committee_elected",),
        target="branch",
        label=Text("不予批准", "Refuse the committee"),
        says=Text("支委会选举结果未获批准，支部照旧", "The committee was not approved; the branch stays"),
        rule="P-12; P-9",
        by=PARTY_SUPERIOR,
        fields=(NOTE_ON_PERSONS,),
        not_by=("record_committee_election",),
    ),
    Step(
        name="apply_upgrade",
        sources=("branch", "branch_with_committee", "general_branch", "returned"),
        target="applying",
        label=Text("请示改建", "Apply for a larger form"),
        says=Text("请示改建党总支（党委）", "A larger form was applied for"),
        rule="P-13; K59",
        by=PARTY_LOCAL,
        fields=(
            Field(
                "asks_exception",
                "yes_no",
                Text("人数不足，申请例外", "Below the number: an exception is asked for"),
                False,
            ),
        ),
        evidence=(UPGRADE_APPLICATION,),
        guards=(
            fact_is(
                "party_form",
                "branch",
                "general_branch",
                why=Text("现有形式不能改建。", "The form that stands has no larger one."),
            ),
            larger_form_is_due,
        ),
        suggests=exception_where_needed,
    ),
)

FALLING: tuple[Step, ...] = (
    Step(
        name="end_as_liaison",
        sources=ORGANISATIONS,
        target="liaison_pending",
        label=Text("撤销后改设联络员", "Dissolve; a liaison follows"),
        says=Text("上级决定撤销党组织，改设联络员", "The superior dissolved it; a liaison is to follow"),
        rule="P-14; K60",
        by=PARTY_SUPERIOR,
        fields=(REASON, LIAISON_KIND),
        evidence=(DISSOLUTION, FILING),
        guards=(below("full_members", "party.branch.min", ENOUGH_FOR_BRANCH), kind_fits),
        not_by=("update_counts",),
        derive=_ended_with_liaison_to_follow,
        publish=("party_form", "party_version"),
        emits=("party.dissolved", "party.liaison_proposed"),
    ),
    Step(
        name="dissolve_after_review",
        sources=ORGANISATIONS,
        target="surveyed",
        label=Text("决定撤销，另定形式", "Dissolve; decide on another form"),
        says=Text(
            "上级决定撤销党组织，另定形式", "The superior dissolved it; another form is to be decided on"
        ),
        rule="P-14; K60",
        by=PARTY_SUPERIOR,
        fields=(REASON,),
        evidence=(DISSOLUTION, FILING),
        guards=(_ground_to_dissolve,),
        not_by=("update_counts",),
        derive=ended,
        publish=("party_form", "party_version"),
        emits=("party.dissolved",),
    ),
    Step(
        name="merge_organisation",
        sources=(*ORGANISATIONS, "winding_up"),
        target="merged",
        label=Text("并入另一党组织", "Merge into another organisation"),
        says=Text(
            "上级决定并入另一党组织，组织关系已转接", "The superior merged it; relations were transferred"
        ),
        rule="P-18; P-19; K59",
        by=PARTY_SUPERIOR,
        fields=(REASON,),
        evidence=(MERGER, FILING),
        guards=(enterprise_was_merged,),
        derive=ended,
        publish=("party_form", "party_version"),
        emits=("party.dissolved",),
    ),
)

STANDING: tuple[Step, ...] = (
    Step(
        name="record_filing",
        sources=ORGANISATIONS,
        target=STAY,
        label=Text("登记备案", "Record the filing"),
        says=Text(
            "批复和选举结果已报组织部门备案",
            "Approval and result were filed with the organisation department",
        ),
        rule="P-11; K56",
        by=PARTY_SUPERIOR,
        evidence=(FILING,),
        guards=(_not_filed_yet,),
        derive=lambda _: {"filed_upward": True},
    ),
    Step(
        name="adjust_after_restructuring",
        sources=ORGANISATIONS,
        target=STAY,
        label=Text("改制后调整（更名）", "Adjust after a restructuring"),
        says=Text(
            "企业改制，党组织经批准同步调整", "The enterprise was restructured; the organisation followed"
        ),
        rule="P-19; M08; K63",
        by=PARTY_SUPERIOR,
        fields=(
            Field(
                "adjustment",
                "choice",
                Text("调整事项", "What was adjusted"),
                "renamed",
                choices=(
                    Choice("renamed", Text("更名", "Renamed")),
                    Choice("rearranged", Text("调整设置", "Rearranged")),
                ),
            ),
            REASON,
        ),
        evidence=(ADJUSTMENT,),
    ),
    Step(
        name="superior_changed",
        sources=PERHAPS_STANDING,
        target=STAY,
        label=Text("随企业迁移，隶属新的上级", "Under a new superior"),
        says=Text(
            "企业迁移，党组织改由迁入地领导，形式不变",
            "The enterprise moved; the destination leads the organisation, which keeps its form",
        ),
        rule="P-18",
        on=("relocation.arrived",),
        guards=(_STANDS,),
        emits=("party.transferred",),
    ),
)

ENDING: tuple[Step, ...] = (
    winds_up(*PERHAPS_STANDING, guards=(_STANDS,)),
    Step(
        name="left_with_enterprise",
        sources=(*PERHAPS_STANDING, "winding_up"),
        target="leaving",
        label=Text("随企业迁往外地", "Goes elsewhere with the enterprise"),
        says=Text(
            "企业迁往本系统以外，组织照旧，等上级登记转出",
            "The enterprise moved to where this system does not reach; the organisation stands until its superior transfers it",
        ),
        rule="P-18",
        on=(LEFT,),
        guards=(_STANDS,),
    ),
    Step(
        name="transfer_out",
        sources=("leaving",),
        target="transferred",
        label=Text("登记转出", "Record the transfer"),
        says=Text(
            "组织关系已转往迁入地，党组织由迁入地领导",
            "The relations went to the destination, which leads the organisation from now on",
        ),
        rule="P-18",
        by=PARTY_SUPERIOR,
        evidence=(TRANSFER_RECEIPT,),
        derive=ended,
        publish=("party_version",),
        emits=("party.transferred",),
    ),
    Step(
        name="dissolve",
        sources=("winding_up", "leaving"),
        target="dissolved",
        label=Text("决定撤销", "Dissolve"),
        says=Text(
            "上级党组织决定撤销，组织关系已转接", "The superior dissolved it; relations were transferred"
        ),
        rule="P-18; K59",
        by=PARTY_SUPERIOR,
        evidence=(DISSOLUTION,),
        guards=(holds_evidence(DISSOLUTION.kind, NO_PAPERS),),
        derive=ended,
        publish=("party_version",),
        emits=("party.dissolved",),
    ),
)
