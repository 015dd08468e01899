"""The OpenAPI document says of every route which problems it may answer, and gives each a plain name."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.problems import MEDIA
from api.v1.schemas import Problem

_ANSWERS = {
    "400": "请求有误 / bad input",
    "401": "需要登录 / sign in",
    "403": "无权办理 / not permitted",
    "404": "没有找到 / not found, or outside your jurisdiction",
    "408": "超时 / too slow",
    "409": "已有变化或冲突 / stale or conflicting",
    "413": "内容过大 / too large",
    "415": "不支持的类型 / unsupported type",
    "422": "按规定不能办理 / refused, with the reason",
    "429": "过于频繁 / too many requests",
    "503": "暂不可用 / unavailable",
}


def operation_id(route: APIRoute) -> str:
    """The endpoint's own name."""
    return route.name


def with_problems(app: FastAPI) -> None:
    """`app.openapi()` describes problems as they are, in place of FastAPI's own validation errors."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _described(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    schemas: dict[str, Any] = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(shape.pop("$defs", {}))
    schemas["Problem"] = shape
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in found["paths"].items():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            if path.startswith("/api/"):
                for status, told in _ANSWERS.items():
                    operation["responses"][status] = {"description": told, "content": content}
    return found
