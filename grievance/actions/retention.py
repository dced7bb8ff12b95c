"""What is over, who is told before it goes, and what goes? Every run can be looked at before it happens."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from flask import current_app
from sqlalchemy import ColumnElement, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from grievance.actions import notices
from grievance.actions.notices import Audience
from grievance.rules import retention as rule
from grievance.rules.retention import Keeping, Retention
from grievance.store import journal, queries
from grievance.store.actors import SMS_ACTOR, SWEEP_ACTOR
from grievance.store.journal import CaseEvent
from grievance.store.models import (
    Apart,
    ApartState,
    Base,
    Capsule,
    Case,
    CaseKeeping,
    Evidence,
    Inbound,
    InboundState,
    Medium,
    NumberIndex,
    Outbox,
    OutboxState,
    StaffSession,
    Unfinished,
    VisitorSession,
)
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CaseState
from grievance.wording_mail import MailTemplate

TO_FINISH = timedelta(days=1)
OVER = (
    OutboxState.SENT, OutboxState.DELIVERED, OutboxState.DEAD, OutboxState.DROPPED, OutboxState.FETCHED,
)  # fmt: skip


@dataclass(frozen=True)
class Ending:
    """A case whose end is near: when it goes, or that a lead holds it."""

    code: str
    closed_at: datetime
    erased_on: datetime | None
    told_at: datetime | None
    held_at: datetime | None


def policy() -> Retention:
    """What this installation keeps."""
    return cast(Retention, current_app.config["RETENTION"])


def tell(now: datetime) -> int:
    """Tells each desk of the cases that will go, in good time, once; gives their number."""
    told = 0
    for case_id, keeping in _closed(now):
        if rule.to_be_told(keeping, policy(), now):
            _tell(case_id, now)
            told += 1
    return told


def due(now: datetime) -> list[str]:
    """The codes of the cases that would go now."""
    return [
        code for case_id, keeping in _closed(now) if rule.may_go(keeping, policy(), now)
        for code in [_code(case_id)]
    ]  # fmt: skip


def erase(now: datetime) -> int:
    """Takes away every case whose time is over and whose desk had time to object; gives their number."""
    return sum(
        _erase(case_id, now) for case_id, keeping in _closed(now) if rule.may_go(keeping, policy(), now)
    )


def clear_mail_and_sessions(now: datetime, *, dry: bool = False) -> Counter[str]:
    """What the sweep takes away beside cases: how many rows of each kind. `dry` only counts them."""
    kept = policy()
    ended = now - kept.ended_session
    with transaction(SWEEP_ACTOR) as session:
        return Counter(
            ended_session=_clear(session, StaffSession, StaffSession.started_at < ended, dry=dry)
            + _clear(session, VisitorSession, VisitorSession.started_at < ended, dry=dry),
            notice=_clear(session, Outbox, *_finished(Medium.MAIL, now), dry=dry),
            unfinished_file=_clear(session, Evidence, *_unfinished(now), dry=dry),
            unfinished=_clear(session, Unfinished, Unfinished.kept_at < now - kept.unfinished, dry=dry),
            set_aside=_clear(
                session, Apart, Apart.state == ApartState.SET_ASIDE, Apart.decided_at < now - kept.set_aside,
                dry=dry,
            ),
        )


def clear_texts(now: datetime, *, dry: bool = False) -> Counter[str]:
    """What the SMS worker takes away: numbers of old cases, unfetched texts, old marks of wiped texts."""
    kept = policy()
    old = select(Case.id).where(
        Case.state == CaseState.CLOSED, Case.closed_at < now - kept.capsule,
        Case.id.not_in(select(CaseKeeping.case_id).where(CaseKeeping.held_at.is_not(None))),
    )  # fmt: skip
    wiped = (Inbound.state == InboundState.WIPED, Inbound.received_at < now - kept.dedup)
    with transaction(SMS_ACTOR) as session:
        return Counter(
            capsule=_clear(session, Capsule, Capsule.case_id.in_(old), dry=dry)
            + _clear(session, NumberIndex, NumberIndex.case_id.in_(old), dry=dry),
            waiting_text=_drop_unfetched(session, now - kept.waiting_text, dry=dry),
            dedup=_clear(session, Inbound, *wiped, dry=dry),
            notice=_clear(session, Outbox, *_finished(Medium.SMS, now), dry=dry),
        )


def near(actor: Actor, now: datetime) -> list[Ending]:
    """The closed cases of this desk that go within a year or are on hold, what goes first at the top."""
    with transaction(actor) as session:
        query = select(Case, CaseKeeping).outerjoin(CaseKeeping, CaseKeeping.case_id == Case.id)
        own = query.where(Case.state == CaseState.CLOSED, Case.desk_id == actor.organisation_id)
        endings = [_ending(case, kept) for case, kept in session.execute(own)]
    soon = now + rule.UNITS["y"]
    shown = [one for one in endings if one.held_at or (one.erased_on and one.erased_on <= soon)]
    return sorted(shown, key=lambda one: (one.erased_on is None, one.erased_on or one.closed_at, one.code))


def of_case(code: str, *, actor: Actor) -> Ending | None:
    """What will become of one case; None while it is open. Raises NotFound."""
    with transaction(actor) as session:
        case = queries.case_by_code(session, code)
        if case.closed_at is None:
            return None
        return _ending(case, session.get(CaseKeeping, case.id))


def _closed(now: datetime) -> list[tuple[UUID, Keeping]]:
    """Closed cases near or past their end, with what decides."""
    old = now - policy().closed_case + policy().told_before
    query = (
        select(Case, CaseKeeping)
        .outerjoin(CaseKeeping, CaseKeeping.case_id == Case.id)
        .where(Case.state == CaseState.CLOSED, Case.closed_at <= old)
        .order_by(Case.closed_at, Case.id)
    )
    with transaction(SWEEP_ACTOR) as session:
        return [(case.id, _keeping(case, kept)) for case, kept in session.execute(query)]


def _code(case_id: UUID) -> str:
    with transaction(SWEEP_ACTOR) as session:
        return queries.case_by_id(session, case_id).code


@once_more
def _tell(case_id: UUID, now: datetime) -> None:
    with transaction(SWEEP_ACTOR) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        kept = session.get(CaseKeeping, case.id)
        if kept is None:
            kept = CaseKeeping(case_id=case.id)
            session.add(kept)
        if not rule.to_be_told(_keeping(case, kept), policy(), now):
            return
        kept.told_at = now
        desk = queries.organisation(session, case.desk_id)
        notices.to_organisation(
            session, desk, MailTemplate.ERASURE_NEAR, audience=Audience.LEADS, case=case, now=now,
            once=f"erasure:{case.id}:{now.date()}",
        )  # fmt: skip


@once_more
def _erase(case_id: UUID, now: datetime) -> bool:
    """One case with everything that hangs on it. Its journal keeps its lines, and one more."""
    with transaction(SWEEP_ACTOR) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        kept = session.get(CaseKeeping, case.id)
        if case.state is not CaseState.CLOSED or not rule.may_go(_keeping(case, kept), policy(), now):
            return False  # reopened, or put on hold, a moment ago
        journal.append(
            session, chain=case.id, subject=case.id, actor=SWEEP_ACTOR, move=CaseEvent.SHREDDED, now=now
        )
        for column in (Case.linked_to, Case.merged_into):
            session.execute(update(Case).where(column == case.id).values({column.key: None}))
        session.execute(delete(Case).where(Case.id == case.id))
        return True


def _keeping(case: Case, kept: CaseKeeping | None) -> Keeping:
    told_at, held_at = (kept.told_at, kept.held_at) if kept else (None, None)
    return Keeping(case.closed_at, told_at, held_at, joined=case.merged_into is not None)


def _ending(case: Case, kept: CaseKeeping | None) -> Ending:
    what = _keeping(case, kept)
    closed_at = case.closed_at or case.received_at
    return Ending(case.code, closed_at, rule.erased_on(what, policy()), what.told, what.held_at)


def _finished(medium: Medium, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Outbox.medium == medium,
        Outbox.state.in_(OVER),
        func.coalesce(Outbox.sent_at, Outbox.created_at) < now - policy().notice,
    )


def _unfinished(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """A file that began to come and was given up: whoever chooses it again a day later begins anew."""
    return Evidence.received_at.is_(None), Evidence.begun_at < now - TO_FINISH


def _drop_unfetched(session: Session, before: datetime, *, dry: bool) -> int:
    """A text nobody came for keeps its row, and nothing that could be read."""
    where = (
        Outbox.medium == Medium.SMS, Outbox.waits_for_follow.is_(True), Outbox.state == OutboxState.WAITING,
        Outbox.created_at < before, or_(Outbox.sealed_text.is_not(None), Outbox.values != {}),
    )  # fmt: skip
    if dry:
        return _count(session, Outbox, *where)
    empty: dict[str, Any] = {"values": {}, "sealed_to": None, "sealed_text": None}
    gone = update(Outbox).where(*where).values(state=OutboxState.DROPPED, **empty)
    return len(session.execute(gone.returning(Outbox.id)).all())


def _clear(session: Session, table: type[Base], *where: ColumnElement[bool], dry: bool) -> int:
    if dry:
        return _count(session, table, *where)
    return len(session.execute(delete(table).where(*where).returning(literal(1))).all())


def _count(session: Session, table: type[Base], *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0
