"""The tree in tiles of 256 hashes (C2SP tlog-tiles), so that a million entries are four thousand rows, and a proof asks for three.

The tile (level, number) holds the hashes of the complete parts of `256**level` leaves, 256 to a tile, from number * 256 on. A full tile never
changes; the last one of each level grows.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from services.ledger.merkle import root_of

WIDTH, HEIGHT, BYTES = 256, 8, 32
#: Yields a tile's hashes, one after the other; as many as there are.
Read: TypeAlias = Callable[[int, int], bytes]


def appended(
    size: int, read: Read, leaves: Sequence[bytes], algorithm: str = "sha256"
) -> dict[tuple[int, int], bytes]:
    """The tiles that change when these leaf hashes follow the `size` there are, as they are then."""
    changed, fresh, held, level = dict[tuple[int, int], bytes](), list(leaves), size, 0
    while fresh:
        number, rest = divmod(held, WIDTH)
        run = (split(read(level, number))[:rest] if rest else []) + fresh
        fresh = []
        for first in range(0, len(run), WIDTH):
            tile = run[first : first + WIDTH]
            changed[level, number + first // WIDTH] = b"".join(tile)
            if len(tile) == WIDTH:
                fresh.append(root_of(tile, algorithm))
        held, level = held // WIDTH, level + 1
    return changed


def split(tile: bytes) -> list[bytes]:
    return [tile[at : at + BYTES] for at in range(0, len(tile), BYTES)]


class Tiles:
    """The complete parts of the tree, out of tiles; each is read once."""

    def __init__(self, read: Read, algorithm: str = "sha256") -> None:
        self._read, self._algorithm = read, algorithm
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._parts: dict[tuple[int, int], bytes] = {}

    def whole(self, height: int, place: int) -> bytes:
        """As `merkle.Whole`. ValueError where a tile is shorter than it was said to be."""
        if (height, place) not in self._parts:
            level, rest = divmod(height, HEIGHT)
            first = place << rest
            number, inside = divmod(first, WIDTH)
            if (level, number) not in self._tiles:
                self._tiles[level, number] = self._read(level, number)
            hashes = split(self._tiles[level, number][inside * BYTES : (inside + (1 << rest)) * BYTES])
            if len(hashes) != 1 << rest or len(hashes[-1]) != BYTES:
                raise ValueError(f"tile {level}/{number} ends too early")
            self._parts[height, place] = root_of(hashes, self._algorithm)
        return self._parts[height, place]
