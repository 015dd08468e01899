"""Official papers: drafted from what is on file, numbered without a gap, made once, and of use as evidence; withdrawn with a reason."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from sqlalchemy import select, text, update

from services.actor import SERVICE
from services.cases.advance import StepTaken, take_step
from services.db.models.directory import Body
from services.db.models.official import Paper, PaperDraft, PaperRegister
from services.db.queries.papers import paper, papers_of_case, register, registers
from services.documents.drafts import change_draft, drop_draft, found, preview, suggested
from services.documents.filling import fill, words_of
from services.documents.house_templates import house_template
from services.documents.issue import issue, withdraw
from services.documents.matters import subject_of
from services.documents.store import fetch
from services.invariants import Books
from tests.builders import COUNTY, TOWN, Town, joins
from tests.papers import LOCAL, SUPERIOR, draft, issued, ready, with_marks
from workflows.errors import Fault
from workflows.papers.forms import FORMS


@pytest.fixture
def office(town: Town) -> Town:
    """The town with agency marks."""
    return with_marks(town)


def test_a_request_is_drafted_issued_filed_and_answered(office: Town) -> None:
    _, case, moving = ready(office)
    key = draft(office, LOCAL, "request", case, moving, "union_application", signer="某某")
    with office.runtime.reading(office.hands.actor(LOCAL)) as unit:
        lines = preview(unit, found(unit, key))
    assert any("签发时编号" in line for line in lines), "a draft has no number"
    told = issued(office, LOCAL, key)
    assert told["number"] == "越工发〔2026〕1号" and told["state"] == "in_force"
    with office.runtime.reading(office.hands.actor(LOCAL)) as unit:
        kept = fetch(unit, int(told["document"]))
        assert hashlib.sha256(kept.content).hexdigest() == kept.sha256 == told["sha256"]
        text = "\n".join(words_of(kept.content))
        assert unit.db.scalar(select(PaperDraft.said).where(PaperDraft.id == key)) == {}
    for word in (
        "燚&<鑫>" + "长" * 51 + "有限公司",
        "越工发〔2026〕1号",
        "其中30人自愿申请入会",
        "2026年3月2日",
        "签发人",
    ):
        assert word in text, word
    with office.runtime.writing(office.hands.actor(LOCAL)) as unit:
        take_step(unit, StepTaken(moving, "file_application", {}, [told["document"]]))
    with office.runtime.reading(office.hands.actor(SUPERIOR)) as unit:
        known = suggested(
            unit, FORMS["reply"], subject_of(unit, FORMS["reply"], case, moving, "preparation_approval")
        )
    assert "越工发〔2026〕1号" in str(known["request"]), "the reply names the request that it answers"
    with office.runtime.reading(office.hands.actor(LOCAL)) as unit:
        assert papers_of_case(unit, case)[0]["filed"]


def test_what_is_issued_is_never_issued_again_and_a_stale_page_issues_nothing(office: Town) -> None:
    _, case, moving = ready(office)
    key = draft(office, LOCAL, "request", case, moving, "union_application", signer="某某")
    for wrong, code in ((7, "revision_stale"), (1, ""), (1, "paper_done"), (2, "paper_done")):
        if not code:
            issued(office, LOCAL, key)
            continue
        with pytest.raises(Fault) as told:
            issued(office, LOCAL, key, wrong)
        assert told.value.code == code
    with office.runtime.reading(office.hands.actor(LOCAL)) as unit:
        assert [one["last"] for one in registers(unit)] == [1]


def test_numbers_have_no_gap_whatever_fails_and_however_many_issue_at_once(office: Town) -> None:
    _, case, moving = ready(office)
    keys = [
        draft(office, LOCAL, "request", case, moving, "union_application", signer="某某") for _ in range(6)
    ]
    letters = [draft(office, LOCAL, "letter", case, to="某单位") for _ in range(2)]

    class Stop(Exception):
        pass

    with pytest.raises(Stop), office.runtime.writing(office.hands.actor(LOCAL)) as unit:
        issue(unit, keys[0], 1)
        raise Stop
    with ThreadPoolExecutor(4) as many:
        numbers = [one["number"] for one in many.map(lambda key: issued(office, LOCAL, key), keys + letters)]
    assert sorted(numbers) == sorted(
        [f"越工发〔2026〕{n}号" for n in range(1, 7)] + ["越工函〔2026〕1号", "越工函〔2026〕2号"]
    )
    with office.runtime.reading(office.hands.actor(LOCAL)) as unit:
        found = register(unit, mark="越工发")["items"]
        assert [one["serial"] for one in found] == [6, 5, 4, 3, 2, 1]
        rows = unit.db.execute(select(PaperRegister.mark, PaperRegister.last)).all()
    assert {row.mark: row.last for row in rows} == {"越工发": 6, "越工函": 2}


def test_a_new_year_begins_a_new_register(office: Town) -> None:
    _, case, _ = ready(office)
    first = issued(office, LOCAL, draft(office, LOCAL, "letter", case, to="某单位"))
    office.clock.move_to(office.clock.now() + timedelta(days=305))
    second = issued(office, LOCAL, draft(office, LOCAL, "letter", case, to="某单位"))
    assert [first["number"], second["number"]] == ["越工函〔2026〕1号", "越工函〔2027〕1号"]


def test_a_withdrawn_paper_keeps_its_number_and_serves_nobody(office: Town) -> None:
    _, case, moving = ready(office)
    told = issued(
        office, LOCAL, draft(office, LOCAL, "request", case, moving, "union_application", signer="某某")
    )
    with office.runtime.writing(office.hands.actor(LOCAL)) as unit:
        withdraw(unit, int(told["id"]), "主送机关有误")
    with office.runtime.reading(office.hands.actor(LOCAL)) as unit:
        again_read = paper(unit, int(told["id"]))
    assert (again_read["state"], again_read["reason"]) == ("withdrawn", "主送机关有误")
    with pytest.raises(Fault) as no, office.runtime.writing(office.hands.actor(LOCAL)) as unit:
        take_step(unit, StepTaken(moving, "file_application", {}, [told["document"]]))
    assert no.value.code == "evidence_unknown"
    following = draft(office, LOCAL, "request", case, moving, "union_application", signer="某某")
    assert issued(office, LOCAL, following)["number"] == "越工发〔2026〕2号"


def test_what_serves_as_evidence_is_not_withdrawn(office: Town) -> None:
    _, case, moving = ready(office)
    told = issued(
        office, LOCAL, draft(office, LOCAL, "request", case, moving, "union_application", signer="某某")
    )
    with office.runtime.writing(office.hands.actor(LOCAL)) as unit:
        take_step(unit, StepTaken(moving, "file_application", {}, [told["document"]]))
    with pytest.raises(Fault) as no, office.runtime.writing(office.hands.actor(LOCAL)) as unit:
        withdraw(unit, int(told["id"]), "写错了")
    assert no.value.code == "paper_filed"


def test_a_draft_is_changed_and_dropped_and_uses_no_number(office: Town) -> None:
    _, case, _ = ready(office)
    actor = office.hands.actor(LOCAL)
    key = draft(office, LOCAL, "letter", case, to="某单位")
    with office.runtime.writing(actor) as unit:
        said = dict(found(unit, key).said)
        assert change_draft(unit, key, said | {"title": "关于来访的函"}, 1) == 2
    with pytest.raises(Fault) as stale, office.runtime.writing(actor) as unit:
        change_draft(unit, key, said, 1)
    assert stale.value.code == "revision_stale"
    with office.runtime.writing(actor) as unit:
        drop_draft(unit, key, 2)
    with pytest.raises(Fault) as gone, office.runtime.writing(actor) as unit:
        issue(unit, key, 3)
    assert gone.value.code == "paper_done"
    assert issued(office, LOCAL, draft(office, LOCAL, "letter", case, to="某单位"))["serial"] == 1


def test_another_body_has_neither_the_draft_nor_the_paper(office: Town) -> None:
    _, case, _ = ready(office)
    key = draft(office, LOCAL, "letter", case, to="某单位")
    told = issued(office, LOCAL, draft(office, LOCAL, "letter", case, to="某单位"))
    for stranger in (SUPERIOR, f"party.{TOWN}", "union.220202"):
        actor = office.hands.actor(stranger)
        for look in (
            lambda unit: found(unit, key),
            lambda unit: issue(unit, key, 1),
            lambda unit: paper(unit, int(told["id"])),
            lambda unit: withdraw(unit, int(told["id"]), "不是我的"),
            lambda unit: fetch(unit, int(told["document"])),
        ):
            with pytest.raises(Fault) as no, office.runtime.writing(actor) as unit:
                look(unit)
            assert no.value.code == "not_found", stranger
    with office.runtime.reading(office.hands.actor(f"auditor.{COUNTY}")) as unit:
        assert [one["number"] for one in register(unit)["items"]] == [told["number"]]


BAD: list[tuple[str, dict[str, object], str]] = [
    ("letter", {"title": "", "to": "某单位"}, "field_missing"),
    ("letter", {"to": "某单位", "text": "电话13800000000"}, "field_number"),
    ("letter", {"to": "某单位", "text": "机密★一年\n名单"}, "document_secret"),
    ("letter", {"to": "某单位", "text": "a\ufffeb"}, "field_text"),
    ("letter", {"to": "某\u202e单位"}, "field_text"),
    ("letter", {"to": "长" * 121}, "field_length"),
    ("circular", {"wanted": "decide"}, "field_choice"),
]


@pytest.mark.parametrize(("form", "said", "code"), BAD)
def test_what_may_not_stand_on_a_paper_is_refused_with_its_reason(
    office: Town, form: str, said: dict[str, object], code: str
) -> None:
    _, case, _ = ready(office)
    with pytest.raises(Fault) as told:
        draft(office, LOCAL, form, case, **said)
    assert told.value.code == code


def test_an_appointment_needs_the_persons_consent_and_a_party_body(office: Town) -> None:
    _, case, _ = ready(office)
    with pytest.raises(Fault) as told:
        draft(office, LOCAL, "appointment", case, appointee="某某", consent=True)
    assert told.value.code == "paper_not_yours"
    for consent, code in ((False, "paper_unconfirmed"), (None, "field_missing")):
        with pytest.raises(Fault) as told:
            draft(office, f"party.{TOWN}", "appointment", case, appointee="某某", consent=consent)
        assert told.value.code == code


def test_a_body_without_a_mark_issues_nothing(office: Town) -> None:
    _, case, _ = ready(office)
    with office.runtime.writing(SERVICE) as unit:
        unit.db.execute(update(Body).where(Body.code == LOCAL).values(mark=None))
    key = draft(office, LOCAL, "letter", case, to="某单位")
    with pytest.raises(Fault) as told:
        issued(office, LOCAL, key)
    assert told.value.code == "paper_no_mark"


def test_a_case_that_one_may_not_see_is_written_about_by_nobody(office: Town) -> None:
    _, case, _ = ready(office)
    stranger = joins(office.runtime, "union", "220203")
    with pytest.raises(Fault) as told:
        draft(office, stranger, "letter", case, to="某单位")
    assert told.value.code == "not_found"
    with office.runtime.reading(SERVICE) as unit:
        assert unit.db.scalars(select(Paper.id)).all() == []


DAMAGE = (
    ("UPDATE paper_registers SET last = 3", "says 3"),
    ("UPDATE papers SET serial = 9 WHERE serial = 2", "the highest 9"),
    ("DELETE FROM paper_registers", "stands in no register"),
    (
        "UPDATE documents SET content = CAST(kind AS BLOB) WHERE number IS NOT NULL",
        "not the one that was issued",
    ),
)


@pytest.mark.parametrize(("damage", "said"), DAMAGE)
def test_whoever_checks_the_books_finds_a_gap_and_a_changed_sheet(
    office: Town, damage: str, said: str
) -> None:
    _, case, _ = ready(office)
    for _ in range(2):
        issued(office, LOCAL, draft(office, LOCAL, "letter", case, to="某单位"))
    books = Books(office.runtime.settings.database)
    assert [one for one in books.violations() if one.invariant == "I9"] == []
    if not office.runtime.database.is_sqlite:
        damage = damage.replace("CAST(kind AS BLOB)", "convert_to(kind, 'UTF8')")
    with office.runtime.writing(SERVICE) as unit:
        unit.db.execute(text(damage))
    found = [one.en for one in books.violations() if one.invariant == "I9"]
    assert found and all(said in one for one in found[:1]), found


def test_the_end_matter_has_a_row_for_copies_only_when_there_are_any() -> None:
    """版记 (GB/T 9704-2012 7.4): thick rules around it, a thin one between its lines."""
    form = FORMS["report"]
    said = dict.fromkeys(form.blanks, "试填")
    for copies, rows in (("区委组织部", 2), ("", 1)):
        (table,) = Document(BytesIO(fill(form, house_template("report"), said | {"copies": copies}))).tables
        assert len(table.rows) == rows and "印发" in table.rows[-1].cells[0].text
        rules = {
            one.tag.rpartition("}")[2]: int(one.get(qn("w:sz")))
            for one in table._tbl.tblPr.find(qn("w:tblBorders"))
        }
        assert rules["top"] == rules["bottom"] > rules["insideH"] > 0
