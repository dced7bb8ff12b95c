"""What if an answer or an ending is not accepted? The complainant disputes it, or asks another body."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import clocks, merging, notices, spoken
from grievance.actions.arrivals import add_task
from grievance.actions.notices import Audience
from grievance.rules import workflow
from grievance.schemas.follow import AppealTo
from grievance.store import journal, queries, vault
from grievance.store.models import Appeal, Case, Conflict
from grievance.store.session import once_more, transaction
from grievance.store.vault import Reader
from grievance.terms import Actor, CannotOpen, CaseAction, CaseState, ClockKind, Refused, Role
from grievance.vocabulary import DataClass, ReaderKind, TaskKind
from grievance.wording_mail import MailTemplate

# A closing may be disputed for sixty days, counted from the closing (the US consumer bureau's practice).
TO_DISPUTE = timedelta(days=60)
# What the desk owes again after a dispute.
OWED_AGAIN = (ClockKind.FIRST_ANSWER, ClockKind.OUTCOME)


@once_more
def dispute(case_id: UUID, text: str | None, *, actor: Actor, now: datetime) -> None:
    """The closing is not right: the case is open again.

    Raises MoveNotAllowed, Refused("too_late_to_dispute").
    """
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        state = workflow.next_case_state(case.state, CaseAction.DISPUTE, actor.role)
        until = disputable_until(case)
        if until is None or now > until:
            raise Refused("too_late_to_dispute")
        _leave(session, case, state, CaseAction.DISPUTE, actor=actor, now=now)
        for kind in OWED_AGAIN:
            row = clocks.latest(session, case.id, kind)
            if row is not None and row.stopped_at is not None:
                clocks.reopen(session, row, now=now)
        spoken.say(session, case, text, actor=actor, now=now)


@once_more
def appeal(
    case_id: UUID, to: AppealTo, text: str | None, *, evidence_too: bool = False, actor: Actor, now: datetime
) -> None:
    """Another body looks again: the back-up desk or ICoCA, never one that decided before.

    Raises MoveNotAllowed, Refused("no_such_body").
    """
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        start_appeal(session, case, to, evidence_too, actor=actor, now=now)
        spoken.say(session, case, text, actor=actor, now=now)


def start_appeal(
    session: Session, case: Case, to: AppealTo, evidence_too: bool, *, actor: Actor, now: datetime
) -> None:
    """The appeal, in the transaction of whoever asks. Raises MoveNotAllowed, Refused("no_such_body")."""
    state = workflow.next_case_state(case.state, CaseAction.APPEAL, actor.role)
    body = appeal_bodies(session, case).get(to)
    if body is None:
        raise Refused("no_such_body")
    _leave(session, case, state, CaseAction.APPEAL, actor=actor, now=now)
    asked = Appeal(
        id=uuid4(), case_id=case.id, to_organisation_id=body, asked_at=now, evidence_too=evidence_too
    )
    session.add(asked)
    _let_in(session, case, to, body, evidence_too, actor=actor, now=now)
    notices.to_organisation(
        session, queries.organisation(session, body), MailTemplate.ESCALATED_TO_YOU,
        audience=Audience.LEADS if to is AppealTo.BACKUP else Audience.EVERYBODY,
        once=f"appeal:{asked.id}", now=now, case=case,
    )  # fmt: skip


def disputable_until(case: Case) -> datetime | None:
    """Until when a closing may be disputed; None when the case is not closed."""
    return case.closed_at + TO_DISPUTE if case.closed_at else None


def appeal_bodies(session: Session, case: Case) -> dict[AppealTo, UUID]:
    """The back-up desk and ICoCA, without those that decided this case or are kept away from it."""
    away = set(session.scalars(select(Conflict.organisation_id).where(Conflict.case_id == case.id)))
    away |= set(session.scalars(select(Appeal.to_organisation_id).where(Appeal.case_id == case.id)))
    overseer = queries.overseer(session)
    bodies = {AppealTo.BACKUP: case.backup_id, AppealTo.OVERSEER: overseer.id if overseer else None}
    return {to: body for to, body in bodies.items() if body is not None and body not in away}


def _leave(
    session: Session, case: Case, state: CaseState, move: CaseAction, *, actor: Actor, now: datetime
) -> None:
    before = case.state
    case.state, case.outcome, case.closed_at = state, None, None
    journal.append(
        session, chain=case.id, subject=case.id, actor=actor, move=move, now=now, from_state=before.value,
        to_state=state.value,
    )  # fmt: skip
    merging.undo(session, case, actor=actor, now=now)
    clocks.stop(session, ClockKind.DISPUTE_WINDOW, case_id=case.id, actor=actor, now=now)


def _let_in(
    session: Session, case: Case, to: AppealTo, body: UUID, evidence_too: bool, *, actor: Actor, now: datetime
) -> None:
    """The back-up desk holds a wrap and may see it now; ICoCA gets one from whoever can open the thread."""
    if to is AppealTo.BACKUP:
        if not case.backup_visible:
            shared = (DataClass.THREAD, DataClass.EVIDENCE) if evidence_too else (DataClass.THREAD,)
            case.backup_reads = [kind.value for kind in shared]
        case.backup_visible = True
        return
    case.overseer_id, case.overseer_visible = body, True
    wrapped = _wrap_for_overseer(session, case, body, actor)
    if not wrapped or evidence_too:
        _desk_must_share(session, case, now)


def _wrap_for_overseer(session: Session, case: Case, body: UUID, actor: Actor) -> bool:
    key = queries.key_of(session, body, ReaderKind.OVERSEER)
    row = vault.pair_row(session, case.id, DataClass.THREAD)
    try:
        pair = vault.open_row(session, actor, row)
    except CannotOpen:
        return False
    if key is not None:
        vault.add_wrap(session, row, pair, Reader(ReaderKind.OVERSEER, key.public_key, body))
    return key is not None


def _desk_must_share(session: Session, case: Case, now: datetime) -> None:
    """What this person cannot open, a member of the desk hands over: two working days, and it climbs."""
    task = add_task(session, case, TaskKind.SHARE_WITH_OVERSEER, now)
    session.flush()
    clock = clocks.start(
        session, case, ClockKind.APPEAL_HANDED, now=now, holder_role=Role.CASE_WORKER, holder_id=case.desk_id,
        task=task,
    )  # fmt: skip
    task.due_at = clock.due_at
