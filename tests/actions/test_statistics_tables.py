"""Is a table of many small numbers made wider before it says nothing at all?"""

from __future__ import annotations

from grievance.actions.statistics_tables import wide_enough
from grievance.rules.disclosure import Count, publishable
from grievance.schemas.statistics import PERIOD


def test_a_table_that_would_be_all_hidden_is_told_for_all_quarters_together() -> None:
    cells = {
        (stage, f"2026-Q{quarter}"): Count(cases, cases)
        for stage, numbers in {
            "received": (1, 0, 2, 3), "examined": (4, 3, 4, 1), "closed": (4, 4, 1, 4),
        }.items()
        for quarter, cases in enumerate(numbers, 1)
    }  # fmt: skip
    assert not any(count and count.cases for count in publishable(cells).values())

    told = wide_enough(cells)

    assert told == {("received", PERIOD): Count(6, 6), ("examined", PERIOD): Count(12, 12),
                    ("closed", PERIOD): Count(13, 13)}  # fmt: skip
    assert all(publishable(told).values())


def test_a_table_with_numbers_that_can_stand_keeps_its_quarters() -> None:
    cells = {("received", "2026-Q1"): Count(7, 9), ("closed", "2026-Q2"): Count(8, 8)}

    assert wide_enough(cells) == cells


def test_nothing_to_count_stays_nothing() -> None:
    assert wide_enough({}) == {}
