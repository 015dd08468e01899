"""What was refused over the broker lies in a table with its cause, once however often it comes, until somebody has sent it again or
dropped it; and nobody but the nation's administrator hears of it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from services.actor import SERVICE, Actor
from services.db.models.access import Journal
from services.db.models.casework import Case
from services.db.models.mail import DeadLetter
from services.directory.bodies import NATION
from services.intake import dead_letters as module
from services.intake.dead_letters import Letter, dead_letters, drop, keep_dead, send_again
from services.intake.receive import Unavailable
from services.runtime import Runtime
from tests.builders import COUNTY, OTHER_COUNTY, Town, joins, registered
from workflows.errors import Fault
from workflows.words import Text

STRUCTURED = "application/cloudevents+json"
WHY = Text("来源不明", "unknown source")


def letter(said: object, content_type: str = STRUCTURED, headers: Mapping[str, str] | None = None) -> Letter:
    body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    return Letter.of(content_type, {} if headers is None else headers, body, largest=2_000)


def lying(runtime: Runtime, actor: Actor = SERVICE) -> list[dict[str, Any]]:
    """`Any`: plain values."""
    with runtime.reading(actor) as unit:
        return dead_letters(unit)


@pytest.fixture
def national(town: Town) -> Actor:
    return town.hands.actor(joins(town.runtime, "admin", NATION))


def rows(runtime: Runtime) -> list[Any]:
    """`Any`: rows of three columns."""
    with runtime.reading(SERVICE) as unit:
        found = select(DeadLetter.state, DeadLetter.body, DeadLetter.headers).order_by(DeadLetter.id)
        return [tuple(row) for row in unit.db.execute(found)]


def test_the_same_message_lies_there_once_and_is_counted(town: Town) -> None:
    runtime = town.runtime
    for _ in range(3):
        keep_dead(runtime, letter({"source": f"/registry/{COUNTY}"}), "source_unknown", WHY)
    keep_dead(runtime, letter({"source": f"/registry/{COUNTY}"}, headers={"ce-id": "1"}), "json_bad", WHY)
    first, second = lying(runtime)
    assert (first["times"], first["office"], first["reason"]) == (3, f"registry.{COUNTY}", WHY.as_dict())
    assert (second["times"], second["sendable"], first["sendable"]) == (1, True, True)
    assert "body" not in first, "a list shows nothing of what was sent"


@pytest.mark.parametrize(
    ("sent", "office", "sendable"),
    [
        (letter({"source": "/registry/999999"}), None, True),
        (letter(b"\xff\x00"), None, True),
        (letter(b"[" * 1_500), None, True),
        (letter([1]), None, True),
        (letter({}, headers={"ce-source": f"%2Fregistry%2F{COUNTY}"}), f"registry.{COUNTY}", True),
        (letter(b"x" * 2_001), None, False),
        (letter({}, "a" * 201), None, False),
        (letter({}, "text/plain\x00"), None, False),
        (letter({}, headers={"ce-id": "a\nb"}), None, False),
        (Letter.of("", None, b"{}", largest=10), None, False),
    ],
)
def test_whatever_comes_can_be_kept(town: Town, sent: Letter, office: str | None, *, sendable: bool) -> None:
    keep_dead(town.runtime, sent, "broken", WHY)
    (found,) = lying(town.runtime)
    assert (found["office"], found["sendable"], found["size"]) == (office, sendable, sent.size)


def test_what_was_our_fault_is_sent_again_and_taken_in_once(town: Town, national: Actor) -> None:
    runtime = town.runtime
    said = registered(1)
    keep_dead(runtime, letter(said), "broken", WHY)
    (found,) = lying(runtime, national)
    send_again(runtime, national, found["id"])
    town.settle()
    with runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(func.count()).select_from(Case)) == 1
        told = unit.db.execute(
            select(Journal.about, Journal.actor).where(Journal.what == "letter.send")
        ).all()
    assert [tuple(line) for line in told] == [(f"letter {found['id']}", f"admin.{NATION}")]
    assert lying(runtime, national) == [] and rows(runtime) == [("sent", None, None)]
    with pytest.raises(Fault, match="letter_settled"):
        send_again(runtime, national, found["id"])
    keep_dead(runtime, letter(said), "broken", WHY)
    assert [one["times"] for one in lying(runtime)] == [1], "if it comes again, it lies there again"


def test_what_is_refused_again_says_why_and_stays(town: Town, national: Actor) -> None:
    runtime = town.runtime
    keep_dead(runtime, letter({"specversion": "1.0"}), "broken", WHY)
    keep_dead(
        runtime, letter(registered(1, county=OTHER_COUNTY) | {"source": "/registry/999999"}), "broken", WHY
    )
    for found, code in zip(lying(runtime, national), ("envelope_missing", "source_unknown"), strict=True):
        with pytest.raises(Fault, match="still_refused") as caught:
            send_again(runtime, national, found["id"])
        assert "重新投递后仍没有收下" in caught.value.text.zh
        with runtime.reading(SERVICE) as unit:
            kept = unit.db.scalar(select(DeadLetter.error_code).where(DeadLetter.id == found["id"]))
        assert kept == code
    assert len(lying(runtime, national)) == 2


def test_what_is_dropped_leaves_no_content(town: Town, national: Actor) -> None:
    runtime = town.runtime
    keep_dead(runtime, Letter.of("", None, b"a person's name", largest=99), "envelope_bad", WHY)
    (found,) = lying(runtime, national)
    with pytest.raises(Fault, match="letter_unreadable"):
        send_again(runtime, national, found["id"])
    with runtime.writing(national) as unit:
        drop(unit, found["id"])
    assert rows(runtime) == [("dropped", None, None)]
    with runtime.writing(national) as unit, pytest.raises(Fault, match="letter_settled"):
        drop(unit, found["id"])
    with runtime.writing(national) as unit, pytest.raises(Fault, match="not_found"):
        drop(unit, 10**9)


def test_nobody_else_hears_of_it(town: Town) -> None:
    runtime = town.runtime
    keep_dead(runtime, letter(registered(1)), "broken", WHY)
    (found,) = lying(runtime)
    for body in (f"admin.{COUNTY}", f"registry.{COUNTY}", f"auditor.{COUNTY}"):
        actor = town.hands.actor(body)
        with pytest.raises(Fault, match="not_permitted"):
            lying(runtime, actor)
        with pytest.raises(Fault, match="not_permitted"):
            send_again(runtime, actor, found["id"])
        with runtime.reading(actor) as unit:
            assert unit.db.execute(select(DeadLetter.id)).all() == [], "it stands behind the wall"
    assert rows(runtime)[0][0] == "dead"


def test_while_the_database_is_away_the_message_stays_where_it_is(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> dict[str, object]:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(module, "_row", away)
    with pytest.raises(Unavailable):
        keep_dead(town.runtime, letter({}), "broken", WHY)
    assert rows(town.runtime) == []
