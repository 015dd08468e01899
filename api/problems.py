"""Faults become RFC 9457 problem+json here, once. What the caller sent is never said back to him."""

import secrets
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.language import language
from api.refusals import written
from api.web.render import page
from services.intake.receive import Unavailable
from workflows.errors import CATALOGUE, Family, Fault
from workflows.words import Text

MEDIA = "application/problem+json"

STATUS: dict[Family, int] = {
    Family.BAD_INPUT: 400,
    Family.REFUSED: 422,
    Family.STALE: 409,
    Family.CONFLICT: 409,
    Family.UNAUTHENTICATED: 401,
    Family.NOT_YOURS: 403,
    Family.NOT_FOUND: 404,
    Family.TOO_LARGE: 413,
    Family.UNSUPPORTED: 415,
    Family.TOO_MANY: 429,
    Family.TOO_SLOW: 408,
    Family.UNAVAILABLE: 503,
    Family.BROKEN: 500,
}
TITLES: dict[Family, Text] = {
    Family.BAD_INPUT: Text("请求有误", "Bad request"),
    Family.REFUSED: Text("按规定不能办理", "Refused"),
    Family.STALE: Text("情况已有变化", "Stale"),
    Family.CONFLICT: Text("与已有记录冲突", "Conflict"),
    Family.UNAUTHENTICATED: Text("需要登录", "Sign in"),
    Family.NOT_YOURS: Text("无权办理", "Not permitted"),
    Family.NOT_FOUND: Text("没有找到", "Not found"),
    Family.TOO_LARGE: Text("内容过大", "Too large"),
    Family.UNSUPPORTED: Text("不支持的类型", "Unsupported type"),
    Family.TOO_MANY: Text("过于频繁", "Too many requests"),
    Family.TOO_SLOW: Text("超时", "Too slow"),
    Family.UNAVAILABLE: Text("暂不可用", "Unavailable"),
    Family.BROKEN: Text("内部错误", "Internal error"),
}
#: Seconds after which it is worth trying again.
_AGAIN = {"locked_out": 900, "urged_recently": 3600, "busy": 1, "database_down": 5}

#: A deadlock, a lost serialization, a lock or a statement that took too long: nothing was changed, try again.
_BUSY = frozenset({"40P01", "40001", "55P03", "57014"})
#: What PostgreSQL will not keep as text, as a number or at that length; the border should have caught it.
_UNKEPT = frozenset({"22P05", "22021", "22001", "22003", "22007", "22008"})

#: What may be a fault; `fault_of` says which.
FORESEEN: tuple[type[Exception], ...] = (
    Fault,
    Unavailable,
    PoolExhausted,
    DBAPIError,
    RequestValidationError,
)

_log = structlog.get_logger(__name__)


def problem(
    request: Request | Scope,
    code: str,
    text: Text,
    *,
    field: str | None = None,
    status: int | None = None,
    after: int | None = None,
) -> Response:
    """The answer to a fault: its status, the same sentence in both languages, and when to come again."""
    scope = request.scope if isinstance(request, Request) else request
    family = CATALOGUE[code][0]
    status = status or STATUS[family]
    spoken = language(scope)
    trace = scope.setdefault("state", {}).setdefault("trace", secrets.token_hex(8))
    body: dict[str, Any] = {
        "type": f"urn:gongjian:problem:{code}",
        "title": TITLES[family].as_dict()[spoken],
        "status": status,
        "detail": text.as_dict()[spoken],
        "code": code,
        "field": field,
        "message": text.as_dict(),
        "trace_id": trace,
    }
    headers: dict[str, str] = {"Content-Language": spoken}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers["Retry-After"] = str(after or _AGAIN.get(code, 5))
    if status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE):
        headers["Connection"] = "close"  # the rest of what was being sent is not wanted
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, status, headers, MEDIA)


def fault_of(error: Exception) -> Fault | None:
    """The fault that an exception stands for, or None: then something is broken."""
    match error:
        case Fault():
            return error
        case Unavailable() | PoolExhausted() | InterfaceError():
            return Fault("database_down")
        case DBAPIError():
            return _of_database(error)
        case RequestValidationError():
            return _of_parameter(error)
    return None


def install(app: FastAPI) -> None:
    """Every fault, every bad parameter and every unknown address is answered as a problem, or, by a route that has a way of
    its own to tell it, in that way."""

    def answer(request: Request, error: Exception) -> Response:
        fault = fault_of(error)
        if fault is None:
            raise error
        fault = written(request, fault)
        if fault.family in (Family.UNAVAILABLE, Family.BROKEN):
            _log.warning("unavailable", code=fault.code, error=type(error).__name__)
        told = getattr(request.scope.get("route"), "told", None)
        if told is not None:
            told_so: Response = told(request, fault)
            return told_so
        return problem(request, fault.code, fault.text, field=fault.field, after=fault.after)

    for kind in FORESEEN:
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(HTTPException, _unrouted)


class LastResort:
    """Whatever still goes wrong is logged under its number and answered with it; nothing of the
    request is told."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            fault = fault_of(error) or Fault("broken")
            answer = problem(scope, fault.code, fault.text, field=fault.field)
            if fault.code == "broken":
                _report(scope, error)
            if begun:
                raise
            await answer(scope, receive, send)


def _report(scope: Scope, error: Exception) -> None:
    """Where it broke, never with what: a message or a parameter may hold what somebody typed in."""
    trace, frame = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        frame, trace = f"{code.co_filename}:{trace.tb_lineno} {code.co_name}", trace.tb_next
    route = getattr(scope.get("route"), "path", None)
    _log.error("broken", trace=scope["state"]["trace"], route=route, error=type(error).__name__, at=frame)


def _unrouted(request: Request, error: Exception) -> Response:
    """Starlette's own answers: no such address, no such method, a form that cannot be read. Who came by a browser is told on a
    page that there is nothing here."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_FOUND):
        code = "not_found" if status == HTTPStatus.NOT_FOUND else "method"
        answer = problem(request, code, CATALOGUE[code][1], status=status)
        if "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/"):
            nothing = CATALOGUE["not_found"][1].as_dict()
            answer = page(request, "fault.html", status=status, fault=nothing, here="/", actor=None)
        allowed = (error.headers or {}).get("Allow") if isinstance(error, HTTPException) else None
        if allowed:
            answer.headers["Allow"] = allowed
        return answer
    if status == HTTPStatus.BAD_REQUEST:
        fault = Fault("parameter_bad", name="body", zh="内容无法读取", en="the content cannot be read")
        return problem(request, fault.code, fault.text, field="body")
    raise error


def _of_database(error: DBAPIError) -> Fault | None:
    state = getattr(error.orig, "sqlstate", None)
    if state in _BUSY or (state is None and "locked" in str(error.orig)):
        return Fault("busy")
    if state in _UNKEPT:
        return Fault("parameter_bad", name="?", zh="含有不能保存的内容", en="it holds what cannot be kept")
    if isinstance(error, IntegrityError):
        return Fault("revision_stale")
    if error.connection_invalidated or isinstance(error, OperationalError):
        return Fault("database_down")
    return None


def _of_parameter(error: RequestValidationError) -> Fault:
    """Only the name of a parameter that we declared ourselves is said back."""
    place = error.errors()[0].get("loc", ())
    name = str(place[1]) if len(place) > 1 and place[0] in ("query", "path", "header") else "body"
    return Fault("parameter_bad", field=name, name=name, zh="缺少或格式不对", en="it is missing or malformed")
