"""How large a picture is, read from its header: enough to refuse one that would fill a reader's memory."""

from struct import unpack_from

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})


def png_size(content: bytes) -> tuple[int, int] | None:
    """Width and height; None when it is no PNG."""
    if len(content) < 33 or not content.startswith(b"\x89PNG\r\n\x1a\n") or content[12:16] != b"IHDR":
        return None
    width, height = unpack_from(">II", content, 16)
    return (width, height) if width and height else None


def jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height from the first frame; None when it is no JPEG."""
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _BARE:
            at += 2
        elif marker in _FRAMES:
            height, width = unpack_from(">HH", content, at + 5)
            return (width, height) if width and height else None
        else:
            at += 2 + int(unpack_from(">H", content, at + 2)[0])
    return None
