"""The owner of the database changes the past, in every way named; each is found, with the first entry that is wrong (RELIABILITY F43, F44)."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from services.access.sealed import opened, place
from services.actor import SERVICE
from services.cases.advance import StepTaken, take_step
from services.db.models.casework import History, HistoryValue, Proceeding
from services.db.models.ledger import Leaf, Log, LogCheckpoint
from services.db.queries.ledger import continuation
from services.ledger import witness
from services.ledger.bundle import Scope, export
from services.ledger.fsck import Trust, Verdict
from services.ledger.identity import identity
from services.ledger.integrate import integrate
from services.ledger.lying_here import LyingHere, verify_here
from services.ledger.merkle import leaf_hash, root_of
from services.ledger.notes import LOG, Checkpoint, Key, Note, Signer, signature_of
from services.ledger.tiles import appended
from services.ledger.verify import Bundle, kept_elsewhere
from tests.builders import TOWN, Town
from tests.tampering import tamper
from workflows.errors import Fault


@dataclass
class Watched:
    """A town whose log a witness has signed for, again and again."""

    town: Town
    folder: Path
    log: Key
    witness: Key
    before: list[int] = field(default_factory=list)

    def verdict(self, *, kept: bool = True) -> Verdict:
        trust = Trust(self.log, [self.witness], witness.signed(self.folder) if kept else ())
        with self.town.runtime.reading(SERVICE) as unit:
            return verify_here(unit, trust)

    def does(self, statement: str, *given: Any) -> None:
        """`Any`: plain values."""
        tamper(self.town.runtime.database, statement, given)

    def asks(self) -> witness.Request:
        """What the witness would be asked to sign now."""
        known = witness.known(self.folder)
        with self.town.runtime.reading(SERVICE) as unit:
            return witness.Request.read(continuation(unit, known.size if known else 0))

    def signs(self) -> None:
        integrate(self.town.runtime)
        request = self.asks()
        self.before.append(Checkpoint.read(request.note.text).size)
        witness.sign(self.folder, request, self.town.clock.now())

    def says_about_somebody(self) -> tuple[int, int]:
        """A case and the line of it that bears an opinion, sealed."""
        with self.town.runtime.reading(SERVICE) as unit:
            lead = unit.db.execute(
                select(Proceeding.id, Proceeding.case_id).where(
                    Proceeding.procedure == "lead", Proceeding.case_id == 1
                )
            ).one()
        with self.town.runtime.writing(self.town.hands.actor(f"union.{TOWN}")) as unit:
            fields = {"headcount": 60, "applicants": 30}
            take_step(unit, StepTaken(lead.id, "survey", fields, opinion="张三的意见"))
        integrate(self.town.runtime)
        with self.town.runtime.reading(SERVICE) as unit:
            seq = unit.db.scalars(select(HistoryValue.seq).where(HistoryValue.case_id == lead.case_id)).one()
        return lead.case_id, seq

    def entry(self, case: int, seq: int) -> int:
        with self.town.runtime.reading(SERVICE) as unit:
            return int(
                unit.db.execute(select(Leaf.number).where(Leaf.case_id == case, Leaf.seq == seq)).scalar_one()
            )


@pytest.fixture
def watched(town: Town, tmp_path: Path) -> Watched:
    """Three enterprises, one with a union, sealed and witnessed step by step."""
    town.enterprise(name="甲机械有限公司")
    integrate(town.runtime)
    with town.runtime.reading(SERVICE) as unit:
        log = identity(unit)
    assert log is not None
    made = Watched(
        town, tmp_path / "witness", log.key, witness.create(tmp_path / "witness", "party.cy.example", log.key)
    )
    made.signs()
    town.with_union(town.enterprise(name="乙纺织有限公司"))
    made.signs()
    town.enterprise(name="丙运输有限公司")
    made.signs()
    town.clock.advance(timedelta(minutes=1))
    sound = made.verdict()
    assert sound.wrong == [] and sound.size == sound.witnessed == made.before[-1] and sound.waiting == 0
    return made


def line(watched: Watched, case: int, seq: int) -> Any:
    with watched.town.runtime.reading(SERVICE) as unit:
        return unit.db.execute(
            select(*History.__table__.c).where(History.case_id == case, History.seq == seq)
        ).one()


@pytest.mark.fault("F43")
def test_a_line_that_was_edited(watched: Watched) -> None:
    canon = bytes(line(watched, 2, 3).canon).replace(b'"v":1', b'"v":2')
    watched.does("UPDATE history SET canon = ? WHERE case_id = 2 AND seq = 3", canon)
    found = watched.verdict(kept=False)
    assert found.first is not None and found.first.number == watched.entry(2, 3) and len(found.wrong) == 1
    assert "案卷2第3行" in found.first.text.zh and "line 3 of case 2" in found.first.text.en


def test_a_deed_that_was_edited(watched: Watched) -> None:
    watched.does("UPDATE journal SET canon = ? WHERE id = 1", b"{}")
    found = watched.verdict(kept=False).first
    assert found is not None and "操作日志1" in found.text.zh


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'nobody' WHERE id = 1",
        "UPDATE journal SET what = 'sign_out' WHERE id = 1",
        "UPDATE journal SET at = '2020-01-01 00:00:00+00:00' WHERE id = 1",
        "UPDATE history SET at = '2020-01-01 00:00:00+00:00' WHERE case_id = 1 AND seq = 2",
        "UPDATE history SET proceeding_id = 77 WHERE case_id = 1 AND seq = 2",
    ],
)
def test_what_pages_show_was_edited_beside_a_line_that_was_left_alone(
    watched: Watched, statement: str
) -> None:
    watched.does(statement)
    (found,) = watched.verdict(kept=False).wrong
    assert found.number is not None and "旁边的栏目与原文不符" in found.text.zh


def test_what_a_line_says_about_a_person_was_exchanged(watched: Watched) -> None:
    case, seq = watched.says_about_somebody()
    watched.does("UPDATE history_values SET value = ? WHERE field = 'opinion'", '"另一种意见"')
    (found,) = watched.verdict(kept=False).wrong
    assert found.number == watched.entry(case, seq) and "opinion" in found.text.en


@pytest.mark.fault("F43")
def test_a_line_that_was_deleted(watched: Watched) -> None:
    number = watched.entry(2, 4)
    watched.does("DELETE FROM history WHERE case_id = 2 AND seq = 4")
    found = watched.verdict(kept=False).first
    assert found is not None and found.number == number and "缺失" in found.text.zh


def test_a_line_that_was_put_in_beside_the_log(watched: Watched) -> None:
    watched.does(
        "INSERT INTO history (case_id, seq, compartment, at, algorithm, canon, hash)"
        " SELECT case_id, 999, compartment, at, algorithm, canon, hash FROM history WHERE case_id = 1 AND seq = 1"
    )
    found = watched.verdict(kept=False)
    assert [one.text.zh for one in found.wrong] == ["案卷1第999行不在账本里：是后来插入的。"]


@pytest.mark.fault("F43")
def test_two_entries_that_were_swapped(watched: Watched) -> None:
    first, second = watched.entry(1, 1), watched.entry(1, 2)
    for old, new in ((first, 10**6), (second, first), (10**6, second)):
        watched.does("UPDATE log_leaves SET number = ? WHERE number = ?", new, old)
    found = watched.verdict(kept=False).first
    assert found is not None and found.number == first


def test_two_cases_that_were_swapped(watched: Watched) -> None:
    for old, new in ((1, 10**6), (3, 1), (10**6, 3)):
        watched.does("UPDATE history SET case_id = ? WHERE case_id = ?", new, old)
    found = watched.verdict(kept=False).first
    assert found is not None and found.number == watched.entry(1, 1)


@pytest.mark.fault("F43")
def test_a_line_with_its_own_hash_and_its_whole_chain_made_anew(watched: Watched) -> None:
    """The chain closes; the tree does not."""
    rewrite(watched, 2, 3)
    found = watched.verdict(kept=False).first
    assert found is not None and found.number == watched.entry(2, 3)


@pytest.mark.fault("F42", "F43", "F44")
def test_a_tail_that_was_cut_with_all_that_belongs_to_it(watched: Watched) -> None:
    """As if the last minute had never been: shorter tables, an older checkpoint, everything in itself sound."""
    size = watched.before[1]
    cut(watched, size)
    assert watched.verdict(kept=False).wrong == [], "in itself it is sound"
    found = watched.verdict().first
    assert found is not None and found.number == size and "截断" in found.text.zh
    with pytest.raises(Fault) as refused:
        watched.asks()
    assert refused.value.code == "ledger_shrunk"
    forged = replace(_request(watched), old=size)
    with pytest.raises(Fault) as shrunk:
        witness.sign(watched.folder, forged, watched.town.clock.now())
    assert shrunk.value.code == "witness_shrunk" and str(watched.before[-1]) in shrunk.value.text.zh


@pytest.mark.fault("F42", "F45")
def test_an_old_backup_on_which_work_went_on(watched: Watched) -> None:
    """Longer than what the witness knows, and another past."""
    cut(watched, watched.before[1])
    for name in ("丁电子有限公司", "戊建材有限公司", "己物流有限公司"):
        watched.town.enterprise(name=name)
    while integrate(watched.town.runtime):
        pass
    found = watched.verdict().first
    assert found is not None and found.number == watched.before[1]
    with pytest.raises(Fault) as forked:
        watched.signs()
    assert forked.value.code == "witness_forked"


@pytest.mark.fault("F44", "F45")
def test_everything_made_anew_with_the_operators_own_key(watched: Watched, tmp_path: Path) -> None:
    """Lines, chains, tiles, roots and signatures agree; what the witness has kept does not, and by a bundle kept elsewhere the entry is named."""
    changed = watched.entry(2, 3)
    taken = {
        scope: tmp_path / f"{number}.zip"
        for number, scope in enumerate((Scope(), Scope(case=2), Scope(case=1)))
    }
    for scope, path in taken.items():
        export(watched.town.runtime, SERVICE, scope, path)
    rewrite(watched, 2, 3)
    recompute(watched)
    assert watched.verdict(kept=False).wrong == [], "in itself it is sound"
    found = watched.verdict().first
    assert found is not None and found.number == watched.before[0] <= changed < watched.before[1]
    assert f"前{watched.before[0]}条相符" in found.text.zh
    for (scope, path), named in zip(taken.items(), (changed, changed, None), strict=True):
        note, known = kept_elsewhere(Bundle(path), watched.log)
        with watched.town.runtime.reading(SERVICE) as unit:
            first = verify_here(unit, Trust(watched.log, known=known)).first
        assert (first and first.number) == named, scope
        assert Checkpoint.read(note.text).size >= watched.before[-1]
    watched.town.enterprise(name="丁电子有限公司")
    with pytest.raises(Fault) as forked:
        watched.signs()
    assert forked.value.code == "witness_forked"


def test_a_checkpoint_signed_by_somebody_else(watched: Watched) -> None:
    stranger = Signer.of(watched.log.name, LOG, Ed25519PrivateKey.generate())
    with watched.town.runtime.reading(SERVICE) as unit:
        note = Note.read(
            unit.db.scalars(select(LogCheckpoint.note).order_by(LogCheckpoint.size.desc())).first() or ""
        )
    forged = str(Note(note.text, (signature_of(stranger.sign(note.text)),)))
    watched.does("UPDATE log_checkpoints SET note = ? WHERE size = ?", forged, watched.before[-1])
    found = watched.verdict(kept=False)
    assert [one.number for one in found.wrong] == [None] and "没有账本的有效签名" in found.wrong[0].text.zh
    watched.does("UPDATE log_checkpoints SET note = ? WHERE size = ?", "nothing", watched.before[-1])
    assert "读不出来" in watched.verdict(kept=False).wrong[0].text.zh


def test_a_row_replaced_without_a_word(watched: Watched) -> None:
    """INSERT OR REPLACE deletes without a DELETE; and on PostgreSQL a replica fires no trigger, unless it always does."""
    database = watched.town.runtime.database
    raw = database.engine.raw_connection()
    cursor = raw.cursor()
    if not database.is_sqlite:
        cursor.execute("SET LOCAL gongjian.house = 'on'")
    with pytest.raises(Exception, match=r"stays as it was written|permission"):
        if database.is_sqlite:
            cursor.execute(
                "INSERT OR REPLACE INTO history SELECT * FROM history WHERE case_id = 1 AND seq = 1"
            )
        else:
            cursor.execute("UPDATE history SET canon = canon")
    raw.invalidate()


def rewrite(watched: Watched, case: int, first: int) -> None:
    """The line says something else, and the case's chain closes over it."""
    tip = bytes(line(watched, case, first - 1).hash) if first > 1 else bytes(32)
    with watched.town.runtime.reading(SERVICE) as unit:
        seqs = unit.db.scalars(select(History.seq).where(History.case_id == case, History.seq >= first)).all()
    for seq in sorted(seqs):
        row = line(watched, case, seq)
        canon = bytes(row.canon).replace(b'"v":1', b'"v":2') if seq == first else bytes(row.canon)
        tip = leaf_hash(b"gj-hist-v1" + tip + canon, row.algorithm)
        watched.does(
            "UPDATE history SET canon = ?, hash = ? WHERE case_id = ? AND seq = ?", canon, tip, case, seq
        )
    watched.does("UPDATE cases SET tip = ? WHERE id = ?", tip, case)


