"""Whether the broker answers, asked once and briefly."""

import os

from kombu import Connection

from services.doorbell.broker import broker_url, is_embedded
from services.settings import Settings

PATIENCE_SECONDS = 3


def answers(settings: Settings) -> bool:
    """Could a wake-up be handed over now? The embedded broker is a folder that must be ours to write in."""
    if is_embedded(settings):
        return os.access(settings.folder("broker"), os.R_OK | os.W_OK | os.X_OK)
    with Connection(broker_url(settings), connect_timeout=PATIENCE_SECONDS) as line:
        try:
            line.connect()
        except (*line.connection_errors, *line.channel_errors, OSError):
            return False
        return True
