"""The pages, asked by who is signed in: every address there is, with ids that exist and that do not, odd questions, and forms that no page
of ours would send."""

from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from api.web.session import SESSION
from tests.addresses import addresses
from tests.fuzz import words
from tests.fuzz.ground import ACCOUNTS, Ground, multipart
from tests.fuzz.wire import Sent

#: Every page and every form; not the stream, which does not end, nor the door, which is fuzzed by itself.
PAGES = tuple(
    sorted(
        (method, path)
        for method, path in addresses()
        if not path.startswith(("/api/", "/login", "/logout", "/live"))
        and path not in ("/healthz", "/readyz", "/metrics", "/asyncapi.json")
    )
)

#: What our forms and addresses name, and a few that none does.
FIELDS = (
    *("view", "status", "band", "procedure", "free", "cursor", "account", "act", "item", "name", "outcome", "reason"),
    *("key", "revision", "seen", "opinion", "password", "code", "from_on", "until_on", "division", "body", "kind", "on"),
    *("year", "public", "box", "done", "stands", "shown", "uscc", "lang", "size", "new_password", "actor", "result"),
    *("integer.headcount", "integer.applicants", "string.name", "string.reason", "boolean.agreed", "paper.union_application"),
    *("number.union_application", "file", "__proto__", "", "a[b]"),
)  # fmt: skip
SAID = st.sampled_from(
    ("", "1", "-1", "true", "unit", "mine", "overdue", "2026-03-02", "2027", "220204102", "union", "9" * 30)
)


@st.composite
def workplace(draw: st.DrawFn, ground: Ground) -> Sent:
    """One page or one form. What is sent comes from our own site, or from a page that says so badly."""
    method, path = draw(st.sampled_from(PAGES))
    real = [key for keys in ground.ids.values() for key in keys]
    while "{" in path:
        before, _, rest = path.partition("{")
        _, _, after = rest.partition("}")
        held = real and draw(st.integers(0, 3))
        word = (
            real[draw(st.integers(0, 2**20)) % len(real)]
            if held
            else quote(_plain(draw(words.text)), safe="")
        )
        path = before + (word or "x") + after
    session = ground.sessions[draw(st.sampled_from(ACCOUNTS))]
    headers: list[tuple[str, bytes]] = [("Cookie", f"{SESSION}={session}".encode())]
    said = [
        (draw(st.sampled_from(FIELDS)), _plain(draw(SAID | words.text)))
        for _ in range(draw(st.integers(0, 5)))
    ]
    if method == "GET":
        return Sent(method, f"{path}?{urlencode(said)}"[:4000].rstrip("?"), tuple(headers))
    site = draw(st.sampled_from((b"same-origin", b"same-origin", b"same-origin", b"cross-site", b"")))
    headers += [("Sec-Fetch-Site", site)] if site else []
    if draw(st.booleans()):
        headers.append(("Content-Type", b"application/x-www-form-urlencoded"))
        return Sent(method, path, tuple(headers), urlencode(said).encode())
    parts = [
        (name, value, "名单.csv" if name in ("file", "paper.union_application") else None)
        for name, value in said
    ]
    body, media = multipart(parts)
    return Sent(method, path, (*headers, ("Content-Type", media)), body)


def _plain(value: str) -> str:
    """Half characters cannot be written in a form at all."""
    return value.encode("utf-8", "replace").decode()
