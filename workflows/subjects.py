"""What a file can be about. Most are about one enterprise; some about a body of several, or about work that people begin."""

from dataclasses import dataclass

from workflows.roles import Compartment
from workflows.words import Text


@dataclass(frozen=True, slots=True)
class Subject:
    """`name` is what stands in the tables; a file keeps its subject for ever. Who may not open `drawer` is not told of the file.

    `one_a_place`: a division has one such file and no second."""

    name: str
    label: Text
    drawer: Compartment
    one_a_place: bool = False


ENTERPRISE = Subject("enterprise", Text("企业", "enterprise"), Compartment.OPEN)
JOINT_UNION = Subject("joint_union", Text("联合工会", "joint union"), Compartment.UNION)
FEDERATION = Subject("federation", Text("工会联合会", "federation of unions"), Compartment.UNION)
CAMPAIGN = Subject("campaign", Text("集中行动", "campaign"), Compartment.UNION)
CAMPAIGN_AREA = Subject("campaign_area", Text("集中行动片区", "area of a campaign"), Compartment.UNION)
FIGURES = Subject("figures", Text("上报数字", "reported figures"), Compartment.UNION)

COORDINATION = Subject(
    "coordination", Text("协调小组", "coordination group"), Compartment.JOINT, one_a_place=True
)
JOINT_MEETING = Subject("joint_meeting", Text("联席会议", "joint meeting"), Compartment.JOINT)
RESOLUTION = Subject("resolution", Text("议定事项", "matter decided"), Compartment.JOINT)
REQUEST = Subject("request", Text("工会请示报告", "request of a union"), Compartment.JOINT)
ACTIVITY_PLAN = Subject("activity_plan", Text("活动计划", "plan of activities"), Compartment.JOINT)
BULLETIN = Subject("bulletin", Text("简报", "bulletin"), Compartment.JOINT)
UNION_ORDER = Subject("union_order", Text("督办单", "supervision order"), Compartment.UNION)
PARTY_ORDER = Subject("party_order", Text("督办单", "supervision order"), Compartment.PARTY)

SUBJECTS: dict[str, Subject] = {
    one.name: one
    for one in (
        *(ENTERPRISE, JOINT_UNION, FEDERATION, CAMPAIGN, CAMPAIGN_AREA, FIGURES),
        *(
            COORDINATION,
            JOINT_MEETING,
            RESOLUTION,
            REQUEST,
            ACTIVITY_PLAN,
            BULLETIN,
            UNION_ORDER,
            PARTY_ORDER,
        ),
    )
}
