"""E-mail by the server that the machine's administrator has set (SMTP). `Message-ID` is the same at every try."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from threading import Timer

from services.channels.answer import DELIVERED, Answer, Failed
from services.channels.carrier import Target, require_no_secret
from services.channels.message import Message
from services.channels.reach import is_untrusted
from services.settings import Channels
from workflows.errors import Fault
from workflows.words import Text

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


class Mail:
    label = Text("电子邮件", "e-mail")
    pace = timedelta(seconds=1)

    def examined(self, settings: Channels, target: Target) -> str:
        if len(target.address) > 200 or _ADDRESS.fullmatch(target.address) is None:
            raise Fault("channel_mail", field="address")
        require_no_secret(target)
        if settings.smtp_host is None:
            raise Fault("channel_unset", field="kind")
        name, _, host = target.address.partition("@")
        return f"{name[:1]}***@{host}"[:120]

    def carry(self, settings: Channels, target: Target, message: Message, now: datetime) -> Answer:
        if settings.smtp_host is None:
            raise Failed(Answer("unset"))
        try:
            with _line(settings, settings.smtp_host) as line:
                if settings.smtp_user:
                    password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
                    line.login(settings.smtp_user, password)
                line.send_message(letter(settings, target, message, now))
        except smtplib.SMTPRecipientsRefused as refused:
            raise Failed(_judged(next(iter(refused.recipients.values()))[0])) from None
        except smtplib.SMTPResponseException as refused:
            raise Failed(_judged(refused.smtp_code)) from None
        except smtplib.SMTPServerDisconnected:
            raise Failed(Answer("cut")) from None
        except smtplib.SMTPException:
            raise Failed(Answer("unreadable")) from None
        except socket.gaierror:
            raise Failed(Answer("unnamed")) from None
        except TimeoutError:
            raise Failed(Answer("slow")) from None
        except OSError as error:
            raise Failed(Answer("untrusted" if is_untrusted(error) else "unreachable")) from None
        return Answer(DELIVERED, "250")


def letter(settings: Channels, target: Target, message: Message, now: datetime) -> EmailMessage:
    """What goes, with an entry for each joint meeting (RFC 6047). Nobody answers it, and no robot of the other side does either (RFC 3834)."""
    made = EmailMessage()
    made["From"] = settings.smtp_sender
    made["To"] = target.address
    made["Subject"] = message.subject
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{message.key}@{settings.smtp_sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message.text)
    for entry in (one.entry for one in message.items if one.entry is not None):
        method = "CANCEL" if b"\r\nMETHOD:CANCEL\r\n" in entry else "REQUEST"
        made.add_attachment(
            entry.decode(), subtype="calendar", params={"method": method}, filename="meeting.ics"
        )
    return made


def _judged(code: int) -> Answer:
    """4xx: later; 5xx: a person must look (RFC 5321 4.2.1)."""
    return Answer("rejected", str(code)[:20], final=code >= 500)


@contextmanager
def _line(settings: Channels, host: str) -> Iterator[smtplib.SMTP]:
    """A line to the server, cut when the time is over: the library's own limit begins anew with every byte."""
    seconds = settings.seconds
    if settings.smtp_tls == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(
            host, settings.smtp_port, timeout=seconds, context=ssl.create_default_context()
        )
    else:
        line = smtplib.SMTP(host, settings.smtp_port, timeout=seconds)
    over: list[bool] = []
    limit = Timer(seconds, _cut, (line, over))
    limit.daemon = True
    limit.start()
    try:
        if settings.smtp_tls == "starttls":
            line.starttls(context=ssl.create_default_context())
        yield line
        limit.cancel()
        line.close()  # no QUIT: the answer to the letter is all there is to know
    except (OSError, smtplib.SMTPException):
        if over:
            raise Failed(Answer("slow")) from None
        raise
    finally:
        limit.cancel()
        line.close()


def _cut(line: smtplib.SMTP, over: list[bool]) -> None:
    over.append(True)
    if line.sock is not None:
        try:
            line.sock.shutdown(socket.SHUT_RDWR)
        except OSError:  # it was closed a moment ago
            return
