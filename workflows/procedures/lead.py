"""Lead: from the first news of an enterprise to workers who are ready, or to an honest reason why not yet (WORKFLOWS 2.1).

The owner's consent is nowhere a condition (Trade Union Law Arts 3, 12); an expired notice is a work item, never a refusal.
"""

from dataclasses import replace

from workflows.definition import (
    STAY,
    Choice,
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
from workflows.guards import at_least, none_of
from workflows.procedures.enterprise_gone import closes, gone
from workflows.roles import INVESTMENT, PARTY_LOCAL, UNION_LOCAL, UNION_SUPERIOR, Compartment
from workflows.words import Text

HEADCOUNT = Field("headcount", "integer", Text("从业人数", "Headcount"), 60, publish=True)
APPLICANTS = Field(
    "applicants", "integer", Text("自愿申请入会人数", "Workers who applied of their own will"), 30
)
TOWN = Field("town", "town", Text("所在乡镇街道", "Town or street"), None)
REASON = Field(
    "reason",
    "choice",
    Text("原因", "Reason"),
    "workers_indifferent",
    choices=(
        Choice("owner_unwilling", Text("业主不愿意", "Owner unwilling")),
        Choice("too_few_workers", Text("职工太少", "Too few workers")),
        Choice("fear_of_dismissal", Text("职工怕被解雇", "Workers fear dismissal")),
        Choice("workers_unwilling", Text("下岗再就业职工不愿意", "Re-employed workers unwilling")),
        Choice("no_constraint", Text("缺乏约束机制", "No constraint mechanism")),
        Choice("workers_indifferent", Text("职工认为可有可无", "Workers indifferent")),
        Choice("other", Text("其他", "Other")),
    ),
)
NOTE = Field("note", "text", Text("情况说明", "Account"), "已核实 / verified", maximum=500)

NOTICE = Evidence(
    "union_founding_notice", Text("建会通知书及送达回证", "Union-founding notice with proof of service")
)
OBSTRUCTION = Evidence("obstruction_record", Text("阻挠建会的证据材料", "Evidence of obstruction"))
COVERAGE = Evidence("coverage_list", Text("联合工会覆盖单位名单", "Joint union's list of covered units"))

LIVE = (
    "signalled",
    "registered",
    "contacting",
    "notice_served",
    "surveyed",
    "deferred",
    "declined",
    "obstructed",
    "unreachable",
)
OUTREACH = ("contacting", "notice_served", "unreachable", "deferred", "declined")


def _in_scope(situation: Situation) -> Text | None:
    if situation.word("category") in situation.policy.words("intake.categories"):
        return None
    return Text(
        "本地只登记、暂不纳入建会范围。", "Recorded only; local policy does not take it up by itself."
    )


def _placed(situation: Situation) -> Text | None:
    if situation.yes("placed"):
        return None
    return Text("还不知道在哪个乡镇街道。", "The town is not known yet.")


def _attempts_left(situation: Situation) -> Text | None:
    limit = situation.policy.number("lead.max_attempts")
    if situation.number("attempts") < limit:
        return None
    return Text(
        "已送达{n}次，请改为登记“联系不上”或继续走访。",
        "Served {n} times already; record it as unreachable or visit again.",
    ).filled(n=limit)


def _attempts_spent(situation: Situation) -> Text | None:
    limit = situation.policy.number("lead.max_attempts")
    if situation.number("attempts") >= limit:
        return None
    return Text(
        "送达满{n}次仍无回应，才能登记为联系不上。",
        "Only after {n} notices without an answer may it be called unreachable.",
    ).filled(n=limit)


def _one_more_attempt(situation: Situation) -> Facts:
    return {"attempts": situation.number("attempts") + 1}


REGISTERED_NOTICE = Message("enterprise_registered", to=PARTY_LOCAL, sender=UNION_LOCAL)

LEAD = Definition(
    name="lead",
    version=1,
    label=Text("建会线索", "Lead"),
    compartment=Compartment.UNION,
    openings=(
        Opening(
            on=("registry.registered",),
            state="registered",
            guards=(_in_scope,),
            says=Text(
                "登记机关通报新设企业，建立案卷",
                "The registration office reported a new enterprise; the case is opened",
            ),
            rule="L-2",
            emits=("lead.registered",),
            sends=(REGISTERED_NOTICE,),
        ),
        Opening(
            on=("registry.registered",),
            state="out_of_scope",
            says=Text(
                "已登记；按本地政策暂不纳入建会范围", "Recorded; local policy does not take it up by itself"
            ),
            rule="CONTRACT: 92 and 93 are recorded and treated by policy",
        ),
        Opening(
            on=("registry.prenotified",),
            state="signalled",
            says=Text(
                "收到预建通报，企业尚未登记",
                "A pre-establishment notice came; the enterprise is not registered yet",
            ),
            rule="L-1",
        ),
    ),
    states=(
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
    ),
    steps=(
        Step(
            name="register",
            sources=("signalled", "withdrawn"),
            target="registered",
            label=Text("企业完成登记", "Enterprise registered"),
            says=Text(
                "企业完成登记，与预建通报合并",
                "The enterprise was registered; merged with its earlier notice",
            ),
            rule="L-2; M01 to M02",
            on=("registry.registered",),
            emits=("lead.registered",),
            sends=(REGISTERED_NOTICE,),
        ),
        Step(
            name="follow_up",
            sources=("signalled",),
            target=STAY,
            label=Text("登记筹建进展", "Record the progress"),
            says=Text("跟踪项目筹建进展", "The project's progress was followed"),
            rule="L-5; M04",
            by=UNION_LOCAL,
            fields=(NOTE,),
        ),
        Step(
            name="cancel",
            sources=("signalled",),
            target="withdrawn",
            label=Text("项目取消", "Cancel the project"),
            says=Text(
                "招商部门通知项目取消", "The investment office reported that the project was cancelled"
            ),
            rule="L-4",
            by=INVESTMENT,
            fields=(NOTE,),
        ),
        Step(
            name="place",
            sources=("registered",),
            target="contacting",
            label=Text("按地址分派", "Assign by address"),
            says=Text("按登记地址分派到属地工会", "Assigned to the local union by the registered address"),
            rule="L-6",
            on=("lead.registered",),
            guards=(_placed,),
        ),
        Step(
            name="assign",
            sources=("registered",),
            target="contacting",
            label=Text("分派", "Assign"),
            says=Text("分派属地工会", "Assigned to the local union"),
            rule="L-6",
            by=UNION_SUPERIOR,
            fields=(TOWN,),
        ),
        Step(
            name="survey",
            sources=OUTREACH,
            target="surveyed",
            label=Text("登记走访与摸底", "Record visit and survey"),
            says=Text("走访企业并完成摸底", "The enterprise was visited and surveyed"),
            rule="L-7; L-10; L-11",
            by=UNION_LOCAL,
            fields=(HEADCOUNT, APPLICANTS),
        ),
        Step(
            name="serve_notice",
            sources=("contacting", "notice_served"),
            target="notice_served",
            label=Text("留下建会通知书", "Leave the union-founding notice"),
            says=Text(
                "法定代表人不在，留下建会通知书",
                "The legal representative was not found; a union-founding notice was left",
            ),
            rule="L-8; L-9; M03",
            by=UNION_LOCAL,
            evidence=(NOTICE,),
            guards=(_attempts_left,),
            derive=_one_more_attempt,
        ),
        Step(
            name="call_unreachable",
            sources=("notice_served",),
            target="unreachable",
            label=Text("登记为联系不上", "Record as unreachable"),
            says=Text(
                "多次送达无回应，登记为联系不上", "Several notices went unanswered; recorded as unreachable"
            ),
            rule="L-9",
            by=UNION_LOCAL,
            guards=(_attempts_spent,),
            emits=("lead.stalled",),
        ),
        Step(
            name="open_union",
            sources=("surveyed", "declined"),
            target="ready",
            label=Text("职工愿意，启动建会", "Workers willing: begin forming"),
            says=Text("职工自愿申请，启动建会", "Workers applied of their own will; formation begins"),
            rule="L-12; L-14",
            by=UNION_LOCAL,
            guards=(
                at_least(
                    "applicants",
                    1,
                    Text(
                        "至少要有1名职工自愿申请。",
                        "At least one worker must have applied of their own will.",
                    ),
                ),
            ),
            emits=("lead.ready",),
        ),
        Step(
            name="defer",
            sources=("surveyed",),
            target="deferred",
            label=Text("职工暂不愿意，择期回访", "Workers not willing now: visit later"),
            says=Text("目前没有职工申请，择期回访", "No worker applied for now; to be visited later"),
            rule="L-13",
            by=UNION_LOCAL,
            fields=(REASON,),
            guards=(
                none_of(
                    "applicants",
                    Text("已有职工自愿申请，不能暂缓。", "Workers have applied; it may not be deferred."),
                ),
            ),
            emits=("lead.stalled",),
        ),
        Step(
            name="record_decline",
            sources=("surveyed",),
            target="declined",
            label=Text("登记业主不愿意", "Record that the owner declines"),
            says=Text("业主表示不愿意；职工仍可自愿申请", "The owner declined; workers remain free to apply"),
            rule="L-14; M23",
            by=UNION_LOCAL,
            fields=(replace(REASON, example="owner_unwilling"),),
            emits=("lead.stalled",),
        ),
        Step(
            name="refer_obstruction",
            sources=("contacting", "notice_served", "surveyed", "declined", "deferred"),
            target="obstructed",
            label=Text("移送阻挠建会案件", "Refer an obstruction"),
            says=Text(
                "阻挠建会有据，移送劳动行政部门",
                "Obstruction was evidenced and referred to the labour administration",
            ),
            rule="L-15; Trade Union Law Art 51",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
            evidence=(OBSTRUCTION,),
            emits=("lead.stalled",),
        ),
        Step(
            name="resume_contact",
            sources=("unreachable",),
            target="contacting",
            label=Text("恢复联系", "Contact restored"),
            says=Text("恢复联系，继续走访", "Contact was restored; visits go on"),
            rule="L-10",
            by=UNION_LOCAL,
            fields=(NOTE,),
            derive=lambda _: {"attempts": 0},
        ),
        Step(
            name="end_obstruction",
            sources=("obstructed",),
            target="contacting",
            label=Text("登记阻挠已纠正", "Record that the obstruction ended"),
            says=Text("阻挠建会的行为已纠正，继续走访", "The obstruction was put right; visits go on"),
            rule="L-15",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
            derive=lambda _: {"attempts": 0},
        ),
        Step(
            name="link_covered",
            sources=("registered", "contacting", "surveyed"),
            target="covered",
            label=Text("已由联合工会覆盖", "Already covered by a joint union"),
            says=Text("现有联合工会已覆盖本单位", "An existing joint union covers this unit"),
            rule="L-19",
            by=UNION_LOCAL,
            fields=(
                Field(
                    "covering_union",
                    "text",
                    Text("覆盖的联合工会", "Covering joint union"),
                    "越北镇联合工会",
                    maximum=60,
                ),
            ),
            evidence=(COVERAGE,),
            emits=("lead.covered",),
        ),
        Step(
            name="set_aside",
            sources=("registered", "contacting", "surveyed"),
            target="out_of_scope",
            label=Text("不属于建会范围", "Out of scope"),
            says=Text("核实后不属于建会范围", "Found to be out of scope"),
            rule="2.1 LX out_of_scope",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
            emits=("lead.stalled",),
        ),
        Step(
            name="take_up",
            sources=("out_of_scope",),
            target="contacting",
            label=Text("纳入建会范围", "Take it up"),
            says=Text("由人决定纳入建会范围", "A person decided to take it up"),
            rule="M06; M07",
            by=UNION_SUPERIOR,
            fields=(TOWN,),
            emits=("lead.registered",),
            sends=(REGISTERED_NOTICE,),
        ),
        closes(*LIVE, "out_of_scope"),
    ),
    terms=(
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
        ),
    ),
)
