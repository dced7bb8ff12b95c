"""Which notice is due, may it still go out, and what became of it? Every answer is one short transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from grievance.actions import inbound
from grievance.actions.inbound import ChannelSeen
from grievance.actions.notices import Audience
from grievance.rules.consent import may_text
from grievance.rules.reminding import too_late
from grievance.store.actors import SMS_ACTOR
from grievance.store.config_values import capsule_label, sent_to_label
from grievance.store.models import (
    Capsule,
    Case,
    ChannelRow,
    Duty,
    Medium,
    NumberIndex,
    Outbox,
    OutboxState,
    Task,
)
from grievance.store.sealing import Label
from grievance.store.session import transaction
from grievance.terms import Actor
from grievance.vocabulary import Language, TaskKind

# Between one try and the next; after the last of these every quarter of an hour, until a day has passed.
PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
GIVES_UP = timedelta(hours=24)
LEASE = timedelta(minutes=2)
# How long the provider's own reports have to say what became of a send whose worker was lost.
UNCERTAIN_FOR = timedelta(minutes=15)
# Refused for good, but not because of the number that it was for: too long, or our own sender may not.
NOT_THE_NUMBER = frozenset({"too_long", "unwritable", "21408", "21606"})


@dataclass(frozen=True)
class Lease:
    """Who sends, until when. Leases count real time, whatever instant a sweep is asked to play."""

    holder: UUID
    until: datetime


@dataclass(frozen=True)
class Parcel:
    """One text to send. To a sealed number and the place it opens in, or (row id, hidden) of duty numbers.

    `roads` are the channels that it can leave by; `own` is the one that the person wrote to, or that it left
    by before. `gone` counts the pieces that the provider took already. `made_at`: no try was before it.
    """

    id: UUID
    lease: Lease
    template: str
    language: Language
    values: Mapping[str, Any] = field(repr=False)
    own: UUID | None
    roads: tuple[ChannelSeen, ...]
    asked: bool
    capsule: tuple[bytes, Label] | None = field(repr=False)
    on_duty: tuple[tuple[UUID, bytes], ...] = field(repr=False)
    sealed_text: bytes | None = field(repr=False)
    attempts: int
    case_id: UUID | None
    made_at: datetime
    gone: int = 0


def due(medium: Medium, now: datetime, *, actor: Actor = SMS_ACTOR, most: int = 200) -> list[UUID]:
    """The notices that can go out now, in the order in which they are due."""
    query = select(Outbox.id).where(*_ready(medium, now))
    with transaction(actor) as session:
        return list(session.scalars(query.order_by(Outbox.next_at, Outbox.created_at, Outbox.id).limit(most)))


def leased(
    session: Session, outbox_id: UUID, medium: Medium, lease: Lease, now: datetime
) -> Outbox | None:
    """Takes one notice for sending; None when somebody else has it, or it is not due."""
    query = select(Outbox).where(Outbox.id == outbox_id, *_ready(medium, now))
    row = session.scalar(query.with_for_update(skip_locked=True))
    if row is not None:
        row.state, row.leased_until, row.leased_by = OutboxState.LEASED, lease.until, lease.holder
        row.attempts += 1
    return row


def take_sms(outbox_id: UUID, lease: Lease, *, now: datetime) -> Parcel | None:
    """Takes a text for sending, if it may still go: STOP, lock, safe contact, capsule and hour count now."""
    with transaction(SMS_ACTOR) as session:
        row = leased(session, outbox_id, Medium.SMS, lease, now)
        if row is None:
            return None
        parcel = None if too_late(row.template, now) else parcel_of(session, row, lease, now)
        if parcel is None:
            drop(row)
        return parcel


def parcel_of(session: Session, row: Outbox, lease: Lease, now: datetime) -> Parcel | None:
    """What is needed to send a notice; None when it may not be sent, or there is no way."""
    on_duty = _on_duty(session, row, now)
    sealed_to = (row.sealed_to, sent_to_label(row.id)) if row.sealed_to else _capsule(session, row)
    roads = _roads(session, row)
    if not roads or not (sealed_to or on_duty):
        return None
    return Parcel(
        row.id, lease, row.template, _language(session, row), dict(row.values), row.channel_id, roads,
        row.asked, sealed_to, on_duty, row.sealed_text, row.attempts, row.case_id, row.created_at,
        row.pieces_gone,
    )  # fmt: skip


def leaves_by(outbox_id: UUID, lease: Lease, channel_id: UUID) -> None:
    """Which channel is asked to take it, written down before: there it is looked for afterwards."""
    with transaction(SMS_ACTOR) as session:
        row = _mine(session, outbox_id, lease)
        if row is not None:
            row.channel_id = channel_id


def next_piece(outbox_id: UUID, lease: Lease, gone: int, pieces: int) -> None:
    """So many of its pieces the provider has, written down before it is asked for the next."""
    with transaction(SMS_ACTOR) as session:
        row = _mine(session, outbox_id, lease)
        if row is not None:
            row.pieces_gone, row.pieces = gone, pieces


def sent(
    outbox_id: UUID, lease: Lease, provider_id: str, *, final: bool, actor: Actor = SMS_ACTOR, now: datetime
) -> None:
    """It left. `final`: no report will follow, so nothing of it is kept."""
    with transaction(actor) as session:
        row = _mine(session, outbox_id, lease)
        if row is None:
            return
        row.state = OutboxState.FETCHED if row.waits_for_follow else OutboxState.SENT
        row.sent_at, row.provider_id, row.error = now, provider_id, None
        if final:
            wipe(row)


def failed(
    outbox_id: UUID, lease: Lease, code: str, *, again: bool, uncertain: bool = False,
    kind: TaskKind = TaskKind.DEAD_MESSAGE, actor: Actor = SMS_ACTOR, now: datetime,
) -> None:  # fmt: skip
    """It did not leave, or nobody knows. Tried again until a day has passed, then a person has a task."""
    with transaction(actor) as session:
        row = _mine(session, outbox_id, lease)
        if row is None:
            return
        row.error = code
        if uncertain:
            row.state, row.next_at = OutboxState.UNCERTAIN, now + UNCERTAIN_FOR
        elif again and now - row.created_at < GIVES_UP:
            row.state, row.next_at = OutboxState.WAITING, now + pause_after(row.attempts)
        else:
            give_up(session, row, now, kind)


def dropped(outbox_id: UUID, lease: Lease, code: str, *, actor: Actor = SMS_ACTOR) -> None:
    """There is nobody to send it to any more."""
    with transaction(actor) as session:
        row = _mine(session, outbox_id, lease)
        if row is not None:
            row.error = code
            drop(row)


def dead_kind(error: str, code: str) -> TaskKind:
    """What a person has to look after when a text is given up: the number itself, or this text."""
    of_the_text = code.startswith("http_") or code in NOT_THE_NUMBER
    return TaskKind.DEAD_NUMBER if error == "permanent" and not of_the_text else TaskKind.DEAD_MESSAGE


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def give_up(
    session: Session, row: Outbox, now: datetime, kind: TaskKind = TaskKind.DEAD_MESSAGE
) -> None:
    """A person must know that it never arrived, or may have: a task at the desk."""
    row.state = OutboxState.DEAD
    desk_id = _desk_of(session, row)
    if desk_id is not None and not _told_already(session, row, kind):
        session.add(
            Task(id=uuid4(), case_id=row.case_id, organisation_id=desk_id, kind=kind, created_at=now)
        )
    wipe(row)


def _told_already(session: Session, row: Outbox, kind: TaskKind) -> bool:
    """One number that takes no texts is one task, however many texts wait for it."""
    query = select(Task.id).where(Task.case_id == row.case_id, Task.kind == kind, Task.done_at.is_(None))
    dead = kind is TaskKind.DEAD_NUMBER and row.case_id is not None
    return dead and session.scalar(query.limit(1)) is not None


def drop(row: Outbox) -> None:
    """It may not, or can not, be sent any more."""
    row.state = OutboxState.DROPPED
    wipe(row)


def wipe(row: Outbox) -> None:
    """Nothing that could be read, or rung, is kept of a notice that is over."""
    row.values, row.sealed_to, row.sealed_text = {}, None, None


def _ready(medium: Medium, now: datetime) -> tuple[Any, ...]:
    return (
        Outbox.medium == medium,
        Outbox.state == OutboxState.WAITING,
        Outbox.next_at <= now,
        or_(Outbox.waits_for_follow.is_(False), Outbox.asked),
    )


def _mine(session: Session, outbox_id: UUID, lease: Lease) -> Outbox | None:
    """The notice that this lease took. Called uncertain meanwhile, it is still its sender's to tell of."""
    query = select(Outbox).where(
        Outbox.id == outbox_id, Outbox.leased_by == lease.holder,
        Outbox.state.in_((OutboxState.LEASED, OutboxState.UNCERTAIN)),
    )  # fmt: skip
    return session.scalar(query.with_for_update())


