"""A sweep at an instant takes every step due by then and drains the outbox; a second finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from grievance.local.mailbox import Mailbox
from grievance.store.models import ClockStep, Medium, Outbox, OutboxState
from tests import apps
from tests.fixtures import Town
from tests.stories.phones import Phone
from workers import playing
from workers.process import Process

STORY = "Les gardes ont battu mon frere hier pres du portail"


@pytest.fixture
def sweeper(town: Town, tmp_path: Path) -> Iterator[Process]:
    """The sweep and the mail worker, over a mail server that records."""
    mailbox = Mailbox(tmp_path / "mail")
    settings = apps.sweep_settings(town.database, town.redis_url, town.keys, town.recorded)
    yield Process(
        town.app, settings.public_url, True, town.recorded, town.redis_url, smtp_url=mailbox.url,
        mail_from=settings.mail_from,
    )  # fmt: skip
    mailbox.close()


def test_an_instant_is_played_to_the_end_and_only_once(town: Town, sweeper: Process) -> None:
    phone = Phone(town)
    for text in (STORY, "1", "2", "mine exemple A", "2"):
        phone.says(text)
    phone.heard()
    later = phone.now + timedelta(days=40)

    assert playing.play(sweeper, phone.worker, later) > 0
    steps = len(phone.rows(ClockStep))
    assert playing.play(sweeper, phone.worker, later) == 0

    assert len(phone.rows(ClockStep)) == steps
    waiting = [row for row in phone.rows(Outbox) if row.state is OutboxState.WAITING]
    assert [row for row in waiting if not row.waits_for_follow] == []
    sent = [row.sent_at for row in phone.rows(Outbox) if row.medium is Medium.MAIL and row.sent_at]
    assert later in sent
    assert all(text.startswith("Bonjour. Un message vous attend.") for text in phone.heard())
