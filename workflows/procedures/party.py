"""Party organisation: survey, the decision table by full members, application, election, approval (WORKFLOWS 2.4).

Only full members whose organisational relation is in the unit count; probationary members never do. Founding and abolishing
always need the superior's decision, and falling numbers change nothing by themselves.
"""

from workflows.definition import (
    STAY,
    Definition,
    Evidence,
    Facts,
    Field,
    Message,
    Opening,
    Situation,
    State,
    Step,
    Term,
    Work,
)
from workflows.elections import majority, plausible_figures, quorum
from workflows.guards import asks, at_least, below, confirmed, fact_is, holds_evidence, policy_is, reaches
from workflows.procedures.enterprise_gone import closes, gone, winds_up
from workflows.roles import PARTY_LOCAL, PARTY_SUPERIOR, UNION_LOCAL, Compartment
from workflows.words import Text

FULL = Field("full_members", "integer", Text("正式党员人数", "Full members"), 0)
PROBATIONARY = Field("probationary_members", "integer", Text("预备党员人数", "Probationary members"), 0)
NOTE = Field("note", "text", Text("意见", "Opinion"), "材料齐全 / complete", maximum=500)

APPLICATION = Evidence("branch_application", Text("成立党组织请示", "Request to form a Party organisation"))
FORMATION_REPLY = Evidence(
    "branch_formation_approval", Text("同意成立的批复", "Reply approving the formation")
)
ELECTION = Evidence("branch_election_record", Text("党员大会选举记录", "Record of the members' election"))
OFFICERS_REPLY = Evidence("branch_officers_approval", Text("选举结果批复", "Reply on the officers elected"))
JOINT_APPLICATION = Evidence(
    "joint_branch_application", Text("成立（加入）联合党支部请示", "Request to form or join a joint branch")
)
JOINT_REPLY = Evidence("joint_branch_approval", Text("联合党支部批复", "Reply on the joint branch"))
DISSOLUTION = Evidence("branch_dissolution_decision", Text("撤销党组织的决定", "Decision to dissolve"))

ORGANISATIONS = ("joint_branch", "branch", "branch_with_committee", "general_branch", "primary_committee")
#: Under way to an organisation, perhaps out of a joint branch that stands meanwhile.
UPGRADING = ("joint_applying", "applying", "returned", "approved_to_form", "elected")
FORMS = ("joint_branch", "branch", "general_branch", "primary_committee")
FORMING = (
    "unsurveyed",
    "survey_due",
    "surveyed",
    "liaison_pending",
    "joint_applying",
    "applying",
    "returned",
    "approved_to_form",
    "elected",
)
NO_PAPERS = Text(
    "档案里缺少批复或选举记录，不能认定党组织成立。",
    "Approval or election record is missing; it cannot be called formed.",
)
HAS_BRANCH_NUMBERS = Text(
    "正式党员{found}名，不足{limit}名，不具备成立党支部条件。",
    "{found} full members, fewer than {limit}: no branch can be formed.",
)
BRANCH_IS_DUE = Text(
    "正式党员{found}名，已达{limit}名，应成立党支部，不设联络员。",
    "{found} full members reach {limit}: a branch is due, not a liaison.",
)
SMALLER = Text(
    "正式党员{found}名，已达{limit}名，应成立更高一级的组织。",
    "{found} full members reach {limit}: a larger form is due.",
)
LARGER = Text("正式党员{found}名，不足{limit}名。", "{found} full members, fewer than {limit}.")

FORMED = Message(
    "party_formed", to=UNION_LOCAL, sender=PARTY_LOCAL, when=asks("union_form", "union", "covered")
)
LIAISON_NEWS = Message("liaison_appointed", to=UNION_LOCAL, sender=PARTY_LOCAL)
QUORUM = quorum(
    "party.elect.quorum",
    Text(
        "到会党员不足应到的{share}，不能选举。",
        "Fewer than {share} of those entitled were present; no election can be held.",
    ),
)
MAJORITY = majority(
    Text("得票未超过应到会党员的一半。", "Not more than half of those entitled voted in favour.")
)


def _condition(situation: Situation) -> Facts:
    """The one thing the union side may know: whether the unit meets the condition for a Party organisation."""
    return {
        "party_condition": situation.number("full_members") >= situation.policy.number("party.branch.min")
    }


def _own_liaisons_allowed(situation: Situation) -> Text | None:
    if situation.policy.setting("liaison.own_allowed").value is True:
        return None
    return Text(
        "本地不由企业党员担任联络员。",
        "Local policy does not appoint liaisons from the enterprise's own members.",
    )


def _papers(situation: Situation) -> Text | None:
    held = {FORMATION_REPLY.kind, ELECTION.kind, OFFICERS_REPLY.kind}
    return None if held <= situation.on_file else NO_PAPERS


