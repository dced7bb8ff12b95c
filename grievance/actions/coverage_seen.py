"""Which coverage is there, which waits for a second person, and who would answer if one ended?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from grievance.actions.coverage import SECOND
from grievance.rules.routing import desk_for
from grievance.store import queries
from grievance.store.models import Coverage, CoverageEnding, Site
from grievance.store.session import transaction
from grievance.terms import Actor, Place, Refused, Role


@dataclass(frozen=True)
class CoverageSeen:
    """A coverage in names. `then`: the desk and back-up for its place once it has ended, if there are any."""

    id: UUID
    desk: str
    backup: str
    province: str | None
    territory: str | None
    site: str | None
    fallback: bool
    created_at: datetime
    confirmed_at: datetime | None
    end_asked_at: datetime | None = None
    then: tuple[str, str] | None = None

    @property
    def waits(self) -> bool:
        """Whether it is a second person's turn: to confirm it, or to end it."""
        return self.confirmed_at is None or self.end_asked_at is not None


def coverages(actor: Actor) -> tuple[CoverageSeen, ...]:
    """Every coverage that the actor has a word in: what waits for its second person first."""
    with transaction(actor) as session:
        asked = {row.coverage_id: row.asked_at for row in session.scalars(select(CoverageEnding))}
        rows = session.scalars(_of(actor)).all()
        seen = [_seen(session, row, asked.get(row.id)) for row in rows]
    return tuple(sorted(seen, key=lambda one: (not one.waits, one.fallback, one.province or "", one.desk)))


def waiting(actor: Actor) -> int:
    """How many coverages wait for this member's word as the second person."""
    if actor.role not in SECOND:
        return 0
    asked = select(CoverageEnding.coverage_id)
    waits = Coverage.confirmed_at.is_(None) | Coverage.id.in_(asked)
    with transaction(actor) as session:
        found = select(func.count()).select_from(_of(actor).where(waits).subquery())
        return int(session.execute(found).scalar_one())


def _of(actor: Actor) -> Select[Coverage]:
    query = select(Coverage)
    if actor.role in (Role.OVERSEER, Role.ADMINISTRATOR):
        return query
    own = actor.organisation_id
    return query.where((Coverage.desk_id == own) | (Coverage.backup_id == own))


def _seen(session: Session, row: Coverage, asked_at: datetime | None) -> CoverageSeen:
    names = queries.names(session, (row.desk_id, row.backup_id))
    site = session.get(Site, row.site_id) if row.site_id else None
    return CoverageSeen(
        row.id, names[row.desk_id], names[row.backup_id], row.province, row.territory,
        site.name if site else None, row.fallback, row.created_at, row.confirmed_at, asked_at,
        _then(session, row, site) if asked_at else None,
    )  # fmt: skip


def _then(session: Session, row: Coverage, site: Site | None) -> tuple[str, str] | None:
    """Who answers for the place without this coverage; None when nobody would."""
    place = Place(
        site.province if site else row.province or "", site.territory if site else row.territory, row.site_id
    )
    overseer = queries.overseer_id(session)
    try:
        choice = desk_for(place, queries.coverage_facts(session, without=row.id), overseer_id=overseer)
    except Refused:
        return None
    names = queries.names(session, (choice.desk_id, choice.backup_id))
    return names[choice.desk_id], names[choice.backup_id]
