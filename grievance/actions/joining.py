"""How does an invited person become a member? By a link, a password, a phone's code and a key."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grievance.actions import sign_in, totp
from grievance.actions.keys import line, make_first_keys
from grievance.actions.people import hashed
from grievance.schemas.people import Join
from grievance.store import keyring
from grievance.store.actors import door_actor, staff_actor
from grievance.store.journal import OrganisationMove
from grievance.store.models import Invitation, Member, Organisation
from grievance.store.sealing import Versions, lock_versioned, unlock_versioned
from grievance.store.session import transaction
from grievance.terms import CannotOpen, InvalidInput, NotFound, Refused
from grievance.vocabulary import Language

_PURPOSE = b"grievance totp of an invitation 2"


@dataclass(frozen=True)
class Awaited:
    """Who may join with a token, and the secret that their phone's app takes.

    `carried`: the same secret as the page's form carries it, for this token and our web servers alone.
    """

    member_id: UUID
    organisation_name: str
    language: Language
    email: str = field(repr=False)
    secret: str = field(repr=False)
    address: str = field(repr=False)
    carried: str = field(repr=False)


@dataclass(frozen=True)
class Joined:
    """A member came: the printed recovery key, shown once, and the cookie of their first session."""

    member_id: UUID
    made_keys: bool
    recovery_key_text: str = field(repr=False)
    cookie: str = field(repr=False)


def awaited(token: str, *, token_key: Versions, now: datetime, carried: str = "") -> Awaited:
    """Who is invited by this token, with a fresh secret, or the one that their page carried already.

    It does not follow from the link: whoever made that could note it, and hold a colleague's second proof.
    Raises NotFound, Refused (over).
    """
    with transaction(door_actor(hashed(token))) as session:
        member, _ = _invited(session, token, now)
        organisation = session.get(Organisation, member.organisation_id)
        name = organisation.name if organisation else ""
    secret = _secret_in(carried, token, token_key) or totp.new_secret()
    return Awaited(
        member.id, name, member.language, member.email, secret, totp.address(secret, member.email, name),
        _to_carry(secret, token, token_key),
    )


def join(token: str, typed: Join, *, config_key: Versions, token_key: Versions, now: datetime) -> Joined:
    """Takes an invited member in: password, code and their own key; the first one makes the organisation's.

    Raises NotFound, Refused (over), InvalidInput (the code is wrong).
    """
    with transaction(door_actor(hashed(token))) as session:
        member, invitation = _invited(session, token, now)
    secret, step = _proved(token, token_key, typed, now)
    fresh = keyring.member_keys(typed.password)
    with transaction(staff_actor(member, {})) as session:
        kept = _take_in(session, member.id, invitation.id, now)
        kept.password_hash = keyring.password_hash(typed.password)
        kept.totp_hidden, kept.totp_used = totp.hidden(member.id, secret, config_key), step
        kept.public_key, kept.private_by_password = fresh.public, fresh.private_by_password
        kept.private_by_recovery = fresh.private_by_recovery
        made = _complete(session, kept, now)
    pair = keyring.open_with_password(fresh.private_by_password, typed.password)
    cookie = sign_in.begin_staff(kept, pair, now=now)
    return Joined(member.id, made, fresh.recovery_key_text, cookie)


def _invited(session: Session, token: str, now: datetime) -> tuple[Member, Invitation]:
    invitation = session.scalar(select(Invitation).where(Invitation.token_hash == hashed(token)))
    member = session.get(Member, invitation.member_id) if invitation else None
    if invitation is None or member is None or member.disabled_at is not None:
        raise NotFound
    if invitation.used_at is not None or invitation.expires_at <= now:
        raise Refused("invitation_over")
    return member, invitation


def _take_in(session: Session, member_id: UUID, invitation_id: UUID, now: datetime) -> Member:
    """The member's row, locked, with the invitation used: of two who come at once, one is late."""
    member = session.get(Member, member_id, with_for_update=True)
    unused = (Invitation.id == invitation_id) & Invitation.used_at.is_(None)
    done = session.execute(update(Invitation).where(unused).values(used_at=now))
    if member is None or done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE counts its rows
        raise Refused("invitation_over")
    member.activated_at = now
    return member


def _complete(session: Session, member: Member, now: datetime) -> bool:
    """The journal's line, and the organisation's keys when this is its first member."""
    actor = staff_actor(member, {})
    line(session, member, member.id, OrganisationMove.MEMBER_JOINED, actor, now)
    organisation = session.get(Organisation, member.organisation_id, with_for_update=True)
    if organisation is None:
        raise NotFound
    return make_first_keys(session, organisation, member, actor=actor, now=now)


def _proved(token: str, token_key: Versions, typed: Join, now: datetime) -> tuple[str, int]:
    """The secret that the phone took, and the step of its code. Raises InvalidInput."""
    secret = _secret_in(typed.carried, token, token_key)
    step = totp.step_of(secret, typed.code, now)
    if secret is None or step is None:
        raise InvalidInput("code", "wrong_code")
    return secret, step


def _to_carry(secret: str, token: str, token_key: Versions) -> str:
    return urlsafe_b64encode(lock_versioned(token_key, _PURPOSE, secret.encode(), hashed(token))).decode()


def _secret_in(carried: str, token: str, token_key: Versions) -> str | None:
    """The secret that a page of this invitation carried, under any version of the key; else None."""
    try:
        return unlock_versioned(token_key, _PURPOSE, urlsafe_b64decode(carried), hashed(token)).decode()
    except (CannotOpen, binascii.Error, ValueError):
        return None
