"""A case goes when its time is over, its desk was told in time, and no lead keeps it."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.retention import FILE, load_retention
from grievance.actions import delivery, sign_in, texts_memory
from grievance.rules.retention import Keeping, Retention, erased_on, may_go, to_be_told
from grievance.terms import InvalidInput

CLOSED = datetime(2026, 1, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KEPT = load_retention()
OVER = CLOSED + KEPT.closed_case


def table() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def test_an_open_case_never_goes() -> None:
    assert erased_on(Keeping(None), KEPT) is None
    assert not may_go(Keeping(None, told_at=CLOSED), KEPT, OVER + 999 * DAY)


def test_a_desk_is_told_thirty_days_before_and_not_sooner() -> None:
    case = Keeping(CLOSED)

    assert not to_be_told(case, KEPT, OVER - 31 * DAY)
    assert to_be_told(case, KEPT, OVER - 30 * DAY)


def test_nothing_goes_that_nobody_was_told_of_however_old() -> None:
    assert not may_go(Keeping(CLOSED), KEPT, OVER + 999 * DAY)


def test_a_desk_told_late_has_its_thirty_days_all_the_same() -> None:
    case = Keeping(CLOSED, told_at=OVER + 5 * DAY)

    assert erased_on(case, KEPT) == OVER + 35 * DAY
    assert not may_go(case, KEPT, OVER + 34 * DAY)
    assert may_go(case, KEPT, OVER + 35 * DAY)


def test_what_was_said_before_a_reopening_does_not_count() -> None:
    case = Keeping(CLOSED, told_at=CLOSED - DAY)

    assert not may_go(case, KEPT, OVER + 99 * DAY)
    assert to_be_told(case, KEPT, OVER)


def test_a_case_on_hold_stays() -> None:
    case = Keeping(CLOSED, told_at=OVER - 30 * DAY, held_at=OVER - DAY)

    assert not may_go(case, KEPT, OVER + 999 * DAY)
    assert not to_be_told(case, KEPT, OVER)


def test_a_case_joined_to_another_lasts_as_long_as_that_one() -> None:
    case = Keeping(CLOSED, told_at=OVER - 30 * DAY, joined=True)

    assert erased_on(case, KEPT) is None
    assert not may_go(case, KEPT, OVER + 999 * DAY)


def test_what_the_file_calls_fixed_is_what_the_program_does() -> None:
    words = FILE.read_text(encoding="utf-8")
    fixed = {"conversation": texts_memory.LIVES, "staff": sign_in.ABSOLUTE, "sent": delivery.GIVES_UP}
    hours = {name: int(span.total_seconds() // 3600) for name, span in fixed.items()}

    assert f"A conversation by SMS lives {hours['conversation']} hours" in words
    assert f"{hours['staff']} hours a session of staff" in words
    assert f"{hours['sent']} hours after it was sent a text is emptied" in words


def test_the_file_says_whose_figures_these_are() -> None:
    words = FILE.read_text(encoding="utf-8").replace("\n#", "")
    assert "this service's own default" in words
    assert "none of them is anybody else's rule" in words


@pytest.mark.parametrize("wrong", ["5", "0 d", "five y", "5 w", "", None, 5])
def test_a_span_that_is_none_is_named(wrong: object) -> None:
    kept = table()
    kept["keep"]["closed_case"] = wrong
    with pytest.raises(InvalidInput, match="closed_case: no_span"):
        Retention.from_table(kept)


def test_a_missing_and_an_unknown_kind_are_named() -> None:
    missing, unknown = table(), table()
    del missing["keep"]["dedup"]
    unknown["keep"]["stories"] = "1 d"
    with pytest.raises(InvalidInput, match="dedup: missing"):
        Retention.from_table(missing)
    with pytest.raises(InvalidInput, match="stories: unknown"):
        Retention.from_table(unknown)


def test_a_file_is_read_span_by_span() -> None:
    kinds = (
        "closed_case", "told_before", "capsule", "unfinished", "waiting_text", "notice", "dedup",
        "set_aside", "ended_session",
    )  # fmt: skip
    spans = {
        name: f"{number} {unit}"
        for number, (name, unit) in enumerate(zip(kinds, "hdyhdyhdy", strict=True), 1)
    }
    day = timedelta(days=1)
    assert Retention.from_table({"version": "2030-01", "keep": spans}) == Retention(
        "2030-01", timedelta(hours=1), 2 * day, 3 * 365 * day, timedelta(hours=4), 5 * day, 6 * 365 * day,
        timedelta(hours=7), 8 * day, 9 * 365 * day,
    )  # fmt: skip


@pytest.mark.parametrize("wrong", [{}, {"keep": {}}, {"version": "1"}, {"version": 1, "keep": {}}])
def test_a_file_without_its_version_or_its_spans_is_refused(wrong: dict) -> None:
    with pytest.raises(InvalidInput, match="^retention: incomplete$"):
        Retention.from_table(wrong)


@pytest.mark.parametrize("span", ["1 h ", " 1 h", "1  h", "01 h", "1h", "100000 h", "1 hours"])
def test_a_span_is_written_in_one_way(span: str) -> None:
    kept = table()
    kept["keep"]["dedup"] = span
    with pytest.raises(InvalidInput, match="^dedup: no_span$"):
        Retention.from_table(kept)
