"""Whatever is sent: never 5xx, every refusal is a good one (see the judge), and the house is in order afterwards.

A few hundred requests in every run; `GONGJIAN_FUZZ=100000 make fuzz` sends so many and prints what was answered.
"""

import json
import os
from itertools import count
from random import Random

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from requests import Request
from schemathesis import GenerationMode

from api.app import create_app
from services.invariants import Books
from tests.builders import Town
from tests.fuzz.ground import ACCOUNTS, Ground
from tests.fuzz.requests import relatives, requests
from tests.fuzz.wire import Sent

CASES = int(os.environ.get("GONGJIAN_FUZZ", "600"))
SEED = int(os.environ.get("GONGJIAN_FUZZ_SEED", "0"))
#: Hypothesis remembers every example of a run; so many at a time are forgotten together.
AT_ONCE = 500
#: Every request goes out with its relatives.
KIN = 4
#: One in so many comes from the OpenAPI document; making those takes longest.
DESCRIBED = 5


@pytest.mark.fault("F50")
def test_a_bad_request_never_breaks_anything(ground: Ground, town: Town) -> None:
    ours, described = requests(ground), from_the_document(ground)
    for batch in count():
        if ground.judge.cases >= CASES:
            break
        wanted = min(AT_ONCE, (CASES - ground.judge.cases) // KIN + 1)
        send(ground, ours, wanted - wanted // DESCRIBED, batch)
        send(ground, described, wanted // DESCRIBED, batch)
        ground.refresh()
        print(json.dumps(ground.judge.told()["by_status"]), flush=True)
    print(json.dumps(ground.judge.told(), ensure_ascii=False))
    assert not ground.judge.complaints, "\n".join(ground.judge.complaints[:20])
    assert ground.judge.cases >= CASES
    in_order(town)


def send(ground: Ground, what: st.SearchStrategy[Sent], many: int, batch: int) -> None:
    """So many requests and their relatives; the same batch is always the same."""

    @seed(SEED * 1_000_000 + batch)
    @settings(
        max_examples=many,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(what, st.integers(0, 2**32))
    def sent(one: Sent, number: int) -> None:
        ground.send(one)
        for relative in relatives(ground, one, Random(number)):
            ground.send(relative)

    if many:
        sent()


def from_the_document(ground: Ground) -> st.SearchStrategy[Sent]:
    """What schemathesis makes of the OpenAPI document, right and wrong, by real accounts and with real ids."""
    described = schemathesis.openapi.from_dict(create_app(ground.town.runtime).openapi())
    cases = [
        operation.ok().as_strategy(mode)
        for operation in described.get_all_operations()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]

    @st.composite
    def one(draw: st.DrawFn) -> Sent:
        case = draw(st.one_of(cases))
        real = [key for keys in ground.ids.values() for key in keys]
        if real and "id" in (case.path_parameters or {}) and draw(st.integers(0, 3)):
            case.path_parameters["id"] = real[draw(st.integers(0, 2**20)) % len(real)]
        made = case.as_transport_kwargs(base_url="http://127.0.0.1")
        made = Request(**{name: made[name] for name in made if name in KNOWN}).prepare()
        account = draw(st.sampled_from(ACCOUNTS))
        headers = tuple(
            (name, value if isinstance(value, bytes) else value.encode("utf-8", "replace"))
            for name, value in made.headers.items()
            if name not in ("Content-Length", "Authorization")
        )
        body = made.body if isinstance(made.body, bytes) else (made.body or "").encode("utf-8", "replace")
        return Sent(made.method or "GET", made.path_url, (*ground.bearing(account), *headers), body)

    return one()


KNOWN = ("method", "url", "headers", "files", "data", "json", "params", "cookies")


def in_order(town: Town) -> None:
    """Nothing was half-applied: the independent checker finds nothing, and no row was set aside."""
    town.settle()
    books = Books(town.runtime.settings.database)
    found = books.violations(())
    assert [one for one in found if one.invariant != "I6"] == [], (
        "I6 asks the wall clock, and the town has its own"
    )
    assert (
        books.rows(
            "SELECT id, error_code FROM inbox WHERE state = 'failed' AND error_code IN ('broken', 'crashed')"
        )
        == []
    )
