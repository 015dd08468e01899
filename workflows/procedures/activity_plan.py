"""A union's plan of activities: the union drafts, the Party organisation decides, it hangs on the wall, and what came of it is told (M52).

Each activity is put on record as held or as cancelled; a plan of which nothing is on record is not reviewed.
"""

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
from workflows.guards import at_least
from workflows.roles import PARTY_LOCAL, UNION_LOCAL, Compartment
from workflows.subjects import ACTIVITY_PLAN as PLAN_FILE
from workflows.words import Text

TABLE = Evidence("activity_plan_table", Text("活动计划表", "Table of the planned activities"))
DECISION = Evidence("activity_plan_decision", Text("党组织研究意见", "Decision of the Party organisation"))
POSTED = Evidence("activity_plan_posted", Text("上墙公示的照片", "Picture of the table on the wall"))
NOTE = Field("note", "text", Text("情况说明", "Account"), "按计划进行 / as planned", maximum=500)
SEASON = Field(
    "season",
    "choice",
    Text("时段", "Season"),
    "year",
    choices=(
        Choice("year", Text("全年", "the whole year")),
        Choice("spring", Text("春夏", "spring and summer")),
        Choice("autumn", Text("秋冬", "autumn and winter")),
        Choice(
            "occasion", Text("专项（如三八节、质量征文）", "an occasion, such as 8 March or an essay contest")
        ),
    ),
)
ACTIVITY = Field(
    "activity", "text", Text("哪项活动", "Which activity"), "质量征文 / essays on quality", maximum=100
)
HELD_ON = Field("activity_on", "date", Text("日期", "Day"), 0, minimum=-366, maximum=0)
SUPPORT = Field(
    "support",
    "choice",
    Text("支持", "Support"),
    "all",
    choices=(
        Choice("all", Text("时间、人员、经费都保证", "time, people and money")),
        Choice("part", Text("部分保证，见意见", "in part, see the decision")),
    ),
)


def _counted(situation: Situation, name: str) -> Facts:
    """One more activity is on record."""
    return {name: situation.number(name) + 1, "on_record": situation.number("on_record") + 1}


ACTIVITY_PLAN = Definition(
    name="activity_plan",
    version=1,
    label=Text("活动计划", "Plan of activities"),
    compartment=Compartment.JOINT,
    openings=(
        Opening(
            name="draft_plan",
            by=UNION_LOCAL,
            subject=PLAN_FILE,
            state="drafted",
            label=Text("起草活动计划", "Draft a plan of activities"),
            says=Text("工会起草活动计划", "The union drafted a plan of activities"),
            rule="S-plan; M52",
            fields=(Field("name", "text", Text("名称", "Name"), "年度活动计划", maximum=60), SEASON),
        ),
    ),
    states=(
        State(
            "drafted",
            Text("起草", "Drafted"),
            Work(
                UNION_LOCAL,
                Text("定稿并提请党组织研究", "Finish the plan and put it before the Party organisation"),
                Text("计划还在起草", "the plan is being drafted"),
            ),
        ),
        State(
            "party_discussion",
            Text("党组织研究", "Before the Party organisation"),
            Work(
                PARTY_LOCAL,
                Text("研究活动计划", "Discuss the plan and decide"),
                Text("等党组织研究", "the Party organisation has yet to decide"),
            ),
        ),
        State(
            "approved",
            Text("已定，待上墙", "Approved"),
            Work(
                UNION_LOCAL,
                Text("把计划表上墙公示", "Post the plan on the wall"),
                Text("计划还没有上墙", "the plan is not on the wall yet"),
            ),
        ),
        State("posted", Text("已上墙，按计划开展", "On the wall, under way"), settled=True),
        State("reviewed", Text("已总结", "Reviewed"), settled=True, final=True),
    ),
    steps=(
        Step(
            name="submit_plan",
            sources=("drafted",),
            target="party_discussion",
            label=Text("提请党组织研究", "Put it before the Party organisation"),
            says=Text("工会提请党组织研究", "The union put the plan before the Party organisation"),
            rule="S-plan; M52",
            by=UNION_LOCAL,
            evidence=(TABLE,),
            sends=(Message("activity_plan_submitted", to=PARTY_LOCAL, sender=UNION_LOCAL),),
        ),
        Step(
            name="approve_plan",
            sources=("party_discussion",),
            target="approved",
            label=Text("研究同意", "Approve"),
            says=Text("党组织研究同意", "The Party organisation approved the plan"),
            rule="S-plan; M52",
            by=PARTY_LOCAL,
            fields=(SUPPORT,),
            evidence=(DECISION,),
        ),
        Step(
            name="return_plan",
            sources=("party_discussion",),
            target="drafted",
            label=Text("退回修改", "Send it back"),
            says=Text("党组织退回修改", "The Party organisation sent the plan back"),
            rule="S-plan; M52",
            by=PARTY_LOCAL,
            fields=(NOTE,),
        ),
        Step(
            name="post_plan",
            sources=("approved",),
            target="posted",
            label=Text("上墙公示", "Post it on the wall"),
            says=Text("计划表上墙", "The plan went up on the wall"),
            rule="S-plan; M52",
            by=UNION_LOCAL,
            evidence=(POSTED,),
        ),
        Step(
            name="review_plan",
            sources=("posted",),
            target="reviewed",
            label=Text("总结", "Review it"),
            says=Text("活动计划作了总结", "The plan was reviewed"),
            rule="S-plan; M52",
            by=UNION_LOCAL,
            fields=(NOTE,),
            guards=(
                at_least(
                    "on_record",
                    1,
                    Text(
                        "还没有登记任何活动，先登记已开展或已取消的活动。",
                        "No activity is on record yet: put on record what was held or cancelled first.",
                    ),
                ),
            ),
        ),
        Step(
            name="record_held",
            sources=("posted",),
            target=STAY,
            label=Text("登记活动已开展", "Put an activity on record as held"),
            says=Text("一项活动按计划开展", "An activity was held as planned"),
            rule="S-plan; M52",
            by=UNION_LOCAL,
            fields=(ACTIVITY, HELD_ON),
            derive=lambda situation: _counted(situation, "activities_held"),
        ),
        Step(
            name="record_cancelled",
            sources=("posted",),
            target=STAY,
            label=Text("登记活动取消", "Put an activity on record as cancelled"),
            says=Text("一项活动取消", "An activity was cancelled"),
            rule="S-plan; M52",
            by=UNION_LOCAL,
            fields=(ACTIVITY, NOTE),
            derive=lambda situation: _counted(situation, "activities_cancelled"),
        ),
    ),
    terms=(
        Term(
            "decide_plan",
            Text("研究活动计划", "To be decided on"),
            "request.answer",
            ("party_discussion",),
            Work(
                PARTY_LOCAL,
                Text("活动计划逾期未研究", "The plan is not decided on in time"),
                Text("逾期未研究", "it is not decided on in time"),
            ),
        ),
    ),
)
