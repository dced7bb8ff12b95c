"""Who holds which key of an organisation? Made for the first member, given on by holders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from grievance.rules import access
from grievance.rules.access import Relation, Thing
from grievance.store import journal
from grievance.store.journal import OrganisationMove
from grievance.store.models import Member, MemberKey, Organisation, OrganisationKey
from grievance.store.queries import in_use
from grievance.store.sealing import new_pair, wrap
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound, Refused, Role
from grievance.vocabulary import OrganisationKind, ReaderKind

KEYS_OF: dict[OrganisationKind, tuple[ReaderKind, ...]] = {
    OrganisationKind.CSO: (
        ReaderKind.DESK, ReaderKind.TRIAGE, ReaderKind.LANE_SEXUAL_VIOLENCE, ReaderKind.LANE_CHILD,
    ),
    OrganisationKind.MINE: (ReaderKind.COMPANY,),
    OrganisationKind.PROVIDER: (ReaderKind.COMPANY,),
    OrganisationKind.OVERSEER: (ReaderKind.OVERSEER,),
    OrganisationKind.HOST: (),
}  # fmt: skip
# Who looks after the members of their organisation; an administrator also invites for others.
CARERS = access.who_may(Thing.MEMBERS, Relation.OWN)
# Who says who works in a restricted lane.
LANE_KEEPERS = access.who_may(Thing.LANES, Relation.OWN)
# What a member is, by holding a key.
FLAG_OF = {
    ReaderKind.TRIAGE: "marked",
    ReaderKind.LANE_SEXUAL_VIOLENCE: "in_sexual_violence_lane",
    ReaderKind.LANE_CHILD: "in_child_lane",
}


LANES = frozenset({ReaderKind.LANE_SEXUAL_VIOLENCE, ReaderKind.LANE_CHILD})


class MemberMove(StrEnum):
    """Events of an organisation's chain about its members."""

    KEY_TAKEN = "key_taken"
    MEMBER_DISABLED = "member_disabled"
    INVITED_AGAIN = "invited_again"
    MEMBER_RESET = "member_reset"
    CAME_BACK = "came_back_by_recovery_key"
    ROLE_CHANGED = "role_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    RECOVERY_KEY_MADE = "recovery_key_made"
    SESSION_ENDED = "session_ended"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"


def must_care(actor: Actor) -> None:
    """Raises Refused for whoever does not look after the members of an organisation."""
    if actor.role not in CARERS:
        raise Refused("not_for_your_role")


def must_be_let_in(actor: Actor) -> None:
    """Raises Refused for whoever holds no key: the host alone may have invited them, nobody let them in.

    Keys come from a member who holds them, never from the host. A host has none to give or to hold.
    """
    if not actor.keys and actor.role is not Role.ADMINISTRATOR:
        raise Refused("not_let_in")


def make_first_keys(
    session: Session, organisation: Organisation, member: Member, *, actor: Actor, now: datetime
) -> bool:
    """Makes an organisation's keys when it has none, for the member who joins first; says whether it did.

    The caller holds a lock on the organisation's row, so that two first members make one set.
    """
    kinds = KEYS_OF[organisation.kind]
    if not kinds or own_keys(session, organisation.id):
        return False
    for kind in kinds:
        pair = new_pair()
        row = OrganisationKey(
            id=uuid4(),
            organisation_id=organisation.id,
            kind=kind,
            version=1,
            public_key=pair.public,
            created_at=now,
        )
        session.add(row)
        session.flush()
        give(session, member, row, pair.private)
        journal.append(
            session, chain=organisation.id, subject=row.id, actor=actor, move=OrganisationMove.KEYS_MADE,
            now=now, commitment=hashlib.sha256(pair.public).digest(),
        )  # fmt: skip
    return True


def grant_keys(member_id: UUID, kinds: Iterable[ReaderKind], *, actor: Actor, now: datetime) -> None:
    """Gives keys that the actor holds to a member of the same organisation. Raises NotFound, Refused.

    A lane's key is the lead's to give; whoever holds it may give it to a lead, so that a desk which begins
    without one can have a lead who decides.
    """
    kinds = tuple(kinds)
    with transaction(actor) as session:
        member = member_of(session, member_id, actor)
        if member.public_key is None or member.disabled_at is not None:
            raise Refused("no_own_key_yet")
        if set(kinds) & LANES and not {actor.role, member.role} & LANE_KEEPERS:
            raise Refused("lane_is_the_leads")
        newest = own_keys(session, member.organisation_id)
        for kind in kinds:
            if kind not in newest or newest[kind].public_key not in actor.keys:
                raise Refused("no_key_of_yours")
            # While a key changes, older cases hang on its older version.
            for row in versions_of(session, member.organisation_id, kind):
                private = actor.keys.get(row.public_key)
                if private is not None and not holds(session, member, row):
                    give(session, member, row, private)
                    line(session, member, row.id, OrganisationMove.KEY_GRANTED, actor, now)


