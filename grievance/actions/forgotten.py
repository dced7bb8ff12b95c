"""How does a member come back who forgot the password? With the printed key and their phone's code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from grievance.actions.keys import MemberMove, line
from grievance.actions.sign_in import WrongSignIn, begin_staff, normal_email, step_of_code, use_code
from grievance.schemas.people import Recover
from grievance.store import keyring
from grievance.store.actors import door_actor, staff_actor
from grievance.store.models import Member, StaffSession
from grievance.store.sealing import Versions
from grievance.store.session import transaction
from grievance.terms import CannotOpen, NotFound, Pair


@dataclass(frozen=True)
class Recovered:
    """A member came back: a fresh recovery key (the old one is void), and the cookie of their session."""

    recovery_key_text: str = field(repr=False)
    cookie: str = field(repr=False)


def recover(typed: Recover, *, config_key: Versions, now: datetime) -> Recovered:
    """Sets a new password; what the member can read stays the same. Their other sessions end.

    Raises WrongSignIn, whatever was wrong.
    """
    email = normal_email(typed.email)
    with transaction(door_actor(email.encode())) as session:
        member = session.scalar(select(Member).where(Member.email == email))
    pair = _opened(member, typed)
    if member is None:
        raise WrongSignIn
    step = step_of_code(member, typed.code, config_key, now)
    recovery, hashed = keyring.recovery_for(pair.private), keyring.password_hash(typed.password)
    by_password = keyring.private_by_password(pair.private, typed.password)
    actor = staff_actor(member, {})
    with transaction(actor) as session:
        use_code(session, member.id, step)
        kept = session.get(Member, member.id, with_for_update=True)
        if kept is None:
            raise NotFound
        kept.password_hash, kept.private_by_password = hashed, by_password
        kept.private_by_recovery = recovery.private_by_recovery
        session.execute(
            update(StaffSession)
            .where(StaffSession.member_id == member.id, StaffSession.ended_at.is_(None))
            .values(ended_at=now, private_hidden=b"")
        )
        line(session, kept, kept.id, MemberMove.CAME_BACK, actor, now)
    return Recovered(recovery.recovery_key_text, begin_staff(kept, pair, now=now))


def _opened(member: Member | None, typed: Recover) -> Pair:
    """The member's pair, after the same work for everybody whose key is well copied. Raises WrongSignIn."""
    if keyring.recovery_normal(typed.recovery_key) is None:
        raise WrongSignIn
    if member is None or member.private_by_recovery is None or member.disabled_at is not None:
        keyring.verify_unknown(typed.password)
        raise WrongSignIn
    try:
        return keyring.open_with_recovery(member.private_by_recovery, typed.recovery_key)
    except CannotOpen:
        raise WrongSignIn from None
