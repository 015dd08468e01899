"""The joint meeting inside an enterprise: there while its union and its Party organisation both exist (M27)."""

import pytest

from tests.workflows.lives import Life, ordered, registered
from workflows.unfolded import Unfolded


def opened(unfolded: Unfolded) -> list[str]:
    return [one.procedure for one in unfolded.opened]


def both(life: Life) -> None:
    life.case.facts.update(union_form="union", party_form="branch")


@pytest.mark.rule("Q-enterprise")
def test_an_enterprise_has_a_meeting_of_its_own_while_both_organisations_exist() -> None:
    life = registered(ordered("parallel"))
    life.case.facts.update(union_form="union", party_form="none")
    assert "enterprise_meeting" not in opened(life.hears("union.established"))
    both(life)
    assert "enterprise_meeting" in opened(life.hears("party.formed"))
    life.take("enterprise_meeting", "hold_for_party")
    assert life.standing("enterprise_meeting").data["meetings_held"] == 1
    life.hears("party.dissolved")
    assert life.standing("enterprise_meeting").state == "standing"  # it still stands in the open drawer
    life.case.facts["party_form"] = "none"
    life.hears("party.dissolved")
    assert life.standing("enterprise_meeting").state == "ended"
