"""What an auditor may ask about, found in what persons did; nothing is judged, and nothing follows."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.actor import SERVICE
from services.db.models.casework import History
from services.db.queries.deeds import LONGEST, Period, Sought, deeds, period, searched
from services.ledger.integrate import integrate
from services.reckoning.durations import stays
from services.reckoning.questions import QUESTIONS, Found, rules
from tests.builders import COUNTY, OTHER_COUNTY, TOWN, Town, joins
from tests.tampering import tamper
from workflows.errors import Fault

LOCAL, SUPERIOR, PARTY, AUDITOR = f"union.{TOWN}", f"union.{COUNTY}", f"party.{TOWN}", f"auditor.{COUNTY}"


def looked(town: Town, name: str, first: str = "", last: str = "") -> list[Found]:
    with town.runtime.reading(town.hands.actor(AUDITOR)) as unit:
        return list(QUESTIONS[name].look(list(deeds(unit, period(unit, first, last))), rules(unit)))


def surveyed(town: Town, **data: str) -> str:
    code = town.enterprise(**data)
    town.take(LOCAL, code, "lead", "survey", headcount=60, applicants=30)
    return code


def prepared(town: Town, **data: str) -> str:
    code = surveyed(town, **data)
    town.take(LOCAL, code, "lead", "open_union")
    town.take(LOCAL, code, "union", "file_application")
    return code


def test_an_ordinary_day_makes_nobody_ask(town: Town) -> None:
    town.with_union(town.enterprise())
    assert {name: len(looked(town, name)) for name in QUESTIONS} == dict.fromkeys(QUESTIONS, 0)


@pytest.mark.parametrize(
    ("later", "told"),
    [(timedelta(days=6), "周日"), (timedelta(hours=12), "21:00"), (timedelta(hours=-3), "06:00")],
)
def test_who_works_at_night_or_on_a_rest_day_is_asked_about_it(
    town: Town, later: timedelta, told: str
) -> None:
    code = town.enterprise()
    town.clock.advance(later)
    town.take(LOCAL, code, "lead", "survey", headcount=60, applicants=30)
    (one,) = looked(town, "outside_hours")
    assert told in one.told.zh and one.deeds[0].actor == LOCAL and one.deeds[0].step == "survey"


def test_approvals_within_seconds_are_one_question_and_the_same_with_pauses_none(town: Town) -> None:
    codes = [prepared(town) for _ in range(10)]
    for code in codes[:5]:
        town.clock.advance(timedelta(seconds=9))
        town.take(SUPERIOR, code, "union", "approve_preparation")
    for code in codes[5:]:
        town.clock.advance(timedelta(minutes=9))
        town.take(SUPERIOR, code, "union", "approve_preparation")
    (one,) = looked(town, "in_a_row")
    assert len(one.deeds) == 5 and "36" in one.told.zh and "36" in one.told.en


def test_a_day_that_lies_far_back_is_asked_about(town: Town) -> None:
    code = prepared(town, registered_on="2025-01-02")
    town.take(SUPERIOR, code, "union", "approve_preparation")
    for account, step, given in (
        (LOCAL, "form_group", {}),
        (LOCAL, "admit_members", {}),
        (LOCAL, "choose_committee", {}),
        (LOCAL, "nominate", {"published_from": "2025-10-20", "published_to": "2025-10-27"}),
        (SUPERIOR, "approve_candidates", {}),
        (LOCAL, "record_election", {"held_on": "2025-11-03"}),
    ):
        town.take(account, code, "union", step, **given)
    told = [(one.deeds[0].step, one.told.zh) for one in looked(town, "back_dated")]
    assert [step for step, _ in told] == ["nominate", "nominate", "record_election"]
    assert [day in said for day, (_, said) in zip(("10-20", "10-27", "11-03"), told, strict=True)] == [
        True
    ] * 3


def test_one_account_on_both_sides_of_a_case_is_asked_about(town: Town) -> None:
    code = surveyed(town)
    town.take(PARTY, code, "party", "survey")
    assert looked(town, "both_sides") == []
    tamper(town.runtime.database, "UPDATE history SET account_id = 4 WHERE account_id IS NOT NULL")
    (one,) = looked(town, "both_sides")
    assert {deed.body for deed in one.deeds} == {LOCAL, PARTY}


def test_to_ask_changes_nothing(town: Town) -> None:
    prepared(town)
    with town.runtime.reading(SERVICE) as unit:
        before = unit.db.execute(select(func.count()).select_from(History)).scalar_one()
    for name in QUESTIONS:
        looked(town, name)
    with town.runtime.reading(SERVICE) as unit:
        assert unit.db.execute(select(func.count()).select_from(History)).scalar_one() == before


def test_a_search_by_account_body_case_procedure_and_time(town: Town) -> None:
    first, second = surveyed(town), prepared(town)
    integrate(town.runtime)
    with town.runtime.reading(town.hands.actor(AUDITOR)) as unit:
        asked = period(unit, "", "")

        def count(**sought: str) -> int:
            return len(searched(unit, asked, Sought(**sought))["items"])

        everything = searched(unit, asked, Sought())["items"]
        assert len(everything) == 4 and all(one["entry"] is not None for one in everything)
        assert (count(account=LOCAL), count(account=SUPERIOR), count(body=LOCAL), count(body="x")) == (
            4,
            0,
            4,
            0,
        )
        assert (count(case=first), count(case=second), count(case="测试"), count(case="2")) == (1, 3, 4, 3)
        assert (count(procedure="lead"), count(procedure="union"), count(procedure="party")) == (3, 1, 0)
        assert count(procedure="lead", step="survey") == 2 and count(procedure="lead", step="open_union") == 1
        old = Period(unit.today - timedelta(days=9), unit.today - timedelta(days=1))
        assert searched(unit, old, Sought())["items"] == []
        for bad in ({"procedure": "none"}, {"procedure": "lead", "step": "file_application"}):
            with pytest.raises(Fault, match="parameter_bad"):
                count(**bad)


def test_pages_of_a_search_hold_every_deed_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.db.queries.deeds.ITEMS", 3)
    for _ in range(3):
        prepared(town)
    with town.runtime.reading(town.hands.actor(AUDITOR)) as unit:
        asked, cursor = period(unit, "", ""), None
        found: list[tuple[str, int]] = []
        while True:
            page = searched(unit, asked, Sought(), cursor)
            found += [(one["case"], one["seq"]) for one in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert len(found) == len(set(found)) == 9
        for bad in ("x", "2026-01-01", "2026-01-01T00:00:00Z,1", "2026-01-01T00:00:00Z,a,1"):
            with pytest.raises(Fault, match="parameter_bad"):
                searched(unit, asked, Sought(), bad)


def test_a_period_is_bounded_and_its_days_may_stand_the_wrong_way_round(town: Town) -> None:
    with town.runtime.reading(town.hands.actor(AUDITOR)) as unit:
        assert period(unit, "2026-03-02", "2026-02-01") == period(unit, "2026-02-01", "2026-03-02")
        for first, last in (("2020-01-01", "2026-01-01"), ("yesterday", ""), ("", "1900-01-01")):
            with pytest.raises(Fault, match="parameter_bad"):
                period(unit, first, last)
        assert (unit.today - LONGEST).isoformat() == str(
            period(unit, (unit.today - LONGEST).isoformat(), "").first
        )


def test_more_than_can_be_read_at_once_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.db.queries.deeds.MOST_READ", 2)
    prepared(town)
    with town.runtime.reading(town.hands.actor(AUDITOR)) as unit:
        for ask in (
            lambda: list(deeds(unit, period(unit, "", ""))),
            lambda: stays(unit, period(unit, "", "")),
        ):
            with pytest.raises(Fault, match="ask for fewer"):
                ask()


def test_how_long_a_state_lasted_stands_beside_its_term(town: Town) -> None:
    code = town.enterprise()
    town.clock.advance(timedelta(days=2))
    town.take(LOCAL, code, "lead", "survey", headcount=60, applicants=30)
    with town.runtime.reading(town.hands.actor(AUDITOR)) as unit:
        found = stays(unit, period(unit, "", ""))
    (one,) = [stay for stay in found if stay.longest >= 2]
    assert (one.left, one.middle, one.ninth, one.longest) == (1, 2.0, 2.0, 2.0)
    assert [term.zh for term in one.terms] == ["首次联系期限：10个工作日"]


def test_another_countys_auditor_is_shown_nothing(town: Town) -> None:
    surveyed(town)
    with town.runtime.reading(town.hands.actor(f"union.{COUNTY}")) as unit:
        assert len(list(deeds(unit, period(unit, "", "")))) == 1
    with town.runtime.reading(town.hands.actor(joins(town.runtime, "auditor", OTHER_COUNTY))) as unit:
        assert list(deeds(unit, period(unit, "", ""))) == []
