"""A file is found by any part of its name, and by what it bears now."""

import pytest
from sqlalchemy import select

from services.access.actors import actor_of
from services.actor import SERVICE
from services.db.models.mail import Inbox
from services.db.queries.casebook import Wanted, cases
from services.db.rows import MANY, turn_rows, write_rows
from services.runtime import Runtime
from tests.builders import COUNTY, OTHER_COUNTY, OTHER_TOWN, TOWN
from tests.services.news import CODE, OTHER_CODE, REGISTRY, hears, registers


def found(runtime: Runtime, word: str, who: str = f"union.{COUNTY}") -> list[str]:
    with runtime.reading(SERVICE) as unit:
        actor = actor_of(unit, who)
    with runtime.reading(actor) as unit:
        return [case["enterprise"]["name"] for case in cases(unit, Wanted(name=word))["items"]]


@pytest.mark.parametrize(
    "word",
    ["松鹤", "鹤机", "有限公司", "吉林松鹤机械有限公司", "司", "松", "松鹤机", " 松鹤 ", "ABC", "abc", "Ab"],
)
def test_any_part_of_the_name_finds_the_file(listening: Runtime, word: str) -> None:
    registers(listening, name="吉林松鹤机械有限公司AbC")
    registers(listening, OTHER_CODE, name="别的企业")
    assert found(listening, word) == ["吉林松鹤机械有限公司AbC"]


@pytest.mark.parametrize("word", ["鹤松", "松机", "松%", "松_机械", "鹤松机械", "abd"])
def test_what_does_not_stand_there_in_this_order_finds_nothing(listening: Runtime, word: str) -> None:
    registers(listening, name="吉林松鹤机械有限公司AbC")
    assert found(listening, word) == []


def test_a_new_name_is_found_and_the_old_one_no_more(listening: Runtime) -> None:
    registers(listening, name="吉林松鹤机械有限公司")
    hears(listening, REGISTRY, "changed", uscc=CODE, name="吉林龙云机械有限公司")
    assert (found(listening, "松鹤"), found(listening, "龙云")) == ([], ["吉林龙云机械有限公司"])


def test_a_file_that_moved_is_found_where_it_lies(listening: Runtime) -> None:
    registers(listening, name="吉林松鹤机械有限公司", division=TOWN)
    assert found(listening, "松鹤", f"union.{TOWN}") == ["吉林松鹤机械有限公司"]
    hears(listening, REGISTRY, "changed", uscc=CODE, division=OTHER_TOWN)
    places = (f"union.{TOWN}", f"union.{OTHER_TOWN}", f"union.{OTHER_COUNTY}")
    here = [place for place in places if found(listening, "松鹤", place)]
    listed = [place for place in places if found(listening, "", place)]
    assert here == listed and len(here) == 1


@pytest.mark.parametrize("many", [1, MANY - 1, MANY, 3 * MANY])
def test_rows_stand_the_same_whether_few_or_many(listening: Runtime, many: int) -> None:
    with listening.writing(SERVICE) as unit:
        office = listening.roster.by_code(REGISTRY)
        assert office is not None
        rows = [
            {"source": "/s", "event_id": str(number), "type": "t", "digest": bytes([0, 255, number])}
            | {"raw": b'{"\xe4\xb8\xad":"\\u0000"}', "channel": "list", "office_id": office.id}
            | {"case_key": "k", "received_at": unit.now, "due_at": unit.now, "state": "pending"}
            for number in range(many)
        ]
        write_rows(unit.db, Inbox, rows, once_by=("source", "event_id"))
        write_rows(
            unit.db, Inbox, [row | {"state": "failed"} for row in rows], once_by=("source", "event_id")
        )
        kept = unit.db.execute(select(*Inbox.__table__.c).order_by(Inbox.id)).mappings().all()
        names = [name for name in rows[0] if name not in ("digest", "raw")]
        assert [{name: row[name] for name in names} for row in kept] == [
            {name: row[name] for name in names} for row in rows
        ]
        assert [(bytes(row["digest"]), bytes(row["raw"]), row["attempts"]) for row in kept] == [
            (row["digest"], row["raw"], 0) for row in rows
        ]
        told = {"error": {"zh": "坏\\了", "en": 'a "b"'}, "case_id": 2**40, "state": "failed"}
        turn_rows(unit.db, Inbox, [{"id": row["id"]} | told for row in kept])
        turned = unit.db.execute(select(Inbox.error, Inbox.case_id, Inbox.state)).mappings().all()
        assert [dict(row) for row in turned] == [told] * many
