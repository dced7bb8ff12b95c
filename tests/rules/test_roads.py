"""By which number does a text leave? The one written to, the quiet one, the cheaper SIM, one that works."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from grievance.rules.roads import Life, Road, choose, silent, works
from grievance.vocabulary import GatewayKind, Operator

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
POSTER, AIRTEL, QUIET = UUID(int=1), UUID(int=2), UUID(int=3)
VODACOM_SIM = Road(POSTER, Operator.VODACOM)
AIRTEL_SIM = Road(AIRTEL, Operator.AIRTEL)
QUIET_ONE = Road(QUIET, Operator.VODACOM, quiet=True)


def test_a_person_is_answered_from_the_number_they_wrote_to() -> None:
    for own in (POSTER, AIRTEL):
        roads = (VODACOM_SIM, AIRTEL_SIM, QUIET_ONE)
        assert choose(roads, own=own, operator=Operator.AIRTEL, unasked=False) == own


def test_what_nobody_asked_for_leaves_by_the_sim_of_the_recipient_s_operator() -> None:
    roads = (VODACOM_SIM, AIRTEL_SIM)
    assert choose(roads, own=POSTER, operator=Operator.AIRTEL, unasked=True) == AIRTEL
    assert choose(roads, own=AIRTEL, operator=Operator.ORANGE, unasked=True) == AIRTEL


def test_what_nobody_asked_for_leaves_by_the_quiet_number_even_when_it_does_not_work() -> None:
    broken = Road(QUIET, Operator.VODACOM, quiet=True, works=False)
    for quiet in (QUIET_ONE, broken):
        roads = (VODACOM_SIM, AIRTEL_SIM, quiet)
        assert choose(roads, own=POSTER, operator=Operator.AIRTEL, unasked=True) == QUIET


def test_a_number_that_does_not_work_gives_way_to_another_of_the_desk() -> None:
    broken = Road(POSTER, Operator.VODACOM, works=False)
    assert choose((broken, AIRTEL_SIM), own=POSTER, operator=Operator.VODACOM, unasked=False) == AIRTEL
    assert choose((broken,), own=POSTER, operator=Operator.VODACOM, unasked=False) == POSTER
    assert choose((), own=None, operator=Operator.OTHER, unasked=False) is None


def life(kind: GatewayKind, minutes: float, *, pings: bool = False, offline: bool = False) -> Life:
    return Life(kind, NOW - timedelta(minutes=minutes), pings, offline)


def test_a_telephone_is_silent_after_half_an_hour_and_a_provider_is_not() -> None:
    assert silent(life(GatewayKind.SMSGATE, 31), NOW)
    assert not silent(life(GatewayKind.SMSGATE, 29), NOW)
    for kind in (GatewayKind.TWILIO, GatewayKind.AFRICASTALKING, GatewayKind.GENERIC):
        assert not silent(life(kind, 60 * 24 * 9), NOW)


def test_a_channel_that_ever_pinged_is_expected_to_go_on() -> None:
    assert silent(life(GatewayKind.GENERIC, 31, pings=True), NOW)
    assert not silent(life(GatewayKind.GENERIC, 29, pings=True), NOW)


def test_a_telephone_that_is_said_to_be_away_is_silent_at_once_whatever_kind_it_is() -> None:
    for kind in GatewayKind:
        away = life(kind, 0, offline=True)
        assert silent(away, NOW)
        assert not works(away, None, NOW)


def test_a_channel_that_refuses_is_passed_over_for_ten_minutes_and_then_tried_again() -> None:
    lives = life(GatewayKind.TWILIO, 0)
    assert not works(lives, NOW - timedelta(minutes=9), NOW)
    assert works(lives, NOW - timedelta(minutes=10), NOW)
    assert works(lives, None, NOW)


def test_a_silent_telephone_does_not_work_though_it_refused_nothing() -> None:
    assert not works(life(GatewayKind.SMSGATE, 31), None, NOW)
    assert works(life(GatewayKind.SMSGATE, 30), None, NOW)
    assert works(life(GatewayKind.TWILIO, 60 * 24 * 9), None, NOW)
