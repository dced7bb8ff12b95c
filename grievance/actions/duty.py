"""Who of a desk can be rung when somebody is in danger? The roster, kept by the desk's lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions.keys import must_be_let_in
from grievance.schemas.duty import Turn
from grievance.store import journal
from grievance.store.config_values import duty_label
from grievance.store.journal import OrganisationMove
from grievance.store.models import Duty, Member
from grievance.store.numbers import hide_config
from grievance.store.sealing import Versions
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound, Refused, Role

KEEPER = Role.CASE_LEAD


@dataclass(frozen=True)
class Colleague:
    """A member of the desk who can take a turn."""

    member_id: UUID
    email: str


@dataclass(frozen=True)
class TurnSeen:
    """One turn. The number is shown to nobody: only the SMS worker uses it."""

    id: UUID
    email: str
    starts_at: datetime
    ends_at: datetime
    now: bool


@dataclass(frozen=True)
class Roster:
    """The turns that are not over, by their beginning, and who can take one."""

    turns: tuple[TurnSeen, ...]
    colleagues: tuple[Colleague, ...]
    keeps: bool

    @property
    def somebody_now(self) -> bool:
        """Whether somebody can be rung at this minute."""
        return any(turn.now for turn in self.turns)


def roster(actor: Actor, now: datetime) -> Roster:
    """The desk's roster as a member sees it."""
    with transaction(actor) as session:
        members = {member.id: member.email for member in _members(session, actor)}
        rows = session.scalars(select(Duty).where(Duty.ends_at > now).order_by(Duty.starts_at)).all()
    turns = tuple(
        TurnSeen(row.id, members.get(row.member_id, ""), row.starts_at, row.ends_at, row.starts_at <= now)
        for row in rows
    )
    colleagues = tuple(Colleague(member_id, email) for member_id, email in members.items())
    return Roster(turns, colleagues, actor.role is KEEPER)


def add_turn(turn: Turn, *, config_key: Versions, actor: Actor, now: datetime) -> UUID:
    """Puts a turn on the roster, its number (E.164) hidden. Raises NotFound, and Refused: not the lead."""
    with transaction(actor) as session:
        desk_id = _kept_by(actor)
        if turn.member_id not in {member.id for member in _members(session, actor)}:
            raise NotFound
        row = Duty(
            id=uuid4(), desk_id=desk_id, member_id=turn.member_id, starts_at=turn.starts_at,
            ends_at=turn.ends_at,
        )  # fmt: skip
        row.number_hidden = hide_config(config_key, turn.number, duty_label(row.id))
        session.add(row)
        _journal(session, desk_id, row.id, actor, now)
        return row.id


def remove_turn(duty_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Takes a turn off the roster. Raises NotFound, and Refused: not the lead."""
    with transaction(actor) as session:
        desk_id = _kept_by(actor)
        row = session.get(Duty, duty_id)
        if row is None:
            raise NotFound
        session.delete(row)
        _journal(session, desk_id, duty_id, actor, now)


def _kept_by(actor: Actor) -> UUID:
    if actor.role is not KEEPER or actor.organisation_id is None:
        raise Refused("not_for_your_role")
    must_be_let_in(actor)
    return actor.organisation_id


def _members(session: Session, actor: Actor) -> list[Member]:
    query = select(Member).where(
        Member.organisation_id == actor.organisation_id, Member.activated_at.is_not(None),
        Member.disabled_at.is_(None),
    )  # fmt: skip
    return list(session.scalars(query.order_by(Member.email)))


def _journal(session: Session, desk_id: UUID, subject: UUID, actor: Actor, now: datetime) -> None:
    move = OrganisationMove.DUTY_SET
    journal.append(session, chain=desk_id, subject=subject, actor=actor, move=move, now=now)
