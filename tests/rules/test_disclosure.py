"""Can somebody be found in what is printed?"""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grievance.rules.disclosure import ALL, THRESHOLD, Count, Key, is_small, publishable, totals

ROWS, COLUMNS = ("Kambove", "Kipushi", "Lubudi", "Sandoa"), ("chien", "coups", "extorsion", "tir")
COUNTS = st.builds(
    lambda cases, more: Count(cases, cases + more if cases else 0), st.integers(0, 30), st.integers(0, 9)
)
TABLES = st.dictionaries(st.tuples(st.sampled_from(ROWS), st.sampled_from(COLUMNS)), COUNTS, max_size=16)
CUBES = st.dictionaries(
    st.tuples(st.sampled_from(ROWS[:3]), st.sampled_from(COLUMNS[:3]), st.sampled_from(("web", "sms"))),
    COUNTS,
    max_size=18,
)
BIG = Count(20, 25)


def highest(hidden: dict[Key, int], cell: Key) -> int:
    """The most that a hidden cell of a two-way table can be, knowing all that is printed and all totals.

    An independent way to compute it: push one unit after the other around the hidden cells (a maximal flow).
    """
    left = dict(hidden)
    rows, columns = {key[0] for key in left}, {key[1] for key in left}
    while (path := _way_round(left, cell, rows, columns)) and left[cell] < hidden[cell] + THRESHOLD:
        left[cell] += 1
        for falls, key in path:
            left[key] += -1 if falls else 1
    return left[cell]


def _way_round(
    left: dict[Key, int], cell: Key, rows: set[str], columns: set[str]
) -> list[tuple[bool, Key]] | None:
    """Cells that fall (in a row) and rise (in a column), from the cell's row back to its column."""
    seen = {cell[0]}
    waiting = deque([(cell[0], [])])
    while waiting:
        row, path = waiting.popleft()
        for column in columns:
            key = (row, column)
            if key == cell or left.get(key, 0) <= 0:
                continue
            if column == cell[1]:
                return [*path, (True, key)]
            for other in rows - seen:
                if (other, column) in left and (other, column) != cell:
                    seen.add(other)
                    waiting.append((other, [*path, (True, key), (False, (other, column))]))
    return None


def could_be(hidden: dict[Key, int], cell: Key, sums: dict[Key, Count]) -> int:
    """The most that a hidden cell can be beside the totals that were printed."""
    by_row, by_column = any(key[0] != ALL for key in sums), any(key[1] != ALL for key in sums)
    if by_row and by_column:
        return highest(hidden, cell)
    if not sums:
        return THRESHOLD
    partners = [
        number
        for key, number in hidden.items()
        if (not by_row or key[0] == cell[0]) and (not by_column or key[1] == cell[1])
    ]
    return sum(partners)


@settings(max_examples=200, deadline=None)
@given(TABLES)
def test_with_all_that_is_printed_a_small_number_could_still_be_a_large_one(cells: dict[Key, Count]) -> None:
    shown, sums = publishable(cells), totals(cells)
    full = {key: cells.get(key, Count(0, 0)) for key in shown}
    for measure in ("cases", "people"):
        hidden = {key: getattr(full[key], measure) for key, count in shown.items() if count is None}
        assert all(could_be(hidden, cell, sums) >= THRESHOLD for cell in hidden if is_small(full[cell]))


@settings(max_examples=200, deadline=None)
@given(TABLES)
def test_a_small_total_that_was_left_out_cannot_be_worked_out_either(cells: dict[Key, Count]) -> None:
    shown, sums = publishable(cells), totals(cells)
    for side, other in ((0, 1), (1, 0)):
        if any(key[side] != ALL for key in sums) or not sums:
            continue
        for name in {key[side] for key in cells}:
            total = sum((count for key, count in cells.items() if key[side] == name), Count(0, 0))
            open_lines = {key[other] for key, count in shown.items() if count is None and key[side] == name}
            by_other = any(key[other] != ALL for key in sums)
            movable = [
                cells.get(key, Count(0, 0))
                for key, count in shown.items()
                if count is None and key[side] != name and (not by_other or key[other] in open_lines)
            ]
            if is_small(total):
                assert min((total + sum(movable, Count(0, 0))).__dict__.values()) >= THRESHOLD


@settings(max_examples=100, deadline=None)
@given(st.one_of(TABLES, CUBES))
def test_no_small_number_is_ever_printed_neither_as_a_cell_nor_as_a_total(cells: dict[Key, Count]) -> None:
    printed = [count for count in publishable(cells).values() if count is not None]
    assert not any(is_small(count) for count in [*printed, *totals(cells).values()])


