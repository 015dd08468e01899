"""Channels: what has come to a body is told there once, with evidence of every try; what cannot be told is a person's to see (RELIABILITY
F30 to F32, S12)."""

import json
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook
from structlog.testing import capture_logs

from services.actor import SERVICE
from services.cases.work_items import urge
from services.channels import keep
from services.channels.again import drop, retry
from services.channels.carry import lease_of
from services.channels.deliver import deliver
from services.channels.keep import Wanted, add, switch_off, switch_on, tried
from services.clock import SettableClock
from services.db.models.access import Journal
from services.db.models.casework import WorkItem
from services.db.models.channel import Attempt, Channel, Delivery
from services.db.models.mail import Notice
from services.directory.bodies import readdress
from services.housekeeping import tidy
from services.runtime import Runtime
from services.settings import Channels
from tests.builders import BEGAN, COUNTY, OTHER_COUNTY, TOWN, Town, found
from tests.receivers import Receiver, receiver
from workflows.errors import Fault

SECRET = "whsec_" + b64encode(b"k" * 32).decode()
PARTY, ADMIN = f"party.{TOWN}", f"admin.{COUNTY}"
QUICK = Channels(
    hosts="127.0.0.1 localhost",
    loopback=True,
    seconds=1,
    tries=4,
    wait_seconds=10,
    pages="https://gj.example",
)


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def town(make_runtime: Callable[..., Runtime]) -> Town:
    """The small town, whose channels may lead to this machine."""
    clock = SettableClock(BEGAN)
    runtime = make_runtime(clock=clock)
    set_channels(runtime, QUICK)
    found(runtime)
    return Town(runtime, clock)


def set_channels(runtime: Runtime, chosen: Channels) -> None:
    runtime.settings = runtime.settings.model_copy(update={"channels": chosen})


def opens(town: Town, kind: str, address: str = "", secret: str = "", body: str = PARTY, **more: str) -> int:
    with town.runtime.writing(town.hands.actor(ADMIN)) as unit:
        return add(unit, Wanted(body, kind, address, secret, **more))


def webhook(town: Town, there: Receiver, **more: str) -> int:
    return opens(town, "webhook", there.address("/hook"), SECRET, **more)


def rows(town: Town, model: Any) -> list[Any]:
    with town.runtime.reading(SERVICE) as unit:
        return list(unit.db.execute(select(*model.__table__.c).order_by(*model.__table__.primary_key)))


def delivers(town: Town) -> None:
    while deliver(town.runtime):
        continue


def as_admin(town: Town, act: Callable[..., Any], *given: Any) -> Any:
    """`Any`: whatever the act yields."""
    with town.runtime.writing(town.hands.actor(ADMIN)) as unit:
        return act(unit, *given)


def told(town: Town) -> list[Any]:
    """The notices of the town's Party body. `Any`: rows."""
    party = town.runtime.roster.by_code(PARTY)
    assert party is not None
    return [one for one in rows(town, Notice) if one.recipient_id == party.id]


