"""Union formation: application, preparation, individual and voluntary joining, election, approval (WORKFLOWS 2.2).

"Established" is never reached without an election record and the superior's written approval on file.
"""

from workflows.definition import (
    Choice,
    Definition,
    Evidence,
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
from workflows.guards import at_least, below, confirmed, denied, holds_evidence, lasted_days, not_after_today
from workflows.procedures.enterprise_gone import closes, gone, winds_up
from workflows.roles import PARTY_LOCAL, UNION_LOCAL, UNION_SUPERIOR, Compartment
from workflows.words import Text

UNION_MEMBERS = Field("union_members", "integer", Text("会员人数", "Union members"), 30)
WOMEN_MEMBERS = Field("women_members", "integer", Text("女会员人数", "Women members"), 6)
NOTE = Field("note", "text", Text("意见", "Opinion"), "材料齐全 / complete", maximum=500)

APPLICATION = Evidence("union_application", Text("建立工会请示", "Request to found a union"))
PREPARATION_REPLY = Evidence(
    "preparation_approval", Text("同意筹建的批复", "Reply approving the preparation")
)
MEMBERSHIP = Evidence(
    "membership_applications", Text("入会申请书及会员登记表", "Individual applications and member register")
)
JOINT_REPLY = Evidence(
    "joint_union_approval",
    Text("联合工会批复及覆盖单位名单", "Joint union's approval and list of covered units"),
)
PUBLICITY = Evidence("candidate_publicity", Text("候选人公示材料", "Publication of the candidates"))
ELECTION = Evidence("union_election_record", Text("选举结果及会议记录", "Election result and minutes"))
RESULT_REPORT = Evidence("union_result_report", Text("选举结果报告", "Report of the election result"))
APPROVAL = Evidence("union_approval", Text("同意建立工会的批复", "Reply approving the union"))
DISSOLUTION = Evidence("union_dissolution_report", Text("撤销报告", "Report of dissolution"))

FORMING = (
    "not_started", "applying", "returned", "preparing", "group_formed", "recruited", "joining_joint",
    "organiser_only", "own_committee", "candidates", "meeting_called", "elected", "reported", "election_void",
)  # fmt: skip
NO_APPROVAL = Text(
    "档案里没有批复，不能认定工会成立。",
    "No written approval is on file; the union cannot be called established.",
)
NO_ELECTION = Text(
    "档案里没有选举记录，不能认定工会成立。",
    "No election record is on file; the union cannot be called established.",
)
ENOUGH = Text(
    "会员{found}人，已达{limit}人，必须建立工会委员会。",
    "{found} members reach {limit}: a committee is mandatory.",
)
QUORUM = quorum(
    "union.elect.quorum",
    Text(
        "到会人数不足应到的{share}，选举无效，请登记“选举未成”。",
        "Fewer than {share} of those entitled were present: record the election as void.",
    ),
)
MAJORITY = majority(
    Text(
        "得票未超过应到人数的一半，请登记“选举未成”。",
        "Not more than half of those entitled voted in favour: record the election as void.",
    )
)


def _group_size(situation: Situation) -> Text | None:
    low, high = situation.policy.number("union.group.minimum"), situation.policy.number("union.group.maximum")
    if low <= situation.number("group_size") <= high:
        return None
    return Text("筹备组应为{low}至{high}人。", "The preparatory group has {low} to {high} people.").filled(
        low=low, high=high
    )


def _members_within_headcount(situation: Situation) -> Text | None:
    headcount = situation.facts.get("headcount")
    if not isinstance(headcount, int) or situation.number("union_members") <= headcount:
        return None
    return Text("会员人数多于从业人数，请核对。", "There are more members than workers; check the figures.")


def _women_among_members(situation: Situation) -> Text | None:
    if situation.number("women_members") <= situation.number("union_members"):
        return None
    return Text(
        "女会员人数多于会员人数，请核对。", "There are more women members than members; check the figures."
    )


def _more_candidates_than_posts(situation: Situation) -> Text | None:
    posts, candidates = situation.number("posts"), situation.number("candidate_count")
    share = situation.policy.number("union.elect.surplus_percent")
    if candidates > posts and (candidates - posts) * 100 >= posts * share:
        return None
    return Text(
        "候选人应多于应选名额，差额不少于{share}%。", "Candidates must outnumber posts by at least {share} %."
    ).filled(share=share)


def _women_body(situation: Situation) -> Text | None:
    limit, women, body = (
        situation.policy.number("union.women.threshold"),
        situation.number("women_members"),
        situation.word("women_body"),
    )
    if body == "none" and women and situation.word("union_kind") != "organiser":
        return Text(
            "有女会员，应设女职工委员会或女职工委员。",
            "There are women members: a women's committee or a women's member is due.",
        )
    if women < limit or body == "committee":
        return None
    return Text(
        "女会员达到{limit}人，应建立女职工委员会。",
        "With {limit} or more women members a women workers' committee is due.",
    ).filled(limit=limit)


def _audit(situation: Situation) -> Text | None:
    if situation.yes("audit_body") or situation.word("union_kind") == "organiser":
        return None
    return Text("应同时设立经费审查组织。", "An audit body must be set up at the same time.")


def _held_after_publication(situation: Situation) -> Text | None:
    held, published = situation.day("held_on"), situation.day("published_to")
    if held is None or published is None or held >= published:
        return None
    return Text(
        "大会不能早于候选人公示结束日{day}。",
        "The meeting cannot precede the end of the candidates' publication, {day}.",
    ).filled(day=published)


def _party_is_not_asked(situation: Situation) -> bool:
    """Where no notice asks the Party side to act (notification.NOTIFY_PARTY), it is told the plain news."""
    return (
        situation.word("party_form") not in ("none", "liaison")
        or situation.facts.get("party_condition") is False
    )


UNION = Definition(
    name="union",
    version=1,
    label=Text("组建工会", "Union formation"),
    compartment=Compartment.UNION,
    openings=(
        Opening(
            on=("lead.ready",),
            state="not_started",
            says=Text("职工愿意，启动组建工会程序", "The workers are willing; union formation begins"),
            rule="L-12; U0",
        ),
        Opening(
            on=("lead.covered",),
            state="covered",
            says=Text("联合工会已覆盖本单位", "A joint union covers this unit"),
            rule="L-19",
            emits=("union.covered",),
            sends=(Message("union_covered", to=PARTY_LOCAL, sender=UNION_LOCAL),),
        ),
    ),
    states=(
        State(
            "not_started",
            Text("待申请", "Not started"),
            Work(
                UNION_LOCAL,
                Text("帮助提出建会请示", "Help to file the request"),
                Text("还没有提出建会请示", "the request to found a union has not been filed"),
            ),
        ),
        State(
            "applying",
            Text("已申请，待批筹建", "Applied"),
            Work(
                UNION_SUPERIOR,
                Text("审批筹建请示", "Decide on the request"),
                Text("筹建请示等上级工会批复", "the superior union has yet to reply"),
            ),
        ),
        State(
            "returned",
            Text("退回补正", "Returned for correction"),
            Work(
                UNION_LOCAL,
                Text("补正后重新提出", "Correct and file again"),
                Text("请示被退回，等补正", "the request was returned and awaits correction"),
            ),
        ),
        State(
            "preparing",
            Text("同意筹建", "Preparation approved"),
            Work(
                UNION_LOCAL,
                Text("成立筹备组", "Form the preparatory group"),
                Text("筹备组还没有成立", "the preparatory group is not formed yet"),
            ),
        ),
        State(
            "group_formed",
            Text("筹备组已成立", "Preparatory group formed"),
            Work(
                UNION_LOCAL,
                Text("受理职工个人入会申请", "Take workers' individual applications"),
                Text("正在发展会员", "members are joining"),
            ),
        ),
        State(
            "recruited",
            Text("会员已发展", "Members admitted"),
            Work(
                UNION_LOCAL,
                Text("决定组织形式", "Decide the form"),
                Text("组织形式未定", "the form of organisation is undecided"),
            ),
        ),
        State(
            "joining_joint",
            Text("加入联合工会", "Joining a joint union"),
            Work(
                UNION_SUPERIOR,
                Text("审批加入联合工会", "Decide on joining the joint union"),
                Text(
                    "等上级工会批复加入联合工会", "the superior union has yet to admit it to the joint union"
                ),
            ),
        ),
        State(
            "organiser_only",
            Text("选举组织员", "Electing an organiser"),
            Work(
                UNION_LOCAL,
                Text("选举组织员", "Elect the organiser"),
                Text("组织员还没有选出", "the organiser is not elected yet"),
            ),
        ),
        State(
            "own_committee",
            Text("单独建会", "Own committee"),
            Work(
                UNION_LOCAL,
                Text("提名委员和主席候选人", "Nominate candidates"),
                Text("候选人还没有提名", "candidates are not nominated yet"),
            ),
        ),
        State(
            "candidates",
            Text("候选人公示与审查", "Candidates under review"),
            Work(
                UNION_SUPERIOR,
                Text("审查候选人", "Examine the candidates"),
                Text("候选人等上级工会审查", "the superior union has yet to examine the candidates"),
            ),
        ),
        State(
            "meeting_called",
            Text("召开会员大会", "Meeting called"),
            Work(
                UNION_LOCAL,
                Text("召开大会并登记选举结果", "Hold the meeting and record the election"),
                Text("会员大会还没有召开", "the members' meeting has not been held yet"),
            ),
        ),
        State(
            "elected",
            Text("已选举", "Elected"),
            Work(
                UNION_LOCAL,
                Text("报告选举结果", "Report the result"),
                Text("选举结果还没有上报", "the result has not been reported yet"),
            ),
        ),
        State(
            "reported",
            Text("已上报，待批复", "Reported"),
            Work(
                UNION_SUPERIOR,
                Text("批复选举结果", "Reply on the result"),
                Text("选举结果等上级工会批复", "the superior union has yet to reply on the result"),
            ),
        ),
        State(
            "election_void",
            Text("选举未成", "Election void"),
            Work(
                UNION_LOCAL,
                Text("重新组织选举", "Elect again"),
                Text("选举未成，等重新选举", "the election was void; another is due"),
            ),
        ),
        State(
            "established",
            Text("已建会", "Established"),
            Work(
                UNION_LOCAL,
                Text("健全经审、女工组织，刻章开户", "Set up audit and women's bodies, seal and account"),
                Text("配套组织还没有健全", "the companion bodies are not complete yet"),
            ),
            publishes={"union_form": "union"},
        ),
        State("operating", Text("正常运转", "Operating"), settled=True, publishes={"union_form": "union"}),
        State(
            "covered",
            Text("联合工会覆盖", "Covered by a joint union"),
            settled=True,
            publishes={"union_form": "covered"},
        ),
        State("refused", Text("不予批准", "Refused"), settled=True),
        State("abandoned", Text("中止筹建", "Abandoned"), settled=True),
        State(
            "winding_up",
            Text("善后", "Winding up"),
            Work(
                UNION_SUPERIOR,
                Text("决定撤销并处理善后", "Decide on dissolution and wind up"),
                Text(
                    "企业已终止，等上级工会决定", "the enterprise ended; the superior union has yet to decide"
                ),
            ),
        ),
        State(
            "dissolved",
            Text("已撤销", "Dissolved"),
            settled=True,
            final=True,
            publishes={"union_form": "none"},
        ),
        gone({"union_form": "none"}),
    ),
    steps=(
        Step(
            name="file_application",
            sources=("not_started",),
            target="applying",
            label=Text("提出建会请示", "File the request"),
            says=Text("提出建立工会请示", "The request to found a union was filed"),
            rule="U-1",
            by=UNION_LOCAL,
            evidence=(APPLICATION,),
        ),
        Step(
            name="approve_preparation",
            sources=("applying",),
            target="preparing",
            label=Text("同意筹建", "Approve the preparation"),
            says=Text("上级工会同意筹建", "The superior union approved the preparation"),
            rule="U-2; Trade Union Law Art 12",
            by=UNION_SUPERIOR,
            evidence=(PREPARATION_REPLY,),
            not_by=("file_application", "file_again"),
        ),
        Step(
            name="return_application",
            sources=("applying",),
            target="returned",
            label=Text("退回补正", "Return for correction"),
            says=Text("退回补正", "Returned for correction"),
            rule="U-3",
            by=UNION_SUPERIOR,
            fields=(
                Field(
                    "defects",
                    "text",
                    Text("需补正的内容", "What to correct"),
                    "请补充会员名单 / add the list of members",
                    maximum=500,
                ),
            ),
            not_by=("file_application", "file_again"),
        ),
        Step(
            name="file_again",
            sources=("returned",),
            target="applying",
            label=Text("补正后再次提出", "File again"),
            says=Text("补正后再次提出请示", "The corrected request was filed again"),
            rule="U-3",
            by=UNION_LOCAL,
            evidence=(APPLICATION,),
        ),
        Step(
            name="refuse_application",
            sources=("applying",),
            target="refused",
            label=Text("不予批准", "Refuse"),
            says=Text("不予批准筹建", "The preparation was refused"),
            rule="U-4",
            by=UNION_SUPERIOR,
            fields=(
                Field(
                    "refusal",
                    "choice",
                    Text("理由", "Ground"),
                    "duplicate",
                    choices=(
                        Choice("not_an_employer", Text("不是用人单位", "Not an employing unit")),
                        Choice("wrong_jurisdiction", Text("不属本工会管辖", "Wrong jurisdiction")),
                        Choice("duplicate", Text("重复申请", "Duplicate")),
                    ),
                ),
                NOTE,
            ),
            not_by=("file_application", "file_again"),
            emits=("union.stalled",),
        ),
        Step(
            name="reopen",
            sources=("refused", "abandoned"),
            target="not_started",
            label=Text("重新启动", "Begin again"),
            says=Text("重新启动建会", "Formation began again"),
            rule="U-4; U-25",
            by=UNION_LOCAL,
        ),
        Step(
            name="form_group",
            sources=("preparing",),
            target="group_formed",
            label=Text("成立筹备组", "Form the preparatory group"),
            says=Text("成立工会筹备组", "The preparatory group was formed"),
            rule="U-5; K31",
            by=UNION_LOCAL,
            fields=(
                Field(
                    "group_size", "integer", Text("筹备组人数", "Size of the group"), 3, minimum=1, maximum=50
                ),
            ),
            guards=(_group_size,),
        ),
        Step(
            name="admit_members",
            sources=("group_formed",),
            target="recruited",
            label=Text("登记已发展的会员", "Record the members admitted"),
            says=Text(
                "职工个人自愿申请入会，登记会员人数",
                "Workers joined individually and of their own will; the number was recorded",
            ),
            rule="U-6; Trade Union Law Art 2",
            by=UNION_LOCAL,
            fields=(
                UNION_MEMBERS,
                WOMEN_MEMBERS,
                Field(
                    "individual_and_voluntary",
                    "yes_no",
                    Text("每人都是本人自愿申请", "Each applied individually, of their own will"),
                    True,
                ),
            ),
            evidence=(MEMBERSHIP,),
            guards=(
                confirmed(
                    "individual_and_voluntary",
                    Text(
                        "入会必须由职工本人自愿申请，不能由单位代办。",
                        "Joining is voluntary and individual; an employer cannot do it for them.",
                    ),
                ),
                at_least("union_members", 1, Text("还没有会员。", "There is no member yet.")),
                _members_within_headcount,
                _women_among_members,
            ),
        ),
        Step(
            name="choose_committee",
            sources=("recruited",),
            target="own_committee",
            label=Text("单独建立工会委员会", "Choose an own committee"),
            says=Text("决定单独建立工会委员会", "An own committee was chosen"),
            rule="U-7; Trade Union Law Art 11",
            by=UNION_LOCAL,
            derive=lambda _: {"union_kind": "committee"},
        ),
        Step(
            name="choose_joint",
            sources=("recruited",),
            target="joining_joint",
            label=Text("加入联合工会", "Choose a joint union"),
            says=Text("决定加入联合工会", "A joint union was chosen"),
            rule="U-7; U-8",
            by=UNION_LOCAL,
            guards=(below("union_members", "union.min_committee", ENOUGH),),
            derive=lambda _: {"union_kind": "joint"},
        ),
        Step(
            name="choose_organiser",
            sources=("recruited",),
            target="organiser_only",
            label=Text("选举组织员一人", "Choose one organiser"),
            says=Text("决定选举组织员", "One organiser was chosen as the form"),
            rule="U-7; U-9",
            by=UNION_LOCAL,
            guards=(below("union_members", "union.min_committee", ENOUGH),),
            derive=lambda _: {"union_kind": "organiser"},
        ),
        Step(
            name="admit_to_joint",
            sources=("joining_joint",),
            target="covered",
            label=Text("批准加入联合工会", "Admit to the joint union"),
            says=Text("批准加入联合工会", "Admitted to the joint union"),
            rule="U-8",
            by=UNION_SUPERIOR,
            evidence=(JOINT_REPLY,),
            not_by=("choose_joint",),
            emits=("union.covered",),
            sends=(Message("union_covered", to=PARTY_LOCAL, sender=UNION_LOCAL),),
        ),
        Step(
            name="decline_joint",
            sources=("joining_joint",),
            target="recruited",
            label=Text("不同意加入", "Decline"),
            says=Text(
                "联合工会未接收，另定组织形式",
                "The joint union did not take it; another form is to be chosen",
            ),
            rule="U-8",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
            not_by=("choose_joint",),
        ),
        Step(
            name="elect_organiser",
            sources=("organiser_only",),
            target="elected",
            label=Text("登记组织员选举", "Record the organiser's election"),
            says=Text("选出组织员", "The organiser was elected"),
            rule="U-9",
            by=UNION_LOCAL,
            evidence=(ELECTION,),
        ),
        Step(
            name="nominate",
            sources=("own_committee",),
            target="candidates",
            label=Text("提名并公示候选人", "Nominate and publish candidates"),
            says=Text("提名候选人并已公示", "Candidates were nominated and published"),
            rule="U-10; U-11; 企业工会主席产生办法 Arts 6-12",
            by=UNION_LOCAL,
            fields=(
                Field("posts", "integer", Text("应选名额", "Posts"), 3, minimum=1, maximum=100),
                Field(
                    "candidate_count", "integer", Text("候选人数", "Candidates"), 4, minimum=1, maximum=200
                ),
                Field(
                    "relatives_stand",
                    "yes_no",
                    Text("有负责人近亲属参选", "A close relative of the principal stands"),
                    False,
                ),
                Field(
                    "management_stands_for_chair",
                    "yes_no",
                    Text(
                        "行政负责人（含副职）、合伙人及其近亲属、人事负责人或外籍职工参选主席",
                        "A manager, partner, their relative, the HR head or a foreign employee stands for chair",
                    ),
                    False,
                ),
                Field(
                    "published_from",
                    "date",
                    Text("公示开始日", "Published from"),
                    -8,
                    minimum=-3650,
                    maximum=0,
                ),
                Field(
                    "published_to", "date", Text("公示结束日", "Published to"), 0, minimum=-3650, maximum=0
                ),
            ),
            evidence=(PUBLICITY,),
            guards=(
                denied(
                    "relatives_stand",
                    Text(
                        "企业主要负责人的近亲属不得作为委员人选（工会法第十条）。",
                        "Close relatives of the principal may not stand (Trade Union Law Art 10).",
                    ),
                ),
                denied(
                    "management_stands_for_chair",
                    Text(
                        "行政负责人等不得作为主席候选人。", "Managers and the like may not stand for chair."
                    ),
                ),
                _more_candidates_than_posts,
                not_after_today("published_to", Text("公示还没有结束。", "The publication is not over yet.")),
                lasted_days(
                    "published_from",
                    "published_to",
                    "union.candidate.publicity_days",
                    Text(
                        "公示应满{days}日，最早{earliest}结束。",
                        "Publication lasts {days} days; it ends {earliest} at the earliest.",
                    ),
                ),
            ),
        ),
        Step(
            name="approve_candidates",
            sources=("candidates",),
            target="meeting_called",
            label=Text("同意候选人", "Approve the candidates"),
            says=Text(
                "候选人审查通过，可以召开大会", "The candidates were approved; the meeting may be held"
            ),
            rule="U-11; U-12",
            by=UNION_SUPERIOR,
            not_by=("nominate",),
        ),
        Step(
            name="reject_candidates",
            sources=("candidates",),
            target="own_committee",
            label=Text("不同意，重新提名", "Reject: nominate again"),
            says=Text("候选人未通过审查，重新提名", "The candidates were not approved; nominate again"),
            rule="U-11; U-14",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
            not_by=("nominate",),
        ),
        Step(
            name="record_election",
            sources=("meeting_called",),
            target="elected",
            label=Text("登记选举结果", "Record the election"),
            says=Text("会员大会选举产生委员会", "The members' meeting elected the committee"),
            rule="U-13; G-VOTE",
            by=UNION_LOCAL,
            fields=(
                Field(
                    "held_on", "date", Text("大会日期", "Date of the meeting"), 0, minimum=-3650, maximum=0
                ),
                Field("entitled", "integer", Text("应到人数", "Entitled to vote"), 30, minimum=1),
                Field("present", "integer", Text("实到人数", "Present"), 28, minimum=1),
                Field("votes_for", "integer", Text("当选者最低得票数", "Fewest votes of anyone elected"), 26),
                Field("secret_ballot", "yes_no", Text("无记名投票", "Secret ballot"), True),
            ),
            evidence=(ELECTION,),
            guards=(
                confirmed(
                    "secret_ballot", Text("选举应采用无记名投票。", "The election must be by secret ballot.")
                ),
                _held_after_publication,
                plausible_figures,
                QUORUM,
                MAJORITY,
            ),
        ),
        Step(
            name="record_void_election",
            sources=("meeting_called",),
            target="election_void",
            label=Text("登记选举未成", "Record a void election"),
            says=Text("到会或得票不足，选举未成", "Attendance or votes were too few; the election is void"),
            rule="U-13; U-14",
            by=UNION_LOCAL,
            fields=(NOTE,),
        ),
        Step(
            name="call_again",
            sources=("election_void",),
            target="meeting_called",
            label=Text("再次召开大会", "Call the meeting again"),
            says=Text("再次召开会员大会", "The meeting was called again"),
            rule="U-14",
            by=UNION_LOCAL,
        ),
        Step(
            name="report_result",
            sources=("elected",),
            target="reported",
            label=Text("报告选举结果", "Report the result"),
            says=Text("向上级工会报告选举结果", "The result was reported to the superior union"),
            rule="U-15",
            by=UNION_LOCAL,
            evidence=(RESULT_REPORT,),
            guards=(holds_evidence(ELECTION.kind, NO_ELECTION),),
        ),
        Step(
            name="approve_result",
            sources=("reported",),
            target="established",
            label=Text("批复同意", "Approve the result"),
            says=Text("上级工会批复，工会成立", "The superior union approved; the union is established"),
            rule="U-16",
            by=UNION_SUPERIOR,
            evidence=(APPROVAL,),
            guards=(holds_evidence(ELECTION.kind, NO_ELECTION), holds_evidence(APPROVAL.kind, NO_APPROVAL)),
            not_by=("report_result",),
            emits=("union.established",),
            sends=(
                Message(
                    "union_established",
                    to=PARTY_LOCAL,
                    sender=UNION_LOCAL,
                    when=_party_is_not_asked,
                ),
            ),
        ),
        Step(
            name="refuse_result",
            sources=("reported",),
            target="election_void",
            label=Text("程序不合法，重新选举", "Refuse: elect again"),
            says=Text(
                "选举程序不合法，上级工会不予批准", "The procedure was not lawful; the superior union refused"
            ),
            rule="U-17",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
            not_by=("report_result",),
        ),
        Step(
            name="complete_set_up",
            sources=("established",),
            target="operating",
            label=Text("登记配套组织", "Record the companion bodies"),
            says=Text(
                "经审、女职工组织健全，刻章开户完成",
                "Audit and women's bodies, seal and account are in place",
            ),
            rule="U-18; U-19; 2.2.3",
            by=UNION_LOCAL,
            fields=(
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
            ),
            guards=(_audit, _women_body),
            emits=("union.operating",),
        ),
        Step(
            name="abandon",
            sources=tuple(name for name in FORMING if name not in ("reported",)),
            target="abandoned",
            label=Text("中止筹建", "Abandon"),
            says=Text(
                "发起人撤回或无人申请，中止筹建",
                "The promoters withdrew or nobody applied; formation was abandoned",
            ),
            rule="U-25",
            by=UNION_LOCAL,
            fields=(NOTE,),
            emits=("union.stalled",),
        ),
        closes(*FORMING, "refused", "abandoned", "covered"),
        winds_up("established", "operating"),
        Step(
            name="dissolve",
            sources=("winding_up",),
            target="dissolved",
            label=Text("决定撤销", "Dissolve"),
            says=Text(
                "企业终止，上级工会决定撤销", "The enterprise ended; the superior union dissolved the union"
            ),
            rule="U-22; Trade Union Law Art 13",
            by=UNION_SUPERIOR,
            evidence=(DISSOLUTION,),
        ),
    ),
    terms=(
        Term(
            "approve_preparation",
            Text("筹建批复期限", "Reply on the preparation"),
            "union.approve_preparation",
            ("applying",),
            Work(
                UNION_SUPERIOR,
                Text("筹建批复超期，请尽快答复", "The reply is overdue"),
                Text("筹建批复已超期", "the reply is overdue"),
            ),
        ),
        Term(
            "correct",
            Text("补正期限", "Correction"),
            "union.correct",
            ("returned",),
            Work(
                UNION_LOCAL,
                Text("补正期满，请联系申请人", "The correction is overdue: ask the promoters"),
                Text("补正已超期", "the correction is overdue"),
            ),
        ),
        Term(
            "preparation",
            Text("筹备期限", "Preparation"),
            "union.preparation",
            (
                "preparing",
                "group_formed",
                "recruited",
                "joining_joint",
                "organiser_only",
                "own_committee",
                "candidates",
                "meeting_called",
            ),
            Work(
                UNION_SUPERIOR,
                Text("筹备超期，请指导", "The preparation is overdue: lend help"),
                Text("筹备已超期", "the preparation is overdue"),
            ),
        ),
        Term(
            "reelect",
            Text("重新选举期限", "Another election"),
            "union.reelect",
            ("election_void",),
            Work(
                UNION_SUPERIOR,
                Text("重新选举超期，请指导", "Another election is overdue"),
                Text("重新选举已超期", "another election is overdue"),
            ),
        ),
        Term(
            "report_result",
            Text("上报选举结果期限", "Report of the result"),
            "union.report_result",
            ("elected",),
            Work(
                UNION_LOCAL,
                Text("选举结果上报超期", "The report is overdue"),
                Text("选举结果上报已超期", "the report is overdue"),
            ),
        ),
        Term(
            "approve_result",
            Text("批复期限", "Reply on the result"),
            "union.approve_result",
            ("reported",),
            Work(
                UNION_SUPERIOR,
                Text("批复超期，请尽快答复", "The reply is overdue"),
                Text("批复已超期；不答复不等于同意", "the reply is overdue; silence is not consent"),
            ),
        ),
        Term(
            "set_up",
            Text("健全配套组织期限", "Companion bodies"),
            "union.set_up",
            ("established",),
            Work(
                UNION_LOCAL,
                Text("配套组织超期，请完善", "The companion bodies are overdue"),
                Text("配套组织已超期", "the companion bodies are overdue"),
            ),
        ),
    ),
)
