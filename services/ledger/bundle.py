"""A bundle: entries of the ledger with all that proves them, in one file that can be read without this software (`READ-ME.txt` in it).

A zip archive. `entries.jsonl` has one entry a line; `checkpoint.txt` is the signed note; `report.txt` says it all in plain words. What the lines say
about persons, and the documents that were filed as evidence (`documents/`, each under its SHA-256), are in it only if they were asked for, with a reason.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services.access import journal
from services.actor import SERVICE, Actor
from services.cases.names_read import checked_reason
from services.clock import end_of_day
from services.db.models.access import Journal
from services.db.models.casework import Case, History, HistoryValue
from services.db.models.ledger import Leaf
from services.db.models.paper import Document
from services.db.queries.ledger import checkpoint, previous
from services.db.queries.page import below
from services.db.session import unhurried
from services.ledger.integrate import reader
from services.ledger.merkle import inclusion
from services.ledger.tiles import Tiles
from services.runtime import Runtime, Unit
from workflows.errors import Fault

FORMAT = "gongjian-bundle-1"

READ_ME = """\
共建存证包 / A bundle of Gongjian's ledger

entries.jsonl   一行一条 / one entry a line:
    number      账本中的编号，从0起 / its number in the log, from 0
    book        history（案卷经过）或 journal（操作日志）/ which book it is of
    case, seq   案卷号、行号 / the case and the number of the line in it
    algorithm   sha256 或 sm3
    previous    同一案卷上一行的散列；第一行为64个0 / the hash of the case's line before; of the first, 64 zeros
    line        原文，UTF-8 / the line as it was written
    hash        H(0x00 + "gj-hist-v1" + previous + line)，操作日志为 H(0x00 + "gj-jour-v1" + line)
    proof       自下而上的旁侧散列（RFC 6962 2.1.1）/ the hashes beside its way up, the lowest first;
                包内为整本账时没有，因为树可由全部条目重算 / absent where the bundle is the whole log: the tree can be made anew
    values      行中以 commitment 代替的内容及其盐 / what stands behind a "commitment" in the line, with its salt:
                commitment = H("gj-value-v1" + 0x00 + salt + JSON)
checkpoint.txt  已签名的检查点（C2SP tlog-checkpoint）：第二行是条数，第三行是根散列（base64）
                the signed checkpoint: how many entries, and the root
documents/      佐证材料，文件名即其 SHA-256；写明理由导出时才有 / evidence, each file's name is its SHA-256; only where a reason was given
report.txt      用平常话写的经过 / the same in plain words
manifest.json   范围和来源 / what the bundle covers, and where it is from

