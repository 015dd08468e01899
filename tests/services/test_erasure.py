"""One person is erased: the value is gone wherever it stood, and everything that was proved before is proved still (PIPL Art 47)."""

import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select, text

from services.actor import SERVICE
from services.cases.advance import StepTaken, take_step
from services.db.base import Base
from services.db.models.casework import Case, HistoryValue, Proceeding
from services.db.queries.history import history, names
from services.invariants import Books
from services.ledger.bundle import Scope, export
from services.ledger.erase import GROUNDS, erase
from services.ledger.fsck import Trust, fsck
from services.ledger.identity import identity
from services.ledger.integrate import integrate
from services.ledger.lying_here import LyingHere
from services.ledger.scrub import scrub
from services.ledger.verify import Bundle, verify
from tests.builders import TOWN, Town
from workflows.errors import Fault

UNION, PARTY = f"union.{TOWN}", f"party.{TOWN}"
PERSON = "赵钱孙李周吴"


def said_about(town: Town) -> tuple[int, int]:
    """A case and the line in which an opinion and a note are about that person."""
    code = town.enterprise()
    for procedure, step in (
        ("party", "survey"), ("party", "propose_dispatched_liaison"), ("liaison", "record_consent"), ("liaison", "appoint"),
    ):  # fmt: skip
        town.take(PARTY, code, procedure, step)
    town.take(PARTY, code, "liaison", "revoke", note=f"{PERSON}调离")
    with town.runtime.reading(SERVICE) as unit:
        asked = select(Proceeding.id, Proceeding.case_id).join(Case, Case.id == Proceeding.case_id)
        lead = unit.db.execute(asked.where(Case.uscc == code, Proceeding.procedure == "lead")).one()
    case = lead.case_id
    with town.runtime.writing(town.hands.actor(UNION)) as unit:
        fields = {"headcount": 60, "applicants": 30}
        take_step(unit, StepTaken(lead.id, "survey", fields, opinion=f"{PERSON}的意见"))
    integrate(town.runtime)
    with town.runtime.reading(SERVICE) as unit:
        rows = unit.db.execute(
            select(HistoryValue.seq, HistoryValue.field).where(HistoryValue.case_id == case)
        ).all()
    assert {row.field for row in rows} == {"note", "opinion"}
    return case, min(row.seq for row in rows)


def everywhere(town: Town) -> list[str]:
    """The tables that hold the name, in any column."""
    found = []
    with town.runtime.reading(SERVICE) as unit:
        for table in Base.metadata.sorted_tables:
            rows = unit.db.execute(select(table)).all()
            found += [table.name for row in rows if _holds(row)]
    return found


def _holds(row: object) -> bool:
    said = "".join(
        one.decode("utf-8", "ignore") if isinstance(one, bytes | memoryview) else str(one)
        for one in (bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)
    )  # type: ignore[attr-defined]
    return PERSON in said or PERSON.encode("unicode_escape").decode() in said


def erase_all(town: Town, case: int) -> None:
    with town.runtime.reading(SERVICE) as unit:
        rows = unit.db.execute(
            select(HistoryValue.seq, HistoryValue.field).where(HistoryValue.case_id == case)
        ).all()
    for row in rows:
        with town.runtime.writing(SERVICE) as unit:
            erase(unit, case, row.seq, row.field, "consent")
    integrate(town.runtime)


def sound(town: Town) -> bool:
    with town.runtime.reading(SERVICE) as unit:
        log = identity(unit)
        assert log is not None
        return fsck(LyingHere(unit), Trust(log.key)).wrong == []


def test_the_value_is_gone_and_every_proof_holds(town: Town, tmp_path: Path) -> None:
    case, seq = said_about(town)
    before = tmp_path / "before.zip"
    export(town.runtime, SERVICE, Scope(case=case, names="核查"), before)
    assert set(everywhere(town)) == {"history_values", "proceedings"}
    assert sound(town) and PERSON in zipfile.ZipFile(before).read("entries.jsonl").decode()

    erase_all(town, case)
    assert everywhere(town) == []
    assert sound(town)
    assert [one for one in Books(town.runtime.settings.database).violations() if one.invariant != "I6"] == []
    old = Bundle(before)
    assert verify(old, Trust(old.key)).wrong == [], "what was proved before is proved still"
    export(town.runtime, SERVICE, Scope(case=case, names="核查"), tmp_path / "after.zip")
    assert PERSON not in zipfile.ZipFile(tmp_path / "after.zip").read("entries.jsonl").decode()
    after = Bundle(tmp_path / "after.zip")
    assert verify(after, Trust(after.key)).wrong == []

    with town.runtime.reading(town.hands.actor(PARTY)) as unit:
        lines = {one["seq"]: one for one in history(unit, case)["items"]}
        assert names(unit, case) == []
    assert lines[seq]["erased"] and lines[seq]["data"]["note"] is None
    told = lines[max(lines)]
    assert set(told["data"]) == {"line", "field", "ground"} and told["data"]["ground"] == "consent"
    assert "个人撤回同意" in told["says"]["zh"]


def test_the_bytes_are_gone_from_the_file_too(town: Town) -> None:
    if not town.runtime.database.is_sqlite:
        pytest.skip(
            "the files of a PostgreSQL server are not open to its users; the tables are written anew all the same, below"
        )
    case, _ = said_about(town)
    place = Path(town.runtime.settings.database.removeprefix("sqlite:///"))
    files = [place, place.with_name(f"{place.name}-wal")]
    needle = PERSON.encode()
    assert any(needle in file.read_bytes() for file in files if file.exists())
    erase_all(town, case)
    scrub(town.runtime)
    assert not any(needle in file.read_bytes() for file in files if file.exists())


def test_the_pages_are_written_anew(town: Town) -> None:
    case, _ = said_about(town)
    erase_all(town, case)
    if not town.runtime.database.is_sqlite:
        asked = text("SELECT pg_relation_filenode('history_values')")
        with town.runtime.reading(SERVICE) as unit:
            before = unit.db.scalar(asked)
        scrub(town.runtime)
        with town.runtime.reading(SERVICE) as unit:
            assert unit.db.scalar(asked) != before
    assert sound(town) and everywhere(town) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ((99, 1, "note", "consent"), "not_found"),
        ((0, 1, "none", "consent"), "not_found"),
        ((0, 1, "note", "because"), "ground_unknown"),
    ],
)
def test_what_cannot_be_erased_is_left(town: Town, given: tuple[int, int, str, str], code: str) -> None:
    case, seq = said_about(town)
    key, line, field, ground = given
    with pytest.raises(Fault) as refused, town.runtime.writing(SERVICE) as unit:
        erase(unit, key or case, line and seq, field, ground)
    assert refused.value.code == code
    assert set(everywhere(town)) == {"history_values", "proceedings"}
    assert all(ground.zh and ground.en for ground in GROUNDS.values())
