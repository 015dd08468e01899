"""What the registry tells of an enterprise that is on file: only what really differs counts, and what is over stays over."""

from typing import Any

import pytest
from sqlalchemy import select

from services.actor import SERVICE
from services.db.models.mail import Inbox
from services.runtime import Runtime
from tests.builders import COUNTY, OTHER_COUNTY, OTHER_TOWN, TOWN, uscc
from tests.services.news import (
    CODE,
    OTHER_CODE,
    REGISTRY,
    TAX,
    files,
    heard,
    hears,
    lines,
    registers,
    settle,
    tell,
)
from workflows.errors import Fault

# -- what a change means ---------------------------------------------------------------------------------


@pytest.fixture
def known(listening: Runtime) -> Runtime:
    """An office that has the enterprise on file."""
    registers(listening, type="有限责任公司", address="越北镇某路1号", headcount=10)
    return listening


def test_a_new_name_is_told_as_a_renaming_and_the_same_name_as_nothing(known: Runtime) -> None:
    assert hears(known, REGISTRY, "changed", uscc=CODE, name="甲公司") == "no_effect"
    assert hears(known, REGISTRY, "changed", uscc=CODE, name="新公司", effective_on="2025-03-01") == ""
    assert heard(known) == ["changed", "renamed"] and files(known)[0].name == "新公司"
    told = lines(known)[-1]["data"]
    assert told == {"name": "新公司", "former_name": "甲公司", "effective_on": "2025-03-01"}


def test_another_type_is_told_as_a_restructuring_but_a_first_one_is_not(known: Runtime) -> None:
    assert hears(known, REGISTRY, "changed", uscc=CODE, type="有限责任公司") == "no_effect"
    hears(known, REGISTRY, "changed", uscc=CODE, type="股份有限公司")
    assert heard(known) == ["changed", "restructured"]
    registers(known, OTHER_CODE, name="乙公司")
    hears(known, REGISTRY, "changed", uscc=OTHER_CODE, type="合伙企业")
    assert heard(known).count("restructured") == 1
    assert [file.kind for file in files(known)] == ["股份有限公司", "合伙企业"]


def test_only_what_really_differs_is_written_down(known: Runtime) -> None:
    hears(
        known,
        REGISTRY,
        "changed",
        uscc=CODE,
        name="甲公司",
        address="越北镇某路2号",
        headcount=10,
        industry="",
    )
    line = next(one for one in lines(known) if one["step"] == "changed" and one["procedure"] is None)
    assert line["data"] == {"address": "越北镇某路2号"} and line["says"]["zh"] == "登记事项变更：住所"


@pytest.mark.rule("L-18")
def test_a_move_to_another_county_is_told_once_with_where_from_and_where_to(known: Runtime) -> None:
    assert hears(known, REGISTRY, "changed", uscc=CODE, division=OTHER_COUNTY) == ""
    assert hears(known, REGISTRY, "changed", uscc=CODE, division=OTHER_COUNTY) == "no_effect"
    (file,) = files(known)
    assert file.division == TOWN and heard(known) == ["changed", "moved"]
    assert (file.facts["moved_to"], file.facts["moved_from"]) == (OTHER_COUNTY, TOWN)


@pytest.mark.rule("L-18")
def test_a_move_back_to_where_the_file_is_cancels_the_move(known: Runtime) -> None:
    hears(known, REGISTRY, "changed", uscc=CODE, division=OTHER_COUNTY)
    assert hears(known, REGISTRY, "changed", uscc=CODE, division=TOWN) == ""
    assert heard(known) == ["changed", "moved", "changed", "moved_back"]
    assert (files(known)[0].facts["moved_to"], files(known)[0].facts["moved_from"]) == (None, None)
    assert hears(known, REGISTRY, "changed", uscc=CODE, division=TOWN) == "no_effect"


@pytest.mark.parametrize("division", ["220200", "220000", COUNTY, TOWN])
def test_a_division_that_holds_the_file_is_no_move(known: Runtime, division: str) -> None:
    assert hears(known, REGISTRY, "changed", uscc=CODE, division=division) == "no_effect"