@settings(max_examples=60, deadline=None)
@given(st.one_of(TABLES, CUBES))
def test_in_every_line_with_a_printed_total_a_hidden_number_has_company(cells: dict[Key, Count]) -> None:
    shown, sums = publishable(cells), totals(cells)
    for where in sums:
        line = [
            count
            for key, count in shown.items()
            if all(w in (ALL, k) for w, k in zip(where, key, strict=True))
        ]
        assert line.count(None) != 1


@settings(max_examples=60, deadline=None)
@given(st.one_of(TABLES, CUBES), st.randoms())
def test_the_same_cases_always_hide_the_same_cells(cells: dict[Key, Count], random) -> None:
    mixed = list(cells.items())
    random.shuffle(mixed)
    assert publishable(dict(mixed)) == publishable(cells)
    assert totals(dict(mixed)) == totals(cells)


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_what_is_printed_is_true(cells: dict[Key, Count]) -> None:
    for key, count in publishable(cells).items():
        assert count is None or count == cells.get(key, Count(0, 0))
    for where, total in totals(cells).items():
        inside = [
            c for key, c in cells.items() if all(w in (ALL, k) for w, k in zip(where, key, strict=True))
        ]
        assert total == sum(inside, Count(0, 0))


def test_one_dog_attack_in_one_territory_hides_a_rectangle_and_keeps_the_totals() -> None:
    cells = {(row, column): BIG for row in ROWS[:3] for column in COLUMNS[:3]} | {
        ("Kipushi", "chien"): Count(1, 1)
    }
    shown = publishable(cells)
    hidden = {key for key, count in shown.items() if count is None}
    assert len(hidden) == 4
    assert ("Kipushi", "chien") in hidden
    assert totals(cells)[("Kipushi", ALL)] == Count(41, 51)


def test_a_table_without_small_numbers_is_printed_whole() -> None:
    cells = {(row, column): BIG for row in ROWS for column in COLUMNS}
    assert publishable(cells) == cells
    assert totals(cells)[(ALL, ALL)] == Count(320, 400)


def test_five_cases_of_one_family_of_three_are_too_few_people() -> None:
    assert is_small(Count(5, 3))
    assert not is_small(Count(5, 5))
    assert not is_small(Count(0, 0))


@pytest.mark.parametrize(
    "cells",
    [
        {("Kipushi", "chien"): Count(3, 3)},
        {("Kipushi", "chien"): Count(1, 1), ("Kipushi", "tir"): Count(1, 1)},
        {("Kipushi", "chien"): Count(2, 2), ("Kipushi", "tir"): Count(2, 2), ("Lubudi", "tir"): Count(2, 2)},
    ],
)
def test_a_table_too_small_to_hide_in_is_not_printed_at_all_nor_are_its_totals(
    cells: dict[Key, Count],
) -> None:
    assert not any(count is not None and count != Count(0, 0) for count in publishable(cells).values())
    assert totals(cells) == {}


def test_a_territory_with_few_cases_takes_the_totals_of_all_territories_out() -> None:
    cells = {(row, column): BIG for row in ROWS for column in COLUMNS}
    cells |= {("Sandoa", column): Count(0, 0) for column in COLUMNS} | {("Sandoa", "tir"): Count(2, 2)}
    sums = totals(cells)
    assert not any(key[0] != ALL for key in sums)
    assert sums[(ALL, "tir")] == Count(62, 77)


def test_a_list_of_one_dimension_hides_a_second_number_beside_the_small_one() -> None:
    shown = publishable({("a",): Count(2, 2), ("b",): Count(6, 6), ("c",): Count(40, 40)})
    assert shown == {("a",): None, ("b",): None, ("c",): Count(40, 40)}


def test_many_scattered_small_numbers_cost_totals_and_not_the_whole_table() -> None:
    cells = {("a", "x"): Count(2, 2), ("a", "y"): Count(2, 2), ("a", "z"): Count(2, 2)}
    cells |= {("b", column): BIG for column in "xyz"} | {("c", column): BIG for column in "xyz"}
    assert sum(count is not None for count in publishable(cells).values()) >= 3
    assert totals(cells)[(ALL, ALL)] == Count(126, 156)


def test_an_empty_table_is_empty() -> None:
    assert publishable({}) == {}
    assert totals({}) == {}
