"""Does the town that a newcomer meets have cases in every state, and is nothing of its history sent today?

What waits until somebody asks by SUIVI waits on: it is sent to nobody who does not ask.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from grievance.store.models import OutboxState
from grievance.terms import CaseState, ReferralState
from grievance.vocabulary import Channel
from tests.browser.product import Product


def _all(product: Product, query: str, *values: object) -> list[Any]:
    with product.superuser() as database:
        return [row[0] for row in database.execute(query, values)]


def test_the_town_has_cases_in_every_state_of_a_whole_year(product: Product) -> None:
    states = set(_all(product, "select distinct state from grievance_case"))
    referrals = set(_all(product, "select distinct state from referral"))
    channels = set(_all(product, "select distinct channel from grievance_case"))
    (oldest,) = _all(product, "select min(received_at) from grievance_case")
    assert {CaseState.RECEIVED, CaseState.IN_TRIAGE, CaseState.OPEN, CaseState.CLOSED} <= states
    assert {
        ReferralState.PREPARED, ReferralState.SENT, ReferralState.ACKNOWLEDGED, ReferralState.ANSWERED,
        ReferralState.REMEDY, ReferralState.SETTLED,
    } <= referrals  # fmt: skip
    assert {Channel.WEB, Channel.SMS, Channel.ASSISTED} <= channels
    assert datetime.now(UTC) - oldest > timedelta(days=200)


def test_nothing_of_its_history_is_left_to_send(product: Product) -> None:
    began = datetime.fromtimestamp((product.var / "sample.json").stat().st_mtime, UTC) - timedelta(hours=1)
    query = "select state from outbox where created_at < %s and not waits_for_follow"
    states = _all(product, query, began)
    assert len(states) > 100
    assert OutboxState.WAITING not in states


def test_nothing_of_its_history_was_sent_after_it_had_been_played(product: Product) -> None:
    played = datetime.fromtimestamp((product.var / "sample.json").stat().st_mtime, UTC)
    history = "from outbox where created_at < %s and not waits_for_follow and sent_at is not null"
    began = played - timedelta(hours=1)
    (sent,) = _all(product, f"select count(*) {history}", began)
    (afterwards,) = _all(product, f"select count(*) {history} and sent_at > %s", began, played)
    assert sent > 100
    assert afterwards == 0
