"""What is called established rests on its papers: on every way that leads there, not on those that somebody thought of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from tests.workflows.on_file import Certain, Place, certain
from workflows.definition import Facts
from workflows.events import Scalar
from workflows.registry import law_book


@dataclass(frozen=True, slots=True)
class Claim:
    """Wherever the proceeding stands so, these papers are on file. `told_apart`: what the law asks about on the way."""

    procedure: str
    papers: frozenset[str]
    states: tuple[str, ...] = ()
    fact: tuple[str, tuple[Scalar, ...]] = ("", ())
    told_apart: Facts = field(default_factory=dict)

    def covers(self, place: Place) -> bool:
        name, values = self.fact
        return place.says(name) in values if name else place.state in self.states

    def __str__(self) -> str:
        return f"{self.procedure}: {' '.join(map(str, self.fact[1])) or ' '.join(self.states)}"


LAWS = law_book().definitions
UNION: Facts = {"union_form": "none", "after_merger": None, "union_kind": None}
PARTY: Facts = {"party_form": "none", "party_committee": None}
OWN_FORMS = ("branch", "general_branch", "primary_committee")

CLAIMS = (
    Claim(
        "union",
        frozenset(
            {"union_election_record", "union_approval", "union_result_report", "membership_applications"}
        ),
        fact=("union_form", ("union",)),
        told_apart=UNION,
    ),
    Claim(
        "joint_union",
        frozenset({"joint_union_proposal", "joint_union_reply", "union_election_record", "union_approval"}),
        states=("operating", "review"),
    ),
    Claim(
        "federation",
        frozenset({"federation_proposal", "federation_reply", "union_election_record", "union_approval"}),
        states=("operating", "review"),
    ),
    Claim("membership", frozenset({"federation_resolution", "federation_acceptance"}), states=("member",)),
    Claim(
        "legal_person",
        frozenset({"legal_application", "union_approval", "legal_examination", "legal_certificate"}),
        states=("registered", "change_due", "change_filed", "renewal_due", "renewal_filed", "cancel_due"),
    ),
    Claim("legal_person", frozenset({"legal_settlement_report"}), states=("cancelled",)),
    Claim(
        "party",
        frozenset({"formation_decided", "branch_election_record", "branch_officers_approval"}),
        fact=("party_form", OWN_FORMS),
        told_apart=PARTY,
    ),
    Claim(
        "party",
        frozenset({"joint_branch_application", "joint_branch_approval"}),
        fact=("party_form", ("joint_branch",)),
        told_apart=PARTY,
    ),
    Claim("party", frozenset({"branch_dissolution_decision"}), states=("dissolved",)),
    Claim("party", frozenset({"branch_merger_decision", "branch_filing"}), states=("merged",)),
    Claim(
        "union_term",
        frozenset({"union_term_request", "union_term_reply", "union_election_record", "union_term_approval"}),
        states=("renewed",),
    ),
    Claim(
        "party_term",
        frozenset(
            {"party_term_request", "party_term_reply", "branch_election_record", "party_term_approval"}
        ),
        states=("renewed",),
    ),
    Claim("relocation", frozenset({"hand_over_list"}), states=("offered", "handed_over")),
    Claim("relocation", frozenset({"hand_over_receipt"}), states=("transferred",)),
    Claim(
        "restructuring",
        frozenset({"union_restructuring_reply", "party_restructuring_reply"}),
        states=("closed",),
    ),
    Claim("campaign", frozenset({"campaign_plan", "campaign_summary"}), states=("closed",)),
    Claim("question", frozenset({"union_explanation"}), states=("explained", "accepted", "upheld")),
    Claim("union", frozenset({"union_dissolution_report"}), states=("dissolved",)),
    Claim("joint_union", frozenset({"union_dissolution_report"}), states=("dissolved",)),
    Claim("federation", frozenset({"union_dissolution_report"}), states=("dissolved",)),
)


@pytest.mark.rule("U-16", "P-9", "J3", "T-7", "R3")
@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_what_stands_rests_on_its_papers_whichever_way_it_came_about(claim: Claim) -> None:
    found = _followed(claim.procedure, claim.told_apart)
    places = [place for place in found.places if claim.covers(place)]
    assert places, "no way leads there"
    for place in places:
        assert claim.papers <= found.places[place], place


@pytest.mark.parametrize("state", ["established", "operating", "transfer_asked", "merged", "winding_up"])
def test_a_union_that_stands_is_one_in_the_open_drawer_too(state: str) -> None:
    """So the claim about `union_form` holds for each of these states."""
    forms = {place.says("union_form") for place in _followed("union", UNION).places if place.state == state}
    assert forms == {"union"}


@pytest.mark.parametrize(
    ("state", "form"),
    [
        ("joint_branch", "joint_branch"),
        ("branch", "branch"),
        ("branch_with_committee", "branch"),
        ("general_branch", "general_branch"),
        ("primary_committee", "primary_committee"),
    ],
)
def test_a_party_organisation_that_stands_is_one_in_the_open_drawer_too(state: str, form: str) -> None:
    forms = {place.says("party_form") for place in _followed("party", PARTY).places if place.state == state}
    assert forms == {form}


#: Which steps approve an election, and after which an earlier one counts no more: it was approved, refused or void.
ELECTIONS: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "union": ("union_election_record", ("approve_result",), ("refuse_result", "record_void_election")),
    "joint_union": ("union_election_record", ("approve_result",), ("refuse_result", "record_void_election")),
    "federation": ("union_election_record", ("approve_result",), ("refuse_result",)),
    "union_term": ("union_election_record", ("approve_result",), ("refuse_result", "record_void_election")),
    "party_term": ("branch_election_record", ("approve_result",), ("refuse_result", "record_void_election")),
    "party": (
        "branch_election_record",
        (
            "approve_branch",
            "approve_branch_with_committee",
            "approve_general_branch",
            "approve_primary_committee",
            "approve_general_branch_below",
            "approve_primary_committee_below",
            "approve_committee",
        ),
        ("refuse_officers", "refuse_committee"),
    ),
}


@pytest.mark.rule("U-14", "U-16", "U-17", "P-8", "P-9", "T-5")
@pytest.mark.parametrize("procedure", ELECTIONS)
def test_each_approval_rests_on_an_election_of_its_own_never_on_one_refused_void_or_used_before(
    procedure: str,
) -> None:
    record, approvals, over = ELECTIONS[procedure]
    law = law_book().current(procedure)
    found = certain(law, stale=dict.fromkeys((*approvals, *over), frozenset({record})))
    for step in approvals:
        assert record in found.before[step], step


def test_every_procedure_that_elects_is_looked_at() -> None:
    records = {record for record, _, _ in ELECTIONS.values()}
    elect = {law.name for law in LAWS for act in law.acts for paper in act.evidence if paper.kind in records}
    assert elect == set(ELECTIONS)


def test_a_paper_that_nobody_asked_for_any_more_would_be_missed() -> None:
    """The proof is worth something: an election recorded without its record, and the claim falls."""
    law = law_book().current("union")
    careless = [
        replace(step, evidence=(), guards=())
        if step.name in ("record_election", "report_result", "approve_result")
        else step
        for step in law.steps
    ]
    found = certain(replace(law, steps=tuple(careless)), UNION)
    held = [held for place, held in found.places.items() if CLAIMS[0].covers(place)]
    assert all("preparation_approval" in one for one in held)
    assert any(not {"union_election_record", "union_approval"} & one for one in held)


def _followed(procedure: str, told_apart: Facts) -> Certain:
    key = (procedure, tuple(told_apart.items()))
    if key not in _KNOWN:
        _KNOWN[key] = certain(law_book().current(procedure), told_apart)
    return _KNOWN[key]


_KNOWN: dict[tuple[str, tuple[tuple[str, Scalar], ...]], Certain] = {}