def recompute(watched: Watched) -> None:
    """Tiles, roots and signatures as they would be, had it always been so."""
    runtime = watched.town.runtime
    with runtime.reading(SERVICE) as unit:
        leaves = [
            bytes(row[0] or row[1])
            for row in unit.db.exec_driver_sql(
                "SELECT history.hash, journal.hash FROM log_leaves"
                " LEFT JOIN history ON history.case_id = log_leaves.case_id AND history.seq = log_leaves.seq"
                " LEFT JOIN journal ON journal.id = log_leaves.journal_id ORDER BY number"
            )
        ]
        sizes = list(unit.db.scalars(select(LogCheckpoint.size)))
        seed = opened(runtime.settings, unit.db.scalars(select(Log.sealed)).one(), place(Log.sealed, 1))
    signer = Signer.of(watched.log.name, LOG, Ed25519PrivateKey.from_private_bytes(seed))

    def nothing(level: int, number: int) -> bytes:
        raise AssertionError((level, number))

    for (level, number), tile in appended(0, nothing, leaves).items():
        watched.does("UPDATE log_tiles SET hashes = ? WHERE level = ? AND number = ?", tile, level, number)
    for size in sizes:
        made = Checkpoint.of(watched.log.name, size, root_of(leaves[:size]), "sha256")
        note = str(Note(made.text, (signature_of(signer.sign(made.text)),)))
        watched.does("UPDATE log_checkpoints SET root = ?, note = ? WHERE size = ?", made.root, note, size)


