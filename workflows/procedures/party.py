"""Party organisation: survey, the decision table by full members, application, election, approval (WORKFLOWS 2.4).

Founding and abolishing always need the superior's decision, and falling numbers change nothing by themselves. The steps
stand beside: from numbers to an organisation in party_formation, what befalls one that stands in party_changes.
"""

from workflows.definition import STAY, Definition, Opening, Situation, State, Step, Term, Work
from workflows.guards import below, policy_is
from workflows.procedures.enterprise_gone import closes, elsewhere, gone, leaves
from workflows.procedures.extension import extends
from workflows.procedures.party_changes import (
    ENDING,
    FALLING,
    GROWING,
    STANDING,
)
from workflows.procedures.party_formation import APPLYING, DECIDING, GOING_BACK, JOINING
from workflows.procedures.party_guards import (
    BRANCH_IS_DUE,
    FORMING,
    FULL,
    LIAISON_NEWS,
    ORGANISATIONS,
    PROBATIONARY,
    UPGRADING,
    as_surveyed,
    condition,
    has_full_member,
    nothing_stands,
    own_liaisons_allowed,
)
from workflows.roles import PARTY_LOCAL, PARTY_SUPERIOR, Compartment
from workflows.spans import Span
from workflows.words import Text


def _organisation(name: str, label: Text, form: str) -> State:
    return State(name, label, settled=True, publishes={"party_form": form})


def _while_vacant(situation: Situation) -> Span | None:
    """It runs only where a liaison left: an enterprise that never had one has the time for its decision on the form."""
    return situation.policy.span("party.replace_liaison") if situation.yes("liaison_left") else None


def _until_filed(situation: Situation) -> Span | None:
    return None if situation.yes("filed_upward") else situation.policy.span("party.filing")


TERMS = (
    Term(
        "survey",
        Text("摸底期限", "Survey"),
        "party.survey",
        ("survey_due",),
        Work(
            PARTY_SUPERIOR,
            Text("摸底超期，请督促", "The survey is overdue: see to it"),
            Text("摸底已超期", "the survey is overdue"),
        ),
    ),
    Term(
        "decide_form",
        Text("确定形式期限", "Decision on the form"),
        "party.decide_form",
        ("surveyed",),
        Work(
            PARTY_SUPERIOR,
            Text("党组织形式久未确定，请督促", "The form is still undecided: see to it"),
            Text("确定形式已超期", "the decision on the form is overdue"),
        ),
    ),
    Term(
        "approve_branch",
        Text("批复期限", "Reply"),
        "party.approve_branch",
        ("applying", "joint_applying", "committee_elected"),
        Work(
            PARTY_SUPERIOR,
            Text("批复超期，请尽快答复", "The reply is overdue"),
            Text("批复已超期；不答复不等于同意", "the reply is overdue; silence is not consent"),
        ),
    ),
    Term(
        "elect",
        Text("选举期限", "Election"),
        "party.election",
        ("approved_to_form",),
        Work(
            PARTY_LOCAL,
            Text("选举超期，请抓紧", "The election is overdue"),
            Text("选举已超期", "the election is overdue"),
        ),
    ),
    Term(
        "replace_liaison",
        Text("另行选派期限", "Replacement of the liaison"),
        "party.replace_liaison",
        ("surveyed", "liaison_pending"),
        Work(
            PARTY_SUPERIOR,
            Text("联络员空缺超期，请督促选派", "The liaison has not been replaced: see to it"),
            Text("联络员空缺已超期", "the liaison's replacement is overdue"),
        ),
        measure=_while_vacant,
        rule="P-16",
    ),
    Term(
        "filing",
        Text("备案期限", "Filing"),
        "party.filing",
        ORGANISATIONS,
        Work(
            PARTY_SUPERIOR,
            Text("批复尚未报组织部门备案", "The approval has not been filed upward"),
            Text("备案已超期", "the filing is overdue"),
        ),
        met_by=("record_filing",),
        measure=_until_filed,
        rule="P-11",
    ),
)
_TERM = {term.name: term for term in TERMS}

