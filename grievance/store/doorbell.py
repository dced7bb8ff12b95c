"""Who is told that there is work? A queue, after the commit; the poller finds whatever the bell missed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

log = logging.getLogger("grievance.doorbell")

# Job names are dotted text, because this side never imports the workers.
JOBS = {"sms": "workers.jobs.send", "mail": "workers.jobs.send", "inbound": "workers.jobs.converse"}

Bell = Callable[[str, str, str], None]
_bell: list[Bell] = []


def hang(bell: Bell) -> None:
    """Sets what rings: `bell(queue, job, id)`. Called once by the entry point of a process."""
    _bell[:] = [bell]


def after_commit(session: Session, kind: str, row_id: UUID) -> None:
    """Remembers to ring for one row when the session has committed. `kind` is a key of `JOBS`."""
    session.info.setdefault("rings", []).append((kind, str(row_id)))


def ring(session: Session) -> None:
    """Rings for everything remembered. A bell that fails costs seconds, never the change."""
    for kind, row_id in session.info.pop("rings", []):
        for bell in _bell:
            try:
                bell("mail" if kind == "mail" else "sms", JOBS[kind], row_id)
            except Exception as error:
                log.warning("doorbell_failed", extra={"kind": kind, "error": type(error).__name__})
