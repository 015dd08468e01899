"""The PDF of an issued paper, made by LibreOffice where a worker has it. Nothing waits for it, and a paper is whole without it.

A row is claimed and counted in a commit of its own, drawn outside every transaction, and kept in another commit. LibreOffice gets a
profile of its own each time, a time limit, and no way back: its whole group of processes is ended.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import select, update

from services.access.permissions import require
from services.actor import SERVICE
from services.db.models.official import Paper, PaperPdf
from services.db.models.paper import Document
from services.runtime import Runtime, Unit
from workflows.errors import Fault

#: LibreOffice begins in five seconds and then draws two sheets a second.
SECONDS = 60
LEASE = timedelta(seconds=2 * SECONDS)
TRIES = 3
AT_ONCE = 10
_BEGINS = b"%PDF-"

_log = structlog.get_logger(__name__)


def can_press() -> bool:
    """Is LibreOffice there?"""
    return shutil.which("soffice") is not None


def press_waiting(runtime: Runtime, limit: int = AT_ONCE) -> int:
    """Up to `limit` papers that wait for it have their PDF, or one try less; returns how many were in hand."""
    if not can_press() or not _waits(runtime):
        return 0
    sheets = _claim(runtime, min(limit, AT_ONCE))
    if not sheets:
        return 0
    drawn = pdfs_of(sheets)
    if len(drawn) < len(sheets) and len(sheets) > 1:  # one that hangs or breaks it harms no other
        for key in sheets.keys() - drawn.keys():
            drawn |= pdfs_of({key: sheets[key]})
    _keep(runtime, list(sheets), drawn)
    return len(sheets)


def pdfs_of(sheets: Mapping[int, bytes], seconds: int = SECONDS) -> dict[int, bytes]:
    """The PDF of each Word file, by the same key; what could not be drawn in time is missing."""
    with tempfile.TemporaryDirectory(prefix="gongjian-press-") as where:
        folder = Path(where)
        for key, content in sheets.items():
            (folder / f"{key}.docx").write_bytes(content)
        _draw(folder, [f"{key}.docx" for key in sheets], seconds)
        found = {}
        for key in sheets:
            made = folder / "out" / f"{key}.pdf"
            if made.is_file() and (content := made.read_bytes()).startswith(_BEGINS):
                found[key] = content
        return found


def again(unit: Unit, paper_id: int) -> None:
    """A PDF that could not be made is waited for again; a paper without such a one is not found."""
    require(unit.actor, "papers.write")
    row = unit.db.execute(
        select(PaperPdf.id)
        .join(Paper, Paper.id == PaperPdf.paper_id)
        .where(Paper.id == paper_id, Paper.body_id == unit.actor.body_id, PaperPdf.state == "failed")
    ).one_or_none()
    if row is None:
        raise Fault("not_found")
    unit.to_office()
    fresh = {"state": "pending", "deliveries": 0, "due_at": unit.now, "error_code": None, "error": None}
    unit.db.execute(update(PaperPdf).where(PaperPdf.id == row.id).values(fresh))


def _waits(runtime: Runtime) -> bool:
    """Is there anything to do? Asked by reading: on SQLite there is one pen, and nobody is to wait for it for nothing."""
    with runtime.reading(SERVICE) as unit:
        due = select(PaperPdf.id).where(PaperPdf.state == "pending", PaperPdf.due_at <= unit.now).limit(1)
        return unit.db.scalar(due) is not None


def _claim(runtime: Runtime, limit: int) -> dict[int, bytes]:
    """The Word files of the oldest that wait, leased and counted; one that was tried often enough is given up."""
    with runtime.writing(SERVICE) as unit:
        rows = unit.db.execute(
            select(PaperPdf.id, PaperPdf.deliveries, PaperPdf.paper_id)
            .where(PaperPdf.state == "pending", PaperPdf.due_at <= unit.now)
            .order_by(PaperPdf.due_at, PaperPdf.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=PaperPdf)
        ).all()
        spent = [row.id for row in rows if row.deliveries >= TRIES]
        if spent:
            fault = Fault("pdf_failed")
            unit.db.execute(
                update(PaperPdf)
                .where(PaperPdf.id.in_(spent))
                .values(state="failed", error_code=fault.code, error=fault.text.as_dict())
            )
            _log.error("pdf_given_up", papers=[row.paper_id for row in rows if row.id in spent])
        keys = [row.id for row in rows if row.id not in spent]
        if not keys:
            return {}
        unit.db.execute(
            update(PaperPdf)
            .where(PaperPdf.id.in_(keys))
            .values(deliveries=PaperPdf.deliveries + 1, due_at=unit.now + LEASE)
        )
        found = unit.db.execute(
            select(PaperPdf.id, Document.content)
            .join(Paper, Paper.id == PaperPdf.paper_id)
            .join(Document, Document.id == Paper.document_id)
            .where(PaperPdf.id.in_(keys))
        )
        return {row.id: bytes(row.content) for row in found}


def _keep(runtime: Runtime, keys: Sequence[int], drawn: Mapping[int, bytes]) -> None:
    with runtime.writing(SERVICE) as unit:
        for key in keys:
            content = drawn.get(key)
            waits = update(PaperPdf).where(PaperPdf.id == key, PaperPdf.state == "pending")
            if content is None:
                unit.db.execute(waits.values(due_at=unit.now))
                continue
            values = {"state": "done", "content": content, "made_at": unit.now}
            unit.db.execute(waits.values(values | {"sha256": hashlib.sha256(content).hexdigest()}))


def _draw(folder: Path, names: Sequence[str], seconds: int) -> None:
    """LibreOffice draws the files into `out`. Whatever it says goes to the log; whatever it began is ended."""
    command = [
        "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
    ]
    command += ["--convert-to", "pdf", "--outdir", "out", *names]
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8"}
    if "FONTCONFIG_FILE" in os.environ:
        environment["FONTCONFIG_FILE"] = os.environ["FONTCONFIG_FILE"]
    with (folder / "said").open("wb") as said:
        running = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            code = running.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
            _log.warning("pdf_too_slow", sheets=len(names), seconds=seconds)
        finally:
            _end(running)
    if code:
        _log.warning("pdf_refused", sheets=len(names), code=code)


def _end(running: subprocess.Popen[bytes]) -> None:
    """Nothing of its group is left: `soffice` is a script that starts others."""
    with contextlib.suppress(ProcessLookupError):  # it has ended by itself, as it should
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
