"""The queue is away: a complaint is taken in all the same, and reaches its desk without being told again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select

from grievance.actions import cases, intake
from grievance.store import doorbell
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.models import Medium, Outbox, OutboxState
from grievance.store.redis_bell import redis_bell
from grievance.store.session import transaction
from tests import desk_work
from tests.fixtures import Town
from tests.stories.phones import Phone
from workers import mail, process
from workers.process import Process

STORY = "Les gardes ont battu mon frere hier pres du portail"
AT_ONCE = timedelta(seconds=5)


@pytest.fixture(autouse=True)
def _redis_is_down(tmp_path: Path) -> Iterator[None]:
    """The bell hangs at a socket that nobody listens on."""
    doorbell.hang(redis_bell(f"unix://{tmp_path}/nobody.sock"))
    yield
    doorbell.hang(lambda queue, job, row_id: None)


def redis_returns(town: Town) -> None:
    doorbell.hang(redis_bell(town.redis_url))


def jobs(town: Town) -> list[str]:
    with Redis.from_url(town.redis_url) as connection:
        return Queue("sms", connection=connection, serializer=JSONSerializer).job_ids


def mails() -> list[OutboxState]:
    with transaction(SWEEP_ACTOR) as session:
        return list(session.scalars(select(Outbox.state).where(Outbox.medium == Medium.MAIL)))


def test_a_complaint_on_the_web_is_received_at_once_and_its_desk_hears_of_it_later(
    town: Town, mailed: Process, tmp_path: Path
) -> None:
    now = process.utcnow()
    received = intake.receive(desk_work.report(town), opening=desk_work.half(), now=now)
    assert process.utcnow() - now < AT_ONCE
    assert mails() == [OutboxState.WAITING]

    redis_returns(town)
    assert mail.send_waiting(mailed, process.utcnow()) > 0

    assert mails() == [OutboxState.SENT]
    letters = [file.read_text() for file in (tmp_path / "mail").glob("*.eml")]
    assert letters
    assert all(received.code in letter for letter in letters)
    desk = town.world.desk.actor
    cases.know_nobody(received.code, actor=desk, now=now)
    assert desk_work.STORY in [line.text for line in cases.seen(received.code, desk, now).timeline]


def test_a_text_is_kept_and_answered_once_when_the_poller_comes(town: Town) -> None:
    phone = Phone(town)
    assert phone.post(STORY).status_code == 200
    assert (len(phone.inbound()), phone.heard()) == (1, [])

    redis_returns(town)
    assert jobs(town) == []
    phone.work()
    first = phone.heard()
    assert "L'ONG peut lire" in first[-1]
    phone.work()
    assert phone.heard() == []
    assert len(phone.cases()) == 1


def test_the_bell_rings_again_for_the_next_text(town: Town) -> None:
    phone = Phone(town)
    phone.post(STORY)
    redis_returns(town)
    phone.work()
    phone.heard()

    process.begin(phone.worker)
    rung = set(jobs(town))
    phone.post("1")
    assert len(set(jobs(town)) - rung) == 1
    with Redis.from_url(town.redis_url) as connection:
        queue = Queue("sms", connection=connection, serializer=JSONSerializer)
        SimpleWorker([queue], connection=connection, serializer=JSONSerializer).work(
            burst=True, logging_level="ERROR"
        )
    assert phone.heard() != []