def test_another_town_of_the_county_is_an_item_and_no_move(known: Runtime) -> None:
    assert hears(known, REGISTRY, "changed", uscc=CODE, division=OTHER_TOWN) == ""
    assert hears(known, REGISTRY, "changed", uscc=CODE, division=OTHER_TOWN) == "no_effect"
    (file,) = files(known)
    assert heard(known) == ["changed"] and file.division == TOWN
    assert file.facts["registered_in"] == OTHER_TOWN and "moved_to" not in file.facts


def test_a_move_to_a_division_that_is_none_is_refused(known: Runtime) -> None:
    with_none = {"uscc": CODE, "division": "999999"}
    assert tell(known, REGISTRY, "changed", **with_none).code == "division_unknown"


# -- mergers, divisions, and news of what is over ----------------------------------------------------------


def test_a_merger_and_a_division_keep_in_the_history_what_came_of_the_enterprise(known: Runtime) -> None:
    hears(known, REGISTRY, "merged", uscc=CODE, into=OTHER_CODE, effective_on="2025-03-01", reason="吸收合并")
    assert lines(known)[-1]["data"]["into"] == OTHER_CODE
    hears(known, REGISTRY, "split", uscc=CODE, into=[CODE, OTHER_CODE])
    assert heard(known) == ["merged", "split"]
    assert lines(known)[-1]["data"]["into"] == f"{CODE}、{OTHER_CODE}"


@pytest.mark.parametrize("fact", ["merged", "split", "deregistered", "revoked"])
def test_news_of_a_closed_file_is_applied_and_changes_nothing(runtime: Runtime, fact: str) -> None:
    registers(runtime)
    hears(runtime, REGISTRY, "deregistered", uscc=CODE)
    told = len(lines(runtime))
    assert files(runtime)[0].status == "closed"
    assert hears(runtime, REGISTRY, fact, uscc=CODE) == "no_effect"
    assert len(lines(runtime)) == told


@pytest.mark.parametrize("fact", ["merged", "split"])
def test_a_merger_or_division_of_an_unknown_enterprise_waits_for_it(listening: Runtime, fact: str) -> None:
    tell(listening, REGISTRY, fact, uscc=CODE)
    settle(listening)
    with listening.reading(SERVICE) as unit:
        assert unit.db.execute(select(Inbox.state)).scalar_one() == "waiting"
    registers(listening)
    assert heard(listening) == [fact]


@pytest.mark.parametrize(
    ("fact", "data", "code", "field"),
    [
        ("merged", {"into": CODE}, "value_bad", "data"),
        ("merged", {"into": [OTHER_CODE]}, "value_bad", "data.into"),
        ("merged", {"into": OTHER_CODE[:-1]}, "uscc_bad", "data.into"),
        ("merged", {"boss": "张三"}, "field_unknown", "data.boss"),
        ("merged", {"effective_on": "2099-01-01"}, "date_future", "data.effective_on"),
        ("split", {"into": OTHER_CODE}, "value_bad", "data.into"),
        ("split", {"into": [OTHER_CODE, OTHER_CODE]}, "value_bad", "data.into"),
        ("split", {"into": [OTHER_CODE, 7]}, "uscc_bad", "data.into.1"),
        ("split", {"into": [uscc(number) for number in range(21)]}, "value_bad", "data.into"),
        ("reported", {}, "envelope_missing", "data.name"),
        ("reported", {"name": "甲", "registered_on": "2025-01-01"}, "field_unknown", "data.registered_on"),
        ("reported", {"name": "甲", "headcount": "30"}, "value_bad", "data.headcount"),
        ("reported", {"name": "甲", "note": "字" * 401}, "value_bad", "data.note"),
    ],
)
def test_the_new_kinds_of_news_are_as_strict_as_the_others(
    listening: Runtime, fact: str, data: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Fault) as refused:
        tell(listening, TAX if fact == "reported" else REGISTRY, fact, uscc=CODE, **data)
    assert (refused.value.code, refused.value.field) == (code, field)
