"""Joint union (联合工会): one union for the members of several units, with a file of its own (WORKFLOWS 2.2.2).

How many units it covers is a figure beside it and is kept by itself; an election record and the superior's approval establish it,
as they do any union. When too few units are left people look into it: a joint union of one unit is none.
"""

from dataclasses import replace

from workflows.definition import (
    Choice,
    Definition,
    Evidence,
    Facts,
    Field,
    Opening,
    Situation,
    State,
    Step,
    Tell,
    Work,
)
from workflows.procedures.coverage import joins_federation
from workflows.procedures.gathering import PROPOSAL_STATES, Gathering, proposal_terms
from workflows.procedures.union import UNION
from workflows.procedures.union_election import everybody_came, usual_candidates
from workflows.procedures.union_guards import (
    BODIES,
    BODIES_ARE_COMPLETE,
    COUNTS,
    COUNTS_FIT,
    as_recorded,
    usual_bodies,
)
from workflows.procedures.union_states import CANDIDATES
from workflows.roles import UNION_LOCAL, UNION_SUPERIOR, Compartment
from workflows.subjects import JOINT_UNION
from workflows.words import Text

UNITS = Gathering(
    name="joint_union",
    count="units",
    limit="joint_union.min_units",
    joined="coverage.covered",
    left="coverage.left",
    members=Text("单位", "units"),
)

PROPOSAL = Evidence(
    "joint_union_proposal",
    Text("建立联合工会请示", "Request to found a joint union"),
    form="request",
    about="建立{name}",
)
REPLY = Evidence(
    "joint_union_reply",
    Text("同意建立联合工会的批复", "Reply approving the joint union"),
    form="reply",
    about="建立{name}",
)
CONVERSION = Evidence(
    "joint_union_conversion",
    Text("改建为单一单位工会的批复", "Reply on changing it into one unit's union"),
    form="reply",
    about="{name}改建为单一单位工会",
)

#: Units may come and go in all of these, and it is counted.
FORMING = (
    "proposed", "returned", "covering", "candidates", "meeting_called", "elected", "reported", "election_void",
)  # fmt: skip
#: Until the election is before the superior, its promoters may give it up.
GIVEN_UP_FROM = ("approved", *(name for name in FORMING if name != "reported"))
STANDS = {"union_form": "union"}


def _one_unit_left(situation: Situation) -> Text | None:
    if situation.number("units") == 1:
        return None
    return Text(
        "只剩一个单位时才能改建为该单位的工会。",
        "Only when one unit is left can it become that unit's own union.",
    )


def _members_and_candidates(situation: Situation) -> Facts:
    """The numbers as recorded, or the form's own examples before any were; and the posts that they call for."""
    counts = {one.name: one.example for one in COUNTS} | dict(as_recorded(situation))
    return counts | dict(usual_candidates(replace(situation, facts={**situation.facts, **counts})))


def _as_in_a_union(name: str, source: str, target: str) -> Step:
    """The law of candidates, elections and approvals is one for all unions, so the step is the union's own."""
    step = UNION.step[name]
    excluded = tuple(
        one for one in step.not_by if one != "elect_organiser"
    )  # several units have no organiser
    return replace(step, sources=(source,), target=target, rule=f"J3; {step.rule}", sends=(), not_by=excluded)


_NOMINATE = _as_in_a_union("nominate", "covering", "candidates")
_RECORD_ELECTION = _as_in_a_union("record_election", "meeting_called", "elected")
_APPROVE_RESULT = _as_in_a_union("approve_result", "reported", "operating")

