"""Terms in the office: begun anew, extended with a reason, provisional while a year is unannounced, and exact ones that run on."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.actor import SERVICE
from services.checkup import Finding, Health, examine
from services.clock import end_of_day
from services.db.models.casework import Deadline, History, WorkItem
from services.deadlines.calendars import import_year
from tests.builders import BEGAN, COUNTY, TOWN, Counter, Town
from workflows import deadlines
from workflows.errors import Refused

LOCAL, SUPERIOR = f"union.{TOWN}", f"union.{COUNTY}"
YEAR_2027 = 'year = 2027\nsource = "关于2027年部分节假日安排的通知（测试）"\n[rest]\n2027-01-01 = "元旦"\n'


def rows(town: Town, term: str) -> list[Any]:
    """Every deadline of this name, the oldest first. `Any`: rows."""
    with town.runtime.reading(SERVICE) as unit:
        return list(
            unit.db.execute(
                select(*Deadline.__table__.c).where(Deadline.term == term).order_by(Deadline.id)
            ).all()
        )


def items(town: Town) -> list[tuple[str, str, date | None]]:
    """(role, reason, day shown) of every open work item of the union's side."""
    with town.runtime.reading(SERVICE) as unit:
        found = unit.db.execute(
            select(WorkItem.role, WorkItem.reason, WorkItem.due_on)
            .where(WorkItem.status == "open", WorkItem.compartment == "union")
            .order_by(WorkItem.id)
        )
        return [(row.role, row.reason, row.due_on) for row in found]


def last_line(town: Town) -> dict[str, Any]:
    """The newest line of history. `Any`: JSON."""
    with town.runtime.reading(SERVICE) as unit:
        canon = unit.db.scalars(select(History.canon).order_by(History.seq.desc()).limit(1)).one()
    told: dict[str, Any] = json.loads(canon)
    return told


def applying(town: Town) -> str:
    """A union has been asked for, and the superior has fifteen days to reply."""
    code = town.enterprise()
    town.take(LOCAL, code, "lead", "survey", headcount=60, applicants=30)
    town.take(LOCAL, code, "lead", "open_union")
    town.take(LOCAL, code, "union", "file_application")
    return code


def later(town: Town, days: int) -> None:
    town.clock.advance(timedelta(days=days))
    town.settle()


# -- begun anew ---------------------------------------------------------------------------------------


@pytest.mark.rule("U-3")
def test_a_request_sent_back_and_filed_again_has_its_whole_time_again(town: Town) -> None:
    code = applying(town)
    later(town, 10)
    town.take(SUPERIOR, code, "union", "return_application")
    later(town, 3)
    town.take(LOCAL, code, "union", "file_again")
    first, second = rows(town, "approve_preparation")
    assert (first.state, first.due_on) == ("met", date(2026, 3, 17))
    assert (second.state, second.due_on) == ("running", date(2026, 3, 30))  # 28 March is a Saturday
    assert second.generation > first.generation
    assert [row.state for row in rows(town, "correct")] == ["met"]
    assert items(town) == [("union_superior", "applying", date(2026, 3, 30))]


@pytest.mark.rule("U-3")
def test_a_term_that_was_overdue_begins_anew_as_well_and_what_it_asked_for_is_done(town: Town) -> None:
    code = applying(town)
    later(town, 20)
    assert ("union_superior", "approve_preparation", None) in items(town)
    town.take(SUPERIOR, code, "union", "return_application")
    assert [reason for _, reason, _ in items(town)] == ["returned"]
    town.take(LOCAL, code, "union", "file_again")
    assert [row.state for row in rows(town, "approve_preparation")] == ["overdue", "running"]


@pytest.mark.rule("U-5")
def test_what_is_overdue_stays_a_task_as_long_as_its_term_would_last(town: Town) -> None:
    code = applying(town)
    town.take(SUPERIOR, code, "union", "approve_preparation")
    later(town, 100)
    overdue = ("union_superior", "preparation", None)
    assert overdue in items(town)
    town.take(LOCAL, code, "union", "form_group")
    assert [reason for _, reason, _ in items(town)] == ["preparation", "group_formed"]
    town.take(LOCAL, code, "union", "abandon")
    assert items(town) == []


