"""What the Party side's forms ask for, what stands against a step, and what follows from one (WORKFLOWS 2.4, decision table).

Only full members whose organisational relation is in the unit count; probationary members never do.
"""

from dataclasses import replace

from workflows.definition import Choice, Derive, Evidence, Facts, Field, Guard, Message, Situation
from workflows.elections import majority, plausible_figures, quorum, surplus
from workflows.guards import asks, at_least
from workflows.roles import PARTY_LOCAL, UNION_LOCAL
from workflows.words import Text

FULL = Field("full_members", "integer", Text("正式党员人数", "Full members"), 0)
PROBATIONARY = Field("probationary_members", "integer", Text("预备党员人数", "Probationary members"), 0)
NOTE = Field("note", "text", Text("意见", "Opinion"), "材料齐全 / complete", maximum=500)
REASON = Field("note", "text", Text("理由", "Reason"), "工作需要 / need of work", maximum=500)
#: The same, where it is written about those elected.
NOTE_ON_PERSONS = replace(NOTE, personal=True)
SECRETARY = Field(
    "suitable_secretary", "yes_no", Text("有合适的书记人选", "A suitable secretary is at hand"), True
)
NO_SECRETARY = Field(
    "suitable_secretary",
    "yes_no",
    Text("有合适的书记人选", "A suitable secretary is at hand"),
    False,
    required=False,
)
LIAISON_KIND = Field(
    "liaison_kind",
    "choice",
    Text("联络员来源", "Kind of liaison"),
    "dispatched",
    choices=(
        Choice("own", Text("本企业党员", "Own member")),
        Choice("dispatched", Text("上级下派", "Dispatched")),
    ),
)
JOINT_UNITS = Field("joint_units", "integer", Text("联合单位数", "Units joined"), 3, minimum=2, maximum=50)
VOTES = (
    Field("held_on", "date", Text("大会日期", "Date of the meeting"), 0, minimum=-3650, maximum=0),
    Field("entitled", "integer", Text("应到会正式党员", "Full members entitled"), 5, minimum=1),
    Field("present", "integer", Text("实到会正式党员", "Full members present"), 5, minimum=1),
    Field("votes_for", "integer", Text("当选者最低得票数", "Fewest votes of anyone elected"), 4),
)
POSTS = Field("posts", "integer", Text("应选名额", "Posts"), 3, minimum=1, maximum=50)
CANDIDATES = Field("candidate_count", "integer", Text("候选人数", "Candidates"), 4, minimum=1, maximum=60)

APPLICATION = Evidence(
    "branch_application",
    Text("成立党组织请示", "Request to form a Party organisation"),
    form="request",
    about="成立{name}党组织",
)
FORMATION_REPLY = Evidence(
    "branch_formation_approval",
    Text("同意成立的批复", "Reply approving the formation"),
    form="reply",
    about="成立{name}党组织",
)
SUPERIOR_DECISION = Evidence(
    "superior_decision", Text("上级直接作出的成立决定", "Superior's own decision to form")
)
ELECTION = Evidence("branch_election_record", Text("党员大会选举记录", "Record of the members' election"))
OFFICERS_REPLY = Evidence(
    "branch_officers_approval",
    Text("选举结果批复", "Reply on the officers elected"),
    form="reply",
    about="{name}党组织选举结果",
)
SMALLER_APPROVAL = Evidence(
    "smaller_form_approval",
    Text("同意不足人数设立的批复", "Reply approving the form below its number"),
    form="reply",
    about="{name}党组织按较小形式设立",
)
JOINT_APPLICATION = Evidence(
    "joint_branch_application",
    Text("成立（加入）联合党支部请示", "Request to form or join a joint branch"),
    form="request",
    about="{name}成立（加入）联合党支部",
)
JOINT_REPLY = Evidence(
    "joint_branch_approval",
    Text("联合党支部批复", "Reply on the joint branch"),
    form="reply",
    about="{name}成立（加入）联合党支部",
)
UPGRADE_APPLICATION = Evidence(
    "upgrade_application",
    Text("改建党总支（党委）请示", "Request to become a larger form"),
    form="request",
    about="{name}党组织改建",
)
DISSOLUTION = Evidence("branch_dissolution_decision", Text("撤销党组织的决定", "Decision to dissolve"))
MERGER = Evidence("branch_merger_decision", Text("党组织并入的决定", "Decision to merge the organisation"))
ADJUSTMENT = Evidence(
    "branch_adjustment_approval",
    Text("调整（更名）的批复", "Reply approving the adjustment"),
    form="reply",
    about="{name}党组织调整（更名）",
)
TRANSFER_RECEIPT = Evidence(
    "relations_transfer_receipt",
    Text("迁入地党组织接收回执", "Receipt of the Party organisation at the destination"),
)
FILING = Evidence(
    "branch_filing", Text("报组织部门备案回执", "Receipt of filing with the organisation department")
)

