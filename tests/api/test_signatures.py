"""An office that was given a key is believed only when it signed: every bit of it, by its own key, just now (S11)."""

import base64
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from standardwebhooks.webhooks import Webhook

from services.access.keys import add_key, key_pair, list_keys, retire_key
from services.access.reseal import settle
from services.access.signatures import (
    HEADERS,
    ID,
    SIGNATURE,
    TIMESTAMP,
    TOLERANCE,
    check_signature,
    keys_of,
    sign,
)
from services.actor import SERVICE
from services.db.models.directory import SigningKey
from services.db.models.mail import Inbox
from services.intake.receive import receive_raw
from services.intake.wire import BATCH, BINARY, STRUCTURED
from services.runtime import Unit
from tests.builders import COUNTY, OTHER_COUNTY, Counter, assert_problem, registered
from tests.waiting import until
from workers.consumers.amqp_events import http_envelope
from workflows.errors import Fault

OFFICE, OTHER = f"registry.{COUNTY}", f"registry.{OTHER_COUNTY}"
KINDS = ("hmac", "ed25519")


class Office:
    """An office's machine: it knows its key, signs what it says, and sends it with its token."""

    def __init__(self, counter: Counter, code: str = OFFICE) -> None:
        self.counter, self.code, self.key = counter, code, ""

    def given(self, kind: str = "hmac") -> str:
        """One more key is the office's; it signs with it from now on. Yields the key's id."""
        private, public = key_pair()
        with self.writing() as unit:
            key_id, secret = add_key(unit, self.code, public if kind == "ed25519" else None)
        self.key = secret or private
        return key_id

    def writing(self) -> Any:
        """`Any`: yields a Unit."""
        return self.counter.town.runtime.writing(SERVICE)

    def retires(self, key_id: str) -> None:
        with self.writing() as unit:
            retire_key(unit, key_id)

    def signature(self, said: object, *, late: timedelta = timedelta(), key: str = "") -> dict[str, str]:
        message_id = str(said["id"]) if isinstance(said, dict) else "batch-1"
        return sign(key or self.key, message_id, self.counter.town.clock.now() + late, bytes_of(said))

    def send(self, said: object, headers: dict[str, str] | None = None, media: str = STRUCTURED) -> Any:
        """Signed, unless other headers are given. `Any`: an answer of httpx2."""
        shown = self.signature(said) if headers is None else headers
        return self.counter.post(
            self.code, "/api/v1/events", content=bytes_of(said), headers={"Content-Type": media} | shown
        )

    def kept(self) -> int:
        """How many events are on file and were not refused."""
        with self.counter.town.runtime.reading(SERVICE) as unit:
            return int(
                unit.db.execute(
                    select(func.count()).select_from(Inbox).where(Inbox.state != "rejected")
                ).scalar_one()
            )


def bytes_of(said: object) -> bytes:
    return said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()


def status(answer: Any) -> str:
    assert answer.status_code == 202, answer.text
    return str(answer.json()["receipts"][0]["status"])


@pytest.fixture
def office(counter: Counter) -> Office:
    return Office(counter)


# -- what is believed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_office_signed_is_taken_in(office: Office, kind: str) -> None:
    office.given(kind)
    assert status(office.send(registered())) == "accepted"
    batch = [registered(2), registered(3)]
    assert [one["status"] for one in office.send(batch, media=BATCH).json()["receipts"]] == ["accepted"] * 2


def test_an_office_without_a_key_needs_none(office: Office) -> None:
    assert status(office.send(registered(), {})) == "accepted"


def test_our_signature_is_the_one_of_the_standard() -> None:
    """The example that the reference libraries of Standard Webhooks are tested with."""
    key, message = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, UTC)
    told = sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, message)
    assert told[SIGNATURE] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_any_library_of_the_standard_can_sign_for_us(office: Office) -> None:
    office.given()
    said, at = registered(), office.counter.town.clock.now()
    headers = {
        ID: said["id"],
        TIMESTAMP: str(int(at.timestamp())),
        SIGNATURE: Webhook(office.key).sign(said["id"], at, bytes_of(said).decode()),
    }
    assert status(office.send(said, headers)) == "accepted"


