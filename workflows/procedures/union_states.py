"""Where a union can stand, who is waited for there, and the terms that run meanwhile (WORKFLOWS 2.2)."""

from workflows.definition import State, Term, Work
from workflows.procedures.enterprise_gone import elsewhere, gone
from workflows.procedures.union_election import examined_by_the_party_first
from workflows.roles import UNION_LOCAL, UNION_SUPERIOR
from workflows.words import Text

CANDIDATES = State(
    "candidates",
    Text("候选人公示与审查", "Candidates under review"),
    Work(
        UNION_SUPERIOR,
        Text("审查候选人", "Examine the candidates"),
        Text("候选人等上级工会审查", "the superior union has yet to examine the candidates"),
    ),
)

STATES = (
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
            Text("等上级工会批复加入联合工会", "the superior union has yet to admit it to the joint union"),
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
    examined_by_the_party_first(CANDIDATES),
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
        "transfer_asked",
        Text("主席调动待批", "Chair's transfer asked for"),
        Work(
            UNION_SUPERIOR,
            Text("答复主席调动的请示", "Reply on the chair's transfer"),
            Text("主席调动等上级工会答复", "the superior union has yet to reply on the chair's transfer"),
        ),
        publishes={"union_form": "union"},
    ),
    State(
        "merged",
        Text("单位合并或者分立", "Unit merged or split"),
        Work(
            UNION_LOCAL,
            Text("帮助重新建会并报批", "Help to form the union anew and have it approved"),
            Text(
                "单位已合并或者分立，工会等重新建立",
                "the unit was merged or split; its union has yet to be formed anew",
            ),
        ),
        publishes={"union_form": "union"},
    ),
    State(
        "covered",
        Text("联合工会覆盖", "Covered by a joint union"),
        settled=True,
        publishes={"union_form": "covered"},
    ),
    State("refused", Text("不予批准", "Refused"), settled=True),
    State("abandoned", Text("中止筹建", "Abandoned"), settled=True),
    State(
        "disbanded",
        Text("合并或者分立后已撤销，可以重新建会", "Dissolved after a merger or a split; may be formed anew"),
        settled=True,
        publishes={"union_form": "none"},
    ),
    State(
        "winding_up",
        Text("善后", "Winding up"),
        Work(
            UNION_SUPERIOR,
            Text("决定撤销并处理善后", "Decide on dissolution and wind up"),
            Text("企业已终止，等上级工会决定", "the enterprise ended; the superior union has yet to decide"),
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
    elsewhere({"union_form": "none"}),
)

TERMS = (
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
        rule="U-2",
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
        rule="U-3",
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
        rule="U-5",
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
        rule="U-14",
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
        rule="U-15",
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
        rule="U-16",
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
        rule="U-18; U-19",
    ),
    Term(
        "chair_transfer",
        Text("主席调动答复期限", "Reply on the chair's transfer"),
        "union.chair_transfer.reply",
        ("transfer_asked",),
        Work(
            UNION_SUPERIOR,
            Text("主席调动的请示超期未答复，请尽快答复", "The reply on the chair's transfer is overdue"),
            Text("主席调动的答复已超期", "the reply on the chair's transfer is overdue"),
        ),
        rule="Trade Union Law Art 18",
    ),
)
