"""Is this really the member? The password opens their key; a code or a passkey proves that it is they.

Whatever is wrong, the words and the work are the same, for a member and for nobody. A code or a passkey's
answer is used up as soon as it was right, also when the password was not: who watched it cannot use it again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grievance.actions import passkeys, sign_in, totp
from grievance.actions.passkeys import RelyingParty
from grievance.actions.sign_in import Living, WrongSignIn, normal_email
from grievance.actions.tries import Guard
from grievance.schemas.people import Second
from grievance.store import keyring, vault
from grievance.store.actors import door_actor, staff_actor
from grievance.store.models import Member, StaffSession
from grievance.store.sealing import Versions
from grievance.store.session import transaction
from grievance.terms import CannotOpen, GrievanceError, Pair, Role

# Whose account may not be opened with a code alone where the data is real.
NEEDS_PASSKEY = frozenset({Role.ADMINISTRATOR})


class PasskeyMissing(GrievanceError):
    """A member who must have a passkey has none yet: they come no further than the page that makes one."""


class ProofKind(StrEnum):
    """What was shown beside the password."""

    CODE = "code"
    TWO_CODES = "two_codes"
    PASSKEY = "passkey"


@dataclass(frozen=True)
class Proof:
    """A proof that was right and is now used up; `step` is the time step of its last code."""

    kind: ProofKind
    step: int = 0


@dataclass(frozen=True)
class Doorway:
    """What the door knows: its keys, its site, what went wrong lately, and whether codes suffice for all."""

    config_key: Versions = field(repr=False)
    token_key: Versions = field(repr=False)
    site: RelyingParty
    codes_suffice: bool
    guard: Guard

    def needs_passkey(self, role: Role) -> bool:
        """Whether members of this role must have a passkey."""
        return role in NEEDS_PASSKEY and not self.codes_suffice


def come_in(email: str, password: str, second: Second, *, doorway: Doorway, now: datetime) -> str:
    """Opens a member's session and gives its cookie. Raises WrongSignIn, after equal work for all."""
    member, pair = proved(email, password, second, doorway=doorway, now=now)
    return sign_in.begin_staff(member, pair, now=now)


def prove_again(
    living: Living, password: str, second: Second, *, doorway: Doorway, now: datetime
) -> None:
    """The member of an open session proves again who they are. Raises WrongSignIn."""
    if living.row is None:
        raise WrongSignIn
    # Whoever came by their invitation and has no passkey yet proves with a code, to make the first one.
    here = doorway if living.passkeys else replace(doorway, codes_suffice=True)
    member, _ = proved(living.row.email, password, second, doorway=here, now=now)
    with transaction(staff_actor(member, {})) as session:
        session.execute(
            update(StaffSession)
            .where(StaffSession.id == living.session_id, StaffSession.member_id == member.id)
            .values(proved_at=now)
        )


def proved(
    email: str, password: str, second: Second, *, doorway: Doorway, now: datetime
) -> tuple[Member, Pair]:
    """The member whose password and second proof these are, with their opened pair.

    Raises WrongSignIn, and Altered when all was right and the pair does not open.
    """
    member = member_at_the_door(email)
    tight = doorway.guard.tight(now)
    proof = checked(member, second, doorway=doorway, now=now)
    if tight and proof is None:
        # Nothing that could be guessed was right, so no password is looked at: a flood costs us nothing.
        raise _wrong(doorway, now)
    is_right = keyring.password_verify(member.password_hash if member else None, password)
    if member is None or proof is None or not is_right or member.private_by_password is None:
        raise _wrong(doorway, now)
    must_not_be_half(proof, tight=tight, doorway=doorway, now=now)
    with vault.what_should_open():  # password and second proof were right
        return member, keyring.open_with_password(member.private_by_password, password)


def member_at_the_door(email: str) -> Member | None:
    """The member with this e-mail who joined and has not left."""
    with transaction(door_actor(normal_email(email).encode())) as session:
        member = session.scalar(select(Member).where(Member.email == normal_email(email)))
    usable = member is not None and member.password_hash is not None and member.disabled_at is None
    return member if usable else None


def checked(member: Member | None, second: Second, *, doorway: Doorway, now: datetime) -> Proof | None:
    """The proof, used up, if it is right and enough for this member; None otherwise."""
    if second.is_single_code and doorway.guard.tight(now) and not doorway.guard.looks(now):
        return None
    email = member.email if member else ""
    with transaction(door_actor(email.encode())) as session:
        if second.passkey:
            return _passkey(session, member, second, doorway, now)
        proof = _codes(session, member, second, doorway, now)
    return None if member is None or doorway.needs_passkey(member.role) else proof


def must_not_be_half(proof: Proof, *, tight: bool, doorway: Doorway, now: datetime) -> None:
    """While the door is tight a single right code opens only after the one before it. Raises WrongSignIn."""
    if not tight or proof.kind is not ProofKind.CODE:
        return
    first = doorway.guard.first_code()
    if first is None or proof.step <= first:
        doorway.guard.keep_first_code(proof.step)
        raise WrongSignIn


def use_step(session: Session, member_id: UUID, step: int, *, unused_from: int) -> bool:
    """A code works once, whichever of two processes asks first: the database decides.

    `unused_from`: no code of this step or a later one may have been used before.
    """
    unused = (Member.totp_used.is_(None)) | (Member.totp_used < unused_from)
    done = session.execute(update(Member).where(Member.id == member_id, unused).values(totp_used=step))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]  # an UPDATE's result counts its rows


def _codes(
    session: Session, member: Member | None, second: Second, doorway: Doorway, now: datetime
) -> Proof | None:
    secret = totp.shown(member, doorway.config_key) if member else None
    # Nobody's codes are computed too, so that it takes as long.
    step = totp.step_of(secret or totp.NOBODYS, second.code, now)
    if member is None or secret is None or step is None:
        return None
    if not second.next_code:
        used = use_step(session, member.id, step, unused_from=step)
        return Proof(ProofKind.CODE, step) if used else None
    if not totp.is_code_of(secret, second.next_code, step + 1, now):
        return None
    # The first of two may be the one that this door asked for a moment ago.
    unused_from = step + 1 if doorway.guard.first_code() == step else step
    used = use_step(session, member.id, step + 1, unused_from=unused_from)
    return Proof(ProofKind.TWO_CODES, step + 1) if used else None


def _passkey(
    session: Session, member: Member | None, second: Second, doorway: Doorway, now: datetime
) -> Proof | None:
    try:
        challenge = passkeys.read_challenge(second.challenge, doorway.token_key, now)
    except CannotOpen:
        return None
    if member is None:
        return None
    right = passkeys.prove(session, member, second.passkey, challenge, doorway.site, now)
    return Proof(ProofKind.PASSKEY) if right else None


def _wrong(doorway: Doorway, now: datetime) -> WrongSignIn:
    doorway.guard.wrong(now)
    return WrongSignIn()
