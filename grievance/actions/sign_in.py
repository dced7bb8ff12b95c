"""Who may come in, and who is in? Sessions of members and of complainants who came back, as rows."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grievance.actions import totp
from grievance.actions.tries import CODES
from grievance.store import journal, keyring
from grievance.store.actors import complainant_actor, door_actor, staff_actor
from grievance.store.journal import OrganisationMove
from grievance.store.models import (
    Member,
    MemberKey,
    Organisation,
    OrganisationKey,
    StaffSession,
    VisitorSession,
)
from grievance.store.sealing import Versions, open_pair
from grievance.store.session import transaction
from grievance.terms import Actor, GrievanceError, Pair, Role
from grievance.vocabulary import Language, OrganisationKind

COOKIE_BYTES = 32
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
# A look at a page moves the idle limit at most once a minute, so that reading does not write.
TOUCHED_EVERY = timedelta(minutes=1)


class WrongSignIn(GrievanceError):
    """E-mail, password or code is wrong; nobody is told which."""


@dataclass(frozen=True)
class MemberSeen:
    """What pages may know of a signed-in member."""

    member_id: UUID
    role: Role
    language: Language
    organisation_id: UUID
    organisation_name: str
    organisation_kind: OrganisationKind


@dataclass(frozen=True)
class Living:
    """An open session: of a member or of a complainant, its form token, and the pair it carries."""

    csrf: str = field(repr=False)
    pair: Pair = field(repr=False)
    member: MemberSeen | None = None
    row: Member | None = field(default=None, repr=False)
    case_id: UUID | None = None

    @property
    def values(self) -> dict[str, Any]:
        """The session as a mapping: `csrf_token`, and `_user_id` or `case_id`."""
        who = {"_user_id": str(self.member.member_id)} if self.member else {"case_id": str(self.case_id)}
        return {"csrf_token": self.csrf, **who}


def sign_in(email: str, password: str, code: str, *, config_key: Versions, now: datetime) -> str:
    """Opens a member's session and gives its cookie. Raises WrongSignIn, after equal work for all."""
    door = door_actor(normal_email(email).encode())
    with transaction(door) as session:
        member = session.scalar(select(Member).where(Member.email == normal_email(email)))
    if member is None or member.password_hash is None or member.disabled_at is not None:
        keyring.verify_unknown(password)
        raise WrongSignIn
    if not keyring.password_verify(member.password_hash, password):
        raise WrongSignIn
    step = step_of_code(member, code, config_key, now)
    if member.private_by_password is None:
        raise WrongSignIn
    pair = keyring.open_with_password(member.private_by_password, password)
    with transaction(door) as session:
        use_code(session, member.id, step)
        return _open_session(session, member, pair, now)


def step_of_code(member: Member, code: str, config_key: Versions, now: datetime) -> int:
    """The time step of a right code. Raises WrongSignIn, also for a right one after too many wrong ones."""
    if CODES.spent(member.id, now):
        raise WrongSignIn
    step = totp.step_of(totp.shown(member, config_key), code, now)
    if step is None:
        CODES.wrong(member.id, now)
        raise WrongSignIn
    return step


def use_code(session: Session, member_id: UUID, step: int) -> None:
    """A code works once, whichever of two processes asks first: the database decides. Raises WrongSignIn."""
    unused = (Member.totp_used.is_(None)) | (Member.totp_used < step)
    done = session.execute(update(Member).where(Member.id == member_id, unused).values(totp_used=step))
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
        raise WrongSignIn


def begin_staff(member: Member, pair: Pair, *, now: datetime) -> str:
    """Opens the first session of a member who just joined, and gives its cookie."""
    with transaction(door_actor(normal_email(member.email).encode())) as session:
        return _open_session(session, member, pair, now)


def begin_visit(case_id: UUID, private: bytes, *, now: datetime) -> str:
    """Opens the session of a complainant who came back with a receipt, and gives its cookie.

    `private` is the half that opens their thread (32 bytes).
    """
    raw, cookie = _new_cookie()
    hashed = keyring.session_hash(raw)
    with transaction(door_actor(hashed)) as session:
        session.add(
            VisitorSession(
                cookie_hash=hashed, case_id=case_id, csrf=secrets.token_urlsafe(32), started_at=now,
                seen_at=now, private_hidden=keyring.seal_private_for_session(raw, private),
            )
        )  # fmt: skip
    return cookie


