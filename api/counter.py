"""Events over the counter: who posts them is asked for, and what he posts kept, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from fastapi import Request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from api.deps import Bearer, address
from services.access.signatures import keys_of
from services.access.tokens import present, presented
from services.actor import SERVICE
from services.intake import wire
from services.intake.envelope import Envelope, check
from services.intake.receive import Receipt, receive
from services.intake.signed import require_signatures
from services.runtime import Runtime, Unit
from workflows.errors import Fault

#: Posts of one sender that are kept by one commit.
MOST = 32


@dataclass(slots=True, eq=False)
class Post:
    """One request: the events in it, and in the end their receipts, or why there are none."""

    bearer: Bearer
    body: bytes
    arrived: list[Envelope] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    error: Exception | None = None
    is_done: bool = False

    @property
    def request(self) -> Request:
        return self.bearer.request

    @property
    def media(self) -> str:
        return self.request.headers.get("content-type", "")

    @property
    def is_batch(self) -> bool:
        return wire.media_of(self.media) == wire.BATCH

    @property
    def sender(self) -> object:
        """Whose post is kept together with it: nobody's if it is a batch, which is a set by itself."""
        return self if self.is_batch else (self.bearer.token, address(self.request))

    def answer(self) -> list[Receipt]:
        """A receipt for each event; or what stood against it is raised."""
        if self.error is not None:
            raise self.error
        return self.receipts


def take_in(posts: Sequence[Post]) -> None:
    """Every post of this one sender is done. If they cannot be kept together, each is tried alone, so that one harms no other;
    but not while there is no database to be had."""
    try:
        _together(posts)
    except Exception as error:  # noqa: BLE001  # it is raised where the sender waits for his answer
        if len(posts) > 1 and not _is_gone(error):
            for post in posts:
                take_in([post])
        else:
            for post in posts:
                post.error = error
    for post in posts:
        post.is_done = True


def _together(posts: Sequence[Post]) -> None:
    first = posts[0]
    runtime: Runtime = first.request.app.state.runtime
    if runtime.database.is_sqlite:  # it has one pen, and nobody is handed it before we know him
        present(runtime, first.bearer.token)
    with runtime.writing(SERVICE, "intake") as unit:
        unit.actor = replace(presented(unit, first.bearer.token), address=address(first.request))
        keys = None
        for post in posts:
            post.error = None
            try:
                first.bearer.right.asked(post.request, unit.actor)
                keys = _keys(unit) if keys is None else keys
                _read(unit, post, keys)
            except Fault as fault:
                post.error = fault
        good = [post for post in posts if post.error is None]
        if good:
            unit.runtime.roster.refresh(unit.db)
            office = unit.runtime.roster.body(unit.actor.body_id)
            arrived = [one for post in good for one in post.arrived]
            receipts = iter(receive(unit, arrived, office=office, channel="http"))
            for post in good:
                post.receipts = list(islice(receipts, len(post.arrived)))


def _keys(unit: Unit) -> Sequence[Any]:
    """`Any`: rows of the keys' columns."""
    return () if unit.actor.body_id is None else keys_of(unit, unit.actor.body_id)


def _read(unit: Unit, post: Post, keys: Sequence[Any]) -> None:
    """The post's envelopes, checked and signed; in a batch the Fault of a malformed one names its place, counted from 0."""
    headers = dict(post.request.headers)
    post.arrived = []
    for index, one in enumerate(wire.read(post.body, post.media, headers)):
        try:
            post.arrived.append(check(one, today=unit.today))
        except Fault as fault:
            if post.is_batch:
                fault.field = f"[{index}].{fault.field}" if fault.field else f"[{index}]"
            raise
    require_signatures(unit, [keys], post.arrived, content_type=post.media, headers=headers, body=post.body)


def _is_gone(error: Exception) -> bool:
    """Is there no database to be had at the moment, for nobody?"""
    return isinstance(error, OperationalError | PoolExhausted)
