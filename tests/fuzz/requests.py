"""Requests that a schema cannot describe: right ones broken in one place, real ids in wrong hands, forms, headers and
addresses as no client of ours would send them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from tests.builders import registered
from tests.fuzz import words
from tests.fuzz.ground import ACCOUNTS, HANDS, Ground, multipart
from tests.fuzz.judge import CANARY
from tests.fuzz.pages import workplace
from tests.fuzz.wire import Sent

# Any below: JSON.

Headers = tuple[tuple[str, bytes], ...]
JSON: Headers = (("Content-Type", b"application/json"),)
KINDS = ("application/cloudevents+json", "application/cloudevents-batch+json", "application/json")

ODD_HEADERS = (
    ("Content-Type", b"text/plain"),
    ("Content-Type", b"application/json; charset=gb18030"),
    ("Content-Type", b"application/json, text/html"),
    ("Content-Type", b""),
    ("Content-Type", b"\xff\xfe"),
    ("Content-Encoding", b"gzip"),
    ("Accept-Language", b"en;q=nan, zh;q=1e999"),
    ("Accept-Language", b"\xe4\xb8\xad" * 20),
    ("Authorization", b"Bearer " + CANARY.encode()),
    ("Authorization", b"Basic Og=="),
    ("Authorization", b""),
    ("Range", b"bytes=abc"),
    ("Range", b"bytes=99999-"),
    ("Idempotency-Key", b"one two"),
    ("Idempotency-Key", b"\xff"),
    ("Idempotency-Key", b"x" * 121),
    ("Idempotency-Key", b"same"),
    ("X-Forwarded-For", b"127.0.0.1, " * 40),
    ("Cookie", b"gongjian_session=" + b"x" * 300),
    ("Cookie", b"\xff=\xff;;="),
    ("If-Match", b"*"),
    ("Host", b"elsewhere"),
    ("X-Long", b"x" * 17_000),
    ("ce-id", b"%ff"),
    ("Expect", b"100-continue-not"),
)


def requests(ground: Ground) -> st.SearchStrategy[Sent]:
    """One request. What stands in the pools is drawn by its place, for the pools change as we go."""
    return st.one_of(
        steps(ground),
        steps(ground),
        openings(ground),
        events(ground),
        binary_events(ground),
        questions(ground),
        work(ground),
        uploads(ground),
        signing_in(),
        pages(ground),
        workplace(ground),
        workplace(ground),
        astray(),
    )


def relatives(ground: Ground, sent: Sent, chance: Random) -> Iterator[Sent]:
    """The same request in other hands, with a header that is odd, and with a byte of it gone wrong on the way."""
    others = tuple(header for header in sent.headers if header[0] != "Authorization")
    yield replace(sent, headers=(*others, *ground.bearing(chance.choice(ACCOUNTS))))
    yield replace(sent, headers=(*sent.headers, chance.choice(ODD_HEADERS)))
    if sent.body:
        body = bytearray(sent.body)
        place = chance.randrange(len(body))
        body[place : place + chance.randrange(3)] = chance.choice(
            (b"", b"\x00", b'"', b"}", b"\xff", b"9", b"\\u202e")
        )
        yield replace(sent, body=bytes(body))
    else:
        yield replace(
            sent,
            path=sent.path
            + chance.choice(("/", "?", "%", "%00", "%ed%a0%80", "?cursor=-1", "/..", "?a=1&a=2", "//")),
        )


def one_of(draw: st.DrawFn, pool: Callable[[], Any]) -> Any:
    """One of what the pool holds now, or None."""
    place, held = draw(st.integers(0, 2**20)), pool()
    return held[place % len(held)] if held else None


@st.composite
def steps(draw: st.DrawFn, ground: Ground) -> Sent:
    """A step that is allowed, filled in by its examples and broken in one place; or one that is not allowed."""
    account, key, step = one_of(draw, lambda: ground.steps) or (
        HANDS[0],
        "1",
        {"step": "survey", "fields": {}, "evidence": []},
    )
    fields = {name: about["examples"][0] for name, about in step["fields"].get("properties", {}).items()}
    said: Any = {"fields": fields}
    if step["evidence"] or draw(st.booleans()):
        papers = ground.papers[account] or ["1"]
        said["evidence"] = (
            papers[:50]
            if draw(st.booleans())
            else draw(st.lists(st.sampled_from(papers) | words.ids, max_size=4))
        )
    if draw(st.integers(0, 3)) == 0:
        said["opinion"] = draw(words.text)
    if draw(st.integers(0, 3)) == 0:
        said["expected_revision"] = draw(words.number)
    match draw(st.integers(0, 7)):
        case 0 | 1 | 2:
            said["fields"] = draw(words.broken(fields))
        case 3:
            said = draw(words.broken(said))
        case 4:
            account = draw(st.sampled_from(ACCOUNTS))
        case 5:
            key = draw(words.ids)
    name = (
        step["step"]
        if draw(st.integers(0, 9))
        else draw(st.sampled_from(("close", "withdraw", "approve_result", CANARY, "a b")))
    )
    headers = (
        JSON
        if draw(st.integers(0, 5))
        else (*JSON, ("Idempotency-Key", draw(st.sampled_from((b"same", b"a", b"b")))))
    )
    path = f"/api/v1/proceedings/{quote(key, safe='%')}/steps/{quote(name)}"
    return Sent("POST", path, (*ground.bearing(account), *headers), draw(words.written(said)))


@st.composite
def openings(draw: st.DrawFn, ground: Ground) -> Sent:
    """Something that may be begun, broken in one place."""
    account, opening = one_of(draw, lambda: ground.openings) or (
        HANDS[0],
        {"procedure": "x", "opening": "y", "fields": {}},
    )
    fields = {name: about["examples"][0] for name, about in opening["fields"].get("properties", {}).items()}
    if "name" in fields:
        fields["name"] = draw(words.text)
    said: Any = {
        "fields": fields if draw(st.integers(0, 3)) == 0 else draw(words.broken(fields)),
        "evidence": ground.papers[account][:50],
    }
    account = account if draw(st.integers(0, 5)) else draw(st.sampled_from(ACCOUNTS))
    path = f"/api/v1/openings/{opening['procedure']}/{opening['opening'] if draw(st.integers(0, 9)) else quote(CANARY)}"
    return Sent("POST", path, (*ground.bearing(account), *JSON), draw(words.written(said)))


def event(number: int) -> Any:
    """A registration that is right."""
    return registered(number) | {"id": f"fuzz-{number}"}


@st.composite
def events(draw: st.DrawFn, ground: Ground) -> Sent:
    """An event or a batch: right, broken in one place, of another office, or of another fact."""

    def one() -> Any:
        said = event(draw(st.integers(1, 99_999)))
        if draw(st.booleans()):
            said["type"] = f"gongjian.registry.enterprise.{draw(st.sampled_from(FACTS))}.v1"
            said["data"] = draw(st.sampled_from(DATA)) | {"uscc": said["data"]["uscc"]}
        return draw(words.broken(said)) if draw(st.integers(0, 3)) else said

    batch = draw(st.integers(0, 4)) == 0
    said = [one() for _ in range(draw(st.integers(0, 4)))] if batch else one()
    media = KINDS[batch] if draw(st.integers(0, 7)) else draw(st.sampled_from(KINDS))
    account = f"registry.{220204}" if draw(st.integers(0, 5)) else draw(st.sampled_from(ACCOUNTS))
    headers = (*ground.bearing(account), ("Content-Type", media.encode()))
    return Sent("POST", "/api/v1/events", headers, draw(words.written(said)))


FACTS = (
    "prenotified",
    "changed",
    "suspended",
    "resumed",
    "deregistered",
    "revoked",
    "merged",
    "split",
    "reported",
    "nothing",
)
DATA: tuple[dict[str, Any], ...] = (
    {},
    {"effective_on": "2026-03-01", "reason": CANARY},
    {"name": "改名公司", "headcount": 12},
    {"into": None},
    {"into": ["91220204MA00000151", "91220204MA00000151"]},
    {"reference": "招-7", "name": "筹建中公司", "division": "220204102"},
)


@st.composite
def binary_events(draw: st.DrawFn, ground: Ground) -> Sent:
    """An event whose attributes are headers, one of them perhaps twice, unencoded or not one at all."""
    said = event(draw(st.integers(1, 99_999)))
    names = [name for name in ("specversion", "id", "source", "type", "time") if draw(st.integers(0, 9))]
    headers = [(f"ce-{name}", quote(str(said[name]), safe="/:+").encode()) for name in names]
    if draw(st.booleans()):
        name = draw(
            st.sampled_from(("id", "source", "data", "datacontenttype", "subject", "Extra", "x" * 70, "a_b"))
        )
        headers.append(
            (
                f"ce-{name}",
                draw(
                    st.sampled_from(
                        (b"%ff", b"%00", b"\xe4\xb8\xad", b"", b"7", quote(CANARY).encode(), b"x" * 500)
                    )
                ),
            )
        )
    body = draw(words.written(draw(words.broken(said["data"])) if draw(st.booleans()) else said["data"]))
    return Sent("POST", "/api/v1/events", (*ground.bearing("registry.220204"), *JSON, *headers), body)


LISTS = (
    "/api/v1/cases",
    "/api/v1/work-items",
    "/api/v1/notices",
    "/api/v1/openings",
    "/api/v1/cases/{}",
    "/api/v1/cases/{}/history",
    "/api/v1/events/%2Fregistry%2F220204/{}",
    "/api/v1/events/{}",
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/asyncapi.json",
)
ASKED = {
    "/api/v1/cases": ("uscc", "name", "division", "procedure", "state", "subject", "cursor"),
    "/api/v1/work-items": ("view", "status", "cursor"),
    "/api/v1/notices": ("box", "status", "cursor"),
    "/api/v1/cases/{}/history": ("as_of", "cursor"),
}
RIGHT = {
    "view": "waiting",
    "status": "done",
    "box": "out",
    "as_of": "2026-03-02",
    "division": "220204",
    "procedure": "lead",
    "name": "测试",
}


@st.composite
def questions(draw: st.DrawFn, ground: Ground) -> Sent:
    """A list or one thing, with parameters that fit and that do not."""
    path = draw(st.sampled_from(LISTS))
    names = ASKED.get(path, ())
    if not draw(st.integers(0, 5)):
        names = (*names, "lang", "divison", CANARY)
    if "{}" in path:
        real = one_of(draw, lambda: ground.ids.get("case", []))
        path = path.format(real if real and draw(st.integers(0, 2)) else quote(draw(words.ids), safe="%"))
    asked = (
        draw(st.lists(st.sampled_from(names), max_size=3, unique=draw(st.integers(0, 5)) > 0))
        if names
        else []
    )
    odd = words.ids | words.days | words.divisions | words.text
    values = [RIGHT.get(name, "1") if draw(st.booleans()) else draw(odd) for name in asked]
    said = "&".join(
        f"{quote(name)}={quote(_sayable(value), safe='%')}" for name, value in zip(asked, values, strict=True)
    )
    account = draw(st.sampled_from(ACCOUNTS))
    method = (
        "GET"
        if draw(st.integers(0, 9))
        else draw(st.sampled_from(("HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")))
    )
    return Sent(method, path + (f"?{said}" if said else ""), ground.bearing(account))


@st.composite
def work(draw: st.DrawFn, ground: Ground) -> Sent:
    """Work items and notices, taken in hand by whoever comes along."""
    kind, verbs = draw(
        st.sampled_from(
            (("item", ("claim", "release", "reassign", "urge")), ("notice", ("acknowledge", "answer")))
        )
    )
    real = one_of(draw, lambda: ground.ids.get(kind, []))
    key = real if real and draw(st.integers(0, 4)) else quote(draw(words.ids), safe="%")
    verb = draw(st.sampled_from(verbs))
    said: Any = {"reassign": {"account": draw(st.sampled_from(ACCOUNTS) | words.text)}}.get(verb)
    if verb == "answer":
        said = {
            "outcome": draw(st.sampled_from(("accept", "reject", "not_applicable")) | words.text),
            "reason": draw(words.text),
        }
    if said is not None and draw(st.integers(0, 2)) == 0:
        said = draw(words.broken(said))
    body = b"" if said is None else draw(words.written(said))
    if said is None and draw(st.integers(0, 4)) == 0:
        body = draw(words.written({"account": CANARY}))
    folder = {"item": "work-items", "notice": "notices"}[kind]
    return Sent(
        "POST",
        f"/api/v1/{folder}/{key}/{verb}",
        (*ground.bearing(draw(st.sampled_from(ACCOUNTS))), *JSON),
        body,
    )


@st.composite
def uploads(draw: st.DrawFn, ground: Ground) -> Sent:
    """A form with a field too many, twice, in another code or cut off."""
    parts: list[tuple[str, str | bytes, str | None]] = [
        ("kind", "union_application", None),
        ("file", "材料\n".encode(), "a.txt"),
    ]
    for _ in range(draw(st.integers(0, 2))):
        name = draw(st.sampled_from(("kind", "number", "issued_on", "file", "other", CANARY, "")))
        value: Any = draw(
            words.text | words.days | st.binary(max_size=30) | st.just("船工发〔2026〕1号".encode("gb18030"))
        )
        parts.insert(
            draw(st.integers(0, 2)),
            (
                name,
                value,
                draw(
                    st.none()
                    | st.sampled_from(("b.pdf", "..\\x.exe", "", "\u202efdp.txt", "x" * 400 + ".txt"))
                ),
            ),
        )
    body, media = multipart(parts)
    if draw(st.integers(0, 3)) == 0:
        body = body[: draw(st.integers(0, len(body)))]
    if draw(st.integers(0, 5)) == 0:
        media = draw(
            st.sampled_from(
                (
                    b"multipart/form-data",
                    b"multipart/form-data; boundary=",
                    b"multipart/form-data; boundary=other",
                    media + b"; charset=utf-16",
                    b"application/json",
                )
            )
        )
    account = f"union.{220204}" if draw(st.integers(0, 4)) else draw(st.sampled_from(ACCOUNTS))
    return Sent("POST", "/api/v1/documents", (*ground.bearing(account), ("Content-Type", media)), body)


@st.composite
def signing_in(draw: st.DrawFn) -> Sent:
    said = {"account": draw(st.just("nobody.here") | words.text), "password": draw(words.text)}
    return Sent("POST", "/api/v1/tokens", JSON, draw(words.written(draw(words.broken(said)))))


@st.composite
def pages(draw: st.DrawFn, ground: Ground) -> Sent:
    """The pages: their addresses, their forms, their files."""
    if draw(st.booleans()):
        said = "&".join(
            f"{draw(st.sampled_from(('account', 'password', 'account', 'x')))}={quote(_sayable(draw(words.text)), safe='%')}"
            for _ in range(draw(st.integers(0, 3)))
        )
        media = draw(
            st.sampled_from(
                (
                    b"application/x-www-form-urlencoded",
                    b"application/json",
                    b"multipart/form-data; boundary=x",
                )
            )
        )
        return Sent(
            "POST", draw(st.sampled_from(("/login", "/logout"))), (("Content-Type", media),), said.encode()
        )
    path = draw(
        st.sampled_from(
            (
                "/",
                "/cases",
                "/login",
                "/cases/1",
                f"/cases/{quote(CANARY)}",
                "/static/gongjian.css",
                "/static/../app.py",
                "/static/%2e%2e/x",
                "/static",
            )
        )
    )
    return Sent(
        "GET",
        path
        + draw(
            st.sampled_from(
                (
                    "",
                    "?cursor=x",
                    "?name=%00",
                    "?view=nothing",
                    f"?division={quote(CANARY)}",
                    "?name=a&name=b",
                )
            )
        ),
    )


@st.composite
def astray(draw: st.DrawFn) -> Sent:
    """Addresses and methods that do not exist."""
    path = "/" + "/".join(
        quote(_sayable(part), safe="%.")
        for part in draw(
            st.lists(st.sampled_from(("api", "v1", "cases", "..", "", ".")) | words.text, max_size=5)
        )
    )
    return Sent(
        draw(st.sampled_from(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND"))),
        path[:4000],
    )


def _sayable(value: str) -> str:
    """Half characters stand as their bytes would."""
    return (
        value
        if value.isascii()
        else value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        if "\ud800" in value
        else value
    )
