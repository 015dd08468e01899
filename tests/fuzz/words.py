"""Values as careless and hostile senders write them."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.judge import CANARY

# Any below: JSON.

HOSTILE = (
    *(
        "",
        " ",
        "\u3000",
        "a\x00b",
        "\x1b[31m",
        "a\u202eb",
        "a\u200bb",
        "\ufeff",
        "\ud800",
        "\U0010ffff",
        "e\u0301",
        "\u0958" * 60,
    ),
    *(
        "'; DROP TABLE cases; --",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "%00",
        "%s%n",
    ),
    *(
        "null",
        "true",
        "NaN",
        "0",
        "-1",
        "1e999",
        "9" * 30,
        "２０１９",
        "٢٢٠٢٠٤",
        "2019-W01-1",
        "0001-01-01",
        "9999-12-31",
    ),
    *("x" * 201, "越" * 2001, "\U00020000" * 101, "a\nb", "a\rb", "a\u2028b", "a\tb"),
)
text = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=30),
    st.text(max_size=12).map(lambda some: CANARY + some),
    st.just(CANARY),
)
number = st.one_of(
    st.sampled_from((0, -1, 1, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 10**30)),
    st.integers(),
    st.floats(),
)
scalar = st.one_of(st.none(), st.booleans(), number, text)
anything: st.SearchStrategy[Any] = st.recursive(
    scalar, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3), max_leaves=6
)
ids = st.one_of(
    st.integers(-2, 10**4).map(str),
    st.sampled_from(
        (
            "0",
            "00",
            "9223372036854775807",
            "9223372036854775808",
            "9" * 40,
            "1.0",
            "0x1",
            "１",
            "-",
            CANARY,
            "%00",
            "a/b",
        )
    ),
)
days = st.one_of(
    st.dates().map(str),
    st.sampled_from(
        (
            "2026-02-30",
            "20260302",
            "2026-W10-1",
            "2026-03-02T09:00:00Z",
            "9999-12-31",
            "0001-01-01T00:00:00+08:00",
            "24:00",
        )
    ),
)
divisions = st.sampled_from(
    (
        "220204",
        "220204102",
        "220202",
        "220204000000",
        "22",
        "999999",
        "２２０２０４",
        "22020a",
        "2202041020070",
        CANARY,
    )
)


@st.composite
def broken(draw: st.DrawFn, whole: Any) -> Any:
    """The same in all but one place: a value that does not fit, a name that is not there, something left out or beside."""
    said = json.loads(json.dumps(whole))
    places = list(_places(said))
    if not places:
        return draw(anything)
    holder, name = draw(st.sampled_from(places))
    match draw(st.integers(0, 5)):
        case 0:
            del holder[name]
        case 1 if isinstance(holder, dict):
            holder[draw(text)] = holder[name]
        case 2:
            holder[name] = [holder[name]]
        case 3 if isinstance(holder[name], str):
            holder[name] += draw(text)
        case _:
            holder[name] = draw(anything)
    return said


def _places(value: Any) -> Any:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield value, name
            yield from _places(inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield value, index
            yield from _places(inner)


@st.composite
def written(draw: st.DrawFn, value: Any) -> bytes:
    """The value as JSON, mostly; now and then as bytes that no careful sender would write."""
    body = json.dumps(value, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    match draw(st.integers(0, 70)):
        case 0:
            return body[: draw(st.integers(0, len(body)))]
        case 1:
            place = draw(st.integers(0, len(body)))
            return body[:place] + draw(st.binary(min_size=1, max_size=4)) + body[place:]
        case 2:
            return b"\xef\xbb\xbf" + body
        case 3:
            return body.replace(b"{", b'{"id": 1, "id": 2, ', 1)
        case 4:
            return body.replace(b":", b': NaN, "x":', 1)
        case 5:
            return b"[" * draw(st.integers(1, 3000)) + body
        case 6:
            return body.decode("utf-8", "replace").encode(
                draw(st.sampled_from(("gb18030", "utf-16", "utf-32"))), "replace"
            )
        case 7:
            return body.replace(b'"', b'"\\ud800', 1)
        case 8:
            return body + body
        case 9:
            return draw(st.binary(max_size=60))
        case 10:
            return b'{"a": ' + b"9" * draw(st.integers(20, 6000)) + b"}"
    return body
