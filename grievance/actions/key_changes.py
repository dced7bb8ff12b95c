"""How does an organisation change its own keys? A lead starts, a second person agrees, members seal anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from grievance.actions import key_hangings as hangings
from grievance.actions.keys import give, own_keys, versions_of
from grievance.actions.people import CARERS, must_be_another
from grievance.store import journal, queries, vault
from grievance.store.journal import OrganisationMove
from grievance.store.models import KeyChange, Member, MemberKey, Organisation, OrganisationKey, Task
from grievance.store.sealing import new_pair
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, NotFound, Refused
from grievance.vocabulary import ReaderKind, TaskKind

BATCH = 200
# Whoever read the older public half a moment ago may still store something under it.
QUIET = timedelta(hours=24)
# A slip waits on a telephone, sealed to a triage key, until somebody comes back to where there is a network.
QUIET_FOR_SLIPS = timedelta(days=30)


@dataclass(frozen=True)
class Pending:
    """A new version that waits for a second person."""

    key_id: UUID
    kind: ReaderKind
    version: int
    started_at: datetime
    yours: bool


@dataclass(frozen=True)
class Replaced:
    """An older version that something still hangs on.

    `here`: what the actor's session can seal anew; `hidden`: what this organisation may not see yet, as
    back-up or as next on the ladder; `done`: what hangs on the version in use already.
    """

    kind: ReaderKind
    version: int
    here: int
    hidden: int
    done: int
    gone_from: datetime


@dataclass(frozen=True)
class Changes:
    """Where the changes of an organisation's keys stand. `somebody_left`: a change is due."""

    pending: tuple[Pending, ...]
    replaced: tuple[Replaced, ...]
    somebody_left: bool


def seen(*, actor: Actor) -> Changes:
    """What waits for a second person, and how much is still sealed to older versions."""
    with transaction(actor) as session:
        organisation_id = _own(actor)
        rows = session.execute(_pending(organisation_id)).all()
        pending = tuple(
            Pending(key.id, key.kind, key.version, change.started_at, change.started_by == actor.member_id)
            for change, key in rows
        )
        replaced = []
        for old, new, at in _older(session, organisation_id):
            here, hidden = hangings.count(session, old, actor)
            done = sum(hangings.count(session, new, actor)[: 1 if new.kind in vault.LANES else 2])
            replaced.append(Replaced(old.kind, old.version, here, hidden, done, at + _quiet(old)))
        return Changes(pending, tuple(replaced), bool(_tasks(session, organisation_id)))


def start(kinds: Iterable[ReaderKind], *, actor: Actor, now: datetime) -> None:
    """Makes the next version of keys, for everybody who holds them now. Raises Refused, NotFound.

    Nothing is sealed to it until a second person agreed.
    """
    if actor.role not in CARERS:
        raise Refused("not_for_your_role")
    with transaction(actor) as session:
        organisation = _locked(session, actor)
        waits = {key.kind for _, key in session.execute(_pending(organisation.id))}
        newest = own_keys(session, organisation.id)
        for kind in kinds:
            row = newest.get(kind)
            if row is None or row.public_key not in actor.keys:
                raise Refused("no_key_of_yours")
            if kind in waits:
                raise Refused("key_change_waits")
            _next_version(session, row, actor, now)


def agree(key_id: UUID, *, actor: Actor, now: datetime) -> None:
    """A second holder agrees: from now on everything is sealed to this version. Raises NotFound, Refused."""
    with transaction(actor) as session:
        organisation = _locked(session, actor)
        found = session.execute(_pending(organisation.id).where(OrganisationKey.id == key_id)).one_or_none()
        if found is None:
            raise NotFound
        change, key = found
        must_be_another(session, change.started_by, actor, now)
        if key.public_key not in actor.keys:
            raise Refused("no_key_of_yours")
        come_into_use(session, change, actor, now)


def come_into_use(session: Session, change: KeyChange, actor: Actor, now: datetime) -> None:
    """A second person agreed, from the organisation or from the overseer."""
    change.agreed_by, change.agreed_at = actor.member_id, now
    journal.append(
        session, chain=change.organisation_id, subject=change.organisation_key_id, actor=actor,
        move=OrganisationMove.KEY_CHANGE_AGREED, now=now,
    )  # fmt: skip


