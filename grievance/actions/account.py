"""What can a member change about themselves? Password, recovery key, and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from grievance.actions import sign_in
from grievance.actions.keys import MemberMove, line
from grievance.actions.sign_in import ABSOLUTE, IDLE, Living
from grievance.store import keyring
from grievance.store.models import Member, StaffSession
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound


@dataclass(frozen=True)
class SessionSeen:
    """One place where a member is signed in. We know when, and nothing about the device."""

    id: UUID
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    is_this: bool


def sessions(living: Living, *, actor: Actor, now: datetime) -> tuple[SessionSeen, ...]:
    """Where the actor is signed in, this browser first, then the one used last."""
    query = select(StaffSession).where(
        StaffSession.member_id == actor.member_id, StaffSession.ended_at.is_(None),
        StaffSession.seen_at > now - IDLE, StaffSession.started_at > now - ABSOLUTE,
    )  # fmt: skip
    with transaction(actor) as session:
        rows = session.scalars(query.order_by(StaffSession.seen_at.desc())).all()
    seen = [
        SessionSeen(
            row.id, row.started_at, row.seen_at, min(row.seen_at + IDLE, row.started_at + ABSOLUTE),
            row.id == living.session_id,
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(seen, key=lambda one: not one.is_this))


def end_session(session_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Ends one session of the actor's own. Raises NotFound."""
    with transaction(actor) as session:
        member = _self(session.get(Member, actor.member_id))
        row = session.get(StaffSession, session_id, with_for_update=True)
        if row is None or row.member_id != member.id or row.ended_at is not None:
            raise NotFound
        row.ended_at, row.private_hidden = now, b""
        line(session, member, member.id, MemberMove.SESSION_ENDED, actor, now)


def end_others(living: Living, *, actor: Actor, now: datetime) -> None:
    """Ends every session of the actor's own but this one."""
    with transaction(actor) as session:
        member = _self(session.get(Member, actor.member_id))
        sign_in.end_all(session, member.id, now, but=living.session_id)
        line(session, member, member.id, MemberMove.SESSION_ENDED, actor, now)


def change_password(living: Living, password: str, *, actor: Actor, now: datetime) -> str:
    """Sets a new password. Every session ends; gives the cookie of a new one for this browser."""
    hashed = keyring.password_hash(password)
    by_password = keyring.private_by_password(living.pair.private, password)
    with transaction(actor) as session:
        member = _self(session.get(Member, actor.member_id, with_for_update=True))
        member.password_hash, member.private_by_password = hashed, by_password
        sign_in.end_all(session, member.id, now)
        line(session, member, member.id, MemberMove.PASSWORD_CHANGED, actor, now)
    return sign_in.begin_staff(member, living.pair, now=now)


def new_recovery_key(living: Living, *, actor: Actor, now: datetime) -> str:
    """A fresh recovery key, shown once; the one printed before is void."""
    made = keyring.recovery_for(living.pair.private)
    with transaction(actor) as session:
        member = _self(session.get(Member, actor.member_id, with_for_update=True))
        member.private_by_recovery = made.private_by_recovery
        line(session, member, member.id, MemberMove.RECOVERY_KEY_MADE, actor, now)
    return made.recovery_key_text


def _self(member: Member | None) -> Member:
    if member is None:
        raise NotFound
    return member
