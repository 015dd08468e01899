"""Where a lead can stand, who is waited for there, and the terms that run meanwhile (WORKFLOWS 2.1)."""

from workflows.definition import State, Term, Work
from workflows.procedures.enterprise_gone import elsewhere, gone
from workflows.procedures.lead_guards import formation_span, has_replied, notice_rests_on
from workflows.roles import UNION_LOCAL, UNION_SUPERIOR
from workflows.words import Text

#: Where a union may still come of it, so that whatever ends the enterprise ends the lead.
LIVE = (
    "signalled", "registered", "contacting", "notice_served", "surveyed", "deferred", "declined", "obstructed",
    "escalated", "unreachable",
)  # fmt: skip
#: Where the local union goes on calling on the enterprise.
OUTREACH = ("contacting", "notice_served", "unreachable", "deferred", "declined")
#: Where an authority has been asked to act against an obstruction.
REFERRED = ("obstructed", "escalated")

STATES = (
    State(
        "signalled",
        Text("预建通报", "Signalled"),
        Work(
            UNION_LOCAL,
            Text("跟踪筹建企业", "Follow the enterprise being set up"),
            Text("企业尚未登记", "the enterprise is not registered yet"),
        ),
    ),
    State(
        "registered",
        Text("已登记，待分派", "Registered, to be assigned"),
        Work(
            UNION_SUPERIOR,
            Text("分派属地工会和工建指导员", "Assign the local union and an instructor"),
            Text("还没有分派到属地工会", "no local union has been assigned yet"),
        ),
    ),
    State(
        "contacting",
        Text("联系企业", "Contacting"),
        Work(
            UNION_LOCAL,
            Text("上门走访，摸清情况", "Visit and survey the enterprise"),
            Text("还没有走访", "the enterprise has not been visited yet"),
        ),
    ),
    State(
        "notice_served",
        Text("已留建会通知书", "Notice served"),
        Work(
            UNION_LOCAL,
            Text("等企业回应，可再次走访", "Await the answer; visit again"),
            Text("建会通知书已留，等企业回应", "the notice was left; the enterprise has yet to answer"),
        ),
        also=(
            Work(
                UNION_LOCAL,
                Text("企业已回应建会通知书，请联系", "The enterprise has answered the notice: get in touch"),
                Text(
                    "企业已回应，等工会联系", "the enterprise has answered; the union has yet to get in touch"
                ),
                when=has_replied,
            ),
        ),
    ),
    State(
        "surveyed",
        Text("已摸底", "Surveyed"),
        Work(
            UNION_LOCAL,
            Text("按职工意愿决定下一步", "Decide the next step by the workers' will"),
            Text("等属地工会按职工意愿办理", "the local union has yet to act on the workers' will"),
        ),
    ),
    State("ready", Text("可以建会", "Ready to form"), settled=True, final=True),
    State(
        "deferred",
        Text("暂缓，择期回访", "Deferred"),
        Work(
            UNION_LOCAL,
            Text("到期回访", "Visit again when due"),
            Text("目前没有职工申请，择期回访", "no worker has applied for now; a visit is due later"),
        ),
    ),
    State(
        "declined",
        Text("业主不愿意，职工仍可申请", "Owner declines; workers remain free"),
        Work(
            UNION_LOCAL,
            Text("继续联系职工", "Go on with the workers"),
            Text(
                "业主表示不愿意，职工仍可自愿申请",
                "the owner declines; workers may still apply of their own will",
            ),
        ),
    ),
    State(
        "obstructed",
        Text("阻挠建会，已移送", "Obstructed, referred"),
        Work(
            UNION_SUPERIOR,
            Text("跟踪劳动行政部门处理", "Follow the labour administration's order"),
            Text("阻挠建会的情况正由有关部门处理", "the obstruction is being dealt with"),
        ),
    ),
    State(
        "escalated",
        Text("已提请人民政府处理", "Put before the government"),
        Work(
            UNION_SUPERIOR,
            Text("跟踪人民政府处理", "Follow the government's decision"),
            Text(
                "拒不改正，已提请县级以上人民政府处理",
                "the order was refused; the matter is before the county government or above",
            ),
        ),
    ),
    State(
        "unreachable",
        Text("联系不上", "Unreachable"),
        Work(
            UNION_LOCAL,
            Text("设法恢复联系", "Restore contact"),
            Text("多次上门都没有找到人", "nobody was found in several visits"),
        ),
    ),
    State("out_of_scope", Text("暂不纳入", "Out of scope"), settled=True),
    State("covered", Text("已由联合工会覆盖", "Covered by a joint union"), settled=True, final=True),
    State("withdrawn", Text("项目取消", "Project cancelled"), settled=True),
    gone(),
    elsewhere(),
)

