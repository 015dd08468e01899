"""Word, Excel and OFD files are zip archives: looked through for what would unpack without end, run, hide or reach out.

Nothing is written anywhere. Each entry is inflated once to see that it is as large as it says, and thrown away.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from workflows.errors import Fault

UNPACKED_BYTES = 200 * 1024 * 1024
ENTRIES = 10_000
RATIO = 200
PART_BYTES = 20 * 1024 * 1024

_LOCAL_HEADER = 30
_CHUNK = 1 << 16

#: What may lie in an archive and must not: programs, scripts, macros, and archives in the archive.
_ACTIVE = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml|oleobject[^/]*\.bin|activex/.*|macrosheets/.*|dialogsheets/.*)$"
    r"|\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|lnk|msi|jar|class|sh|py|html?|svg|swf|docm|xlsm|pptm)$",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(r"\.(zip|rar|7z|gz|tgz|bz2|xz|tar|cab|iso|arj|lzh)$", re.IGNORECASE)
_OUTSIDE_THE_ARCHIVE = re.compile(r"(^[/\\])|(^[A-Za-z]:)|((^|[/\\])\.\.([/\\]|$))|\\|[\x00-\x1f]")

#: A part that the reader's program would fetch from elsewhere and run or show as part of the document.
#: Both words in one tag, in whatever order; looked for once from each tag's beginning, never from each word on.
_FETCHED = re.compile(
    rb"(?:\A|[<>])(?=[^<>]*?TargetMode\s*=\s*[\"']External)"
    rb"(?=[^<>]*?/(attachedTemplate|oleObject|frame|subDocument|externalLinkPath|control|package)\")"
)
_OBEYED = re.compile(rb"\bDDEAUTO\b|\bDDE\s+[\"&]|<ddeLink|<!DOCTYPE|<!ENTITY|macroEnabled", re.IGNORECASE)
_LOCKS = 0x1 | 0x40 | 0x2000


def look_through(content: bytes, *needed: str) -> None:
    """The archive holds these files or folders, and nothing that could do harm; else a Fault."""
    with _archive(content) as archive:
        entries = archive.infolist()
        _plain(archive, entries, len(content))
        names = [one.filename for one in entries]
        for name in needed:
            if not any(found == name or (name.endswith("/") and found.startswith(name)) for found in names):
                raise Fault("document_type", field="file")
        if any(_ACTIVE.search(name) or _ARCHIVE.search(name) for name in names):
            raise Fault("document_active", field="file")
        for one in entries:
            _inflate(content, one)
        for part in _parts(archive, entries):
            if b"\0" in part[:200]:  # UTF-16: not what these programs write, and not what we can look through
                raise Fault("document_type", field="file")
            if _OBEYED.search(part) or _FETCHED.search(part):
                raise Fault("document_active", field="file")


def _archive(content: bytes) -> zipfile.ZipFile:
    if not content.startswith(b"PK\x03\x04") or content.count(b"PK\x01\x02") > ENTRIES:
        raise Fault("document_type", field="file")
    try:
        return zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError) as broken:
        raise Fault("document_type", field="file") from broken


def _plain(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int) -> None:
    """One archive and nothing else: no lock, no second name for an entry, none that lies outside or over another."""
    if any(one.flag_bits & _LOCKS for one in entries):
        raise Fault("document_locked", field="file")
    swollen = any(
        one.file_size > 1_000_000 and one.file_size > RATIO * max(one.compress_size, 1) for one in entries
    )
    if swollen or sum(one.file_size for one in entries) > UNPACKED_BYTES:
        raise Fault("too_large", field="file", limit=f"{UNPACKED_BYTES // 1024 // 1024} MiB unpacked")
    names = [one.filename.lower() for one in entries]
    overlapping = sum(one.compress_size + _LOCAL_HEADER for one in entries) > size
    if (
        archive.comment
        or overlapping
        or min((one.header_offset for one in entries), default=1) != 0
        or len(set(names)) != len(names)
        or any(one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for one in entries)
        or any(_OUTSIDE_THE_ARCHIVE.search(one.orig_filename) for one in entries)
    ):
        raise Fault("document_type", field="file")


def _inflate(content: bytes, entry: zipfile.ZipInfo) -> None:
    """The entry unpacks to what it says and not a byte more."""
    at = entry.header_offset
    start = at + _LOCAL_HEADER + sum(int.from_bytes(content[at + n : at + n + 2], "little") for n in (26, 28))
    packed = content[start : start + entry.compress_size]
    if content[at : at + 4] != b"PK\x03\x04" or len(packed) != entry.compress_size:
        raise Fault("document_type", field="file")
    if entry.compress_type == zipfile.ZIP_STORED:
        whole = len(packed) == entry.file_size
    else:
        whole = _inflates_to(packed, entry.file_size)
    if not whole:
        raise Fault("document_type", field="file")


def _inflates_to(packed: bytes, size: int) -> bool:
    inflater, seen, rest = zlib.decompressobj(-zlib.MAX_WBITS), 0, packed
    try:
        while not inflater.eof and seen <= size:
            part = inflater.decompress(rest, _CHUNK)
            rest, seen = inflater.unconsumed_tail, seen + len(part)
            if not part and not rest:
                break
    except zlib.error:
        return False
    return inflater.eof and seen == size


def _parts(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[bytes]:
    """What the reader's program would take as instructions."""
    for one in entries:
        if one.filename.lower().endswith((".xml", ".rels")):
            if one.file_size > PART_BYTES:
                raise Fault("too_large", field="file", limit=f"{PART_BYTES // 1024 // 1024} MiB in one part")
            try:
                yield archive.read(one)
            except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as broken:
                raise Fault("document_type", field="file") from broken
