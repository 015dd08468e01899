"""What may be uploaded, what may not, and who may read it afterwards."""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import insert, select

from services.actor import SERVICE, Actor
from services.db.models.casework import Proceeding
from services.db.models.paper import Filing
from services.documents.store import Paper, clean_name, fetch, look, store
from services.runtime import Runtime, Unit
from services.settings import Limits, Settings
from tests.builders import COUNTY, OTHER_COUNTY, OTHER_TOWN, TOWN, Town
from workflows.errors import Fault

KIND = "union_application"
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int = 3, height: int = 2, *more: bytes) -> bytes:
    """A picture; further chunks stand before its end."""
    header = chunk(b"IHDR", struct.pack(">II5B", width, height, 8, 2, 0, 0, 0))
    picture = chunk(b"IDAT", zlib.compress(bytes(64)))
    return b"\x89PNG\r\n\x1a\n" + header + picture + b"".join(more) + chunk(b"IEND", b"")


def jpeg(width: int = 3, height: int = 2) -> bytes:
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0"
    return (
        b"\xff\xd8"
        + app0
        + b"\xff\xc0"
        + struct.pack(">HBHHB", 17, 8, height, width, 3)
        + bytes(9)
        + b"\xff\xd9"
    )


def archive(**files: bytes) -> bytes:
    """A zip whose entries bear these names; a double underscore stands for a stroke."""
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return kept.getvalue()


def docx(text: str = "关于成立工会的申请", **more: bytes) -> bytes:
    body = f"<w:document><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:document>".encode()
    return archive(**{"[Content_Types]_xml": b"<Types/>", "word__document_xml": body} | more)


GOOD: dict[str, bytes] = {
    "批复.pdf": PDF,
    "照片.png": png(),
    "照片.JPG": jpeg(),
    "照片.jpeg": jpeg(),
    "申请.docx": docx(),
    "名单.xlsx": archive(**{"[Content_Types]_xml": b"<Types/>", "xl__workbook_xml": b"<x/>"}),
    "批复.ofd": archive(OFD_xml=b"<OFD/>", Doc_0__Document_xml=b"<d/>"),
    "说明.txt": "设秘密写票处，无记名投票。\r\n商业秘密不在此列。\n".encode(),
}


@pytest.fixture
def unit(town: Town) -> Any:
    """A use case of the town's union. `Any`: yields a Unit."""
    with town.runtime.writing(town.hands.actor(f"union.{TOWN}")) as made:
        yield made


def put(unit: Unit, name: str, content: bytes, **more: Any) -> tuple[int, str]:
    about: dict[str, Any] = {"kind": KIND, "number": None, "issued_on": None, "media": ""} | more
    sound = look(unit.runtime, unit.actor, name=name, content=content, **about)
    return store(unit, sound), sound.sha256


def refused(unit: Unit, name: str, content: bytes, **more: Any) -> tuple[str, str | None]:
    with pytest.raises(Fault) as told:
        put(unit, name, content, **more)
    return told.value.code, told.value.field


@pytest.mark.parametrize("name", GOOD)
def test_a_sound_file_is_kept_whole_with_its_hash(unit: Unit, name: str) -> None:
    key, sha256 = put(unit, name, GOOD[name], number=" 船工发〔2026〕1号 ", issued_on=unit.today)
    assert sha256 == hashlib.sha256(GOOD[name]).hexdigest()
    found = fetch(unit, key)
    assert (found.content, found.name, found.sha256, found.kind) == (GOOD[name], name, sha256, KIND)
    assert (found.number, found.issued_on) == ("船工发〔2026〕1号", unit.today)
    assert "/" in found.media


def _bomb() -> bytes:
    return docx(word__media__zeros_bin=b"\0" * 60_000_000)


def _wide() -> bytes:
    """Many entries of one content, as overlapping bombs have."""
    return archive(OFD_xml=b"<OFD/>", **{f"e{number}": b"" for number in range(10_001)})


