"""An enterprise moves to another county, and its file follows when people have handed it over (WORKFLOWS L-18, U-24, P-18)."""

from datetime import date

import pytest

from tests.workflows.lives import TOWN, Life, asked, establish, form_branch, ordered, registered, step_of
from workflows.errors import Refused
from workflows.roles import PARTY_SUPERIOR, UNION_SUPERIOR
from workflows.unfolded import Unfolded

THERE, FURTHER = "220211", "220284"


def moves(life: Life, to: str = THERE) -> Unfolded:
    """The registration office tells of the move, and the office notes where from and where to."""
    life.case.facts |= {"moved_to": to, "moved_from": life.case.division}
    return life.tell("registry.moved")


def sent(life: Life | None = None) -> Life:
    life = life or registered()
    moves(life)
    life.take("relocation", "send_file")
    return life


@pytest.mark.rule("L-18", "U-24")
def test_the_file_goes_over_when_it_is_sent_and_the_destination_accepts_it() -> None:
    life = registered()
    assert asked(moves(life)) == ["union_superior"]
    assert life.case.division == TOWN, "no file is re-keyed by itself"
    unfolded = life.take("relocation", "send_file")
    assert (life.state("relocation"), life.case.division, unfolded.placed) == ("offered", THERE, THERE)
    life.take("relocation", "accept", town=None)
    assert (life.state("relocation"), life.case.division) == ("handed_over", THERE)


@pytest.mark.rule("L-18")
def test_an_accepted_file_may_be_given_its_town_at_once() -> None:
    life = sent()
    life.take("relocation", "accept", town=TOWN)
    assert (life.case.division, life.case.facts["placed"]) == (TOWN, True)


@pytest.mark.rule("L-18", "U-24")
def test_whoever_sends_a_file_neither_accepts_nor_returns_it() -> None:
    for name in ("accept", "return_file"):
        assert step_of("relocation", name).not_by == ("send_file",)
        assert step_of("relocation", name).by is UNION_SUPERIOR


@pytest.mark.rule("L-18", "U-24")
def test_a_file_that_is_not_accepted_goes_back_to_where_it_came_from() -> None:
    life = sent()
    unfolded = life.take("relocation", "return_file", reason="缺少档案")
    assert (life.state("relocation"), life.case.division) == ("hand_over_due", TOWN)
    assert asked(unfolded) == ["union_superior"]
    life.take("relocation", "send_file")
    assert life.case.division == THERE


@pytest.mark.rule("L-18")
def test_a_hand_over_that_nobody_sees_to_is_told_and_sends_nothing() -> None:
    life = registered()
    unfolded = moves(life)
    assert {one.term.name: one.deadline.due_on for one in unfolded.terms} == {"send": date(2026, 3, 23)}
    assert asked(life.expire("relocation", "send")) == ["union_superior"]
    assert (life.state("relocation"), life.case.division) == ("hand_over_due", TOWN)


@pytest.mark.rule("L-18")
def test_silence_accepts_nothing() -> None:
    life = registered()
    moves(life)
    unfolded = life.take("relocation", "send_file")
    assert {one.term.name: one.deadline.due_on for one in unfolded.terms} == {"accept": date(2026, 3, 23)}
    assert asked(life.expire("relocation", "accept")) == ["union_superior"]
    assert life.state("relocation") == "offered"


@pytest.mark.rule("L-18", "U-24")
def test_the_file_keeps_its_history_and_every_track_its_state() -> None:
    life = registered()
    establish(life)
    before = {one.procedure: (one.state, one.revision) for one in life.case.standings}
    sent(life)
    life.take("relocation", "accept", town=None)
    after = {one.procedure: (one.state, one.revision) for one in life.case.standings}
    assert {name: after[name] for name in before} == before
    assert life.case.facts["union_form"] == "union"


@pytest.mark.rule("P-18")
def test_where_a_party_form_stands_its_relations_are_transferred_first() -> None:
    life = registered(ordered("party_first"))
    form_branch(life)
    assert asked(moves(life)) == ["party_superior"]
    assert life.state("relocation") == "party_hand_over_due"
    with pytest.raises(Refused):
        life.take("relocation", "send_file")
    with pytest.raises(Refused, match="once the relations are transferred"):
        life.take("relocation", "transfer_party_relations", relations_transferred=False)
    life.take("relocation", "transfer_party_relations")
    assert (life.state("relocation"), life.case.facts["party_form"]) == ("hand_over_due", "branch")


