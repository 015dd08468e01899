"""The pages of the channels: an administrator adds one, tries it, sees what was given up and has it sent again; the body's people see how
their notices went."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from services.channels.deliver import deliver
from services.settings import Channels
from tests.builders import COUNTY, OTHER_COUNTY, TOWN, Counter
from tests.receivers import Receiver, receiver

ADMIN, PARTY = f"admin.{COUNTY}", f"party.{TOWN}"
SECRET = "whsec_" + "a2tr" * 11


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def desk(counter: Counter) -> Counter:
    """A counter whose channels may lead to this machine."""
    runtime = counter.town.runtime
    chosen = Channels(hosts="127.0.0.1", loopback=True, seconds=1, tries=2, wait_seconds=10)
    runtime.settings = runtime.settings.model_copy(update={"channels": chosen})
    return counter


def page(counter: Counter, who: str, path: str, language: str = "zh") -> str:
    counter.client.cookies.set("gongjian_session", counter.town.session(who))
    answer = counter.client.get(path, params={"lang": language})
    assert answer.status_code == 200, answer.text
    return answer.text


def presses(counter: Counter, who: str, path: str, status: int = 303, **said: str) -> str:
    """What came back: the page, or the address of the next one."""
    counter.client.cookies.set("gongjian_session", counter.town.session(who))
    answer = counter.client.post(path, data=said)
    assert answer.status_code == status, answer.text
    return answer.headers.get("location", answer.text)


def added(counter: Counter, there: Receiver, **more: str) -> str:
    said = {
        "body": PARTY,
        "kind": "webhook",
        "address": there.address("/hook?token=undisclosed"),
        "secret": SECRET,
    }
    return presses(counter, ADMIN, "/admin/channels", **said | more)


def test_a_channel_is_added_tried_and_its_answer_told_in_plain_words(desk: Counter, there: Receiver) -> None:
    one = added(desk, there)
    assert "✓ 启用" in page(desk, ADMIN, one)
    assert "试发结果：对方已收下。" in presses(desk, ADMIN, f"{one}/test", 200)
    there.choose = lambda heard: "redirect"
    assert "对方要求转到别的地址（307）" in presses(desk, ADMIN, f"{one}/test", 200)
    everything = page(desk, ADMIN, one) + page(desk, ADMIN, "/admin/channels")
    assert "127.0.0.1" in everything and "undisclosed" not in everything and "whsec_" not in everything
    english = page(desk, ADMIN, one, "en")
    assert "The other side took it." in english and "points elsewhere (307)" in english


def test_what_was_given_up_alerts_the_administrator_and_the_body_and_is_sent_again(
    desk: Counter, there: Receiver
) -> None:
    one = added(desk, there)
    there.choose = lambda heard: "error_after"
    desk.town.enterprise()
    for _ in range(2):
        assert deliver(desk.town.runtime) == 1
        desk.town.clock.advance(timedelta(hours=1))
    assert "有消息多次发送未成，等待处理：1" in page(desk, ADMIN, "/admin/channels")
    assert "有消息多次发送未成，等待处理：1" in page(desk, ADMIN, "/")
    box = page(desk, PARTY, "/notices")
    assert "没能经通知渠道送到，请联系管理员处理：1" in box
    assert "网络回调（Webhook）：未送达 对方服务器答复错误（500）" in box
    given_up = page(desk, ADMIN, f"{one}?state=given_up")
    assert given_up.count("对方服务器答复错误（500）") == 2 and "测试1号有限公司" not in given_up
    there.choose = lambda heard: "ok"
    presses(desk, ADMIN, f"{one}/1/retry")
    assert deliver(desk.town.runtime) == 1
    assert "网络回调（Webhook）：已送达" in page(desk, PARTY, "/notices")
    assert "等待处理" not in page(desk, ADMIN, "/admin/channels")
    assert "这条消息的状态已经变化" in presses(desk, ADMIN, f"{one}/1/drop", 409)


def test_a_channel_is_switched_off_and_on(desk: Counter, there: Receiver) -> None:
    one = added(desk, there)
    presses(desk, ADMIN, f"{one}/off")
    assert "○ 已停用" in page(desk, ADMIN, one)
    assert "已经停用" in presses(desk, ADMIN, f"{one}/test", 409)
    presses(desk, ADMIN, f"{one}/on")
    assert "✓ 启用" in page(desk, ADMIN, one)


def test_a_bad_address_is_refused_beside_the_form_and_a_secret_does_not_come_back(
    desk: Counter, there: Receiver
) -> None:
    said = {"body": PARTY, "kind": "dingtalk", "address": "https://evil.example/?access_token=undisclosed"}
    answer = presses(desk, ADMIN, "/admin/channels", 400, secret="SEC-undisclosed", **said)
    assert "主机“evil.example”不在允许清单内" in answer and "hidden" not in answer.replace(
        "visually-hidden", ""
    )
    assert f'value="{PARTY}"' in answer


def test_the_administrator_of_another_county_and_the_body_itself_do_not_keep_it(
    desk: Counter, there: Receiver
) -> None:
    one = added(desk, there)
    for who in (PARTY, f"security.{COUNTY}", f"auditor.{COUNTY}", f"union.{OTHER_COUNTY}"):
        presses(desk, who, f"{one}/off", 403)
    assert "✓ 启用" in page(desk, ADMIN, one)


def test_a_stranger_who_names_no_channel_is_told_so(desk: Counter) -> None:
    presses(desk, ADMIN, "/admin/channels/77/off", 404)
    presses(desk, ADMIN, "/admin/channels/x/test", 404)