@once_more
def seal_anew(*, actor: Actor, now: datetime, most: int = BATCH) -> int:
    """One batch: what hangs on older versions is sealed to the version in use, open cases first.

    Gives how much was sealed anew. An older version that nothing hangs on is destroyed after a day; a triage
    key after thirty, because nobody sees from here which slips wait for it.
    """
    with transaction(actor) as session:
        organisation = _locked(session, actor)
        _what_follows(session, organisation, actor, now)
        moved = 0
        for old, new, agreed_at in _older(session, organisation.id):
            private = actor.keys.get(old.public_key)
            if private is not None:
                moved += hangings.seal_anew(session, old, new, private, most - moved)
            if now - agreed_at >= _quiet(old) and sum(hangings.count(session, old, actor)) == 0:
                _retire(session, old, actor, now)
        return moved


def _what_follows(session: Session, organisation: Organisation, actor: Actor, now: datetime) -> None:
    """The printed paper no longer holds what is in use; and who left no longer asks for anything."""
    latest = session.scalar(
        select(func.max(KeyChange.agreed_at)).where(KeyChange.organisation_id == organisation.id)
    )
    if latest is None or session.execute(_pending(organisation.id)).first() is not None:
        return
    if organisation.recovery_printed_at is not None and organisation.recovery_printed_at <= latest:
        organisation.recovery_printed_at = None
    for task in _tasks(session, organisation.id):
        if task.created_at <= latest:
            task.done_at, task.done_by = now, actor.member_id


def _next_version(session: Session, row: OrganisationKey, actor: Actor, now: datetime) -> None:
    pair = new_pair()
    latest = max(key.version for key in versions_of(session, row.organisation_id, row.kind))
    key = OrganisationKey(
        id=uuid4(), organisation_id=row.organisation_id, kind=row.kind, version=latest + 1,
        public_key=pair.public, created_at=now,
    )  # fmt: skip
    session.add(key)
    session.flush()
    holders = select(Member).join(MemberKey, MemberKey.member_id == Member.id)
    for holder in session.scalars(holders.where(MemberKey.organisation_key_id == row.id)).all():
        if holder.disabled_at is None:
            give(session, holder, key, pair.private)
    session.add(
        KeyChange(
            id=uuid4(), organisation_id=row.organisation_id, organisation_key_id=key.id,
            started_by=actor.member_id, started_at=now,
        )
    )  # fmt: skip
    journal.append(
        session, chain=row.organisation_id, subject=key.id, actor=actor,
        move=OrganisationMove.KEY_CHANGE_STARTED, now=now, commitment=hashlib.sha256(pair.public).digest(),
    )  # fmt: skip


def _quiet(old: OrganisationKey) -> timedelta:
    return QUIET_FOR_SLIPS if old.kind is ReaderKind.TRIAGE else QUIET


def _retire(session: Session, old: OrganisationKey, actor: Actor, now: datetime) -> None:
    """Nothing hangs on it: nobody keeps a copy."""
    session.execute(delete(MemberKey).where(MemberKey.organisation_key_id == old.id))
    journal.append(
        session, chain=old.organisation_id, subject=old.id, actor=actor, move=OrganisationMove.KEY_RETIRED,
        now=now,
    )  # fmt: skip


def _older(
    session: Session, organisation_id: UUID
) -> list[tuple[OrganisationKey, OrganisationKey, datetime]]:
    """Older versions that members still hold, the version in use, and since when it is."""
    in_use, found = own_keys(session, organisation_id), []
    kept = set(session.scalars(select(MemberKey.organisation_key_id)))
    for new in in_use.values():
        change = session.scalar(select(KeyChange).where(KeyChange.organisation_key_id == new.id))
        for old in versions_of(session, organisation_id, new.kind):
            if old.version < new.version and old.id in kept and change and change.agreed_at:
                found.append((old, new, change.agreed_at))
    return found


def _pending(organisation_id: UUID) -> Select[KeyChange, OrganisationKey]:
    query = select(KeyChange, OrganisationKey)
    query = query.join(OrganisationKey, OrganisationKey.id == KeyChange.organisation_key_id)
    return query.where(KeyChange.organisation_id == organisation_id, KeyChange.agreed_at.is_(None))


def _tasks(session: Session, organisation_id: UUID) -> list[Task]:
    query = select(Task).where(
        Task.organisation_id == organisation_id, Task.kind == TaskKind.CHANGE_KEYS, Task.done_at.is_(None)
    )
    return list(session.scalars(query))


def _own(actor: Actor) -> UUID:
    if actor.organisation_id is None:
        raise NotFound
    return actor.organisation_id


def _locked(session: Session, actor: Actor) -> Organisation:
    """The organisation's row: two changes of one organisation wait for each other."""
    return queries.organisation_locked(session, _own(actor))