def cut(watched: Watched, size: int) -> None:
    """The log and the books as an old backup holds them."""
    with watched.town.runtime.reading(SERVICE) as unit:
        gone = unit.db.execute(
            select(Leaf.case_id, Leaf.seq, Leaf.journal_id).where(Leaf.number >= size)
        ).all()
    for row in gone:
        if row.case_id is None:
            watched.does("DELETE FROM journal WHERE id = ?", row.journal_id)
        else:
            watched.does("DELETE FROM history WHERE case_id = ? AND seq = ?", row.case_id, row.seq)
    watched.does("DELETE FROM log_leaves WHERE number >= ?", size)
    watched.does("DELETE FROM log_checkpoints WHERE size > ?", size)
    watched.does("UPDATE logs SET size = ?", size)
    tile = b"".join(_leaves(watched)[:size])
    watched.does("UPDATE log_tiles SET hashes = ? WHERE level = 0 AND number = 0", tile)


def _leaves(watched: Watched) -> list[bytes]:
    with watched.town.runtime.reading(SERVICE) as unit:
        return [one.sealed or b"" for one in LyingHere(unit).entries()]


def _request(watched: Watched) -> witness.Request:
    with watched.town.runtime.reading(SERVICE) as unit:
        return witness.Request.read(continuation(unit, 0))
