"""The whitelist of what leaves over a channel: whatever stands in a file, no message and no line of the log holds anything but the kind, the
file's number and link, and how many (CONDUCT.md 5.3)."""

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import select
from structlog.testing import capture_logs

from services.actor import SERVICE
from services.channels.answer import OUTCOMES
from services.channels.deliver import deliver
from services.channels.keep import Wanted, add, tried
from services.channels.kinds import KINDS
from services.clock import SettableClock
from services.db.models.channel import Delivery
from services.db.models.mail import Notice
from services.runtime import Runtime
from services.settings import Channels
from tests.builders import BEGAN, COUNTY, TOWN, Town, found
from tests.postboxes import Postbox, postbox
from tests.receivers import WAYS, Receiver, receiver
from workflows.notices import NOTICES

PARTY, UNION, ADMIN = f"party.{TOWN}", f"union.{TOWN}", f"admin.{COUNTY}"
SECRET = "whsec_" + b64encode(b"w" * 32).decode()
PAGES = "https://gj.example"

CASE, LINK = r"GJ-\d{6}-\d{4}-\d{6,}", re.escape(PAGES) + r"/cases/\d+"
LABELS = [one.zh for one in NOTICES.values()] + ["催办：有待办事项被催办", "测试消息，无需办理"]
LABEL = "(?:" + "|".join(map(re.escape, LABELS)) + ")"
ENGLISH = [one.en for one in NOTICES.values()] + ["A work item is urged", "A trial; nothing is to be done"]
#: Each line of what people read is one of these, and nothing else.
LINE = re.compile(
    rf"【共建】贵单位有\d+条消息，请登录系统查看：|· {LABEL}(?: {CASE})?(?: {LINK})?|· 另有\d+条"
    r"|Gongjian: \d+ message\(s\) for your body; sign in to read them\."
)
BRIEF = re.compile(rf"【共建】{LABEL}(?:、{LABEL})?等?，共\d+条，请登录系统查看。")
HEADERS = {
    "host", "content-type", "content-length", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature",
}  # fmt: skip
#: What a line of the log may say, and how it looks.
LOGGED: dict[str, str] = {
    "event": "message_sent|delivery_given_up|carrier_failed|channel_sealed",
    "log_level": "info|error|warning",
    "channel": r"\d+",
    "message": r"dlv_\d+",
    "deliveries": r"\d+",
    "outcome": "|".join(OUTCOMES),
    "code": r"\d{0,20}|[A-Za-z]{1,20}",
    "kind": "|".join(KINDS),
    "error": "[A-Za-z]+",
}

#: What a clerk or an office could write: names, sentences, markup, and what looks like a person's number.
WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")), min_size=2, max_size=30
)
SECRETS = st.one_of(
    WORDS,
    st.from_regex(r"1[3-9]\d{9}", fullmatch=True),
    st.from_regex(r"欧阳\w{1,2}有限公司", fullmatch=True),
)


def is_whitelisted_json(said: Any) -> None:
    """`Any`: JSON."""
    assert set(said) == {"type", "count", "items"} and said["type"] == "gongjian.told.v1"
    assert said["count"] == len(said["items"])
    for item in said["items"]:
        assert set(item) == {"id", "about", "kind", "label", "case", "link"}
        assert re.fullmatch(r"dlv_\d+", item["id"]) and item["about"] in ("notice", "urge", "trial")
        assert item["kind"] in (*NOTICES, "")
        assert (
            set(item["label"]) == {"zh", "en"}
            and item["label"]["zh"] in LABELS
            and item["label"]["en"] in ENGLISH
        )
        assert item["case"] is None or re.fullmatch(CASE, item["case"])
        assert item["link"] is None or re.fullmatch(LINK, item["link"])


def is_whitelisted_text(text: str) -> None:
    for line in text.strip().splitlines():
        assert LINE.fullmatch(line) or BRIEF.fullmatch(line), line


