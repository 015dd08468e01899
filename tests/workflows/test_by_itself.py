"""What happens without anybody's hand, and where it may lead: nothing automatic approves, elects, dissolves or appoints.

The tables are the whole truth: an automatic step that is not in them is a failure here, and somebody must decide whether it is
meant.
"""

from collections.abc import Mapping

import pytest

from tests.workflows.lives import MONDAY, national_policy
from tests.workflows.walk import LAWS
from workflows.definition import STAY, Definition, Facts, Situation, Step
from workflows.procedures.party_guards import ORGANISATIONS
from workflows.registry import law_book
from workflows.subjects import ENTERPRISE

AUTOMATIC = [(law, step) for law in LAWS for step in law.steps if step.on]


def _named(one: object) -> str | None:
    return one.name if isinstance(one, Definition | Step) else None


# -- where automatic steps may lead --------------------------------------------------------------------------

#: The states that an automatic step may lead to, by procedure. Whoever adds one says so here.
MAY_LEAD_TO: Mapping[str, frozenset[str]] = {
    "lead": frozenset({"registered", "out_of_scope", "contacting", "transferred", "enterprise_gone"}),
    "union": frozenset(
        {
            "not_started",
            "recruited",
            "covered",
            "operating",
            "merged",
            "winding_up",
            "transferred",
            "enterprise_gone",
        }
    ),
    "coverage": frozenset({"covered", "declined", "left", "graduated", "deregistered"}),
    "joint_union": frozenset({"covering", "review"}),
    "membership": frozenset({"not_joined", "left"}),
    "federation": frozenset({"founding", "review"}),
    "legal_person": frozenset(
        {
            "returned",
            "change_due",
            "renewal_due",
            "cancel_due",
            "union_gone",
            "transferred",
            "enterprise_gone",
        }
    ),
    "party": frozenset(
        {"survey_due", "surveyed", "liaison", "winding_up", "leaving", "transferred", "enterprise_gone"}
    ),
    "liaison": frozenset({"ended_by_branch", "transferred", "enterprise_gone"}),
    "notify_party": frozenset({"sent", "escalated", "result_reported", "transferred", "enterprise_gone"}),
    "notify_union": frozenset({"sent", "escalated", "result_reported", "transferred", "enterprise_gone"}),
    "party_review": frozenset(
        {
            "enterprise_merged",
            "below_branch",
            "below_form",
            "larger_form_due",
            "committee_due",
            "form_due",
            "over",
            "transferred",
            "enterprise_gone",
        }
    ),
    "union_review": frozenset({"grown", "shrunk", "over", "transferred", "enterprise_gone"}),
    "union_term": frozenset({"reminded", "vacancy", "in_term", "ended", "transferred", "enterprise_gone"}),
    "party_term": frozenset({"reminded", "in_term", "ended", "transferred", "enterprise_gone"}),
    "relocation": frozenset({"stayed", "offered", "party_hand_over_due", "hand_over_due", "enterprise_gone"}),
    "restructuring": frozenset({"under_way", "transferred", "enterprise_gone"}),
    "question": frozenset({"transferred", "enterprise_gone"}),
    "figures": frozenset({"questioned", "consistent"}),
    "joint_meeting": frozenset({"collecting", "reported", "lapsed"}),
    "enterprise_meeting": frozenset({"ended", "transferred", "enterprise_gone"}),
}

#: States that say that somebody decided: people alone lead there (CONDUCT 5.2-11, 5.3).
DECIDED = frozenset(
    {
        "approved",
        "approved_to_form",
        "established",
        "elected",
        "dissolved",
        "registered",
        "examined",
        "renewed",
        "converted",
        "cancelled",
        "refused",
        "appointed",
        "active",
        "accepted",
        "rejected",
        "member",
        "closed",
        "handed_over",
        "kept",
        *ORGANISATIONS,
    }
)
#: An enterprise that the registration office has registered is `registered`: that is the office's decision, not ours.
NOT_OURS = {("lead", "registered")}

#: States in which something stands, and why an automatic step may lead there all the same.
STANDS_ALREADY: Mapping[tuple[str, str], str] = {
    ("union", "union_goes_on"): "the union stood all along; a change of its form was given up by a person",
    ("union", "merger_stays_open"): "the union stood all along; its new founding was given up by a person",
    ("union", "merge"): "it stands as it was until people have decided",
    ("union", "cover_goes_on"): "the joint union covered the unit all along",
    ("union", "wind_up"): "it stands until its superior decides",
    ("coverage", "accepted"): "the superior has admitted the unit, by a step in the same file",
    ("party", "liaison_appointed"): "the liaison was appointed by a person, in the liaison's own proceeding",
    ("party", "wind_up"): "it stands until its superior decides",
    ("party", "left_with_enterprise"): "it stands until its superior has transferred it",
    ("joint_union", "fall_short"): "it stands with one unit less until its superior decides",
    ("federation", "fall_short"): "it stands with one union less until its superior decides",
    ("union_term", "formed_anew"): "the superior has approved an election, by a step in the same file",
    ("party_term", "formed_anew"): "the superior has approved an election, by a step in the same file",
}


