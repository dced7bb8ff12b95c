"""What does a worker of its own process do in a fault? It is killed, or it runs beside another."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from grievance.actions import delivery, texts
from grievance.actions.delivery import Lease
from grievance.rules.hotlines import Hotlines
from tests import apps
from tests.fixtures import Town
from tests.services import Database
from workers import process, timers
from workers.process import Process, sms_keys
from workers.schedule import TIMERS

# Not a fork: a child of its own imports, connections and threads, as in production.
SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 60  # seconds; a process imports everything anew


@dataclass(frozen=True)
class Place:
    """What another process must know to work in the same town."""

    database: Database
    redis_url: str
    recorded: Path
    keys: apps.TestKeys = field(repr=False)

    @classmethod
    def of(cls, town: Town) -> Place:
        """The place of a town."""
        return cls(town.database, town.redis_url, town.recorded, town.keys)


def start(work: Callable[..., None], place: Place, *more: Any) -> SpawnProcess:
    """A process that does this work; it is the test's to end."""
    child = SPAWN.Process(target=work, args=(place, *more), daemon=True)
    child.start()
    return child


def kill(child: SpawnProcess) -> None:
    """Kills it without a word, and waits until it is gone."""
    child.kill()
    child.join(PATIENCE)


def worker(place: Place) -> Process:
    """A worker process that holds the keys of all three kinds, so that one function serves every test."""
    app = apps.make_app(place.database, place.redis_url, place.keys, place.recorded)
    sms = apps.sms_settings(place.database, place.redis_url, place.keys, place.recorded)
    return Process(
        app, sms.public_url, True, place.recorded, place.redis_url, sms=sms_keys(sms, Hotlines(90)),
        smtp_url="smtp://127.0.0.1:1", mail_from="no-reply@grievance.example",
        anchor_key=place.keys.anchor,
    )  # fmt: skip


def lease_and_hang(place: Place, outbox_id: UUID, taken: Any) -> None:
    """Takes a notice for sending, says so, and never comes back from the provider."""
    with worker(place).app.app_context():
        lease = Lease(uuid4(), process.utcnow() + delivery.LEASE)
        if delivery.take_sms(outbox_id, lease, now=process.utcnow()) is not None:
            taken.set()
        time.sleep(PATIENCE)


def take_text(place: Place, inbound_id: UUID, begun: Any) -> None:
    """Takes a text that came in."""
    held = worker(place)
    with held.app.app_context():
        begun.set()
        texts.take(inbound_id, keys=held.keys, now=process.utcnow())


def run_timers(place: Place, together: Any) -> None:
    """One run of everything that a timer runs, begun at the same instant as the other process."""
    held = worker(place)
    together.wait(PATIENCE)
    for entry in (*TIMERS["sms"], *TIMERS["sweep"]):
        if entry.run.__module__ != "workers.mail":
            timers.turn(held, entry)
    held.close()


@contextmanager
def ended(*children: SpawnProcess) -> Any:
    """Whatever happens in the test, its processes end with it."""
    try:
        yield
    finally:
        for child in children:
            kill(child)
