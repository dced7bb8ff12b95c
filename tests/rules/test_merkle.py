"""Can each value be shown to be under the one hash, and nothing else?"""

from __future__ import annotations

import hashlib
from itertools import product

import pytest

from grievance.rules.merkle import Side, Tree, climb, packed, salted, unpacked

SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17)


def some(number: int) -> list[bytes]:
    return [f"value {each}".encode() for each in range(number)]


def leaf(value: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + value).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("size", SIZES)
def test_every_value_climbs_to_the_root_by_its_own_path_and_by_no_other(size: int) -> None:
    values = some(size)
    tree = Tree(values)
    for place, value in product(range(size), values):
        assert (climb(value, tree.path(place)) == tree.root) is (values[place] == value)


def test_the_root_is_made_as_the_file_of_a_proof_describes_it() -> None:
    one, two, three = some(3)
    assert Tree([one]).root == leaf(one)
    assert Tree([one, two]).root == node(leaf(one), leaf(two))
    assert Tree([one, two, three]).root == node(node(leaf(one), leaf(two)), leaf(three))
    assert Tree([one, two, three]).path(1) == ((Side.LEFT, leaf(one)), (Side.RIGHT, leaf(three)))
    assert Tree([one, two, three]).path(2) == ((Side.LEFT, node(leaf(one), leaf(two))),)


def test_a_node_does_not_pass_for_a_value() -> None:
    one, two = some(2)
    assert Tree([leaf(one) + leaf(two)]).root != Tree([one, two]).root


def test_of_nothing_there_is_no_tree() -> None:
    with pytest.raises(ValueError, match=r"^a tree stands on at least one value$"):
        Tree([])


@pytest.mark.parametrize("size", SIZES)
def test_a_path_is_kept_as_bytes_and_read_again(size: int) -> None:
    tree = Tree(some(size))
    for place in range(size):
        path = tree.path(place)
        assert len(packed(path)) == 33 * len(path)
        assert unpacked(packed(path)) == path
    assert packed(((Side.LEFT, b"a" * 32), (Side.RIGHT, b"b" * 32))) == b"L" + b"a" * 32 + b"R" + b"b" * 32


@pytest.mark.parametrize(
    "kept", [b"L", b"L" + b"a" * 31, b"L" + b"a" * 33, b"X" + b"a" * 32, b"L" * 33 + b"l" * 33]
)
def test_what_is_no_path_is_refused(kept: bytes) -> None:
    with pytest.raises(ValueError, match=r"^no path$"):
        unpacked(kept)


def test_the_salt_stands_before_the_root() -> None:
    assert salted(b"salt", b"root") == hashlib.sha256(b"saltroot").digest()
