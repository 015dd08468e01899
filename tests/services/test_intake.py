"""What happens to an event that comes once, twice, too early, or wrong."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select, update
from stdnum.cn import uscc as codes

from services.actor import SERVICE
from services.db.models.casework import Case, Deadline, History, Proceeding
from services.db.models.mail import Inbox
from services.demo.hands import Hands
from services.directory.bodies import create_body
from services.housekeeping import tidy
from services.intake.apply import drain_inbox
from services.intake.receive import receive_raw
from services.runtime import Runtime
from workflows.errors import Fault

CODE = "91220204MA00000151"
STRUCTURED = "application/cloudevents+json"


def event(fact: str = "registered", *, event_id: str = "2019-0001", **data: Any) -> dict[str, Any]:
    body = (
        {"uscc": CODE, "name": "甲公司", "registered_on": "2019-01-02", "division": "220204"}
        if fact == "registered"
        else {"uscc": CODE}
    )
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": "/registry/220204",
        "type": f"gongjian.registry.enterprise.{fact}.v1",
        "time": "2019-01-02T09:30:00+08:00",
        "data": body | data,
    }


def send(runtime: Runtime, said: Any, *, office: str | None = "registry.220204") -> str:
    body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    return receive_raw(runtime, body, STRUCTURED, {}, office, "http")[0].status


def count(runtime: Runtime, model: Any) -> int:
    with runtime.reading(SERVICE) as unit:
        return int(unit.db.execute(select(func.count()).select_from(model)).scalar_one())


def taken_in(runtime: Runtime) -> int:
    """Events on file, those aside that were refused and stand there to be asked for."""
    with runtime.reading(SERVICE) as unit:
        there = select(func.count()).select_from(Inbox).where(Inbox.state != "rejected")
        return int(unit.db.execute(there).scalar_one())


def case(runtime: Runtime) -> Any:
    with runtime.reading(SERVICE) as unit:
        return unit.db.execute(select(*Case.__table__.c)).one()


def inbox(runtime: Runtime) -> list[tuple[str, str | None]]:
    with runtime.reading(SERVICE) as unit:
        return [
            (row.state, row.error_code)
            for row in unit.db.execute(select(Inbox.state, Inbox.error_code).order_by(Inbox.id))
        ]


@pytest.mark.rule("L-2")
def test_the_contracts_own_example_opens_a_case(runtime: Runtime) -> None:
    said = event(type="有限责任公司", address="…", industry=None, headcount=None)
    assert send(runtime, said) == "accepted"
    assert inbox(runtime) == [("pending", None)]
    assert drain_inbox(runtime) == 1
    assert (case(runtime).uscc, case(runtime).division) == (CODE, "220204")
    assert inbox(runtime) == [("applied", None)]


@pytest.mark.rule("L-2")
def test_the_same_event_fifty_times_by_ten_senders_is_one_case_applied_once(runtime: Runtime) -> None:
    with ThreadPoolExecutor(10) as senders:
        statuses = list(senders.map(lambda _: send(runtime, event()), range(50)))
    assert sorted(set(statuses)) == ["accepted", "duplicate"]
    assert statuses.count("accepted") == 1
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: drain_inbox(runtime), range(8)))
    assert (count(runtime, Case), count(runtime, Inbox)) == (1, 1)
    lines = count(runtime, History)
    assert drain_inbox(runtime) == 0
    assert count(runtime, History) == lines == case(runtime).seq


def test_the_same_id_with_other_content_is_rejected_and_the_original_stands(runtime: Runtime) -> None:
    assert send(runtime, event()) == "accepted"
    receipt = receive_raw(
        runtime, json.dumps(event(name="乙公司")).encode(), STRUCTURED, {}, "registry.220204", "http"
    )[0]
    assert (receipt.status, receipt.code) == ("rejected", "event_id_conflict")
    drain_inbox(runtime)
    assert case(runtime).name == "甲公司"


@pytest.mark.rule("L-2")
def test_a_second_registration_of_a_known_code_opens_nothing(runtime: Runtime) -> None:
    send(runtime, event())
    drain_inbox(runtime)
    send(runtime, event(event_id="2019-0002"))
    drain_inbox(runtime)
    assert count(runtime, Case) == 1
    assert inbox(runtime) == [("applied", None), ("applied", "already_open")]


def test_an_event_that_comes_before_its_enterprise_waits_for_it(runtime: Runtime) -> None:
    send(runtime, event("changed", event_id="early", name="新名公司"))
    assert drain_inbox(runtime) == 1
    assert inbox(runtime) == [("waiting", "case_unknown")]
    send(runtime, event())
    while drain_inbox(runtime):
        continue
    assert inbox(runtime) == [("applied", None), ("applied", None)]
    assert case(runtime).name == "新名公司"


def test_an_event_overlooked_while_its_case_was_opened_is_woken_by_the_sweep(runtime: Runtime) -> None:
    send(runtime, event())
    drain_inbox(runtime)
    send(runtime, event("changed", event_id="late", name="新名公司"))
    with runtime.writing(SERVICE) as unit:
        unit.db.execute(update(Inbox).where(Inbox.event_id == "late").values(state="waiting"))
    assert drain_inbox(runtime) == 0
    assert tidy(runtime) == 1
    assert drain_inbox(runtime) == 1
    assert case(runtime).name == "新名公司"


@pytest.mark.rule("L-1", "L-2")
def test_a_pre_notice_merges_with_its_registration(runtime: Runtime) -> None:
    before = event("prenotified", event_id="pre-1")
    before["source"] = "/investment/220204102"
    before["data"] = {"reference": "招-7", "name": "筹建中公司", "division": "220204102"}
    assert send(runtime, before, office="investment.220204102") == "accepted"
    drain_inbox(runtime)
    assert (case(runtime).uscc, case(runtime).name) == (None, "筹建中公司")
    send(runtime, event(prenotice="招-7", address="船营区越北镇"))
    drain_inbox(runtime)
    assert count(runtime, Case) == 1
    assert (case(runtime).uscc, case(runtime).name, case(runtime).division) == (CODE, "甲公司", "220204102")


def test_a_pre_notice_and_its_registration_in_one_claim_are_as_one_after_the_other(runtime: Runtime) -> None:
    before = event("prenotified", event_id="pre-1") | {"source": "/investment/220204102"}
    before["data"] = {"reference": "招-7", "name": "筹建中公司", "division": "220204102"}
    send(runtime, before, office="investment.220204102")
    send(runtime, event(prenotice="招-7"))
    drain_inbox(runtime)
    with runtime.reading(SERVICE) as unit:
        stands = unit.db.execute(select(Proceeding.id, Proceeding.procedure, Proceeding.state)).all()
        terms = unit.db.execute(
            select(Deadline.proceeding_id, Deadline.term).where(Deadline.state == "running")
        ).all()
        lines = unit.db.execute(select(History.proceeding_id).order_by(History.seq)).scalars().all()
    lead = next(one.id for one in stands if one.procedure == "lead")
    assert {(one.procedure, one.state) for one in stands} == {("lead", "contacting"), ("party", "unsurveyed")}
    assert (lead, "contact") in terms and (lead, "signalled") not in terms
    assert set(lines) == {one.id for one in stands}


def test_a_cooperative_is_recorded_and_taken_up_only_by_a_person(runtime: Runtime, hands: Hands) -> None:
    code = "93220721MA181PCY40"
    said = event(uscc=code, division="220204")
    send(runtime, said)
    hands.settle()
    with runtime.reading(SERVICE) as unit:
        assert unit.db.execute(select(Proceeding.procedure, Proceeding.state)).all() == [
            ("lead", "out_of_scope")
        ]
    hands.take("union.220204", code, "lead", "take_up", town="220204")
    hands.settle()
    with runtime.reading(SERVICE) as unit:
        states = dict(unit.db.execute(select(Proceeding.procedure, Proceeding.state)).tuples().all())
    assert states == {"lead": "contacting", "party": "unsurveyed"}


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"headcount": False}, "value_bad", "data.headcount"),
        ({"headcount": "12"}, "value_bad", "data.headcount"),
        ({"headcount": 12.0}, "value_bad", "data.headcount"),
        ({"headcount": -1}, "value_bad", "data.headcount"),
        ({"uscc": "0" * 18}, "uscc_bad", "data.uscc"),
        ({"uscc": CODE[:-1] + "2"}, "uscc_bad", "data.uscc"),
        ({"uscc": 912202040000000019}, "uscc_bad", "data.uscc"),
        ({"uscc": 9.12e17}, "uscc_bad", "data.uscc"),
        ({"uscc": "9.12E+17"}, "uscc_bad", "data.uscc"),
        ({"registered_on": "2099-01-01"}, "date_future", "data.registered_on"),
        ({"registered_on": "2019-02-30"}, "date_bad", "data.registered_on"),
        ({"registered_on": 20190102}, "date_bad", "data.registered_on"),
        ({"registered_on": "1900-01-01"}, "value_bad", "data.registered_on"),
        ({"name": ""}, "value_bad", "data.name"),
        ({"name": "   "}, "value_bad", "data.name"),
        ({"name": "a\u202eb"}, "value_bad", "data.name"),
        ({"name": "a\u0000"}, "value_bad", "data.name"),
        ({"name": None}, "value_bad", "data.name"),
        ({"division": "229999"}, "division_unknown", "data.division"),
        ({"division": "22"}, "value_bad", "data.division"),
        ({"boss": "张三"}, "field_unknown", "data.boss"),
    ],
)
def test_a_bad_field_is_named_in_two_languages_and_nothing_is_taken_in(
    runtime: Runtime, change: dict[str, Any], code: str, field: str
) -> None:
    body = json.dumps(event(**change)).encode()
    try:
        receipts = receive_raw(runtime, body, STRUCTURED, {}, "registry.220204", "http")
        found = (receipts[0].code, field)
        assert receipts[0].status == "rejected"
    except Fault as fault:
        found = (fault.code, str(fault.field))
        assert "张三" not in fault.text.zh + fault.text.en
    assert found == (code, field)
    assert taken_in(runtime) == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "body_empty"),
        (b"{", "json_bad"),
        (b"\xff\xfe{}", "encoding_bad"),
        ('{"名": 1}'.encode("gb18030"), "encoding_bad"),
        (b'{"id":"a","id":"b"}', "json_duplicate_key"),
        (b'{"id":NaN}', "json_number"),
        (b'{"id":' + b"9" * 5000 + b"}", "json_number"),
        (b'{"id":1e999}', "json_number"),
        (b'{"id":"\\ud800"}', "encoding_bad"),
        (b"[" * 30 + b"]" * 30, "json_depth"),
        (b"[1]", "envelope_bad"),
        (b"{}", "envelope_missing"),
    ],
)
def test_a_malformed_envelope_is_one_clear_sentence(runtime: Runtime, body: bytes, code: str) -> None:
    with pytest.raises(Fault) as caught:
        receive_raw(runtime, body, STRUCTURED, {}, "registry.220204", "http")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"specversion": "0.3"}, "envelope_bad"),
        ({"id": ""}, "envelope_bad"),
        ({"id": 7}, "envelope_bad"),
        ({"id": "x" * 201}, "envelope_bad"),
        ({"type": "gongjian.registry.enterprise.registered.v2"}, "type_unknown"),
        ({"time": "yesterday"}, "envelope_bad"),
        ({"time": "2099-01-02T09:30:00+08:00"}, "date_future"),
        ({"time": "2019-01-02T09:30:00"}, "envelope_bad"),
        ({"datacontenttype": "text/xml"}, "envelope_bad"),
        ({"Division": "x"}, "envelope_bad"),
        ({"data": 5}, "value_bad"),
    ],
)
def test_a_bad_attribute_is_named(runtime: Runtime, change: dict[str, Any], code: str) -> None:
    with pytest.raises(Fault) as caught:
        send(runtime, event() | change)
    assert caught.value.code == code


def test_full_width_letters_in_a_code_are_folded(runtime: Runtime) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in CODE.lower())
    send(runtime, event(uscc=wide))
    drain_inbox(runtime)
    assert case(runtime).uscc == CODE


def test_an_office_cannot_end_an_enterprise_of_its_neighbour(runtime: Runtime) -> None:
    with runtime.writing(SERVICE) as unit:
        create_body(unit, "registry", "220200", "吉林市市场监督管理局")
    send(runtime, event())
    drain_inbox(runtime)
    theirs = event("deregistered", event_id="no")
    theirs["source"] = "/registry/220202"
    body = json.dumps(theirs).encode()
    receipt = receive_raw(runtime, body, STRUCTURED, {}, "registry.220202", "http")[0]
    assert (receipt.status, receipt.code) == ("rejected", "outside_jurisdiction")
    above = theirs | {"source": "/registry/220200", "id": "yes"}
    assert send(runtime, above, office="registry.220200") == "accepted"


def test_whether_a_file_lies_elsewhere_an_office_cannot_tell_from_any_answer(runtime: Runtime) -> None:
    """Its own codes wait as if there were no file; other counties' are refused by the code alone (S07)."""
    moved, unknown = "91220202MA0T00003" + codes.calc_check_digit("91220202MA0T00003"), CODE
    neighbour, told = {"source": "/registry/220202"}, []
    for there_is_a_file in (False, True):
        if there_is_a_file:
            assert send(runtime, event(event_id="1", uscc=moved, division="220204")) == "accepted"
            assert send(runtime, event(event_id="2")) == "accepted"
        answers = []
        for code in (moved, unknown):
            said = (
                event("deregistered", event_id=f"{code}{there_is_a_file}")
                | neighbour
                | {"data": {"uscc": code}}
            )
            body = json.dumps(said).encode()
            receipt = receive_raw(runtime, body, STRUCTURED, {}, "registry.220202", "http")[0]
            answers.append((receipt.status, receipt.code))
        for _ in range(3):
            drain_inbox(runtime)
        told.append(answers)
    assert told[0] == told[1] == [("accepted", None), ("rejected", "outside_jurisdiction")]
    waiting = ("waiting", "case_unknown")
    taken = [row for row in inbox(runtime) if row[0] != "rejected"]
    assert taken == [waiting, ("applied", None), ("applied", None), waiting]
    with runtime.reading(SERVICE) as unit:
        assert set(unit.db.scalars(select(Case.status))) == {"open"}


