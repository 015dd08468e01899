"""The demo area: the report's figures (DATA.md A1), made by real steps, and what somebody who signs in there first finds to do."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select

from services.access.actors import actor_of
from services.actor import SERVICE
from services.clock import SettableClock
from services.db.models.casework import Case, Deadline, Proceeding
from services.db.queries.worklist import work_items
from services.demo.town import BUREAU, DISTRICT_UNION, TOWN_PARTY, TOWN_UNION, enterprises, load
from services.runtime import Runtime
from workflows import uscc

TODAY = datetime.fromisoformat("2026-11-20T09:00:00+08:00")


def tasks(runtime: Runtime, account: str) -> list[str]:
    """The English names of what waits in the body's inbox."""
    with runtime.reading(SERVICE) as unit:
        actor = actor_of(unit, account)
    with runtime.reading(actor) as unit:
        return [item["task"]["en"] for item in work_items(unit, "unit", "open")["items"]]


def test_the_demo_has_the_reports_figures_and_leaves_little_to_do(
    make_runtime: Callable[..., Runtime],
) -> None:
    runtime = make_runtime(clock=SettableClock(TODAY))
    assert load(runtime)
    with runtime.reading(SERVICE) as unit:
        of_enterprises = Case.subject == "enterprise"
        facts = list(unit.db.execute(select(Case.facts).where(of_enterprises)).scalars())
        statuses = Counter(unit.db.execute(select(Case.status).where(of_enterprises)).scalars())
        stands = Counter(unit.db.execute(select(Proceeding.procedure, Proceeding.state)).tuples())
        running = Deadline.state.in_(("running", "suspended"))
        late = unit.db.scalar(
            select(func.count()).select_from(Deadline).where(running, Deadline.due_on < unit.today)
        )
    assert Counter(one["union_form"] for one in facts) == {"union": 37}
    assert Counter(one["party_form"] for one in facts) == {"branch": 7, "liaison": 30}
    assert (stands["union", "operating"], stands["liaison", "active"]) == (37, 30)
    assert stands["party", "branch"] + stands["party", "branch_with_committee"] == 7
    committees = sum(one.has_committee for one in enterprises())
    assert stands["legal_person", "registered"] == stands["union_term", "in_term"] == committees > 0
    assert stands["party_term", "in_term"] == stands["enterprise_meeting", "standing"] == 7
    assert stands["joint_meeting", "planned"] == 4

    assert statuses == {"settled": 34, "open": 3} and late == 0
    assert tasks(runtime, TOWN_UNION) == ["Check the result and close"] * 3
    assert tasks(runtime, TOWN_PARTY) == ["A visit is due"] * 2
    assert tasks(runtime, DISTRICT_UNION) == tasks(runtime, BUREAU) == []
    assert not load(runtime), "it is made once"


def test_every_code_in_the_demo_is_right_in_form_and_stands_for_one_body() -> None:
    found = [code for one in enterprises() for code in (one.uscc, one.union_code)]
    assert [uscc.check(code) for code in found] == found
    assert len(set(found)) == len(found) == 2 * 37