def test_a_notice_is_told_once_and_signed_and_the_try_stands_as_evidence(town: Town, there: Receiver) -> None:
    channel = webhook(town, there)
    town.enterprise()
    (notice,) = told(town)
    (one,) = rows(town, Delivery)
    assert (one.channel_id, one.about, one.about_id, one.kind, one.state) == (
        channel,
        "notice",
        notice.id,
        "enterprise_registered",
        "pending",
    )
    delivers(town)
    (heard,) = there.taken
    moment = datetime.fromtimestamp(int(heard.headers["webhook-timestamp"]), UTC)
    assert moment == town.clock.now()
    assert heard.headers["webhook-signature"] == Webhook(SECRET).sign(
        heard.headers["webhook-id"], moment, heard.body.decode()
    )
    assert heard.headers["webhook-id"] == f"dlv_{one.id}"
    assert heard.json == {
        "type": "gongjian.told.v1",
        "count": 1,
        "items": [
            {
                "id": f"dlv_{one.id}",
                "about": "notice",
                "kind": "enterprise_registered",
                "label": {"zh": "新设企业通报", "en": "News of a new enterprise"},
                "case": f"GJ-{COUNTY}-2026-{notice.case_id:06d}",
                "link": f"https://gj.example/cases/{notice.case_id}",
            }
        ],
    }
    (done,) = rows(town, Delivery)
    (evidence,) = rows(town, Attempt)
    assert (done.state, done.attempts, evidence.outcome, evidence.code) == (
        "delivered",
        1,
        "delivered",
        "200",
    )
    assert deliver(town.runtime) == 0 and len(there.heard) == 1


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_robot_that_answers_200_with_a_code_has_not_taken_it(
    town: Town, there: Receiver, kind: str
) -> None:
    opens(town, kind, there.address(), "" if kind == "wecom" else "SECx")
    town.enterprise()
    there.choose = lambda heard: "code"
    delivers(town)
    (waiting,) = rows(town, Delivery)
    (evidence,) = rows(town, Attempt)
    assert (waiting.state, evidence.outcome, evidence.code) == ("pending", "rejected", "40001")
    there.choose = lambda heard: "ok"
    town.clock.advance(timedelta(minutes=1))
    delivers(town)
    (done,) = rows(town, Delivery)
    assert (done.state, done.attempts) == ("delivered", 2)
    assert [one.outcome for one in rows(town, Attempt)] == ["rejected", "delivered"]
    text = json.dumps(there.taken[0].json, ensure_ascii=False)
    assert "新设企业通报" in text and f"GJ-{COUNTY}-2026-" in text and "Gongjian: 1 message" in text
    assert "测试1号有限公司" not in text


def test_a_robot_is_asked_twenty_times_a_minute_at_most(town: Town, there: Receiver) -> None:
    opens(town, "wecom", there.address())
    for _ in range(3):
        town.enterprise()
        delivers(town)
    assert len(there.heard) == 1
    town.clock.advance(timedelta(seconds=3))
    delivers(town)
    assert len(there.heard) == 2 and "贵单位有2条消息" in there.heard[1][1].json["text"]["content"]
    assert {one.state for one in rows(town, Delivery)} == {"delivered"}


@pytest.mark.fault("F32")
@pytest.mark.parametrize(
    ("way", "outcome", "code"),
    [
        ("hang", "slow", ""),
        ("drip", "slow", ""),
        ("reset", "cut", ""),
        ("cut", "cut", ""),
        ("error_after", "status", "500"),
        ("too_fast", "too_fast", "429"),
        ("redirect", "redirect", "307"),
    ],
)
def test_a_try_that_fails_is_made_again_under_the_same_id(
    town: Town, there: Receiver, way: str, outcome: str, code: str
) -> None:
    webhook(town, there)
    town.enterprise()
    there.choose = lambda heard: way
    delivers(town)
    (evidence,) = rows(town, Attempt)
    assert (evidence.outcome, evidence.code) == (outcome, code)
    there.choose = lambda heard: "ok"
    delivers(town)
    assert len(there.heard) == 1, "it waits first"
    town.clock.advance(timedelta(minutes=1))
    delivers(town)
    assert [heard.path for _, heard in there.heard] == ["/hook", "/hook"]
    assert {heard.headers["webhook-id"] for _, heard in there.heard} == {f"dlv_{rows(town, Delivery)[0].id}"}
    assert [one.state for one in rows(town, Delivery)] == ["delivered"]


@pytest.mark.parametrize("way", ["huge", "gibberish"])
def test_an_answer_that_no_robot_gives_is_not_taken_for_yes(town: Town, there: Receiver, way: str) -> None:
    opens(town, "feishu", there.address(), "s")
    town.enterprise()
    there.choose = lambda heard: way
    delivers(town)
    assert [one.outcome for one in rows(town, Attempt)] == ["unreadable"]


def test_nobody_listens_there(town: Town) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    opens(town, "webhook", f"http://127.0.0.1:{port}/", SECRET)
    town.enterprise()
    delivers(town)
    assert [one.outcome for one in rows(town, Attempt)] == ["unreachable"]


def test_who_wants_it_slower_is_left_alone_for_so_long(town: Town, there: Receiver) -> None:
    channel = webhook(town, there)
    town.enterprise()
    there.choose = lambda heard: "too_fast"
    delivers(town)
    (row,) = [one for one in rows(town, Channel) if one.id == channel]
    assert row.free_at == town.clock.now() + timedelta(seconds=7)


