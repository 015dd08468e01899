"""The Merkle tree of RFC 6962 (2.1) and RFC 9162 (2.1): its hashes, its proofs, and how a proof is checked. Pure.

`at` is the number of a leaf, from 0; `size` how many leaves a tree has. SHA-256, or SM3 (GB/T 32905-2016); both give 32 bytes.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

Algorithm: TypeAlias = Literal["sha256", "sm3"]
#: The hash of the `2**height` leaves from `place * 2**height` on, all of which there are.
Whole: TypeAlias = Callable[[int, int], bytes]


def leaf_hash(data: bytes, algorithm: str = "sha256") -> bytes:
    """
    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return hashlib.new(algorithm, b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes, algorithm: str = "sha256") -> bytes:
    return hashlib.new(algorithm, b"\x01" + left + right).digest()


def empty_root(algorithm: str = "sha256") -> bytes:
    return hashlib.new(algorithm).digest()


def root_of(hashes: Sequence[bytes], algorithm: str = "sha256") -> bytes:
    """The root over leaf hashes, level by level; of none, the hash of nothing.

    A node without a neighbour goes up as it is, which is the same as splitting at the largest power of two.
    """
    level = list(hashes)
    if not level:
        return empty_root(algorithm)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [node_hash(left, right, algorithm) for left, right in pairs] + odd
    return level[0]


def root(whole: Whole, size: int, algorithm: str = "sha256") -> bytes:
    """The root of a tree whose complete parts are at hand."""
    return _over(whole, 0, size, algorithm) if size else empty_root(algorithm)


def inclusion(whole: Whole, at: int, size: int, algorithm: str = "sha256") -> list[bytes]:
    """What proves that leaf `at` is in the tree of `size` leaves: the hashes beside its way up (RFC 6962 2.1.1)."""
    if not 0 <= at < size:
        raise ValueError(f"leaf {at} is not in a tree of {size}")
    found, first, last = list[bytes](), 0, size
    while last - first > 1:
        middle = first + _half(last - first)
        if at < middle:
            found.append(_over(whole, middle, last, algorithm))
            last = middle
        else:
            found.append(_over(whole, first, middle, algorithm))
            first = middle
    return found[::-1]


def consistency(whole: Whole, old: int, new: int, algorithm: str = "sha256") -> list[bytes]:
    """What proves that the tree of `new` leaves begins with that of `old` (RFC 6962 2.1.2); nothing is needed where `old` is 0 or `new`."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not begin with {old}")
    if old in (0, new):
        return []
    found, first, last, is_whole = list[bytes](), 0, new, True
    while old != last:
        middle = first + _half(last - first)
        if old <= middle:
            found.append(_over(whole, middle, last, algorithm))
            last = middle
        else:
            found.append(_over(whole, first, middle, algorithm))
            first, is_whole = middle, False
    return ([] if is_whole else [_over(whole, first, last, algorithm)]) + found[::-1]


def includes(
    leaf: bytes, at: int, size: int, proof: Sequence[bytes], root: bytes, algorithm: str = "sha256"
) -> bool:
    """Is the leaf with this hash number `at` of the tree with this root? (RFC 9162 2.1.3.2)"""
    if not 0 <= at < size:
        return False
    place, last, found = at, size - 1, leaf
    for hashed in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = node_hash(hashed, found, algorithm)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, hashed, algorithm)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes], algorithm: str = "sha256"
) -> bool:
    """Does the tree with `new_root` begin with the one with `old_root`? (RFC 9162 2.1.4.2)"""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not proof and (old_root == (new_root if old else empty_root(algorithm)))
    path = ([old_root] if old & (old - 1) == 0 else []) + list(proof)
    if not path:
        return False
    place, last = old - 1, new - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for hashed in path[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            before, after = node_hash(hashed, before, algorithm), node_hash(hashed, after, algorithm)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, hashed, algorithm)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _over(whole: Whole, first: int, last: int, algorithm: str) -> bytes:
    """The hash over the leaves from `first` up to `last`; `first` is where a complete part of that size may begin."""
    count = last - first
    if count & (count - 1) == 0:
        height = count.bit_length() - 1
        return whole(height, first >> height)
    middle = first + _half(count)
    return node_hash(_over(whole, first, middle, algorithm), _over(whole, middle, last, algorithm), algorithm)


def _half(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)
