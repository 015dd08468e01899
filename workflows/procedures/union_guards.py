"""What the union's forms ask for, the papers they rest on, and what stands against a step (WORKFLOWS 2.2).

The rules of the election itself stand in `union_election`.
"""

from dataclasses import replace

from workflows.definition import Choice, Evidence, Facts, Field, Situation
from workflows.guards import at_least, below, confirmed
from workflows.subjects import JOINT_UNION
from workflows.words import Text

UNION_MEMBERS = Field("union_members", "integer", Text("会员人数", "Union members"), 30)
WOMEN_MEMBERS = Field("women_members", "integer", Text("女会员人数", "Women members"), 6)
MIGRANT_MEMBERS = Field(
    "migrant_members", "integer", Text("农民工会员人数", "Migrant workers among them"), 5, required=False
)
COUNTS = (UNION_MEMBERS, WOMEN_MEMBERS, MIGRANT_MEMBERS)
#: An enterprise grows: whoever counts its members may say how many work there now.
HEADCOUNT = Field(
    "headcount", "integer", Text("现有从业人数", "Headcount now"), 60, required=False, publish=True
)
NOTE = Field("note", "text", Text("意见", "Opinion"), "材料齐全 / complete", maximum=500)
REASON = Field("note", "text", Text("理由", "Reason"), "工作需要 / needed elsewhere", maximum=500)
#: The same, where it is written about candidates or about the chair.
NOTE_ON_PERSONS, REASON_ON_PERSONS = replace(NOTE, personal=True), replace(REASON, personal=True)
UNIT_OPINION = Field(
    "unit_opinion",
    "choice",
    Text("单位党组织、行政的意见（仅供参考）", "Opinion of the unit's Party organisation and management"),
    "agrees",
    required=False,
    choices=(
        Choice("agrees", Text("同意", "Agrees")),
        Choice("objects", Text("不同意", "Objects")),
        Choice("none", Text("没有意见", "None given")),
    ),
)
REFUSAL = Field(
    "refusal",
    "choice",
    Text("理由", "Ground"),
    "duplicate",
    choices=(
        Choice("not_an_employer", Text("不是用人单位", "Not an employing unit")),
        Choice("wrong_jurisdiction", Text("不属本工会管辖", "Wrong jurisdiction")),
        Choice("duplicate", Text("重复申请", "Duplicate")),
    ),
)
VOLUNTARY = Field(
    "individual_and_voluntary",
    "yes_no",
    Text("每人都是本人自愿申请", "Each applied individually, of their own will"),
    True,
)
#: Where a joint union may take units in: its superior has approved that it is formed, and it has not ended.
TAKING_UNITS = (
    "approved", "covering", "candidates", "meeting_called", "elected", "reported", "election_void", "operating", "review",
)  # fmt: skip
JOINT_UNION_CHOSEN = Field(
    "joint_union", "link", Text("联合工会", "Joint union"), None, to=JOINT_UNION, standing_in=TAKING_UNITS
)
BODIES = (
    Field("audit_body", "yes_no", Text("已设经费审查组织", "Audit body set up"), True),
    Field(
        "women_body",
        "choice",
        Text("女职工组织", "Women workers' body"),
        "committee",
        choices=(
            Choice("committee", Text("女职工委员会", "Committee")),
            Choice("one_member", Text("女职工委员一人", "One women's member")),
            Choice("none", Text("没有女会员", "No women members")),
        ),
    ),
    Field("women_workers", "integer", Text("女职工人数", "Women workers"), 12, required=False),
    Field("full_time_chair", "yes_no", Text("设专职主席", "The chair is full-time"), False, required=False),
)