def test_an_enterprise_whose_code_names_no_division_is_placed_by_its_address_or_waits(
    runtime: Runtime,
) -> None:
    for event_id, stem, address in (
        ("placed", "91229999MA0000015", "吉林省吉林市船营区某路1号"),
        ("unplaced", "91229999MA0000023", "某路1号"),
    ):
        code = stem + codes.calc_check_digit(stem)
        said = event(event_id=event_id, uscc=code, division=None, address=address)
        assert send(runtime, said) == "accepted"
    drain_inbox(runtime)
    assert case(runtime).division == "220204"
    assert inbox(runtime) == [("applied", None), ("triage", "triage")]


def test_an_office_speaks_only_for_itself_and_its_own_area(runtime: Runtime) -> None:
    other = event(event_id="x")
    other["source"] = "/registry/220202"
    receipt = receive_raw(runtime, json.dumps(other).encode(), STRUCTURED, {}, "registry.220204", "http")[0]
    assert receipt.code == "emitter_not_office"
    outside = event(event_id="y", uscc="91141023MA00000155", division="141023")
    receipt = receive_raw(runtime, json.dumps(outside).encode(), STRUCTURED, {}, "registry.220204", "http")[0]
    assert receipt.code == "outside_jurisdiction"
    assert taken_in(runtime) == 0
