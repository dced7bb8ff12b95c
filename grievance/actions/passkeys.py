"""Is this the member's passkey? Challenges that are answered once, and the keys each member registered.

A passkey proves who somebody is; it opens no case. The member's private key opens by the password alone, so
a passkey always comes with the password, as a second proof that no look-alike page can pass on.
"""

from __future__ import annotations

import hmac
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import webauthn
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from grievance.actions.keys import MemberMove, line
from grievance.store.models import Member, Passkey
from grievance.store.sealing import Versions, lock_versioned, unlock_versioned
from grievance.store.session import transaction
from grievance.terms import Actor, CannotOpen, InvalidInput, NotFound, Refused

CHALLENGE_BYTES = 32
# A page may stand open for a while; what protects is that a challenge is answered once.
CHALLENGE_LIVES = timedelta(hours=1)
MOST_PASSKEYS = 10
SERVICE = "Grievances"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PURPOSE = b"grievance passkey challenge 1"
_STAMP = struct.Struct(">Q")


@dataclass(frozen=True)
class RelyingParty:
    """To which site passkeys belong. Browsers make none for a bare address: this machine is `localhost`."""

    id: str
    origin: str

    @classmethod
    def of(cls, public_url: str) -> RelyingParty:
        """The site of the public address."""
        parts = urlsplit(public_url)
        host = parts.hostname or ""
        if host not in LOOPBACK:
            return cls(host, f"{parts.scheme}://{parts.netloc}")
        port = f":{parts.port}" if parts.port else ""
        return cls("localhost", f"{parts.scheme}://localhost{port}")


@dataclass(frozen=True)
class Challenge:
    """What a browser signs, and when it was made. `token` is the same, sealed for the way through a form."""

    value: bytes = field(repr=False)
    made_at: datetime
    token: str = field(repr=False)

    @property
    def text(self) -> str:
        """As a browser's script takes it."""
        return webauthn.helpers.bytes_to_base64url(self.value)


@dataclass(frozen=True)
class PasskeySeen:
    """One passkey on its member's page."""

    id: UUID
    name: str
    added_at: datetime
    used_at: datetime | None


def new_challenge(token_key: Versions, now: datetime, about: bytes = b"") -> Challenge:
    """A fresh challenge; `about` binds it to one use, for example to the member who registers."""
    value = os.urandom(CHALLENGE_BYTES)
    stamp = int(now.timestamp() * 1_000_000)
    sealed = lock_versioned(token_key, _PURPOSE, value + _STAMP.pack(stamp), about)
    return Challenge(value, now, urlsafe_b64encode(sealed).decode())


def read_challenge(token: str, token_key: Versions, now: datetime, about: bytes = b"") -> Challenge:
    """The challenge of a form of ours. Raises CannotOpen: altered, of another use, or too old."""
    try:
        blob = urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        raise CannotOpen from None
    message = unlock_versioned(token_key, _PURPOSE, blob, about)
    value, (stamp,) = message[:CHALLENGE_BYTES], _STAMP.unpack(message[CHALLENGE_BYTES:])
    made_at = datetime.fromtimestamp(stamp / 1_000_000, UTC)
    if now - made_at > CHALLENGE_LIVES:
        raise CannotOpen
    return Challenge(value, made_at, token)


def challenge_of_new(token: str, token_key: Versions, now: datetime, about: bytes) -> Challenge:
    """The challenge that a new passkey answered. Raises InvalidInput: the page is too old, or of another."""
    try:
        return read_challenge(token, token_key, now, about)
    except CannotOpen:
        raise InvalidInput("passkey", "passkey_not_made") from None


