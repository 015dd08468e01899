"""红光 again, as it is told: the owner engaged somebody as chair. A chair is elected, and until the record comes there is none."""

from typing import Any

import pytest
from sqlalchemy import select

from services.cases.advance import StepTaken, take_step
from services.db.models.casework import Case, Proceeding
from workflows.errors import Fault, Refused

TOWN_UNION, DISTRICT_UNION = "union.220204102", "union.220204"
ALL_FORTY = {"entitled": 40, "present": 38, "votes_for": 30, "held_on": "1999-05-10"}


def without_paper(story: Any, account: str, step: str, **fields: object) -> None:
    """The form is filled in, but no document is handed in with it. `Any`: a story."""
    with story.runtime.writing(story.hands.actor(account)) as unit:
        union = select(Proceeding.id).join(Case, Case.id == Proceeding.case_id)
        key = unit.db.execute(
            union.where(Case.uscc == story.uscc, Proceeding.procedure == "union")
        ).scalar_one()
        take_step(unit, StepTaken(key, step, fields, []))


@pytest.mark.rule("G-CHAIR", "G-COMM", "U-10", "U-12", "U-13", "U-16")
def test_an_owner_names_the_chair_and_is_refused_until_an_election_record_comes(tell: Any) -> None:
    story = tell("1999-03-01")
    story.registered("红光", "1999-03-01")
    story.on("1999-03-10")
    story.does(TOWN_UNION, "lead", "survey", headcount=80, applicants=40)
    story.does(TOWN_UNION, "lead", "open_union")
    story.does(TOWN_UNION, "union", "file_application", unit_opinion="agrees")
    story.on("1999-03-20")
    story.does(DISTRICT_UNION, "union", "approve_preparation")
    story.does(TOWN_UNION, "union", "form_group")
    story.on("1999-04-15")
    story.does(TOWN_UNION, "union", "admit_members", union_members=40, women_members=12)
    story.does(TOWN_UNION, "union", "choose_committee")

    # The owner puts forward his deputy manager, and then his brother.
    story.on("1999-05-05")
    with pytest.raises(Refused, match="Managers and the like may not stand for chair"):
        story.does(TOWN_UNION, "union", "nominate", management_stands_for_chair=True)
    with pytest.raises(Refused, match="Close relatives of the principal may not stand"):
        story.does(TOWN_UNION, "union", "nominate", relatives_stand=True)
    story.does(TOWN_UNION, "union", "nominate")
    story.does(DISTRICT_UNION, "union", "approve_candidates")

    # So he engages somebody as chair, and wants the union approved.
    story.on("1999-05-10")
    with pytest.raises(Refused, match="A chair is elected"):
        story.does(TOWN_UNION, "union", "record_election", **ALL_FORTY, chair_chosen_by="owner")
    with pytest.raises(Fault, match="evidence_missing"):
        without_paper(
            story, TOWN_UNION, "record_election", **ALL_FORTY, secret_ballot=True, meeting="general"
        )
    for account, step in ((TOWN_UNION, "report_result"), (DISTRICT_UNION, "approve_result")):
        with pytest.raises(Refused, match="step_not_here"):
            story.does(account, "union", step)
    assert story.states()["union"] == "meeting_called"
    assert not {"record_election", "approve_result"} & set(story.line())
    assert "union_established" not in story.notices()

    # The members meet and vote; the record comes, and everything else follows from it.
    story.on("1999-05-12")
    story.does(TOWN_UNION, "union", "record_election", **ALL_FORTY, chair_chosen_by="committee")
    story.does(TOWN_UNION, "union", "report_result")
    story.on("1999-05-20")
    story.does(DISTRICT_UNION, "union", "approve_result")
    assert story.states()["union"] == "established"
    line = story.line()
    assert line.index("record_election") < line.index("report_result") < line.index("approve_result")
