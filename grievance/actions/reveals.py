"""How does a member come to see a name and a number? With a reason, a second person, a line for each look.

The second person agrees before. Where a call is owed, or there is danger, the number opens at once and the
second person looks at it within 24 hours: a task with a clock. Either way the complainant reads who and why.
"""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import clocks, moves
from grievance.actions.arrivals import add_task
from grievance.actions.case_seen import check_opened
from grievance.actions.case_values import Identity
from grievance.actions.people import must_be_another
from grievance.actions.reveals_seen import standing_of, why_written
from grievance.actions.task_ends import finish
from grievance.rules import reveals as rule
from grievance.rules.reveals import RevealStanding
from grievance.schemas.desk import RevealWish
from grievance.store import queries, vault
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, Reveal, Task
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, ClockKind, NotFound, Refused, Role
from grievance.vocabulary import DataClass, EntryKind, RevealGround, TaskKind


@once_more
def ask(code: str, wish: RevealWish, *, actor: Actor, now: datetime) -> Identity | None:
    """Asks to see name and number: gives them at once where it cannot wait, otherwise a colleague is asked.

    Raises NotFound, CannotOpen, Refused.
    """
    with transaction(actor) as session:
        case = _readable(session, code, actor)
        if not _kept(session, case, actor):
            raise Refused("no_identity")
        if _pending(session, case, actor, now):
            raise Refused("already_asked")
        row = _asked(session, case, wish, actor, now)
        if row.ground is RevealGround.AGREEMENT:
            _task(session, case, row, TaskKind.AGREE_REVEAL, actor, now)
            return None
        _task(session, case, row, TaskKind.CONFIRM_REVEAL, actor, now)
        return _look(session, case, row, actor, now)


@once_more
def look(code: str, reveal_id: UUID, *, actor: Actor, now: datetime) -> Identity:
    """Opens what a colleague agreed to, or looks again within the hour. Raises NotFound, Refused."""
    with transaction(actor) as session:
        case = _readable(session, code, actor)
        row = _row(session, case, reveal_id)
        if row.asked_by != actor.member_id:
            raise NotFound
        if not rule.may_look(standing_of(row, now), row.opened_at, now):
            raise Refused("not_agreed")
        return _look(session, case, row, actor, now)


@once_more
def answer(code: str, reveal_id: UUID, *, agrees: bool, actor: Actor, now: datetime) -> None:
    """The second person agrees or not: before it is opened, or afterwards where it could not wait.

    Raises NotFound, CannotOpen, Refused.
    """
    with transaction(actor) as session:
        case = _readable(session, code, actor)
        row = _row(session, case, reveal_id)
        must_be_another(session, row.asked_by, actor, now)
        if standing_of(row, now) not in (RevealStanding.WAITING, RevealStanding.TO_CONFIRM):
            raise Refused("already_answered")
        if agrees:
            row.agreed_by, row.agreed_at = actor.member_id, now
        else:
            row.refused_by, row.refused_at = actor.member_id, now
        event = CaseEvent.IDENTITY_AGREED if agrees else CaseEvent.IDENTITY_REFUSED
        moves.line(session, case, event, actor=actor, now=now)
        task = session.get(Task, row.task_id, with_for_update=True) if row.task_id else None
        if task is not None and task.done_at is None:
            finish(session, task, actor=actor, now=now)


def _readable(session: Session, code: str, actor: Actor) -> Case:
    """The case, locked, for a member of a desk who knows nobody there and whose keys open its identity."""
    case = queries.case_by_code(session, code, lock=True)
    check_opened(session, case, actor)
    if actor.role not in moves.DESK:
        raise NotFound
    vault.open_row(session, actor, vault.pair_row(session, case.id, DataClass.IDENTITY))
    return case


def _row(session: Session, case: Case, reveal_id: UUID) -> Reveal:
    row = session.get(Reveal, reveal_id, with_for_update=True)
    if row is None or row.case_id != case.id:
        raise NotFound
    return row


def _pending(session: Session, case: Case, actor: Actor, now: datetime) -> bool:
    """Whether this member already asked, and that is not over."""
    rows = session.scalars(
        select(Reveal).where(Reveal.case_id == case.id, Reveal.asked_by == actor.member_id)
    )
    over = (RevealStanding.REFUSED, RevealStanding.DONE, RevealStanding.LAPSED)
    return any(
        standing_of(row, now) is RevealStanding.WAITING
        or rule.may_look(standing_of(row, now), row.opened_at, now)
        for row in rows
        if standing_of(row, now) not in over
    )


def _asked(session: Session, case: Case, wish: RevealWish, actor: Actor, now: datetime) -> Reveal:
    kinds = session.scalars(select(Task.kind).where(Task.case_id == case.id, Task.done_at.is_(None))).all()
    owed = clocks.running(session, case.id, ClockKind.FIRST_CALL) is not None
    why = why_written(wish.reason, wish.text)
    entry = vault.write_entry(session, case, DataClass.THREAD, EntryKind.REVEAL, why, actor=actor, now=now)
    session.flush()
    row = Reveal(
        id=uuid4(), case_id=case.id, organisation_id=actor.organisation_id, asked_by=actor.member_id,
        asked_at=now, ground=rule.ground(kinds, first_call_owed=owed), entry_id=entry.id,
    )  # fmt: skip
    session.add(row)
    commitment = vault.entry_commitment(entry)
    moves.line(session, case, CaseEvent.IDENTITY_ASKED, actor=actor, now=now, commitment=commitment)
    return row


def _task(session: Session, case: Case, row: Reveal, kind: TaskKind, actor: Actor, now: datetime) -> None:
    """Somebody else must look at it; afterwards there is a clock, before it the one who asked waits."""
    task = add_task(session, case, kind, now)
    task.organisation_id = row.organisation_id
    session.flush()
    row.task_id = task.id
    if kind is TaskKind.CONFIRM_REVEAL:
        clock = clocks.start(
            session, case, ClockKind.REVEAL_CONFIRMED, now=now, holder_role=Role.CASE_WORKER,
            holder_id=row.organisation_id, task=task,
        )  # fmt: skip
        task.due_at = clock.due_at


def _look(session: Session, case: Case, row: Reveal, actor: Actor, now: datetime) -> Identity:
    row.opened_at = row.opened_at or now
    moves.line(session, case, CaseEvent.IDENTITY_READ, actor=actor, now=now)
    told: dict[str, str | None] = {}
    for text in _kept(session, case, actor):
        told |= {key: value for key, value in json.loads(text).items() if value}
    return Identity(told.get("name"), told.get("phone"))


def _kept(session: Session, case: Case, actor: Actor) -> list[str]:
    kinds = frozenset({EntryKind.IDENTITY})
    return [line.text for line in vault.read_entries(session, actor, case.id, kinds)]
