"""Campaigns (M09 百日攻坚, M05 occasions, M18 migrant workers): areas, targets, owners, a hundred days; paper unions count for none.

The campaign and each of its areas have a file of their own: the area lies where its town union can see it.
"""

from workflows.definition import (
    STAY,
    Choice,
    Definition,
    Evidence,
    Field,
    Opening,
    Situation,
    State,
    Step,
    Tell,
    Term,
    Work,
)
from workflows.guards import reaches_fact
from workflows.roles import UNION_LOCAL, UNION_SUPERIOR, Compartment
from workflows.subjects import CAMPAIGN as CAMPAIGN_FILE
from workflows.subjects import CAMPAIGN_AREA as AREA_FILE
from workflows.words import Text

PLAN = Evidence("campaign_plan", Text("实施方案（转发通知）", "Plan as relayed by the committee's office"))
SUMMARY = Evidence("campaign_summary", Text("工作总结", "Summary of the work"))
NOTE = Field("note", "text", Text("情况说明", "Account"), "按方案推进 / as planned", maximum=500)


def _all_areas_reported(situation: Situation) -> Text | None:
    missing = situation.number("areas") - situation.number("areas_reported")
    if missing <= 0:
        return None
    return Text(
        "还有{n}个片区没有报告，不能收尾。", "{n} areas have not reported yet; it cannot be closed."
    ).filled(n=missing)


def _one_more(name: str) -> Step:
    labels = {
        "areas": (Text("划定片区", "Area set up"), Text("划定一个片区", "An area was set up")),
        "areas_reported": (
            Text("片区报告", "Area reported"),
            Text("一个片区报告了结果", "An area reported its result"),
        ),
    }
    return Step(
        name=f"count_{name}",
        sources=("under_way",),
        target=STAY,
        label=labels[name][0],
        says=labels[name][1],
        rule="M09",
        on=({"areas": "campaign.area_set", "areas_reported": "campaign.area_reported"}[name],),
        derive=lambda situation: {name: situation.number(name) + 1},
    )


CAMPAIGN = Definition(
    name="campaign",
    version=1,
    label=Text("集中行动", "Campaign"),
    compartment=Compartment.UNION,
    openings=(
        Opening(
            name="start",
            by=UNION_SUPERIOR,
            subject=CAMPAIGN_FILE,
            state="under_way",
            label=Text("发起集中行动", "Start a campaign"),
            says=Text("集中行动开始，方案已转发", "The campaign began; its plan was relayed"),
            rule="M09; M05; M18",
            fields=(
                Field("name", "text", Text("名称", "Name"), "百日攻坚行动", maximum=60),
                Field(
                    "campaign_kind",
                    "choice",
                    Text("类别", "Kind"),
                    "hundred_days",
                    choices=(
                        Choice("hundred_days", Text("百日攻坚", "A hundred days")),
                        Choice("occasion", Text("借助契机", "On an occasion")),
                        Choice("migrant_workers", Text("农民工入会", "Migrant workers join")),
                    ),
                ),
                Field(
                    "occasion",
                    "text",
                    Text("契机（如表彰、会议）", "Occasion, such as a commendation or a congress"),
                    "劳模表彰 / commendation of model workers",
                    required=False,
                    maximum=100,
                ),
            ),
            evidence=(PLAN,),
        ),
    ),
    states=(
        State(
            "under_way",
            Text("进行中", "Under way"),
            Work(
                UNION_SUPERIOR,
                Text("划片、定标、分工并督促", "Set up areas, targets and owners; see to them"),
                Text("行动正在进行", "the campaign is under way"),
            ),
        ),
        State("closed", Text("已收尾", "Closed"), settled=True, final=True),
    ),
    steps=(
        _one_more("areas"),
        _one_more("areas_reported"),
        Step(
            name="close",
            sources=("under_way",),
            target="closed",
            label=Text("总结收尾", "Sum up and close"),
            says=Text("行动收尾，转入常规建会", "The campaign closed; routine work goes on"),
            rule="M09; M10",
            by=UNION_SUPERIOR,
            fields=(NOTE,),
            evidence=(SUMMARY,),
            guards=(_all_areas_reported,),
        ),
    ),
    terms=(
        Term(
            "campaign",
            Text("行动期限", "Length of the campaign"),
            "campaign.length",
            ("under_way",),
            Work(
                UNION_SUPERIOR,
                Text("行动期满，请收尾总结", "The campaign has run its time: sum up"),
                Text("行动期满，等收尾", "the campaign has run its time"),
            ),
        ),
    ),
)


