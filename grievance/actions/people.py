"""Who works here? Invitations, first visits, and members who change, lose their phone or leave."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grievance.actions.keys import CARERS as CARERS
from grievance.actions.keys import (
    MemberMove,
    line,
    member_of,
    must_be_let_in,
    must_care,
    must_not_be_last_holder,
)
from grievance.actions.sign_in import end_all, normal_email
from grievance.schemas.people import Invite
from grievance.store import journal
from grievance.store.actors import pseudonym
from grievance.store.journal import OrganisationMove
from grievance.store.models import Invitation, JournalLine, Member, MemberKey, Organisation, Passkey, Task
from grievance.store.session import transaction
from grievance.terms import Actor, DatabaseRole, NotFound, Refused, Role
from grievance.vocabulary import Language, OrganisationKind, TaskKind

INVITATION_LIVES = timedelta(days=7)
ROLES_OF: dict[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.CSO: frozenset({Role.CASE_WORKER, Role.CASE_LEAD}),
    OrganisationKind.MINE: frozenset({Role.COMPANY}),
    OrganisationKind.PROVIDER: frozenset({Role.COMPANY}),
    OrganisationKind.OVERSEER: frozenset({Role.OVERSEER}),
    OrganisationKind.HOST: frozenset({Role.ADMINISTRATOR}),
}
LINKS = (
    OrganisationMove.MEMBER_INVITED.value, MemberMove.INVITED_AGAIN.value, MemberMove.MEMBER_RESET.value,
)  # fmt: skip
# The command line of the host: no member, and no key.
COMMAND_ACTOR = Actor(Role.ADMINISTRATOR, DatabaseRole.WEB, "host-command")


@dataclass(frozen=True)
class Invited:
    """An invitation: its token stands in the link `/join/<token>` and is kept nowhere."""

    member_id: UUID
    token: str = field(repr=False)
    expires_at: datetime


def found_host(name: str, *, now: datetime) -> UUID:
    """The host, on a database where there is no organisation yet. Raises Refused when there is one."""
    with transaction(COMMAND_ACTOR) as session:
        if session.scalar(select(func.count()).select_from(Organisation)):
            raise Refused("not_empty")
        host = Organisation(
            id=uuid4(), name=name, kind=OrganisationKind.HOST, language=Language.FRENCH, created_at=now
        )
        session.add(host)
        journal.append(
            session, chain=host.id, subject=host.id, actor=COMMAND_ACTOR,
            move=OrganisationMove.ORGANISATION_MADE, now=now,
        )  # fmt: skip
        return host.id


def organisation_named(name: str, *, actor: Actor) -> UUID:
    """The organisation of this name. Raises NotFound."""
    with transaction(actor) as session:
        found = session.scalar(select(Organisation.id).where(Organisation.name == name))
    if found is None:
        raise NotFound
    return found


def invite(wanted: Invite, *, actor: Actor, now: datetime) -> Invited:
    """Invites a person for seven days: for one's own organisation, or as the host for any.

    Raises NotFound (not yours), Refused (role or e-mail).
    """
    if actor.role not in CARERS:
        raise Refused("not_for_your_role")
    if actor.role is not Role.ADMINISTRATOR and wanted.organisation_id != actor.organisation_id:
        raise NotFound
    try:
        with transaction(actor) as session:
            return _invite(session, wanted, actor, now)
    except IntegrityError:
        raise Refused("email_taken") from None


def invite_again(member_id: UUID, *, actor: Actor, now: datetime) -> Invited:
    """A new link for somebody who has not joined; earlier links stop working. Raises NotFound, Refused."""
    must_care(actor)
    with transaction(actor) as session:
        # Others see the members of every organisation too; the host alone invites for them.
        anywhere = actor.role is Role.ADMINISTRATOR
        member = session.get(Member, member_id) if anywhere else member_of(session, member_id, actor)
        if member is None:
            raise NotFound
        if member.activated_at is not None or member.disabled_at is not None:
            raise Refused("already_joined")
        line(session, member, member.id, MemberMove.INVITED_AGAIN, actor, now)
        return _new_link(session, member, now)


def reset(member_id: UUID, *, actor: Actor, now: datetime) -> Invited:
    """For a lost password or phone: the member starts anew by a link, and gets keys again from a holder.

    Only a member of the same organisation who holds its keys may; the host's members hold none. A key that
    nobody else holds would be lost, so its last holder is never reset.
    Raises NotFound, Refused.
    """
    must_care(actor)
    must_be_let_in(actor)
    with transaction(actor) as session:
        member = _somebody_else(session, member_id, actor)
        _forget_keys(session, member, now)
        member.password_hash = member.totp_hidden = member.totp_used = member.activated_at = None
        member.public_key = member.private_by_password = member.private_by_recovery = None
        line(session, member, member.id, MemberMove.MEMBER_RESET, actor, now)
        return _new_link(session, member, now)


def disable(member_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Somebody left: their sessions end and their keys are deleted, at once. Raises NotFound, Refused."""
    must_care(actor)
    must_be_let_in(actor)
    with transaction(actor) as session:
        member = _somebody_else(session, member_id, actor)
        if session.scalar(select(MemberKey.id).where(MemberKey.member_id == member.id).limit(1)):
            # Who left may have kept what they could open: what comes now is to be sealed to other keys.
            _task(session, member.organisation_id, TaskKind.CHANGE_KEYS, now)
        _forget_keys(session, member, now)
        member.disabled_at = now
        line(session, member, member.id, MemberMove.MEMBER_DISABLED, actor, now)


