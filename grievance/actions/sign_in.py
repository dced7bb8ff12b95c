"""Who may come in, and who is in? Sessions of members and of complainants who came back, as rows."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from grievance.store import journal, keyring
from grievance.store.actors import complainant_actor, door_actor, staff_actor
from grievance.store.journal import OrganisationMove
from grievance.store.models import (
    Member,
    MemberKey,
    Organisation,
    OrganisationKey,
    Passkey,
    StaffSession,
    VisitorSession,
)
from grievance.store.sealing import open_pair
from grievance.store.session import transaction
from grievance.terms import Actor, GrievanceError, Pair, Role
from grievance.vocabulary import Language, OrganisationKind

COOKIE_BYTES = 32
# Who may be the one person that a referral is made to.
ADDRESSED = frozenset({Role.COMPANY, Role.OVERSEER})
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
# For so long a proof of who one is counts for what weighs more: opening a number, changing members.
PROOF_LASTS = timedelta(minutes=5)
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
    session_id: UUID | None = None
    proved_at: datetime | None = None
    passkeys: int = 0

    def is_proved(self, now: datetime) -> bool:
        """Whether the member proved within the last five minutes who they are."""
        return self.proved_at is not None and now - self.proved_at < PROOF_LASTS

    @property
    def values(self) -> dict[str, Any]:
        """The session as a mapping: `csrf_token`, and `_user_id` or `case_id`."""
        who = {"_user_id": str(self.member.member_id)} if self.member else {"case_id": str(self.case_id)}
        return {"csrf_token": self.csrf, **who}


def begin_staff(member: Member, pair: Pair, *, now: datetime) -> str:
    """Opens a session of a member who just proved who they are, and gives its cookie.

    Raises WrongSignIn when the password changed since, or the member was reset or left: what they proved no
    longer opens anything, and the sessions that began with it are ended.
    """
    with transaction(door_actor(normal_email(member.email).encode())) as session:
        # Whoever changes the password waits for this session and ends it, or was first and is seen here.
        query = select(Member).where(Member.id == member.id).with_for_update(read=True)
        is_now = session.scalar(query)
        if is_now is None or is_now.disabled_at is not None or is_now.password_hash != member.password_hash:
            raise WrongSignIn
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


def end_all(session: Session, member_id: UUID, now: datetime, *, but: UUID | None = None) -> None:
    """Ends every session of a member: what they are, or what opens their key, has changed."""
    living_ones = (StaffSession.member_id == member_id) & StaffSession.ended_at.is_(None)
    query = update(StaffSession).where(living_ones, StaffSession.id != but if but else living_ones)
    session.execute(query.values(ended_at=now, private_hidden=b""))


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
    own = session_of.pair
    keys = {public: open_pair(wrapped, public, own).private for public, wrapped in held}
    if keys and member.role in ADDRESSED:
        # A restricted case's referral is sealed to one person there. Whom nobody let in opens none of them.
        keys[own.public] = own.private
    return staff_actor(member, keys)


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
            proved_at=now,
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
    held = session.scalar(select(func.count()).where(Passkey.member_id == member.id)) or 0
    pair = keyring.open_from_session(raw, row.private_hidden)
    return Living(
        row.csrf, pair, member=seen, row=member, session_id=row.id, proved_at=row.proved_at, passkeys=held
    )


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