def test_an_id_that_no_header_can_carry_is_percent_encoded(office: Office) -> None:
    office.given()
    said = registered() | {"id": "第 1 号/50%"}
    assert office.signature(said)[ID].isascii()
    assert status(office.send(said)) == "accepted"


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_signatures_one_that_fits_is_enough(office: Office, order: int) -> None:
    """While a key is changed the office signs with both; whoever reads knows one of them."""
    office.given("ed25519")
    said = registered()
    right = office.signature(said)
    wrong = office.signature(said, key="whsec_" + base64.b64encode(bytes(32)).decode())[SIGNATURE]
    both = [wrong, "v3,AAAA", "nonsense", right[SIGNATURE]][::order]
    assert status(office.send(said, right | {SIGNATURE: " ".join(both)})) == "accepted"


# -- what is not ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_no_changed_bit_of_body_or_headers_is_believed(office: Office, kind: str) -> None:
    """Every bit of the message, one after the other, at the place where it is decided."""
    office.given(kind)
    content = bytes_of(registered())
    headers = office.signature(registered())
    with office.writing() as unit:
        body_id = office.counter.town.hands.actor(OFFICE).body_id
        assert body_id is not None and check_signature(unit, keys_of(unit, body_id), headers, content)
        believed = [
            place for place in _bits(content) if _believes(unit, body_id, headers, _flipped(content, place))
        ]
        for name in HEADERS:
            written = headers[name].encode()
            for place in _bits(written):
                changed = headers | {name: _flipped(written, place).decode("latin-1")}
                if _believes(unit, body_id, changed, content):
                    believed.append(place)
    assert believed == []


def _bits(content: bytes) -> range:
    return range(len(content) * 8)


def _flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


def _believes(unit: Unit, body_id: int, headers: dict[str, str], content: bytes) -> bool:
    try:
        return check_signature(unit, keys_of(unit, body_id), headers, content) is not None
    except Fault as fault:
        assert fault.code.startswith("signature_") or fault.code == "encoding_bad"
        return False


@pytest.mark.parametrize("kind", KINDS)
def test_no_changed_byte_passes_the_counter(office: Office, kind: str) -> None:
    """One bit of each byte of the body, and every visible bit of the headers, over HTTP: 4xx, and nothing is on file."""
    office.given(kind)
    content, headers = bytes_of(registered()), office.signature(registered())
    answers = [
        office.send(_flipped(content, place * 8 + place % 8), headers) for place in range(len(content))
    ]
    for name in HEADERS:
        written = headers[name].encode()
        for place in _bits(written):
            changed = _flipped(written, place)
            if all(0x21 <= byte <= 0x7E for byte in changed):
                answers.append(office.send(content, headers | {name: changed.decode()}))
    assert {answer.status_code for answer in answers} <= {400, 401}
    assert office.kept() == 0
    assert status(office.send(content, headers)) == "accepted"


@pytest.mark.parametrize("missing", HEADERS)
def test_an_office_with_a_key_is_not_believed_unsigned(office: Office, missing: str) -> None:
    office.given()
    assert_problem(office.send(registered(), {}), 401, "signature_missing")
    headers = office.signature(registered())
    del headers[missing]
    assert assert_problem(office.send(registered(), headers), 401, "signature_missing")["field"] == missing
    assert office.kept() == 0


@pytest.mark.parametrize(
    ("late", "believed"),
    [(TOLERANCE, True), (-TOLERANCE, True), (TOLERANCE * 1.01, False), (-TOLERANCE * 1.01, False)],
)
def test_a_message_is_believed_for_five_minutes(office: Office, late: timedelta, believed: bool) -> None:
    office.given()
    answer = office.send(registered(), office.signature(registered(), late=late))
    if believed:
        assert status(answer) == "accepted"
    else:
        assert_problem(answer, 401, "signature_time")


