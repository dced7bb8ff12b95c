"""When was each kind of worker last alive? A row that whoever asks for readiness reads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from grievance.actions import channel_health
from grievance.store.actors import SMS_ACTOR, SWEEP_ACTOR
from grievance.store.models import WorkerBeat
from grievance.store.session import transaction
from grievance.terms import Actor
from workers.process import Process


def beat_sms(process: Process, now: datetime) -> None:
    """The SMS worker is alive."""
    _beat("sms", SMS_ACTOR, now)


def beat_sweep(process: Process, now: datetime) -> None:
    """The sweep is alive."""
    _beat("sweep", SWEEP_ACTOR, now)


def play_telephones(process: Process, now: datetime) -> None:
    """With fictional data no telephone says that it lives; elsewhere nothing happens here."""
    if process.recorded is not None:
        channel_health.telephones_live(now=now)


def _beat(name: str, actor: Actor, now: datetime) -> None:
    row = insert(WorkerBeat).values(name=name, at=now)
    with transaction(actor) as session:
        session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"at": now}))
