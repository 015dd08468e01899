"""`gongjian key`, `gongjian secret` and the signing `emit`, as an administrator and an office's machine type them."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from services.access.keys import add_key, key_pair
from services.access.sealed import ensure_key, key_file
from services.actor import SERVICE
from services.settings import Settings
from tests.api.test_cli import Line, line  # noqa: F401  # the fixture
from tests.builders import COUNTY, Town, counter_of, registered

OFFICE = f"registry.{COUNTY}"


@pytest.fixture
def sealing(line: Line) -> Line:  # noqa: F811
    """A command line over an office, whose home has its key."""
    ensure_key(Settings(home=line.home))
    line.office()
    return line


def test_a_key_is_shown_once_and_counted(sealing: Line) -> None:
    first = sealing.done("key", "add", OFFICE)
    assert first["secret"].startswith("whsec_")
    pair = sealing.done("key", "pair")
    second = sealing.done("key", "add", OFFICE, "--public", pair["public"])
    assert second["secret"] is None
    assert sealing.refused("key", "add", OFFICE) == "keys_full"
    listed = sealing.done("key", "list", OFFICE)
    assert [(one["id"], one["kind"]) for one in listed["items"]] == [
        (first["id"], "hmac"),
        (second["id"], "ed25519"),
    ]
    assert first["secret"] not in json.dumps(listed)
    assert sealing.done("key", "retire", first["id"])["live"] == 1
    assert [bool(one["retired_at"]) for one in sealing.done("key", "list", OFFICE)["items"]] == [True, False]


def test_who_retires_the_last_key_is_told_that_nothing_will_be_taken(sealing: Line) -> None:
    keys = [sealing.done("key", "add", OFFICE)["id"] for _ in range(2)]
    assert sealing("key", "retire", keys[0]).out.splitlines() == [f"✓ {keys[0]}"]
    told = sealing("key", "retire", keys[1]).out
    assert "一律不收" in told and "nothing it sends is taken, signed or not" in told


def test_what_is_no_key_or_no_office_is_refused(sealing: Line) -> None:
    assert sealing.refused("key", "add", "registry.999999") == "body_unknown"
    assert sealing.refused("key", "add", f"union.{COUNTY}") == "key_needless"
    assert sealing.refused("key", "add", OFFICE, "--public", "whpk_x") == "signing_key_bad"
    assert sealing.refused("key", "retire", "key_0") == "key_unknown"


def test_without_a_sealing_key_the_sentence_says_what_to_do(line: Line) -> None:  # noqa: F811
    line.office()
    assert line.refused("key", "add", OFFICE) == "secret_key_absent"
    pair = line.done("key", "pair")
    assert line.done("key", "add", OFFICE, "--public", pair["public"]), "a public key is no secret"


def test_the_sealing_key_is_renewed_and_settled(sealing: Line) -> None:
    sealing.done("key", "add", OFFICE)
    path = key_file(Settings(home=sealing.home))
    assert sealing.done("secret", "renew") == {"resealed": 1}
    assert len(path.read_text().split()) == 2 and path.stat().st_mode & 0o777 == 0o600
    assert sealing.done("secret", "settle") == {"resealed": 0}
    assert len(path.read_text().split()) == 1
    given = {"GONGJIAN_SECRET_KEY": "k3y-" * 3 + path.read_text().strip()}
    assert sealing.refused("secret", "renew", **given) == "secret_key_given"


@pytest.mark.parametrize("kind", ["hmac", "ed25519"])
@pytest.mark.parametrize("many", [False, True])
def test_emit_signs_and_a_real_counter_takes_it_in(
    line: Line,  # noqa: F811
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    many: bool,
) -> None:
    """The machine's clock is the real one, so the town's is set by it."""
    town.clock.move_to(datetime.now(UTC))
    private, public = key_pair()
    with town.runtime.writing(SERVICE) as unit:
        _, secret = add_key(unit, OFFICE, public if kind == "ed25519" else None)
    said: Any = registered()
    file = line.file("event.json", json.dumps([said] if many else said, ensure_ascii=False))
    with counter_of(town) as counter:

        def post(url: str, *, content: bytes, headers: dict[str, str], timeout: float) -> httpx2.Response:
            return counter.client.post(httpx2.URL(url).path, content=content, headers=headers)

        monkeypatch.setattr("api.cli.events.httpx2.post", post)
        to = ("emit", file, "--url", "http://registry.example", "--token", town.token(OFFICE))
        assert line.refused(*to) == "signature_missing"
        assert line.refused(*to, "--key", "whsec_" + "A" * 40) == "signature_bad"
        assert line.refused(*to, "--key", "mine") == "signing_key_bad"
        assert line.done(*to, "--key", secret or private)["receipts"][0]["status"] == "accepted"
        shown = line(*to, "--json", GONGJIAN_SIGNING_KEY=secret or private)
        assert shown.json["receipts"][0]["status"] == "duplicate"
