"""What each row of a list would come to if it were taken in now, by the same rules; nothing is taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select, tuple_

from services.db.models.casework import Case
from services.db.models.mail import Inbox
from services.db.queries.sight import cases_of
from services.directory.roster import Listed
from services.intake.envelope import Envelope
from services.intake.lines import Line
from services.intake.lists import CHUNK, Verdict, refused
from services.intake.outcome import ALREADY
from services.intake.receive import placing_of, speaking_for
from services.intake.rejected import STATE as REJECTED
from services.runtime import Unit
from workflows.errors import Fault
from workflows.words import Text

_Key = tuple[str, str]


def judge(unit: Unit, lines: Sequence[Line], office: Listed) -> list[Verdict]:
    """A verdict for every row, in order, as far as the actor may know: behind his wall, a file elsewhere is none (S07)."""
    unit.runtime.roster.refresh(unit.db)
    first: dict[_Key, bytes] = {}
    verdicts: list[Verdict] = []
    for start in range(0, len(lines), CHUNK):
        chunk = lines[start : start + CHUNK]
        heard, files = _heard(unit, chunk), _files(unit, chunk)
        verdicts += [_verdict(unit, line, office, first, heard, files) for line in chunk]
    return verdicts


def _verdict(
    unit: Unit,
    line: Line,
    office: Listed,
    first: dict[_Key, bytes],
    heard: Mapping[_Key, Any],
    files: Mapping[str, str],
) -> Verdict:
    """`Any`: as `_heard` yields."""
    one = line.envelope
    if one is None or line.fault is not None:
        return refused(line, line.fault or Fault("list_unreadable"))
    try:
        speaking_for(unit, one, office)
        return _of_envelope(line, one, first, heard, files)
    except Fault as fault:
        return replace(refused(line, fault), division=placing_of(one.data).division)


def _of_envelope(
    line: Line,
    one: Envelope,
    first: dict[_Key, bytes],
    heard: Mapping[_Key, Any],
    files: Mapping[str, str],
) -> Verdict:
    """`Any`: as `_heard` yields."""
    about = (line.row.number, line.name, str(one.data["uscc"]))
    key = (one.source, one.id)
    before = heard.get(key)
    if key in first:
        _same(first[key], one)
        return Verdict(*about, "duplicate", reason=TWICE)
    first[key] = one.digest
    if before is not None:
        _same(bytes(before.digest), one)
        reason = Text(before.error["zh"], before.error["en"]) if before.error else SAID
        return Verdict(*about, "duplicate", code=before.error_code, reason=reason)
    if about[2] in files:
        return Verdict(*about, "duplicate", files[about[2]], code="already_open", reason=ALREADY)
    place = placing_of(one.data)
    if place.division is None:
        return Verdict(*about, "triage", code="triage", reason=place.reason)
    return Verdict(*about, "accepted", place.division, reason=place.reason)


#: Why a row changes nothing.
TWICE = Text("与本名单前面的一行相同", "The same as an earlier row of this list")
SAID = Text("以前已经报送过，内容相同", "It was reported before, in the same words")


def _same(digest: bytes, one: Envelope) -> None:
    """The same id with other content is a fault: whichever came first stands."""
    if digest != one.digest:
        raise Fault("event_id_conflict")


def _heard(unit: Unit, lines: Sequence[Line]) -> dict[_Key, Any]:
    """Which of them stand in the inbox already. What was refused does not count: it may be said again. `Any`: rows."""
    keys = [(line.envelope.source, line.envelope.id) for line in lines if line.envelope is not None]
    found = select(Inbox.source, Inbox.event_id, Inbox.digest, Inbox.error_code, Inbox.error).where(
        tuple_(Inbox.source, Inbox.event_id).in_(keys), Inbox.state != REJECTED
    )
    return {(row.source, row.event_id): row for row in unit.db.execute(found)} if keys else {}


def _files(unit: Unit, lines: Sequence[Line]) -> dict[str, str]:
    """Which enterprises have a file since their registration, that the actor may know of: their codes, and where it lies."""
    codes = {str(line.envelope.data["uscc"]) for line in lines if line.envelope is not None}
    found = select(Case.uscc, Case.division).where(
        Case.uscc.in_(codes), Case.registered_on.is_not(None), cases_of(unit.actor)
    )
    return {str(row.uscc): row.division for row in unit.db.execute(found)} if codes else {}
