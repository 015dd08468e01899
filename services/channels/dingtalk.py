"""A group robot of DingTalk (钉钉): its address holds its token, and the secret signs the moment.

https://open.dingtalk.com/document/robots/customize-robot-security-settings: HMAC-SHA256 over `timestamp\\nsecret`, base64, percent-encoded
once; 20 messages a minute; `errcode`.
"""

import hmac
from base64 import b64encode
from datetime import datetime
from urllib.parse import parse_qs, quote, urlsplit

from services.channels.answer import Answer
from services.channels.carrier import Target
from services.channels.http import ask
from services.channels.message import Message
from services.channels.reach import require_listed
from services.channels.robots import PACE, Codes
from services.settings import Channels
from workflows.errors import Fault
from workflows.words import Text

_CODES = Codes(("errcode",), frozenset({130101, 660026, 410100}), frozenset({300001, 310000, 400013, 400101}))


class DingTalk:
    label = Text("钉钉群机器人", "DingTalk group robot")
    pace = PACE

    def examined(self, settings: Channels, target: Target) -> str:
        host = require_listed(settings, target.address)
        if not parse_qs(urlsplit(target.address).query).get("access_token"):
            raise Fault("channel_robot_address", field="address", name="access_token")
        if not target.secret:
            raise Fault("channel_secret_missing", field="secret")
        return host

    def carry(self, settings: Channels, target: Target, message: Message, now: datetime) -> Answer:
        said = {"msgtype": "text", "text": {"content": message.text}}
        return _CODES.judged(ask(settings, signed(target, now), said, {}, now))


def signed(target: Target, now: datetime) -> str:
    """The address with the moment in milliseconds and its signature.

    >>> moment = datetime.fromisoformat("2026-03-02T01:00:00+00:00")
    >>> signed(Target("https://a.example/send?access_token=t", "SECx"), moment).partition("&timestamp=")[2]
    '1772413200000&sign=5KVRnrlRxysuVR8P4Y04lrKjXnjdJ55bUznXLMHhTPo%3D'
    """
    at = str(int(now.timestamp() * 1000))
    digest = hmac.digest(target.secret.encode(), f"{at}\n{target.secret}".encode(), "sha256")
    return f"{target.address}&timestamp={at}&sign={quote(b64encode(digest), safe='')}"
