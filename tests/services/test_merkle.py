"""The tree against the definition of RFC 6962 written down a second time, and against the figures of its reference tests."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ledger import merkle

#: The leaves that Certificate Transparency's own tests use, and the roots of the trees over the first of them.
LEAVES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def mth(hashes: list[bytes], algorithm: str = "sha256") -> bytes:
    """The definition, word by word (RFC 6962 2.1), over leaf hashes."""
    if not hashes:
        return hashlib.new(algorithm).digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return hashlib.new(algorithm, b"\x01" + mth(hashes[:k], algorithm) + mth(hashes[k:], algorithm)).digest()


def parts(hashes: list[bytes], algorithm: str = "sha256") -> merkle.Whole:
    return lambda height, place: mth(hashes[place << height : (place + 1) << height], algorithm)


def some(count: int, algorithm: str = "sha256") -> list[bytes]:
    return [merkle.leaf_hash(str(n).encode(), algorithm) for n in range(count)]


def test_the_roots_are_those_of_certificate_transparency() -> None:
    hashes = [merkle.leaf_hash(one) for one in LEAVES]
    for count, root in enumerate(ROOTS, 1):
        assert merkle.root_of(hashes[:count]).hex() == root
        assert merkle.root(parts(hashes), count).hex() == root
    assert merkle.root_of([]) == merkle.root(parts([]), 0) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_every_leaf_of_every_small_tree_is_proved_and_nothing_else_is(algorithm: str) -> None:
    for size in range(1, 34):
        hashes = some(size, algorithm)
        root = mth(hashes, algorithm)
        assert (
            merkle.root_of(hashes, algorithm)
            == merkle.root(parts(hashes, algorithm), size, algorithm)
            == root
        )
        for at in range(size):
            proof = merkle.inclusion(parts(hashes, algorithm), at, size, algorithm)
            assert merkle.includes(hashes[at], at, size, proof, root, algorithm)
            other = (at + 1) % size
            if other != at:
                assert not merkle.includes(hashes[other], at, size, proof, root, algorithm)
                assert not merkle.includes(hashes[at], other, size, proof, root, algorithm)
            assert not merkle.includes(hashes[at], at, size, [*proof, root], root, algorithm)
            assert not proof or not merkle.includes(hashes[at], at, size, proof[:-1], root, algorithm)


def test_every_small_tree_is_proved_to_begin_with_each_smaller_one() -> None:
    hashes = some(34)
    for new in range(1, 34):
        for old in range(new + 1):
            proof = merkle.consistency(parts(hashes), old, new)
            was, now = mth(hashes[:old]), mth(hashes[:new])
            assert merkle.is_consistent(old, new, was, now, proof)
            if 0 < old < new:
                forged = mth([merkle.leaf_hash(b"other"), *hashes[1:old]])
                assert not merkle.is_consistent(old, new, forged, now, proof)
                assert not merkle.is_consistent(old, new, was, forged, proof)
                assert not merkle.is_consistent(old, new, was, now, [*proof, now])
                assert not merkle.is_consistent(old, new, was, now, proof[:-1])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_changed_proof_proves_nothing(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 300))
    hashes = some(size)
    root = mth(hashes)
    at = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion(parts(hashes), at, size)
    place = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    torn = bytearray(proof[place])
    torn[bit // 8] ^= 1 << bit % 8
    assert not merkle.includes(hashes[at], at, size, [*proof[:place], bytes(torn), *proof[place + 1 :]], root)


def test_what_is_not_there_is_not_asked_for() -> None:
    with pytest.raises(ValueError, match="leaf 3"):
        merkle.inclusion(parts(some(3)), 3, 3)
    with pytest.raises(ValueError, match="begin with 4"):
        merkle.consistency(parts(some(3)), 4, 3)
    assert not merkle.includes(b"", 0, 0, [], b"")
    assert not merkle.is_consistent(4, 3, b"", b"", [])
