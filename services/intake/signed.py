"""A message that an office with a key sends is its own: signed whole, and about the event whose id it bears."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.access.signatures import check_signature, require_own_id
from services.intake.envelope import Envelope
from services.intake.wire import BATCH, STRUCTURED, media_of
from services.runtime import Unit
from workflows.errors import Fault


def require_signatures(
    unit: Unit,
    offices: Iterable[Sequence[Any]],
    arrived: Sequence[Envelope],
    *,
    content_type: str,
    headers: Mapping[str, str],
    body: bytes,
    may_be_old: bool = False,
) -> None:
    """Each of these offices that was ever given a key has signed the message; else a Fault. Of each its keys (`keys_of`) are given.

    `may_be_old` is for a broker, which keeps messages until we are there: a replayed event is a duplicate by (source, id).
    A signature covers the body and not the headers, so an event may not be spread over both: structured, or a batch.
    `Any`: rows of the keys' columns.
    """
    media = media_of(content_type)
    for kept in offices:
        signed = check_signature(unit, kept, headers, body, may_be_old=may_be_old)
        if signed is None:
            continue
        if media not in (STRUCTURED, BATCH):
            raise Fault("media_type", want=f"{STRUCTURED}, {BATCH}")
        if media == STRUCTURED:
            require_own_id(signed, arrived[0].id)
