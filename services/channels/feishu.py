"""A group robot of Feishu (飞书): its address ends in its token, and the secret signs the moment.

https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: HMAC-SHA256 of nothing under `timestamp\\nsecret`, base64; `code`, in
older answers `StatusCode`.
"""

import hmac
from base64 import b64encode
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from services.channels.answer import Answer
from services.channels.carrier import Target
from services.channels.http import ask
from services.channels.message import Message
from services.channels.reach import require_listed
from services.channels.robots import PACE, Codes
from services.settings import Channels
from workflows.errors import Fault
from workflows.words import Text

_CODES = Codes(
    ("code", "StatusCode"), frozenset({9499, 11232, 11247}), frozenset({19001, 19021, 19022, 19024})
)


class Feishu:
    label = Text("飞书群机器人", "Feishu group robot")
    pace = PACE

    def examined(self, settings: Channels, target: Target) -> str:
        host = require_listed(settings, target.address)
        if "/hook/" not in urlsplit(target.address).path:
            raise Fault("channel_robot_address", field="address", name="/hook/…")
        if not target.secret:
            raise Fault("channel_secret_missing", field="secret")
        return host

    def carry(self, settings: Channels, target: Target, message: Message, now: datetime) -> Answer:
        said = {"msg_type": "text", "content": {"text": message.text}}
        return _CODES.judged(ask(settings, target.address, signed(target, now) | said, {}, now))


def signed(target: Target, now: datetime) -> dict[str, Any]:
    """The moment in seconds and its signature, as they stand in the body. `Any`: JSON.

    >>> signed(Target("https://a.example/hook/t", "x"), datetime.fromisoformat("2026-03-02T01:00:00+00:00"))
    {'timestamp': '1772413200', 'sign': 'SJYQqwEkQ731tNh3AexWDOgKHqM+i16fJCAjnNzwcpQ='}
    """
    at = str(int(now.timestamp()))
    digest = hmac.digest(f"{at}\n{target.secret}".encode(), b"", "sha256")
    return {"timestamp": at, "sign": b64encode(digest).decode()}
