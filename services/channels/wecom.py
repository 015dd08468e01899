"""A group robot of WeCom (企业微信). Its address holds its key; there is no signature.

https://developer.work.weixin.qq.com/document/path/91770: text up to 2048 bytes, 20 messages a minute, `errcode`.
"""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from services.channels.answer import Answer
from services.channels.carrier import Target, require_no_secret
from services.channels.http import ask
from services.channels.message import Message
from services.channels.reach import require_listed
from services.channels.robots import PACE, Codes
from services.settings import Channels
from workflows.errors import Fault
from workflows.words import Text

MOST_BYTES = 2048

_CODES = Codes(("errcode",), frozenset({45009}), frozenset({93000, 93008, 40058}))


class WeCom:
    label = Text("企业微信群机器人", "WeCom group robot")
    pace = PACE

    def examined(self, settings: Channels, target: Target) -> str:
        host = require_listed(settings, target.address)
        if not parse_qs(urlsplit(target.address).query).get("key"):
            raise Fault("channel_robot_address", field="address", name="key")
        require_no_secret(target)
        return host

    def carry(self, settings: Channels, target: Target, message: Message, now: datetime) -> Answer:
        text = message.text
        if len(text.encode()) > MOST_BYTES:
            text = message.brief
        said = {"msgtype": "text", "text": {"content": text}}
        return _CODES.judged(ask(settings, target.address, said, {}, now))
