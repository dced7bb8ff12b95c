"""Are deadlines, reminders and steps due exactly when they were promised?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from grievance.rules.clocks import (
    Calendar,
    DueStep,
    Term,
    attention_kind,
    column,
    due_at,
    next_step,
    steps_due,
    stop,
    take,
)
from grievance.rules.deadlines import Policy
from grievance.terms import ClockKind, InvalidInput, Refused, Step
from grievance.vocabulary import Severity
from tests.rules.deadline_parts import CALENDAR, LUBUMBASHI, POLICY, TABLE, clock, local

NOW, CRITICAL, SERIOUS, OTHER = Severity


def due(a_clock):
    return due_at(a_clock, POLICY, CALENDAR)


def ladder(a_clock):
    """Every step of a clock with its time, as the sweep would take them one after the other."""
    steps = []
    while (step := next_step(a_clock, POLICY, CALENDAR)) is not None:
        steps.append(step)
        a_clock = take(a_clock, step.step, step.instance)
    return steps


@pytest.mark.parametrize(
    ("kind", "promised"),
    [
        (ClockKind.FIRST_CALL, "1 h / 24 h / 48 h / 5 d"),
        (ClockKind.FIRST_ANSWER, "1 h / 24 h / 48 h / 5 d"),
        (ClockKind.TRIAGE, "1 d / 2 d / 5 d / 10 d"),
        (ClockKind.INTERIM, "24 h / 24 h / 24 h / 24 h"),
        (ClockKind.ACKNOWLEDGE, "24 h / 24 h / 2 wd / 5 wd"),
        (ClockKind.ANSWER, "10 wd / 10 wd / 15 wd / 30 d"),
        (ClockKind.RELAY, "1 wd / 2 wd / 2 wd / 2 wd"),
        (ClockKind.SETTLED_ASKED, "14 d / 14 d / 14 d / 14 d"),
        (ClockKind.DISPUTE_WINDOW, "60 d / 60 d / 60 d / 60 d"),
        (ClockKind.OUTCOME, "90 d / 90 d / 90 d / 90 d"),
        (ClockKind.CUSTODY, "48 h / 48 h / 48 h / 48 h"),
        (ClockKind.APPEAL_HANDED, "2 wd / 2 wd / 2 wd / 2 wd"),
        (ClockKind.REVEAL_CONFIRMED, "24 h / 24 h / 24 h / 24 h"),
    ],
)
def test_the_policy_promises_what_was_agreed(kind, promised):
    terms = [POLICY.term(kind, severity) for severity in (NOW, CRITICAL, SERIOUS, OTHER)]
    assert terms == [Term.from_text(text) for text in promised.split(" / ")]
    assert POLICY.version == "2026-11"


def test_hours_run_through_nights_weekends_and_holidays():
    saturday_night = clock(ClockKind.ACKNOWLEDGE, "2026-12-26 23:30", CRITICAL)
    assert due(saturday_night) == local("2026-12-27 23:30")


def test_calendar_days_end_at_the_same_time_of_day():
    assert due(clock(ClockKind.OUTCOME, "2026-11-24 09:00")) == local("2027-02-22 09:00")


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-11-24 00:00", "2026-11-26 23:59:59"),  # a Tuesday, from its first minute
        ("2026-11-24 23:59", "2026-11-26 23:59:59"),  # to its last
        ("2026-11-26 09:00", "2026-11-30 23:59:59"),  # a Thursday: over the weekend
        ("2026-11-27 09:00", "2026-12-01 23:59:59"),  # a Friday
        ("2026-11-28 09:00", "2026-12-01 23:59:59"),  # a Saturday counts like the Sunday after it
        ("2026-11-29 09:00", "2026-12-01 23:59:59"),
        ("2026-06-29 09:00", "2026-07-02 23:59:59"),  # Independence Day in between
        ("2026-06-30 09:00", "2026-07-02 23:59:59"),  # or on the day itself
        ("2026-12-23 09:00", "2026-12-28 23:59:59"),  # Christmas on a Friday
    ],
)
def test_two_working_days_end_with_the_second_working_day(since, until):
    assert due(clock(ClockKind.ACKNOWLEDGE, since)) == local(until)


def test_the_day_is_the_one_on_the_wall_in_lubumbashi_not_in_greenwich():
    just_after_midnight = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)  # already the 25th there
    end = CALENDAR.after(just_after_midnight, Term.from_text("1 wd"))
    assert end == local("2026-11-26 23:59:59")
    assert end.tzinfo is UTC


def test_there_is_no_summer_time_in_lubumbashi():
    offsets = {datetime(2026, month, 1, tzinfo=LUBUMBASHI).utcoffset() for month in range(1, 13)}
    assert offsets == {timedelta(hours=2)}


def test_a_company_that_stays_silent_is_reminded_then_named_then_climbs():
    silent = clock(ClockKind.ACKNOWLEDGE, "2026-11-24 09:00", CRITICAL)
    assert ladder(silent) == [
        DueStep(Step.REMINDER, 0, local("2026-11-25 03:00")),
        DueStep(Step.DEADLINE, 0, local("2026-11-25 09:00")),
        DueStep(Step.NEXT_PARTY, 0, local("2026-11-26 09:00")),
        DueStep(Step.ICOCA, 0, local("2026-11-28 09:00")),
    ]


def test_serious_matters_climb_by_working_days():
    silent = clock(ClockKind.ANSWER, "2026-11-02 09:00")
    due_on, climbs = local("2026-11-23 23:59:59"), ladder(silent)
    assert [step.at for step in climbs[1:]] == [
        due_on,
        local("2026-11-30 23:59:59"),
        local("2026-12-07 23:59:59"),
    ]
    assert climbs[0].at == silent.started_at + (due_on - silent.started_at) * 3 / 4


def test_an_unmade_call_reaches_the_lead_the_backup_and_icoca_within_four_hours():
    assert [(step.step, step.instance, step.at) for step in ladder(_call("2026-11-24 22:00"))] == [
        (Step.REMINDER, 0, local("2026-11-24 22:45")),
        (Step.DEADLINE, 0, local("2026-11-24 23:00")),
        (Step.DEADLINE, 1, local("2026-11-24 23:30")),
        (Step.NEXT_PARTY, 0, local("2026-11-25 00:00")),
        (Step.ICOCA, 0, local("2026-11-25 02:00")),
    ]


def _call(since):
    return clock(ClockKind.FIRST_CALL, since, NOW)


def test_custody_alerts_come_at_24_40_and_48_hours_after_the_arrest_and_late_ones_at_once():
    arrest = clock(ClockKind.CUSTODY, "2026-11-24 10:00", NOW)
    assert [step.at - arrest.started_at for step in ladder(arrest)] == [
        timedelta(hours=hours) for hours in (24, 40, 48)
    ]
    told_late = steps_due(arrest, arrest.started_at + timedelta(hours=41), POLICY, CALENDAR)
    assert [step.instance for step in told_late] == [0, 1]


def test_we_ask_after_reprisals_at_7_30_and_90_days():
    check_in = clock(ClockKind.CHECK_IN, "2026-11-24 10:00")
    assert [(step.step, step.at - check_in.started_at) for step in ladder(check_in)] == [
        (Step.REMINDER, timedelta(days=days)) for days in (7, 30, 90)
    ]


def test_the_complainants_silence_climbs_to_nobody():
    asked = ladder(clock(ClockKind.SETTLED_ASKED, "2026-11-24 10:00"))
    assert [(step.step, step.at) for step in asked] == [(Step.DEADLINE, local("2026-12-08 10:00"))]
    assert ladder(clock(ClockKind.DISPUTE_WINDOW, "2026-11-24 10:00")) == []


def test_each_step_is_taken_once():
    silent = take(clock(ClockKind.ANSWER, "2026-11-02 09:00"), Step.REMINDER)
    with pytest.raises(Refused, match="step_already_taken"):
        take(silent, Step.REMINDER)
    assert Step.REMINDER not in {
        step.step for step in steps_due(silent, local("2027-06-01 00:00"), POLICY, CALENDAR)
    }


def test_a_sweep_that_was_away_for_days_takes_every_missed_step_in_order():
    silent = clock(ClockKind.ACKNOWLEDGE, "2026-11-24 09:00", CRITICAL)
    missed = steps_due(silent, local("2026-11-30 09:00"), POLICY, CALENDAR)
    assert [step.step for step in missed] == list(Step)


def test_a_step_is_due_at_its_very_second_and_not_before():
    silent = take(clock(ClockKind.ACKNOWLEDGE, "2026-11-24 09:00", CRITICAL), Step.REMINDER)
    at = local("2026-11-25 09:00")
    assert steps_due(silent, at - timedelta(seconds=1), POLICY, CALENDAR) == ()
    assert [step.step for step in steps_due(silent, at, POLICY, CALENDAR)] == [Step.DEADLINE]


def test_a_guard_company_that_answered_is_left_alone_while_the_silent_mine_climbs():
    provider, mine = (clock(ClockKind.ANSWER, "2026-11-02 09:00") for _ in range(2))
    provider = stop(provider, local("2026-11-10 09:00"))
    much_later = local("2027-01-01 00:00")
    assert steps_due(provider, much_later, POLICY, CALENDAR) == ()
    assert steps_due(mine, much_later, POLICY, CALENDAR)[-1].step is Step.ICOCA


def test_a_restricted_case_runs_as_the_gravest_until_a_person_called_whatever_it_is():
    assert {column(severity, restricted=True, called=False) for severity in Severity} == {NOW}
    assert {column(severity, restricted=True, called=True) for severity in Severity} == {CRITICAL}
    assert [column(severity, restricted=False, called=True) for severity in Severity] == list(Severity)


def test_only_what_cannot_wait_starts_with_a_call():
    assert [attention_kind(severity) for severity in (NOW, CRITICAL, OTHER)] == [
        ClockKind.FIRST_CALL,
        ClockKind.FIRST_ANSWER,
        ClockKind.FIRST_ANSWER,
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {"version": None, "terms": {}},
        {"reminder_percent": 100},
        {"question_pause": "five days"},
        {"columns": ["now", "critical"]},
        {"extension": {"answer": ["5 h", "5 wd", "10 wd", "15 d"]}},
        {"terms": {**TABLE["terms"], "nonsense": ["1 h"] * 4}},
        {"terms": {kind: row for kind, row in TABLE["terms"].items() if kind != "relay"}},
        {"ladder": {"icoca": ["1 d"] * 4}},
        {"own_ladder": [{"clock": "custody", "columns": ["now"], "steps": [{"step": "reminder"}]}]},
    ],
)
def test_a_policy_with_a_hole_in_it_is_refused(broken):
    with pytest.raises(InvalidInput):
        Policy.from_table({**TABLE, **broken})


def test_a_calendar_without_a_working_day_is_refused():
    with pytest.raises(InvalidInput):
        Calendar(frozenset({date(2026, 1, 1)}), frozenset(range(7)), LUBUMBASHI)


def test_a_time_that_does_not_say_where_is_refused():
    with pytest.raises(InvalidInput):
        clock(ClockKind.ANSWER, "2026-11-02 09:00").__class__(
            ClockKind.ANSWER, SERIOUS, None, datetime.fromisoformat("2026-11-02 09:00")
        )
