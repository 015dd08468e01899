"""A request says what its endpoint asks for, each thing once and nothing beside: what two readers could take differently, or
one would overlook, is refused (RELIABILITY 4.9)."""

import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.types import Scope

from services.intake.wire import media_of
from workflows.errors import Fault
from workflows.plain import said_back

#: Headers that two readers may understand differently when they stand there twice.
_SINGLE = frozenset(
    {b"authorization", b"content-type", b"content-encoding", b"idempotency-key", b"host", b"cookie"}
)

MULTIPART = "multipart/form-data"

#: What each endpoint asks for, found once. `Any`: endpoints are functions of every kind.
_ASKED: dict[Callable[..., Any], tuple[frozenset[str], bool]] = {}


def said_once(scope: Scope) -> None:
    """No parameter and no header that counts stands there twice, and the body is not packed."""
    _no_repeat(name for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    headers = [
        name for name, _ in scope["headers"] if name in _SINGLE or name.startswith((b"ce-", b"webhook-"))
    ]
    _no_repeat(name.decode("latin-1") for name in headers)
    packed = next((value for name, value in scope["headers"] if name == b"content-encoding"), b"")
    if packed.strip().lower() not in (b"", b"identity"):
        raise Fault("media_type", field="Content-Encoding", want="identity")


async def nothing_else(request: Request) -> None:
    """A dependency: no parameter that the endpoint does not know, and no body where it takes none."""
    route = request.scope["route"]
    known, takes_body = _ASKED.get(route.endpoint) or _ASKED.setdefault(route.endpoint, _asked(route))
    for name in request.query_params:
        if name not in known:
            raise Fault(
                "parameter_bad",
                field=said_back(name),
                name=said_back(name),
                zh=f"没有这个参数；可用的有：{'、'.join(sorted(known))}",
                en=f"there is none of that name; known are: {', '.join(sorted(known))}",
            )
    if not takes_body and (await request.body()).strip() not in (b"", b"{}"):
        raise Fault("body_unasked", field="body")


@asynccontextmanager
async def form(
    request: Request,
    media: str,
    *known: str,
    like: re.Pattern[str] | None = None,
    many: str | None = None,
    fields: int = 0,
    files: int = 0,
    part_bytes: int = 4096,
) -> AsyncIterator[FormData]:
    """The form that was sent: of this media type, in UTF-8, every field one of those known, or named `like` this, and there once.

    Of those named `like` this there may be so many `fields`; the one that is named as `many` may stand there so often."""
    if media_of(request.headers.get("content-type", "")) != media:
        raise Fault("media_type", want=media)
    async with request.form(
        max_files=files, max_fields=len(known) + fields + 1, max_part_size=part_bytes
    ) as said:
        names = [name for name, _ in said.multi_items()]
        for name in names:
            if name not in (*known, many) and not (like and like.fullmatch(name)):
                raise Fault("field_unknown", field=said_back(name), name=said_back(name))
        _no_repeat(name for name in names if name != many)
        for name, value in said.multi_items():
            if isinstance(value, str) and ("\ufffd" in value or (media == MULTIPART and _is_misread(value))):
                raise Fault("encoding_bad", field=name)
        yield said


def _is_misread(value: str) -> bool:
    """Was it other bytes than UTF-8? The reader of parts then falls back to Latin-1, and no document is numbered in that."""
    try:
        return not value.isascii() and bool(value.encode("latin-1"))
    except UnicodeEncodeError:
        return False


def _no_repeat(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise Fault(
                "parameter_bad",
                field=said_back(name),
                name=said_back(name),
                zh="写了两次，请只保留一个",
                en="it stands there twice; keep one",
            )
        seen.add(name)


def _asked(route: APIRoute) -> tuple[frozenset[str], bool]:
    """The query parameters that a route declares (and `lang`, which all take), and whether it takes a body."""
    params = [one for one in get_flat_params(route.dependant) if isinstance(one.field_info, Query)]
    takes_body = route.body_field is not None or "requestBody" in (route.openapi_extra or {})
    return frozenset(param.alias for param in params) | {"lang"}, takes_body