APPLICATION = Evidence(
    "union_application",
    Text(
        "建立工会请示（附单位情况、职工意愿）",
        "Request to found a union, with the unit's profile and the workers' wish",
    ),
    form="request",
    about="建立{name}工会",
)
PREPARATION_REPLY = Evidence(
    "preparation_approval",
    Text("同意筹建的批复", "Reply approving the preparation"),
    form="reply",
    about="筹建{name}工会",
)
MEMBERSHIP = Evidence(
    "membership_applications", Text("入会申请书及会员登记表", "Individual applications and member register")
)
JOINT_REPLY = Evidence(
    "joint_union_approval",
    Text("联合工会批复及覆盖单位名单", "Joint union's approval and list of covered units"),
    form="reply",
    about="{name}加入联合工会",
)
PUBLICITY = Evidence("candidate_publicity", Text("候选人公示材料", "Publication of the candidates"))
ELECTION = Evidence("union_election_record", Text("选举结果及会议记录", "Election result and minutes"))
RESULT_REPORT = Evidence(
    "union_result_report",
    Text("选举结果报告", "Report of the election result"),
    form="report",
    about="{name}工会选举结果",
)
APPROVAL = Evidence(
    "union_approval",
    Text("同意建立工会的批复", "Reply approving the union"),
    form="reply",
    about="建立{name}工会",
)
REMOVAL = Evidence(
    "chair_removal_record", Text("罢免主席的会议记录和表决结果", "Minutes and vote on the chair's removal")
)
TRANSFER_REPLY = Evidence(
    "chair_transfer_reply",
    Text("同意调动主席的批复", "Reply consenting to the chair's transfer"),
    form="reply",
    about="{name}工会主席工作调动",
)
DISSOLUTION = Evidence(
    "union_dissolution_report",
    Text("撤销报告", "Report of dissolution"),
    form="report",
    about="撤销{name}工会",
)

#: Where a union is being formed, and where one stands.
FORMING = (
    "not_started", "applying", "returned", "preparing", "group_formed", "recruited", "joining_joint",
    "organiser_only", "own_committee", "candidates", "meeting_called", "elected", "reported", "election_void",
)  # fmt: skip
STANDING = ("established", "operating", "transfer_asked")

NO_APPROVAL = Text(
    "档案里没有批复，不能认定工会成立。",
    "No written approval is on file; the union cannot be called established.",
)
NO_ELECTION = Text(
    "档案里没有选举记录，不能认定工会成立。",
    "No election record is on file; the union cannot be called established.",
)


# -- the request ---------------------------------------------------------------------------------------------


def group_size(situation: Situation) -> Text | None:
    low, high = situation.policy.number("union.group.minimum"), situation.policy.number("union.group.maximum")
    if low <= situation.number("group_size") <= high:
        return None
    return Text("筹备组应为{low}至{high}人。", "The preparatory group has {low} to {high} people.").filled(
        low=low, high=high
    )


def not_returned_before(situation: Situation) -> Text | None:
    """Defects are listed once, all of them; what comes back is decided on."""
    if not situation.yes("application_returned"):
        return None
    return Text(
        "请示已经退回补正过一次，请批准或者不予批准。",
        "The request was returned once already; approve or refuse it.",
    )


# -- members -------------------------------------------------------------------------------------------------


def members_of(situation: Situation) -> int | None:
    """How many members are recorded; None: nobody has recorded any number."""
    members = situation.facts.get("union_members")
    return members if isinstance(members, int) else None


def members_within_headcount(situation: Situation) -> Text | None:
    headcount = situation.facts.get("headcount")
    if not isinstance(headcount, int) or situation.number("union_members") <= headcount:
        return None
    return Text("会员人数多于从业人数，请核对。", "There are more members than workers; check the figures.")


def women_among_members(situation: Situation) -> Text | None:
    if situation.number("women_members") <= situation.number("union_members"):
        return None
    return Text(
        "女会员人数多于会员人数，请核对。", "There are more women members than members; check the figures."
    )


def migrants_among_members(situation: Situation) -> Text | None:
    if situation.number("migrant_members") <= situation.number("union_members"):
        return None
    return Text(
        "农民工会员人数多于会员人数，请核对。",
        "There are more migrant workers among the members than members; check the figures.",
    )


