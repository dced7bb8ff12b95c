"""A sweep at an instant takes every step due by then and drains the outbox; a second finds nothing."""

from __future__ import annotations

from datetime import timedelta

from grievance.store.models import ClockStep, Medium, Outbox, OutboxState
from tests.fixtures import Town
from tests.stories.phones import Phone
from workers import playing
from workers.process import Process

STORY = "Les gardes ont battu mon frere hier pres du portail"


def test_an_instant_is_played_to_the_end_and_only_once(town: Town, mailed: Process) -> None:
    phone = Phone(town)
    for text in (STORY, "1", "2", "mine exemple A", "2"):
        phone.says(text)
    phone.heard()
    later = phone.now + timedelta(days=40)

    assert playing.play(mailed, phone.worker, later) > 0
    steps = len(phone.rows(ClockStep))
    assert playing.play(mailed, phone.worker, later) == 0

    assert len(phone.rows(ClockStep)) == steps
    waiting = [row for row in phone.rows(Outbox) if row.state is OutboxState.WAITING]
    assert [row for row in waiting if not row.waits_for_follow] == []
    sent = [row.sent_at for row in phone.rows(Outbox) if row.medium is Medium.MAIL and row.sent_at]
    assert later in sent
    assert all(text.startswith("Bonjour. Un message vous attend.") for text in phone.heard())