@pytest.mark.parametrize(
    "written", ["1e9", "-5", "1772413200.0", "now", "9" * 12, "9" * 13, "0x10", "17_7", "٣"]
)
def test_a_time_that_is_no_number_of_seconds_is_refused(office: Office, written: str) -> None:
    office.given()
    said = registered()
    with office.writing() as unit, pytest.raises(Fault) as told:
        body_id = office.counter.town.hands.actor(OFFICE).body_id
        assert body_id is not None
        check_signature(
            unit, keys_of(unit, body_id), office.signature(said) | {TIMESTAMP: written}, bytes_of(said)
        )
    assert told.value.code == "signature_time"


def test_a_message_sent_again_is_a_duplicate_and_later_it_is_not_believed(office: Office) -> None:
    office.given()
    said = registered()
    headers = office.signature(said)
    assert [status(office.send(said, headers)) for _ in range(3)] == ["accepted", "duplicate", "duplicate"]
    office.counter.town.clock.advance(TOLERANCE + timedelta(seconds=1))
    assert_problem(office.send(said, headers), 401, "signature_time")
    assert status(office.send(said)) == "duplicate"
    assert office.kept() == 1


def test_a_signature_belongs_to_the_event_it_names(office: Office) -> None:
    """Signed well, but as a message of another id: it would not be known again as a duplicate."""
    office.given()
    said = registered()
    at = office.counter.town.clock.now()
    headers = sign(office.key, "another-id", at, bytes_of(said))
    assert assert_problem(office.send(said, headers), 401, "signature_id")["field"] == ID


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_speaks_only_for_its_own_office(office: Office, kind: str) -> None:
    other = Office(office.counter, OTHER)
    office.given(kind)
    other.given(kind)
    foreign = registered(county=OTHER_COUNTY, town=None)
    assert_problem(office.send(foreign), 403, "emitter_not_office")
    assert_problem(other.send(foreign, other.signature(foreign, key=office.key)), 401, "signature_bad")
    assert office.kept() == 0
    assert status(other.send(foreign)) == "accepted"


def test_an_office_names_no_enterprise_outside_its_area_however_well_it_signs(office: Office) -> None:
    office.given()
    assert_problem(office.send(registered(division=OTHER_COUNTY)), 403, "outside_jurisdiction")
    there = office.counter.town.enterprise(county=OTHER_COUNTY, town=None)
    suspended = registered() | {"id": "s", "type": "gongjian.registry.enterprise.suspended.v1"}
    suspended["data"] = {"uscc": there}
    assert_problem(office.send(suspended), 403, "outside_jurisdiction")
    assert office.kept() == 1


def test_headers_are_not_signed_so_no_event_may_stand_in_them(office: Office) -> None:
    """In the binary form id, source and type are headers: whoever carries them could change them unseen."""
    office.given()
    said = registered()
    told = {f"ce-{name}": str(said[name]) for name in ("specversion", "id", "source", "type")}
    headers = told | sign(office.key, said["id"], office.counter.town.clock.now(), bytes_of(said["data"]))
    assert_problem(office.send(said["data"], headers, BINARY), 415, "media_type")
    assert_problem(office.send(said, office.signature(said), BINARY), 415, "media_type")
    assert office.kept() == 0


def test_one_signature_has_one_spelling(office: Office) -> None:
    """Base64 leaves bits over: written otherwise, the same bytes do not pass, nor more signatures than a few."""
    office.given("ed25519")
    said, headers = registered(), office.signature(registered())
    for other in (
        headers[SIGNATURE].removesuffix("=="),
        headers[SIGNATURE][:-3] + chr(ord(headers[SIGNATURE][-3]) + 1) + "==",
        headers[SIGNATURE].replace("v1a,", "v1,"),
        headers[SIGNATURE].replace("v1a,", "V1A,"),
        headers[SIGNATURE].replace("v1a,", "v1a, "),
        " ".join(["v1a,AAAA"] * 8 + [headers[SIGNATURE]]),
    ):
        assert_problem(office.send(said, headers | {SIGNATURE: other}), 401, "signature_bad")


