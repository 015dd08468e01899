"""Where messages may go: the hosts that the administrator of this machine has listed, and of the networks these lie in only such as
he has allowed. A channel cannot be pointed at the inside of the house (S12).

The host is looked up once, and the line is made to the very address that was judged, so that a name which changes its mind in between
(DNS rebinding) gains nothing.
"""

import socket
import ssl
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from services.channels.answer import Answer, Failed
from services.settings import Channels
from workflows.errors import Fault

_LONGEST = 400
_PORTS = {"https": 443, "http": 80}


def require_listed(settings: Channels, address: str) -> str:
    """The address may be asked, as far as can be said before its host is looked up; yields the host.

    Fault: `channel_address` when it is none, `channel_host` when its host is not listed, `channel_plain` without TLS."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Fault("channel_address", field="address") from None
    plain = address.isascii() and address.isprintable() and " " not in address and len(address) <= _LONGEST
    if (
        not (plain and host and parts.scheme in _PORTS)
        or parts.username
        or parts.password
        or parts.fragment
        or port == 0
    ):
        raise Fault("channel_address", field="address")
    if host not in settings.listed:
        raise Fault("channel_host", field="address", host=host)
    if parts.scheme == "http" and not (settings.loopback and is_loopback(host)):
        raise Fault("channel_plain", field="address")
    return host


def is_loopback(host: str) -> bool:
    """Is it this machine by its very name?"""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def may_be_reached(settings: Channels, host: str, found: IPv4Address | IPv6Address) -> bool:
    """May a line be made to this address, which `host` was found to have? Link-local ones, where clouds keep their secrets, never.

    >>> may_be_reached(Channels(), "a.example", ip_address("8.8.8.8"))
    True
    >>> [may_be_reached(Channels(), "a.example", ip_address(one)) for one in ("127.0.0.1", "10.0.0.1", "169.254.1.1", "::1")]
    [False, False, False, False]
    >>> may_be_reached(Channels(inside="a.example"), "a.example", ip_address("10.0.0.1"))
    True
    """
    if isinstance(found, IPv6Address):
        hidden = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if hidden is not None:
            return may_be_reached(settings, host, hidden)
    if found.is_loopback:
        return settings.loopback
    if found.is_link_local or found.is_multicast or found.is_unspecified:
        return False
    return found.is_global or (found.is_private and not found.is_reserved and host in settings.inside_hosts)


def find(settings: Channels, host: str, port: int) -> str:
    """An address of the host to which a line may be made; Failed where there is none."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise Failed(Answer("unnamed")) from None
    found = [str(row[4][0]).partition("%")[0] for row in rows]
    if not found or not all(may_be_reached(settings, host, ip_address(one)) for one in found):
        raise Failed(Answer("not_allowed", final=True))
    return found[0]


def is_untrusted(error: BaseException) -> bool:
    """Did the line fail because the other side could not prove who it is?"""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(seen):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