def test_after_so_many_tries_it_is_given_up_and_a_person_has_it_sent_again(
    town: Town, there: Receiver
) -> None:
    channel = webhook(town, there)
    town.enterprise()
    there.choose = lambda heard: "error_after"
    for _ in range(10):
        delivers(town)
        town.clock.advance(timedelta(hours=2))
    (given_up,) = rows(town, Delivery)
    assert (given_up.state, given_up.attempts, len(there.heard)) == ("given_up", QUICK.tries, QUICK.tries)
    there.choose = lambda heard: "ok"
    assert as_admin(town, retry, channel, given_up.id) == 1
    delivers(town)
    (done,) = rows(town, Delivery)
    assert (done.state, done.attempts) == ("delivered", QUICK.tries + 1)
    with pytest.raises(Fault) as settled:
        as_admin(town, retry, channel, given_up.id)
    assert settled.value.code == "delivery_moved"


def test_what_would_be_refused_for_ever_is_given_up_at_once(town: Town, there: Receiver) -> None:
    channel = opens(town, "wecom", there.address())
    town.enterprise()
    there.choose = lambda heard: "gone"
    delivers(town)
    (given_up,) = rows(town, Delivery)
    assert (given_up.state, given_up.attempts) == ("given_up", 1)
    assert [(one.outcome, one.code) for one in rows(town, Attempt)] == [("rejected", "93000")]
    assert as_admin(town, drop, channel, given_up.id) == 1
    assert [one.state for one in rows(town, Delivery)] == ["dropped"]


def test_a_burst_goes_as_one_message_each_with_its_own_evidence_and_stays_together(
    town: Town, there: Receiver
) -> None:
    webhook(town, there)
    for _ in range(3):
        town.enterprise()
    there.choose = lambda heard: "cut"
    delivers(town)
    town.clock.advance(timedelta(seconds=1))
    town.enterprise()
    there.choose = lambda heard: "ok"
    delivers(town)
    town.clock.advance(timedelta(minutes=1))
    delivers(town)
    ids = [heard.headers["webhook-id"] for _, heard in there.heard]
    assert ids == ["dlv_1", "dlv_4", "dlv_1"]
    assert [heard.json["count"] for _, heard in there.heard] == [3, 1, 3]
    assert there.heard[0][1].body == there.heard[2][1].body
    assert [(one.delivery_id, one.number) for one in rows(town, Attempt)] == [
        (1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2), (4, 1),
    ]  # fmt: skip


def test_quiet_hours_hold_everything_until_they_end(town: Town, there: Receiver) -> None:
    webhook(town, there, quiet_from="8", quiet_until="12")  # it is nine in the morning there
    town.enterprise()
    assert [one.state for one in rows(town, Delivery)] == ["held"]
    delivers(town)
    town.clock.advance(timedelta(hours=2, minutes=59))
    delivers(town)
    assert there.heard == []
    town.clock.advance(timedelta(minutes=1))
    delivers(town)
    assert [one.state for one in rows(town, Delivery)] == ["delivered"]


def test_a_second_try_waits_for_the_end_of_the_quiet_hours_too(town: Town, there: Receiver) -> None:
    webhook(town, there, quiet_from="10", quiet_until="12")
    town.enterprise()
    town.clock.advance(timedelta(minutes=59))
    there.choose = lambda heard: "cut"
    delivers(town)
    town.clock.advance(timedelta(minutes=2))
    delivers(town)
    assert [one.state for one in rows(town, Delivery)] == ["held"] and len(there.heard) == 1


def test_a_daily_digest_is_one_message_at_its_hour(town: Town, there: Receiver) -> None:
    webhook(town, there, digest_hour="17")
    for _ in range(3):
        town.enterprise()
        town.clock.advance(timedelta(hours=1))
        delivers(town)
    assert there.heard == []
    town.clock.advance(timedelta(hours=5))
    delivers(town)
    assert [heard.json["count"] for _, heard in there.heard] == [3]