def check_everything(there: Receiver, box: Postbox, logs: list[Any]) -> int:
    """All that left, and all that was logged; yields how many messages that were. `Any`: lines of the log."""
    for _, heard in there.heard:
        assert set(heard.headers) <= HEADERS
        said, path = heard.json, heard.path.partition("?")[0]
        match path:
            case "/hook":
                is_whitelisted_json(said)
            case "/wecom" | "/dingtalk":
                assert set(said) == {"msgtype", "text"} and set(said["text"]) == {"content"}
                is_whitelisted_text(said["text"]["content"])
            case "/hook/t":
                assert set(said) == {"timestamp", "sign", "msg_type", "content"} and set(said["content"]) == {
                    "text"
                }
                is_whitelisted_text(said["content"]["text"])
            case "/sms":
                assert set(said) == {"id", "to", "text"} and said["to"] == "13800001234"
                assert BRIEF.fullmatch(said["text"]), said["text"]
            case _:
                raise AssertionError(path)
    for letter in box.letters:
        assert set(letter.keys()) <= {
            "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "MIME-Version",
            "Content-Transfer-Encoding", "X-Peer", "X-MailFrom", "X-RcptTo",
        }  # fmt: skip
        assert re.fullmatch(r"【共建】\d+条消息", letter["Subject"])
        is_whitelisted_text(letter.get_content())
    for line in logs:
        assert set(line) <= set(LOGGED), line
        for name, value in line.items():
            assert re.fullmatch(LOGGED[name], str(value)), line
    return len(there.heard) + len(box.letters)


def test_nothing_but_the_whitelist_leaves_or_is_logged(
    make_runtime: Callable[..., Runtime], capsys: pytest.CaptureFixture[str]
) -> None:
    clock = SettableClock(BEGAN)
    runtime = make_runtime(clock=clock)
    with receiver() as there, postbox() as box:
        chosen = Channels(
            hosts="127.0.0.1", loopback=True, seconds=1, tries=3, wait_seconds=1, pages=PAGES,
            smtp_host="127.0.0.1", smtp_port=box.port, smtp_tls="off",
            sms_gateway=there.address("/sms"), sms_secret=SecretStr(SECRET),
        )  # fmt: skip
        runtime.settings = runtime.settings.model_copy(update={"channels": chosen})
        found(runtime)
        town = Town(runtime, clock)
        with runtime.writing(town.hands.actor(ADMIN)) as unit:
            for kind, address, secret in (
                ("webhook", there.address("/hook"), SECRET),
                ("wecom", there.address("/wecom?key=k"), ""),
                ("dingtalk", there.address("/dingtalk?access_token=t"), "s"),
                ("feishu", there.address("/hook/t"), "s"),
                ("mail", "duty@party.example", ""),
                ("sms", "13800001234", ""),
                ("in_app", "", ""),
            ):
                trial = add(unit, Wanted(PARTY, kind, address, secret))
        messages = 0
        quick = tuple(way for way in WAYS if way not in ("hang", "drip"))

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        @given(name=SECRETS, address=SECRETS, industry=SECRETS, way=st.sampled_from(quick))
        def lives(name: str, address: str, industry: str, way: str) -> None:
            nonlocal messages
            there.heard.clear()
            box.letters.clear()
            there.choose = lambda heard: way
            with capture_logs() as logs:
                town.enterprise(name=name, address=address, industry=industry)
                with runtime.writing(
                    SERVICE
                ) as unit:  # what no whitelist would let through, were it looked at
                    unit.db.execute(
                        Notice.__table__.update().values(payload={"name": name, "secret": address})
                    )
                deliver(runtime)
                there.choose = lambda heard: "ok"
                clock.advance(timedelta(minutes=2))
                while deliver(runtime):
                    clock.advance(timedelta(minutes=2))
                tried(runtime, town.hands.actor(ADMIN), trial)
            messages += check_everything(there, box, logs)

        lives()
        with runtime.reading(SERVICE) as unit:
            told = unit.db.execute(select(Delivery.id)).all()
    assert messages > 100 and len(told) > 50
    with capsys.disabled():
        print(f"\n{messages} messages about {len(told)} deliveries: nothing outside the whitelist")


@pytest.mark.parametrize(
    "wrong",
    [
        "· 新设企业通报 甲公司",
        "【共建】甲公司",
        "GJ-220204-2026-000001 欧阳",
        "· 新设企业通报 GJ-220204-2026-000001 https://evil.example/",
    ],
)
def test_the_whitelist_sees_what_does_not_belong(wrong: str) -> None:
    with pytest.raises(AssertionError):
        is_whitelisted_text(wrong)