JOINT_UNION_LAW = Definition(
    name="joint_union",
    version=1,
    label=Text("联合工会", "Joint union"),
    compartment=Compartment.UNION,
    openings=(
        Opening(
            by=UNION_LOCAL,
            subject=JOINT_UNION,
            name="propose",
            label=Text("提出建立联合工会", "Propose a joint union"),
            state="proposed",
            says=Text("提出建立联合工会", "A joint union was proposed"),
            rule="J0; U-8; Trade Union Law Art 11",
            fields=(
                Field("name", "text", Text("名称", "Name"), "越北镇第一联合工会 / joint union", maximum=100),
                Field("town", "town", Text("所在乡镇街道", "Town or street"), None, required=False),
                Field(
                    "area_kind",
                    "choice",
                    Text("联合方式", "What its units have in common"),
                    "neighbouring",
                    choices=(
                        Choice("neighbouring", Text("地域相邻", "They are neighbours")),
                        Choice("industry", Text("行业相近", "They are of one industry")),
                        Choice("village", Text("同一村、社区", "They are of one village or community")),
                    ),
                ),
            ),
            evidence=(PROPOSAL,),
            derive=UNITS.nothing,
        ),
    ),
    states=(
        *PROPOSAL_STATES,
        State(
            "approved",
            Text("已批准，待吸收单位", "Approved"),
            Work(
                UNION_LOCAL,
                Text("联系各单位加入", "Bring in the units"),
                Text("还没有单位加入", "no unit has joined yet"),
            ),
        ),
        State(
            "covering",
            Text("正在吸收单位", "Units are joining"),
            Work(
                UNION_LOCAL,
                Text("单位足够后提名候选人", "Nominate candidates once there are enough units"),
                Text("正在吸收单位，委员会还没有选出", "units are joining; the committee is not elected yet"),
            ),
        ),
        CANDIDATES,  # of several units, which no one Party organisation could examine
        *(UNION.state[name] for name in ("meeting_called", "elected", "reported", "election_void")),
        State("operating", Text("正常运转", "Operating"), settled=True, publishes=STANDS),
        replace(UNITS.review(), publishes=STANDS),
        State(
            "converted",
            Text("已改建为单一单位工会", "Changed into one unit's union"),
            settled=True,
            final=True,
            publishes={"union_form": "none"},
        ),
        State(
            "dissolved",
            Text("已撤销", "Dissolved"),
            settled=True,
            final=True,
            publishes={"union_form": "none"},
        ),
    ),
    steps=(
        *UNITS.proposal_steps("J1", request=PROPOSAL, reply=REPLY),
        *UNITS.counting("J2; J-two", gathering="covering", live=FORMING),
        replace(
            _NOMINATE,
            fields=(*COUNTS, *_NOMINATE.fields),
            guards=(UNITS.enough, *COUNTS_FIT, *_NOMINATE.guards),
            suggests=_members_and_candidates,
            rule=f"J-two; {_NOMINATE.rule}",
        ),
        replace(
            UNION.step["admit_more_members"],
            sources=("candidates", "meeting_called", "election_void"),
            rule="J3; U-6",
        ),
        _as_in_a_union("approve_candidates", "candidates", "meeting_called"),
        _as_in_a_union("reject_candidates", "candidates", "covering"),
        replace(
            _RECORD_ELECTION,
            fields=(*_RECORD_ELECTION.fields, *BODIES),
            guards=(*_RECORD_ELECTION.guards, *BODIES_ARE_COMPLETE),
            suggests=lambda situation: {**everybody_came(situation), **usual_bodies(situation)},
            rule=f"{_RECORD_ELECTION.rule}; U-18; 2.2.3",
        ),
        _as_in_a_union("record_void_election", "meeting_called", "election_void"),
        _as_in_a_union("call_again", "election_void", "meeting_called"),
        _as_in_a_union("nominate_again", "election_void", "covering"),
        _as_in_a_union("report_result", "elected", "reported"),
        replace(
            _APPROVE_RESULT,
            guards=(UNITS.enough, *_APPROVE_RESULT.guards),
            emits=("joint_union.established",),
            rule=f"J-two; {_APPROVE_RESULT.rule}",
        ),
        _as_in_a_union("refuse_result", "reported", "election_void"),
        UNITS.withdrawal("J0", *GIVEN_UP_FROM),
        replace(
            UNION.step["update_counts"], sources=("operating", "review"), rule="J3", fields=COUNTS, emits=()
        ),
        joins_federation("operating"),
        *UNITS.review_steps("J-two"),
        Step(
            name="convert",
            sources=("review",),
            target="converted",
            label=Text("改建为单一单位工会", "Change into one unit's union"),
            says=Text(
                "只剩一个单位，上级工会同意改建为该单位的工会，由其会员选举委员会",
                "One unit is left: the superior agreed that it becomes that unit's own union, whose members elect",
            ),
            rule="J-two",
            by=UNION_SUPERIOR,
            evidence=(CONVERSION,),
            guards=(_one_unit_left,),
            emits=(UNITS.dissolved,),
            tells=(Tell(UNITS.ended),),
        ),
    ),
    terms=(
        *proposal_terms("approved", "covering", "candidates", "meeting_called"),
        UNITS.review_term("J-two", "joint_union.review"),
        *(UNION.term[name] for name in ("reelect", "report_result", "approve_result")),
    ),
)