@pytest.mark.fault("F31")
def test_a_worker_that_dies_between_sending_and_writing_sends_again_under_the_same_id(
    town: Town, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook(town, there)
    town.enterprise()

    class Died(BaseException):
        """As if the process had gone."""

    def dies(*_: object) -> None:
        raise Died

    with monkeypatch.context() as broken:
        broken.setattr("services.channels.deliver.write_answer", dies)
        with pytest.raises(Died):
            deliver(town.runtime)
    assert [one.outcome for one in rows(town, Attempt)] == ["unknown"]
    assert deliver(town.runtime) == 0, "the lease holds"
    town.clock.advance(lease_of(QUICK))
    delivers(town)
    assert [heard.headers["webhook-id"] for _, heard in there.heard] == ["dlv_1", "dlv_1"]
    assert [one.outcome for one in rows(town, Attempt)] == ["unknown", "delivered"]
    assert [one.state for one in rows(town, Delivery)] == ["delivered"]


def test_what_kills_every_worker_is_given_up(
    town: Town, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook(town, there)
    town.enterprise()

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("services.channels.deliver.carry", dies)
        for _ in range(QUICK.tries):
            with pytest.raises(KeyboardInterrupt):
                deliver(town.runtime)
            town.clock.advance(lease_of(QUICK))
    delivers(town)
    assert [one.state for one in rows(town, Delivery)] == ["given_up"] and there.heard == []


@pytest.mark.fault("F30")
def test_a_channel_that_hangs_keeps_only_itself_waiting(town: Town, there: Receiver) -> None:
    with receiver() as hanging:
        hanging.choose = lambda heard: "hang"
        opens(town, "webhook", hanging.address("/hook"), SECRET)
        webhook(town, there)
        town.enterprise()
        town.enterprise()
        began = datetime.now(UTC)
        deliver(town.runtime)
        assert [heard.json["count"] for heard in there.taken] == [2]
        assert datetime.now(UTC) - began < timedelta(seconds=4 * QUICK.seconds)
    states = {one.channel_id: one.state for one in rows(town, Delivery)}
    assert sorted(states.values()) == ["delivered", "pending"]


def test_an_answer_that_comes_after_the_lease_still_counts_when_it_is_yes(
    town: Town, there: Receiver
) -> None:
    webhook(town, there)
    town.enterprise()
    there.choose = lambda heard: _overtaken(town)
    deliver(town.runtime)
    assert [one.state for one in rows(town, Delivery)] == ["delivered"]


def _overtaken(town: Town) -> str:
    """While the server still thinks, the lease runs out and another worker has the channel."""
    town.clock.advance(lease_of(QUICK))
    with town.runtime.writing(SERVICE) as unit:
        unit.db.execute(Channel.__table__.update().values(free_at=unit.now + timedelta(minutes=5)))
    return "ok"


def test_after_three_years_what_was_told_is_forgotten_and_what_was_given_up_is_not(
    town: Town, there: Receiver
) -> None:
    opens(town, "wecom", there.address())
    town.enterprise()
    delivers(town)
    town.clock.advance(timedelta(minutes=1))
    there.choose = lambda heard: "gone"
    town.enterprise(name="另一家有限公司")
    delivers(town)
    before = sorted(one.state for one in rows(town, Delivery))
    assert set(before) == {"delivered", "given_up"}
    town.clock.advance(timedelta(days=3 * 365))
    tidy(town.runtime)
    assert sorted(one.state for one in rows(town, Delivery)) == before
    town.clock.advance(timedelta(days=4))
    tidy(town.runtime)
    left = rows(town, Delivery)
    assert {one.state for one in left} == {"given_up"}
    assert {one.delivery_id for one in rows(town, Attempt)} == {one.id for one in left}


def test_switching_off_drops_what_waits_and_switching_on_brings_nothing_back(
    town: Town, there: Receiver
) -> None:
    channel = webhook(town, there)
    town.enterprise()
    as_admin(town, switch_off, channel)
    town.enterprise()
    delivers(town)
    assert [one.state for one in rows(town, Delivery)] == ["dropped"] and there.heard == []
    as_admin(town, switch_on, channel)
    town.enterprise()
    delivers(town)
    assert [one.state for one in rows(town, Delivery)] == ["dropped", "delivered"]


def test_a_trial_says_in_plain_words_how_it_went(town: Town, there: Receiver) -> None:
    channel = webhook(town, there, quiet_from="8", quiet_until="12")
    admin = town.hands.actor(ADMIN)
    assert tried(town.runtime, admin, channel).outcome == "delivered"
    assert there.heard[0][1].json["items"][0]["about"] == "trial"
    there.choose = lambda heard: "redirect"
    answer = tried(town.runtime, admin, channel)
    assert (answer.outcome, answer.code) == ("redirect", "307")
    assert [one.state for one in rows(town, Delivery)] == ["delivered", "dropped"]
    assert [one.outcome for one in rows(town, Attempt)] == ["delivered", "redirect"]
    delivers(town)
    assert len(there.heard) == 2
    kept = [one.what for one in rows(town, Journal) if one.what.startswith("channel.")]
    assert kept == ["channel.add", "channel.test", "channel.test"]


def test_an_urged_work_item_is_told_each_time(town: Town, there: Receiver) -> None:
    code, local = town.enterprise(), f"union.{TOWN}"
    town.take(local, code, "lead", "survey", headcount=60, applicants=30)
    town.take(local, code, "lead", "open_union")
    town.take(local, code, "union", "file_application")
    superior = town.runtime.roster.by_code(f"union.{COUNTY}")
    assert superior is not None
    (item,) = [one for one in rows(town, WorkItem) if one.body_id == superior.id and one.status == "open"]
    opens(town, "webhook", there.address("/hook"), SECRET, body=superior.code)
    for _ in range(2):
        with town.runtime.writing(town.hands.actor(local)) as unit:
            urge(unit, item.id)
        delivers(town)
        town.clock.advance(timedelta(days=1))
    said = [heard.json["items"][0] for heard in there.taken]
    assert [one["label"]["zh"] for one in said] == ["催办：有待办事项被催办"] * 2
    assert said[0]["id"] != said[1]["id"] and said[0]["case"].endswith(f"{item.case_id:06d}")


def test_a_notice_that_comes_to_another_body_later_is_told_there(town: Town, there: Receiver) -> None:
    """No body was there for it; housekeeping finds one, which has a channel by then."""
    opens(town, "webhook", there.address("/late"), SECRET)
    channel = rows(town, Channel)[0].id
    as_admin(town, switch_off, channel)
    town.enterprise()
    with town.runtime.writing(SERVICE) as unit:
        unit.db.execute(Notice.__table__.update().values(recipient_id=None))
    as_admin(town, switch_on, channel)
    with town.runtime.writing(SERVICE) as unit:
        readdress(unit)
    delivers(town)
    assert [heard.json["items"][0]["kind"] for heard in there.taken] == ["enterprise_registered"]


def test_inside_these_pages_it_is_delivered_at_once(town: Town) -> None:
    opens(town, "in_app")
    town.enterprise()
    delivers(town)
    assert [one.state for one in rows(town, Delivery)] == ["delivered"]


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"kind": "pigeon"}, "channel_kind"),
    ({"kind": "webhook", "address": "http://127.0.0.1:1/", "secret": "whsec_short"}, "signing_key_bad"),
    ({"kind": "webhook", "address": "https://evil.example/", "secret": SECRET}, "channel_host"),
    ({"kind": "webhook", "address": "https://127.0.0.1@evil.example/", "secret": SECRET}, "channel_address"),
    ({"kind": "webhook", "address": "https://[::1", "secret": SECRET}, "channel_address"),
    ({"kind": "webhook", "address": "file:///etc/passwd", "secret": SECRET}, "channel_address"),
    ({"kind": "webhook", "address": "http://qyapi.weixin.qq.com/", "secret": SECRET}, "channel_plain"),
    ({"kind": "webhook", "address": "https://127.0.0.1:99999/", "secret": SECRET}, "channel_address"),
    (
        {"kind": "wecom", "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"},
        "channel_robot_address",
    ),
    (
        {"kind": "wecom", "address": "https://qyapi.weixin.qq.com/s?key=k", "secret": "x"},
        "channel_secret_needless",
    ),
    ({"kind": "dingtalk", "address": "https://127.0.0.1/?access_token=t"}, "channel_secret_missing"),
    ({"kind": "mail", "address": "union@gov.example"}, "channel_unset"),
    ({"kind": "mail", "address": "union@gov.example\nBcc: x@y.z"}, "channel_mail"),
    ({"kind": "sms", "address": "12"}, "channel_number"),
    ({"kind": "sms", "address": "13800001234"}, "channel_unset"),
    ({"kind": "in_app", "address": "x"}, "channel_address_needless"),
    ({"kind": "in_app", "quiet_from": "25", "quiet_until": "3"}, "channel_hour"),
    ({"kind": "in_app", "quiet_from": "22"}, "channel_quiet"),
    ({"kind": "in_app", "quiet_from": "3", "quiet_until": "3"}, "channel_quiet"),
    ({"kind": "in_app", "quiet_from": "22", "quiet_until": "7", "digest_hour": "6"}, "channel_digest"),
    ({"kind": "in_app", "body": "union.999999"}, "body_unknown"),
    ({"kind": "in_app", "body": f"union.{OTHER_COUNTY}"}, "not_permitted"),
]


