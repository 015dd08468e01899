"""The checker itself: silent over a clean house, and it names each kind of damage; `gongjian doctor --invariants` says so."""

import ast
import hashlib
import json
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from services import invariants
from services.db.models.casework import History
from services.db.wall import HOUSE
from services.invariants import Books, Finding
from services.invariants import books as books_module
from services.ledger.integrate import integrate
from tests.builders import COUNTY, TOWN, Town, registered, uscc
from tests.tampering import tamper

EVENT = (f"/registry/{COUNTY}", "2026-0001")
REGISTRY = f"registry.{COUNTY}"


@pytest.fixture
def books(town: Town) -> Books:
    """One enterprise, registered and then changed twice, and visited once."""
    town.hands.emit(REGISTRY, "registered", EVENT[1], registered()["data"])
    for number in (2, 3):
        town.settle()
        town.hands.emit(REGISTRY, "changed", f"change-{number}", {"uscc": uscc(1), "headcount": number})
    town.settle()
    town.take(f"union.{TOWN}", uscc(1), "lead", "survey", headcount=60, applicants=30)
    integrate(town.runtime)
    return Books(town.runtime.settings.database)


def unfrozen(found: list[Finding]) -> list[Finding]:
    """The town's clock stands still in spring, so by the wall's clock its deadlines are long over: not its fault."""
    return [one for one in found if one.invariant != "I6"]


def test_an_event_that_one_file_told_another_lies_in_no_box(town: Town, books: Books) -> None:
    joint_union = town.hands.begin(f"union.{TOWN}", "joint_union", "propose")
    town.hands.take_in(f"union.{COUNTY}", joint_union, "joint_union", "approve")
    town.take(f"union.{TOWN}", uscc(1), "lead", "link_covered", joint_union=str(joint_union))
    assert books.one("SELECT count(*) FROM outbox WHERE kind = 'event' AND state = 'done'") == 1
    assert unfrozen(books.violations({EVENT})) == []


BACK = "'2020-01-01 00:00:00+00:00'"
LEAD = "procedure = 'lead'"
TWICE = (
    "INSERT INTO deadlines (case_id, proceeding_id, term, generation, state, detail, deliveries, attempts)"
    " SELECT 1, 1, 'x', history.seq, 'running', proceedings.data, 0, 0 FROM history, proceedings"
    " WHERE history.seq < 3 AND proceedings.id = 1"
)
DAMAGE = (
    ("I1", "DELETE FROM inbox WHERE id = 1", "accepted and lost"),
    ("I2", "UPDATE inbox SET state = 'lost' WHERE id = 1", "is lost"),
    ("I2", "UPDATE inbox SET state = 'waiting' WHERE id = 2", "inbox row 2 is waiting"),
    ("I2", "UPDATE inbox SET case_id = 2 WHERE id = 2", "inbox row 2 was applied more than once"),
    ("I4", "DELETE FROM log_leaves WHERE number = (SELECT max(number) FROM log_leaves)", "neither an entry nor waiting"),
    ("I4", "UPDATE log_leaves SET number = number + 1000 WHERE number = 3", "does not agree with the tree"),
    ("I4", "UPDATE log_checkpoints SET size = size + 1", "is not that of the log's"),
    ("I2", f"UPDATE history SET at = {BACK} WHERE seq = 2", "inbox row 1 was applied more than once"),
    ("I2", "UPDATE history SET inbox_id = 1 WHERE inbox_id = 3", "has lines apart from each other"),
    ("I2", "UPDATE history SET inbox_id = 5 - inbox_id WHERE inbox_id > 1", "were applied in the order [1, 3, 2]"),
    ("I2", "UPDATE history SET inbox_id = 9 WHERE inbox_id = 2", "history names inbox row 9"),
    ("I2", f"UPDATE proceedings SET {LEAD}", "has 2 leads"),
    ("I3", "UPDATE proceedings SET state = 'ready'", "is in ready, its history says"),
    ("I3", f"UPDATE proceedings SET revision = revision + 1 WHERE {LEAD}", "steps, its history has"),
    ("I3", """UPDATE proceedings SET data = '{"headcount": 61}' WHERE """ + LEAD, "holds a headcount"),
    ("I3", f"UPDATE proceedings SET id = 99 WHERE {LEAD}", "names proceeding 1, which is not there"),
    ("I4", "UPDATE history SET hash = (SELECT tip FROM cases) WHERE seq = 2", "breaks at line 2"),
    ("I4", "DELETE FROM history WHERE seq = (SELECT seq FROM cases)", "lines and has"),
    ("I4", "UPDATE cases SET seq = seq + 1", "lines and has"),
    ("I4", "UPDATE cases SET tip = (SELECT hash FROM history WHERE seq = 1)", "does not end where the case says"),
    ("I4", "UPDATE history SET inbox_id = 1 WHERE inbox_id = 2", "says it is another"),
    ("I5", "UPDATE outbox SET state = 'failed'", "is failed"),
    ("I5", "UPDATE outbox SET state = 'pending'", "is pending (None) and arrived 1 times"),
    ("I5", "DELETE FROM notices", "arrived 0 times"),
    ("I5", TWICE, "runs 2 times"),
    ("I6", "UPDATE inbox SET state = 'pending' WHERE id = 1", "inbox row 1 has been pending since"),
    ("I6", "UPDATE outbox SET state = 'pending'", "outbox row 1 has been pending since"),
    ("I6", f"UPDATE deadlines SET state = 'running', fire_at = {BACK}", "has been pending since"),
    ("I8", "UPDATE history SET account_id = NULL", "does not say who acted"),
    ("I8", "UPDATE history SET account_id = 1 WHERE seq = 1", "line 1 of case 1 does not say who acted"),
    ("I8", "UPDATE history SET body_id = 1 WHERE body_id IS NOT NULL", "names a person of another body"),
    ("I8", f"UPDATE bodies SET division = '220202999' WHERE code = 'union.{TOWN}'", "outside its jurisdiction"),
    ("I8", f"UPDATE bodies SET division = '220203' WHERE code = '{REGISTRY}'", "outside its jurisdiction"),
)  # fmt: skip


