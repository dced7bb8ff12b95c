"""Are two reports one matter? A link between two cases: nothing moves, and it can be undone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grievance.actions import addressing, moves
from grievance.actions import facts as fact
from grievance.store import queries, vault
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, Wrap
from grievance.store.vault import CASE_CLASSES, Reader
from grievance.terms import Actor
from grievance.vocabulary import ReaderKind


def partner(session: Session, case: Case, code: str, actor: Actor) -> Case | None:
    """The case that this one may join; None across desks, lanes, or consents that differ. Raises NotFound."""
    other = queries.case_by_code(session, code)
    if other.id == case.id or other.merged_into is not None or other.desk_id != case.desk_id:
        return None
    known = [fact.facts_of(session, actor, one) for one in (case, other)]
    lanes = {one.lane if one else None for one in known}
    allowed = [
        {word.organisation_id: word.allowed for word in addressing.consents(session, one.id)}
        for one in (case, other)
    ]
    return other if len(lanes) == 1 and None not in lanes and allowed[0] == allowed[1] else None


def join(session: Session, case: Case, other: Case, *, actor: Actor, now: datetime) -> None:
    """The link, and wraps for whoever at the desk reads the case that goes on. Raises CannotOpen."""
    case.merged_into = other.id
    key = queries.key_of(session, case.desk_id, ReaderKind.DESK)
    if key is None or _desk_reads(session, case) or not _desk_reads(session, other):
        return
    for data_class in CASE_CLASSES:
        row = vault.pair_row(session, case.id, data_class)
        pair = vault.open_row(session, actor, row)
        vault.add_wrap(session, row, pair, Reader(ReaderKind.DESK, key.public_key, case.desk_id))
    moves.line(session, case, CaseEvent.WIDENED, actor=actor, now=now)


def undo(session: Session, case: Case, *, actor: Actor, now: datetime) -> None:
    """Opened again, a case stands by itself: the link goes, and the wraps that came with it."""
    if case.merged_into is None:
        return
    case.merged_into = None
    # Before triage the desk's own key is there for the sake of the link alone.
    if case.triaged_at is None and _desk_reads(session, case):
        session.execute(delete(Wrap).where(Wrap.case_id == case.id, Wrap.reader == ReaderKind.DESK))
        moves.line(session, case, CaseEvent.NARROWED, actor=actor, now=now)


def _desk_reads(session: Session, case: Case) -> bool:
    held = select(Wrap.id).where(
        Wrap.case_id == case.id, Wrap.reader == ReaderKind.DESK, Wrap.organisation_id == case.desk_id
    )
    return session.scalar(held.limit(1)) is not None