@pytest.mark.parametrize(("said", "code"), REFUSED, ids=[f"{code}-{said['kind']}" for said, code in REFUSED])
def test_a_channel_that_would_not_do_is_refused_with_a_sentence(
    town: Town, said: dict[str, str], code: str
) -> None:
    set_channels(
        town.runtime, Channels(hosts="127.0.0.1 localhost qyapi.weixin.qq.com", loopback=True, seconds=1)
    )
    with pytest.raises(Fault) as refused:
        opens(town, **said)
    assert refused.value.code == code
    assert rows(town, Channel) == []


def test_only_so_many_channels_of_a_body_are_open(town: Town) -> None:
    for _ in range(keep.MOST):
        opens(town, "in_app")
    with pytest.raises(Fault) as full:
        opens(town, "in_app")
    assert full.value.code == "channels_full"


def test_nobody_else_may_keep_channels_or_see_those_of_others(town: Town, there: Receiver) -> None:
    channel = webhook(town, there)
    for stranger in (PARTY, f"union.{TOWN}", f"security.{COUNTY}", f"auditor.{COUNTY}"):
        with pytest.raises(Fault) as refused, town.runtime.writing(town.hands.actor(stranger)) as unit:
            switch_off(unit, channel)
        assert refused.value.code in ("not_permitted", "not_found"), stranger
    for account, seen in ((ADMIN, 1), (PARTY, 1), (f"union.{TOWN}", 0), (f"party.{OTHER_COUNTY}", 0)):
        with town.runtime.reading(town.hands.actor(account)) as unit:
            assert len(unit.db.execute(select(Channel.id)).all()) == seen, account


