"""Pages from templates: escaped, without inline script or style, in the language of the reader."""

from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.language import CHOSEN, language
from api.web.assets import address_of
from api.web.chrome import KEYS, SIZE, keys, places, size
from api.web.lamps import cell_words, many
from services.access.permissions import permits
from services.directory.divisions import find
from services.runtime import Runtime
from workflows.subjects import SUBJECTS


def page(
    request: Request, template: str, *, status: int = 200, here: str | None = None, **shown: object
) -> HTMLResponse:
    """The page, with `t(zh, en)` and `say(text)` speaking the reader's language. `here` is where it can be read again, if not
    under the address that was asked for; what answers a form never can."""
    spoken = language(request.scope)
    runtime: Runtime = request.app.state.runtime

    def when(instant: str) -> str:
        return local_time(instant, runtime.settings.zone)

    def address(**changed: str) -> str:
        if request.method == "POST" or here not in (None, request.url.path):
            return f"{here or '/'}?{urlencode(changed)}"
        kept = {name: value for name, value in request.query_params.items() if name != "cursor"}
        return f"{quote(request.url.path)}?{urlencode(kept | changed)}"

    html = (
        _templates()
        .get_template(template)
        .render(
            language=spoken,
            t=lambda zh, en: zh if spoken == "zh" else en,
            say=lambda text: text[spoken],
            when=when,
            address=address,
            place=place_called,
            permits=permits,
            paper=lambda kind: runtime.law.evidence[kind].label.as_dict(),
            about=lambda subject: SUBJECTS[subject].label.as_dict(),
            body=lambda code: body_called(runtime, code),
            static=address_of,
            ways=lambda actor: places(actor, here or request.url.path),
            size=size(request),
            letter_keys=keys(request),
            **shown,
        )
    )
    answer = HTMLResponse(html, status, {"Content-Language": spoken, "Vary": "Accept-Language, Cookie"})
    choices = ((CHOSEN, "lang", spoken), (SIZE, "size", size(request)), (KEYS, "keys", keys(request)))
    for name, asked, chosen in choices:
        if asked in request.query_params:
            _keep_choice(request, answer, name, chosen)
    return answer


def _keep_choice(request: Request, answer: HTMLResponse, name: str, value: str) -> None:
    """The browser keeps it for a year. It is nobody's secret, and stands for nobody."""
    private = request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=365 * 86400, httponly=True, samesite="lax", secure=private)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("api.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"cell_words": cell_words, "many_words": many}
    return made


def local_time(instant: str, zone: ZoneInfo) -> str:
    """A moment as the pages say it."""
    return datetime.fromisoformat(instant).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def body_called(runtime: Runtime, code: str) -> str:
    """A body's name; its code while nobody has read the directory yet."""
    found = runtime.roster.by_code(code)
    return found.name if found else code


def place_called(code: str) -> str:
    """A division's name beside its code. `find` knows the present and the past."""
    division: Any = find(code)
    return f"{division.name} {code}" if division else code