PARTY = Definition(
    name="party",
    version=1,
    label=Text("组建党组织", "Party formation"),
    compartment=Compartment.PARTY,
    openings=(
        Opening(
            on=("lead.registered",),
            state="survey_due",
            guards=(policy_is("formation.order", "party_first", "parallel"),),
            says=Text("收到新设企业通报，开始摸底", "News of a new enterprise came; the survey begins"),
            rule="P-1; formation.order",
        ),
        Opening(
            on=("lead.registered",),
            state="unsurveyed",
            says=Text(
                "收到新设企业通报，待建会后摸底", "News of a new enterprise came; a survey follows the union"
            ),
            rule="P-1; formation.order",
        ),
    ),
    states=(
        State(
            "unsurveyed",
            Text("未摸底", "Unsurveyed"),
            waits_for=Text(
                "等建会情况通报，也可主动摸底", "the union's news; a survey may begin at any time"
            ),
        ),
        State(
            "survey_due",
            Text("待摸底", "Survey due"),
            Work(
                PARTY_LOCAL,
                Text("摸清党员情况", "Survey the Party members"),
                Text("党员情况还没有摸清", "the Party members have not been surveyed yet"),
            ),
        ),
        State(
            "surveyed",
            Text("已摸底，待定形式", "Surveyed"),
            Work(
                PARTY_LOCAL,
                Text("确定党组织形式或联络员", "Decide on an organisation or a liaison"),
                Text("党组织形式未定", "the form is undecided"),
            ),
            publishes={"party_form": "none"},
        ),
        State(
            "liaison_pending",
            Text("联络员任命中", "Liaison being appointed"),
            waits_for=Text("联络员还没有任命", "the liaison is not appointed yet"),
        ),
        State("liaison", Text("已有联络员", "Liaison"), settled=True, publishes={"party_form": "liaison"}),
        State(
            "joint_applying",
            Text("申请联合党支部", "Applying for a joint branch"),
            Work(
                PARTY_SUPERIOR,
                Text("审批联合党支部", "Decide on the joint branch"),
                Text("联合党支部等上级批复", "the superior has yet to reply on the joint branch"),
            ),
        ),
        _organisation("joint_branch", Text("联合党支部", "Joint branch"), "joint_branch"),
        State(
            "applying",
            Text("已请示，待批复", "Applied"),
            Work(
                PARTY_SUPERIOR,
                Text("研究批复", "Decide on the request"),
                Text("请示等上级党组织批复", "the superior Party body has yet to reply"),
            ),
        ),
        State(
            "returned",
            Text("退回", "Returned"),
            Work(
                PARTY_LOCAL,
                Text("补正后重新请示或撤回", "File again or withdraw"),
                Text("请示被退回", "the request was returned"),
            ),
        ),
        State(
            "approved_to_form",
            Text("同意成立，待选举", "Approved to form"),
            Work(
                PARTY_LOCAL,
                Text("召开党员大会选举", "Hold the members' election"),
                Text("党员大会还没有选举", "the election has not been held yet"),
            ),
        ),
        State(
            "elected",
            Text("已选举，待批复", "Elected"),
            Work(
                PARTY_SUPERIOR,
                Text("批复选举结果", "Reply on the officers"),
                Text("选举结果等上级批复", "the superior has yet to reply on the officers"),
            ),
        ),
        _organisation("branch", Text("党支部", "Branch"), "branch"),
        State(
            "committee_elected",
            Text("支委会已选举，待批复", "Committee elected"),
            Work(
                PARTY_SUPERIOR,
                Text("批复支委会选举结果", "Reply on the committee"),
                Text("支委会选举结果等上级批复", "the superior has yet to reply on the committee"),
            ),
        ),
        _organisation(
            "branch_with_committee", Text("党支部（设支委会）", "Branch with a committee"), "branch"
        ),
        _organisation("general_branch", Text("党总支", "General branch"), "general_branch"),
        _organisation("primary_committee", Text("基层党委", "Primary committee"), "primary_committee"),
        State(
            "winding_up",
            Text("善后", "Winding up"),
            Work(
                PARTY_SUPERIOR,
                Text("转接组织关系，决定撤销", "Transfer relations and decide on dissolution"),
                Text("企业已终止，等上级决定", "the enterprise ended; the superior has yet to decide"),
            ),
        ),
        State(
            "leaving",
            Text("企业迁往外地，待转出", "To be transferred elsewhere"),
            Work(
                PARTY_SUPERIOR,
                Text("与迁入地办完转接，登记转出", "Complete the transfer and record it"),
                Text(
                    "企业已迁往外地，等上级登记转出",
                    "the enterprise moved elsewhere; the superior has yet to record the transfer",
                ),
            ),
        ),
        State(
            "dissolved",
            Text("已撤销", "Dissolved"),
            settled=True,
            final=True,
            publishes={"party_form": "none"},
        ),
        State(
            "merged",
            Text("已并入另一党组织", "Merged into another"),
            settled=True,
            final=True,
            publishes={"party_form": "none"},
        ),
        gone({"party_form": "none"}),
        elsewhere({"party_form": "none"}),
    ),
    steps=(
        Step(
            name="survey_called",
            sources=("unsurveyed",),
            target="survey_due",
            label=Text("开始摸底", "Survey called"),
            says=Text("得知建会情况，开始摸底", "The union's news came; the survey begins"),
            rule="P-1",
            on=("union.established", "union.covered", "union.stalled", "lead.stalled"),
        ),
        Step(
            name="survey",
            sources=("unsurveyed", "survey_due", "surveyed"),
            target="surveyed",
            label=Text("登记党员情况", "Record the survey"),
            says=Text("党员情况摸底完成", "The Party members were surveyed"),
            rule="P-1",
            by=PARTY_LOCAL,
            fields=(FULL, PROBATIONARY),
            derive=condition,
            publish=("party_condition",),
            emits=("party.surveyed",),
            suggests=as_surveyed,
        ),
        Step(
            name="update_counts",
            sources=("liaison", *ORGANISATIONS, *(name for name in UPGRADING if name != "elected")),
            target=STAY,
            label=Text("更新党员情况", "Update the counts"),
            says=Text(
                "更新党员情况；组织形式不因此自动改变",
                "The counts were updated; the form does not change by itself",
            ),
            rule="P-12; P-13; P-14; P-15; P-17",
            by=PARTY_LOCAL,
            fields=(FULL, PROBATIONARY),
            derive=condition,
            publish=("party_condition",),
            emits=("party.counts_updated",),
            suggests=as_surveyed,
        ),
        *APPLYING,
        Step(
            name="propose_dispatched_liaison",
            sources=("surveyed",),
            target="liaison_pending",
            label=Text("拟下派联络员", "Propose a dispatched liaison"),
            says=Text("拟下派党建联络员", "A liaison is to be dispatched"),
            rule="P-2; M13",
            by=PARTY_LOCAL,
            guards=(below("full_members", "party.branch.min", BRANCH_IS_DUE),),
            derive=lambda _: {"liaison_kind": "dispatched"},
            emits=("party.liaison_proposed",),
        ),
        Step(
            name="propose_own_liaison",
            sources=("surveyed",),
            target="liaison_pending",
            label=Text("拟由本企业党员任联络员", "Propose an own liaison"),
            says=Text("拟由本企业党员担任联络员", "One of the enterprise's own members is to be liaison"),
            rule="P-3; M12",
            by=PARTY_LOCAL,
            guards=(
                own_liaisons_allowed,
                has_full_member,
                below("full_members", "party.branch.min", BRANCH_IS_DUE),
            ),
            derive=lambda _: {"liaison_kind": "own"},
            emits=("party.liaison_proposed",),
        ),
        Step(
            name="liaison_appointed",
            sources=("liaison_pending",),
            target="liaison",
            label=Text("联络员到任", "Liaison in post"),
            says=Text("联络员已任命", "The liaison was appointed"),
            rule="P-2; P-3",
            on=("liaison.appointed",),
            derive=lambda _: {"liaison_left": False},
            sends=(LIAISON_NEWS,),
        ),
        Step(
            name="liaison_not_appointed",
            sources=("liaison_pending",),
            target="surveyed",
            label=Text("联络员人选未落实", "Liaison not appointed"),
            says=Text("联络员人选未落实，另定形式", "The liaison was not appointed; the form is open again"),
            rule="P-3",
            on=("liaison.declined",),
        ),
        Step(
            name="liaison_ended",
            sources=("liaison",),
            target="surveyed",
            label=Text("联络员离任", "Liaison left"),
            says=Text("联络员离任，须另行选派", "The liaison left; another is to be found"),
            rule="P-16",
            on=("liaison.revoked",),
            derive=lambda _: {"liaison_left": True},
        ),
        Step(
            name="liaison_left_meanwhile",
            sources=UPGRADING,
            target=STAY,
            label=Text("联络员离任（申请办理中）", "Liaison left during the application"),
            says=Text("申请办理期间联络员离任", "The liaison left while the application was under way"),
            rule="P-16",
            on=("liaison.revoked",),
            derive=lambda _: {"party_form": "none", "liaison_left": True},
            publish=("party_form",),
        ),
        *JOINING,
        *DECIDING,
        *GROWING,
        *STANDING,
        *ENDING,
        *FALLING,
        *GOING_BACK,
        extends(_TERM["approve_branch"], by=PARTY_SUPERIOR, not_by=("apply_branch", "apply_joint_branch")),
        extends(_TERM["elect"], by=PARTY_SUPERIOR),
        closes(*FORMING, "liaison", guards=(nothing_stands,)),
        leaves(*FORMING, "liaison", guards=(nothing_stands,)),
    ),
    terms=TERMS,
)
