"""Uploading over HTTP; what a document may be is tested with its store."""

import hashlib

import pytest
from sqlalchemy import insert, select

from services.access import journal
from services.actor import SERVICE
from services.db.models.casework import Proceeding
from services.db.models.paper import Filing
from services.documents.formats import FORMATS, Format
from tests.builders import COUNTY, TOWN, Counter, assert_problem

LOCAL = f"union.{TOWN}"


def test_a_document_is_kept_with_its_hash(counter: Counter) -> None:
    answer = counter.upload(LOCAL, "union_application", number="船工〔2026〕1号", issued_on="2026-03-01")
    assert answer.status_code == 201
    assert answer.json()["sha256"] == hashlib.sha256("测试材料\n".encode()).hexdigest()
    assert answer.json()["id"].isdigit()


def test_a_form_without_file_or_kind_says_which(counter: Counter) -> None:
    path = "/api/v1/documents"
    assert (
        assert_problem(
            counter.post(LOCAL, path, data={"kind": "union_application"}, files={"number": (None, b"1")}),
            400,
            "field_missing",
        )["field"]
        == "file"
    )
    file = {"file": ("a.txt", b"a", "text/plain")}
    assert assert_problem(counter.post(LOCAL, path, files=file), 400, "field_missing")["field"] == "kind"
    assert_problem(counter.post(LOCAL, path, json={}), 415, "media_type")


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "20260301", "2026-3-1"])
def test_a_day_that_is_none_is_refused(counter: Counter, day: str) -> None:
    assert_problem(counter.upload(LOCAL, "union_application", issued_on=day), 400, "date_bad")


def test_an_unknown_kind_and_a_wrong_content_are_refused(counter: Counter) -> None:
    assert_problem(counter.upload(LOCAL, "love_letter"), 400, "document_kind")
    file = {"file": ("a.pdf", b"MZ\x90\x00", "application/pdf")}
    answer = counter.post(LOCAL, "/api/v1/documents", files=file, data={"kind": "union_application"})
    assert_problem(answer, 415, "document_type")


def test_a_file_of_sixty_megabytes_is_refused_and_the_sender_hears_why(counter: Counter) -> None:
    file = {"file": ("a.txt", b"x" * 60_000_000, "text/plain")}
    answer = counter.post(LOCAL, "/api/v1/documents", files=file, data={"kind": "union_application"})
    assert "20 MiB" in assert_problem(answer, 413, "too_large")["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/v1/documents/1"), ("POST", "/api/v1/documents/1"), ("PUT", "/api/v1/documents")],
)
def test_only_where_documents_are_brought_may_a_body_be_as_large(
    counter: Counter, method: str, path: str
) -> None:
    """Elsewhere it is refused before it is read, whoever sent it."""
    answer = counter.client.request(method, path, content=b" " * 300_000)
    assert "256 KiB" in assert_problem(answer, 413, "too_large")["detail"]


def test_a_broken_form_is_refused(counter: Counter) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = counter.post(LOCAL, "/api/v1/documents", content=b"--x\r\nnonsense", headers=headers)
    assert answer.status_code == 400
    headers = {"Content-Type": "multipart/form-data"}
    answer = counter.post(LOCAL, "/api/v1/documents", content=b"--x--", headers=headers)
    assert answer.status_code == 400


def test_a_file_is_looked_at_before_anybody_waits_for_its_unit_of_work(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is, somebody else writes: on SQLite there is one writer at a time."""
    runtime, text, others = counter.town.runtime, FORMATS["txt"], list[str]()

    def sound(content: bytes) -> bytes:
        with runtime.writing(SERVICE) as unit:
            journal.write(unit, "sign_out", "meanwhile")
        others.append("wrote")
        return text.sound(content)

    monkeypatch.setitem(FORMATS, "txt", Format(text.media, sound))
    assert counter.upload(LOCAL, "union_application").status_code == 201
    assert others == ["wrote"]


def test_nobody_uploads_without_signing_in(counter: Counter) -> None:
    file = {"file": ("a.txt", b"a", "text/plain")}
    answer = counter.client.post("/api/v1/documents", files=file, data={"kind": "union_application"})
    assert_problem(answer, 401, "signed_out")


def test_an_office_that_only_reports_is_given_no_paper_of_a_file_that_waits_for_nothing_of_its(
    counter: Counter,
) -> None:
    """It opens the drawer that is open to all, and is shown nothing that moves there; nor what was filed with it."""
    counter.town.with_union(counter.town.enterprise())
    key = counter.upload(LOCAL, "union_application").json()["id"]
    with counter.town.runtime.writing(SERVICE) as unit:
        notice = unit.db.scalars(select(Proceeding.id).where(Proceeding.procedure == "notify_party")).one()
        unit.db.execute(insert(Filing).values(proceeding_id=notice, document_id=int(key), seq=1))
    for account, wanted in (
        (LOCAL, 200),
        (f"union.{COUNTY}", 200),
        (f"auditor.{COUNTY}", 200),
        (f"investment.{TOWN}", 404),
    ):
        assert counter.get(account, f"/api/v1/documents/{key}").status_code == wanted, account