def prove(
    session: Session, member: Member, answer: str, challenge: Challenge, site: RelyingParty, now: datetime
) -> bool:
    """Whether one of this member's passkeys answered this challenge, for the first time."""
    row = _named(session, member.id, answer)
    if row is None:
        return False
    try:
        proved = webauthn.verify_authentication_response(
            credential=answer, expected_challenge=challenge.value, expected_rp_id=site.id,
            expected_origin=site.origin, credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
        )  # fmt: skip
    except WebAuthnException:
        return False
    unused = Passkey.challenged_at.is_(None) | (Passkey.challenged_at < challenge.made_at)
    done = session.execute(
        update(Passkey)
        .where(Passkey.id == row.id, unused)
        .values(challenged_at=challenge.made_at, used_at=now, sign_count=proved.new_sign_count)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]  # an UPDATE's result counts its rows


def registration(actor: Actor, site: RelyingParty, challenge: Challenge, email: str) -> dict[str, Any]:
    """What the member's browser needs to make a passkey, as JSON values."""
    if actor.member_id is None:
        raise NotFound
    with transaction(actor) as session:
        known = session.scalars(select(Passkey.credential_id).where(Passkey.member_id == actor.member_id))
        others = [PublicKeyCredentialDescriptor(id=credential_id) for credential_id in known]
    options = webauthn.generate_registration_options(
        rp_id=site.id, rp_name=SERVICE, user_name=email, user_id=actor.member_id.bytes,
        challenge=challenge.value, exclude_credentials=others,
        authenticator_selection=AuthenticatorSelectionCriteria(
            # The device knows by itself which account it holds: the door names none.
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )  # fmt: skip
    return options_to_json_dict(options)


def add(
    answer: str, name: str, challenge: Challenge, site: RelyingParty, *, actor: Actor, now: datetime
) -> None:
    """Registers what the member's browser made. Raises InvalidInput, Refused."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge.value, expected_rp_id=site.id,
            expected_origin=site.origin,
        )  # fmt: skip
    except WebAuthnException:
        raise InvalidInput("passkey", "passkey_not_made") from None
    try:
        with transaction(actor) as session:
            member = session.get(Member, actor.member_id, with_for_update=True)
            if member is None:
                raise NotFound
            if count(session, member.id) >= MOST_PASSKEYS:
                raise Refused("enough_passkeys")
            row = Passkey(
                id=uuid4(), member_id=member.id, credential_id=made.credential_id, sign_count=made.sign_count,
                public_key=made.credential_public_key, name=name, added_at=now,
            )  # fmt: skip
            session.add(row)
            line(session, member, row.id, MemberMove.PASSKEY_ADDED, actor, now)
    except IntegrityError:
        raise InvalidInput("passkey", "passkey_not_made") from None


def remove(passkey_id: UUID, *, must_keep_one: bool, actor: Actor, now: datetime) -> None:
    """Takes one of the actor's own passkeys away. Raises NotFound, Refused("last_passkey")."""
    with transaction(actor) as session:
        member = session.get(Member, actor.member_id, with_for_update=True)
        row = session.get(Passkey, passkey_id)
        if member is None or row is None or row.member_id != member.id:
            raise NotFound
        if must_keep_one and count(session, member.id) < 2:
            raise Refused("last_passkey")
        session.execute(delete(Passkey).where(Passkey.id == row.id))
        line(session, member, row.id, MemberMove.PASSKEY_REMOVED, actor, now)


def of_member(actor: Actor) -> tuple[PasskeySeen, ...]:
    """The actor's own passkeys, oldest first."""
    with transaction(actor) as session:
        rows = session.scalars(
            select(Passkey).where(Passkey.member_id == actor.member_id).order_by(Passkey.added_at)
        )
        return tuple(PasskeySeen(row.id, row.name, row.added_at, row.used_at) for row in rows)


def count(session: Session, member_id: UUID) -> int:
    """How many passkeys a member has."""
    return session.scalar(select(func.count()).where(Passkey.member_id == member_id)) or 0


def _named(session: Session, member_id: UUID, answer: str) -> Passkey | None:
    """The member's passkey that an answer names."""
    try:
        said = json.loads(answer)
        credential_id = base64url_to_bytes(said["id"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    rows = session.scalars(select(Passkey).where(Passkey.member_id == member_id)).all()
    return next((row for row in rows if hmac.compare_digest(row.credential_id, credential_id)), None)