#: States in which a Party organisation stands by itself.
ORGANISATIONS = ("joint_branch", "branch", "branch_with_committee", "general_branch", "primary_committee")
#: Organisations of the unit's own, not shared with other units.
OWN = ("branch", "branch_with_committee", "general_branch", "primary_committee")
#: Under way to an organisation, perhaps out of another that stands meanwhile.
UPGRADING = ("joint_applying", "applying", "returned", "approved_to_form", "elected", "committee_elected")
#: What stands in the open drawer where an organisation does.
FORMS = ("joint_branch", "branch", "general_branch", "primary_committee")
#: The same of the unit's own.
OWN_FORMS = ("branch", "general_branch", "primary_committee")
FORMING = ("unsurveyed", "survey_due", "surveyed", "liaison_pending", *UPGRADING)

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
ENOUGH_FOR_BRANCH = Text(
    "正式党员{found}名，不少于{limit}名，不能以人数不足为由撤销。",
    "{found} full members are not fewer than {limit}; want of numbers is no ground to dissolve it.",
)
SMALLER = Text(
    "正式党员{found}名，已达{limit}名，应成立更高一级的组织。",
    "{found} full members reach {limit}: a larger form is due.",
)
LARGER = Text("正式党员{found}名，不足{limit}名。", "{found} full members, fewer than {limit}.")
NO_EXCEPTION = Text(
    "正式党员{found}名，已达{limit}名，按人数批复即可，不用例外。",
    "{found} full members reach {limit}: approve by numbers; no exception is needed.",
)

FORMED = Message(
    "party_formed",
    to=UNION_LOCAL,
    sender=PARTY_LOCAL,
    when=lambda situation: (
        situation.yes("newly_formed") and asks("union_form", "union", "covered")(situation)
    ),
)
LIAISON_NEWS = Message("liaison_appointed", to=UNION_LOCAL, sender=PARTY_LOCAL)


#: What an election must meet, whatever it elects.
def all_full_members_are_entitled(situation: Situation) -> Text | None:
    """Every full member on file may vote, and nobody else (K45 Art 5)."""
    full = situation.number("full_members")
    if not full or situation.number("entitled") == full:
        return None
    return Text(
        "应到会人数应与登记的正式党员{n}名一致；人数有变化的，先更新党员情况。",
        "Those entitled are the {n} full members on file; where their number changed, update the counts first.",
    ).filled(n=full)


ELECTED_RIGHTLY: tuple[Guard, ...] = (
    plausible_figures,
    all_full_members_are_entitled,
    quorum(
        "party.elect.quorum",
        Text(
            "到会党员不足应到的{share}，不能选举。",
            "Fewer than {share} of those entitled were present; no election can be held.",
        ),
    ),
    majority(
        Text("得票未超过{zh}党员的一半。", "Not more than half of those {en} voted in favour."),
        base_key="party.vote.base",
    ),
    surplus(
        "party.elect.surplus_percent",
        Text(
            "候选人应多于应选名额，差额不少于{share}%；名额和候选人数要一并填写。",
            "Candidates must outnumber posts by at least {share} %; give both numbers.",
        ),
    ),
)


# -- guards ------------------------------------------------------------------------------------------


def full(situation: Situation) -> int:
    """The only number that counts."""
    return situation.number("full_members")


def stands(situation: Situation) -> bool:
    """Is there a Party organisation?"""
    return situation.word("party_form") in FORMS


def nothing_stands(situation: Situation) -> Text | None:
    """A track ends by itself only where no organisation stands, whatever is being applied for."""
    return Text("单位已有党组织。", "A Party organisation stands.") if stands(situation) else None


def own_liaisons_allowed(situation: Situation) -> Text | None:
    if situation.policy.setting("liaison.own_allowed").value is True:
        return None
    return Text(
        "本地不由企业党员担任联络员。",
        "Local policy does not appoint liaisons from the enterprise's own members.",
    )


has_full_member = at_least(
    "full_members",
    1,
    Text(
        "本企业没有正式党员，只能下派联络员。",
        "There is no full member here; a liaison must be dispatched.",
    ),
)


def kind_fits(situation: Situation) -> Text | None:
    """An own liaison is one of the unit's full members, where the place has such liaisons at all."""
    if situation.word("liaison_kind") != "own":
        return None
    return own_liaisons_allowed(situation) or has_full_member(situation)


def few_enough_units(situation: Situation) -> Text | None:
    limit = situation.policy.number("party.joint.max_units")
    if situation.number("joint_units") <= limit:
        return None
    return Text(
        "联合党支部一般不超过{limit}个单位，请另组一个。",
        "A joint branch has no more than {limit} units; form another one.",
    ).filled(limit=limit)


