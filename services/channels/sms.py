"""Short messages by the gateway that the machine's administrator has set. The channel holds the telephone of a post on duty.

The gateway is asked as Standard Webhooks says, so that it too can drop repeats, and answers an object: `code` 0 means that it took the
message. What a supplier of short messages understands, a gateway of the place translates.
"""

import json
import re
from datetime import datetime, timedelta

from services.access.signatures import sign
from services.channels.answer import Answer, Failed
from services.channels.carrier import Target, require_no_secret
from services.channels.http import send
from services.channels.message import Message
from services.channels.robots import Codes
from services.settings import Channels
from workflows.errors import Fault
from workflows.words import Text

_NUMBER = re.compile(r"\+?[0-9]{8,15}")
_CODES = Codes(("code",), frozenset({429}), frozenset({400, 401, 403}))


class Sms:
    label = Text("短信", "short message")
    pace = timedelta(seconds=3)

    def examined(self, settings: Channels, target: Target) -> str:
        if _NUMBER.fullmatch(target.address) is None:
            raise Fault("channel_number", field="address")
        require_no_secret(target)
        if settings.sms_gateway is None:
            raise Fault("channel_unset", field="kind")
        return f"{target.address[:3]}****{target.address[-4:]}"

    def carry(self, settings: Channels, target: Target, message: Message, now: datetime) -> Answer:
        if settings.sms_gateway is None or settings.sms_secret is None:
            raise Failed(Answer("unset"))
        said = {"id": message.key, "to": target.address, "text": message.brief}
        content = json.dumps(said, ensure_ascii=False).encode()
        headers = sign(settings.sms_secret.get_secret_value(), message.key, now, content)
        return _CODES.judged(send(settings, settings.sms_gateway, content, headers, now))
