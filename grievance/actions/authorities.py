"""Who went to an authority, and what came of it? An event with its own consent, looked after for 90 days."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from grievance.actions import moves
from grievance.actions.arrivals import add_task
from grievance.actions.case_seen import check_opened
from grievance.schemas.desk import ToAuthority
from grievance.store import queries, vault
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CaseAction, Refused
from grievance.vocabulary import Authority, DataClass, EntryKind, TaskKind

FOLLOWED_UP_AFTER = (timedelta(days=30), timedelta(days=60), timedelta(days=90))


@once_more
def go_to_authority(code: str, step: ToAuthority, *, actor: Actor, now: datetime) -> None:
    """The complainant goes to an authority; nothing is sent from here. Three tasks ask what came of it.

    To which one is sealed to the notes. Raises NotFound, MoveNotAllowed, CannotOpen, and Refused: "frozen",
    "authority_consent" (this step has its own), "military_consent" (a military prosecutor was not named).
    """
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        check_opened(session, case, actor)
        moves.allow(case, CaseAction.GO_TO_AUTHORITY, actor)
        if case.frozen_at is not None:
            raise Refused("frozen")
        if not step.agreed:
            raise Refused("authority_consent")
        if step.authority is Authority.MILITARY_PROSECUTOR and not step.agreed_military:
            raise Refused("military_consent")
        kept = json.dumps({"authority": step.authority.value, "how": step.how.value, "text": step.text})
        entry = vault.write_entry(
            session, case, DataClass.NOTES, EntryKind.AUTHORITY, kept, actor=actor, now=now
        )
        # Of a restricted case this step alone would tell who did it: its line reads like a note's.
        action = CaseAction.NOTE if case.restricted else CaseAction.GO_TO_AUTHORITY
        commitment = vault.entry_commitment(entry)
        moves.move_case(session, case, action, actor=actor, now=now, commitment=commitment)
        for after in FOLLOWED_UP_AFTER:
            add_task(session, case, TaskKind.FOLLOW_UP, now, due_at=now + after)
