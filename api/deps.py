"""What an endpoint needs, found once: the runtime, the actor behind the token, the body as strict
JSON, the id in the address.

What does not wait for the database is `async`: it stays where it is asked, and no thread is sent for it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ValidationError

from api.language import Language, language
from api.rates import asks
from services.access.permissions import RIGHTS, require
from services.access.tokens import present
from services.actor import Actor
from services.intake import strict_json
from services.intake.shapes import what_is_wrong
from services.intake.wire import media_of
from services.runtime import Runtime
from workflows.errors import Fault
from workflows.plain import said_back

Model = TypeVar("Model", bound=BaseModel)

_KEY = re.compile(r"[\x21-\x7e]{1,120}")

#: Describes the token to readers of the OpenAPI document; `actor` reads the header itself.
bearer = HTTPBearer(
    auto_error=False,
    description="POST /api/v1/tokens gives one; an office is given one by its administrator.",
)


async def runtime_of(request: Request) -> Runtime:
    """The runtime that the application was started with."""
    found: Runtime = request.app.state.runtime
    return found


RuntimeDep = Annotated[Runtime, Depends(runtime_of)]


async def token_shown(request: Request) -> str:
    """The bearer token, or the Fault `signed_out`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Fault("signed_out")
    return token.strip()


TokenDep = Annotated[str, Depends(token_shown)]


def actor(
    request: Request, runtime: RuntimeDep, token: TokenDep, _described: Annotated[object, Depends(bearer)]
) -> Actor:
    """Whoever the bearer token stands for, looked up afresh each time, so that a closed account is out
    at once."""
    return replace(present(runtime, token), address=address(request))


ActorDep = Annotated[Actor, Depends(actor)]


def address(request: Request) -> str:
    """Where the caller comes from, as the server knows it."""
    return request.client.host if request.client is not None else ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A dependency: whoever holds the token, if the table of permissions marks the right for his kind of body.

    The request remembers who asked for what, so that a refusal further in is written down as that (api/refusals.py).
    """

    right: str

    def __post_init__(self) -> None:
        if self.right not in RIGHTS:
            raise ValueError(f"permissions.csv has no right {self.right!r}")

    async def __call__(self, request: Request, actor: ActorDep) -> Actor:
        return self.asked(request, actor)

    def asked(self, request: Request, actor: Actor) -> Actor:
        first = not hasattr(request.state, "asked")
        request.state.asked = (actor, self.right)
        if first:  # when it is tried again (api/again.py), nobody has asked again
            asks(request, actor)
        require(actor, self.right)
        return actor


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever bears the token, if he has the right: both are asked for where the work is done, in its own transaction."""

    request: Request
    token: str
    right: Allowed


class AllowedThen(Allowed):
    """The same as a dependency that asks nobody yet."""

    async def __call__(  # type: ignore[override]  # FastAPI goes by the signature
        self, request: Request, token: TokenDep, _described: Annotated[object, Depends(bearer)]
    ) -> Bearer:
        return Bearer(request, token, self)


def allowed(right: str) -> Any:
    """Every endpoint names its right so: `actor: Annotated[Actor, allowed("cases.read")]`. `Any`: FastAPI's own."""
    return Depends(Allowed(right))


def allowed_then(right: str) -> Any:
    """As `allowed`, for an endpoint that asks by itself: `bearer: Annotated[Bearer, allowed_then("events.send")]`. `Any`: as above."""
    return Depends(AllowedThen(right))


async def spoken(request: Request) -> Language:
    """The language the caller reads."""
    return language(request.scope)


LanguageDep = Annotated[Language, Depends(spoken)]


async def raw_body(request: Request) -> bytes:
    """The body as it came; `api.limits` has seen to its size."""
    return await request.body()


RawBody = Annotated[bytes, Depends(raw_body)]


def json_body(model: type[Model]) -> Callable[[Request, bytes], Model]:
    """A dependency: the body read strictly into `model`, or a Fault that names the field."""

    def read(request: Request, body: RawBody) -> Model:
        if media_of(request.headers.get("content-type", "")) != "application/json":
            raise Fault("media_type", want="application/json")
        return fitted(model, strict_json.read(body))

    return read


def fitted(model: type[Model], said: Any) -> Model:
    """What was said in the model's shape. `Any`: JSON."""
    if not isinstance(said, dict):
        raise Fault(
            "value_bad", field="", name="JSON", zh="应为一个JSON对象", en="it must be one JSON object"
        )
    try:
        return model.model_validate(said)
    except ValidationError as error:
        raise _fault(model, error) from None


def described(model: type[BaseModel]) -> dict[str, Any]:
    """The request body for the OpenAPI document, since it is read by hand. `Any`: JSON."""
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": model.model_json_schema()}},
        }
    }


async def idempotency_key(
    key: Annotated[
        str | None, Header(alias="Idempotency-Key", description="1 to 120 visible ASCII characters")
    ] = None,
) -> str | None:
    """The key under which a repeat of the same request gives the same answer."""
    if key is not None and _KEY.fullmatch(key) is None:
        raise Fault(
            "parameter_bad",
            field="Idempotency-Key",
            name="Idempotency-Key",
            zh="应为1至120个可见ASCII字符",
            en="it must be 1 to 120 visible ASCII characters",
        )
    return key


def _fault(model: type[BaseModel], error: ValidationError) -> Fault:
    first = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"]) or "JSON"
    if first["type"] == "extra_forbidden":
        return Fault("field_unknown", field=said_back(name), name=said_back(name))
    if first["type"] == "missing":
        return Fault("field_missing", field=name, zh=name, en=name)
    why = what_is_wrong(first)
    return Fault("value_bad", field=name, name=name, zh=why.zh, en=why.en)