COUNTS_FIT = (members_within_headcount, women_among_members, migrants_among_members)
ADMITTED_LAWFULLY = (
    confirmed(
        "individual_and_voluntary",
        Text(
            "入会必须由职工本人自愿申请，不能由单位代办。",
            "Joining is voluntary and individual; an employer cannot do it for them.",
        ),
    ),
    at_least("union_members", 1, Text("还没有会员。", "There is no member yet.")),
    *COUNTS_FIT,
)


def smallest_group(situation: Situation) -> Facts:
    return {"group_size": situation.policy.number("union.group.minimum")}


def those_who_applied(situation: Situation) -> Facts:
    """As many as applied of their own will, and no more than work there."""
    applied, headcount = situation.number("applicants"), situation.facts.get("headcount")
    members = min(applied or 30, headcount) if isinstance(headcount, int) and headcount else applied or 30
    women = situation.facts.get("women_workers")
    women_members = min(6, members, women) if isinstance(women, int) else min(6, members)
    counts = {"union_members": members, "women_members": women_members, "migrant_members": min(5, members)}
    return counts | {"headcount": headcount if isinstance(headcount, int) else members}


def as_recorded(situation: Situation) -> Facts:
    """The numbers as they stand, for the clerk to correct."""
    names = ("union_members", "women_members", "migrant_members")
    return {name: situation.number(name) for name in names if name in situation.facts}


def as_recorded_here(situation: Situation) -> Facts:
    """The same, and how many work in the enterprise."""
    headcount = situation.facts.get("headcount")
    known = headcount if isinstance(headcount, int) else situation.number("union_members") or 30
    return {**as_recorded(situation), "headcount": known}


TOO_FEW_FOR_A_COMMITTEE = below(
    "union_members",
    "union.min_committee",
    Text(
        "会员{found}人，已达{limit}人，必须建立工会委员会。",
        "{found} members reach {limit}: a committee is mandatory.",
    ),
)


# -- what stands already ---------------------------------------------------------------------------------------


def own_union_stands(situation: Situation) -> Text | None:
    """A union formed anew, after a merger or from an organiser, stands as it was until the new one is approved."""
    if situation.word("union_form") == "union":
        return None
    return Text("本单位还没有自己的工会。", "The unit has no union of its own yet.")


def is_covered(situation: Situation) -> Text | None:
    if situation.word("union_form") == "covered":
        return None
    return Text("本单位没有由联合工会覆盖。", "No joint union covers the unit.")


def not_covered(situation: Situation) -> Text | None:
    if situation.word("union_form") != "covered":
        return None
    return Text(
        "本单位仍由联合工会覆盖；要换联合工会，请先办理退出。",
        "A joint union covers the unit still; leave that one before joining another.",
    )


def has_a_chair(situation: Situation) -> Text | None:
    if situation.word("union_kind") != "organiser":
        return None
    return Text("只设组织员的没有主席。", "A unit with an organiser alone has no chair.")


def merged(situation: Situation) -> Text | None:
    if situation.yes("after_merger"):
        return None
    return Text("单位没有合并或者分立。", "The unit was neither merged nor split.")


def not_merged(situation: Situation) -> Text | None:
    if not situation.yes("after_merger"):
        return None
    return Text("合并、分立后正在重新建会。", "After a merger or a split the union is being formed anew.")


def founded(situation: Situation) -> Facts:
    """Each founding and each cover raises the number, so that who was told of one knows the next as another.

    `office_from` and `office_years` are the election from which the term of office counts (union_term).
    """
    return {
        "union_version": situation.number("union_version") + 1,
        "after_merger": False,
        "office_from": situation.facts.get("held_on"),
        "office_years": situation.facts.get("term_years"),
    }


def established(situation: Situation) -> Facts:
    """A founding, with the day of the approval: what a campaign counts by."""
    return {**founded(situation), "established_on": situation.today.isoformat()}


# -- companion bodies (2.2.3) -----------------------------------------------------------------------------------


