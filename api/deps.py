"""What an endpoint needs, found once: the runtime, the actor behind the token, the body as strict
JSON, the id in the address."""

import math
import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ValidationError

from api.language import Language, language
from services.access.tokens import who_is
from services.actor import SERVICE, Actor
from services.intake import strict_json
from services.runtime import Runtime
from workflows.errors import Fault

Model = TypeVar("Model", bound=BaseModel)

_KEY = re.compile(r"[\x21-\x7e]{1,120}")

#: Describes the token to readers of the OpenAPI document; `actor` reads the header itself.
bearer = HTTPBearer(
    auto_error=False,
    description="POST /api/v1/tokens gives one; an office is given one by its administrator.",
)


def runtime_of(request: Request) -> Runtime:
    """The runtime that the application was started with."""
    found: Runtime = request.app.state.runtime
    return found


RuntimeDep = Annotated[Runtime, Depends(runtime_of)]


def actor(request: Request, runtime: RuntimeDep, _described: Annotated[object, Depends(bearer)]) -> Actor:
    """Whoever the bearer token stands for, looked up afresh each time, so that a closed account is out
    at once."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Fault("signed_out")
    with runtime.reading(SERVICE) as unit:
        return who_is(unit, token.strip())


ActorDep = Annotated[Actor, Depends(actor)]


def spoken(request: Request) -> Language:
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
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != "application/json":
            raise Fault("media_type", want="application/json")
        return fitted(model, strict_json.read(body))

    return read


def fitted(model: type[Model], said: Any) -> Model:
    """What was said in the model's shape. `Any`: JSON."""
    if not isinstance(said, dict):
        raise Fault(
            "value_bad", field="", name="JSON", zh="应为一个JSON对象", en="it must be one JSON object"
        )
    _keepable(said)
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


def idempotency_key(
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


def _keepable(value: object) -> None:
    """No NUL, no half character, no number without end: nothing that hashing or a database would
    stumble over."""
    match value:
        case dict():
            for name, inner in value.items():
                _keepable(name)
                _keepable(inner)
        case list():
            for inner in value:
                _keepable(inner)
        case str():
            if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
                raise Fault(
                    "value_bad",
                    name="JSON",
                    zh="含有不能使用的字符",
                    en="it holds characters that may not be used",
                )
        case float():
            if not math.isfinite(value):
                raise Fault("json_number")


def _fault(model: type[BaseModel], error: ValidationError) -> Fault:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "JSON"
    if first["type"] == "extra_forbidden":
        return Fault("field_unknown", field="", name="?" if not name.isprintable() else name[:60])
    if first["type"] == "missing":
        return Fault("field_missing", field=name, zh=name, en=name)
    return Fault("value_bad", field=name, name=name, zh="类型或长度不对", en="its type or length is wrong")
