"""What was found about an allegation, by whom, and why? The reason is sealed to the notes."""

from __future__ import annotations

from datetime import datetime

from grievance.actions import moves
from grievance.actions.case_seen import check_opened
from grievance.schemas.desk import Found
from grievance.store import queries, vault
from grievance.store.models import Allegation
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CaseAction, NotFound
from grievance.vocabulary import DataClass, EntryKind


@once_more
def find(code: str, found: Found, *, actor: Actor, now: datetime) -> None:
    """Records a finding on one allegation; a later one replaces it, and both reasons stay.

    Raises NotFound, MoveNotAllowed, Refused.
    """
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        check_opened(session, case, actor)
        row = session.get(Allegation, found.allegation_id, with_for_update=True)
        if row is None or row.case_id != case.id:
            raise NotFound
        reason = vault.write_entry(
            session, case, DataClass.NOTES, EntryKind.NOTE, found.reason, actor=actor, now=now
        )
        commitment = vault.entry_commitment(reason)
        moves.move_case(session, case, CaseAction.FIND, actor=actor, now=now, commitment=commitment)
        row.finding, row.found_by, row.found_at = found.finding, actor.member_id, now
        row.reason_id = reason.id
