"""PDFs are drawn beside everything else: once, from the sheet that is on file, by a LibreOffice that is ended whatever it does."""

import hashlib
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from services.actor import SERVICE
from services.db.models.official import PaperPdf
from services.db.queries.papers import paper, pdf
from services.documents import press
from services.documents.press import LEASE, TRIES, can_press, pdfs_of, press_waiting
from tests.builders import Town
from tests.papers import LOCAL, draft, issued, ready, with_marks
from tests.waiting import until
from workflows.errors import Fault

#: Stands for LibreOffice: draws every sheet that does not break it.
DRAWS = """#!/bin/sh
mkdir -p out
for one in *.docx; do
  {breaks}
  printf '%%PDF-1.7 %s' "$one" > "out/${{one%.docx}}.pdf"
done
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a LibreOffice of ours, which goes before any other."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def does(office: Path, script: str) -> None:
    made = office / "soffice"
    made.write_text(script)
    made.chmod(made.stat().st_mode | stat.S_IXUSR)


def paper_of(town: Town) -> str:
    _, case, _ = ready(with_marks(town))
    return str(issued(town, LOCAL, draft(town, LOCAL, "letter", case, to="某单位"))["id"])


def state(town: Town, key: str) -> str:
    with town.runtime.reading(town.hands.actor(LOCAL)) as unit:
        return str(paper(unit, int(key))["pdf"])


def test_a_pdf_is_made_once_and_kept_with_its_hash(town: Town, office: Path) -> None:
    does(office, DRAWS.format(breaks=""))
    key = paper_of(town)
    assert state(town, key) == "pending"
    assert press_waiting(town.runtime) == 1 and press_waiting(town.runtime) == 0
    with town.runtime.reading(town.hands.actor(LOCAL)) as unit:
        name, content = pdf(unit, int(key))
        assert name == "越工函〔2026〕1号 函.pdf" and content.startswith(b"%PDF-")
        assert unit.db.scalar(select(PaperPdf.sha256)) == hashlib.sha256(content).hexdigest()


def test_where_there_is_no_libreoffice_papers_wait_and_nothing_is_claimed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = paper_of(town)
    monkeypatch.setattr(press.shutil, "which", lambda name: None)
    assert press_waiting(town.runtime) == 0 and state(town, key) == "pending"
    with town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(PaperPdf.deliveries)) == 0


def test_a_sheet_that_cannot_be_drawn_is_given_up_and_tried_again_when_told(town: Town, office: Path) -> None:
    does(office, "#!/bin/sh\nexit 1\n")
    key = paper_of(town)
    for _ in range(TRIES):
        assert press_waiting(town.runtime) == 1 and state(town, key) == "pending"
    assert press_waiting(town.runtime) == 0 and state(town, key) == "failed"
    with pytest.raises(Fault), town.runtime.writing(town.hands.actor("union.220202")) as unit:
        press.again(unit, int(key))
    with town.runtime.writing(town.hands.actor(LOCAL)) as unit:
        press.again(unit, int(key))
    does(office, DRAWS.format(breaks=""))
    assert press_waiting(town.runtime) == 1 and state(town, key) == "done"


def test_one_sheet_that_breaks_it_harms_no_other(office: Path) -> None:
    does(office, DRAWS.format(breaks='grep -q bad "$one" && exit 1'))
    assert set(pdfs_of({1: b"good", 2: b"bad", 3: b"good"})) == {1}, "what came after was not drawn"


def test_after_a_bad_one_the_others_are_drawn_alone(town: Town, office: Path) -> None:
    _, case, _ = ready(with_marks(town))
    keys = [str(issued(town, LOCAL, draft(town, LOCAL, "letter", case, to="某单位"))["id"]) for _ in range(3)]
    does(office, DRAWS.format(breaks='[ "$one" = 2.docx ] && exit 1'))
    assert press_waiting(town.runtime) == 3
    assert [state(town, key) for key in keys] == ["done", "pending", "done"]


def test_one_that_hangs_is_ended_with_everything_it_began(office: Path, tmp_path: Path) -> None:
    child = tmp_path / "child"
    does(office, f"#!/bin/sh\nsleep 600 & echo $! > {child}\nwait\n")
    assert pdfs_of({1: b"sheet"}, seconds=1) == {}
    until(lambda: _is_gone(int(child.read_text())), 5, what="what it began is ended, too")


def _is_gone(key: int) -> bool:
    """Ended, if perhaps not yet fetched by whoever fetches orphans."""
    try:
        return Path(f"/proc/{key}/stat").read_text().split()[2] == "Z"
    except FileNotFoundError:
        return True


def test_a_worker_that_dies_leaves_the_sheet_to_the_next(town: Town, office: Path) -> None:
    does(office, DRAWS.format(breaks=""))
    key = paper_of(town)
    assert press._claim(town.runtime, 1), "taken in hand, and then the machine stops"
    assert press_waiting(town.runtime) == 0
    town.clock.advance(LEASE + timedelta(seconds=1))
    assert press_waiting(town.runtime) == 1 and state(town, key) == "done"


@pytest.mark.skipif(not can_press(), reason="no LibreOffice: soffice is not on the path")
def test_libreoffice_itself_draws_it(town: Town) -> None:
    key = paper_of(town)
    assert press_waiting(town.runtime) == 1 and state(town, key) == "done"