def test_a_clean_house_is_clean(books: Books) -> None:
    assert books.waiting() == 0
    assert unfrozen(books.violations({EVENT})) == []


@pytest.mark.parametrize(
    ("invariant", "damage", "told"), DAMAGE, ids=[f"{one} {told}" for one, _, told in DAMAGE]
)
def test_damage_is_named(town: Town, books: Books, invariant: str, damage: str, told: str) -> None:
    _damage(town, damage)
    found = [one for one in books.violations({EVENT}) if told in one.en]
    assert {one.invariant for one in found} == {invariant}
    assert all(one.zh for one in found)


AHEAD = "'2999-01-01 00:00:00+00:00'"
LATELY = f"'{datetime.now(UTC) - timedelta(minutes=10)}'"
#: What is due, and what has been put off.
WAITING = (
    ("inbox row", "UPDATE inbox SET state = 'pending', due_at = {}", (LATELY, LATELY, LATELY), {1}),
    ("inbox row", "UPDATE inbox SET state = 'pending', due_at = {}", (AHEAD, LATELY, LATELY), set[int]()),
    ("inbox row", "UPDATE inbox SET state = 'pending', due_at = {}", (AHEAD, AHEAD, LATELY), set[int]()),
    ("inbox row", "UPDATE inbox SET state = 'pending', due_at = {}", (AHEAD, LATELY, BACK), {3}),
    ("deadline", "UPDATE deadlines SET deliveries = 1, fire_at = {}", (AHEAD, LATELY, LATELY), set[int]()),
    ("deadline", "UPDATE deadlines SET fire_at = {}", (LATELY, LATELY, AHEAD), {1}),
    ("deadline", "UPDATE deadlines SET fire_at = {}", (AHEAD, LATELY, AHEAD), {2}),
)


@pytest.mark.parametrize(("what", "damage", "dues", "late"), WAITING)
def test_what_waits_behind_an_earlier_one_is_not_late(
    town: Town, books: Books, what: str, damage: str, dues: tuple[str, ...], late: set[int]
) -> None:
    """An enterprise's rows go in order: what an earlier one was put off by, the later ones are as well, but
    none for an hour."""
    if what == "deadline":
        _damage(town, "DELETE FROM deadlines")
        _damage(town, TWICE.replace("< 3", "< 4"))
    ids = [
        key
        for (key,) in books.rows(
            f"SELECT id FROM {'inbox' if what != 'deadline' else 'deadlines'} ORDER BY id"
        )
    ]
    assert len(ids) == len(dues)
    for key, due in zip(ids, dues, strict=True):
        _damage(town, f"{damage.format(due)} WHERE id = {key}")
    told = [one.en for one in books.violations() if one.invariant == "I6" and one.en.startswith(what)]
    assert {one.split(" has been")[0] for one in told} == {f"{what} {ids[place - 1]}" for place in late}


