"""Is somebody held? A clock runs from the arrest, with alerts while the police may still hold them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grievance.actions import clocks, moves
from grievance.actions.case_seen import check_opened
from grievance.store import queries, vault
from grievance.store.models import Case
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CaseAction, ClockKind, Refused, Role
from grievance.vocabulary import DataClass, EntryKind, Harm, Severity


def watch(
    session: Session, case: Case, harms: frozenset[Harm], severity: Severity, held_since: datetime | None,
    now: datetime,
) -> None:  # fmt: skip
    """Starts the clock of an arrest that goes on; an unknown time of arrest counts as now.

    Never for a restricted case: this clock alone would tell what happened.
    """
    held = Harm.DETENTION in harms and severity is Severity.NOW and not case.restricted
    if held and clocks.latest(session, case.id, ClockKind.CUSTODY) is None:
        clocks.start(
            session, case, ClockKind.CUSTODY, now=min(held_since or now, now), holder_role=Role.CASE_WORKER,
            holder_id=case.desk_id, severity=Severity.NOW,
        )  # fmt: skip


@once_more
def released(code: str, text: str, *, actor: Actor, now: datetime) -> None:
    """The person is free, or was brought before a prosecutor; how it is known stays in the notes.

    Raises NotFound, Refused("nobody_held").
    """
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        check_opened(session, case, actor)
        if not clocks.stop(session, ClockKind.CUSTODY, case_id=case.id, actor=actor, now=now):
            raise Refused("nobody_held")
        entry = vault.write_entry(session, case, DataClass.NOTES, EntryKind.NOTE, text, actor=actor, now=now)
        commitment = vault.entry_commitment(entry)
        moves.move_case(session, case, CaseAction.NOTE, actor=actor, now=now, commitment=commitment)
