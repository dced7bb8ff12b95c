"""A job carries an id and nothing else; what the queue loses the poller finds; one text leaves once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from grievance.actions import delivery, delivery_care, notices
from grievance.actions.delivery import Lease
from grievance.rules.dialogue import Template
from grievance.store import doorbell
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Case, Inbound, Medium, Outbox, OutboxState
from grievance.store.redis_bell import redis_bell
from grievance.store.session import transaction
from tests.fixtures import Town
from tests.stories.phones import NUMBER, Phone
from workers import process, sms

STORY = "Les gardes ont battu mon frere hier pres du portail"


@pytest.fixture(autouse=True)
def _bell_hung_up() -> object:
    yield
    doorbell.hang(lambda queue, job, row_id: None)


def burst(town: Town) -> None:
    """One queue worker takes all that is in its queue, and ends."""
    with Redis.from_url(town.redis_url) as connection:
        queue = Queue("sms", connection=connection, serializer=JSONSerializer)
        SimpleWorker([queue], connection=connection, serializer=JSONSerializer).work(
            burst=True, logging_level="ERROR"
        )


def everything_in(redis_url: str) -> str:
    """All that Redis holds of the jobs, as one text; what they carry is unpacked."""
    with Redis.from_url(redis_url) as connection:
        jobs = Queue("sms", connection=connection, serializer=JSONSerializer).jobs
        told = [job.to_dict() | {"data": (job.func_name, job.args, job.kwargs)} for job in jobs]
    return repr(told)


def case_to_text(phone: Phone) -> Case:
    for text in (STORY, "1", "2", "mine exemple A", "2"):
        phone.says(text)
    return phone.cases()[0]


def notice(phone: Phone, case: Case) -> Outbox:
    with transaction(SMS_ACTOR) as session:
        notices.to_complainant(session, case, Template.NEWS, once=f"test:{uuid4()}", now=phone.now)
    return max(phone.rows(Outbox), key=lambda row: row.created_at)


def row_of(phone: Phone, row: Outbox) -> Outbox:
    return next(one for one in phone.rows(Outbox) if one.id == row.id)


def test_a_text_is_answered_through_the_queue(town: Town) -> None:
    phone = Phone(town)
    doorbell.hang(redis_bell(town.redis_url))
    process.begin(phone.worker)
    phone.post(STORY)
    burst(town)

    assert "L'ONG peut lire" in phone.heard()[-1]


def test_redis_never_holds_a_number_or_a_word(town: Town) -> None:
    phone = Phone(town)
    doorbell.hang(redis_bell(town.redis_url))
    phone.post(STORY)
    (row,) = phone.inbound()

    held = everything_in(town.redis_url)
    assert f"('workers.jobs.converse', ['{row.id}'], {{}})" in held
    for secret in (NUMBER, NUMBER[1:], "gardes", "portail"):
        assert secret not in held


def test_what_the_queue_lost_is_found_by_the_poller(town: Town) -> None:
    phone = Phone(town)
    doorbell.hang(redis_bell(town.redis_url))
    phone.post(STORY)
    with Redis.from_url(town.redis_url) as connection:
        connection.flushdb()
    phone.work()

    assert "L'ONG peut lire" in phone.heard()[-1]


def test_four_senders_send_a_text_once(town: Town) -> None:
    phone = Phone(town)
    row = notice(phone, case_to_text(phone))
    phone.heard()
    worker = phone.worker

    def send(_: int) -> bool:
        with town.app.app_context():
            return sms.send_one(worker, row.id, phone.now)

    with ThreadPoolExecutor(4) as senders:
        assert sorted(senders.map(send, range(4))) == [False, False, False, True]
    assert len(phone.heard()) == 1


def test_what_was_sent_keeps_nothing_that_could_be_read(town: Town) -> None:
    phone = Phone(town)
    case_to_text(phone)

    for row in phone.rows(Outbox):
        if row.medium is Medium.SMS:
            assert (row.state, row.values, row.sealed_to) == (OutboxState.SENT, {}, None)


def test_a_sender_that_was_lost_leaves_a_text_uncertain_and_then_it_is_sent_again(town: Town) -> None:
    phone = Phone(town)
    row = notice(phone, case_to_text(phone))
    phone.heard()
    gone = Lease(uuid4(), phone.now + delivery.LEASE)
    assert delivery.take_sms(row.id, gone, now=phone.now) is not None

    later = phone.now + timedelta(minutes=3)
    delivery_care.settle_lapsed(Medium.SMS, repeatable=False, now=later)
    assert row_of(phone, row).state is OutboxState.UNCERTAIN
    delivery_care.settle_lapsed(Medium.SMS, repeatable=False, now=later + timedelta(minutes=16))
    assert row_of(phone, row).state is OutboxState.WAITING


def test_a_text_that_never_leaves_becomes_a_task_after_a_day(town: Town) -> None:
    phone = Phone(town)
    row = notice(phone, case_to_text(phone))
    tries, now = 0, phone.now
    while row_of(phone, row).state is OutboxState.WAITING:
        now = row_of(phone, row).next_at
        lease = Lease(uuid4(), now + delivery.LEASE)
        assert delivery.take_sms(row.id, lease, now=now) is not None
        delivery.failed(row.id, lease, "unreachable", again=True, now=now)
        tries += 1

    assert row_of(phone, row).state is OutboxState.DEAD
    assert timedelta(hours=24) <= now - row.created_at < timedelta(hours=25)
    assert 90 < tries < 110


def test_a_report_only_moves_a_text_forward(town: Town) -> None:
    phone = Phone(town)
    row = notice(phone, case_to_text(phone))
    lease = Lease(uuid4(), phone.now + delivery.LEASE)
    delivery.take_sms(row.id, lease, now=phone.now)
    delivery.sent(row.id, lease, "given", final=False, now=phone.now)
    for event in ("sms:delivered", "sms:sent", "sms:failed"):
        assert report(phone, event, row).status_code == 200
        phone.work()

    assert row_of(phone, row).state is OutboxState.DELIVERED


def test_a_text_reported_as_failed_is_tried_again_under_another_id(town: Town) -> None:
    phone = Phone(town)
    row = notice(phone, case_to_text(phone))
    lease = Lease(uuid4(), phone.now + delivery.LEASE)
    delivery.take_sms(row.id, lease, now=phone.now)
    delivery.sent(row.id, lease, "given", final=False, now=phone.now)
    report(phone, "sms:failed", row)
    phone.work()

    again = [one for one in phone.rows(Outbox) if one.once == f"{row.once}+"]
    assert [one.state for one in again] == [OutboxState.WAITING]
    assert row_of(phone, row).state is OutboxState.DROPPED


def report(phone: Phone, event: str, row: Outbox) -> object:
    """What the telephone reports of a text that we sent."""
    return phone.post_event(event, {"messageId": str(row.id)})


def test_a_report_is_kept_sealed_until_the_worker_took_it(town: Town) -> None:
    phone = Phone(town)
    phone.post_event("sms:delivered", {"messageId": str(uuid4())})
    (row,) = phone.rows(Inbound)
    phone.work()

    assert row.sealed is not None
    assert phone.inbound()[0].sealed is None
