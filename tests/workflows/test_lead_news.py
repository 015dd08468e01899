"""How leads begin, row by row (WORKFLOWS 2.1): pre-notices, registrations, departments, and workers who ask."""

from datetime import date

import pytest

from tests.workflows.leads import asked, due, given
from tests.workflows.lives import (
    Life,
    examples,
    kinds,
    registered,
    step_of,
)
from workflows.definition import Act, Opening
from workflows.errors import Fault, Refused
from workflows.procedures.lead import LEAD
from workflows.roles import Compartment


def opening(name: str) -> Opening:
    return next(one for one in LEAD.openings if one.name == name)


def prenotified(*, category: str = "91") -> Life:
    life = Life(category=category)
    life.tell("registry.prenotified")
    return life


# -- L-1: news before the registration -----------------------------------------------------------------


@pytest.mark.rule("L-1")
def test_the_local_union_acknowledges_a_pre_notice_in_time() -> None:
    life = Life()
    unfolded = life.tell("registry.prenotified")
    assert due(unfolded)["acknowledge"] == date(2026, 3, 9), "five working days after Monday the second"
    unfolded = life.take("lead", "acknowledge")
    assert (life.standing("lead").key, "acknowledge") in unfolded.terms_ended
    assert life.state("lead") == "signalled", "the project is followed as before"
    with pytest.raises(Refused, match="acknowledged already"):
        life.take("lead", "acknowledge")


@pytest.mark.rule("L-1")
def test_whoever_follows_a_project_up_has_acknowledged_it() -> None:
    life = prenotified()
    unfolded = life.take("lead", "follow_up", progress="trial")
    assert (life.standing("lead").key, "acknowledge") in unfolded.terms_ended
    assert life.situation("lead")["progress"] == "trial"
    with pytest.raises(Refused, match="acknowledged already"):
        life.take("lead", "acknowledge")


@pytest.mark.rule("L-1")
def test_a_pre_notice_nobody_acknowledges_is_the_superiors_to_see_to() -> None:
    life = prenotified()
    assert asked(life.expire("lead", "acknowledge")) == ["union_superior"]
    assert life.state("lead") == "signalled"


@pytest.mark.rule("L-1", "L-2")
def test_a_department_tells_of_an_enterprise_and_a_person_finds_it_registered() -> None:
    life = Life()
    life.tell("registry.reported")
    assert (life.state("lead"), life.situation("lead")["source"]) == ("signalled", "department")
    assert not life.has("party")
    assert kinds(life.take("lead", "confirm_registration")) == ["enterprise_registered"]
    assert (life.state("lead"), life.has("party")) == ("contacting", True)
    unfolded = life.tell("registry.registered")
    assert [entry.step for entry in unfolded.entries] == ["registered_meanwhile"]
    assert kinds(unfolded) == [], "the Party side has heard of it"


@pytest.mark.rule("L-1", "L-2")
def test_a_project_of_the_investment_office_is_registered_when_the_registry_says_so() -> None:
    life = prenotified()
    assert life.situation("lead")["source"] == "investment"
    with pytest.raises(Refused, match="wait for it"):
        life.take("lead", "confirm_registration")


# -- L-2: the registration -----------------------------------------------------------------------------


@pytest.mark.rule("L-2")
@pytest.mark.parametrize("before", ["signalled", "withdrawn"])
def test_a_notified_business_out_of_scope_is_recorded_and_not_taken_up(before: str) -> None:
    life = prenotified(category="92")
    if before == "withdrawn":
        life.take("lead", "cancel")
    assert kinds(life.tell("registry.registered")) == []
    assert (life.state("lead"), life.has("party")) == ("out_of_scope", False)


@pytest.mark.rule("L-2", "L-3")
def test_workers_who_ask_bring_any_employer_into_scope() -> None:
    life = prenotified(category="92")
    life.take("lead", "record_request")
    life.tell("registry.registered")
    assert (life.state("lead"), life.has("party")) == ("contacting", True)


@pytest.mark.rule("L-2")
def test_a_registration_is_told_once_whatever_was_under_way() -> None:
    life = Life()
    life.begin("lead", "worker_request")
    life.take("lead", "survey")
    assert [one.step for one in life.tell("registry.registered").entries] == ["registered_meanwhile"]
    assert life.state("lead") == "surveyed"
    assert life.tell("registry.registered").entries == []
    assert life.situation("lead")["source"] == "workers", "where the lead came from does not change"


@pytest.mark.rule("L-2", "L-15")
def test_an_enterprise_obstructed_before_its_registration_is_registered_all_the_same() -> None:
    life = prenotified()
    life.take("lead", "refer_obstruction")
    assert not life.has("party")
    life.tell("registry.registered")
    assert (life.state("lead"), life.has("party")) == ("obstructed", True)


