"""Pictures without what lies hidden in them: the size is known, and of where, when and with what one was taken, of comments,
of a thumbnail and of whatever was hung on behind, nothing is left. The picture itself is not unpacked."""

from collections.abc import Iterator
from struct import unpack_from
from zlib import crc32

_PNG = b"\x89PNG\r\n\x1a\n"
#: The chunks that make the picture. Texts, times, EXIF, colour profiles and further frames are left out.
_PNG_NEEDED = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"}
)

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_SCAN, _END = 0xDA, 0xD9
#: APP1 to APP13, APP15 and comments; APP0 (JFIF) and APP14 (colours) belong to the picture.
_JPEG_HIDDEN = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})


def png_size(content: bytes) -> tuple[int, int] | None:
    """Width and height; None when it is no PNG."""
    if len(content) < 33 or not content.startswith(_PNG) or content[12:16] != b"IHDR":
        return None
    width, height = unpack_from(">II", content, 16)
    return (width, height) if width and height else None


def clean_png(content: bytes) -> bytes | None:
    """The picture alone; None when it is torn or a chunk does not add up."""
    kept, names = [_PNG], list[bytes]()
    at = len(_PNG)
    while at + 12 <= len(content):
        (length,) = unpack_from(">I", content, at)
        name, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content) or crc32(content[at + 4 : end - 4]) != unpack_from(">I", content, end - 4)[0]:
            return None
        if name in _PNG_NEEDED:
            kept.append(content[at:end])
            names.append(name)
        if name == b"IEND":
            return b"".join(kept) if b"IDAT" in names and names.count(b"IHDR") == 1 else None
        at = end
    return None


def jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of the largest frame; None when it is no JPEG."""
    sizes = [
        (width, height)
        for marker, start, _ in _segments(content)
        if marker in _FRAMES and start + 9 <= len(content)
        for height, width in [unpack_from(">HH", content, start + 5)]
    ]
    largest = max(sizes, key=lambda size: size[0] * size[1], default=None)
    return largest if largest and all(largest) else None


def clean_jpeg(content: bytes) -> bytes | None:
    """The picture alone; None when it has no end."""
    kept = [b"\xff\xd8"]
    for marker, start, end in _segments(content):
        if marker not in _JPEG_HIDDEN:
            kept.append(content[start:end])
        if marker == _END:
            return b"".join(kept)
    return None


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Each marker with where it begins and ends; a scan's own bytes belong to it. Stops where the file is torn."""
    at = 2 if content.startswith(b"\xff\xd8\xff") else len(content)
    while at + 2 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        end = at + 2
        if marker not in _BARE and marker != _END:
            if at + 4 > len(content):
                return
            end += int(unpack_from(">H", content, at + 2)[0])
        if marker == _SCAN:
            end = _after_scan(content, end)
        if end > len(content):
            return
        yield marker, at, end
        if marker == _END:
            return
        at = end


def _after_scan(content: bytes, at: int) -> int:
    """Where the next marker stands that is neither a stuffed byte nor a restart."""
    while (at := content.find(b"\xff", at)) != -1 and at + 1 < len(content):
        following = content[at + 1]
        if following != 0x00 and following != 0xFF and following not in _BARE:
            return at
        at += 1 if following == 0xFF else 2
    return len(content) + 1
