"""What a file can be about. Most are about one enterprise; some about a body of several, or about work that people begin."""

from dataclasses import dataclass

from workflows.roles import Compartment
from workflows.words import Text


@dataclass(frozen=True, slots=True)
class Subject:
    """`name` is what stands in the tables; a file keeps its subject for ever. Who may not open `drawer` is not told of the file."""

    name: str
    label: Text
    drawer: Compartment


ENTERPRISE = Subject("enterprise", Text("企业", "enterprise"), Compartment.OPEN)
JOINT_UNION = Subject("joint_union", Text("联合工会", "joint union"), Compartment.UNION)
FEDERATION = Subject("federation", Text("工会联合会", "federation of unions"), Compartment.UNION)
CAMPAIGN = Subject("campaign", Text("集中行动", "campaign"), Compartment.UNION)
CAMPAIGN_AREA = Subject("campaign_area", Text("集中行动片区", "area of a campaign"), Compartment.UNION)
FIGURES = Subject("figures", Text("上报数字", "reported figures"), Compartment.UNION)

SUBJECTS: dict[str, Subject] = {
    one.name: one for one in (ENTERPRISE, JOINT_UNION, FEDERATION, CAMPAIGN, CAMPAIGN_AREA, FIGURES)
}
