"""Does the timer put new lines under a head every hour, and sign one anchor a day, without anybody asking?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine

from config.deadlines import load_calendar, load_policy
from config.retention import load_retention
from grievance.actions import anchoring, journal_checks
from grievance.store.actors import door_actor
from grievance.store_app import create_store_app
from tests import apps, desk_work
from tests.fixtures import Town
from workers import sweeps, timers
from workers.process import Process
from workers.schedule import TIMERS, Entry

MORNING = datetime(2026, 3, 3, 7, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _sweeper(town: Town) -> Process:
    """The sweep's own process, over the sweep's own login alone."""
    settings = apps.sweep_settings(town.database, town.redis_url, town.keys, town.recorded)
    app = create_store_app(
        {"sweep": settings.database_url}, policy=load_policy(), calendar=load_calendar(),
        retention=load_retention(),
    )  # fmt: skip
    return Process(
        app, settings.public_url, settings.sample, settings.recorded, settings.redis_url,
        anchor_key=settings.anchor_key,
    )  # fmt: skip


def _turn(process: Process, entry: Entry, at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        timers.turn(process, entry)


def test_every_minute_the_timer_looks_for_the_head_of_the_hour_and_the_anchor_of_the_day(town: Town) -> None:
    (seal,) = [entry for entry in TIMERS["sweep"] if entry.run is sweeps.seal_journal]
    assert (seal.name, seal.seconds) == ("seal", 60)
    process = _sweeper(town)

    desk_work.opened(town, MORNING)
    for minutes in (0, 1, 20):
        _turn(process, seal, MORNING + timedelta(minutes=minutes))
    desk_work.opened(town, MORNING + HOUR)
    _turn(process, seal, MORNING + HOUR)
    desk_work.opened(town, MORNING + 24 * HOUR)
    _turn(process, seal, MORNING + 24 * HOUR)
    process.close()

    heads, anchors = anchoring.published(door_actor(b""))
    assert [(head.number, head.at) for head in reversed(heads)] == [
        (1, MORNING), (2, MORNING + HOUR), (3, MORNING + 24 * HOUR)
    ]  # fmt: skip
    assert [(anchor.day, anchor.number) for anchor in reversed(anchors)] == [
        (MORNING.date(), 1), ((MORNING + 24 * HOUR).date(), 3)
    ]  # fmt: skip
    checked = journal_checks.verify(town.database.owner_url, anchors[0])
    assert checked.faults == ()
