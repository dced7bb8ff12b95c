"""What may be done to a clock, and what may not?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from grievance.rules.clocks import (
    accept_question,
    due_at,
    extend,
    hand_back,
    on_time,
    pause,
    reopen,
    reprice,
    resume,
    stop,
    take,
    whose_turn,
)
from grievance.rules.deadlines import Term
from grievance.terms import ClockKind, Refused, Role, Step
from grievance.vocabulary import Severity
from tests.rules.deadline_parts import CALENDAR, COMPANY, POLICY, clock, local

RULES = (POLICY, CALENDAR)


def due(a_clock):
    return due_at(a_clock, *RULES)


def answer_clock(severity=Severity.SERIOUS):
    """From a Monday; fifteen working days end on Monday 23 November 2026."""
    return clock(ClockKind.ANSWER, "2026-11-02 09:00", severity)


def test_one_reasoned_extension_and_never_a_second():
    extended = extend(answer_clock(), local("2026-11-20 10:00"), 10, *RULES, reason_given=True)
    assert due(extended) == CALENDAR.after(due(answer_clock()), Term.from_text("10 wd"))
    with pytest.raises(Refused, match="already_extended"):
        extend(extended, local("2026-11-20 11:00"), 1, *RULES, reason_given=True)


@pytest.mark.parametrize(
    ("kind", "at", "days", "reason_given", "refusal"),
    [
        (ClockKind.ANSWER, "2026-11-20 10:00", 5, False, "reason_missing"),
        (ClockKind.ANSWER, "2026-11-20 10:00", 11, True, "extension_too_long"),
        (ClockKind.ANSWER, "2026-11-20 10:00", 0, True, "extension_too_long"),
        (ClockKind.ANSWER, "2026-11-24 00:00", 5, True, "deadline_passed"),
        (ClockKind.ACKNOWLEDGE, "2026-11-02 10:00", 1, True, "not_extendable"),
        (ClockKind.OUTCOME, "2026-11-20 10:00", 1, True, "not_extendable"),
    ],
)
def test_an_extension_without_reason_too_long_too_late_or_of_another_clock_is_refused(
    kind, at, days, reason_given, refusal
):
    with pytest.raises(Refused, match=refusal):
        extend(clock(kind, "2026-11-02 09:00"), local(at), days, *RULES, reason_given=reason_given)


def test_what_is_done_in_the_last_second_is_on_time_and_a_second_later_is_not():
    kept = stop(answer_clock(), due(answer_clock()))
    late = stop(answer_clock(), due(answer_clock()) + timedelta(seconds=1))
    much_later = local("2027-01-01 00:00")
    assert on_time(kept, much_later, *RULES) is True
    assert on_time(late, much_later, *RULES) is False
    assert on_time(answer_clock(), local("2026-11-10 00:00"), *RULES) is None
    assert on_time(answer_clock(), much_later, *RULES) is False


def test_nobody_is_late_on_the_clocks_that_only_remind_us():
    for kind in (ClockKind.CHECK_IN, ClockKind.CUSTODY, ClockKind.SETTLED_ASKED, ClockKind.DISPUTE_WINDOW):
        assert on_time(clock(kind, "2026-11-02 09:00"), local("2028-01-01 00:00"), *RULES) is None


def test_reopening_starts_the_next_round_and_leaves_the_breach_where_it_was():
    breached = take(answer_clock(), Step.DEADLINE)
    late = stop(breached, local("2026-12-01 09:00"))
    again = reopen(late, local("2027-01-04 09:00"))
    assert (again.round, again.started_at, again.steps_taken) == (2, local("2027-01-04 09:00"), frozenset())
    assert (again.kind, again.severity, again.holder) == (late.kind, late.severity, late.holder)
    assert on_time(late, local("2027-02-01 09:00"), *RULES) is False


def test_a_clock_that_runs_cannot_be_reopened_nor_one_that_stopped_be_stopped():
    with pytest.raises(Refused, match="^still_running$"):
        reopen(answer_clock(), local("2026-11-10 09:00"))
    stopped = stop(answer_clock(), local("2026-11-10 09:00"))
    with pytest.raises(Refused, match="already_stopped"):
        stop(stopped, local("2026-11-11 09:00"))
    assert whose_turn(stopped, local("2026-11-11 09:00")) is None


def test_an_empty_answer_buys_a_company_no_time():
    empty = stop(answer_clock(), local("2026-11-20 09:00"))
    back = hand_back(empty, local("2026-11-23 09:00"), *RULES)
    assert (back.round, due(back)) == (1, due(answer_clock()))
    assert whose_turn(back, local("2026-11-23 10:00")) == COMPANY


def test_an_answer_that_lay_on_the_desk_is_not_sent_back_as_late():
    answered = stop(answer_clock(), local("2026-11-20 09:00"))
    last_moment = RULES[1].after(answered.stopped_at, RULES[0].term(ClockKind.RELAY, answered.severity))
    assert hand_back(answered, last_moment, *RULES).stopped_at is None
    with pytest.raises(Refused, match="^too_late_to_hand_back$"):
        hand_back(answered, last_moment + timedelta(seconds=1), *RULES)
    with pytest.raises(Refused, match="^still_running$"):
        hand_back(answer_clock(), local("2026-11-10 00:00"), *RULES)


def test_a_graver_severity_counts_from_the_start_and_a_lesser_one_needs_a_reason():
    triage = clock(ClockKind.TRIAGE, "2026-11-02 09:00")
    graver = reprice(triage, Severity.NOW, *RULES)
    assert due(graver) == local("2026-11-03 09:00")
    with pytest.raises(Refused, match="reason_missing"):
        reprice(graver, Severity.OTHER, *RULES)
    assert due(reprice(graver, Severity.OTHER, *RULES, reason_given=True)) == local("2026-11-12 09:00")


def test_a_later_correction_hides_no_breach_that_was_announced():
    triage = take(clock(ClockKind.TRIAGE, "2026-11-02 09:00", Severity.NOW), Step.DEADLINE)
    lowered = reprice(triage, Severity.OTHER, *RULES, reason_given=True)
    assert on_time(stop(lowered, local("2026-11-05 09:00")), local("2026-11-06 09:00"), *RULES) is False


def test_a_stopped_clock_keeps_the_severity_it_ran_on():
    stopped = stop(answer_clock(), local("2026-11-10 09:00"))
    assert reprice(stopped, Severity.NOW, *RULES) == stopped


def test_an_extension_survives_a_change_of_severity_within_the_new_limit():
    extended = extend(answer_clock(Severity.OTHER), local("2026-11-20 10:00"), 15, *RULES, reason_given=True)
    assert reprice(extended, Severity.CRITICAL, *RULES).extended_by_days == 5


def test_each_refusal_says_why_in_one_word():
    running, stopped = answer_clock(), stop(answer_clock(), local("2026-11-03 09:00"))
    desk = clock(ClockKind.TRIAGE, "2026-11-02 09:00")
    at, after = local("2026-11-03 10:00"), local("2026-12-31 10:00")
    awaited = pause(desk, at, Role.COMPLAINANT, *RULES)
    asked = accept_question(running, at, *RULES)
    once_more = resume(asked, at + timedelta(hours=1))
    refusals = {
        "step_already_taken": [lambda: take(take(running, Step.ICOCA), Step.ICOCA)],
        "not_waiting_for_complainant": [lambda: pause(desk, at, Role.COMPANY, *RULES)],
        "question_not_accepted": [lambda: pause(running, at, Role.COMPLAINANT, *RULES)],
        "not_a_company_clock": [lambda: accept_question(desk, at, *RULES)],
        "question_already_accepted": [lambda: accept_question(once_more, at + timedelta(hours=2), *RULES)],
        "never_pauses": [
            lambda: accept_question(clock(ClockKind.ACKNOWLEDGE, "2026-11-02 09:00"), at, *RULES)
        ],
        "already_paused": [
            lambda: pause(awaited, at, Role.COMPLAINANT, *RULES),
            lambda: accept_question(asked, at, *RULES),
        ],
        "deadline_passed": [
            lambda: accept_question(running, after, *RULES),
            lambda: extend(running, after, 1, *RULES, reason_given=True),
        ],
        "not_paused": [lambda: resume(running, at)],
        "already_stopped": [
            lambda: stop(stopped, at),
            lambda: accept_question(stopped, at, *RULES),
            lambda: extend(stopped, at, 1, *RULES, reason_given=True),
        ],
        "already_extended": [
            lambda: extend(
                extend(running, at, 1, *RULES, reason_given=True), at, 1, *RULES, reason_given=True
            )
        ],
        "reason_missing": [lambda: extend(running, at, 1, *RULES, reason_given=False)],
        "still_running": [lambda: hand_back(running, at, *RULES), lambda: reopen(running, at)],
        "too_late_to_hand_back": [lambda: hand_back(stopped, after, *RULES)],
    }
    for said, tries in refusals.items():
        for refused in tries:
            with pytest.raises(Refused, match=f"^{said}$"):
                refused()


def test_the_very_last_moment_still_counts():
    at = due(answer_clock())
    assert extend(answer_clock(), at, 10, *RULES, reason_given=True).extended_by_days == 10
    assert extend(answer_clock(), at, 1, *RULES, reason_given=True).extended_by_days == 1
    assert accept_question(answer_clock(), at, *RULES).paused_at(at)
    stopped = stop(answer_clock(), local("2026-11-03 09:00"))
    until = CALENDAR.after(stopped.stopped_at, POLICY.term(ClockKind.RELAY, Severity.SERIOUS))
    assert hand_back(stopped, until, *RULES).stopped_at is None


def test_a_pause_holds_from_its_first_moment_and_not_at_its_last():
    began = local("2026-11-03 10:00")
    asked = accept_question(answer_clock(), began, *RULES)
    ends = asked.pauses[0].ends
    assert ends == CALENDAR.after(began, POLICY.question_pause)
    second = timedelta(seconds=1)
    held = [asked.paused_at(at) for at in (began - second, began, ends - second, ends)]
    assert held == [False, True, True, False]
    assert resume(asked, began + second).pauses[0].ends == began + second
    assert stop(asked, ends + second).pauses[0].ends == ends


def test_another_gravity_keeps_an_extension_up_to_its_own_longest():
    extended = extend(answer_clock(), local("2026-11-03 10:00"), 10, *RULES, reason_given=True)
    graver = reprice(extended, Severity.CRITICAL, *RULES)
    assert (graver.severity, graver.extended_by_days) == (Severity.CRITICAL, 5)
    milder = reprice(extended, Severity.OTHER, *RULES, reason_given=True)
    assert (milder.severity, milder.extended_by_days) == (Severity.OTHER, 10)
    with pytest.raises(Refused, match="^reason_missing$"):
        reprice(answer_clock(), Severity.OTHER, *RULES)
    assert reprice(answer_clock(), Severity.SERIOUS, *RULES) == answer_clock()
    done = stop(answer_clock(), local("2026-11-03 10:00"))
    assert reprice(done, Severity.OTHER, *RULES) == done
