"""A body's own system over HTTP, signed as Standard Webhooks says. `webhook-id` is the message's, the same at every try, and each item
has an id of its own: a receiver that keeps them drops repeats."""

import json
from datetime import datetime, timedelta

from services.access.signatures import SECRET_KEY, SHARED_SECRET, key_material, sign
from services.channels.answer import Answer
from services.channels.carrier import Target
from services.channels.http import delivered, send
from services.channels.message import Message
from services.channels.reach import require_listed
from services.settings import Channels
from workflows.errors import Fault
from workflows.words import Text


class Webhook:
    label = Text("网络回调（Webhook）", "webhook")
    pace = timedelta(0)

    def examined(self, settings: Channels, target: Target) -> str:
        host = require_listed(settings, target.address)
        try:
            key_material(target.secret, SHARED_SECRET, SECRET_KEY)
        except Fault as fault:
            fault.field = "secret"
            raise
        return host

    def carry(self, settings: Channels, target: Target, message: Message, now: datetime) -> Answer:
        content = json.dumps(message.as_json(), ensure_ascii=False).encode()
        headers = sign(target.secret, message.key, now, content)
        return delivered(send(settings, target.address, content, headers, now))
