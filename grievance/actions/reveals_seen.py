"""Who opened a name and a number, and why? As the desk sees it, and as the complainant does."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.rules import reveals as rule
from grievance.rules.reveals import RevealStanding
from grievance.store import queries, vault
from grievance.store.models import Reveal
from grievance.terms import Actor
from grievance.vocabulary import EntryKind, RevealGround, RevealReason

WHY = frozenset({EntryKind.REVEAL})


@dataclass(frozen=True)
class RevealSeen:
    """One wish to see name and number, for the desk. `mine`: the one who looks at it asked."""

    id: UUID
    mine: bool
    standing: RevealStanding
    ground: RevealGround
    asked_at: datetime
    opened_at: datetime | None
    may_look: bool
    reason: RevealReason
    text: str | None = field(repr=False)

    @property
    def waits_for_me(self) -> bool:
        """Whether it waits for the second person, and the one who looks at it can be that."""
        return not self.mine and self.standing in (RevealStanding.WAITING, RevealStanding.TO_CONFIRM)


@dataclass(frozen=True)
class OpeningSeen:
    """One opening, for the complainant: when, by whose desk, why."""

    at: datetime
    desk_name: str
    reason: RevealReason
    text: str | None = field(repr=False)


def why_written(reason: RevealReason, text: str | None) -> str:
    """The reason as the sealed line holds it."""
    return json.dumps({"reason": reason.value, "text": text}, ensure_ascii=False)


def for_desk(session: Session, case_id: UUID, actor: Actor, now: datetime) -> tuple[RevealSeen, ...]:
    """Every wish about a case, newest first, as far as this actor opens why."""
    whys = _whys(session, case_id, actor)
    rows = session.scalars(select(Reveal).where(Reveal.case_id == case_id).order_by(Reveal.asked_at.desc()))
    return tuple(_seen(row, *whys[row.entry_id], actor, now) for row in rows if row.entry_id in whys)


def for_complainant(session: Session, case_id: UUID, actor: Actor) -> tuple[OpeningSeen, ...]:
    """What was opened, oldest first; row security shows the complainant nothing else."""
    whys = _whys(session, case_id, actor)
    query = select(Reveal).where(Reveal.case_id == case_id, Reveal.opened_at.is_not(None))
    rows = session.scalars(query.order_by(Reveal.opened_at)).all()
    names = queries.names(session, [row.organisation_id for row in rows])
    return tuple(
        OpeningSeen(row.opened_at, names[row.organisation_id], *whys[row.entry_id])
        for row in rows
        if row.opened_at is not None and row.entry_id in whys
    )


def _whys(session: Session, case_id: UUID, actor: Actor) -> dict[UUID, tuple[RevealReason, str | None]]:
    found = {}
    for entry in vault.read_entries(session, actor, case_id, WHY):
        said = json.loads(entry.text)
        found[entry.id] = (RevealReason(said["reason"]), said["text"])
    return found


def _seen(row: Reveal, reason: RevealReason, text: str | None, actor: Actor, now: datetime) -> RevealSeen:
    at = standing_of(row, now)
    mine = row.asked_by == actor.member_id
    return RevealSeen(
        row.id, mine, at, row.ground, row.asked_at, row.opened_at,
        mine and rule.may_look(at, row.opened_at, now), reason, text,
    )  # fmt: skip


def standing_of(row: Reveal, now: datetime) -> RevealStanding:
    """Where a row stands at this instant."""
    return rule.standing(
        row.ground, opened_at=row.opened_at, agreed_at=row.agreed_at, refused_at=row.refused_at, now=now
    )
