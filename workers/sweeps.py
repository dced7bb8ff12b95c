"""What is overdue, and what follows? Every clock whose next step has come, one transaction each."""

from __future__ import annotations

from datetime import datetime

import structlog

from grievance.actions import anchoring, escalation, inbound, statistics
from workers.process import Process

log = structlog.get_logger()


def sweep(process: Process, now: datetime) -> int:
    """Takes every step that is due; one clock that fails holds up no other. Gives the number of steps."""
    taken = 0
    for clock_id in escalation.overdue(now):
        try:
            taken += len(escalation.climb_clock(clock_id, now))
        except Exception as error:
            # Whatever is wrong with one clock is told, and the next one is taken.
            log.error("clock_not_climbed", clock_id=str(clock_id), exc_info=error)
    return taken


def watch_texts(process: Process, now: datetime) -> None:
    """Says aloud when texts wait for longer than they may."""
    count = inbound.waiting_too_long(now)
    if count:
        log.error("texts_wait_too_long", count=count)


def count(process: Process, now: datetime) -> None:
    """Derives the statistics anew, from workflow facts alone; only the sweep has the key of their names."""
    if process.anchor_key:
        statistics.collect(now, key=process.anchor_key)


def seal_journal(process: Process, now: datetime) -> None:
    """The head of this hour and the anchor of this day, each once."""
    anchoring.publish(now)
    if process.anchor_key:
        anchoring.anchor(now, key=process.anchor_key)