# -- extended ----------------------------------------------------------------------------------------


@pytest.mark.rule("U-2")
def test_a_superior_gives_itself_more_time_and_the_reason_stands_in_the_derivation(town: Town) -> None:
    code = applying(town)
    later(town, 5)
    town.take(
        SUPERIOR, code, "union", "extend_approve_preparation", extend_days=10, note="材料较多，需实地核实"
    )
    (row,) = rows(town, "approve_preparation")
    assert (row.state, row.due_on) == ("running", date(2026, 3, 27))
    assert row.fire_at == end_of_day(date(2026, 3, 27), town.runtime.settings.zone)
    kept = deadlines.from_json(row.detail)
    assert [(str(by), reason) for by, reason in kept.extended] == [("10 day", "材料较多，需实地核实")]
    assert "延长10日：材料较多，需实地核实" in [line.zh for line in kept.derivation]
    assert items(town) == [("union_superior", "applying", date(2026, 3, 27))]
    told = last_line(town)
    assert (told["step"], told["from"], told["to"]) == ("extend_approve_preparation", "applying", "applying")
    assert told["data"] == {"extend_days": 10, "note": "材料较多，需实地核实"}


def test_it_may_be_extended_again_and_stands_still_with_the_enterprise_all_the_same(town: Town) -> None:
    code = applying(town)
    for _ in range(2):
        town.take(SUPERIOR, code, "union", "extend_approve_preparation", extend_days=10)
    town.hands.emit(f"registry.{COUNTY}", "suspended", "s", {"uscc": code, "effective_on": "2026-03-02"})
    town.settle()
    town.take(SUPERIOR, code, "union", "extend_approve_preparation", extend_days=1)
    (row,) = rows(town, "approve_preparation")
    assert (row.state, row.due_on, row.fire_at) == ("suspended", None, None)
    later(town, 30)
    town.hands.emit(f"registry.{COUNTY}", "resumed", "r", {"uscc": code, "effective_on": "2026-04-01"})
    town.settle()
    (row,) = rows(town, "approve_preparation")
    assert (row.state, row.due_on) == ("running", date(2026, 5, 8))
    # 15 days to 16 April, 10 to Sunday 26 and so Monday 27 April, 10 to 7 May, 1 to 8 May


@pytest.mark.parametrize("days", [16, 40])
def test_what_is_over_is_not_extended_any_more(town: Town, counter: Counter, days: int) -> None:
    """On the sixteenth day the mail room may not have said so yet; that makes no difference."""
    code = applying(town)
    town.clock.advance(timedelta(days=days))
    if days > 16:
        town.settle()
    with pytest.raises(Refused) as refused:
        town.hands.take(SUPERIOR, code, "union", "extend_approve_preparation")
    assert refused.value.code == "term_not_running"
    assert "“筹建批复期限”没有在计算，或者已经届满" in refused.value.text.zh
    assert "“Reply on the preparation” does not run, or is over already" in refused.value.text.en
    closed = {one["step"]: one["why"] for one in counter.proceeding(SUPERIOR, code, "union")["refused"]}
    assert closed["extend_approve_preparation"] == refused.value.text.as_dict()
    (row,) = rows(town, "approve_preparation")
    assert deadlines.from_json(row.detail).extended == ()


def test_where_a_place_sets_no_term_there_is_none_to_extend(town: Town) -> None:
    code = applying(town)
    with town.runtime.writing(SERVICE) as unit:
        unit.db.execute(Deadline.__table__.delete())
    with pytest.raises(Refused, match="does not run"):
        town.hands.take(SUPERIOR, code, "union", "extend_approve_preparation")


def test_a_place_says_how_much_more_at_a_time_and_whoever_filed_does_not_extend(town: Town) -> None:
    code = applying(town)
    with pytest.raises(Refused, match="At most 30 days"):
        town.hands.take(SUPERIOR, code, "union", "extend_approve_preparation", extend_days=31)
    law = town.runtime.law.current("union")
    assert "file_application" in law.step["extend_approve_preparation"].not_by
    assert law.step["extend_preparation"].sources == law.term["preparation"].during


# -- provisional ---------------------------------------------------------------------------------------


