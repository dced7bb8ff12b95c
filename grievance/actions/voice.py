"""What can the complainant say and decide? Their own word: on the web, by SMS, or noted by a case worker."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grievance.actions import clocks, objections, spoken
from grievance.actions.arrivals import add_task
from grievance.rules import workflow
from grievance.rules.consent import WITHDRAWAL_WAITS
from grievance.schemas.follow import AppealTo
from grievance.schemas.report import Report
from grievance.store import queries, vault
from grievance.store.actors import complainant_actor
from grievance.store.models import Case, ClockRow, Consent, Remedy, Task
from grievance.store.session import once_more, transaction
from grievance.terms import (
    Actor,
    CaseAction,
    CaseState,
    ClockKind,
    NotFound,
    ReferralAction,
    Refused,
    Role,
)
from grievance.vocabulary import DataClass, EntryKind, RemedyState, Settled, TaskKind
from grievance.wording_mail import MailTemplate


@once_more
def add(case_id: UUID, text: str, *, actor: Actor, now: datetime) -> None:
    """A further message to the desk; possible in every state. Raises NotFound."""
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        workflow.next_case_state(case.state, CaseAction.ADD, actor.role)
        spoken.write(session, case, text, actor=actor, now=now)


def add_what_is_new(case_id: UUID, report: Report, *, reader: Actor, now: datetime) -> bool:
    """A report sent again under its receipt: words that `reader` finds nowhere in the thread are added.

    Says whether there were any. What they cannot open counts as new: nothing is lost.
    """
    with transaction(reader) as session:
        known = {entry.text for entry in vault.read_entries(session, reader, case_id, spoken.THREAD)}
    new = [text for text in (report.story, report.wished) if text and text not in known]
    said = "\n\n".join(new)
    if not new or said in known:
        return False
    add(case_id, said, actor=complainant_actor(case_id, {}), now=now)
    return True


@once_more
def consent(case_id: UUID, organisation_id: UUID, *, allowed: bool, actor: Actor, now: datetime) -> None:
    """The person agrees that one company reads a summary, or takes it back: what was sent then stops.

    Raises NotFound when the company has nothing to do with the case.
    """
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        workflow.next_case_state(case.state, CaseAction.CONSENT, actor.role)
        if organisation_id not in spoken.answerable(session, case):
            raise NotFound
        said = Consent(
            id=uuid4(), case_id=case.id, organisation_id=organisation_id, allowed=allowed,
            how=spoken.how(actor), at=now,
        )  # fmt: skip
        session.add(said)
        spoken.line(session, case, CaseAction.CONSENT, said.id, actor, now)
        if not allowed:
            spoken.stop_referrals(session, case, organisation_id, actor=actor, now=now)
        spoken.tell_desk(session, case, said.id, now=now)


@once_more
def settle(
    case_id: UUID, referral_id: UUID, word: Settled, *, text: str | None = None, actor: Actor, now: datetime
) -> None:
    """The person's word on an answer they were told.

    "Another body" is an appeal as well: to the back-up desk, unless that one decided or is in conflict.

    Raises NotFound, MoveNotAllowed, Refused("not_told_yet"), Refused("no_such_body").
    """
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        spoken.note_word(session, case, referral_id, word, text, actor=actor, now=now)
        if word is Settled.ANOTHER_BODY:
            bodies = objections.appeal_bodies(session, case)
            to = AppealTo.BACKUP if AppealTo.BACKUP in bodies else AppealTo.OVERSEER
            objections.start_appeal(session, case, to, False, actor=actor, now=now)


@once_more
def judge_remedy(case_id: UUID, remedy_id: UUID, *, came: bool, actor: Actor, now: datetime) -> None:
    """The person's own word on a remedy: it came, or it did not. Raises NotFound, MoveNotAllowed."""
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        remedy = session.get(Remedy, remedy_id, with_for_update=True)
        if remedy is None:
            raise NotFound
        referral = spoken.referral_of(session, case, remedy.referral_id)
        move = ReferralAction.CONFIRM_REMEDY if came else ReferralAction.DISPUTE_REMEDY
        spoken.move(session, case, referral, move, actor=actor, now=now)
        remedy.state = RemedyState.CONFIRMED if came else RemedyState.DISPUTED
        remedy.confirmed_at = now if came else None
        spoken.tell_desk(session, case, uuid4(), now=now)


@once_more
def ask_call(
    case_id: UUID, text: str | None, *, phone: str | None = None, actor: Actor, now: datetime
) -> datetime:
    """Please call me: a task with its own clock. Gives the instant by which somebody calls.

    A number to call belongs to the identity, which a member opens with a reason; never to the thread.
    """
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        workflow.next_case_state(case.state, CaseAction.ADD, actor.role)
        if text:
            spoken.write(session, case, text, actor=actor, now=now)
        if phone:
            kept = json.dumps({"phone": phone}, ensure_ascii=False)
            vault.write_entry(
                session, case, DataClass.IDENTITY, EntryKind.IDENTITY, kept, actor=actor, now=now
            )
        waiting = _call_that_waits(session, case)
        if waiting is not None:
            return waiting
        task = add_task(session, case, TaskKind.CALL_BACK, now)
        session.flush()
        clock = clocks.start(
            session, case, ClockKind.CALL_BACK, now=now, holder_role=Role.CASE_WORKER, holder_id=case.desk_id,
            task=task,
        )  # fmt: skip
        task.due_at = clock.due_at
        spoken.line(session, case, CaseAction.ADD, task.id, actor, now)
        spoken.tell_desk(session, case, task.id, now=now, template=MailTemplate.CALL_BACK_DUE)
        return clock.told_at


def _call_that_waits(session: Session, case: Case) -> datetime | None:
    """When somebody rings anyway: who rings three times is rung once, by the first promise."""
    query = (
        select(ClockRow)
        .join(Task, ClockRow.task_id == Task.id)
        .where(Task.case_id == case.id, Task.kind == TaskKind.CALL_BACK, Task.done_at.is_(None))
    )
    return min((row.told_at for row in session.scalars(query)), default=None)


@once_more
def withdraw(case_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Stops all sharing at once. The case closes after a talk with the complainant, or after 30 days."""
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        workflow.next_case_state(case.state, CaseAction.WITHDRAW, actor.role)
        if case.frozen_at is not None:
            return
        case.frozen_at = now
        add_task(session, case, TaskKind.WITHDRAWAL_TALK, now, due_at=now + WITHDRAWAL_WAITS)
        spoken.line(session, case, CaseAction.WITHDRAW, case.id, actor, now)
        spoken.tell_desk(session, case, uuid4(), now=now)


@once_more
def resume(case_id: UUID, *, actor: Actor, now: datetime) -> None:
    """The person changed their mind about stopping: what they agreed to before counts again."""
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        workflow.next_case_state(case.state, CaseAction.CONSENT, actor.role)
        if case.frozen_at is None or case.state is CaseState.CLOSED:
            raise Refused("not_stopped")
        case.frozen_at = None
        session.execute(
            update(Task)
            .where(Task.case_id == case.id, Task.kind == TaskKind.WITHDRAWAL_TALK, Task.done_at.is_(None))
            .values(done_at=now)
        )
        spoken.line(session, case, CaseAction.CONSENT, case.id, actor, now)
        spoken.tell_desk(session, case, uuid4(), now=now)
