"""The joint meeting inside an enterprise (M27): there while its union and its Party organisation both exist, and no longer."""

from workflows.definition import (
    STAY,
    Choice,
    Definition,
    Evidence,
    Facts,
    Field,
    Opening,
    Situation,
    State,
    Step,
)
from workflows.procedures.enterprise_gone import closes, elsewhere, gone, leaves
from workflows.procedures.party_guards import FORMS
from workflows.roles import PARTY_LOCAL, UNION_LOCAL, Compartment, Role
from workflows.words import Text

MINUTES = Evidence(
    "enterprise_meeting_minutes", Text("会议纪要", "Minutes"), form="minutes", about="{name}联席会议有关事项"
)
HELD_ON = Field("held_on", "date", Text("召开日期", "Held on"), 0, minimum=-366, maximum=0)
MATTER = Field(
    "main_matter",
    "choice",
    Text("主要议题", "Main matter"),
    "organisation",
    choices=(
        Choice("organisation", Text("组织建设", "building the organisations")),
        Choice("activities", Text("活动安排", "plans of activities")),
        Choice("development", Text("企业发展的重大事项", "major matters of the enterprise's development")),
    ),
)


def _both_stand(situation: Situation) -> bool:
    return situation.word("union_form") == "union" and situation.word("party_form") in FORMS


def _both_must_stand(situation: Situation) -> Text | None:
    if _both_stand(situation):
        return None
    return Text("工会和党组织没有都在。", "Union and Party organisation do not both exist.")


def _one_must_be_missing(situation: Situation) -> Text | None:
    return Text("两个组织都还在。", "Both still exist.") if _both_stand(situation) else None


def _counted(situation: Situation) -> Facts:
    return {"meetings_held": situation.number("meetings_held") + 1}


def _held(name: str, by: Role, side: Text) -> Step:
    return Step(
        name=name,
        sources=("standing",),
        target=STAY,
        label=Text("登记一次联席会（{zh}）", "Put a joint meeting on record ({en})").filled(
            zh=side.zh, en=side.en
        ),
        says=Text("企业内召开了一次联席会", "A joint meeting was held in the enterprise"),
        rule="Q-enterprise; M27",
        by=by,
        fields=(HELD_ON, MATTER),
        evidence=(MINUTES,),
        derive=_counted,
    )


ENTERPRISE_MEETING = Definition(
    name="enterprise_meeting",
    version=1,
    label=Text("企业联席会议", "Joint meeting in the enterprise"),
    compartment=Compartment.JOINT,
    reopens=True,
    openings=(
        Opening(
            on=("union.established", "party.formed"),
            state="standing",
            says=Text(
                "工会和党组织都已建立，企业联席会议制度建立",
                "Union and Party organisation both exist: they meet",
            ),
            rule="Q-enterprise; M27",
            guards=(_both_must_stand,),
            derive=lambda situation: {"meetings_held": 0},
        ),
    ),
    states=(
        State("standing", Text("运行中", "Standing"), settled=True),
        State("ended", Text("已终止", "Ended"), settled=True, final=True),
        gone(),
        elsewhere(),
    ),
    steps=(
        _held("hold_for_union", UNION_LOCAL, Text("工会登记", "union")),
        _held("hold_for_party", PARTY_LOCAL, Text("党组织登记", "Party body")),
        Step(
            name="end",
            sources=("standing",),
            target="ended",
            label=Text("终止", "Ends"),
            says=Text("两个组织不再都在，企业联席会议终止", "The two no longer both exist: the meeting ends"),
            rule="Q-enterprise; M27",
            on=("union.dissolved", "union.uncovered", "union.merged", "party.dissolved"),
            guards=(_one_must_be_missing,),
        ),
        closes("standing"),
        leaves("standing"),
    ),
)