def doctor(town: Town) -> Finding:
    found = examine(town.runtime.settings, lambda: town.runtime)
    return next(one for one in found if one.name == "unannounced")


def test_a_day_in_an_unannounced_year_is_shown_as_provisional_and_nothing_fires_on_it(
    town: Town, counter: Counter
) -> None:
    town.clock.move_to(datetime(2026, 12, 28, 1, tzinfo=UTC))
    code = town.enterprise()
    (term,) = counter.proceeding(LOCAL, code, "lead")["deadlines"]
    assert (term["due_on"], term["provisional_on"], term["state"]) == (None, "2027-01-11", "running")
    assert any("暂定2027-01-11" in line for line in term["derivation"])
    later(town, 30)
    (row,) = rows(town, "contact")
    assert (row.state, row.fire_at) == ("running", None)
    with town.runtime.writing(SERVICE) as unit:
        import_year(unit, YEAR_2027)
    (term,) = counter.proceeding(LOCAL, code, "lead")["deadlines"]
    assert (term["due_on"], term["provisional_on"]) == ("2027-01-12", None)
    town.settle()
    assert [row.state for row in rows(town, "contact")] == ["overdue"]


@pytest.mark.parametrize(
    ("day", "health"),
    [("2026-12-28", Health.WATCH), ("2027-03-01", Health.WATCH), ("2026-03-02", Health.WELL)],
)
def test_the_checkup_calls_to_mind_what_would_be_forgotten_for_want_of_a_calendar(
    town: Town, day: str, health: Health
) -> None:
    """Before its provisional day, and all the more when that is over."""
    if day != "2026-03-02":
        town.clock.move_to(datetime(2026, 12, 28, 1, tzinfo=UTC))
    town.enterprise()
    town.clock.move_to(datetime.fromisoformat(f"{day}T09:00:00+08:00"))
    found = doctor(town)
    assert found.health is health
    if health is Health.WATCH:
        assert "2027年的日历" in found.text.zh and "no calendar for 2027" in found.text.en
        with town.runtime.writing(SERVICE) as unit:
            import_year(unit, YEAR_2027)
        assert doctor(town).health is Health.WELL


def test_the_checkup_says_nothing_yet_of_what_is_far_off(town: Town) -> None:
    town.clock.move_to(datetime(2026, 10, 9, 1, tzinfo=UTC))
    code = town.enterprise()
    town.take(LOCAL, code, "lead", "survey", headcount=60, applicants=0)
    town.take(LOCAL, code, "lead", "defer")
    (row,) = rows(town, "revisit")
    assert (row.due_on, row.detail["provisional_on"]) == (None, "2027-04-09")
    assert doctor(town).health is Health.WELL
    town.clock.move_to(datetime(2027, 2, 9, 1, tzinfo=UTC))
    assert doctor(town).health is Health.WATCH


# -- exact ---------------------------------------------------------------------------------------------


@pytest.mark.rule("L-16", "T-1")
def test_a_term_of_office_is_known_today_and_runs_on_while_the_enterprise_suspends_operation(
    town: Town,
) -> None:
    code = town.enterprise()
    town.with_union(code)
    (end,) = rows(town, "term_end")
    began = BEGAN.date()
    assert (end.state, end.due_on) == ("running", date(began.year + 3, began.month, began.day))
    town.hands.emit(f"registry.{COUNTY}", "suspended", "s", {"uscc": code, "effective_on": "2026-03-02"})
    town.settle()
    assert {row.state for row in rows(town, "set_up")} == {"suspended"}
    assert rows(town, "term_end") == [end]
    later(town, 60)
    town.hands.emit(f"registry.{COUNTY}", "resumed", "r", {"uscc": code, "effective_on": "2026-05-01"})
    town.settle()
    assert rows(town, "term_end") == [end]


def test_a_new_calendar_changes_nothing_about_a_term_of_office(town: Town) -> None:
    town.with_union(town.enterprise())
    before = rows(town, "term_end") + rows(town, "remind")
    with town.runtime.writing(SERVICE) as unit:
        import_year(unit, YEAR_2027)
    assert rows(town, "term_end") + rows(town, "remind") == before
