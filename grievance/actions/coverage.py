"""Which two desks answer for a place? Proposed by the host, counted once a second person confirmed it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import select

from grievance.actions.registry import as_host, must_be_ready, note
from grievance.schemas.registry import CoverageFacts
from grievance.store.journal import OrganisationMove
from grievance.store.models import Coverage, Site
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound, Refused, Role


class CoverageMove(StrEnum):
    """Events of a desk's chain about its coverage."""

    COVERAGE_REMOVED = "coverage_removed"


def make_coverage(facts: CoverageFacts, *, actor: Actor, now: datetime) -> UUID:
    """Proposes two desks for a place; it counts when a second person outside the host confirmed it.

    Refused while one of the desks could not read what it gets: fewer than two members with the triage key,
    organisation keys not printed for the safe, or a fingerprint that the overseer has not confirmed.
    Raises NotFound, Refused.
    """
    if facts.desk_id == facts.backup_id:
        raise Refused("two_desks_needed")
    with transaction(as_host(actor)) as session:
        for desk_id in (facts.desk_id, facts.backup_id):
            must_be_ready(session, desk_id)
        if facts.site_id is not None and session.get(Site, facts.site_id) is None:
            raise NotFound
        row = Coverage(
            id=uuid4(), desk_id=facts.desk_id, backup_id=facts.backup_id, province=facts.province,
            territory=facts.territory, site_id=facts.site_id, fallback=facts.fallback, created_at=now,
        )  # fmt: skip
        session.add(row)
        note(session, facts.desk_id, row.id, OrganisationMove.COVERAGE_MADE, actor, now)
        return row.id


def confirm_coverage(coverage_id: UUID, *, actor: Actor, now: datetime) -> None:
    """A second person says that a coverage is right: an overseer, or a lead of one of the two desks.

    Raises NotFound, Refused.
    """
    if actor.role not in (Role.OVERSEER, Role.CASE_LEAD):
        raise Refused("not_for_your_role")
    with transaction(actor) as session:
        row = session.get(Coverage, coverage_id, with_for_update=True)
        if row is None:
            raise NotFound
        if actor.role is Role.CASE_LEAD and actor.organisation_id not in (row.desk_id, row.backup_id):
            raise NotFound
        if row.confirmed_at is not None:
            raise Refused("coverage_confirmed_before")
        row.confirmed_at, row.confirmed_by = now, actor.member_id
        note(session, row.desk_id, row.id, OrganisationMove.COVERAGE_CONFIRMED, actor, now)


def remove_coverage(coverage_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Ends a coverage: new cases go elsewhere. The last fallback stays. Raises NotFound, Refused."""
    with transaction(as_host(actor)) as session:
        row = session.get(Coverage, coverage_id)
        if row is None:
            raise NotFound
        if row.fallback and row.confirmed_at is not None:
            others = select(Coverage.id).where(
                Coverage.fallback, Coverage.confirmed_at.is_not(None), Coverage.id != row.id
            )
            if session.scalars(others).first() is None:
                raise Refused("last_fallback")
        session.delete(row)
        note(session, row.desk_id, coverage_id, CoverageMove.COVERAGE_REMOVED, actor, now)