HOSTILE: list[tuple[str, bytes, str]] = [
    ("empty.pdf", b"", "value_bad"),
    ("no-extension", PDF, "document_type"),
    ("program.exe", b"MZ\x90\x00", "document_type"),
    ("page.html", b"<script>alert(1)</script>", "document_type"),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "document_type"),
    ("archive.zip", archive(a=b"a"), "document_type"),
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document_type"),
    ("macro.docm", docx(), "document_type"),
    ("program.pdf", b"MZ\x90\x00", "document_type"),
    ("late.pdf", b"\n" * 9 + PDF, "document_type"),
    ("text.png", b"not a picture", "document_type"),
    ("gif.png", b"GIF89a" + bytes(60), "document_type"),
    ("torn.png", png()[:20], "document_type"),
    ("flat.png", png(0, 5), "document_type"),
    ("endless.png", png(100_000, 100_000), "too_large"),
    ("endless.jpg", jpeg(65_000, 65_000), "too_large"),
    ("torn.jpg", jpeg()[:8], "document_type"),
    ("png.jpg", png(), "document_type"),
    ("plain.docx", b"just words", "document_type"),
    ("torn.docx", docx()[:-30], "document_type"),
    ("other.docx", archive(**{"[Content_Types]_xml": b"", "xl__workbook_xml": b""}), "document_type"),
    ("macro.docx", docx(word__vbaProject_bin=b"macro"), "document_active"),
    ("hollow.docx", archive(**{"[Content_Types]_xml": b"", "word__styles_xml": b""}), "document_type"),
    ("ofd.xlsx", archive(OFD_xml=b""), "document_type"),
    ("docx.ofd", docx(), "document_type"),
    ("bomb.docx", _bomb(), "too_large"),
    ("wide.ofd", _wide(), "document_type"),
    ("sfx.docx", b"MZ" + docx(), "document_type"),
    ("gb.txt", "工会成立的申请".encode("gb18030"), "document_type"),
    ("binary.txt", b"a\x00b", "document_type"),
    ("escape.txt", b"\x1b[2J", "document_type"),
    ("turned.txt", "a\u202eb".encode(), "document_type"),
    ("机密名单.pdf", PDF, "document_secret"),
    ("【绝 密】方案.docx", docx(), "document_secret"),
    ("a.txt", "秘密★1年\n关于……的请示".encode(), "document_secret"),
    ("a.txt", "　　机　密\n关于……的请示".encode(), "document_secret"),
    ("a.txt", "工会材料\n密级：绝密\n".encode(), "document_secret"),
    ("a.docx", docx("机密★5年</w:t></w:r></w:p><w:p>"), "document_secret"),
    ("\x00\u202e", PDF, "value_bad"),
    ("..", PDF, "value_bad"),
]


@pytest.mark.parametrize(
    ("name", "content", "code"), HOSTILE, ids=[f"{n}-{one[0]!a}" for n, one in enumerate(HOSTILE)]
)
def test_a_hostile_file_is_refused(unit: Unit, name: str, content: bytes, code: str) -> None:
    assert refused(unit, name, content) == (code, "file")


def test_words_that_only_sound_secret_are_welcome(unit: Unit) -> None:
    for name in ("秘密投票记录.pdf", "商业秘密保护承诺书.pdf", "保密教育.pdf"):
        assert put(unit, name, PDF)


@pytest.mark.parametrize(
    ("media", "fits"),
    [
        ("application/pdf", True),
        ("application/octet-stream", True),
        ("", True),
        ("Application/PDF; charset=binary", True),
        ("text/html", False),
        ("image/png", False),
    ],
)
def test_a_declared_type_may_be_vague_but_not_another(unit: Unit, media: str, fits: bool) -> None:
    if fits:
        assert put(unit, "批复.pdf", PDF, media=media)
    else:
        assert refused(unit, "批复.pdf", PDF, media=media) == ("document_type", "file")


