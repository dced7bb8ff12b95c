"""Does the journal hold? Every chain recomputed, under the one role that sees them all."""

from __future__ import annotations

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from grievance.store import journal
from grievance.store.journal import Fault


def verify(owner_url: str) -> tuple[Fault, ...]:
    """The first fault of each chain that does not hold. `owner_url` is the owner's, who alone may look."""
    engine = create_engine(owner_url)
    try:
        with Session(engine) as session:
            journal.become_journal(session)
            return tuple(journal.verify(session))
    finally:
        engine.dispose()
