"""How often one may ask, and that nothing accepted is ever dropped for it (S20)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, update

from api.rates import Rate, Rates
from services.access.passwords import hashed
from services.actor import SERVICE
from services.db.models.directory import Account
from services.db.models.mail import Inbox
from services.settings import Limits
from tests.builders import COUNTY, PASSWORD, TOWN, Counter, Town, assert_problem, counter_of, registered
from workflows.errors import Fault

OFFICE, CLERK, COLLEAGUE = f"registry.{COUNTY}", f"union.{TOWN}", f"union.{COUNTY}"


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limited(town: Town, clock: Clock) -> Iterator[Counter]:
    """The town's counter with the limits as they ship, and a clock of its own for them."""
    town.runtime.settings = town.runtime.settings.model_copy(update={"limits": Limits()})
    with counter_of(town) as counter:
        app: Any = counter.client.app  # Any: TestClient's own
        app.state.rates = Rates(clock)
        yield counter


def test_so_many_at_once_and_then_so_many_a_second(clock: Clock) -> None:
    rates, rate = Rates(clock), Rate(a_second=5, burst=20)

    def heard() -> int:
        count = 0
        try:
            while True:
                rates.ask("office", 1, rate)
                count += 1
        except Fault as fault:
            assert fault.code == "too_many" and fault.after == 1
        return count

    assert heard() == 20
    assert heard() == 0
    clock.now += 1
    assert heard() == 5
    clock.now += 3600
    assert heard() == 20, "what was not used is not saved up beyond the burst"


def test_each_account_and_each_kind_of_asking_has_a_bucket_of_its_own(clock: Clock) -> None:
    rates, rate = Rates(clock), Rate(a_second=1, burst=1)
    for what, who in (("office", 1), ("office", 2), ("staff", 1), ("sign-in", "10.0.0.1")):
        rates.ask(what, who, rate)
        with pytest.raises(Fault):
            rates.ask(what, who, rate)


def test_the_buckets_are_only_so_many(clock: Clock) -> None:
    rates, rate = Rates(clock), Rate(a_second=1, burst=1)
    for who in range(3 * Rates.MOST):
        rates.ask("sign-in", who, rate)
    assert len(rates._buckets) == Rates.MOST


def test_an_office_is_told_when_to_come_again_and_nothing_accepted_is_lost(
    limited: Counter, clock: Clock
) -> None:
    """300 events at once where 200 are heard: those are on file, the rest are not, and go in a little later."""
    said = {event["id"]: event for event in (registered(number) for number in range(1, 301))}
    limited.headers(OFFICE)

    def send(ids: list[str]) -> dict[str, Any]:
        with ThreadPoolExecutor(8) as senders:
            return dict(zip(ids, senders.map(lambda one: limited.send(OFFICE, said[one]), ids), strict=True))

    first = send(list(said))
    accepted = {one for one, answer in first.items() if answer.status_code == 202}
    assert len(accepted) == 200
    for one in said.keys() - accepted:
        assert_problem(first[one], 429, "too_many")
        assert first[one].headers["retry-after"] == "1"
        assert "1秒后" in first[one].json()["message"]["zh"] and "1 s" in first[one].json()["message"]["en"]
    assert on_file(limited) == accepted
    while late := sorted(said.keys() - accepted):
        clock.now += 1
        accepted |= {one for one, answer in send(late).items() if answer.status_code == 202}
    assert clock.now == 1002, "50 a second"
    assert on_file(limited) == said.keys()


def on_file(counter: Counter) -> set[str]:
    """The ids of all events that are."""
    with counter.town.runtime.reading(SERVICE) as unit:
        return set(unit.db.scalars(select(Inbox.event_id)))


def test_what_is_refused_for_its_number_was_never_read(limited: Counter) -> None:
    """A broken event is not even looked at: the answer is about the number alone."""
    for number in range(200):
        limited.send(OFFICE, b"{" if number % 2 else registered(1))
    assert_problem(limited.send(OFFICE, b"{"), 429, "too_many")


def test_a_clerk_who_asks_too_often_waits_and_her_colleague_does_not(limited: Counter, clock: Clock) -> None:
    answers = [limited.get(CLERK, "/api/v1/work-items").status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    assert limited.get(COLLEAGUE, "/api/v1/work-items").status_code == 200
    clock.now += 1 / 20
    assert limited.get(CLERK, "/api/v1/work-items").status_code == 200


def test_an_account_brings_only_so_many_bytes_an_hour(limited: Counter, clock: Clock) -> None:
    """They are kept for good: twenty of the largest files a second would fill any disk."""
    small = Limits.model_validate({"upload_bytes": 1000, "upload_hour": 3600})
    limited.town.runtime.settings = limited.town.runtime.settings.model_copy(update={"limits": small})

    def bring(account: str, size: int) -> Any:
        file = {"file": ("a.txt", b"a" * size, "text/plain")}
        return limited.post(account, "/api/v1/documents", files=file, data={"kind": "union_application"})

    assert [bring(CLERK, size).status_code for size in (1000, 1000, 1000, 500)] == [201] * 4
    refused = bring(CLERK, 400)
    assert_problem(refused, 429, "too_many")
    assert refused.headers["retry-after"] == "300"
    assert bring(CLERK, 100).status_code == 201, "what is left may be used"
    assert bring(COLLEAGUE, 1000).status_code == 201
    clock.now += 400
    assert bring(CLERK, 400).status_code == 201
    clock.now += 3600
    assert [bring(CLERK, 1000).status_code for _ in range(4)] == [201] * 3 + [429]


def test_an_office_of_sixty_signs_in_from_one_address_within_a_minute(clock: Clock, limited: Counter) -> None:
    """Good and bad alike, over the API and the pages together; the page says it on a page. Wrong tries lock much sooner."""
    account = {"account": CLERK, "password": PASSWORD}
    with limited.town.runtime.writing(SERVICE) as unit:
        reset = {"password_hash": hashed(PASSWORD, account=CLERK)}
        unit.db.execute(update(Account).where(Account.name == CLERK).values(reset))
    for _ in range(59):
        assert limited.client.post("/api/v1/tokens", json=account).status_code == 200
    assert limited.client.post("/login", data=account | {"password": "wrong"}).status_code == 401
    refused = limited.client.post("/api/v1/tokens", json=account)
    assert_problem(refused, 429, "too_many")
    assert refused.headers["retry-after"] == "1"
    page = limited.client.post("/login", data=account)
    assert page.status_code == 429 and page.headers["content-type"].startswith("text/html")
    assert page.headers["retry-after"] == "1" and ("1秒后" in page.text or "in 1 s" in page.text)
    clock.now += 1
    assert limited.client.post("/api/v1/tokens", json=account).status_code == 200


def test_health_and_the_documents_of_the_interface_are_always_open(limited: Counter) -> None:
    for path in ("/healthz", "/metrics", "/openapi.json", "/asyncapi.json"):
        assert {limited.client.get(path).status_code for _ in range(70)} == {200}, path