# -- L-3: workers who ask ------------------------------------------------------------------------------


@pytest.mark.rule("L-3")
def test_workers_who_ask_open_a_file_and_the_union_goes_to_see_them() -> None:
    life = Life()
    unfolded = life.begin("lead", "worker_request", workers=3)
    assert [entry.step for entry in unfolded.entries][:2] == ["worker_request", "place"]
    assert (life.state("lead"), life.state("party")) == ("contacting", "unsurveyed")
    assert due(unfolded)["contact"] == date(2026, 3, 16)
    assert life.situation("lead")["workers"] == 3


@pytest.mark.rule("L-3")
def test_who_asked_stands_in_the_unions_drawer_alone() -> None:
    life = Life()
    unfolded = life.begin("lead", "worker_request", workers=3, note="希望成立工会")
    assert life.situation("lead")["source"] == "workers"
    hidden = {"source", "workers", "worker_request", "note"}
    assert not hidden & set(life.case.facts), "the open drawer, which every office of the case reads"
    assert not hidden & set(life.situation("party"))
    for entry in unfolded.entries:
        assert entry.compartment is Compartment.UNION or not hidden & set(entry.data)
    assert kinds(unfolded) == ["enterprise_registered"], "the Party side hears what it hears of any other"


@pytest.mark.rule("L-3")
@pytest.mark.parametrize("act", [opening("worker_request"), step_of("lead", "record_request")])
def test_a_request_is_counted_and_nobody_is_named(act: Act) -> None:
    asks = {field.name: field for field in act.fields}
    assert set(asks) <= {"name", "town", "uscc", "workers", "note"}
    assert "不写姓名" in asks["note"].label.zh and "no names" in asks["note"].label.en
    with pytest.raises(Fault, match="workers"):
        given(act, **(examples(act) | {"workers": 0}))


@pytest.mark.rule("L-3", "L-6")
def test_a_request_from_an_unknown_town_is_the_superiors_to_assign() -> None:
    life = Life(placed=False)
    unfolded = life.begin("lead", "worker_request", town=None)
    assert (life.state("lead"), asked(unfolded)) == ("registered", ["union_superior"])


@pytest.mark.rule("L-3")
def test_a_request_in_a_file_that_is_open_is_recorded_there_and_the_work_goes_on() -> None:
    life = registered()
    life.take("lead", "serve_notice")
    life.take("lead", "record_request", workers=2)
    seen = life.situation("lead")
    assert (life.state("lead"), seen["worker_request"], seen["attempts"]) == ("notice_served", True, 1)
    assert seen["source"] == "registry"


@pytest.mark.rule("L-3")
@pytest.mark.parametrize("resting", ["deferred", "declined", "unreachable"])
def test_a_request_calls_the_union_back_to_an_enterprise_it_had_left(resting: str) -> None:
    life = Life.standing_in("lead", resting)
    unfolded = life.take("lead", "reopen_on_request")
    assert (life.state("lead"), asked(unfolded)) == ("contacting", ["union_local"])
    assert "contact" in due(unfolded)


@pytest.mark.rule("L-3")
def test_a_request_takes_up_an_enterprise_that_was_only_recorded() -> None:
    life = Life(category="92")
    life.tell("registry.registered")
    assert kinds(life.take("lead", "take_up_on_request")) == ["enterprise_registered"]
    assert (life.state("lead"), life.has("party")) == ("contacting", True)


def test_a_village_enterprise_is_taken_up_by_a_person() -> None:
    """M06: the field widens to village-run enterprises once the new ones are in hand."""
    life = Life()
    life.begin("lead", "village")
    assert (life.state("lead"), life.situation("lead")["source"]) == ("contacting", "village")
    assert "source" not in life.case.facts


# -- L-4 and L-5: projects that come to nothing --------------------------------------------------------


@pytest.mark.rule("L-4")
def test_only_the_investment_office_calls_its_project_off() -> None:
    step = step_of("lead", "cancel")
    assert step.by is not None and step.by.name == "investment"
    life = prenotified()
    assert asked(life.take("lead", "cancel")) == []
    assert life.state("lead") == "withdrawn"


@pytest.mark.rule("L-5")
def test_a_project_that_never_registered_is_withdrawn_by_a_person_and_comes_back_when_it_does() -> None:
    life = prenotified()
    life.expire("lead", "signal")
    assert life.state("lead") == "signalled", "running out closes nothing"
    life.take("lead", "withdraw_signal")
    assert life.state("lead") == "withdrawn"
    life.tell("registry.registered")
    assert life.state("lead") == "contacting"
