"""Does it live, is it ready, and how late is anything? For machines: times and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, abort, current_app, jsonify, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text

from grievance.actions import alarms, channel_health
from grievance.store.actors import door_actor
from grievance.store.session import transaction
from grievance.terms import Unavailable
from grievance.web.clock import utcnow

blueprint = Blueprint("health", __name__)

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
OLDEST_OUTBOX = timedelta(minutes=15)
OLDEST_HELD = timedelta(minutes=15)
OLDEST_BEAT = timedelta(minutes=2)
# What is no worker among the names that the database tells.
OLDEST = {"outbox": OLDEST_OUTBOX, "held": OLDEST_HELD}
LATEST_ONLY = frozenset({"inbound"})
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Readiness:
    """Whether the database is at the last migration, and the instants it tells by name."""

    at_head: bool
    instants: dict[str, datetime | None]


@blueprint.get("/healthz")
def alive() -> Response:
    """200 while this process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """200 when all is well, else 503 and the reasons, as codes; the instants only to this machine.

    When the last text came is nobody else's to know: who stands beside a telephone could watch it arrive.
    """
    try:
        found, raised, red = readiness(), alarms.raised(utcnow()), channel_health.red(utcnow())
    except Unavailable:
        return jsonify(ready=False, reasons=["database_away"]), 503
    reasons = why_not(found, utcnow()) + [alarm.value for alarm in raised] + red
    told: dict[str, object] = {"ready": not reasons, "reasons": reasons}
    if _asked_from_here():
        told["instants"] = {name: at.isoformat() if at else None for name, at in found.instants.items()}
    return jsonify(told), 503 if reasons else 200


@blueprint.get("/metrics")
def metrics() -> Response:
    """Seconds since each instant, for a collector on this machine; for all others there is nothing here."""
    if not _asked_from_here():
        abort(404)
    registry = CollectorRegistry()
    age = Gauge("grievance_age_seconds", "Seconds since this instant", ["name"], registry=registry)
    now = utcnow()
    for name, at in readiness().instants.items():
        if at is not None:
            age.labels(name).set((now - at).total_seconds())
    return Response(generate_latest(registry), content_type=METRICS_TYPE)


def readiness() -> Readiness:
    """What the database tells of itself. Raises Unavailable."""
    with transaction(door_actor(b"")) as session:
        version = session.execute(text("select version_num from alembic_version")).scalar()
        rows = session.execute(text("select name, at from readiness()")).all()
    return Readiness(version == current_app.config["MIGRATION_HEAD"], {name: at for name, at in rows})


def why_not(found: Readiness, now: datetime) -> list[str]:
    """The reasons for not being ready, as codes; none when all is well."""
    reasons = [] if found.at_head else ["migrations_behind"]
    workers = {
        name: at for name, at in found.instants.items() if name not in OLDEST and name not in LATEST_ONLY
    }
    if not workers:
        reasons.append("no_worker_seen")
    for name, limit in OLDEST.items():
        if _older(found.instants.get(name), now, limit):
            reasons.append(f"{name}_late")
    return reasons + [f"worker_silent:{name}" for name, at in workers.items() if _older(at, now, OLDEST_BEAT)]


def migration_head() -> str | None:
    """The last migration that this program knows."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _older(at: datetime | None, now: datetime, limit: timedelta) -> bool:
    return at is not None and now - at > limit


def _asked_from_here() -> bool:
    """From this machine and not passed on by a proxy, behind which everybody seems to be here."""
    passed_on = {"X-Forwarded-For", "Forwarded", "Via", "X-Real-Ip"} & {name for name, _ in request.headers}
    return request.remote_addr in ("127.0.0.1", "::1", None, "") and not passed_on
