"""What can a desk do with a case? Take it, note, write, ring, say that somebody here is known to one."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import clocks, intake, moves, telling
from grievance.actions.case_seen import check_opened, check_works_here, seen
from grievance.actions.case_values import CaseSeen, QueueLine, TaskSeen
from grievance.actions.closing import close, decide_appeal, reopen
from grievance.actions.consents import record_consent
from grievance.actions.custody import released
from grievance.actions.findings import find
from grievance.actions.handing import hand_over, show_backup, take_over
from grievance.actions.keys import must_be_let_in
from grievance.actions.queue import queue, tasks
from grievance.actions.task_ends import finish
from grievance.actions.triaging import triage
from grievance.rules import addressees
from grievance.rules import clocks as rule
from grievance.rules.clocks import Clock
from grievance.schemas.desk import Call
from grievance.schemas.report import Report
from grievance.store import queries, vault
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, ClockRow, Conflict, Task
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CaseAction, ClockKind, DatabaseRole, InvalidInput, NotFound, Refused
from grievance.vocabulary import Channel, DataClass, EntryKind, SafeContact, TaskKind

__all__ = [
    "CaseSeen", "QueueLine", "TaskSeen", "assisted", "call", "close", "decide_appeal",
    "declare_conflict", "find", "finish", "hand_over", "know_nobody", "note", "queue", "record_consent",
    "released", "reopen", "seen", "take", "take_over", "task_done", "tasks", "triage", "write",
]  # fmt: skip

# Done by the second person's answer, and in no other way.
SECOND_PERSON = frozenset({TaskKind.AGREE_REVEAL, TaskKind.CONFIRM_REVEAL})
CALLS = (TaskKind.CALL_BACK, TaskKind.DANGER_CALL, TaskKind.OTHER_LANGUAGE)


@once_more
def know_nobody(code: str, *, actor: Actor, now: datetime) -> None:
    """This member says that they know nobody there; from now on they see the whole case."""
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        moves.line(session, case, CaseEvent.OPENED, actor=actor, now=now)


@once_more
def declare_conflict(code: str, *, whole_desk: bool, actor: Actor, now: datetime) -> None:
    """This member knows somebody there: another takes it; or the whole desk does: the back-up is shown it.

    Raises NotFound, MoveNotAllowed.
    """
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        moves.move_case(session, case, CaseAction.DECLARE_CONFLICT, actor=actor, now=now)
        if whole_desk and actor.organisation_id is not None:
            reason = addressees.ConflictReason.DECLARED.value
            session.add(
                Conflict(
                    id=uuid4(), case_id=case.id, organisation_id=actor.organisation_id, reason=reason, at=now
                )
            )
            show_backup(session, case, now=now)


@once_more
def take(code: str, *, actor: Actor, now: datetime) -> None:
    """Somebody reads this case now. Raises NotFound, MoveNotAllowed, Refused."""
    with transaction(actor) as session:
        case = _opened(session, code, actor)
        moves.move_case(session, case, CaseAction.TAKE, actor=actor, now=now)


@once_more
def note(code: str, text: str, *, actor: Actor, now: datetime) -> None:
    """An internal note, which the complainant never sees. Raises NotFound, Refused."""
    with transaction(actor) as session:
        case = _opened(session, code, actor)
        entry = vault.write_entry(session, case, DataClass.NOTES, EntryKind.NOTE, text, actor=actor, now=now)
        commitment = vault.entry_commitment(entry)
        moves.move_case(session, case, CaseAction.NOTE, actor=actor, now=now, commitment=commitment)


@once_more
def write(code: str, text: str, *, actor: Actor, now: datetime) -> None:
    """A message to the complainant: the first one is the answer by a person. Raises NotFound, Refused."""
    with transaction(actor) as session:
        case = _opened(session, code, actor)
        entry = telling.tell(session, case, text, actor=actor, now=now)
        commitment = vault.entry_commitment(entry)
        moves.move_case(session, case, CaseAction.WRITE, actor=actor, now=now, commitment=commitment)
        clocks.stop(session, ClockKind.FIRST_ANSWER, case_id=case.id, actor=actor, now=now)
        if case.safe_contact is not SafeContact.CALL:
            # Whoever can not be rung is answered in writing; for the others the call is still owed.
            clocks.stop(session, ClockKind.FIRST_CALL, case_id=case.id, actor=actor, now=now)


@once_more
def call(code: str, tried: Call, *, actor: Actor, now: datetime) -> None:
    """A try to reach the complainant. Whoever was spoken with is no longer waiting for a call.

    Raises NotFound, Refused.
    """
    with transaction(actor) as session:
        case = _opened(session, code, actor)
        moves.allow(case, CaseAction.NOTE, actor)
        kept = json.dumps({"way": tried.way.value, "reached": tried.reached, "text": tried.text})
        entry = vault.write_entry(
            session, case, DataClass.NOTES, EntryKind.CONTACT_TRY, kept, actor=actor, now=now
        )
        commitment = vault.entry_commitment(entry)
        moves.move_case(session, case, CaseAction.NOTE, actor=actor, now=now, commitment=commitment)
        if tried.reached:
            _spoken_with(session, case, actor, now)


@once_more
def task_done(task_id: UUID, *, actor: Actor, now: datetime) -> None:
    """A task is done, and its clock stops. Raises NotFound, Refused."""
    must_be_let_in(actor)
    with transaction(actor) as session:
        query = select(Task).where(
            Task.id == task_id, Task.organisation_id == actor.organisation_id, Task.done_at.is_(None)
        )
        task = session.scalar(query.with_for_update())
        if task is None:
            raise NotFound
        if task.kind in SECOND_PERSON:
            raise Refused("second_person_answers")
        if task.case_id is not None:
            check_works_here(session, queries.case_by_id(session, task.case_id), actor)
        finish(session, task, actor=actor, now=now)


def assisted(report: Report, *, slip: UUID | None = None, actor: Actor, now: datetime) -> intake.Received:
    """An oral or paper complaint, typed in; `slip` names what was written without network.

    Raises InvalidInput without the proof of consent, IntegrityError when the slip is a case already.
    """
    if report.channel is not Channel.ASSISTED:
        raise InvalidInput("channel", "not_assisted")
    for name in ("consent_how", "consent_by", "consent_on"):
        if not getattr(report, name):
            raise InvalidInput(name, "missing")
    # It enters by the same door as any other report; only the author of its lines is the case worker.
    typist = Actor(actor.role, DatabaseRole.INTAKE, actor.name, organisation_id=actor.organisation_id)
    return intake.receive(report, slip=slip, actor=typist, now=now)


def _opened(session: Session, code: str, actor: Actor) -> Case:
    case = queries.case_by_code(session, code, lock=True)
    check_opened(session, case, actor)
    return case


def _spoken_with(session: Session, case: Case, actor: Actor, now: datetime) -> None:
    case.called_at = case.called_at or now
    for kind in (ClockKind.FIRST_CALL, ClockKind.FIRST_ANSWER):
        clocks.stop(session, kind, case_id=case.id, actor=actor, now=now)
    query = select(Task).where(Task.case_id == case.id, Task.kind.in_(CALLS), Task.done_at.is_(None))
    for task in session.scalars(query.with_for_update()).all():
        finish(session, task, actor=actor, now=now)
    if case.restricted:
        _calmer(session, case, actor, now)


def _calmer(session: Session, case: Case, actor: Actor, now: datetime) -> None:
    """Every restricted case runs on `now` until a person called, then on `critical`: dates tell nothing."""
    case.severity = clocks.column_of(case)
    policy, calendar = clocks.policy(), clocks.calendar()

    def repriced(clock: Clock) -> Clock:
        return rule.reprice(clock, case.severity, policy, calendar, reason_given=True)

    query = select(ClockRow).where(ClockRow.case_id == case.id, ClockRow.stopped_at.is_(None))
    for row in session.scalars(query.with_for_update()).all():
        clocks.change(session, row, repriced, actor=actor, now=now)
