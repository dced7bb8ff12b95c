"""What exactly is read out of a file of deadlines, and which sentence names what is wrong in it?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from grievance.rules.deadlines import Anchor, Calendar, Pause, Policy, Rung, Term, Unit
from grievance.terms import ClockKind, InvalidInput, Step
from grievance.vocabulary import Severity
from tests.rules.deadline_parts import LUBUMBASHI, TABLE, local

NOW, CRITICAL, SERIOUS, OTHER = Severity.NOW, Severity.CRITICAL, Severity.SERIOUS, Severity.OTHER
HOURS, DAYS, WORKING = Unit.HOURS, Unit.DAYS, Unit.WORKING_DAYS
WALL = Calendar(frozenset({date(2026, 6, 30)}), frozenset({5, 6}), LUBUMBASHI)


def small() -> dict:
    """A policy in which every clock has the same row, with one extension and two ladders of its own."""
    return {
        "version": "2030-01", "reminder_percent": 50, "question_pause": "3 wd",
        "columns": ["now", "critical", "serious", "other"],
        "terms": {kind.value: ["1 h", "2 d", "3 wd", "4 min"] for kind in ClockKind},
        "extension": {"answer": ["5 h", "6 d", "7 wd", "8 min"]},
        "ladder": {
            "next_party": ["1 d", "2 d", "3 wd", "4 wd"],
            "icoca": ["5 d", "6 d", "7 wd", "8 wd"],
        },
        "own_ladder": [
            {
                "clock": "custody", "columns": ["now", "other"],
                "steps": [
                    {"step": "reminder", "after_start": "24 h"},
                    {"step": "reminder", "after_start": "40 h"},
                    {"step": "deadline", "after_deadline": "0 min"},
                    {"step": "deadline", "after_deadline": "30 min"},
                ],
            },
            {"clock": "dispute_window", "columns": ["serious"], "steps": []},
        ],
    }  # fmt: skip


def usual(next_party: Term, icoca: Term) -> tuple[Rung, ...]:
    """The ladder of most clocks."""
    return (
        Rung(Step.REMINDER, 0, Anchor.SHARE, None),
        Rung(Step.DEADLINE, 0, Anchor.DEADLINE, Term(0, Unit.MINUTES)),
        Rung(Step.NEXT_PARTY, 0, Anchor.DEADLINE, next_party),
        Rung(Step.ICOCA, 0, Anchor.DEADLINE, icoca),
    )


def test_a_file_is_read_cell_by_cell() -> None:
    read = Policy.from_table(small())
    row = {
        NOW: Term(1, HOURS),
        CRITICAL: Term(2, DAYS),
        SERIOUS: Term(3, WORKING),
        OTHER: Term(4, Unit.MINUTES),
    }
    assert read.version == "2030-01"
    assert read.reminder_percent == 50
    assert read.question_pause == Term(3, WORKING)
    assert read.terms == {(kind, column): term for kind in ClockKind for column, term in row.items()}
    assert read.extensions == {
        (ClockKind.ANSWER, NOW): Term(5, HOURS),
        (ClockKind.ANSWER, CRITICAL): Term(6, DAYS),
        (ClockKind.ANSWER, SERIOUS): Term(7, WORKING),
        (ClockKind.ANSWER, OTHER): Term(8, Unit.MINUTES),
    }


def test_ladders_are_read_rung_by_rung_and_a_ladder_of_its_own_replaces_the_usual_one() -> None:
    read = Policy.from_table(small())
    usually = {
        NOW: usual(Term(1, DAYS), Term(5, DAYS)),
        CRITICAL: usual(Term(2, DAYS), Term(6, DAYS)),
        SERIOUS: usual(Term(3, WORKING), Term(7, WORKING)),
        OTHER: usual(Term(4, WORKING), Term(8, WORKING)),
    }
    custody = (
        Rung(Step.REMINDER, 0, Anchor.START, Term(24, HOURS)),
        Rung(Step.REMINDER, 1, Anchor.START, Term(40, HOURS)),
        Rung(Step.DEADLINE, 0, Anchor.DEADLINE, Term(0, Unit.MINUTES)),
        Rung(Step.DEADLINE, 1, Anchor.DEADLINE, Term(30, Unit.MINUTES)),
    )
    expected = {(kind, column): rungs for kind in ClockKind for column, rungs in usually.items()}
    expected |= {(ClockKind.CUSTODY, NOW): custody, (ClockKind.CUSTODY, OTHER): custody}
    expected[ClockKind.DISPUTE_WINDOW, SERIOUS] = ()
    assert read.ladders == expected
    assert read.ladder(ClockKind.CUSTODY, OTHER) == custody
    assert read.term(ClockKind.RELAY, CRITICAL) == Term(2, DAYS)
    assert read.longest_extension(ClockKind.ANSWER, NOW) == Term(5, HOURS)
    assert read.longest_extension(ClockKind.RELAY, NOW) is None


def test_figures_may_be_written_as_text_and_the_version_as_a_number() -> None:
    read = Policy.from_table({**small(), "version": 7, "reminder_percent": "75"})
    assert (read.version, read.reminder_percent) == ("7", 75)


@pytest.mark.parametrize("missing", sorted(small()))
def test_a_part_that_is_missing_is_said(missing: str) -> None:
    table = {name: part for name, part in small().items() if name != missing}
    with pytest.raises(InvalidInput, match=re.escape("deadlines: missing_or_unknown")):
        Policy.from_table(table)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"question_pause": "3 weeks"}, "term: not_an_amount_and_a_unit"),
        ({"question_pause": "3"}, "term: not_an_amount_and_a_unit"),
        ({"question_pause": "-3 d"}, "term: not_an_amount_and_a_unit"),
        ({"reminder_percent": 0}, "reminder_percent: not_between_1_and_99"),
        ({"reminder_percent": 100}, "reminder_percent: not_between_1_and_99"),
        ({"reminder_percent": "half"}, "deadlines: missing_or_unknown"),
        ({"columns": ["now", "critical", "serious", "grave"]}, "deadlines: missing_or_unknown"),
        ({"extension": {"answer": ["5 h", "6 d", "7 wd"]}}, "extension.answer: a_cell_for_each_column"),
        ({"extension": {"answer": ["5 d", "6 d", "7 wd", "8 min"]}},
         "extension.answer: other_unit_than_the_term"),
        ({"ladder": {"next_party": ["1 d"] * 4}}, "deadlines: missing_or_unknown"),
        ({"terms": {**small()["terms"], "nonsense": ["1 h"] * 4}}, "deadlines: missing_or_unknown"),
        ({"terms": {**small()["terms"], "relay": ["1 h"] * 5}}, "terms.relay: a_cell_for_each_column"),
        ({"terms": {kind: row for kind, row in small()["terms"].items() if kind != "relay"}},
         "terms.relay: missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(broken: dict, said: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{re.escape(said)}$"):
        Policy.from_table({**small(), **broken})


@pytest.mark.parametrize("percent", [1, 99])
def test_the_first_and_the_last_hundredth_are_places_for_a_reminder(percent: int) -> None:
    assert Policy.from_table({**small(), "reminder_percent": percent}).reminder_percent == percent


def test_a_week_without_a_working_day_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="^weekend: no_working_day$"):
        Calendar(frozenset(), frozenset(range(7)), LUBUMBASHI)
    assert Calendar(frozenset(), frozenset(range(6)), LUBUMBASHI).is_working(date(2026, 11, 29))


def test_every_instant_is_told_in_utc() -> None:
    since = datetime(2026, 11, 24, 9, 0, tzinfo=LUBUMBASHI)
    for term in (Term(0, WORKING), Term(1, WORKING), Term(1, HOURS)):
        assert WALL.after(since, term).tzinfo is UTC
    assert WALL.after(since, Term(0, WORKING)) == since
    assert WALL.end_of(date(2026, 11, 24)) == local("2026-11-24 23:59:59")


def test_a_pause_counts_only_where_it_stands_before_the_end() -> None:
    began = local("2026-11-24 09:00")
    hour = timedelta(hours=1)
    within, at_the_end = Pause(began + hour, began + 2 * hour), Pause(began + 5 * hour, began + 6 * hour)
    assert WALL.after(began, Term(5, HOURS), [within]) == began + 6 * hour
    assert WALL.after(began, Term(5, HOURS), [at_the_end]) == began + 5 * hour
    assert WALL.after(began, Term(5, HOURS), [at_the_end, within]) == began + 7 * hour
    assert WALL.after(began, Term(5, HOURS), [Pause(began, None)]) == began + 5 * hour


def test_a_working_day_at_whose_end_the_clock_stands_does_not_count() -> None:
    began, end = local("2026-11-24 09:00"), local("2026-11-25 23:59:59")
    second = timedelta(seconds=1)
    assert WALL.after(began, Term(1, WORKING), [Pause(end, end + second)]) == local("2026-11-26 23:59:59")
    assert WALL.after(began, Term(1, WORKING), [Pause(end - second, end)]) == end
    assert WALL.after(began, Term(1, WORKING), [Pause(end + second, end + 2 * second)]) == end


def test_the_file_that_is_delivered_has_no_hole() -> None:
    assert Policy.from_table(TABLE).version == TABLE["version"]