验证 / To verify: gongjian verify BUNDLE --log KEY --witness KEY
公钥请从不同渠道取得，不要用包里的。/ Take the keys from elsewhere than from this file.
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be in the bundle: one case, a division's between two days, or, with neither, everything. `names` is the reason for which what is said
    about persons and the documents are in it."""

    case: int | None = None
    division: str = ""
    first: date | None = None
    last: date | None = None
    names: str = ""

    @property
    def is_everything(self) -> bool:
        return self.case is None and not self.division


def export(runtime: Runtime, actor: Actor, scope: Scope, path: Path) -> int:
    """The bundle is written; yields how many entries it has. That it was asked for stands in the journal before. Faults: `ledger_empty`, `not_found`,
    `field_missing` and others about the reason."""
    reason = checked_reason(scope.names) if scope.names else ""
    if scope.division:
        below(Case.division, scope.division)  # a Fault before anything is written
    about = (
        "everything"
        if scope.is_everything
        else f"case {scope.case}"
        if scope.case
        else f"division {scope.division}"
    )
    with runtime.writing(actor) as unit:
        journal.write(unit, "ledger.export", about, reason=reason)
    with runtime.reading(SERVICE) as unit, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        unhurried(unit.db)
        newest = checkpoint(unit)
        papers, report = set[str](), list[str]()
        count = 0
        with made.open("entries.jsonl", "w") as lines:
            for entry in _entries(unit, scope, newest, names=bool(reason)):
                lines.write(json.dumps(entry, ensure_ascii=False, sort_keys=True).encode() + b"\n")
                said = json.loads(entry["line"])
                papers |= {paper["sha256"] for paper in said.get("evidence", ())}
                report.append(_told(entry, said))
                count += 1
        if not count:
            raise Fault("not_found")
        for sha256 in sorted(papers) if reason else ():
            made.writestr(f"documents/{sha256}", _document(unit, sha256))
        made.writestr("READ-ME.txt", READ_ME)
        made.writestr("checkpoint.txt", newest["note"])
        made.writestr("report.txt", "".join(f"{line}\n" for line in report))
        manifest = _manifest(scope, newest, count) | {"documents": bool(reason)}
        made.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    return count


def _entries(unit: Unit, scope: Scope, newest: dict[str, Any], *, names: bool) -> Iterator[dict[str, Any]]:
    """`Any`: JSON."""
    tiles = Tiles(reader(unit), newest["algorithm"])
    ends: dict[int, bytes] = {}
    rows = unit.db.execute(_asked(unit, scope, newest["size"]).execution_options(yield_per=2000))
    for row in rows:
        entry: dict[str, Any] = {"number": row.number, "book": "history" if row.case_id else "journal"}
        if row.case_id:
            before = ends.get(row.case_id) or previous(unit, row.case_id, row.seq)
            ends[row.case_id] = bytes(row.hash)
            entry |= {"case": row.case_id, "seq": row.seq, "previous": before.hex()}
        entry |= {
            "algorithm": row.algorithm or row.deed_algorithm,
            "line": bytes(row.canon or row.deed).decode(),
            "hash": bytes(row.hash or row.deed_hash).hex(),
        }
        if not scope.is_everything:
            way = inclusion(tiles.whole, row.number, newest["size"], newest["algorithm"])
            entry["proof"] = [one.hex() for one in way]
        if names and row.case_id and (values := _values(unit, row.case_id, row.seq)):
            entry["values"] = values
        yield entry


def _asked(unit: Unit, scope: Scope, size: int) -> Any:
    """`Any`: a select."""
    found = (
        select(
            *(Leaf.number, Leaf.case_id, Leaf.seq, History.algorithm, History.canon, History.hash),
            *(
                Journal.algorithm.label("deed_algorithm"),
                Journal.canon.label("deed"),
                Journal.hash.label("deed_hash"),
            ),
        )
        .outerjoin(History, (History.case_id == Leaf.case_id) & (History.seq == Leaf.seq))
        .outerjoin(Journal, Journal.id == Leaf.journal_id)
        .where(Leaf.number < size)
        .order_by(Leaf.number)
    )
    zone = unit.runtime.settings.zone
    if scope.case is not None:
        return found.where(Leaf.case_id == scope.case)
    if scope.division:
        found = found.join(Case, Case.id == Leaf.case_id).where(below(Case.division, scope.division))
        if scope.first is not None:
            found = found.where(History.at >= end_of_day(scope.first - timedelta(days=1), zone))
        if scope.last is not None:
            found = found.where(History.at <= end_of_day(scope.last, zone))
    return found


def _values(unit: Unit, case: int, seq: int) -> dict[str, dict[str, Any]]:
    """`Any`: JSON."""
    rows = unit.db.execute(
        select(HistoryValue.field, HistoryValue.salt, HistoryValue.value).where(
            HistoryValue.case_id == case, HistoryValue.seq == seq
        )
    )
    return {row.field: {"salt": bytes(row.salt).hex(), "value": json.loads(row.value)} for row in rows}


def _document(unit: Unit, sha256: str) -> bytes:
    found = unit.db.scalars(select(Document.content).where(Document.sha256 == sha256).limit(1)).first()
    return bytes(found or b"")


def _told(entry: dict[str, Any], said: dict[str, Any]) -> str:
    """An entry in one line of plain words. `Any`: JSON."""
    if entry["book"] == "journal":
        return f"{said['at']} [{said['division']}] {said['actor']}: {said['what']} {said['about']} ({said['result']})"
    who = f" {said['actor']} ({said['body']})" if said["actor"] else ""
    says = said["says"]
    return f"{said['at']} 案卷/case {entry['case']} #{entry['seq']}{who}: {says['zh']} / {says['en']}"


def _manifest(scope: Scope, newest: dict[str, Any], count: int) -> dict[str, Any]:
    """`Any`: JSON."""
    return {
        "format": FORMAT,
        "case": scope.case,
        "division": scope.division or None,
        "first": scope.first.isoformat() if scope.first else None,
        "last": scope.last.isoformat() if scope.last else None,
        "everything": scope.is_everything,
        "entries": count,
        "origin": newest["origin"],
        "key": newest["key"],
        "size": newest["size"],
        "at": newest["at"],
    }