TERMS = (
    Term(
        "acknowledge",
        Text("签收通报期限", "Acknowledgement of the news"),
        "lead.acknowledge",
        ("signalled",),
        Work(
            UNION_SUPERIOR,
            Text("通报逾期未签收，请督促", "The news is not acknowledged: see to it"),
            Text("通报逾期未签收", "the news has not been acknowledged in time"),
        ),
        met_by=("acknowledge", "follow_up"),
        rule="L-1",
    ),
    Term(
        "signal",
        Text("预建通报有效期", "Life of a pre-establishment notice"),
        "lead.signal_max",
        ("signalled",),
        Work(
            UNION_LOCAL,
            Text("预建通报久未登记，请核实", "Long signalled, never registered: check"),
            Text("预建通报久未登记", "the signalled enterprise never registered"),
        ),
        starts_again_on=("follow_up",),
        rule="L-5",
    ),
    Term(
        "contact",
        Text("首次联系期限", "First contact"),
        "lead.contact",
        ("contacting",),
        Work(
            UNION_SUPERIOR,
            Text("首次联系超期，请督促", "First contact overdue: see to it"),
            Text("首次联系已超期", "the first contact is overdue"),
        ),
        rule="L-6",
    ),
    Term(
        "notice",
        Text("建会通知书期限", "Period of the union-founding notice"),
        "notice.period",
        ("notice_served",),
        Work(
            UNION_LOCAL,
            Text(
                "通知书期满无回应：再次走访或再次送达",
                "The notice ran out unanswered: visit or serve again",
            ),
            Text("建会通知书期满，企业未回应", "the notice ran out and the enterprise has not answered"),
        ),
        starts_again_on=("serve_notice",),
        rests_on=notice_rests_on,
        counts_from="served_on",
        rule="L-9",
    ),
    Term(
        "revisit",
        Text("回访日期", "Revisit"),
        "lead.revisit",
        ("deferred",),
        Work(
            UNION_LOCAL,
            Text("到回访日期，请再次走访", "The revisit is due"),
            Text("回访日期已到", "the revisit is due"),
        ),
        rule="L-13",
    ),
    Term(
        "referral",
        Text("阻挠建会案件跟踪期限", "Follow-up of the referral"),
        "lead.referral",
        REFERRED,
        Work(
            UNION_SUPERIOR,
            Text(
                "移送后久无结果：请催问；拒不改正的，提请人民政府处理",
                "No result of the referral yet: ask; where the order is refused, go to the government",
            ),
            Text("移送后久无结果", "the referral has had no result yet"),
        ),
        starts_again_on=("refer_to_government",),
        rule="L-15",
    ),
    Term(
        "formation",
        Text("本地建会期限", "Local time for founding a union"),
        "union.formation.deadline",
        tuple(name for name in LIVE if name != "signalled"),
        Work(
            UNION_SUPERIOR,
            Text("本地建会期限已满，请派人帮助职工建会", "The local time is over: send help to the workers"),
            Text(
                "本地建会期限已满，上级工会应派人帮助；不因此认定企业拒绝",
                "the local time is over and the superior union should send help; nobody has refused by that",
            ),
        ),
        starts_again_on=("survey",),
        measure=formation_span,
        counts_from="counted_from",
        rule="union.formation.deadline: a local target, K5 to K9",
    ),
)
