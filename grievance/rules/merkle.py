"""How does one hash stand for many, so that each of the many can be shown to be under it?

A Merkle tree over values in their order. What is hashed is marked as a value or as a node, so that neither
can pass for the other; a node left over on its level goes up as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum

HASH_BYTES = 32
_VALUE, _NODE = b"\x00", b"\x01"


class Side(StrEnum):
    """On which side of ours the other hash stands."""

    LEFT = "left"
    RIGHT = "right"


Path = tuple[tuple[Side, bytes], ...]
_LETTERS = {Side.LEFT: b"L", Side.RIGHT: b"R"}
_SIDES = {letter: side for side, letter in _LETTERS.items()}


class Tree:
    """The tree of some values; at least one."""

    def __init__(self, values: Iterable[bytes]) -> None:
        level = [_value(value) for value in values]
        if not level:
            raise ValueError("a tree stands on at least one value")
        self._levels = [level]
        while len(level) > 1:
            level = _above(level)
            self._levels.append(level)

    @property
    def root(self) -> bytes:
        """The hash that stands for all of them."""
        return self._levels[-1][0]

    def path(self, place: int) -> Path:
        """What leads from the value at a place (from 0) up to the root."""
        steps = []
        for level in self._levels[:-1]:
            other = place ^ 1
            if other < len(level):
                steps.append((Side.LEFT if other < place else Side.RIGHT, level[other]))
            place //= 2
        return tuple(steps)


def climb(value: bytes, path: Path) -> bytes:
    """The root that a value and its path lead to."""
    found = _value(value)
    for side, other in path:
        found = _node(other, found) if side is Side.LEFT else _node(found, other)
    return found


def packed(path: Path) -> bytes:
    """A path as bytes, 33 for each step."""
    return b"".join(_LETTERS[side] + other for side, other in path)


def unpacked(kept: bytes) -> Path:
    """What `packed` wrote. Raises ValueError."""
    size = 1 + HASH_BYTES
    steps = [kept[start : start + size] for start in range(0, len(kept), size)]
    if any(len(step) != size or step[:1] not in _SIDES for step in steps):
        raise ValueError("no path")
    return tuple((_SIDES[step[:1]], step[1:]) for step in steps)


def salted(salt: bytes, root: bytes) -> bytes:
    """The root of a chain's own tree, hidden, so that nobody can try out what may stand under it."""
    return hashlib.sha256(salt + root).digest()


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_node(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
    return pairs + ([level[-1]] if len(level) % 2 else [])


def _value(value: bytes) -> bytes:
    return hashlib.sha256(_VALUE + value).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
