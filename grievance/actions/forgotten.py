"""How does a member come back who forgot the password? With the printed key and their phone's code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from grievance.actions.entering import Doorway, checked, member_at_the_door, must_not_be_half
from grievance.actions.keys import MemberMove, line
from grievance.actions.sign_in import WrongSignIn, begin_staff, end_all
from grievance.schemas.people import Recover
from grievance.store import keyring
from grievance.store.actors import staff_actor
from grievance.store.models import Member
from grievance.store.session import transaction
from grievance.terms import CannotOpen, NotFound, Pair


@dataclass(frozen=True)
class Recovered:
    """A member came back: a fresh recovery key (the old one is void), and the cookie of their session."""

    recovery_key_text: str = field(repr=False)
    cookie: str = field(repr=False)


def recover(typed: Recover, *, doorway: Doorway, now: datetime) -> Recovered:
    """Sets a new password; what the member can read stays the same. Their other sessions end.

    Raises WrongSignIn, whatever was wrong.
    """
    if keyring.recovery_normal(typed.recovery_key) is None:
        # A slip of the pen, and no guess: the code may be used for the next try.
        raise WrongSignIn
    member = member_at_the_door(typed.email)
    tight = doorway.guard.tight(now)
    proof = checked(member, typed.second, doorway=doorway, now=now)
    pair = None if tight and proof is None else _opened(member, typed)
    if member is None or proof is None or pair is None:
        doorway.guard.wrong(now)
        raise WrongSignIn
    must_not_be_half(proof, tight=tight, doorway=doorway, now=now)
    recovery, hashed = keyring.recovery_for(pair.private), keyring.password_hash(typed.password)
    by_password = keyring.private_by_password(pair.private, typed.password)
    actor = staff_actor(member, {})
    with transaction(actor) as session:
        kept = session.get(Member, member.id, with_for_update=True)
        if kept is None:
            raise NotFound
        kept.password_hash, kept.private_by_password = hashed, by_password
        kept.private_by_recovery = recovery.private_by_recovery
        end_all(session, member.id, now)
        line(session, kept, kept.id, MemberMove.CAME_BACK, actor, now)
    return Recovered(recovery.recovery_key_text, begin_staff(kept, pair, now=now))


def _opened(member: Member | None, typed: Recover) -> Pair | None:
    """The member's pair, after the same work for everybody whose key is well copied."""
    if member is None or member.private_by_recovery is None:
        keyring.verify_unknown(typed.password)
        return None
    try:
        return keyring.open_with_recovery(member.private_by_recovery, typed.recovery_key)
    except CannotOpen:
        return None
