"""What may be uploaded, known by its content as well as its name. Nothing is unpacked, run or drawn here."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from services.documents.pictures import jpeg_size, png_size
from workflows.errors import Fault

UNPACKED_BYTES = 200 * 1024 * 1024
ENTRIES = 10_000
RATIO = 200
PIXELS = 50_000_000
FIRST_PAGE = 2_000

#: Control characters but tab, line and page breaks; and the marks that turn the direction of reading round.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_XML = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Format:
    """`fits` raises a Fault when the content is not of this kind, or is made to do harm."""

    media: str
    fits: Callable[[bytes], None]


def _pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-"):
        raise Fault("document_type", field="file")


def _png(content: bytes) -> None:
    _picture(png_size(content))


def _jpeg(content: bytes) -> None:
    _picture(jpeg_size(content))


def _picture(size: tuple[int, int] | None) -> None:
    if size is None:
        raise Fault("document_type", field="file")
    if size[0] * size[1] > PIXELS:
        raise Fault("too_large", field="file", limit=f"{PIXELS:,} pixels")


def _text(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Fault("document_type", field="file") from wrong
    if _HIDDEN.search(text):
        raise Fault("document_type", field="file")


def _package(*needed: str) -> Callable[[bytes], None]:
    """A zip that holds these files or folders, no macros, and not more than it should when unpacked."""

    def fits(content: bytes) -> None:
        names = [one.filename for one in _entries(content)]
        for name in needed:
            if not any(found == name or (name.endswith("/") and found.startswith(name)) for found in names):
                raise Fault("document_type", field="file")
        if any(name.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for name in names):
            raise Fault("document_type", field="file")

    return fits


def _entries(content: bytes) -> list[zipfile.ZipInfo]:
    if not content.startswith(b"PK\x03\x04") or content.count(b"PK\x01\x02") > ENTRIES:
        raise Fault("document_type", field="file")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError) as broken:
        raise Fault("document_type", field="file") from broken
    swollen = any(
        one.file_size > 1_000_000 and one.file_size > RATIO * max(one.compress_size, 1) for one in entries
    )
    if swollen or sum(one.file_size for one in entries) > UNPACKED_BYTES:
        raise Fault("too_large", field="file", limit=f"{UNPACKED_BYTES // 1024 // 1024} MiB unpacked")
    return entries


_OOXML = "application/vnd.openxmlformats-officedocument"

FORMATS: dict[str, Format] = {
    "pdf": Format("application/pdf", _pdf),
    "png": Format("image/png", _png),
    "jpg": Format("image/jpeg", _jpeg),
    "jpeg": Format("image/jpeg", _jpeg),
    "docx": Format(f"{_OOXML}.wordprocessingml.document", _package("[Content_Types].xml", "word/")),
    "xlsx": Format(f"{_OOXML}.spreadsheetml.sheet", _package("[Content_Types].xml", "xl/")),
    "ofd": Format("application/ofd", _package("OFD.xml")),
    "txt": Format("text/plain", _text),
}


def format_of(name: str, media: str) -> Format:
    """The format that the name's extension claims; the declared media type may be vague but not another."""
    found = FORMATS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if found is None:
        raise Fault("document_type", field="file")
    declared = media.partition(";")[0].strip().lower()
    family = declared.partition("/")[0]
    if declared and family not in ("application", found.media.partition("/")[0]):
        raise Fault("document_type", field="file")
    return found


def first_page(name: str, content: bytes) -> str:
    """What fits on a first page, for the formats that give their text away; else nothing."""
    match name.rpartition(".")[2].lower():
        case "txt":
            return content.decode("utf-8-sig")[:FIRST_PAGE]
        case "docx":
            return _first_words(content)
    return ""


def _first_words(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        try:
            with archive.open("word/document.xml") as part:
                xml = part.read(300_000).decode("utf-8", "replace")
        except (
            KeyError,
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            EOFError,
            ValueError,
        ) as broken:
            raise Fault("document_type", field="file") from broken
    return _XML.sub("", xml.replace("</w:p>", "\n").replace("<w:br/>", "\n"))[:FIRST_PAGE]
