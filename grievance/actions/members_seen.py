"""What does an organisation see of its members? Who works here, as what, and with which keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from grievance.actions.keys import KEYS_OF
from grievance.store.models import Member, MemberKey, Organisation, OrganisationKey
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound, Role
from grievance.vocabulary import OrganisationKind, ReaderKind


class Standing(StrEnum):
    """Where a member stands."""

    INVITED = "invited"
    ACTIVE = "active"
    LEFT = "left"


@dataclass(frozen=True)
class MemberLine:
    """One member as a colleague sees them."""

    id: UUID
    role: Role
    standing: Standing
    invited_at: datetime
    activated_at: datetime | None
    holds: frozenset[ReaderKind]
    is_you: bool
    email: str = field(repr=False)


@dataclass(frozen=True)
class Staff:
    """An organisation's members, with the kinds of keys it has and when its recovery paper was printed."""

    organisation_id: UUID
    kind: OrganisationKind
    kinds: tuple[ReaderKind, ...]
    recovery_printed_at: datetime | None
    members: tuple[MemberLine, ...]


def staff_seen(actor: Actor) -> Staff:
    """The members of the actor's own organisation, by e-mail. Raises NotFound."""
    with transaction(actor) as session:
        organisation = session.get(Organisation, actor.organisation_id)
        if organisation is None:
            raise NotFound
        query = select(Member).where(Member.organisation_id == organisation.id)
        members = session.scalars(query).all()
        held = session.execute(
            select(MemberKey.member_id, OrganisationKey.kind).join(
                OrganisationKey, OrganisationKey.id == MemberKey.organisation_key_id
            )
        ).all()
    lines = [
        _line(member, frozenset(kind for who, kind in held if who == member.id), actor) for member in members
    ]
    return Staff(
        organisation.id, organisation.kind, KEYS_OF[organisation.kind], organisation.recovery_printed_at,
        tuple(sorted(lines, key=lambda line: (line.standing is Standing.LEFT, line.email))),
    )  # fmt: skip


def member_seen(member_id: UUID, *, actor: Actor) -> MemberLine:
    """One member of the actor's organisation. Raises NotFound."""
    for line in staff_seen(actor).members:
        if line.id == member_id:
            return line
    raise NotFound


def _line(member: Member, holds: frozenset[ReaderKind], actor: Actor) -> MemberLine:
    return MemberLine(
        member.id, member.role, _standing(member), member.invited_at, member.activated_at, holds,
        member.id == actor.member_id, member.email,
    )  # fmt: skip


def _standing(member: Member) -> Standing:
    if member.disabled_at is not None:
        return Standing.LEFT
    return Standing.INVITED if member.activated_at is None else Standing.ACTIVE
