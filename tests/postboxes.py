"""A mail server on loopback that takes letters, and misbehaves when it is told to."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Postbox:
    """The letters it has, and how the next one is treated: `ok`, or what is answered instead, or `hang`, or `cut`."""

    port: int = 0
    choose: Callable[[], str] = lambda: "ok"
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        way = self.choose()
        if way == "hang":
            await asyncio.sleep(30)
        if way == "cut":
            cast(Any, server).transport.abort()  # Any: asyncio's transport, which aiosmtpd does not type
            return "250 never heard"
        if way != "ok":
            return way
        letter = message_from_bytes(cast(bytes, envelope.content), policy=policy.default)
        self.letters.append(cast(EmailMessage, letter))
        self.recipients += envelope.rcpt_tos
        return "250 taken"


@contextmanager
def postbox() -> Iterator[Postbox]:
    """A mail server for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        box = Postbox(free.getsockname()[1])
    control = Controller(box, hostname="127.0.0.1", port=box.port)
    control.start()
    try:
        yield box
    finally:
        control.stop()
