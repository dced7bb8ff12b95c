"""Which numbers of a table can be printed so that nobody is found in them?

The method. A table has dimensions (say territory, harm); a cell counts cases and people. A number, cell or
total, is *small* when it is not zero and counts fewer than `threshold` cases or people. A kind of total
(say per territory) is printed only when none of its totals is small.

Small cells are hidden, and with each of them the other corners of a box of cells (along one dimension a
pair, along two a rectangle). Going around the box, one more here and one fewer there leaves every printed
total as it was; the corners that fall are large enough for the small cell to rise to the threshold. So
whoever reads all that is printed, totals included, cannot rule out that it is a large number. The box runs
along dimensions within those of the small total itself, so the same holds for small totals that were left
out.

Where such boxes are not found, finer kinds of totals are given up, down to the grand total; where even that
cannot stand, nothing is printed: the classes must be made wider. Zeros that no box needs are printed.

What this does not do: two tables of the same cases, or one table on two days, are not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product

Key = tuple[str, ...]
# The dimensions that a kind of total keeps apart.
Level = frozenset[int]
THRESHOLD = 5
# Stands in a key of `totals` for a dimension that was summed over.
ALL = "*"


@dataclass(frozen=True)
class Count:
    """How many cases, and how many people were harmed in them."""

    cases: int
    people: int

    def __add__(self, other: Count) -> Count:
        return Count(self.cases + other.cases, self.people + other.people)


NONE = Count(0, 0)


def is_small(count: Count, threshold: int = THRESHOLD) -> bool:
    """Whether this count could point to somebody. No case at all points to nobody."""
    return count != NONE and min(count.cases, count.people) < threshold


def _values(cells: Mapping[Key, Count]) -> list[list[str]]:
    """The values of each dimension, in order."""
    width = len(next(iter(cells), ()))
    return [sorted({key[dimension] for key in cells}) for dimension in range(width)]


def _sums(table: Mapping[Key, Count], kept: Level) -> dict[Key, Count]:
    """The totals of one kind."""
    sums: dict[Key, Count] = {}
    for key, count in table.items():
        where = _at(key, kept)
        sums[where] = sums.get(where, NONE) + count
    return sums


def _at(key: Key, kept: Level) -> Key:
    return tuple(value if dimension in kept else ALL for dimension, value in enumerate(key))


def _levels(width: int) -> list[Level]:
    """Every kind of number, from the grand total to the cells."""
    return [frozenset(kept) for size in range(width + 1) for kept in combinations(range(width), size)]


def _box(cell: Key, opposite: Key) -> Iterable[tuple[Key, bool]]:
    """The other corners between two cells, each with whether it falls when `cell` rises."""
    sides = [(here,) if here == there else (here, there) for here, there in zip(cell, opposite, strict=True)]
    for corner in product(*sides):
        apart = sum(1 for here, there in zip(cell, corner, strict=True) if here != there)
        if apart:
            yield corner, apart % 2 == 1


def _protects(table: Mapping[Key, Count], cell: Key, opposite: Key, threshold: int) -> bool:
    """Whether `cell` could be as large as the threshold by going around this box."""
    falling = [table[corner] for corner, falls in _box(cell, opposite) if falls]
    cases = table[cell].cases + min((count.cases for count in falling), default=threshold)
    people = table[cell].people + min((count.people for count in falling), default=threshold)
    return min(cases, people) >= threshold


def _opposites(cell: Key, values: list[list[str]], along: Level) -> Iterable[Key]:
    """The cells that differ from this one in each of the dimensions `along`, and in no other."""
    return product(*(
        [value for value in known if value != cell[dimension]] if dimension in along else [cell[dimension]]
        for dimension, known in enumerate(values)
    ))  # fmt: skip


def _cost(table: Mapping[Key, Count], more: set[Key]) -> tuple[int, int, list[Key]]:
    """Cases lost, cells lost, then the keys: the same table always hides the same cells."""
    return sum(table[key].cases for key in more), len(more), sorted(more)


class _Table:
    """One table with what is worked out of it once."""

    def __init__(self, cells: Mapping[Key, Count], threshold: int) -> None:
        self.threshold = threshold
        self.values = _values(cells)
        self.cells = {key: cells.get(key, NONE) for key in product(*self.values)} if cells else {}
        self.sums = {level: _sums(self.cells, level) for level in _levels(len(self.values))}
        self.safe = [level for level, sums in self.sums.items() if not self._any_small(sums)]

    def _any_small(self, sums: Mapping[Key, Count]) -> bool:
        return any(is_small(count, self.threshold) for count in sums.values())

    def small_levels(self, cell: Key) -> list[Level]:
        """The widest kinds of total in which this cell's total is small; the cell itself, if no wider one."""
        small = [lvl for lvl in self.sums if is_small(self.sums[lvl][_at(cell, lvl)], self.threshold)]
        return [level for level in small if not any(wider < level for wider in small)]

    def cheapest(self, cell: Key, level: Level, printed: list[Level], hidden: set[Key]) -> set[Key] | None:
        """The corners of the box that hides the least; None when no box protects this total of the cell."""
        boxes = [
            {corner for corner, _ in _box(cell, opposite)}
            for along in self.sums
            if along <= level and not any(along <= kept for kept in printed)
            for opposite in _opposites(cell, self.values, along)
            if _protects(self.cells, cell, opposite, self.threshold)
        ]
        return min(boxes, key=lambda box: _cost(self.cells, box - hidden), default=None)

    def hide(self, printed: list[Level]) -> set[Key] | None:
        """The cells to hide beside these totals; None when they cannot all be protected."""
        small = sorted(key for key, count in self.cells.items() if is_small(count, self.threshold))
        hidden = set(small)
        for cell in small:
            for level in self.small_levels(cell):
                box = self.cheapest(cell, level, printed, hidden)
                if box is None:
                    return None
                hidden |= box
        return hidden

    def settle(self) -> tuple[set[Key], list[Level]]:
        """The cells to hide and the kinds of total to print, giving up the finest kinds first."""
        for size in reversed(range(len(self.values))):
            printed = [level for level in self.safe if len(level) <= size]
            hidden = self.hide(printed)
            if hidden is not None:
                return hidden, printed
        return set(self.cells), []


def publishable(cells: Mapping[Key, Count], threshold: int = THRESHOLD) -> dict[Key, Count | None]:
    """The full table, None where a number is hidden. Keys are tuples of one length.

    Deterministic: the same cells give the same answer, in whatever order they come. Only `totals` of the same
    cells may be printed beside it.
    """
    table = _Table(cells, threshold)
    hidden, _ = table.settle()
    return {key: None if key in hidden else count for key, count in table.cells.items()}


def totals(cells: Mapping[Key, Count], threshold: int = THRESHOLD) -> dict[Key, Count]:
    """The totals that may stand beside `publishable(cells)`; ALL in a key stands for what was summed over."""
    table = _Table(cells, threshold)
    _, printed = table.settle()
    return {where: count for level in printed for where, count in table.sums[level].items()}