@pytest.mark.rule("U-16", "P-9", "P-14", "U-22")
def test_automatic_steps_lead_where_this_table_says_and_nowhere_else() -> None:
    found = {
        law.name: frozenset(step.target for step in law.steps if step.on and step.target != STAY)
        for law in LAWS
    }
    assert {name: targets for name, targets in found.items() if targets} == MAY_LEAD_TO


@pytest.mark.rule("U-16", "P-9", "P-14", "U-22")
@pytest.mark.parametrize(("law", "step"), AUTOMATIC, ids=_named)
def test_nothing_automatic_approves_elects_dissolves_or_appoints(law: Definition, step: Step) -> None:
    assert step.target not in DECIDED or (law.name, step.target) in NOT_OURS


#: States in which something stands, or is taken to stand.
STANDING: Mapping[str, frozenset[str]] = {
    "union": frozenset({"established", "operating", "covered", "merged", "winding_up"}),
    "coverage": frozenset({"covered"}),
    "joint_union": frozenset({"operating", "review"}),
    "federation": frozenset({"operating", "review"}),
    "party": frozenset({"liaison", "winding_up", "leaving", *ORGANISATIONS}),
    "union_term": frozenset({"in_term"}),
    "party_term": frozenset({"in_term"}),
}


def test_where_something_stands_an_automatic_step_leads_only_because_it_stood_already() -> None:
    found = {(law.name, step.name) for law, step in AUTOMATIC if step.target in STANDING.get(law.name, ())}
    assert found == set(STANDS_ALREADY)


#: What tells others that somebody decided. An automatic step that says so repeats what a person did in the same file.
DECISIONS = (
    "established",
    "formed",
    "dissolved",
    "reelected",
    "by_elected",
    "operating",
    "appointed",
    "ready",
)


@pytest.mark.parametrize(("law", "step"), AUTOMATIC, ids=_named)
def test_no_automatic_step_announces_a_decision(law: Definition, step: Step) -> None:
    assert not {event.rpartition(".")[2] for event in step.emits} & set(DECISIONS)
    assert not step.evidence and not step.fields and not step.extends and not step.moves_file


# -- the Party organisation -------------------------------------------------------------------------------------

#: The automatic steps that leave a state in which a Party organisation stands.
LEAVES_AN_ORGANISATION: Mapping[str, str] = {
    "wind_up": "the enterprise ended: the form published stays as it is until the superior dissolves it",
    "left_with_enterprise": "the enterprise left: the form published stays until the superior has transferred it",
}


@pytest.mark.rule("P-14", "P-18", "P-19")
def test_no_state_of_a_party_organisation_is_left_by_the_machine_alone() -> None:
    party = law_book().current("party")
    leaving = {
        step.name: step
        for step in party.steps
        if step.on and step.target != STAY and set(step.sources) & set(ORGANISATIONS)
    }
    assert set(leaving) == set(LEAVES_AN_ORGANISATION)
    for step in leaving.values():
        assert step.derive is None and not step.publish
        assert "party_form" not in party.state[step.target].publishes


@pytest.mark.rule("P-14", "P-15")
def test_what_automatic_steps_write_beside_the_state_leaves_every_organisation_as_it_is() -> None:
    party = law_book().current("party")
    for step in party.steps:
        if step.on and set(step.sources) & set(ORGANISATIONS):
            facts: Facts = {"party_form": "branch", "full_members": 0}
            situation = Situation(facts, national_policy(), MONDAY)
            assert step.derive is None or "party_form" not in step.derive(situation)


def test_one_procedure_alone_writes_each_form_of_a_file() -> None:
    """The Party form of a file is one fact, which `party` alone publishes: two forms at once cannot even be written down."""
    writers: dict[str, set[str]] = {"party_form": set(), "union_form": set(), "party_condition": set()}
    for law in LAWS:
        for name, found in writers.items():
            if any(name in state.publishes for state in law.states) or any(
                name in act.publish or any(one.publish and one.name == name for one in act.fields)
                for act in law.acts
            ):
                found.add(law.name)
    assert writers == {
        "party_form": {"party"},
        "union_form": {"union", "joint_union"},
        "party_condition": {"party"},
    }
    joint = law_book().current("joint_union")
    assert all(one.subject is not None and one.subject is not ENTERPRISE for one in joint.openings), (
        "a joint union has a file of its own, so that the two never write into one file"
    )
