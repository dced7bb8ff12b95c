"""Database, queue or worker die in the middle of their work: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from grievance.actions import cases, delivery, delivery_care, intake, journal_checks, texts
from grievance.actions.notices import to_complainant
from grievance.rules.dialogue import Template
from grievance.store import doorbell
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Case, Medium, Outbox, OutboxState
from grievance.store.redis_bell import redis_bell
from grievance.store.session import transaction
from grievance.terms import Unavailable
from tests import desk_work
from tests.faults import processes
from tests.faults.power import Power
from tests.faults.processes import PATIENCE, SPAWN, Place
from tests.fixtures import Town
from tests.stories.phones import Phone
from workers import process, sms

STORY = "Les gardes ont battu mon frere hier pres du portail"


@pytest.fixture
def superuser(shaky: Town, power: Power) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Somebody who holds a lock in the way, so that an action stands still in the middle."""
    with power.services.connect(shaky.database.name) as connection:
        yield connection


def wait_until_somebody_waits(superuser: psycopg.Connection[tuple[object, ...]]) -> int:
    """The backend of whoever stands before the lock."""
    # Not pg_stat_activity, of which a transaction sees one picture only.
    query = "select pid from pg_locks where not granted"
    for _ in range(PATIENCE * 20):
        found = superuser.execute(query).fetchone()
        if found:
            return int(str(found[0]))
        time.sleep(0.05)
    raise AssertionError("nobody waits for the lock")


class Doing:
    """An action in a thread of its own, and what came of it."""

    def __init__(self, town: Town, action: object) -> None:
        self.error: BaseException | None = None

        def run() -> None:
            try:
                with town.app.app_context():
                    action()
            except BaseException as error:
                self.error = error

        self.thread = threading.Thread(target=run)
        self.thread.start()

    def over(self) -> BaseException | None:
        """Waits for its end and gives the error, if there was one."""
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()
        return self.error


def test_a_report_whose_connection_dies_in_the_middle_is_not_half_kept(
    shaky: Town, superuser: psycopg.Connection[tuple[object, ...]]
) -> None:
    half = desk_work.half()
    report, now = desk_work.report(shaky), process.utcnow()
    with superuser.transaction():
        superuser.execute("lock table journal_head in exclusive mode")
        doing = Doing(shaky, lambda: intake.receive(report, opening=half, now=now))
        superuser.execute("select pg_terminate_backend(%s)", (wait_until_somebody_waits(superuser),))
        assert isinstance(doing.over(), Unavailable)

    phone = Phone(shaky)
    assert (phone.rows(Case), phone.rows(Outbox)) == ([], [])
    first = intake.receive(report, opening=half, now=now)
    assert intake.receive(report, opening=half, now=now).code == first.code
    assert len(phone.cases()) == 1


def test_after_the_database_was_killed_what_was_acknowledged_is_there_and_the_rest_is_not(
    shaky: Town, power: Power
) -> None:
    code = desk_work.opened(shaky, process.utcnow())
    desk = shaky.world.desk.actor
    with power.services.connect(shaky.database.name) as superuser, superuser.transaction():
        superuser.execute("lock table journal_head in exclusive mode")
        at = process.utcnow()
        doing = Doing(shaky, lambda: cases.note(code, "Perdu", actor=desk, now=at))
        wait_until_somebody_waits(superuser)
        power.database_killed()
        assert isinstance(doing.over(), Unavailable)
        with pytest.raises(psycopg.OperationalError):
            superuser.execute("select 1")
    power.everything_on()

    cases.note(code, "Gardé", actor=desk, now=process.utcnow())
    kept = [line.text for line in cases.seen(code, desk, process.utcnow()).timeline]
    assert desk_work.STORY in kept
    assert kept.count("Gardé") == 1
    assert "Perdu" not in kept
    assert journal_checks.verify(shaky.database.owner_url).faults == ()


def test_a_killed_queue_costs_seconds_and_no_text(shaky: Town, power: Power) -> None:
    doorbell.hang(redis_bell(shaky.redis_url))
    phone = Phone(shaky)
    try:
        assert phone.post(STORY).status_code == 200
        power.queue_killed()
        began = time.monotonic()
        assert phone.post("Ils etaient trois").status_code == 200
        assert desk_work.opened(shaky, process.utcnow())
        assert time.monotonic() - began < 15
        phone.work()
        assert "L'ONG peut lire" in phone.heard()[0]

        power.everything_on()
        phone.says("1")
        assert texts.waiting(process.utcnow()) == []
    finally:
        doorbell.hang(lambda queue, job, row_id: None)


def test_a_sender_killed_with_a_lease_holds_its_text_back_and_not_for_ever(shaky: Town) -> None:
    phone = Phone(shaky)
    row = notice(phone)
    taken = SPAWN.Event()
    child = processes.start(processes.lease_and_hang, Place.of(shaky), row, taken)
    with processes.ended(child):
        assert taken.wait(PATIENCE)
        processes.kill(child)

    # Nobody knows whether it left: no second copy while it may have.
    sms.send_waiting(phone.worker, process.utcnow())
    assert (state(phone, row), phone.heard()) == (OutboxState.LEASED, [])
    late = process.utcnow() + delivery.LEASE + timedelta(seconds=1)
    delivery_care.settle_lapsed(Medium.SMS, repeatable=False, now=late)
    assert state(phone, row) is OutboxState.UNCERTAIN
    late += delivery.UNCERTAIN_FOR + timedelta(seconds=1)
    delivery_care.settle_lapsed(Medium.SMS, repeatable=False, now=late)
    for _ in range(2):
        sms.send_waiting(phone.worker, late)
    assert state(phone, row) is OutboxState.SENT
    assert len(phone.heard()) == 1


def test_a_worker_killed_in_the_middle_of_a_text_leaves_it_for_the_next_one(
    shaky: Town, power: Power
) -> None:
    phone = Phone(shaky)
    phone.post(STORY)
    (waiting,) = phone.inbound()
    with power.services.connect(shaky.database.name) as superuser:
        with superuser.transaction():
            superuser.execute("lock table dialogue in access exclusive mode")
            begun = SPAWN.Event()
            child = processes.start(processes.take_text, Place.of(shaky), waiting.id, begun)
            with processes.ended(child):
                assert begun.wait(PATIENCE)
                backend = wait_until_somebody_waits(superuser)
                processes.kill(child)
        gone(superuser, backend)
    assert (phone.cases(), texts.waiting(process.utcnow())) == ([], [waiting.id])

    phone.work()
    assert len(phone.cases()) == 1
    assert len(phone.heard()) == 1


def gone(superuser: psycopg.Connection[tuple[object, ...]], backend: int) -> None:
    """Waits until the server noticed that nobody is at the other end any more."""
    for _ in range(PATIENCE * 20):
        if superuser.execute("select 1 from pg_stat_activity where pid = %s", (backend,)).fetchone() is None:
            return
        time.sleep(0.05)
    raise AssertionError("the backend of a killed process lives on")


def notice(phone: Phone) -> UUID:
    """Something unasked for a telephone that may be texted."""
    for text in (STORY, "1", "2", "mine exemple A", "2"):
        phone.says(text)
    once = f"test:{uuid4()}"
    with transaction(SMS_ACTOR) as session:
        to_complainant(session, phone.cases()[0], Template.NEWS, once=once, now=process.utcnow())
    return next(row.id for row in phone.rows(Outbox) if row.once == once)


def state(phone: Phone, outbox_id: UUID) -> OutboxState:
    return next(row.state for row in phone.rows(Outbox) if row.id == outbox_id)
