"""What does one referral show? To its addressee no more than what was written for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import clocks
from grievance.actions.case_values import ClockSeen, ReferralLine, ReferralSeen, RemedySeen, Room, Words
from grievance.actions.moves import DESK
from grievance.actions.queue import clock_seen
from grievance.rules import workflow
from grievance.store import queries, vault
from grievance.store.models import ClassPair, ClockRow, OrganisationKey, Referral, Remedy, Site, Wrap
from grievance.store.session import transaction
from grievance.store.vault import MessageRead
from grievance.terms import Actor, ClockKind, NotFound, ReferralState, Refused, Role
from grievance.vocabulary import MessageKind

# What the addressee itself owes; how the desk and the complainant go on is not its business.
ADDRESSEE_CLOCKS = frozenset({ClockKind.ACKNOWLEDGE, ClockKind.ANSWER, ClockKind.INTERIM})
OVER = frozenset({ReferralState.SETTLED, ReferralState.WITHDRAWN, ReferralState.NOT_THEIRS})


def company_queue(actor: Actor, now: datetime, *, over: bool = False) -> tuple[ReferralLine, ...]:
    """The referrals made to this organisation, by what is due; with `over`, those that are finished."""
    with transaction(actor) as session:
        query = select(Referral).where(
            Referral.organisation_id == actor.organisation_id, Referral.sent_at.is_not(None)
        )
        rows = [row for row in session.scalars(query) if (row.state in OVER) is over]
        running = _running(session, [row.id for row in rows], ADDRESSEE_CLOCKS)
        names = queries.names(session, {actor.organisation_id})
        sites = site_names(session)
        lines = [_line(row, running, names, sites, now) for row in rows]
    return tuple(
        sorted(lines, key=lambda line: (line.next is None, line.next.due_at if line.next else line.sent_at))
    )


def referral_seen(code: str, actor: Actor, now: datetime) -> ReferralSeen:
    """One referral, opened with the actor's keys. Raises NotFound, CannotOpen.

    What was made to one colleague alone stays shut: its code, its state and its deadlines.
    """
    with transaction(actor) as session:
        referral = queries.referral_by_code(session, code)
        if for_somebody_else(session, referral, actor):
            return _value(session, referral, actor, now, None)
        return seen(session, referral, actor, now)


def addressed(session: Session, code: str, actor: Actor) -> Referral:
    """The referral, locked, for who answers it. Raises NotFound, Refused("for_one_person")."""
    referral = queries.referral_by_code(session, code, lock=True)
    if for_somebody_else(session, referral, actor):
        raise Refused("for_one_person")
    return referral


def for_somebody_else(session: Session, referral: Referral, actor: Actor) -> bool:
    """Whether it was made to one person at the actor's organisation, and the actor is not that person.

    Told by the wrap itself: it is under no key of the organisation, nor under one that the actor holds.
    """
    if referral.organisation_id != actor.organisation_id or not actor.keys:
        return False
    query = (
        select(Wrap.reader_public)
        .join(ClassPair, ClassPair.id == Wrap.pair_id)
        .where(ClassPair.referral_id == referral.id, Wrap.organisation_id == referral.organisation_id)
        .where(Wrap.reader_public.not_in(select(OrganisationKey.public_key)))
    )
    persons = session.scalars(query).all()
    return bool(persons) and not any(public in actor.keys for public in persons)


def seen(session: Session, referral: Referral, actor: Actor, now: datetime) -> ReferralSeen:
    """The value of a referral. Raises CannotOpen."""
    return _value(session, referral, actor, now, vault.read_messages(session, actor, referral.id))


def _value(
    session: Session, referral: Referral, actor: Actor, now: datetime, said: list[MessageRead] | None
) -> ReferralSeen:
    """`said` None: it does not open to this actor, who learns the workflow and makes no move."""
    messages = said or []
    desk = _desk_among(messages)
    names = queries.names(session, {referral.organisation_id, desk, actor.organisation_id})
    kinds = frozenset(ClockKind) if actor.role in DESK else ADDRESSEE_CLOCKS
    moves = workflow.referral_moves_for(referral.state, actor.role, by_letter=referral.by_letter)
    remedies = session.scalars(
        select(Remedy).where(Remedy.referral_id == referral.id).order_by(Remedy.promised_at)
    )
    return ReferralSeen(
        referral.id, referral.code, referral.organisation_id, names[referral.organisation_id],
        names.get(desk, "") if desk else "", referral.kind, referral.state, referral.severity,
        site_names(session).get(referral.site_id) if referral.site_id else None, referral.by_letter,
        referral.sent_at, referral.acknowledged_at, referral.answered_at, referral.relayed_at,
        referral.settled, referral.letter_proof is not None,
        () if said is None else moves,
        tuple(_clocks(session, referral, names, kinds, now)), tuple(_words(referral, messages)),
        tuple(remedy_seen(row) for row in remedies) if said is not None else (),
        _longest_extension(session, referral), opened=said is not None,
    )  # fmt: skip


def desk_of(session: Session, referral: Referral, actor: Actor) -> UUID:
    """Which desk speaks for the complainant: the newest that said so inside the referral. Raises CannotOpen.

    The addressee may not see the case, so it learns this from what was sealed for it.
    """
    desk = _desk_among(vault.read_messages(session, actor, referral.id))
    if desk is None:
        raise NotFound
    return desk


def site_names(session: Session) -> dict[UUID, str]:
    """The names of the sites, by id."""
    return {row.id: row.name for row in session.execute(select(Site.id, Site.name))}


def remedy_seen(row: Remedy) -> RemedySeen:
    """A remedy as a page shows it."""
    return RemedySeen(
        row.id, row.kind, row.state, row.due_on, row.promised_at, row.delivered_at, row.confirmed_at
    )


def _desk_among(messages: list[MessageRead]) -> UUID | None:
    said = [message.text for message in messages if message.kind is MessageKind.DESK]
    return UUID(said[-1]) if said else None


def _words(referral: Referral, messages: list[MessageRead]) -> Iterable[Words]:
    for message in messages:
        if message.kind is not MessageKind.DESK:
            yield Words(
                message.at, Room.COMPANY, message.kind, message.author, not message.from_company,
                message.text, referral.code,
            )  # fmt: skip


def _running(session: Session, ids: list[UUID], kinds: frozenset[ClockKind]) -> list[ClockRow]:
    query = select(ClockRow).where(
        ClockRow.referral_id.in_(ids), ClockRow.stopped_at.is_(None), ClockRow.kind.in_(kinds)
    )
    return list(session.scalars(query.order_by(ClockRow.due_at)))


def _clocks(
    session: Session, referral: Referral, names: dict[UUID, str], kinds: frozenset[ClockKind], now: datetime
) -> Iterable[ClockSeen]:
    for row in _running(session, [referral.id], kinds):
        yield clock_seen(row, names, now, referral.code)


def _line(
    row: Referral, running: list[ClockRow], names: dict[UUID, str], sites: dict[UUID, str], now: datetime
) -> ReferralLine:
    first = next((clock for clock in running if clock.referral_id == row.id), None)
    return ReferralLine(
        row.code, row.kind, row.state, row.severity, sites.get(row.site_id) if row.site_id else None,
        row.sent_at or row.created_at, clock_seen(first, names, now, row.code) if first else None,
    )  # fmt: skip


def _longest_extension(session: Session, referral: Referral) -> int | None:
    """How many days may still be asked for; None when the answer's deadline cannot be extended (any more)."""
    row = clocks.latest(session, referral.case_id, ClockKind.ANSWER, referral.id)
    if row is None or row.stopped_at is not None or row.extended_days is not None:
        return None
    if row.holder_role is Role.COMPLAINANT:
        return None
    longest = clocks.policy().longest_extension(ClockKind.ANSWER, row.severity)
    return longest.amount if longest else None