# -- changing keys -------------------------------------------------------------------------------------


def test_two_keys_live_side_by_side_and_no_third(office: Office) -> None:
    first, old = office.given(), office.key
    office.given("ed25519")
    assert status(office.send(registered(1), office.signature(registered(1), key=old))) == "accepted"
    assert status(office.send(registered(2))) == "accepted"
    with pytest.raises(Fault) as full:
        office.given()
    assert full.value.code == "keys_full"
    office.retires(first)
    assert_problem(office.send(registered(3), office.signature(registered(3), key=old)), 401, "signature_bad")
    assert status(office.send(registered(3))) == "accepted"
    office.given()


def test_an_office_whose_last_key_was_retired_is_not_believed_unsigned(office: Office) -> None:
    """A key is retired because somebody else may hold it: that must not open the door to the unsigned."""
    office.retires(office.given())
    assert_problem(office.send(registered()), 401, "signature_bad")
    assert_problem(office.send(registered(), {}), 401, "signature_missing")


def test_a_key_is_changed_under_load_and_no_message_is_refused(office: Office) -> None:
    """The order of the runbook: add, let the office change over, retire. Four senders never pause."""
    old, numbers, using = office.given(), count(1), threading.Condition()
    key, ended, under_way = office.key, False, 0
    office.counter.headers(OFFICE)

    def sends() -> list[int]:
        nonlocal under_way
        seen = []
        while not ended:
            said = registered(next(numbers))
            with using:
                mine, under_way = key, under_way + (key == first)
            seen.append(office.send(said, office.signature(said, key=mine)).status_code)
            with using:
                under_way -= mine == first
                using.notify_all()
        return seen

    first = key
    with ThreadPoolExecutor(4) as senders:
        work = [senders.submit(sends) for _ in range(4)]
        _after(office, 40)
        office.given("ed25519")
        _after(office, 40)
        with using:
            key = office.key
            assert using.wait_for(lambda: under_way == 0, 30)
        office.retires(old)
        _after(office, 40)
        ended = True
        answers = [code for one in work for code in one.result(30)]
    assert set(answers) == {202} and len(answers) >= 120
    assert office.kept() == len(answers)


def _after(office: Office, more: int) -> None:
    """So many events later."""
    enough = office.kept() + more
    until(lambda: office.kept() >= enough, 60, what="the senders send on")


def test_only_the_security_administrator_and_the_house_manage_keys(office: Office) -> None:
    for account in (f"union.{COUNTY}", f"admin.{COUNTY}", f"auditor.{COUNTY}", OFFICE):
        with office.counter.town.runtime.writing(office.counter.town.hands.actor(account)) as unit:
            for deed in (lambda: add_key(unit, OFFICE), lambda: list_keys(unit, OFFICE)):
                assert _refused(deed) == "not_permitted"


def test_keys_are_given_to_offices_that_send(office: Office) -> None:
    with office.writing() as unit:
        assert _refused(lambda: add_key(unit, f"union.{COUNTY}")) == "key_needless"
        assert _refused(lambda: add_key(unit, "registry.\0")) == "body_unknown"
        assert _refused(lambda: retire_key(unit, "key_nobody")) == "key_unknown"
        for public in ("whsec_" + "A" * 43 + "=", "whpk_AAAA", "whpk_" + "A" * 42 + "!=", "", "whpk_"):
            assert _refused(lambda: add_key(unit, OFFICE, public)) == "signing_key_bad"  # noqa: B023  # called at once


