"""Which clocks wait for the complainant, how long, and at whose cost?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.rules.clocks import (
    COMPLAINANT,
    Pause,
    accept_question,
    due_at,
    next_step,
    on_time,
    pause,
    resume,
    steps_due,
    stop,
    whose_turn,
)
from grievance.rules.deadlines import Term
from grievance.terms import ClockKind, Refused, Role, Step
from grievance.vocabulary import Severity
from tests.rules.deadline_parts import CALENDAR, COMPANY, DESK, POLICY, clock, local

RULES = (POLICY, CALENDAR)


def due(a_clock):
    return due_at(a_clock, *RULES)


def waiting(a_clock, since, for_whom=Role.COMPLAINANT):
    return pause(a_clock, local(since), for_whom, *RULES)


def answer_clock(severity=Severity.SERIOUS):
    """From a Monday; fifteen working days end on Monday 23 November 2026."""
    return clock(ClockKind.ANSWER, "2026-11-02 09:00", severity)


def test_waiting_for_the_complainant_stops_the_desks_clock_for_exactly_that_long():
    triage = clock(ClockKind.TRIAGE, "2026-11-02 09:00")
    waited = resume(waiting(triage, "2026-11-03 10:00"), local("2026-11-05 13:00"))
    assert due(waited) - due(triage) == timedelta(days=2, hours=3)


def test_while_the_complainant_is_awaited_nobody_is_reminded_and_it_is_their_turn():
    paused = waiting(clock(ClockKind.RELAY, "2026-11-02 09:00"), "2026-11-03 10:00")
    assert next_step(paused, *RULES) is None
    assert steps_due(paused, local("2027-01-01 00:00"), *RULES) == ()
    assert whose_turn(paused, local("2026-11-03 11:00")) == COMPLAINANT
    assert on_time(paused, local("2027-01-01 00:00"), *RULES) is None


def test_a_pause_within_one_working_day_moves_nothing_and_one_over_a_night_moves_one_working_day():
    relay = clock(ClockKind.RELAY, "2026-11-02 09:00")
    within = resume(waiting(relay, "2026-11-03 08:00"), local("2026-11-03 20:00"))
    overnight = resume(waiting(relay, "2026-11-03 08:00"), local("2026-11-04 08:00"))
    assert due(within) == due(relay) == local("2026-11-04 23:59:59")
    assert due(overnight) == local("2026-11-05 23:59:59")


def test_no_clock_waits_for_a_company_or_for_ourselves():
    for somebody in (Role.COMPANY, Role.CASE_WORKER, Role.OVERSEER):
        with pytest.raises(Refused, match="not_waiting_for_complainant"):
            waiting(clock(ClockKind.TRIAGE, "2026-11-02 09:00"), "2026-11-03 10:00", somebody)


@pytest.mark.parametrize("kind", [ClockKind.OUTCOME, ClockKind.CUSTODY, ClockKind.FIRST_CALL])
def test_ninety_days_an_arrest_and_an_urgent_call_never_pause(kind):
    with pytest.raises(Refused, match="never_pauses"):
        waiting(clock(kind, "2026-11-02 09:00"), "2026-11-02 09:10")


@pytest.mark.parametrize("kind", [ClockKind.ACKNOWLEDGE, ClockKind.INTERIM])
def test_to_acknowledge_or_to_keep_evidence_a_company_needs_no_question(kind):
    with pytest.raises(Refused, match="never_pauses"):
        accept_question(clock(kind, "2026-11-02 09:00"), local("2026-11-02 10:00"), *RULES)


def test_a_companys_question_pauses_nothing_until_the_desk_accepts_it():
    with pytest.raises(Refused, match="question_not_accepted"):
        waiting(answer_clock(), "2026-11-09 10:00")


def test_an_accepted_question_never_answered_costs_five_working_days_and_no_more():
    asked = accept_question(answer_clock(), local("2026-11-09 10:00"), *RULES)
    assert due(asked) == CALENDAR.after(due(answer_clock()), Term.from_text("5 wd"))
    assert whose_turn(asked, local("2026-11-12 10:00")) == COMPLAINANT
    assert whose_turn(asked, local("2026-11-17 00:00")) == COMPANY


def test_an_accepted_question_answered_early_gives_back_only_what_was_waited():
    asked = accept_question(answer_clock(), local("2026-11-09 10:00"), *RULES)
    told = resume(asked, local("2026-11-11 16:00"))
    assert due(told) == CALENDAR.after(due(answer_clock()), Term.from_text("2 wd"))


def test_a_second_question_is_not_accepted_in_the_same_round():
    asked = accept_question(answer_clock(), local("2026-11-09 10:00"), *RULES)
    told = resume(asked, local("2026-11-11 16:00"))
    with pytest.raises(Refused, match="question_already_accepted"):
        accept_question(told, local("2026-11-12 10:00"), *RULES)


def test_a_question_after_the_deadline_undoes_no_breach():
    with pytest.raises(Refused, match="deadline_passed"):
        accept_question(answer_clock(), local("2026-11-24 00:00"), *RULES)


def test_a_reminder_never_falls_into_a_pause():
    asked = accept_question(answer_clock(), local("2026-11-16 10:00"), *RULES)
    reminder = next_step(asked, *RULES)
    assert reminder.step is Step.REMINDER
    assert reminder.at == asked.pauses[0].ends
    assert reminder.at < due(asked)


def test_resuming_what_is_not_paused_is_refused_and_a_pause_is_not_begun_twice():
    with pytest.raises(Refused, match="not_paused"):
        resume(answer_clock(), local("2026-11-10 09:00"))
    paused = waiting(clock(ClockKind.TRIAGE, "2026-11-02 09:00"), "2026-11-03 10:00")
    with pytest.raises(Refused, match="already_paused"):
        waiting(paused, "2026-11-03 11:00")


def test_stopping_ends_the_pause():
    paused = waiting(clock(ClockKind.TRIAGE, "2026-11-02 09:00"), "2026-11-03 10:00")
    done = stop(paused, local("2026-11-04 10:00"))
    assert done.pauses == (Pause(local("2026-11-03 10:00"), local("2026-11-04 10:00")),)
    assert done.holder == DESK
    assert on_time(done, local("2027-01-01 00:00"), *RULES) is True


moments = st.integers(0, 60 * 24 * 120).map(
    lambda minutes: local("2026-11-02 09:00") + timedelta(minutes=minutes)
)


@given(
    kind=st.sampled_from(ClockKind),
    severity=st.sampled_from(Severity),
    edges=st.lists(moments, max_size=6, unique=True).map(sorted),
    now=moments,
)
def test_whatever_the_pauses_a_deadline_only_moves_later_and_steps_stay_in_order(kind, severity, edges, now):
    plain = clock(kind, "2026-11-02 09:00", severity)
    pairs = zip(edges[::2], edges[1::2], strict=False)
    paused = type(plain)(
        plain.kind, severity, plain.holder, plain.started_at, pauses=tuple(Pause(*pair) for pair in pairs)
    )
    assert due(paused) >= due(plain)
    steps = steps_due(paused, local("2030-01-01 00:00"), *RULES)
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert all(step.at <= now for step in steps_due(paused, now, *RULES))
    early = [step for step in steps if step.step is Step.REMINDER]
    assert all(step.at <= due(paused) for step in early)
    ladder = [(rung.step, rung.instance) for rung in POLICY.ladder(kind, severity)]
    assert [(step.step, step.instance) for step in steps] == ladder