def _formed_as(name: str, target: str, label: Text, low: str, high: str | None) -> Step:
    """One row of the decision table: officers approved, and the form that the number of full members calls for."""
    upper = () if high is None else (below("full_members", high, SMALLER),)
    return Step(
        name=name,
        sources=("elected",),
        target=target,
        label=label,
        says=Text("上级党组织批复，{zh}成立", "The superior approved; formed: {en}").filled(
            zh=label.zh, en=label.en
        ),
        rule="P-9; 2.4 decision table",
        by=PARTY_SUPERIOR,
        evidence=(OFFICERS_REPLY,),
        guards=(reaches("full_members", low, LARGER), *upper, _papers),
        not_by=("record_election",),
        emits=("party.formed",),
        sends=(FORMED,),
    )


def _kept(name: str, target: str) -> Step:
    """An application withdrawn leaves the form that stood before it."""
    return Step(
        name=f"withdraw_to_{name}",
        sources=("returned", "approved_to_form"),
        target=target,
        label=Text("撤回申请", "Withdraw the application"),
        says=Text("撤回申请，原有形式不变", "The application was withdrawn; the form stays as it was"),
        rule="P-7",
        by=PARTY_LOCAL,
        guards=(fact_is("party_form", name, why=Text("与现有形式不符。", "Not the form that stands.")),),
    )