def _capsule(session: Session, row: Outbox) -> tuple[bytes, Label] | None:
    """The number of a case, if its person may be written to unasked."""
    case = session.get(Case, row.case_id) if row.case_id else None
    kept = session.scalar(select(Capsule).where(Capsule.case_id == row.case_id)) if case else None
    if case is None or kept is None:
        return None
    marks = session.scalars(select(NumberIndex).where(NumberIndex.case_id == case.id)).all()
    allowed = may_text(
        unasked=not row.asked,
        safe_contact=case.safe_contact,
        stopped=any(mark.stopped_at for mark in marks),
        locked=any(mark.locked_at for mark in marks),
    )
    row.channel_id = row.channel_id or kept.channel_id
    return (kept.sealed, capsule_label(kept.id, case.id)) if allowed else None


def _language(session: Session, row: Outbox) -> Language:
    """An answer keeps the language it was asked in; what is unasked is said in the case's own."""
    case = session.get(Case, row.case_id) if row.case_id and not row.asked and not row.audience else None
    return case.language if case else row.language


def _on_duty(session: Session, row: Outbox, now: datetime) -> tuple[tuple[UUID, bytes], ...]:
    if row.audience != Audience.DUTY or row.organisation_id is None:
        return ()
    query = select(Duty).where(
        Duty.desk_id == row.organisation_id, Duty.starts_at <= now, Duty.ends_at > now
    )
    return tuple((duty.id, duty.number_hidden) for duty in session.scalars(query))


def _roads(session: Session, row: Outbox) -> tuple[ChannelSeen, ...]:
    """The numbers of the desk that the person wrote to, else of the one that has the case."""
    own = session.get(ChannelRow, row.channel_id) if row.channel_id else None
    desk_id = own.desk_id if own else _desk_of(session, row)
    query = select(ChannelRow).where(ChannelRow.desk_id == desk_id).order_by(ChannelRow.number)
    return tuple(inbound.seen(one) for one in session.scalars(query))


def _desk_of(session: Session, row: Outbox) -> UUID | None:
    case = session.get(Case, row.case_id) if row.case_id else None
    if case is not None:
        return case.desk_id
    channel = session.get(ChannelRow, row.channel_id) if row.channel_id else None
    return channel.desk_id if channel else row.organisation_id
