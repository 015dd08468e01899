"""PDF files are looked through for what runs, hides or locks. They are not drawn and not parsed: a name that stands for such
a thing, in the file or in a stream that holds objects, is enough to ask for a plain copy."""

import re
import zlib
from collections.abc import Iterator

from workflows.errors import Fault

#: A list of objects may unpack to so much; a paper of a few pages has a few hundred kilobytes of them.
OBJECTS_BYTES = 50 * 1024 * 1024

_STREAM, _ENDSTREAM = re.compile(rb"stream\r?\n"), b"endstream"
#: An object says what its stream is right before it.
_ABOUT = 2000
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
#: Names long enough not to stand in a picture's bytes by chance, so that they are looked for everywhere.
_ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|SubmitForm|ImportData)(?![A-Za-z0-9])|/XFA\s*[\[0-9]"
)
_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_END = b"%%EOF"


def look_through(content: bytes) -> None:
    """It begins and ends as a PDF does, opens for everybody, and does nothing of itself; else a Fault."""
    if not content.startswith(b"%PDF-") or not content.rstrip(b"\0\t\n\f\r ").endswith(_END):
        raise Fault("document_type", field="file")
    if b"PK\x05\x06" in content[-66_000:]:
        raise Fault("document_type", field="file")  # an archive as well, for those who read from behind
    for part in (content, *_objects(content)):
        named = _named(part)
        if _LOCKED.search(named):
            raise Fault("document_locked", field="file")
        if _ACTIVE.search(named):
            raise Fault("document_active", field="file")


def _named(part: bytes) -> bytes:
    """A name may be written with escapes: /J#61vaScript."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def _objects(content: bytes) -> Iterator[bytes]:
    """What the streams that hold objects unpack to."""
    left, end = OBJECTS_BYTES, 0
    while (found := _STREAM.search(content, end)) and (end := content.find(_ENDSTREAM, found.end())) >= 0:
        first = max(found.start() - _ABOUT, 0)
        about = _named(content[max(content.rfind(b"obj", first, found.start()), first) : found.start()])
        packed, end = content[found.end() : end], end + len(_ENDSTREAM)
        if b"/ObjStm" not in about or b"/Filter" not in about:
            continue
        try:
            part = zlib.decompressobj().decompress(packed, left + 1)
        except zlib.error:
            raise Fault(
                "document_type", field="file"
            ) from None  # packed in a way that cannot be looked through
        left -= len(part)
        if left < 0:
            raise Fault("too_large", field="file", limit=f"{OBJECTS_BYTES // 1024 // 1024} MiB unpacked")
        yield part
