"""The steps from numbers to a Party organisation: application, election, approval, and the ways back (P-4 to P-10).

Founding always needs the superior's decision and an election record, and whoever applied or recorded does not decide.
"""

from dataclasses import replace

from workflows.definition import Guard, Situation, Step
from workflows.guards import at_least, below, confirmed, fact_is, reaches
from workflows.procedures.party_guards import (
    APPLICATION,
    CANDIDATES,
    ELECTED_RIGHTLY,
    ELECTION,
    ENOUGH_FOR_BRANCH,
    FORMATION_REPLY,
    FORMED,
    HAS_BRANCH_NUMBERS,
    JOINT_APPLICATION,
    JOINT_REPLY,
    JOINT_UNITS,
    LARGER,
    NO_EXCEPTION,
    NO_SECRETARY,
    NOTE,
    NOTE_ON_PERSONS,
    OFFICERS_REPLY,
    OWN,
    OWN_FORMS,
    POSTS,
    REASON,
    SECRETARY,
    SMALLER,
    SMALLER_APPROVAL,
    SUPERIOR_DECISION,
    VOTES,
    all_came,
    approved_and_elected,
    few_enough_units,
    few_units,
    formed,
    formed_jointly,
    lacks_for_own_branch,
)
from workflows.roles import PARTY_LOCAL, PARTY_SUPERIOR
from workflows.words import Text


def _no_organisation_of_its_own(situation: Situation) -> Text | None:
    if situation.word("party_form") not in OWN_FORMS:
        return None
    return Text(
        "单位已有单独的党组织，应办理改建或者调整。",
        "The unit has an organisation of its own; ask to change that one instead.",
    )


def _own_branch_falls_short(situation: Situation) -> Text | None:
    if situation.word("party_form") not in OWN_FORMS:
        return None
    return below("full_members", "party.branch.min", ENOUGH_FOR_BRANCH)(situation)


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
        guards=(reaches("full_members", low, LARGER), *upper, approved_and_elected),
        not_by=("record_election",),
        derive=formed(committee=target != "branch"),
        publish=("party_version",),
        emits=("party.formed",),
        sends=(FORMED,),
    )


def _formed_below_its_number(name: str, target: str, label: Text, number: str, source: str) -> Step:
    """A larger form than the numbers call for: the superior says why, and the written approval is on file."""
    return Step(
        name=name,
        sources=("elected",),
        target=target,
        label=label,
        says=Text(
            "人数不足，上级党组织专门批准：{zh}", "Below its number, approved for a reason: {en}"
        ).filled(zh=label.zh, en=label.en),
        rule=f"P-9; 2.4 decision table; {source}",
        by=PARTY_SUPERIOR,
        fields=(REASON,),
        evidence=(OFFICERS_REPLY, SMALLER_APPROVAL),
        guards=(
            reaches("full_members", "party.branch.min", LARGER),
            below("full_members", number, NO_EXCEPTION),
            approved_and_elected,
        ),
        not_by=("record_election",),
        derive=formed(committee=True),
        publish=("party_version",),
        emits=("party.formed",),
        sends=(FORMED,),
    )


def _kept(name: str, target: str, form: str = "", *guards: Guard) -> Step:
    """An application withdrawn leaves the form that stood before it."""
    return Step(
        name=f"withdraw_to_{name}",
        sources=("returned", "approved_to_form"),
        target=target,
        label=Text("撤回申请", "Withdraw the application"),
        says=Text("撤回申请，原有形式不变", "The application was withdrawn; the form stays as it was"),
        rule="P-7",
        by=PARTY_LOCAL,
        guards=(fact_is("party_form", form or name, why=_OTHER_FORM), *guards),
    )


_OTHER_FORM = Text("与现有形式不符。", "Not the form that stands.")


def _has_committee(situation: Situation) -> Text | None:
    return None if situation.yes("party_committee") else _OTHER_FORM


def _has_no_committee(situation: Situation) -> Text | None:
    return _OTHER_FORM if situation.yes("party_committee") else None