def living(cookie: str, *, now: datetime) -> Living | None:
    """The session behind a cookie, if it is open: 30 idle minutes, 8 hours in all. Raises Unavailable."""
    raw = _raw(cookie)
    if raw is None:
        return None
    hashed = keyring.session_hash(raw)
    with transaction(door_actor(hashed)) as session:
        staff = session.scalar(select(StaffSession).where(StaffSession.cookie_hash == hashed))
        if staff is not None:
            return _living_member(session, staff, raw, now) if _is_open(staff, now) else None
        visit = session.scalar(select(VisitorSession).where(VisitorSession.cookie_hash == hashed))
        if visit is None or not _is_open(visit, now):
            return None
        pair = keyring.open_from_session(raw, visit.private_hidden)
        return Living(visit.csrf, pair, case_id=visit.case_id)


def end(cookie: str, *, now: datetime) -> None:
    """Ends a session for good: its row forgets the private key. Nothing happens when there is none."""
    raw = _raw(cookie)
    if raw is None:
        return
    hashed = keyring.session_hash(raw)
    with transaction(door_actor(hashed)) as session:
        staff = session.scalar(select(StaffSession).where(StaffSession.cookie_hash == hashed))
        visit = session.scalar(select(VisitorSession).where(VisitorSession.cookie_hash == hashed))
        for row in (staff, visit):
            if row is not None and row.ended_at is None:
                row.ended_at, row.private_hidden = now, b""
        member = session.get(Member, staff.member_id) if staff else None
        if member is not None:
            _journal(session, member, OrganisationMove.SIGNED_OUT, now)


def staff_actor_of(session_of: Living) -> Actor:
    """The member as an actor, with every organisation key that was given to them, opened."""
    member = session_of.row
    if member is None:
        raise WrongSignIn
    with transaction(staff_actor(member, {})) as session:
        held = session.execute(
            select(OrganisationKey.public_key, MemberKey.wrapped)
            .join(OrganisationKey, OrganisationKey.id == MemberKey.organisation_key_id)
            .where(MemberKey.member_id == member.id)
        ).all()
    return staff_actor(
        member, {public: open_pair(wrapped, public, session_of.pair).private for public, wrapped in held}
    )


def visitor_actor_of(session_of: Living) -> Actor:
    """The complainant as an actor, with the half that opens their own thread."""
    if session_of.case_id is None:
        raise WrongSignIn
    own = session_of.pair
    return complainant_actor(session_of.case_id, {own.public: own.private})


def normal_email(email: str) -> str:
    """An address as we keep it: no spaces around, lower case, nothing that a database cannot hold."""
    return email.encode("utf-8", "ignore").decode().replace("\x00", "").strip().lower()


def _open_session(session: Session, member: Member, pair: Pair, now: datetime) -> str:
    raw, cookie = _new_cookie()
    session.add(
        StaffSession(
            cookie_hash=keyring.session_hash(raw), member_id=member.id, csrf=secrets.token_urlsafe(32),
            private_hidden=keyring.seal_private_for_session(raw, pair.private), started_at=now, seen_at=now,
        )
    )  # fmt: skip
    _journal(session, member, OrganisationMove.SIGNED_IN, now)
    return cookie


def _living_member(session: Session, row: StaffSession, raw: bytes, now: datetime) -> Living | None:
    member = session.get(Member, row.member_id)
    organisation = session.get(Organisation, member.organisation_id) if member else None
    if member is None or organisation is None or member.disabled_at is not None:
        return None
    seen = MemberSeen(
        member.id, member.role, member.language, organisation.id, organisation.name, organisation.kind
    )
    return Living(row.csrf, keyring.open_from_session(raw, row.private_hidden), member=seen, row=member)


def _is_open(row: StaffSession | VisitorSession, now: datetime) -> bool:
    if row.ended_at is not None or now - row.seen_at >= IDLE or now - row.started_at >= ABSOLUTE:
        return False
    if now - row.seen_at >= TOUCHED_EVERY:
        row.seen_at = now
    return True


def _journal(session: Session, member: Member, move: OrganisationMove, now: datetime) -> None:
    journal.append(
        session,
        chain=member.organisation_id,
        subject=member.id,
        actor=staff_actor(member, {}),
        move=move,
        now=now,
    )


def _new_cookie() -> tuple[bytes, str]:
    raw = secrets.token_bytes(COOKIE_BYTES)
    return raw, urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(cookie: str) -> bytes | None:
    try:
        raw = urlsafe_b64decode(cookie.encode("ascii") + b"=")
    except ValueError:
        return None
    return raw if len(raw) == COOKIE_BYTES else None
