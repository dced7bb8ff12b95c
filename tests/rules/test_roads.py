"""By which number does a text leave? The one written to, the quiet one, the cheaper SIM, one that works."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from grievance.rules.roads import Road, choose, silent, works
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


def test_a_telephone_is_silent_after_half_an_hour_and_a_provider_is_not() -> None:
    before = NOW - timedelta(minutes=31)
    assert silent(GatewayKind.SMSGATE, before, NOW)
    assert not silent(GatewayKind.SMSGATE, NOW - timedelta(minutes=29), NOW)
    assert not silent(GatewayKind.TWILIO, before, NOW)


def test_a_channel_that_refuses_is_passed_over_for_ten_minutes_and_then_tried_again() -> None:
    assert not works(GatewayKind.TWILIO, NOW, NOW - timedelta(minutes=9), NOW)
    assert works(GatewayKind.TWILIO, NOW, NOW - timedelta(minutes=10), NOW)
    assert works(GatewayKind.TWILIO, NOW, None, NOW)


def test_a_silent_telephone_does_not_work_though_it_refused_nothing() -> None:
    assert not works(GatewayKind.SMSGATE, NOW - timedelta(minutes=31), None, NOW)
    assert works(GatewayKind.SMSGATE, NOW - timedelta(minutes=30), None, NOW)
    assert works(GatewayKind.TWILIO, NOW - timedelta(days=9), None, NOW)
