"""Does a day, an answer or a chosen harm decide how soon somebody must act?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from grievance.rules.matching import fold
from grievance.rules.triage import (
    ICOC_PARAGRAPHS,
    USUAL,
    Report,
    Urgent,
    Why,
    icoc_paragraphs,
    propose,
    raise_to,
)
from grievance.terms import Lane
from grievance.vocabulary import Harm, Severity

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LONG_AGO = date(2026, 9, 1)


def heard(text: str) -> Report:
    return Report(text=text)


def test_a_chosen_harm_counts_without_any_story() -> None:
    proposal = propose(Report(harms=frozenset({Harm.SEXUAL_VIOLENCE})), NOW)
    assert proposal.severity is Severity.NOW
    assert proposal.lane is Lane.SEXUAL_VIOLENCE


def test_an_old_rape_is_critical_and_still_gets_help_and_its_lane() -> None:
    proposal = propose(Report(harms=frozenset({Harm.SEXUAL_VIOLENCE}), incident_on=LONG_AGO), NOW)
    assert proposal.severity is Severity.CRITICAL
    assert proposal.urgent == (Urgent.SEXUAL_VIOLENCE,)
    assert proposal.lane is Lane.SEXUAL_VIOLENCE


@pytest.mark.parametrize(
    ("day", "severity"), [(date(2026, 11, 21), Severity.NOW), (date(2026, 11, 20), Severity.CRITICAL)]
)
def test_seventy_two_hours_are_counted_from_the_end_of_the_day_there(day: date, severity: Severity) -> None:
    report = Report(harms=frozenset({Harm.CHILD_HARMED}), incident_on=day)
    assert propose(report, NOW).severity is severity


def test_the_day_changes_at_midnight_in_lubumbashi_and_not_in_london() -> None:
    report = Report(harms=frozenset({Harm.CHILD_HARMED}), incident_on=date(2026, 11, 21))
    assert propose(report, datetime(2026, 11, 24, 21, 59, tzinfo=UTC)).severity is Severity.NOW
    assert propose(report, datetime(2026, 11, 24, 22, 0, tzinfo=UTC)).severity is Severity.CRITICAL


def test_somebody_arrested_weeks_ago_is_held_until_somebody_says_it_is_over() -> None:
    taken = Report(harms=frozenset({Harm.DETENTION}), incident_on=LONG_AGO)
    freed = Report(text="Il a été libéré après deux jours", harms=taken.harms, incident_on=LONG_AGO)
    said_safe = Report(harms=taken.harms, incident_on=LONG_AGO, danger=False)
    assert propose(taken, NOW).severity is Severity.NOW
    assert propose(freed, NOW).severity is Severity.CRITICAL
    assert propose(said_safe, NOW).severity is Severity.CRITICAL


def test_the_danger_question_alone_is_enough() -> None:
    proposal = propose(Report(danger=True), NOW)
    assert proposal.severity is Severity.NOW
    assert proposal.urgent == (Urgent.DANGER,)


def test_an_empty_report_is_a_case_of_the_slowest_kind() -> None:
    proposal = propose(Report(), NOW)
    assert (proposal.severity, proposal.harms, proposal.reasons) == (Severity.OTHER, frozenset(), ())


@pytest.mark.parametrize("said", list(Severity))
@pytest.mark.parametrize("proposed", list(Severity))
def test_a_proposal_never_lowers_what_the_complainant_said(said: Severity, proposed: Severity) -> None:
    order = [Severity.NOW, Severity.CRITICAL, Severity.SERIOUS, Severity.OTHER]
    assert order.index(raise_to(said, proposed)) == min(order.index(said), order.index(proposed))


def test_what_was_said_raises_a_mild_story_and_the_reason_says_so() -> None:
    proposal = propose(Report(text="Poussière", said=Severity.CRITICAL), NOW)
    assert proposal.severity is Severity.CRITICAL
    assert Why.SAID in proposal.reasons


def test_a_child_who_suffered_sexual_violence_is_in_the_stricter_lane_with_both_harms() -> None:
    proposal = propose(heard("Le garde a violé une fille de 13 ans"), NOW)
    assert proposal.lane is Lane.SEXUAL_VIOLENCE
    assert {Harm.CHILD_HARMED, Harm.SEXUAL_VIOLENCE} <= proposal.harms


def test_capitals_accents_and_curly_apostrophes_change_nothing() -> None:
    assert fold("  VIOLÉE,\nl’Œil  ng’ombe ") == "violee l oeil ngombe"
    assert propose(heard("ELLE A ETE VIOLEE"), NOW).lane is Lane.SEXUAL_VIOLENCE


def test_no_word_of_the_story_is_in_what_a_log_could_show() -> None:
    report = heard("Ils ont arrêté Kabongo")
    assert "Kabongo" not in repr(report) + repr(propose(report, NOW))


def test_every_harm_has_a_usual_severity_and_its_paragraphs() -> None:
    assert set(USUAL) == set(ICOC_PARAGRAPHS) == set(Harm)
    assert icoc_paragraphs(frozenset({Harm.SEXUAL_VIOLENCE, Harm.DETENTION})) == ("33", "34", "38")


def test_a_very_long_text_made_to_confuse_is_read_quickly() -> None:
    for piece in ("nameta", "wa", "tuliwanimu"):
        assert propose(heard(piece * 3000), NOW).severity is Severity.OTHER