def test_what_is_late_is_told_by_the_databases_clock(
    town: Town, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(datetime):
        """A machine whose clock is years behind."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Slow":
            return cls(2000, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(books_module, "datetime", Slow)
    _damage(town, "UPDATE inbox SET state = 'pending' WHERE id = 1")
    assert any("inbox row 1 has been pending since" in one.en for one in books.violations())


def test_every_invariant_that_a_database_can_tell_is_broken_here() -> None:
    assert {invariant for invariant, _, _ in DAMAGE} == {"I1", "I2", "I3", "I4", "I5", "I6", "I8"}


def test_a_history_written_anew_from_end_to_end_still_does_not_lead_where_the_case_stands(
    town: Town, books: Books
) -> None:
    """Its chain closes again; what it tells does not, and the log knows it otherwise."""
    database, tip = town.runtime.database, bytes(32)
    with database.reading(HOUSE) as connection:
        lines = connection.execute(History.__table__.select().order_by(History.seq)).all()
    for line in lines:
        said = json.loads(bytes(line.canon))
        said["from"] = "signalled" if said["step"] == "survey" else said["from"]
        canon = json.dumps(said).encode()
        tip = hashlib.new(line.algorithm, b"\x00gj-hist-v1" + tip + canon).digest()
        tamper(database, "UPDATE history SET canon = ?, hash = ? WHERE seq = ?", [canon, tip, line.seq])
    tamper(database, "UPDATE cases SET tip = ?", [tip])
    told = unfrozen(books.violations({EVENT}))
    assert [one.invariant for one in told] == ["I3", "I4"]
    assert "takes proceeding 1 from signalled" in told[0].en and "agree with the tree" in told[1].en


def test_the_doctor_checks_the_books_and_names_what_is_lost(
    town: Town, books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in town.runtime.settings.as_environment().items():
        monkeypatch.setenv(name, value)
    _damage(town, "UPDATE deadlines SET state = 'met'")
    receipts = tmp_path / "accepted.jsonl"
    receipts.write_text("".join(json.dumps({"source": EVENT[0], "id": name}) + "\n" for name in (EVENT[1],)))
    answer = CliRunner().invoke(app, ["doctor", "--invariants", "--accepted", str(receipts), "--json"])
    assert (answer.exit_code, json.loads(answer.stdout)) == (0, {"ok": True, "violations": []})
    with receipts.open("a") as more:
        more.write(json.dumps({"source": EVENT[0], "id": "never came"}) + "\n")
    answer = CliRunner().invoke(app, ["doctor", "--invariants", "--accepted", str(receipts), "--json"])
    assert answer.exit_code == 1
    (told,) = json.loads(answer.stdout)["violations"]
    assert told["invariant"] == "I1" and "never came" in told["zh"] and "never came" in told["en"]
    answer = CliRunner().invoke(app, ["doctor", "--invariants", "--accepted", str(receipts)])
    assert "✗ I1 已答复收下却不在" in answer.stdout and "accepted and lost" in answer.stdout


@pytest.mark.parametrize("line", ["{}", "[]", "no json", '{"source": 1, "id": "e1"}'])
def test_a_file_that_holds_no_receipts_is_refused_by_its_line(tmp_path: Path, line: str) -> None:
    receipts = tmp_path / "accepted.jsonl"
    receipts.write_text(f"\n{line}\n")
    answer = CliRunner().invoke(app, ["doctor", "--invariants", "--accepted", str(receipts), "--json"])
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["code"] == "receipt_bad"
    assert "Line 2" in json.loads(answer.stdout)["message"]["en"]


def test_books_that_are_not_there_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGJIAN_HOME", str(tmp_path / "nobody's"))
    answer = CliRunner().invoke(app, ["doctor", "--invariants", "--json"])
    assert (answer.exit_code, json.loads(answer.stdout)["code"]) == (1, "books_unreadable")


def test_the_checker_shares_nothing_with_the_house() -> None:
    named = set[str]()
    for path in Path(invariants.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                named |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                named.add(str(node.module))
    foreign = {name for name in named if not name.startswith("services.invariants")}
    assert {name.partition(".")[0] for name in foreign} - sys.stdlib_module_names == {"psycopg", "pysqlite3"}


def _damage(town: Town, statement: str) -> None:
    tamper(town.runtime.database, statement)
