"""How does an invited person become a member? By a link, a password, a phone's code and a key."""

from __future__ import annotations

from base64 import b32encode
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
from grievance.store.sealing import Versions, subkey
from grievance.store.session import transaction
from grievance.terms import InvalidInput, NotFound, Refused
from grievance.vocabulary import Language

TOTP_BYTES = 20


@dataclass(frozen=True)
class Awaited:
    """Who may join with a token, and the secret that their phone's app takes."""

    member_id: UUID
    organisation_name: str
    language: Language
    email: str = field(repr=False)
    secret: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True)
class Joined:
    """A member came: the printed recovery key, shown once, and the cookie of their first session."""

    member_id: UUID
    made_keys: bool
    recovery_key_text: str = field(repr=False)
    cookie: str = field(repr=False)


def awaited(token: str, *, token_key: Versions, now: datetime) -> Awaited:
    """Who is invited by this token. Raises NotFound, Refused (over)."""
    with transaction(door_actor(hashed(token))) as session:
        member, _ = _invited(session, token, now)
        organisation = session.get(Organisation, member.organisation_id)
        name = organisation.name if organisation else ""
    secret = _secret(token, token_key[-1][1])
    return Awaited(
        member.id, name, member.language, member.email, secret, totp.address(secret, member.email, name)
    )


def join(token: str, typed: Join, *, config_key: Versions, token_key: Versions, now: datetime) -> Joined:
    """Takes an invited member in: password, code and their own key; the first one makes the organisation's.

    Raises NotFound, Refused (over), InvalidInput (the code is wrong).
    """
    with transaction(door_actor(hashed(token))) as session:
        member, invitation = _invited(session, token, now)
    secret, step = _proved(token, token_key, typed.code, now)
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


def _proved(token: str, token_key: Versions, code: str, now: datetime) -> tuple[str, int]:
    """The secret that the phone took, and the step of its code. Raises InvalidInput.

    The page may have been opened under a token key that was changed since.
    """
    for _, key in reversed(token_key):
        secret = _secret(token, key)
        step = totp.step_of(secret, code, now)
        if step is not None:
            return secret, step
    raise InvalidInput("code", "wrong_code")


def _secret(token: str, key: bytes) -> str:
    """The same secret each time the page is opened, so that one scan is enough."""
    purpose = b"grievance totp of an invitation 1 " + token.encode()
    return b32encode(subkey(key, purpose, TOTP_BYTES)).decode()
