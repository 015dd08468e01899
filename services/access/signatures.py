"""Messages signed as Standard Webhooks says: by whom, when, and not a bit of it changed on the way.

The signature is over `webhook-id.webhook-timestamp.body`. `v1` is HMAC-SHA256 with a secret that both sides hold, `v1a`
Ed25519 with a key that only the office holds. https://github.com/standard-webhooks/standard-webhooks, spec version 1.
"""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import bindparam, select
from standardwebhooks.webhooks import Webhook

from services.access.sealed import opened, place
from services.db.models.directory import SigningKey
from services.runtime import Unit
from workflows.errors import Fault

ID, TIMESTAMP, SIGNATURE = HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
SHARED_SECRET, SECRET_KEY, PUBLIC_KEY = "whsec_", "whsk_", "whpk_"

#: A message signed longer ago, or in the future by more, is not believed (RELIABILITY S11). One that a broker kept may be old.
TOLERANCE = timedelta(seconds=300)
#: So many signatures may stand in one header: two keys being changed need two.
MOST = 8

_ASCII_WORD = re.compile(r"[\x21-\x7e]{1,2000}")
_SECONDS = re.compile(r"[0-9]{1,12}")

_KEYS = select(SigningKey.id, SigningKey.secret, SigningKey.public, SigningKey.retired_at).where(
    SigningKey.body_id == bindparam("office")
)


@dataclass(frozen=True, slots=True)
class Signed:
    """A message as it came: its bytes, and what its sender put beside them."""

    id: str
    timestamp: str
    signatures: tuple[str, ...]
    content: bytes

    @property
    def text(self) -> bytes:
        """What is signed."""
        return f"{self.id}.{self.timestamp}.".encode() + self.content


def keys_of(unit: Unit, office_id: int) -> Sequence[Any]:
    """Every key that the office was ever given, for `check_signature`. `Any`: rows of the key's columns."""
    return unit.db.execute(_KEYS, {"office": office_id}).all()


def check_signature(
    unit: Unit, kept: Sequence[Any], headers: Mapping[str, str], content: bytes, *, may_be_old: bool = False
) -> Signed | None:
    """The message, signed with a live one of these keys of an office (`Any`: as above); None where it was never given one.

    `may_be_old`: whoever brings it may have kept it for any time; that it is brought twice must do no harm.
    Fault: `signature_missing`, `signature_time`, `signature_bad`; those of `opened`."""
    if not kept:
        return None
    said = _read(headers, content, unit.now, may_be_old=may_be_old)
    for key in kept:
        if key.retired_at is None and _fits(unit, key, said):
            return said
    raise Fault("signature_bad", field=SIGNATURE)


def require_own_id(said: Signed, event_id: str) -> None:
    """What was signed as a message is this event, and no other; a Fault otherwise."""
    if unquote(said.id) != event_id:
        raise Fault("signature_id", field=ID)


def sign(key: str, message_id: str, at: datetime, content: bytes) -> dict[str, str]:
    """The three headers, for whoever sends. `key` is `whsec_…` (shared) or `whsk_…` (Ed25519).

    Fault `signing_key_bad` when it is neither. An id that a header cannot carry is percent-encoded."""
    seconds = str(int(at.timestamp()))
    unsigned = Signed(quote(message_id, safe="!#$&'()*+,/:;=?@[]{}|^`~<>"), seconds, (), content)
    material = key_material(key, SHARED_SECRET, SECRET_KEY)
    if key.startswith(SHARED_SECRET):
        signature = _v1(material, unsigned)
    else:
        private = Ed25519PrivateKey.from_private_bytes(material)
        signature = f"v1a,{b64encode(private.sign(unsigned.text)).decode()}"
    return {ID: unsigned.id, TIMESTAMP: seconds, SIGNATURE: signature}


def key_material(key: str, *prefixes: str) -> bytes:
    """The bytes of a key as it is written: one of the prefixes and base64. Fault: `signing_key_bad`."""
    prefix, _, encoded = key.strip().partition("_")
    try:
        material = b64decode(encoded, validate=True)
    except ValueError:
        material = b""
    shared = f"{prefix}_" == SHARED_SECRET
    if f"{prefix}_" not in prefixes or not (24 <= len(material) <= 64 if shared else len(material) == 32):
        raise Fault("signing_key_bad", field="key")
    return material


def _read(headers: Mapping[str, str], content: bytes, now: datetime, *, may_be_old: bool) -> Signed:
    found = {name: headers.get(name, "") for name in HEADERS}
    for name in HEADERS:
        if not found[name]:
            raise Fault("signature_missing", field=name)
    signatures = found[SIGNATURE].split(" ")
    if _ASCII_WORD.fullmatch(found[ID]) is None or len(signatures) > MOST:
        raise Fault("signature_bad", field=SIGNATURE)
    if _SECONDS.fullmatch(found[TIMESTAMP]) is None:
        raise Fault("signature_time", field=TIMESTAMP)
    ago, most = now.timestamp() - int(found[TIMESTAMP]), TOLERANCE.total_seconds()
    if ago < -most or (ago > most and not may_be_old):
        raise Fault("signature_time", field=TIMESTAMP)
    return Signed(found[ID], found[TIMESTAMP], tuple(signatures), content)


def _fits(unit: Unit, key: Any, said: Signed) -> bool:
    """`Any`: a row of the key's columns."""
    if key.public is not None:
        return any(_is_v1a(bytes(key.public), said, one) for one in said.signatures)
    secret = opened(unit.runtime.settings, bytes(key.secret), place(SigningKey.secret, key.id))
    right = _v1(secret, said).encode()
    return any(hmac.compare_digest(right, one.encode()) for one in said.signatures)


def _v1(secret: bytes, said: Signed) -> str:
    """As the library signs; compared as it is written, so that no second spelling of a signature passes."""
    moment = datetime.fromtimestamp(int(said.timestamp), UTC)
    try:
        return Webhook(secret).sign(said.id, moment, said.content.decode())
    except UnicodeDecodeError:
        raise Fault("encoding_bad") from None


def _is_v1a(public: bytes, said: Signed, given: str) -> bool:
    version, _, encoded = given.partition(",")
    try:
        signature = b64decode(encoded, validate=True)
        if version != "v1a" or b64encode(signature).decode() != encoded:
            return False
        Ed25519PublicKey.from_public_bytes(public).verify(signature, said.text)
    except (ValueError, InvalidSignature):
        return False
    return True