CAMPAIGN_AREA = Definition(
    name="campaign_area",
    version=1,
    label=Text("集中行动片区", "Area of a campaign"),
    compartment=Compartment.UNION,
    openings=(
        Opening(
            name="set_area",
            by=UNION_SUPERIOR,
            subject=AREA_FILE,
            state="assigned",
            label=Text("划定片区、目标和责任岗位", "Set up an area with its target and owner"),
            says=Text("划定片区，锁定目标，分工到岗", "An area was set up, with its target and its owner"),
            rule="M09",
            fields=(
                Field("name", "text", Text("片区名称", "Name of the area"), "越北镇片区", maximum=60),
                Field("campaign", "link", Text("所属行动", "Campaign"), None, to=CAMPAIGN_FILE),
                Field("town", "town", Text("乡镇街道", "Town or street"), None),
                Field(
                    "target",
                    "integer",
                    Text("建会目标数", "Unions to be founded"),
                    5,
                    minimum=1,
                    maximum=10_000,
                ),
                Field(
                    "owner_post",
                    "text",
                    Text("责任岗位（不写姓名）", "Post that answers for it (no name)"),
                    "镇总工会主席",
                    maximum=40,
                ),
            ),
            tells=(Tell("campaign.area_set", along="campaign"),),
        ),
    ),
    states=(
        State(
            "assigned",
            Text("已分工", "Assigned"),
            Work(
                UNION_LOCAL,
                Text("推进片区建会", "Carry the area's work through"),
                Text("片区正在推进", "the area's work is going on"),
            ),
        ),
        State("met", Text("达标", "Target met"), settled=True, final=True),
        State("not_met", Text("未达标，已说明", "Target not met, explained"), settled=True, final=True),
    ),
    steps=(
        Step(
            name="report_met",
            sources=("assigned",),
            target="met",
            label=Text("报告达标", "Report the target met"),
            says=Text("片区达标", "The area met its target"),
            rule="M09; CONDUCT 5.3",
            by=UNION_LOCAL,
            reckons=("unions_founded", "unions_in_question", "unions_that_count"),
            guards=(
                reaches_fact(
                    "unions_that_count",
                    "target",
                    Text(
                        "无疑点的新建工会{found}家，不足目标{limit}家；有疑点的先核实。",
                        "{found} new unions count, fewer than the {limit} aimed at; answer the open questions first.",
                    ),
                ),
            ),
            tells=(Tell("campaign.area_reported", along="campaign"),),
        ),
        Step(
            name="report_not_met",
            sources=("assigned",),
            target="not_met",
            label=Text("报告未达标并说明", "Report the target not met, with the reason"),
            says=Text("片区未达标，已说明原因", "The area did not meet its target, and said why"),
            rule="M09; CONDUCT 5.2-9: no pressure on lawful refusal",
            by=UNION_LOCAL,
            fields=(NOTE,),
            reckons=("unions_founded", "unions_in_question", "unions_that_count"),
            tells=(Tell("campaign.area_reported", along="campaign"),),
        ),
    ),
    terms=(
        Term(
            "campaign_area",
            Text("片区期限", "Length of the area's work"),
            "campaign.length",
            ("assigned",),
            Work(
                UNION_LOCAL,
                Text("行动期满，请报告片区结果", "The campaign has run its time: report the area"),
                Text("行动期满，等片区报告", "the campaign has run its time; the area has yet to report"),
            ),
        ),
    ),
)
