"""Letters and short messages: what the mail server and the gateway say is believed, and nothing else."""

import socket
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr, ValidationError
from standardwebhooks.webhooks import Webhook

from services.channels.answer import Failed
from services.channels.carrier import Target
from services.channels.kinds import KINDS
from services.channels.message import NOTICE, Item, Message
from services.settings import Channels
from tests.postboxes import Postbox, postbox
from tests.receivers import receiver

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECRET = "whsec_" + b64encode(b"g" * 32).decode()
MESSAGE = Message(
    7, (Item(7, NOTICE, "party_formed", "GJ-220204-2026-000001", "https://gj.example/cases/1"),)
)


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as made:
        yield made


def by(box: Postbox) -> Channels:
    return Channels(
        smtp_host="127.0.0.1", smtp_port=box.port, smtp_tls="off", smtp_sender="noreply@gj.example", seconds=1
    )


def outcome(act: Callable[[], object]) -> tuple[str, str, bool]:
    with pytest.raises(Failed) as failed:
        act()
    return failed.value.answer.outcome, failed.value.answer.code, failed.value.answer.final


def test_a_letter_says_the_kind_the_file_and_how_many_and_is_the_same_at_every_try(box: Postbox) -> None:
    for _ in range(2):
        assert KINDS["mail"].carry(by(box), Target("duty@union.example"), MESSAGE, NOW).outcome == "delivered"
    first, second = box.letters
    assert first["Message-ID"] == second["Message-ID"] == "<dlv_7@gj.example>"
    assert first["Subject"] == "【共建】1条消息" and first["Auto-Submitted"] == "auto-generated"
    assert box.recipients == ["duty@union.example"] * 2
    text = first.get_content()
    assert "党组织成立通报 GJ-220204-2026-000001 https://gj.example/cases/1" in text
    assert text.splitlines()[-1].startswith("Gongjian: 1 message")


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("451 later", ("rejected", "451", False)),
        ("550 no such box", ("rejected", "550", True)),
        ("hang", ("slow", "", False)),
        ("cut", ("cut", "", False)),
    ],
)
def test_a_letter_that_was_not_taken_has_not_gone(
    box: Postbox, way: str, told: tuple[str, str, bool]
) -> None:
    box.choose = lambda: way
    assert outcome(lambda: KINDS["mail"].carry(by(box), Target("duty@union.example"), MESSAGE, NOW)) == told
    assert box.letters == []


def test_no_mail_server_listens_or_none_is_set(box: Postbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    nowhere = by(box).model_copy(update={"smtp_port": port})
    assert (
        outcome(lambda: KINDS["mail"].carry(nowhere, Target("a@b.example"), MESSAGE, NOW))[0] == "unreachable"
    )
    assert outcome(lambda: KINDS["mail"].carry(Channels(), Target("a@b.example"), MESSAGE, NOW))[0] == "unset"


def test_the_gateway_is_asked_with_a_signature_and_believed_only_when_it_says_nought() -> None:
    with receiver() as there:
        chosen = Channels(
            loopback=True, seconds=1, sms_gateway=there.address("/sms"), sms_secret=SecretStr(SECRET)
        )
        sms = KINDS["sms"]
        assert sms.examined(chosen, Target("13800001234")) == "138****1234"
        assert sms.carry(chosen, Target("13800001234"), MESSAGE, NOW).outcome == "delivered"
        (heard,) = there.taken
        told = {"id": "dlv_7", "to": "13800001234", "text": "【共建】党组织成立通报，共1条，请登录系统查看。"}
        assert heard.json == told
        signed = Webhook(SECRET).sign("dlv_7", NOW, heard.body.decode())
        assert heard.headers["webhook-signature"] == signed
        there.choose = lambda heard: "code"
        answer = sms.carry(chosen, Target("13800001234"), MESSAGE, NOW + timedelta(seconds=1))
        assert (answer.outcome, answer.code) == ("rejected", "40001")


@pytest.mark.parametrize(
    "wrong",
    [
        {"sms_gateway": "https://sms.example/"},
        {"sms_secret": SECRET},
        {"sms_gateway": "http://sms.example/", "sms_secret": SECRET},
        {"sms_gateway": "https://sms.example/", "sms_secret": "short"},
        {"smtp_host": "mail.example", "smtp_tls": "off"},
        {"smtp_sender": "共建"},
        {"smtp_sender": "a@b\nBcc: c@d"},
        {"pages": "http://gj.example"},
        {"seconds": 0},
    ],
)
def test_settings_that_would_not_do_stop_the_start(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Channels.model_validate(wrong)


def test_a_message_of_many_names_ten_and_says_how_many_more() -> None:
    items = tuple(Item(key, NOTICE, "party_formed", f"GJ-220204-2026-{key:06d}") for key in range(1, 201))
    text = Message(1, items).text
    assert "贵单位有200条消息" in text and "另有190条" in text and text.count("GJ-") == 10
    with receiver() as there:
        chosen = Channels(hosts="127.0.0.1", loopback=True)
        linked = tuple(
            Item(one.id, one.about, one.kind, one.case, "https://gongjian.example.gov.cn/" + "x" * 300)
            for one in items
        )
        target = Target(there.address("/send?key=k"))
        assert KINDS["wecom"].carry(chosen, target, Message(1, linked), NOW).outcome == "delivered"
        said = there.taken[0].json["text"]["content"]
        assert said == "【共建】党组织成立通报，共200条，请登录系统查看。"
