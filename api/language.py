"""Which of the two languages the caller reads: what he says with ?lang=, else what he chose on the pages before, else what his
browser says, else Chinese."""

from http.cookies import CookieError, SimpleCookie
from typing import Literal
from urllib.parse import parse_qs

from starlette.types import Scope

Language = Literal["zh", "en"]

#: What the browser keeps of the choice.
CHOSEN = "gongjian_lang"


def language(scope: Scope) -> Language:
    """zh or en for this request."""
    chosen = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1]
    if chosen not in ("zh", "en"):
        chosen = _kept(scope)
    if chosen in ("zh", "en"):
        return "en" if chosen == "en" else "zh"
    said = next((value for name, value in scope.get("headers", ()) if name == b"accept-language"), b"")
    return preferred(said.decode("latin-1"))


def _kept(scope: Scope) -> str:
    cookie = next((value for name, value in scope.get("headers", ()) if name == b"cookie"), b"")
    if CHOSEN.encode() not in cookie:
        return ""
    try:
        found = SimpleCookie(cookie.decode("latin-1")).get(CHOSEN)
    except CookieError:
        return ""
    return found.value if found else ""


def preferred(accept: str) -> Language:
    """The better liked of the two; Chinese where neither is named.

    >>> preferred("en-GB,en;q=0.9,zh;q=0.3"), preferred("en;q=0.1, zh-CN"), preferred("fr"), preferred("")
    ('en', 'zh', 'zh', 'zh')
    """
    liked: dict[str, float] = {}
    for part in accept[:400].split(","):
        tag, _, weight = part.partition(";")
        name = tag.strip().lower().partition("-")[0]
        if name in ("zh", "en"):
            liked[name] = max(liked.get(name, 0.0), _weight(weight))
    return "en" if liked.get("en", 0.0) > liked.get("zh", 0.0) else "zh"


def _weight(said: str) -> float:
    name, _, value = said.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
