"""What is wrong here? One line for each finding: database, queue, workers, and what has waited too long."""

from __future__ import annotations

from datetime import datetime, timedelta

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text

from grievance.store.actors import SWEEP_ACTOR
from grievance.store.session import transaction
from grievance.terms import Unavailable
from workers.process import Process

SILENT = timedelta(minutes=2)
WAITED = timedelta(minutes=15)
WAITING = frozenset({"outbox", "held"})
PATIENCE = 2.0  # seconds for Redis to answer


def examine(process: Process, now: datetime) -> list[str]:
    """The findings; none when all is well."""
    return [*_database(process, now), *_queue(process)]


def _database(process: Process, now: datetime) -> list[str]:
    try:
        with process.app.app_context(), transaction(SWEEP_ACTOR) as session:
            told = {name: at for name, at in session.execute(text("select name, at from readiness()"))}
    except Unavailable:
        return ["The database does not answer."]
    findings = [
        f"{name}: the oldest waits since {at:%Y-%m-%d %H:%M} UTC."
        for name, at in told.items()
        if name in WAITING and at is not None and now - at > WAITED
    ]
    for worker in ("sms", "sweep"):
        at = told.get(worker)
        if at is None or now - at > SILENT:
            findings.append(f"The {worker} worker is silent.")
    return findings


def _queue(process: Process) -> list[str]:
    try:
        with Redis.from_url(
            process.redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        ) as queue:
            queue.ping()
    except RedisError:
        return ["Redis does not answer: texts and notices wait for the timers, a few seconds each."]
    return []
