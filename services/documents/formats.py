"""What may be uploaded, known by its content as well as its name. Nothing is run or drawn here, and nothing written down."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from services.documents import packages, pdfs
from services.documents.pictures import clean_jpeg, clean_png, jpeg_size, png_size
from workflows.errors import Fault

PIXELS = 50_000_000
FIRST_PAGE = 2_000

#: Control characters but tab, line and page breaks; and the marks that turn the direction of reading round.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: A tag; one that does not end reaches to the end, so that what is read is read once.
_XML = re.compile(r"<[^>]*>?")


@dataclass(frozen=True, slots=True)
class Format:
    """`sound` yields what is kept of the content: a picture without what is hidden in it, all else as it came. It raises
    a Fault when the content is not of this kind, or is made to do harm."""

    media: str
    sound: Callable[[bytes], bytes]


def _pdf(content: bytes) -> bytes:
    pdfs.look_through(content)
    return content


def _png(content: bytes) -> bytes:
    return _picture(png_size(content), clean_png(content))


def _jpeg(content: bytes) -> bytes:
    return _picture(jpeg_size(content), clean_jpeg(content))


def _picture(size: tuple[int, int] | None, cleaned: bytes | None) -> bytes:
    if size is not None and size[0] * size[1] > PIXELS:
        raise Fault("too_large", field="file", limit=f"{PIXELS:,} pixels")
    if size is None or cleaned is None:
        raise Fault("document_type", field="file")
    return cleaned


def _text(content: bytes) -> bytes:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Fault("document_type", field="file") from wrong
    if _HIDDEN.search(text):
        raise Fault("document_type", field="file")
    return content


def _package(*needed: str) -> Callable[[bytes], bytes]:
    def sound(content: bytes) -> bytes:
        packages.look_through(content, *needed)
        return content

    return sound


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