def _organisation(name: str, label: Text, form: str) -> State:
    return State(name, label, settled=True, publishes={"party_form": form})


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
            rule="P0; formation.order",
        ),
        Opening(
            on=("lead.registered",),
            state="unsurveyed",
            says=Text(
                "收到新设企业通报，待建会后摸底", "News of a new enterprise came; a survey follows the union"
            ),
            rule="P0; formation.order",
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
            "dissolved",
            Text("已撤销", "Dissolved"),
            settled=True,
            final=True,
            publishes={"party_form": "none"},
        ),
        gone({"party_form": "none"}),
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
            derive=_condition,
            publish=("party_condition",),
        ),
        Step(
            name="update_counts",
            sources=("liaison", *ORGANISATIONS),
            target=STAY,
            label=Text("更新党员情况", "Update the counts"),
            says=Text(
                "更新党员情况；组织形式不因此自动改变",
                "The counts were updated; the form does not change by itself",
            ),
            rule="P-12 to P-17",
            by=PARTY_LOCAL,
            fields=(FULL, PROBATIONARY),
            derive=_condition,
            publish=("party_condition",),
        ),
        Step(
            name="apply_branch",
            sources=("surveyed", "liaison", "joint_branch", "returned"),
            target="applying",
            label=Text("请示成立党组织", "Apply to form"),
            says=Text("请示成立党组织", "Formation was applied for"),
            rule="P-5; P-17",
            by=PARTY_LOCAL,
            fields=(
                Field(
                    "suitable_secretary",
                    "yes_no",
                    Text("有合适的书记人选", "A suitable secretary is at hand"),
                    True,
                ),
            ),
            evidence=(APPLICATION,),
            guards=(
                reaches("full_members", "party.branch.min", HAS_BRANCH_NUMBERS),
                confirmed(
                    "suitable_secretary",
                    Text(
                        "没有合适的书记人选，可先加入联合党支部。",
                        "Without a suitable secretary a joint branch is the way.",
                    ),
                ),
            ),
        ),
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
                _own_liaisons_allowed,
                at_least(
                    "full_members",
                    1,
                    Text(
                        "本企业没有正式党员，只能下派联络员。",
                        "There is no full member here; a liaison must be dispatched.",
                    ),
                ),
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
            sends=(LIAISON_NEWS,),
        ),
        Step(
            name="liaison_not_appointed",
            sources=("liaison_pending",),
            target="surveyed",
            label=Text("联络员人选未落实", "Liaison not appointed"),
            says=Text("联络员人选未落实，另定形式", "The liaison was not appointed; the form is open again"),
            rule="P-3: consent",
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
        ),
        Step(
            name="liaison_left_meanwhile",
            sources=UPGRADING,
            target=STAY,
            label=Text("联络员离任（申请办理中）", "Liaison left during the application"),
            says=Text("申请办理期间联络员离任", "The liaison left while the application was under way"),
            rule="P-16",
            on=("liaison.revoked",),
            derive=lambda _: {"party_form": "none"},
            publish=("party_form",),
        ),
        Step(
            name="apply_joint_branch",
            sources=("surveyed", "liaison", "returned"),
            target="joint_applying",
            label=Text("请示加入联合党支部", "Apply for a joint branch"),
            says=Text("请示成立（加入）联合党支部", "A joint branch was applied for"),
            rule="P-4; K40",
            by=PARTY_LOCAL,
            fields=(
                Field("joint_units", "integer", Text("联合单位数", "Units joined"), 3, minimum=2, maximum=50),
            ),
            evidence=(JOINT_APPLICATION,),
            guards=(
                at_least(
                    "full_members",
                    1,
                    Text(
                        "没有正式党员，不能加入联合党支部。",
                        "Without a full member no joint branch can be joined.",
                    ),
                ),
            ),
        ),
        Step(
            name="approve_joint_branch",
            sources=("joint_applying",),
            target="joint_branch",
            label=Text("批准联合党支部", "Approve the joint branch"),
            says=Text("批准成立（加入）联合党支部", "The joint branch was approved"),
            rule="P-4",
            by=PARTY_SUPERIOR,
            evidence=(JOINT_REPLY,),
            not_by=("apply_joint_branch",),
            emits=("party.formed",),
            sends=(FORMED,),
        ),
        Step(
            name="return_joint_branch",
            sources=("joint_applying",),
            target="returned",
            label=Text("退回", "Return"),
            says=Text("联合党支部请示被退回", "The request for a joint branch was returned"),
            rule="P-7",
            by=PARTY_SUPERIOR,
            fields=(NOTE,),
            not_by=("apply_joint_branch",),
        ),
        Step(
            name="approve_formation",
            sources=("applying",),
            target="approved_to_form",
            label=Text("同意成立", "Approve the formation"),
            says=Text("上级党组织同意成立", "The superior approved the formation"),
            rule="P-6; K56",
            by=PARTY_SUPERIOR,
            evidence=(FORMATION_REPLY,),
            not_by=("apply_branch",),
        ),
        Step(
            name="return_request",
            sources=("applying",),
            target="returned",
            label=Text("退回", "Return"),
            says=Text("请示被退回", "The request was returned"),
            rule="P-7",
            by=PARTY_SUPERIOR,
            fields=(NOTE,),
            not_by=("apply_branch",),
        ),
        Step(
            name="record_election",
            sources=("approved_to_form",),
            target="elected",
            label=Text("登记选举结果", "Record the election"),
            says=Text("党员大会选举完成", "The members' meeting held the election"),
            rule="P-8; K57; K58",
            by=PARTY_LOCAL,
            fields=(
                Field(
                    "held_on", "date", Text("大会日期", "Date of the meeting"), 0, minimum=-3650, maximum=0
                ),
                Field("entitled", "integer", Text("应到会正式党员", "Full members entitled"), 5, minimum=1),
                Field("present", "integer", Text("实到会正式党员", "Full members present"), 5, minimum=1),
                Field("votes_for", "integer", Text("当选者最低得票数", "Fewest votes of anyone elected"), 4),
            ),
            evidence=(ELECTION,),
            guards=(plausible_figures, QUORUM, MAJORITY),
        ),
        _formed_as(
            "approve_branch", "branch", Text("党支部", "branch"), "party.branch.min", "party.committee.min"
        ),
        _formed_as(
            "approve_branch_with_committee",
            "branch_with_committee",
            Text("党支部（设支委会）", "branch with a committee"),
            "party.committee.min",
            "party.general.min",
        ),
        _formed_as(
            "approve_general_branch",
            "general_branch",
            Text("党总支", "general branch"),
            "party.general.min",
            "party.primary.min",
        ),
        _formed_as(
            "approve_primary_committee",
            "primary_committee",
            Text("基层党委", "primary committee"),
            "party.primary.min",
            None,
        ),
        winds_up(
            *ORGANISATIONS,
            *UPGRADING,
            guards=(
                fact_is("party_form", *FORMS, why=Text("没有党组织。", "There is no Party organisation.")),
            ),
        ),
        Step(
            name="refuse_officers",
            sources=("elected",),
            target="approved_to_form",
            label=Text("不予批准，重新选举", "Refuse: elect again"),
            says=Text("选举结果未获批准，重新选举", "The officers were not approved; elect again"),
            rule="P-9",
            by=PARTY_SUPERIOR,
            fields=(NOTE,),
            not_by=("record_election",),
        ),
        _kept("liaison", "liaison"),
        _kept("joint_branch", "joint_branch"),
        _kept("none", "surveyed"),
        closes(*FORMING, "liaison"),
        Step(
            name="dissolve",
            sources=("winding_up",),
            target="dissolved",
            label=Text("决定撤销", "Dissolve"),
            says=Text(
                "上级党组织决定撤销，组织关系已转接", "The superior dissolved it; relations were transferred"
            ),
            rule="P-18; K59",
            by=PARTY_SUPERIOR,
            evidence=(DISSOLUTION,),
            guards=(holds_evidence(DISSOLUTION.kind, NO_PAPERS),),
        ),
    ),
    terms=(
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
            ("applying", "joint_applying"),
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
    ),
)