def test_the_address_and_the_secret_stand_nowhere_in_the_clear(town: Town, there: Receiver) -> None:
    opens(town, "dingtalk", there.address("/robot?access_token=hidden-token"), "SEC-hidden")
    town.enterprise()
    delivers(town)
    everything = repr([rows(town, model) for model in (Channel, Delivery, Attempt, Journal)])
    assert "hidden" not in everything and "127.0.0.1" in everything


@pytest.mark.parametrize(
    ("address", "found_at", "outcome"),
    [
        ("https://listed.example/", "127.0.0.1", "not_allowed"),
        ("https://listed.example/", "10.1.2.3", "not_allowed"),
        ("https://listed.example/", "169.254.169.254", "not_allowed"),
        ("https://listed.example/", "0.0.0.0", "not_allowed"),
        ("https://listed.example/", "100.64.0.1", "not_allowed"),
        ("https://listed.example/", "::1", "not_allowed"),
        ("https://listed.example/", "::ffff:127.0.0.1", "not_allowed"),
        ("https://listed.example/", "fd00::1", "not_allowed"),
        ("https://listed.example/", "fe80::1%eth0", "not_allowed"),
        ("https://listed.example/", "224.0.0.1", "not_allowed"),
    ],
)
def test_a_listed_host_that_lies_inside_is_not_spoken_to(
    town: Town, monkeypatch: pytest.MonkeyPatch, address: str, found_at: str, outcome: str
) -> None:
    """The name resolves elsewhere by the time it is asked: what is judged is the address that the line is made to."""
    set_channels(town.runtime, Channels(hosts="listed.example", seconds=1))
    opens(town, "webhook", address, SECRET)
    town.enterprise()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (found_at, 443))])
    made: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *given, **_: made.append(given))
    delivers(town)
    assert [one.outcome for one in rows(town, Attempt)] == [outcome] and made == []
    assert [one.state for one in rows(town, Delivery)] == ["given_up"]


