"""Every address of the counter, with the rights that it names: what the tests of permissions and of scope walk through."""

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from api.app import app
from api.deps import Allowed

#: (method, path template) and the rights; nothing that Starlette serves by itself (static files, /openapi.json).
Addresses = dict[tuple[str, str], frozenset[str]]


def addresses() -> Addresses:
    """The endpoints and pages; `api.app` holds no others."""
    return {
        (method, context.original_route.path): frozenset(_rights(context.original_route.dependant))
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
        for method in context.original_route.methods or ()
    }


def _rights(dependant: Dependant) -> Iterator[str]:
    """Those that an endpoint names itself, or through what it depends on."""
    if isinstance(dependant.call, Allowed):
        yield dependant.call.right
    for inner in dependant.dependencies:
        yield from _rights(inner)