APPLYING: tuple[Step, ...] = (
    Step(
        name="apply_branch",
        sources=("surveyed", "liaison", "joint_branch", "returned"),
        target="applying",
        label=Text("请示成立党组织", "Apply to form"),
        says=Text("请示成立党组织", "Formation was applied for"),
        rule="P-5; P-17",
        by=PARTY_LOCAL,
        fields=(SECRETARY,),
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
            _no_organisation_of_its_own,
        ),
    ),
)

JOINING: tuple[Step, ...] = (
    Step(
        name="apply_joint_branch",
        sources=("surveyed", "liaison", "returned", *OWN),
        target="joint_applying",
        label=Text("请示加入联合党支部", "Apply for a joint branch"),
        says=Text("请示成立（加入）联合党支部", "A joint branch was applied for"),
        rule="P-4; P-14; K40",
        by=PARTY_LOCAL,
        fields=(JOINT_UNITS, NO_SECRETARY),
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
            few_enough_units,
            _own_branch_falls_short,
            lacks_for_own_branch,
        ),
        suggests=few_units,
    ),
    Step(
        name="approve_joint_branch",
        sources=("joint_applying",),
        target="joint_branch",
        label=Text("批准联合党支部", "Approve the joint branch"),
        says=Text("批准成立（加入）联合党支部", "The joint branch was approved"),
        rule="P-4; P-14",
        by=PARTY_SUPERIOR,
        evidence=(JOINT_REPLY,),
        not_by=("apply_joint_branch",),
        derive=formed_jointly,
        publish=("party_version",),
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
)

DECIDING: tuple[Step, ...] = (
    Step(
        name="decide_directly",
        sources=("surveyed", "liaison", "joint_branch"),
        target="approved_to_form",
        label=Text("上级直接决定成立", "Decide directly"),
        says=Text("因工作需要，上级党组织直接决定成立", "The superior decided directly that one be formed"),
        rule="P-10; K56",
        by=PARTY_SUPERIOR,
        fields=(REASON,),
        evidence=(SUPERIOR_DECISION,),
        guards=(
            reaches("full_members", "party.branch.min", HAS_BRANCH_NUMBERS),
            _no_organisation_of_its_own,
        ),
    ),
    Step(
        name="approve_formation",
        sources=("applying",),
        target="approved_to_form",
        label=Text("同意成立", "Approve the formation"),
        says=Text("上级党组织同意成立", "The superior approved the formation"),
        rule="P-6; P-13; K56",
        by=PARTY_SUPERIOR,
        evidence=(FORMATION_REPLY,),
        not_by=("apply_branch", "apply_upgrade"),
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
        not_by=("apply_branch", "apply_upgrade"),
    ),
    Step(
        name="record_election",
        sources=("approved_to_form",),
        target="elected",
        label=Text("登记选举结果", "Record the election"),
        says=Text("党员大会选举完成", "The members' meeting held the election"),
        rule="P-8; K57; K58",
        by=PARTY_LOCAL,
        fields=(*VOTES, replace(POSTS, required=False), replace(CANDIDATES, required=False)),
        evidence=(ELECTION,),
        guards=ELECTED_RIGHTLY,
        suggests=all_came,
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
    _formed_below_its_number(
        "approve_general_branch_below",
        "general_branch",
        Text("党总支（例外）", "general branch by exception"),
        "party.general.min",
        "K48 Art 5",
    ),
    _formed_below_its_number(
        "approve_primary_committee_below",
        "primary_committee",
        Text("基层党委（例外）", "primary committee by exception"),
        "party.primary.min",
        "K48 Art 4",
    ),
)

GOING_BACK: tuple[Step, ...] = (
    Step(
        name="refuse_officers",
        sources=("elected",),
        target="approved_to_form",
        label=Text("不予批准，重新选举", "Refuse: elect again"),
        says=Text("选举结果未获批准，重新选举", "The officers were not approved; elect again"),
        rule="P-9",
        by=PARTY_SUPERIOR,
        fields=(NOTE_ON_PERSONS,),
        not_by=("record_election",),
    ),
    _kept("liaison", "liaison"),
    _kept("joint_branch", "joint_branch"),
    _kept("branch", "branch", "branch", _has_no_committee),
    _kept("branch_with_committee", "branch_with_committee", "branch", _has_committee),
    _kept("general_branch", "general_branch"),
    _kept("primary_committee", "primary_committee"),
    _kept("none", "surveyed"),
)