def change_role(member_id: UUID, role: Role, *, actor: Actor, now: datetime) -> None:
    """A colleague does other work from now on; their sessions end, so that nothing goes on as before.

    Raises NotFound, Refused.
    """
    must_care(actor)
    must_be_let_in(actor)
    with transaction(actor) as session:
        member = _somebody_else(session, member_id, actor)
        organisation = session.get(Organisation, member.organisation_id)
        if organisation is None or role not in ROLES_OF[organisation.kind]:
            raise Refused("role_not_of_organisation")
        if member.role is role:
            return
        member.role = role
        end_all(session, member.id, now)
        line(session, member, member.id, MemberMove.ROLE_CHANGED, actor, now)


def choose_language(language: Language, *, actor: Actor) -> None:
    """The member reads in this language from now on."""
    with transaction(actor) as session:
        session.execute(update(Member).where(Member.id == actor.member_id).values(language=language))


def _invite(session: Session, wanted: Invite, actor: Actor, now: datetime) -> Invited:
    organisation = session.get(Organisation, wanted.organisation_id)
    if organisation is None:
        raise NotFound
    if wanted.role not in ROLES_OF[organisation.kind]:
        raise Refused("role_not_of_organisation")
    member = Member(
        id=uuid4(), organisation_id=organisation.id, role=wanted.role, language=wanted.language,
        invited_at=now, email=normal_email(wanted.email), marked=False, in_sexual_violence_lane=False,
        in_child_lane=False,
    )  # fmt: skip
    session.add(member)
    session.flush()
    line(session, member, member.id, OrganisationMove.MEMBER_INVITED, actor, now)
    return _new_link(session, member, now)


def _new_link(session: Session, member: Member, now: datetime) -> Invited:
    token, expires_at = secrets.token_urlsafe(32), now + INVITATION_LIVES
    session.execute(delete(Invitation).where(Invitation.member_id == member.id))
    session.add(Invitation(id=uuid4(), member_id=member.id, token_hash=hashed(token), expires_at=expires_at))
    return Invited(member.id, token, expires_at)


def _forget_keys(session: Session, member: Member, now: datetime) -> None:
    must_not_be_last_holder(session, member)
    session.execute(delete(MemberKey).where(MemberKey.member_id == member.id))
    session.execute(delete(Passkey).where(Passkey.member_id == member.id))
    end_all(session, member.id, now)
    member.marked = member.in_sexual_violence_lane = member.in_child_lane = False


def _task(session: Session, organisation_id: UUID, kind: TaskKind, now: datetime) -> None:
    session.add(Task(id=uuid4(), organisation_id=organisation_id, kind=kind, created_at=now))


def _somebody_else(session: Session, member_id: UUID, actor: Actor) -> Member:
    if member_id == actor.member_id:
        raise Refused("not_yourself")
    return member_of(session, member_id, actor)


def must_be_another(session: Session, first: UUID, actor: Actor, now: datetime) -> None:
    """Passes when the actor can be the second person to somebody of their organisation.

    Raises Refused("not_yourself"), and Refused("link_of_theirs") for a week after the first one made a link
    for this account: whoever makes a link can come in by it, and would be both.
    """
    if first == actor.member_id:
        raise Refused("not_yourself")
    query = select(JournalLine.seq).where(
        JournalLine.chain == actor.organisation_id, JournalLine.subject == actor.member_id,
        JournalLine.actor == pseudonym(first), JournalLine.move.in_(LINKS),
        JournalLine.at > now - INVITATION_LIVES,
    )  # fmt: skip
    if session.scalar(query.limit(1)) is not None:
        raise Refused("link_of_theirs")


def hashed(token: str) -> bytes:
    """What is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).digest()