def _women_counted(situation: Situation) -> int | None:
    """The women whom the place counts; None: it counts the women workers, and nobody has given their number."""
    if situation.policy.word("union.women.base") == "members":
        return situation.number("women_members")
    workers = situation.facts.get("women_workers")
    return workers if isinstance(workers, int) else None


def _women_body(situation: Situation) -> Text | None:
    limit = situation.policy.number("union.women.threshold")
    counted, body = _women_counted(situation), situation.word("women_body")
    organiser = situation.word("union_kind") == "organiser"
    if body == "none" and situation.number("women_members") and not organiser:
        return Text(
            "有女会员，应设女职工委员会或女职工委员。",
            "There are women members: a women's committee or a women's member is due.",
        )
    if counted is None:
        return Text(
            "本地按女职工人数确定女职工组织，请填写女职工人数。",
            "Here the women workers are counted, members or not; enter their number.",
        )
    if counted < limit or body == "committee":
        return None
    if situation.policy.word("union.women.base") == "members":
        why = Text(
            "女会员达到{limit}人，应建立女职工委员会。",
            "With {limit} or more women members a women workers' committee is due.",
        )
    else:
        why = Text(
            "女职工达到{limit}人，应建立女职工委员会。",
            "With {limit} or more women workers a women workers' committee is due.",
        )
    return why.filled(limit=limit)


def usual_bodies(situation: Situation) -> Facts:
    """The women's body that the numbers on file call for."""
    women, limit = situation.number("women_members"), situation.policy.number("union.women.threshold")
    workers = max(women, situation.number("women_workers"))
    counted = women if situation.policy.word("union.women.base") == "members" else workers
    body = "committee" if counted >= limit else "one_member" if women else "none"
    return {"women_workers": workers, "women_body": body}


def _women_workers_fit(situation: Situation) -> Text | None:
    workers, headcount = situation.facts.get("women_workers"), situation.facts.get("headcount")
    if not isinstance(workers, int):
        return None
    if workers >= situation.number("women_members") and (
        not isinstance(headcount, int) or workers <= headcount
    ):
        return None
    return Text(
        "女职工人数应不少于女会员、不多于从业人数，请核对。",
        "Women workers are no fewer than women members and no more than all workers; check the figures.",
    )


def _audit(situation: Situation) -> Text | None:
    if situation.yes("audit_body") or situation.word("union_kind") == "organiser":
        return None
    return Text("应同时设立经费审查组织。", "An audit body must be set up at the same time.")


def _full_time_chair(situation: Situation) -> Text | None:
    start, found = situation.policy.number("union.full_time_chair.from"), situation.number("headcount")
    if not situation.yes("full_time_chair") or found >= start:
        return None
    return Text(
        "职工{start}人以上才可以设专职主席，本企业登记{found}人。",
        "A chair may be full-time from {start} workers on; {found} are recorded here.",
    ).filled(start=start, found=found)


BODIES_ARE_COMPLETE = (_audit, _women_workers_fit, _women_body, _full_time_chair)


# -- the chair's transfer (Trade Union Law Art 18) ----------------------------------------------------------------


def silence_is_consent_here(situation: Situation) -> Text | None:
    """Nowhere but where the place itself says so, and even there a person has to say it."""
    if situation.policy.setting("union.chair_transfer.deemed_consent").value is True:
        return None
    return Text(
        "本地没有“不答复视为同意”的规定，须等上级工会答复。",
        "No rule here takes silence for consent; the superior union must reply.",
    )


def reply_is_overdue(situation: Situation) -> Text | None:
    if situation.yes("transfer_unanswered"):
        return None
    return Text(
        "上级工会的答复期限还没有届满。", "The superior union's time for its reply has not run out yet."
    )


def party_is_not_asked(situation: Situation) -> bool:
    """Where no notice asks the Party side to act (notification.NOTIFY_PARTY), it is told the plain news."""
    return (
        situation.word("party_form") not in ("none", "liaison")
        or situation.facts.get("party_condition") is False
    )
