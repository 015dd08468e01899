"""Is a bundle what it says? Offline: from the one file, and the keys that the auditor brings. It needs no database and no setting."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.ledger.fsck import Entry, Stray, Trust, Verdict, Wrong, fsck, hashed, names_itself
from services.ledger.layout import GENESIS
from services.ledger.merkle import includes
from services.ledger.notes import Checkpoint, Key, Note
from services.ledger.values import commitment, is_hidden
from workflows.errors import Fault
from workflows.words import Text

#: More than this no entry and no note is.
LONGEST = 1_000_000


class Bundle:
    """A bundle that was opened. Fault `bundle_bad` where it is none."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest: dict[str, Any] = json.loads(self._zip.read("manifest.json"))  # Any: JSON
            self.note = Note.read(self._zip.read("checkpoint.txt").decode())
            self.checkpoint = Checkpoint.read(self.note.text)
            self.key = Key.read(self.manifest["key"])
            self.is_everything = self.manifest["everything"] is True
            self.has_documents = self.manifest["documents"] is True
        except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as bad:
            raise Fault("bundle_bad", field="bundle") from bad

    def lines(self) -> Iterator[dict[str, Any]]:
        """The entries as they stand there. `Any`: JSON."""
        with self._zip.open("entries.jsonl") as file:
            while said := file.readline(LONGEST):
                entry = json.loads(said)
                if not isinstance(entry, dict):
                    raise ValueError
                yield entry

    def entries(self) -> Iterator[Entry]:
        """As `fsck.Reader`, of a bundle that is the whole log."""
        for entry in self.lines():
            yield _entry(entry)

    def notes(self) -> Iterator[str]:
        yield str(self.note)

    def strays(self) -> Iterator[Stray]:
        return iter(())

    def document(self, sha256: str) -> bytes | None:
        try:
            return self._zip.read(f"documents/{sha256}")
        except KeyError:
            return None


def verify(bundle: Bundle, trust: Trust) -> Verdict:
    """Every entry hashed again and led up to the root, every value to its commitment, every document to its hash, every signature checked."""
    try:
        verdict = fsck(bundle, trust) if bundle.is_everything else _parts(bundle, trust)
        _papers(bundle, verdict)
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as bad:
        raise Fault("bundle_bad", field="bundle") from bad
    return verdict


def kept_elsewhere(bundle: Bundle, log: Key) -> tuple[Note, dict[int, bytes]]:
    """The checkpoint of a bundle that was kept elsewhere, and what each of its entries hashes to, by number. Fault `bundle_bad` where it is not sound
    itself."""
    if verify(bundle, Trust(log)).wrong:
        raise Fault("bundle_bad", field="kept")
    return bundle.note, {entry.number: entry.beside for entry in bundle.entries() if entry.beside}


def _parts(bundle: Bundle, trust: Trust) -> Verdict:
    one = bundle.checkpoint
    verdict = Verdict(size=0, root=one.root, checkpoints=1)
    if bundle.note.by(trust.log) is None or one.origin != trust.log.name:
        verdict.wrong.append(
            Wrong(
                None, Text("检查点没有账本的有效签名。", "The checkpoint bears no good signature of the log.")
            )
        )
    if any(bundle.note.by(key) for key in trust.witnesses):
        verdict.witnessed = one.size
    for kept in trust.kept:
        held = Checkpoint.read(kept.text)
        if (held.size, held.origin) == (one.size, one.origin) and held.root != one.root:
            verdict.wrong.append(
                Wrong(None, Text("与留存在外的检查点不符。", "A checkpoint kept elsewhere does not agree."))
            )
    ends: dict[int, tuple[int, bytes]] = {}
    for said in bundle.lines():
        verdict.wrong += _part(said, _entry(said), one, ends, alone=bundle.manifest["case"] is not None)
        verdict.size += 1
    if verdict.size != bundle.manifest["entries"]:
        verdict.wrong.append(
            Wrong(
                None,
                Text(
                    f"应有{bundle.manifest['entries']}条，实有{verdict.size}条。",
                    f"There should be {bundle.manifest['entries']} entries, and there are {verdict.size}.",
                ),
            )
        )
    return verdict


def _part(
    said: dict[str, Any], entry: Entry, one: Checkpoint, ends: dict[int, tuple[int, bytes]], *, alone: bool
) -> Iterator[Wrong]:
    """What is wrong with one entry that brings its own proof. `Any`: JSON."""
    previous = bytes.fromhex(said["previous"]) if entry.case is not None else GENESIS
    found = hashed(entry, previous)
    if found != entry.beside or (entry.case is not None and not names_itself(entry)):
        yield Wrong(
            entry.number,
            Text(f"{entry.name.zh}不是封存时的内容。", f"{entry.name.en} is not what was sealed."),
        )
    proof = [bytes.fromhex(hashed) for hashed in said["proof"]]
    if not includes(found, entry.number, one.size, proof, one.root, one.algorithm):
        yield Wrong(
            entry.number,
            Text(f"{entry.name.zh}不在检查点之内。", f"{entry.name.en} is not in the checkpoint."),
        )
    if entry.case is not None:
        seq, end = ends.get(
            entry.case, (0 if alone else (entry.seq or 1) - 1, GENESIS if alone else previous)
        )
        if (entry.seq, previous) != (seq + 1, end):
            yield Wrong(
                entry.number,
                Text(
                    f"{entry.name.zh}接不上前面的第{seq}行。", f"{entry.name.en} does not follow line {seq}."
                ),
            )
        ends[entry.case] = (entry.seq or 0, found)


def _papers(bundle: Bundle, verdict: Verdict) -> None:
    """Values against their commitments, documents against their hashes."""
    for said in bundle.lines():
        entry, line = _entry(said), json.loads(said["line"])
        for field, value in said.get("values", {}).items():
            held = line.get(field) if field == "opinion" else line["data"].get(field)
            made = commitment(bytes.fromhex(value["salt"]), value["value"], entry.algorithm)
            if not is_hidden(held) or held != {"commitment": made}:
                verdict.wrong.append(
                    Wrong(
                        entry.number,
                        Text(
                            f"{entry.name.zh}的“{field}”不是写下时的内容。",
                            f"“{field}” of {entry.name.en} is not what was written.",
                        ),
                    )
                )
        for paper in line.get("evidence", ()) if bundle.has_documents else ():
            content = bundle.document(paper["sha256"])
            if content is None or hashlib.sha256(content).hexdigest() != paper["sha256"]:
                verdict.wrong.append(
                    Wrong(
                        entry.number,
                        Text(
                            f"{entry.name.zh}的佐证材料缺失或被改动。",
                            f"The evidence of {entry.name.en} is missing or was changed.",
                        ),
                    )
                )


def _entry(said: dict[str, Any]) -> Entry:
    """`Any`: JSON."""
    return Entry(
        number=int(said["number"]),
        case=said.get("case"),
        seq=said.get("seq"),
        deed=None,
        algorithm=str(said["algorithm"]),
        canon=str(said["line"]).encode(),
        beside=bytes.fromhex(said["hash"]),
    )
