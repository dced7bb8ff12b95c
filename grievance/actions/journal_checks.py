"""Does the journal hold? Every chain, head and anchor recomputed, under the one role that sees them all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from grievance.store import heads, journal
from grievance.store.heads import Anchor
from grievance.store.journal import Fault


@dataclass(frozen=True)
class Checked:
    """The first fault of each chain and of the heads; the newest anchor; how many lines are newer than
    the anchor that was given, or without one than the newest head."""

    faults: tuple[Fault, ...]
    newest: Anchor | None
    tail: int


def verify(owner_url: str, since: Anchor | None = None) -> Checked:
    """Recomputes the whole journal. `owner_url` is the owner's, who alone may look.

    `since` is an anchor that somebody else kept: what it covers cannot have been written anew unnoticed.
    """
    with _as_journal(owner_url) as session:
        return check(session, since)


def check(session: Session, since: Anchor | None = None) -> Checked:
    """The same, within a session that already works under the `journal` role."""
    first: dict[UUID | None, Fault] = {}
    for fault in (*journal.verify(session), *heads.verify(session, since)):
        known = first.setdefault(fault.chain, fault)
        if fault.seq < known.seq:
            first[fault.chain] = fault
    return Checked(tuple(first.values()), heads.newest(session), heads.tail(session, since))


def newest_anchor(owner_url: str) -> Anchor | None:
    """The last anchor that was signed; None when there is none yet."""
    with _as_journal(owner_url) as session:
        return heads.newest(session)


@contextmanager
def _as_journal(owner_url: str) -> Iterator[Session]:
    engine = create_engine(owner_url)
    try:
        with Session(engine) as session:
            journal.become_journal(session)
            yield session
    finally:
        engine.dispose()