def take_back_keys(member_id: UUID, kinds: Iterable[ReaderKind], *, actor: Actor, now: datetime) -> None:
    """Takes keys from a member. What they could read before, they may have kept. Raises NotFound, Refused.

    For who looks after the members and holds keys themselves, not for any colleague.
    Of the triage key and of a lane's, and of the organisation's, one holder always remains.
    """
    must_care(actor)
    if not actor.keys:
        raise Refused("no_key_of_yours")
    with transaction(actor) as session:
        member = member_of(session, member_id, actor)
        for row in (row for kind in kinds for row in versions_of(session, member.organisation_id, kind)):
            if not holds(session, member, row):
                continue
            if _holders(session, row) < 2:
                raise Refused("last_holder")
            take_back(session, member, row)
            line(session, member, row.id, MemberMove.KEY_TAKEN, actor, now)


def take_back(session: Session, member: Member, row: OrganisationKey) -> None:
    """Deletes a member's copy of one key, and what they were by holding it."""
    session.execute(
        delete(MemberKey).where(MemberKey.member_id == member.id, MemberKey.organisation_key_id == row.id)
    )
    if row.kind in FLAG_OF:
        setattr(member, FLAG_OF[row.kind], False)


def keyed_triage_members(session: Session, organisation_id: UUID) -> int:
    """How many members of a desk can open what comes in: a desk needs two before it gets coverage."""
    query = select(func.count()).where(
        Member.organisation_id == organisation_id, Member.marked, Member.public_key.is_not(None),
        Member.disabled_at.is_(None),
    )  # fmt: skip
    return session.scalar(query) or 0


def member_of(session: Session, member_id: UUID, actor: Actor) -> Member:
    """A member of the actor's own organisation. Raises NotFound."""
    member = session.get(Member, member_id)
    if member is None or member.organisation_id != actor.organisation_id:
        raise NotFound
    return member


def own_keys(session: Session, organisation_id: UUID) -> dict[ReaderKind, OrganisationKey]:
    """The version in use of each key of an organisation."""
    rows = session.scalars(
        select(OrganisationKey)
        .where(OrganisationKey.organisation_id == organisation_id, in_use())
        .order_by(OrganisationKey.version)
    )
    return {row.kind: row for row in rows}


def versions_of(session: Session, organisation_id: UUID, kind: ReaderKind) -> list[OrganisationKey]:
    """Every version of one key, oldest first, also one that waits for a second person."""
    query = select(OrganisationKey).where(
        OrganisationKey.organisation_id == organisation_id, OrganisationKey.kind == kind
    )
    return list(session.scalars(query.order_by(OrganisationKey.version)))


def give(session: Session, member: Member, row: OrganisationKey, private: bytes) -> None:
    """Seals a private half to a member's own key, and makes them what a holder of it is."""
    if member.public_key is None:
        raise Refused("no_own_key_yet")
    session.add(
        MemberKey(
            id=uuid4(), member_id=member.id, organisation_id=member.organisation_id,
            organisation_key_id=row.id, wrapped=wrap(private, member.public_key),
        )
    )  # fmt: skip
    if row.kind in FLAG_OF:
        setattr(member, FLAG_OF[row.kind], True)


def holds(session: Session, member: Member, row: OrganisationKey) -> bool:
    """Whether a member holds a key."""
    query = select(MemberKey.id).where(
        MemberKey.member_id == member.id, MemberKey.organisation_key_id == row.id
    )
    return session.scalar(query) is not None


def line(session: Session, member: Member, subject: UUID, move: StrEnum, actor: Actor, now: datetime) -> None:
    """One line in the organisation's chain; the commitment names the member."""
    journal.append(
        session, chain=member.organisation_id, subject=subject, actor=actor, move=move, now=now,
        commitment=hashlib.sha256(member.id.bytes).digest(),
    )  # fmt: skip


def must_not_be_last_holder(session: Session, member: Member) -> None:
    """Raises Refused when a key would be lost with this member."""
    held = select(OrganisationKey).join(MemberKey, MemberKey.organisation_key_id == OrganisationKey.id)
    for row in session.scalars(held.where(MemberKey.member_id == member.id)).all():
        if _holders(session, row) < 2:
            raise Refused("last_holder")


def _holders(session: Session, row: OrganisationKey) -> int:
    query = select(func.count()).where(MemberKey.organisation_key_id == row.id)
    return session.scalar(query) or 0
