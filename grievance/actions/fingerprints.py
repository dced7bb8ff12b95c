"""Is this really their key? Fingerprints, read aloud by an organisation and confirmed by the overseer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions.key_changes import come_into_use
from grievance.actions.keys import must_be_let_in
from grievance.store import journal, keyring
from grievance.store.journal import OrganisationMove
from grievance.store.models import JournalLine, KeyChange, Organisation, OrganisationKey
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound, Refused, Role
from grievance.vocabulary import ReaderKind

CONFIRMERS_OF_OVERSEER = 2


@dataclass(frozen=True)
class KeySeen:
    """One key of an organisation as pages show it; the fingerprint is read aloud."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    kind: ReaderKind
    version: int
    fingerprint: str
    confirmed_at: datetime | None
    held: bool


def confirm_fingerprint(organisation_key_id: UUID, *, actor: Actor, now: datetime) -> None:
    """An overseer who holds a key heard this one's fingerprint from its organisation and found it equal.

    The overseer's own key counts as confirmed when two of its members did it; before that they confirm no
    other. The journal holds who confirmed. Raises NotFound, Refused.
    """
    if actor.role is not Role.OVERSEER or actor.organisation_id is None:
        raise NotFound
    must_be_let_in(actor)
    with transaction(actor) as session:
        # Two who confirm at once must each count: the second waits, and finds the first one's line.
        row = session.get(OrganisationKey, organisation_key_id, with_for_update=True)
        if row is None:
            raise NotFound
        if row.confirmed_at is not None:
            raise Refused("already_confirmed")
        if row.organisation_id == actor.organisation_id:
            enough = _confirm_own(session, row, actor, now)
        else:
            enough = _confirm_other(session, row, actor, now)
        if enough:
            row.confirmed_at, row.confirmed_by = now, actor.member_id
            _is_second_person(session, row, actor, now)


def keys_seen(actor: Actor, *, of_all: bool = False) -> tuple[KeySeen, ...]:
    """The keys of the actor's organisation, or (`of_all`) of every one, newest version of each kind."""
    with transaction(actor) as session:
        query = select(OrganisationKey, Organisation.name).join(
            Organisation, Organisation.id == OrganisationKey.organisation_id
        )
        if not of_all:
            query = query.where(OrganisationKey.organisation_id == actor.organisation_id)
        rows = session.execute(query.order_by(OrganisationKey.version.desc())).all()
    newest = {(row.organisation_id, row.kind): (row, name) for row, name in reversed(rows)}
    seen = [
        KeySeen(
            row.id, row.organisation_id, name, row.kind, row.version, keyring.fingerprint(row.public_key),
            row.confirmed_at, row.public_key in actor.keys,
        )
        for row, name in newest.values()
    ]  # fmt: skip
    return tuple(sorted(seen, key=lambda key: (key.organisation_name, key.kind.value)))


def _is_second_person(session: Session, row: OrganisationKey, actor: Actor, now: datetime) -> None:
    """Whoever compared a new version's fingerprint with its organisation is the second person for it."""
    waits = KeyChange.agreed_at.is_(None), KeyChange.started_by != actor.member_id
    change = session.scalar(select(KeyChange).where(KeyChange.organisation_key_id == row.id, *waits))
    if change is not None:
        come_into_use(session, change, actor, now)


def _confirm_own(session: Session, row: OrganisationKey, actor: Actor, now: datetime) -> bool:
    """The overseer's own key: whether this is the second member who confirms it."""
    lines = select(JournalLine.actor).where(
        JournalLine.chain == row.organisation_id, JournalLine.subject == row.id,
        JournalLine.move == OrganisationMove.KEY_CONFIRMED.value,
    )  # fmt: skip
    before = set(session.scalars(lines))
    if actor.name in before:
        raise Refused("already_confirmed")
    _line(session, row, actor, now)
    return len(before) + 1 >= CONFIRMERS_OF_OVERSEER


def _confirm_other(session: Session, row: OrganisationKey, actor: Actor, now: datetime) -> bool:
    own = session.scalars(
        select(OrganisationKey.confirmed_at).where(OrganisationKey.organisation_id == actor.organisation_id)
    ).all()
    if not own or None in own:
        raise Refused("own_fingerprint_first")
    _line(session, row, actor, now)
    return True


def _line(session: Session, row: OrganisationKey, actor: Actor, now: datetime) -> None:
    journal.append(
        session, chain=row.organisation_id, subject=row.id, actor=actor, move=OrganisationMove.KEY_CONFIRMED,
        now=now,
    )  # fmt: skip