def test_each_word_of_the_form_is_looked_at(unit: Unit) -> None:
    tomorrow = unit.today + timedelta(days=1)
    assert refused(unit, "a.pdf", PDF, kind="love_letter") == ("document_kind", "kind")
    assert refused(unit, "a.pdf", PDF, kind="\x00") == ("document_kind", "kind")
    assert refused(unit, "a.pdf", PDF, issued_on=tomorrow) == ("date_future", "issued_on")
    assert refused(unit, "a.pdf", PDF, issued_on=date(1, 1, 1)) == ("field_date", "issued_on")
    for number in ("9" * 61, "a\nb", "a\u202eb", "\x00"):
        assert refused(unit, "a.pdf", PDF, number=number) == ("value_bad", "number")
    assert fetch(unit, put(unit, "a.pdf", PDF, number="  ")[0]).number is None


def test_a_file_over_the_limit_is_refused(town: Town) -> None:
    chosen = Settings(home=town.runtime.settings.home, database_url=town.runtime.settings.database_url)
    small = Runtime(chosen.model_copy(update={"limits": Limits.model_validate({"upload_bytes": len(PDF)})}))
    try:
        with small.writing(town.hands.actor(f"union.{TOWN}")) as unit:
            assert put(unit, "a.pdf", PDF)
            assert refused(unit, "a.pdf", PDF + b"\n") == ("too_large", "file")
    finally:
        small.close()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\My Documents\\批复.pdf", "批复.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\r\nContent-Type: text/html.pdf", "html.pdf"),
        ("  e\u0301te\u0301 .pdf ", "été .pdf"),
        ("长" * 200 + ".pdf", "长" * 156 + ".pdf"),
    ],
)
def test_a_name_is_cleaned(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_nobody_uploads_in_nobodys_name(town: Town) -> None:
    with town.runtime.writing(SERVICE) as unit:
        assert refused(unit, "a.pdf", PDF) == ("not_permitted", None)


# -- who may read -------------------------------------------------------------------------------------


def _reader(town: Town, key: int) -> Callable[[str], Paper | None]:
    def read(account: str) -> Paper | None:
        with town.runtime.reading(town.hands.actor(account)) as unit:
            try:
                return fetch(unit, key)
            except Fault as fault:
                assert fault.code == "not_found"
                return None

    return read


def test_a_document_is_its_bodys_own_until_it_is_filed(town: Town) -> None:
    with town.runtime.writing(town.hands.actor(f"union.{TOWN}")) as unit:
        key, _ = put(unit, "申请.docx", docx())
    read = _reader(town, key)
    assert read(f"union.{TOWN}")
    assert not any(
        read(f"{other}") for other in (f"union.{COUNTY}", f"union.{OTHER_TOWN}", f"auditor.{COUNTY}")
    )
    with town.runtime.reading(Actor(None, None, "x", "", "registry", COUNTY)) as unit, pytest.raises(Fault):
        fetch(unit, key)


def test_a_filed_document_is_read_by_those_who_see_its_proceeding(town: Town) -> None:
    """Compartment and jurisdiction: the union side above it, the auditor; never the Party side nor another town."""
    code = town.enterprise()
    town.take(f"union.{TOWN}", code, "lead", "survey", headcount=60, applicants=30)
    town.take(f"union.{TOWN}", code, "lead", "open_union")
    with town.runtime.writing(town.hands.actor(f"union.{TOWN}")) as unit:
        key, _ = put(unit, "申请.docx", docx())
        union = unit.db.scalars(select(Proceeding.id).where(Proceeding.procedure == "union")).one()
        unit.db.execute(insert(Filing), [{"proceeding_id": union, "document_id": key, "seq": 1}])
    read = _reader(town, key)
    seeing = {f"union.{TOWN}", f"union.{COUNTY}", f"auditor.{COUNTY}"}
    blind = {
        f"party.{TOWN}",
        f"orgdept.{COUNTY}",
        f"registry.{COUNTY}",
        f"union.{OTHER_TOWN}",
        f"union.{OTHER_COUNTY}",
    }
    assert {account for account in seeing | blind | {f"admin.{COUNTY}"} if read(account)} == seeing


def test_there_is_no_document_of_that_number(town: Town) -> None:
    assert _reader(town, 424242)(f"union.{TOWN}") is None
