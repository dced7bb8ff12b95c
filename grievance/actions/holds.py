"""May a closed case go when its time is over? A lead holds it back, or lets it go, and writes why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grievance.actions import moves
from grievance.actions.case_seen import check_opened
from grievance.store import queries, vault
from grievance.store.models import Case, CaseKeeping
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CaseAction, Refused
from grievance.vocabulary import DataClass, EntryKind


@once_more
def hold(code: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """The case is kept until the hold is lifted. Raises NotFound, MoveNotAllowed, Refused("already_held")."""
    with transaction(actor) as session:
        case, kept = _found(session, code, CaseAction.HOLD, actor)
        if kept.held_at is not None:
            raise Refused("already_held")
        kept.held_at = now
        _note(session, case, CaseAction.HOLD, reason, actor, now)


@once_more
def lift(code: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """The case may go again, after the desk was told anew. Raises NotFound, MoveNotAllowed, Refused."""
    with transaction(actor) as session:
        case, kept = _found(session, code, CaseAction.LIFT_HOLD, actor)
        if kept.held_at is None:
            raise Refused("not_held")
        kept.held_at = kept.told_at = None
        _note(session, case, CaseAction.LIFT_HOLD, reason, actor, now)


def _found(
    session: Session, code: str, action: CaseAction, actor: Actor
) -> tuple[Case, CaseKeeping]:
    case = queries.case_by_code(session, code, lock=True)
    check_opened(session, case, actor)
    moves.allow(case, action, actor)
    kept = session.get(CaseKeeping, case.id)
    if kept is None:
        kept = CaseKeeping(case_id=case.id)
        session.add(kept)
    return case, kept


def _note(
    session: Session, case: Case, action: CaseAction, reason: str, actor: Actor, now: datetime
) -> None:
    """The reason is an internal note, sealed like any other; the line commits to it."""
    entry = vault.write_entry(session, case, DataClass.NOTES, EntryKind.NOTE, reason, actor=actor, now=now)
    moves.move_case(
        session, case, action, actor=actor, now=now, commitment=vault.entry_commitment(entry)
    )