def lacks_for_own_branch(situation: Situation) -> Text | None:
    """With the numbers for a branch, a joint one is for units that lack something else."""
    limit = situation.policy.number("party.branch.min")
    if full(situation) < limit or situation.facts.get("suitable_secretary") is False:
        return None
    return Text(
        "正式党员已达{limit}名，应单独成立党支部；没有合适书记人选的，请注明。",
        "With {limit} full members a branch of its own is due; if no suitable secretary is at hand, say so.",
    ).filled(limit=limit)


def _number_of_larger_form(situation: Situation) -> int:
    general = situation.word("party_form") == "general_branch"
    return situation.policy.number("party.primary.min" if general else "party.general.min")


def larger_form_is_due(situation: Situation) -> Text | None:
    """The next larger form has its number, or the superior is asked for an exception."""
    limit = _number_of_larger_form(situation)
    if situation.yes("asks_exception") or full(situation) >= limit:
        return None
    return Text(
        "正式党员{found}名，不足{limit}名；确需改建的，请注明申请例外。",
        "{found} full members, fewer than {limit}; if it is needed all the same, ask for an exception.",
    ).filled(found=full(situation), limit=limit)


def committee_of_right_size(situation: Situation) -> Text | None:
    low = situation.policy.number("party.committee.posts_min")
    high = situation.policy.number("party.committee.posts_max")
    if low <= situation.number("posts") <= high:
        return None
    return Text("支委会应为{low}至{high}人。", "A branch committee has {low} to {high} members.").filled(
        low=low, high=high
    )


def approved_and_elected(situation: Situation) -> Text | None:
    """Established never without an approval document and an election record (CONDUCT 5.2-3)."""
    held = situation.on_file
    decided = FORMATION_REPLY.kind in held or SUPERIOR_DECISION.kind in held
    return None if decided and {ELECTION.kind, OFFICERS_REPLY.kind} <= held else NO_PAPERS


def enterprise_was_merged(situation: Situation) -> Text | None:
    if "enterprise_merged" in (situation.word("review_cause"), situation.word("review_kept")):
        return None
    return Text(
        "没有收到企业合并、分立的通报，不能办理并入。",
        "No news of a merger or split has come; the organisation cannot be merged.",
    )


# -- what a form shows as its examples ---------------------------------------------------------------


def as_surveyed(situation: Situation) -> Facts:
    """The numbers as they stand, to be corrected."""
    return {
        name: situation.number(name)
        for name in ("full_members", "probationary_members")
        if name in situation.facts
    }


def all_came(situation: Situation) -> Facts:
    """Every full member came, and all were of one mind; candidates for the posts that the form calls for."""
    came = dict.fromkeys(("entitled", "present", "votes_for"), full(situation)) if full(situation) else {}
    return {**came, **candidates_for_posts(situation)}


def candidates_for_posts(situation: Situation) -> Facts:
    """A committee where there are members for one, else a secretary; with the surplus that the place asks for."""
    committee = full(situation) >= situation.policy.number("party.committee.min")
    return _standing_for(situation.policy.number("party.committee.posts_min") if committee else 1, situation)


def one_post_filled(situation: Situation) -> Facts:
    """A by-election: one post, and all came."""
    return {**all_came(situation), **_standing_for(1, situation)}


def _standing_for(posts: int, situation: Situation) -> Facts:
    more = -(-posts * situation.policy.number("party.elect.surplus_percent") // 100)
    return {"posts": posts, "candidate_count": posts + max(1, more)}


def exception_where_needed(situation: Situation) -> Facts:
    return {"asks_exception": full(situation) < _number_of_larger_form(situation)}


def few_units(situation: Situation) -> Facts:
    return {"joint_units": min(3, situation.policy.number("party.joint.max_units"))}


# -- what follows from a step ------------------------------------------------------------------------


def condition(situation: Situation) -> Facts:
    """The one thing the union side may know: whether the unit meets the condition for a Party organisation."""
    return {"party_condition": full(situation) >= situation.policy.number("party.branch.min")}


def formed(*, committee: bool) -> Derive:
    """`party_version` counts the times an organisation came or went, not which form it has: that is the Party's own.

    `office_from` is the day of the election from which the term of office counts (party_term).
    """

    def derive(situation: Situation) -> Facts:
        newly = not stands(situation)
        return {
            "party_committee": committee,
            "newly_formed": newly,
            "party_version": situation.number("party_version") + newly,
            "filed_upward": False,
            "liaison_left": False,
            "office_from": situation.facts.get("held_on"),
        }

    return derive


def formed_jointly(situation: Situation) -> Facts:
    """Whether it has a joint branch although its numbers would do for one of its own is remembered: that was decided."""
    enough = full(situation) >= situation.policy.number("party.branch.min")
    return {**formed(committee=False)(situation), "joint_by_choice": enough, "office_from": None}


def ended(situation: Situation) -> Facts:
    """No organisation any more; said at once, whatever the state that follows publishes."""
    return {"party_form": "none", "party_version": situation.number("party_version") + 1}
