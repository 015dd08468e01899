"""Where news of an enterprise comes from, and how it all becomes one file: departments, projects, workers, the registry."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from services.actor import SERVICE
from services.cases.record import record
from services.clock import SettableClock
from services.db.models.casework import WorkItem
from services.db.models.mail import Inbox
from services.demo.hands import Hands
from services.intake.apply import apply_rows, drain_inbox
from services.intake.decide import decide
from services.intake.heard import hear
from services.intake.receive import Receipt
from services.runtime import Runtime
from tests.builders import COUNTY, OTHER_COUNTY, OTHER_TOWN, TOWN, found, joins, uscc
from tests.services.conftest import MORNING
from tests.services.news import (
    CODE,
    DEPARTMENTS,
    OTHER_CODE,
    PROJECTS,
    REGISTRY,
    REQUEST,
    TAX,
    UNION,
    ask,
    files,
    heard,
    hears,
    lines,
    registers,
    settle,
    stands,
    tell,
)
from workflows.errors import Fault
from workflows.registry import LawBook

# -- departments that tell of an enterprise -------------------------------------------------------------


@pytest.mark.rule("L-1")
@pytest.mark.parametrize("kind", DEPARTMENTS)
def test_a_departments_report_opens_a_file_that_is_not_registered_yet(listening: Runtime, kind: str) -> None:
    said = {"uscc": CODE, "name": "甲公司", "division": TOWN, "headcount": 30, "note": "新办税"}
    assert hears(listening, f"{kind}.{COUNTY}", "reported", **said) == ""
    (file,) = files(listening)
    assert (file.uscc, file.name, file.division, file.registered_on) == (CODE, "甲公司", TOWN, None)
    assert (file.facts["headcount"], file.facts["category"], file.facts["placed"]) == (30, "91", True)
    (line,) = [one for one in lines(listening) if one["procedure"] == "listener"]
    assert line["cause"] == "registry.reported" and line["data"]["note"] == "新办税"
    assert line["data"]["reported_by"].endswith("部门")


@pytest.mark.rule("L-1")
def test_a_reported_enterprise_is_a_lead_that_the_registration_takes_further(runtime: Runtime) -> None:
    joins(runtime, "tax")
    hears(runtime, TAX, "reported", uscc=CODE, name="甲公司", division=TOWN)
    assert stands(runtime, "lead") == "signalled"
    registers(runtime)
    assert stands(runtime, "lead") == "contacting"


@pytest.mark.rule("L-2")
def test_the_registration_of_a_reported_enterprise_joins_its_file(listening: Runtime) -> None:
    hears(listening, TAX, "reported", uscc=CODE, name="甲筹备处", division=COUNTY, headcount=30)
    assert registers(listening, address="越北镇某路1号", type="有限责任公司") == ""
    (file,) = files(listening)
    assert (file.name, file.address, file.division) == ("甲公司", "越北镇某路1号", TOWN)
    assert (file.registered_on.isoformat(), file.kind) == ("2025-02-27", "有限责任公司")
    assert file.facts["headcount"] == 30 and heard(listening) == ["registered"]
    assert registers(listening, name="另名") == "already_open"
    assert files(listening)[0].name == "甲公司"


def test_a_report_of_a_known_enterprise_adds_the_headcount_once_and_changes_nothing_else(
    listening: Runtime,
) -> None:
    registers(listening)
    before, told = files(listening)[0], len(lines(listening))
    said = {"uscc": CODE, "name": "甲", "division": OTHER_TOWN, "type": "合伙企业"}
    assert hears(listening, TAX, "reported", **said, headcount=41) == ""
    assert hears(listening, TAX, "reported", **said, headcount=77) == "no_effect"
    after = files(listening)[0]
    assert after.facts == before.facts | {"headcount": 41}
    assert (after.name, after.division, after.kind) == (before.name, before.division, before.kind)
    (line,) = lines(listening)[told:]
    assert line["data"] == {"headcount": 41} and line["says"]["zh"] == "税务部门通报：从业人数"


def test_each_kind_of_office_says_only_what_is_its_own_to_say(listening: Runtime) -> None:
    for kind in DEPARTMENTS:
        for fact in ("registered", "changed", "merged", "deregistered"):
            data = {"uscc": CODE} | ({"name": "甲"} if fact in ("registered", "changed") else {})
            data |= {"registered_on": "2025-02-27"} if fact == "registered" else {}
            assert tell(listening, f"{kind}.{COUNTY}", fact, **data).code == "not_permitted", (kind, fact)
    assert tell(listening, REGISTRY, "reported", uscc=CODE, name="甲").code == "not_permitted"
    assert tell(listening, PROJECTS, "split", uscc=CODE).code == "not_permitted"


def test_a_department_speaks_for_the_files_of_its_area_wherever_they_were_registered(
    listening: Runtime,
) -> None:
    elsewhere = uscc(3, OTHER_COUNTY)
    said = {"uscc": elsewhere, "name": "乙公司"}
    assert tell(listening, TAX, "reported", **said).code == "outside_jurisdiction"
    assert hears(listening, TAX, "reported", **said, division=TOWN) == ""
    assert hears(listening, TAX, "reported", **said, headcount=9) == ""
    theirs = joins(listening, "tax", OTHER_COUNTY)
    receipt = tell(listening, theirs, "reported", **said, headcount=8)
    settle(listening)
    with listening.reading(SERVICE) as unit:
        row = unit.db.execute(select(Inbox.state, Inbox.error_code).where(Inbox.id == receipt.inbox_id)).one()
    assert row == ("waiting", "case_unknown"), "as if there were no file"
    assert [file.facts["headcount"] for file in files(listening)] == [9]


def test_a_report_that_nobody_can_place_waits_for_a_person(listening: Runtime) -> None:
    receipt = tell(listening, TAX, "reported", uscc=uscc(6, "229999"), name="丙公司")
    settle(listening)
    with listening.reading(SERVICE) as unit:
        assert unit.db.scalar(select(Inbox.state).where(Inbox.id == receipt.inbox_id)) == "triage"
    assert files(listening) == []


def test_a_change_that_overtook_the_registration_is_newer_and_stands(listening: Runtime) -> None:
    tell(listening, REGISTRY, "changed", uscc=CODE, name="新名公司")
    settle(listening)
    hears(listening, TAX, "reported", uscc=CODE, name="旧名公司", division=TOWN)
    settle(listening)
    assert files(listening)[0].name == "新名公司"
    registers(listening, name="旧名公司", address="越北镇某路1号")
    (file,) = files(listening)
    assert (file.name, file.address) == ("新名公司", "越北镇某路1号")


@pytest.mark.rule("L-2")
def test_a_cooperative_that_was_announced_as_a_company_is_treated_as_what_its_code_says(
    runtime: Runtime,
) -> None:
    hears(runtime, PROJECTS, "prenotified", reference="招-1", name="筹建社", division=TOWN)
    assert files(runtime)[0].facts["category"] == "91"
    registers(runtime, "93220721MA181PCY40", prenotice="招-1")
    assert files(runtime)[0].facts["category"] == "93"
    assert stands(runtime, "lead") == "out_of_scope"


# -- files that people opened themselves ---------------------------------------------------------------


@pytest.mark.rule("L-2", "L-3")
def test_a_workers_request_and_the_registration_become_one_file(listening: Runtime) -> None:
    ask(listening)
    assert registers(listening, name=" 甲公司 ", division=COUNTY, address="某路1号") == ""
    (file,) = files(listening)
    assert (file.uscc, file.address, file.registered_on is None) == (CODE, "某路1号", False)
    assert (file.division, file.facts["placed"]) == (TOWN, True)  # the county says no more than the town
    assert {one["procedure"] for one in lines(listening)} == {"request", "listener"}


@pytest.mark.rule("L-2", "L-3")
def test_a_workers_request_recorded_as_a_lead_goes_on_when_the_enterprise_is_registered(
    runtime: Runtime,
) -> None:
    Hands(runtime).begin(UNION, "lead", "worker_request", name="甲公司")
    assert (files(runtime)[0].uscc, stands(runtime, "lead")) == (None, "contacting")
    assert registers(runtime) == ""
    (file,) = files(runtime)
    assert (file.uscc, file.registered_on is None, stands(runtime, "lead")) == (CODE, False, "contacting")


def test_requests_about_two_enterprises_without_codes_are_two_files(listening: Runtime) -> None:
    ask(listening, "甲公司")
    ask(listening, "乙公司")
    with pytest.raises(Fault, match="case_exists"):
        ask(listening, " 甲公司")
    assert [file.name for file in files(listening)] == ["甲公司", "乙公司"]


def test_only_the_same_name_in_the_same_county_is_the_same_enterprise(listening: Runtime) -> None:
    ask(listening)
    registers(listening, uscc(4), name="甲公司（分店）")
    hears(
        listening,
        f"registry.{OTHER_COUNTY}",
        "registered",
        uscc=uscc(5, OTHER_COUNTY),
        name="甲公司",
        registered_on="2025-02-27",
    )
    assert [file.uscc for file in files(listening)] == [None, uscc(4), uscc(5, OTHER_COUNTY)]


def test_a_second_enterprise_of_the_same_name_has_a_file_of_its_own(listening: Runtime) -> None:
    ask(listening)
    registers(listening)
    registers(listening, OTHER_CODE)
    assert [file.uscc for file in files(listening)] == [CODE, OTHER_CODE]


def test_a_report_gives_a_requested_file_its_code_and_the_registration_finds_it(listening: Runtime) -> None:
    ask(listening)
    tell(listening, REGISTRY, "changed", uscc=CODE, address="新址")  # ahead of its enterprise
    settle(listening)
    assert hears(listening, TAX, "reported", uscc=CODE, name="甲公司", division=TOWN) == ""
    assert (files(listening)[0].uscc, files(listening)[0].address) == (CODE, "新址")
    registers(listening, name="甲有限公司")
    (file,) = files(listening)
    assert (file.name, file.registered_on is None) == ("甲有限公司", False)


def test_the_registration_moves_a_requested_file_and_its_work_to_the_town_it_names(
    listening: Runtime,
) -> None:
    ask(listening)
    registers(listening, division=OTHER_TOWN)
    (file,) = files(listening)
    with listening.reading(SERVICE) as unit:
        owed = unit.db.execute(select(WorkItem.division).where(WorkItem.status == "open")).scalars().all()
    assert file.division == OTHER_TOWN and set(owed) == {OTHER_TOWN}


def test_a_registration_that_nobody_waits_for_is_written_into_the_file_all_the_same(
    make_runtime: Callable[..., Runtime],
) -> None:
    bare = make_runtime(clock=SettableClock(MORNING), law=LawBook((REQUEST,)))
    found(bare)
    ask(bare)
    assert registers(bare) == ""
    assert files(bare)[0].uscc == CODE
    assert [line["step"] for line in lines(bare)] == ["ask", "registered"]


# -- projects, and the race between a pre-notice and its registration -----------------------------------


def announces(runtime: Runtime, reference: str = "招-7") -> Receipt:
    return tell(runtime, PROJECTS, "prenotified", reference=reference, name="筹建中公司", division=TOWN)


def citing(runtime: Runtime, reference: str = "招-7") -> Receipt:
    said = {"uscc": CODE, "name": "甲公司", "registered_on": "2025-02-27", "division": TOWN}
    return tell(runtime, REGISTRY, "registered", **said, prenotice=reference)


@pytest.mark.rule("L-1", "L-2")
def test_a_pre_notice_that_comes_after_its_registration_opens_no_second_file(listening: Runtime) -> None:
    citing(listening)
    settle(listening)
    assert (
        hears(listening, PROJECTS, "prenotified", reference="招-7", name="筹建中公司", division=TOWN)
        == "already_open"
    )
    assert [file.uscc for file in files(listening)] == [CODE]


@pytest.mark.rule("L-2")
def test_a_pre_notice_and_its_registration_in_one_claim_are_one_file(listening: Runtime) -> None:
    announces(listening)
    citing(listening)
    settle(listening)
    assert [file.uscc for file in files(listening)] == [CODE]


@pytest.mark.rule("L-2")
@pytest.mark.parametrize("slow", [announces, citing], ids=["the pre-notice", "the registration"])
def test_of_two_workers_that_both_saw_no_file_only_one_opens_it_and_the_other_finds_it(
    listening: Runtime, make_runtime: Callable[..., Runtime], slow: Callable[[Runtime], Receipt]
) -> None:
    other = make_runtime(clock=SettableClock(MORNING), law=listening.law)
    fast = citing if slow is announces else announces
    late, early = slow(listening).inbox_id, fast(listening).inbox_id
    assert late is not None and early is not None
    with listening.writing(SERVICE) as unit:
        rows = unit.db.execute(select(*Inbox.__table__.c).where(Inbox.id == late)).all()
        (decided,) = decide(unit, [hear(row) for row in rows])
    with other.writing(SERVICE) as unit:
        apply_rows(unit, [early])
    assert decided.move is not None and decided.move.docket.is_new
    with pytest.raises(IntegrityError), listening.writing(SERVICE) as unit:
        record(unit, [decided.move])
    settle(listening)
    (file,) = files(listening)
    assert (file.uscc, file.name) == (CODE, "甲公司")
    with listening.reading(SERVICE) as unit:
        assert set(unit.db.execute(select(Inbox.state)).scalars()) == {"applied"}


@pytest.mark.rule("L-2")
def test_two_workers_at_once_make_one_file_of_each_project(
    listening: Runtime, make_runtime: Callable[..., Runtime]
) -> None:
    other = make_runtime(clock=SettableClock(MORNING), law=listening.law)
    afterwards = make_runtime(clock=SettableClock(MORNING + timedelta(minutes=1)), law=listening.law)
    for number in range(10):
        announces(listening, f"招-{number}")
        said = {"uscc": uscc(10 + number), "name": f"{number}号公司", "registered_on": "2025-02-27"}
        tell(listening, REGISTRY, "registered", **said, division=TOWN, prenotice=f"招-{number}")
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda at: drain_inbox(at, 3), [listening, other] * 10))
    settle(afterwards)  # whoever came second is tried again after a moment
    assert sorted(str(file.uscc) for file in files(listening)) == [uscc(10 + number) for number in range(10)]


def test_two_enterprises_that_cite_one_project_have_a_file_each(listening: Runtime) -> None:
    announces(listening)
    registers(listening, prenotice="招-7")
    assert registers(listening, OTHER_CODE, name="乙公司", prenotice="招-7") == ""
    assert [file.uscc for file in files(listening)] == [CODE, OTHER_CODE]
