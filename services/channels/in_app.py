"""Inside these pages: the delivery is its own message, and stands with the notices of the body."""

from datetime import datetime, timedelta

from services.channels.answer import DELIVERED, Answer
from services.channels.carrier import Target, require_no_secret
from services.channels.message import Message
from services.settings import Channels
from workflows.errors import Fault
from workflows.words import Text


class InApp:
    """Nothing leaves."""

    label = Text("站内消息", "inside these pages")
    pace = timedelta(0)

    def examined(self, settings: Channels, target: Target) -> str:
        if target.address:
            raise Fault("channel_address_needless", field="address")
        require_no_secret(target)
        return ""

    def carry(self, settings: Channels, target: Target, message: Message, now: datetime) -> Answer:
        return Answer(DELIVERED)
