"""Which sites can somebody choose from when they say where it happened?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from grievance.store.actors import INTAKE_ACTOR
from grievance.store.models import Site
from grievance.store.session import transaction


@dataclass(frozen=True)
class SiteName:
    """A site as the registry calls it, and where it lies."""

    id: UUID
    name: str
    province: str
    territory: str | None


def sites() -> tuple[SiteName, ...]:
    """Every site of the registry, by province and name. Raises Unavailable."""
    with transaction(INTAKE_ACTOR) as session:
        rows = session.execute(select(Site.id, Site.name, Site.province, Site.territory)).all()
    found = (SiteName(row.id, row.name, row.province, row.territory) for row in rows)
    return tuple(sorted(found, key=lambda site: (site.province, site.name)))