def test_what_is_kept_of_a_shared_secret_signs_nothing(office: Office) -> None:
    office.given()
    secret = base64.b64decode(office.key.removeprefix("whsec_"))
    with office.writing() as unit:
        kept = bytes(unit.db.scalars(select(SigningKey.secret)).one())
    assert secret not in kept and office.key.encode() not in kept


def test_the_sealing_key_is_changed_and_the_offices_notice_nothing(office: Office) -> None:
    """S18: under the same runtime, from a key in the settings to none of them opening but the newest."""
    office.given()
    runtime = office.counter.town.runtime
    older = runtime.settings.secret_key
    assert older is not None
    for keys in (f"a-newer-key-{'x1y2z3w4' * 4} {older.get_secret_value()}", f"a-newer-key-{'x1y2z3w4' * 4}"):
        runtime.settings = runtime.settings.model_copy(update={"secret_key": SecretStr(keys)})
        assert status(office.send(registered(len(keys)))) == "accepted"
        assert settle(runtime) in (0, 1)
    assert settle(runtime) == 0


def _refused(deed: Callable[[], object]) -> str:
    with pytest.raises(Fault) as told:
        deed()
    return told.value.code


# -- over the broker -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_over_the_broker_a_message_is_believed_by_its_signature(office: Office, kind: str) -> None:
    """Nothing else tells who published it: what an office with a key is said to say, it must have signed."""
    other = Office(office.counter, OTHER)
    office.given(kind)
    other.given(kind)
    said, runtime = registered(), office.counter.town.runtime

    def published(said: object, headers: dict[str, str], media: str = STRUCTURED) -> str:
        content_type, told = http_envelope(media, {"x-other": 1} | headers)
        try:
            return receive_raw(runtime, bytes_of(said), content_type, told, None, "amqp", signed=True)[
                0
            ].status
        except Fault as fault:
            return fault.code

    assert published(said, {}) == "signature_missing"
    assert published(said, office.signature(said, key=other.key)) == "signature_bad"
    assert published(said, office.signature(said) | {ID: "another"}) == "signature_bad"
    assert published(said, office.signature(said, late=TOLERANCE * 2)) == "signature_time"
    assert (
        published([said, registered(2, county=OTHER_COUNTY)], office.signature([said]), BATCH)
        == "signature_bad"
    )
    assert office.kept() == 0
    assert published(said, office.signature(said)) == "accepted"
    assert published(said, office.signature(said)) == "duplicate"


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_broker_kept_while_we_were_away_is_still_believed_and_only_once(
    office: Office, kind: str
) -> None:
    """The office heard from the broker that it was kept, and will never send it again."""
    office.given(kind)
    said, runtime = registered(), office.counter.town.runtime
    headers = office.signature(said)
    office.counter.town.clock.advance(timedelta(days=3))

    def brought() -> str:
        taken = receive_raw(runtime, bytes_of(said), STRUCTURED, headers, None, "amqp", signed=True)
        return taken[0].status

    assert [brought(), brought()] == ["accepted", "duplicate"]
    assert_problem(office.send(said, headers), 401, "signature_time")


def test_a_batch_of_two_offices_is_signed_by_both(office: Office) -> None:
    other = Office(office.counter, OTHER)
    office.given("hmac")
    other.given("ed25519")
    batch = [registered(), registered(2, county=OTHER_COUNTY, town=None)]
    mine, theirs = office.signature(batch), other.signature(batch)
    headers = mine | {SIGNATURE: f"{mine[SIGNATURE]} {theirs[SIGNATURE]}"}
    runtime = office.counter.town.runtime
    taken = receive_raw(runtime, bytes_of(batch), BATCH, headers, None, "amqp", signed=True)
    assert [one.status for one in taken] == ["accepted", "accepted"]


def test_offices_without_keys_publish_as_before(office: Office) -> None:
    taken = receive_raw(
        office.counter.town.runtime, bytes_of(registered()), STRUCTURED, {}, None, "amqp", signed=True
    )
    assert [one.status for one in taken] == ["accepted"]
