"""The group in which union and Party bodies of a place sit together (M29, M30), and from which its joint meetings follow.

Whose form it has is the place's choice: a leading group under the committee's secretary (材料001), or one under the head of the
organisation department (材料002). Posts are named, never persons.
"""

from workflows.definition import STAY, Choice, Definition, Evidence, Field, Opening, State, Step, Tell
from workflows.roles import MEETING, Compartment
from workflows.subjects import COORDINATION as GROUP_FILE
from workflows.words import Text

DECISION = Evidence(
    "coordination_decision", Text("成立、调整或撤销的文件", "Document that sets it up or dissolves it")
)
FORM = Field(
    "group_form",
    "choice",
    Text("组成形式", "Form of the group"),
    "under_secretary",
    choices=(
        Choice(
            "under_secretary",
            Text(
                "领导小组：区委分管书记任组长（材料001）",
                "leading group under the committee's secretary in charge",
            ),
        ),
        Choice(
            "under_orgdept",
            Text(
                "领导班子：组织部长任组长、工会主席任副组长（材料002）",
                "leading body under the head of the organisation department, the union's chair as deputy",
            ),
        ),
    ),
)
HEAD = Field(
    "head_post",
    "text",
    Text("组长职务（不写姓名）", "Post of the head (no name)"),
    "区委分管书记",
    maximum=40,
)
DEPUTIES = Field(
    "deputy_posts",
    "text",
    Text("副组长职务（不写姓名）", "Posts of the deputies (no names)"),
    "组织部长、区总工会主席",
    maximum=120,
)
NOTE = Field("note", "text", Text("情况说明", "Account"), "按文件执行 / as the document says", maximum=500)

COORDINATION = Definition(
    name="coordination",
    version=1,
    label=Text("协调小组", "Coordination group"),
    compartment=Compartment.JOINT,
    openings=(
        Opening(
            name="set_up",
            by=MEETING,
            subject=GROUP_FILE,
            state="standing",
            label=Text("成立协调小组", "Set up a coordination group"),
            says=Text(
                "协调小组成立，联席会议按季安排", "The coordination group was set up; it meets each quarter"
            ),
            rule="Q-group; M26; M28; M29; M30",
            fields=(
                Field("name", "text", Text("名称", "Name"), "党建带工建协调小组", maximum=60),
                FORM,
                HEAD,
                DEPUTIES,
            ),
            evidence=(DECISION,),
        ),
    ),
    states=(
        State("standing", Text("运行中", "Standing"), settled=True),
        State("dissolved", Text("已撤销", "Dissolved"), settled=True),
    ),
    steps=(
        Step(
            name="dissolve",
            sources=("standing",),
            target="dissolved",
            label=Text("撤销协调小组", "Dissolve the group"),
            says=Text(
                "协调小组撤销，未召开的会议随之取消",
                "The group was dissolved, and its planned meetings with it",
            ),
            rule="Q-group; M29; M30",
            by=MEETING,
            fields=(NOTE,),
            evidence=(DECISION,),
            tells=(Tell("coordination.dissolved"),),
        ),
        Step(
            name="set_up_again",
            sources=("dissolved",),
            target="standing",
            label=Text("恢复协调小组", "Set the group up again"),
            says=Text("协调小组恢复", "The group was set up again"),
            rule="Q-group; M29; M30",
            by=MEETING,
            fields=(FORM, HEAD, DEPUTIES),
        ),
        Step(
            name="reform",
            sources=("standing",),
            target=STAY,
            label=Text("调整组成", "Change its form or posts"),
            says=Text("协调小组的组成作了调整", "The group's form or posts were changed"),
            rule="Q-group; M29; M30",
            by=MEETING,
            fields=(FORM, HEAD, DEPUTIES),
        ),
    ),
)