def test_a_host_that_was_taken_off_the_list_is_not_spoken_to_any_more(town: Town, there: Receiver) -> None:
    webhook(town, there)
    set_channels(town.runtime, Channels(hosts="elsewhere.example", loopback=True))
    town.enterprise()
    delivers(town)
    assert [one.outcome for one in rows(town, Attempt)] == ["not_allowed"] and there.heard == []


def test_a_channel_whose_seal_does_not_open_is_given_up_and_harms_no_other(
    town: Town, there: Receiver
) -> None:
    channel = webhook(town, there)
    opens(town, "in_app")
    with town.runtime.writing(SERVICE) as unit:
        unit.db.execute(Channel.__table__.update().where(Channel.id == channel).values(sealed=b"damaged"))
    town.enterprise()
    delivers(town)
    assert [one.state for one in rows(town, Delivery)] == ["given_up", "delivered"]
    assert [one.outcome for one in rows(town, Attempt)] == ["sealed", "delivered"]


def test_many_workers_at_once_send_everything_once(town: Town, there: Receiver) -> None:
    """Each has a channel for itself while its message is under way."""
    for number in range(6):
        opens(town, "webhook", there.address(f"/hook/{number}"), SECRET)
    for _ in range(4):
        for _ in range(3):
            town.enterprise()
        with ThreadPoolExecutor(4) as workers:
            handled = sum(workers.map(deliver, [town.runtime] * 4))
        assert handled == 6 * 3
    ids = [item["id"] for heard in there.taken for item in heard.json["items"]]
    assert len(ids) == len(set(ids)) == 6 * 4 * 3
    assert {(one.state, one.attempts) for one in rows(town, Delivery)} == {("delivered", 1)}


def test_a_server_proves_who_it_is_by_its_name_or_nothing_is_sent(
    town: Town, there: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line goes to the address that was judged; the certificate must still be for the name."""
    trusted = ssl.create_default_context(cafile=str(_certified(there, tmp_path, "localhost")))
    opens(town, "webhook", there.address("/hook").replace("http://127.0.0.1", "https://localhost"), SECRET)
    opens(town, "webhook", there.address("/hook").replace("http://", "https://"), SECRET)
    town.enterprise()
    delivers(town)
    assert [one.outcome for one in rows(town, Attempt)] == ["untrusted", "untrusted"] and there.heard == []
    monkeypatch.setattr("services.channels.http._trust", lambda: trusted)
    town.clock.advance(timedelta(minutes=1))
    delivers(town)
    outcomes = [(one.delivery_id, one.outcome) for one in rows(town, Attempt) if one.number == 2]
    assert outcomes == [(1, "delivered"), (2, "untrusted")], (
        "the second is asked by a name that it cannot prove"
    )
    assert [heard.headers["host"] for heard in there.taken] == [f"localhost:{there.port}"]


def _certified(there: Receiver, folder: Path, name: str) -> Path:
    """From now on the receiver speaks TLS, with a certificate that nobody but itself has signed; yields that."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "private.pem"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    there.speaks_tls(context)
    return certificate


def test_an_answer_that_cannot_be_written_is_raised_and_logged_for_each_channel(
    town: Town, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        webhook(town, there)
    town.enterprise()

    def fails(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken, capture_logs() as logs:
        broken.setattr("services.channels.deliver.write_answer", fails)
        with pytest.raises(ConnectionError):
            deliver(town.runtime)
    assert [(one["event"], one["channel"]) for one in logs] == [
        ("answer_not_written", 1),
        ("answer_not_written", 2),
    ]
    town.clock.advance(lease_of(QUICK))
    delivers(town)
    assert {one.state for one in rows(town, Delivery)} == {"delivered"}
