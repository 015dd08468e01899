"""New bodies take over what stands nearest to them, and housekeeping finds what slipped through."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from sqlalchemy import func, insert, select, update

from services.access.accounts import create_account
from services.access.tokens import who_is
from services.actor import SERVICE, Actor
from services.clock import SettableClock
from services.db.models.casework import WorkItem
from services.db.models.directory import Token
from services.db.models.mail import Notice
from services.db.models.paper import Answer
from services.directory.bodies import create_body, list_bodies, readdress
from services.directory.roster import Roster
from services.housekeeping import tidy
from services.runtime import Runtime
from tests.builders import BEGAN, COUNTY, OTHER_TOWN, TOWN, Town
from workflows.errors import Fault

#: A town of the county that has no body of its own at first.
THIRD_TOWN = "220204100"


@pytest.fixture
def runtime(make_runtime: Callable[..., Runtime]) -> Runtime:
    return make_runtime(clock=SettableClock(BEGAN))


def holders(town: Town) -> list[tuple[str, str | None]]:
    """(role, body code) of every open work item, in the order they were opened."""
    with town.runtime.reading(SERVICE) as unit:
        town.runtime.roster.refresh(unit.db, now=True)
        rows = unit.db.execute(
            select(WorkItem.role, WorkItem.body_id).where(WorkItem.status == "open").order_by(WorkItem.id)
        ).all()
    found = []
    for row in rows:
        body = town.runtime.roster.body(row.body_id)
        found.append((row.role, body.code if body else None))
    return found


def recipients(town: Town) -> set[str | None]:
    """The bodies to which notices stand addressed."""
    with town.runtime.reading(SERVICE) as unit:
        keys = unit.db.scalars(select(Notice.recipient_id).order_by(Notice.id)).all()
    bodies = [town.runtime.roster.body(key) for key in keys]
    return {body.code if body else None for body in bodies}


def test_a_body_is_found_by_its_code_without_a_look_at_every_other() -> None:
    """Each event names its office by code, and the nation has tens of thousands of bodies."""
    compared: list[str] = []

    class Code(str):
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            compared.append(self)
            return str.__eq__(self, other)

    towns = [f"{code:09}" for code in range(110_101_001, 110_101_301)]
    listed = [
        SimpleNamespace(id=key, code=Code(f"union.{town}"), kind="union", division=town, name=town)
        for key, town in enumerate(towns)
    ]
    roster = Roster()
    roster.refresh(Mock(execute=Mock(return_value=listed)), now=True)
    compared.clear()
    found = roster.by_code(f"union.{towns[-1]}")
    assert found is not None and found.division == towns[-1]
    assert roster.by_code("union.nowhere") is None
    assert len(compared) <= 2


def test_a_body_is_known_by_its_kind_and_its_division(runtime: Runtime) -> None:
    with runtime.writing(SERVICE) as unit:
        key = create_body(unit, "union", "220204102007", "  越北镇总工会 ")
        create_body(unit, "admin", "000000", "系统管理")
    with runtime.reading(SERVICE) as unit:
        assert [(body.code, body.division, body.name) for body in list_bodies(unit)] == [
            ("admin.000000", "000000", "系统管理"),
            ("union.220204102", "220204102", "越北镇总工会"),
        ]
        body = runtime.roster.fills("union_local", "220204102")
    assert body is not None and body.id == key


@pytest.mark.parametrize(
    ("kind", "division", "name", "code"),
    [
        ("guild", "220204", "行会", "body_kind"),
        ("union", "220299", "工会", "division_unknown"),
        ("union", "2202", "工会", "division_unknown"),
        (
            "union",
            "000000",
            "中华全国总工会",
            "division_unknown",
        ),  # of the nation only auditor and administrator
        ("registry", "\x00" * 6, "登记机关", "division_unknown"),
        ("union", "220204", " ", "value_bad"),
        ("union", "220204", "长" * 121, "value_bad"),
        ("union", "220204", "两\n行", "value_bad"),
        ("union", "220204", "反\u202e向", "value_bad"),
    ],
)
def test_a_body_that_cannot_be_is_refused(
    runtime: Runtime, kind: str, division: str, name: str, code: str
) -> None:
    with runtime.writing(SERVICE) as unit, pytest.raises(Fault) as told:
        create_body(unit, kind, division, name)
    assert told.value.code == code


def test_there_is_one_body_of_a_kind_in_a_place(runtime: Runtime) -> None:
    with runtime.writing(SERVICE) as unit:
        create_body(unit, "union", "220204", "船营区总工会")
        with pytest.raises(Fault) as told:
            create_body(unit, "union", "220204000000", "又一个")
    assert told.value.code == "body_exists" and "union.220204" in told.value.text.zh


def test_only_an_administrator_of_the_place_makes_bodies(runtime: Runtime) -> None:
    for kind, division, may in (
        ("admin", "220200", True),
        ("admin", "220202", False),
        ("registry", "220200", False),
    ):
        with runtime.writing(Actor(1, 1, "x", f"{kind}.{division}", kind, division)) as unit:
            if may:
                assert create_body(unit, "union", "220204", "船营区总工会")
                continue
            with pytest.raises(Fault) as told:
                create_body(unit, "party", "220204102", "越北镇党委")
            assert told.value.code == "not_permitted"


def test_work_waits_without_a_body_until_there_is_one(runtime: Runtime) -> None:
    town = Town(runtime, SettableClock(BEGAN))
    with runtime.writing(SERVICE) as unit:
        create_body(unit, "registry", COUNTY, "船营区市场监督管理局")
    with runtime.writing(SERVICE) as unit:
        create_account(unit, f"registry.{COUNTY}", f"registry.{COUNTY}", None)
    town.enterprise()
    assert [code for _, code in holders(town)] == [None]
    with runtime.writing(SERVICE) as unit:
        create_body(unit, "party", TOWN, "越北镇党委")  # another role's
    assert [code for _, code in holders(town)] == [None]
    with runtime.writing(SERVICE) as unit:
        create_body(unit, "union", COUNTY, "船营区总工会")
    assert [code for _, code in holders(town)] == [f"union.{COUNTY}"]


def test_a_nearer_body_takes_the_open_work_of_its_own_place_only(town: Town) -> None:
    for place in (THIRD_TOWN, TOWN, OTHER_TOWN):
        town.enterprise(town=place)
    assert [code for _, code in holders(town)] == [f"union.{COUNTY}", f"union.{TOWN}", f"union.{OTHER_TOWN}"]
    superior = town.hands.actor(f"union.{COUNTY}")
    with town.runtime.writing(SERVICE) as unit:
        unit.db.execute(
            update(WorkItem)
            .where(WorkItem.body_id == superior.body_id)
            .values(assignee_id=superior.account_id)
        )
        create_body(unit, "union", THIRD_TOWN, "第三镇总工会")
        claimed = unit.db.scalars(select(WorkItem.assignee_id)).all()
    assert [code for _, code in holders(town)] == [
        f"union.{THIRD_TOWN}",
        f"union.{TOWN}",
        f"union.{OTHER_TOWN}",
    ]
    assert claimed == [None, None, None]


def test_a_farther_body_takes_nothing_from_a_nearer_one(town: Town) -> None:
    town.enterprise()
    with town.runtime.writing(SERVICE) as unit:
        create_body(unit, "union", "220000", "吉林省总工会")
    assert [code for _, code in holders(town)] == [f"union.{TOWN}"]


def test_a_new_body_does_not_move_what_another_is_nearest_to(town: Town) -> None:
    town.enterprise()
    county = town.hands.actor(f"union.{COUNTY}")
    with town.runtime.writing(SERVICE) as unit:
        unit.db.execute(update(WorkItem).values(body_id=county.body_id))  # handed up by a person
        create_body(unit, "union", "220000", "吉林省总工会")
    assert [code for _, code in holders(town)] == [f"union.{COUNTY}"]


def test_a_notice_nobody_has_acknowledged_goes_with_the_work(town: Town) -> None:
    code = town.enterprise(town=THIRD_TOWN)
    _union_by_county(town, code)
    assert recipients(town) == {f"minying.{COUNTY}"}
    with town.runtime.writing(SERVICE) as unit:
        create_body(unit, "party", THIRD_TOWN, "第三镇党委")
    assert recipients(town) == {f"party.{THIRD_TOWN}"}
    assert ("party_local", f"party.{THIRD_TOWN}") in holders(town)


def test_an_acknowledged_notice_stays_where_it_was_read(town: Town) -> None:
    code = town.enterprise(town=THIRD_TOWN)
    _union_by_county(town, code)
    reader = town.hands.actor(f"minying.{COUNTY}")
    with town.runtime.writing(SERVICE) as unit:
        unit.db.execute(
            update(Notice).values(
                status="acknowledged", acknowledged_at=unit.now, acknowledged_by=reader.account_id
            )
        )
        create_body(unit, "party", THIRD_TOWN, "第三镇党委")
    assert recipients(town) == {f"minying.{COUNTY}"}


def test_housekeeping_addresses_what_slipped_through(town: Town) -> None:
    town.enterprise()
    with town.runtime.writing(SERVICE) as unit:
        unit.db.execute(update(WorkItem).values(body_id=None))
    assert tidy(town.runtime) == 1
    assert [code for _, code in holders(town)] == [f"union.{TOWN}"]
    with town.runtime.writing(SERVICE) as unit:
        assert readdress(unit) == 0


def test_housekeeping_removes_spent_tokens_and_old_answers(town: Town) -> None:
    spent = town.token(f"union.{TOWN}")
    account = town.hands.actor(f"union.{TOWN}").account_id
    with town.runtime.writing(SERVICE) as unit:
        row: dict[str, object] = {"account_id": account, "digest": b"d", "answer": {}}
        ages = {"young": timedelta(days=29), "old": timedelta(days=31)}
        unit.db.execute(
            insert(Answer), [row | {"key": key, "at": unit.now - age} for key, age in ages.items()]
        )
    town.clock.advance(timedelta(hours=13))
    living = town.token(f"union.{TOWN}")
    assert tidy(town.runtime) == 2
    with town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalars(select(Answer.key)).all() == ["young"]
        assert unit.db.scalar(select(func.count()).select_from(Token)) == 1
        assert who_is(unit, living).kind == "union"
        with pytest.raises(Fault):
            who_is(unit, spent)
    assert tidy(town.runtime) == 0


def _union_by_county(town: Town, code: str) -> None:
    """A union is established where the county's federation does the town's work; the Party side is told."""
    superior, second = f"union.{COUNTY}", "union.second"
    with town.runtime.writing(SERVICE) as unit:
        create_account(unit, second, superior, None)
    for procedure, step, fields in (
        ("lead", "survey", {"headcount": 60, "applicants": 30}),
        ("lead", "open_union", {}),
        ("union", "file_application", {}),
        ("union", "approve_preparation", {}),
        ("union", "form_group", {}),
        ("union", "admit_members", {}),
        ("union", "choose_committee", {}),
        ("union", "nominate", {}),
        ("union", "approve_candidates", {}),
        ("union", "record_election", {}),
        ("union", "report_result", {}),
        ("union", "approve_result", {}),
    ):
        town.take(second if step.startswith("approve") else superior, code, procedure, step, **fields)