@pytest.mark.rule("P-18")
def test_the_transfer_of_party_relations_is_the_party_sides_and_tells_no_number() -> None:
    step = step_of("relocation", "transfer_party_relations")
    assert step.by is PARTY_SUPERIOR
    assert [(field.name, field.kind) for field in step.fields] == [("relations_transferred", "yes_no")]
    assert not step.evidence, "its papers stay on the Party side"


@pytest.mark.rule("L-18")
def test_an_enterprise_that_moves_back_stays_where_its_file_is() -> None:
    life = registered()
    moves(life)
    life.tell("registry.moved_back")
    assert (life.state("relocation"), life.case.division) == ("stayed", TOWN)
    assert asked(moves(life)) == ["union_superior"], "a later move is a move again"


@pytest.mark.rule("L-18")
def test_news_of_a_move_that_was_wrong_is_put_right_by_a_person() -> None:
    life = registered()
    moves(life)
    life.take("relocation", "keep_here")
    assert (life.state("relocation"), life.case.facts["moved_to"]) == ("stayed", None)


@pytest.mark.rule("L-18", "P-18")
@pytest.mark.parametrize(("party", "waits"), [("none", "hand_over_due"), ("branch", "party_hand_over_due")])
def test_an_enterprise_that_moves_on_before_its_file_is_accepted_is_handed_on(party: str, waits: str) -> None:
    life = sent()
    life.case.facts["party_form"] = party
    moves(life, FURTHER)
    assert (life.state("relocation"), life.case.division) == (waits, THERE)


@pytest.mark.rule("L-18")
def test_a_file_goes_nowhere_while_nobody_knows_where_to() -> None:
    life = registered()
    life.tell("registry.moved")
    with pytest.raises(Refused, match="find out first"):
        life.take("relocation", "send_file")


@pytest.mark.rule("L-18")
def test_a_hand_over_outside_this_system_rests_on_a_receipt_and_ends_what_is_under_way_here() -> None:
    step = step_of("relocation", "hand_over_outside")
    assert [paper.kind for paper in step.evidence] == ["hand_over_receipt"]
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=0)
    moves(life)
    life.take("relocation", "hand_over_outside")
    assert (life.state("relocation"), life.state("lead")) == ("transferred", "transferred")
    assert (life.state("party"), life.case.division) == ("transferred", TOWN), (
        "the file stays here to be read"
    )


@pytest.mark.rule("L-18", "U-24", "P-18")
def test_where_organisations_stand_the_union_goes_with_the_file_and_the_party_superior_transfers_his_own() -> (
    None
):
    life = registered(ordered("parallel"))
    establish(life)
    form_branch(life)
    moves(life)
    life.take("relocation", "transfer_party_relations", relations_transferred=True)
    life.take("relocation", "hand_over_outside")
    assert (life.state("union"), life.state("party")) == ("transferred", "leaving")
    assert (life.case.facts["union_form"], life.case.facts["party_form"]) == ("none", "branch")
    open_still = {
        one.procedure
        for one in life.case.standings
        if not life.law.current(one.procedure).state[one.state].final
    }
    assert open_still == {"party"}, "no term, notice or review waits for anybody here any more"
    assert [paper.kind for paper in step_of("party", "transfer_out").evidence] == [
        "relations_transfer_receipt"
    ]
    life.take("party", "transfer_out")
    assert (life.state("party"), life.case.facts["party_form"]) == ("transferred", "none")


@pytest.mark.rule("L-18")
@pytest.mark.parametrize("arrives", ["accept", "hand_over_outside"])
def test_only_a_hand_over_that_is_done_ends_the_relocation(arrives: str) -> None:
    life = registered()
    moves(life)
    assert moves(life).opened == []
    if arrives == "accept":
        life.take("relocation", "send_file")
    life.take("relocation", arrives)
    moves(life, FURTHER)
    assert [one.state for one in life.case.standings if one.procedure == "relocation"][1:] == [
        "hand_over_due"
    ]


@pytest.mark.rule("L-17", "L-18")
@pytest.mark.parametrize("state", ["party_hand_over_due", "hand_over_due", "offered"])
def test_an_enterprise_that_ends_is_not_handed_over(state: str) -> None:
    life = Life.standing_in("relocation", state)
    assert asked(life.tell("registry.deregistered")) == []
    assert life.state("relocation") == "enterprise_gone"
