"""Two timers at once, machines that disagree about the time, a deadlock: everything once, in order."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from grievance.actions import cases, delivery, delivery_care, escalation, journal_checks, referrals
from grievance.actions.delivery import Lease
from grievance.actions.notices import to_complainant
from grievance.rules.dialogue import Template
from grievance.store import queries
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import ClockStep, JournalLine, Medium, Outbox, OutboxState
from grievance.store.session import once_more, transaction
from tests import desk_work
from tests.faults import processes
from tests.faults.processes import PATIENCE, SPAWN, Place
from tests.fixtures import Town
from tests.services import Services
from tests.stories.phones import Phone
from workers import process

STORY = "Les gardes ont battu mon frere hier pres du portail"
DAY = timedelta(days=1)


def test_two_timers_of_two_machines_do_everything_once(town: Town) -> None:
    long_ago = process.utcnow() - 30 * DAY
    _, referral = desk_work.referred(town, long_ago)
    referrals.acknowledge(referral, actor=town.world.provider.actor, now=long_ago + DAY)
    phone = Phone(town)
    phone.post(STORY)

    together = SPAWN.Barrier(2)
    other = processes.start(processes.run_timers, Place.of(town), together)
    with processes.ended(other):
        processes.run_timers(Place.of(town), together)
        other.join(PATIENCE * 2)
        assert other.exitcode == 0

    assert len([one for one in phone.cases() if one.channel == "sms"]) == 1
    assert len(phone.heard()) == 1
    with transaction(town.world.desk.actor) as session:
        steps = session.scalars(select(ClockStep)).all()
    assert steps
    taken = [(one.clock_id, one.round, one.step, one.instance) for one in steps]
    assert len(taken) == len(set(taken))
    once = [row.once for row in phone.rows(Outbox)]
    assert len(once) == len(set(once))


def test_a_sweeper_whose_clock_runs_behind_takes_no_step_early_and_the_journal_stays_in_order(
    town: Town,
) -> None:
    now = process.utcnow() - 10 * DAY
    code, referral = desk_work.referred(town, now)
    desk = town.world.desk.actor
    with transaction(desk) as session:
        chain = queries.case_by_code(session, code).id
    behind = now - DAY
    assert escalation.overdue(behind) == ()
    cases.note(code, "Écrit par une machine en retard.", actor=desk, now=behind)

    with transaction(desk) as session:
        lines = session.scalars(
            select(JournalLine).where(JournalLine.chain == chain).order_by(JournalLine.seq)
        ).all()
    times = [line.at for line in lines]
    assert times == sorted(times)
    assert lines[-1].move == "note"
    assert lines[-1].at > behind
    assert journal_checks.verify(town.database.owner_url).faults == ()


def test_a_worker_whose_clock_runs_ahead_sends_no_second_copy(town: Town) -> None:
    phone = Phone(town)
    for text in (STORY, "1", "2", "mine exemple A", "2"):
        phone.says(text)
    with transaction(SMS_ACTOR) as session:
        to_complainant(session, phone.cases()[0], Template.NEWS, once="test:ahead", now=phone.now)
    row = next(one for one in phone.rows(Outbox) if one.once == "test:ahead")
    mine = Lease(row.id, process.utcnow() + delivery.LEASE)
    assert delivery.take_sms(row.id, mine, now=phone.now) is not None

    ahead = process.utcnow() + timedelta(minutes=10)
    delivery_care.settle_lapsed(Medium.SMS, repeatable=False, now=ahead)
    other = Lease(phone.cases()[0].id, ahead + delivery.LEASE)
    assert delivery.take_sms(row.id, other, now=ahead) is None

    # The first one comes back from the provider after all, with the provider's own number.
    delivery.sent(row.id, mine, "given", final=False, now=process.utcnow())
    later = ahead + timedelta(minutes=30)
    delivery_care.settle_lapsed(Medium.SMS, repeatable=False, now=later)
    state = next(one.state for one in phone.rows(Outbox) if one.id == row.id)
    assert state is OutboxState.SENT


def _lock_the_other_way_round(
    services: Services, town: Town, code: str, holds: threading.Event, ready: threading.Event
) -> None:
    """Somebody who locks the journal first and the case second, and is patient."""
    with services.connect(town.database.name) as other, other.transaction():
        # Whoever finds the deadlock is the one that gives way.
        other.execute("set local deadlock_timeout = '30s'")
        other.execute("select 1 from journal_head for update")
        holds.set()
        assert ready.wait(PATIENCE)
        other.execute("select 1 from grievance_case where code = %s for update", (code,))


def test_a_deadlock_is_tried_once_more_and_leaves_one_line(town: Town, services: Services) -> None:
    code = desk_work.opened(town, process.utcnow())
    desk = town.world.desk.actor
    holds, ready = threading.Event(), threading.Event()
    other = threading.Thread(
        target=_lock_the_other_way_round, args=(services, town, code, holds, ready)
    )
    other.start()
    assert holds.wait(PATIENCE)

    def then_lock() -> None:
        _wait_for_lock(services, town)
        ready.set()

    starter = threading.Thread(target=then_lock)
    starter.start()
    before = _deadlocks(services, town)
    cases.note(code, "Une seule fois.", actor=desk, now=process.utcnow())
    for thread in (other, starter):
        thread.join(PATIENCE)

    assert _deadlocks_after(services, town, before) == before + 1
    kept = [line.text for line in cases.seen(code, desk, process.utcnow()).timeline]
    assert kept.count("Une seule fois.") == 1


def test_a_second_deadlock_is_not_tried_for_ever(town: Town) -> None:
    tries: list[int] = []

    @once_more
    def unlucky() -> None:
        tries.append(1)
        raise OperationalError("", {}, DeadlockDetected())

    with pytest.raises(OperationalError):
        unlucky()
    assert len(tries) == 2


def _wait_for_lock(services: Services, town: Town) -> None:
    with services.connect(town.database.name) as looking:
        for _ in range(PATIENCE * 50):
            query = (
                "select 1 from pg_locks l join pg_stat_activity a using (pid)"
                " where not l.granted and a.datname = current_database()"
            )
            if looking.execute(query).fetchone():
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits for the lock")


def _deadlocks_after(services: Services, town: Town, before: int) -> int:
    """Each backend counts its own and tells of it a little later."""
    for _ in range(PATIENCE * 10):
        found = _deadlocks(services, town)
        if found > before:
            return found
        time.sleep(0.1)
    return before


def _deadlocks(services: Services, town: Town) -> int:
    with services.connect(town.database.name) as looking:
        query = "select deadlocks from pg_stat_database where datname = current_database()"
        return int(str(looking.execute(query).fetchone()[0]))
