"""Which two desks answer for a place? The host proposes, or asks to end; a second person confirms either."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grievance.actions.keys import must_be_let_in
from grievance.actions.registry import as_host, must_be_ready, note
from grievance.schemas.registry import CoverageFacts
from grievance.store.journal import OrganisationMove
from grievance.store.models import Coverage, CoverageEnding, Site
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound, Refused, Role

SECOND = frozenset({Role.OVERSEER, Role.CASE_LEAD})
# Nobody may lock every row of this table, and two ends at once must not take the last two fallbacks.
ONE_AT_A_TIME = 5_407_313


class CoverageMove(StrEnum):
    """Events of a desk's chain about its coverage."""

    COVERAGE_REMOVED = "coverage_removed"
    COVERAGE_END_ASKED = "coverage_end_asked"
    COVERAGE_END_TAKEN_BACK = "coverage_end_taken_back"
    COVERAGE_END_REFUSED = "coverage_end_refused"
    COVERAGE_ENDED = "coverage_ended"


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
    with transaction(_as_second(actor)) as session:
        row = _theirs(session, coverage_id, actor)
        if row.confirmed_at is not None:
            raise Refused("coverage_confirmed_before")
        row.confirmed_at, row.confirmed_by = now, actor.member_id
        note(session, row.desk_id, row.id, OrganisationMove.COVERAGE_CONFIRMED, actor, now)


def remove_coverage(coverage_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Takes back what nobody confirmed yet. What counts already ends by two. Raises NotFound, Refused."""
    with transaction(as_host(actor)) as session:
        row = _one(session, coverage_id)
        if row.confirmed_at is not None:
            raise Refused("ends_by_two")
        session.delete(row)
        note(session, row.desk_id, coverage_id, CoverageMove.COVERAGE_REMOVED, actor, now)


def ask_to_end(coverage_id: UUID, *, actor: Actor, now: datetime) -> None:
    """The host asks that a coverage ends; until a second person ended it, it counts as before.

    The last fallback stays. Raises NotFound, Refused.
    """
    with transaction(as_host(actor)) as session:
        row = _one(session, coverage_id)
        if row.confirmed_at is None:
            raise Refused("coverage_not_confirmed")
        if _ending(session, row) is not None:
            raise Refused("end_asked_before")
        _last_fallback_stays(session, row)
        session.add(CoverageEnding(id=uuid4(), coverage_id=row.id, asked_by=actor.member_id, asked_at=now))
        note(session, row.desk_id, row.id, CoverageMove.COVERAGE_END_ASKED, actor, now)


def take_back_end(coverage_id: UUID, *, actor: Actor, now: datetime) -> None:
    """The host asks no longer. Raises NotFound, Refused."""
    with transaction(as_host(actor)) as session:
        row = _one(session, coverage_id)
        session.delete(_asked(session, row))
        note(session, row.desk_id, row.id, CoverageMove.COVERAGE_END_TAKEN_BACK, actor, now)


def refuse_end(coverage_id: UUID, *, actor: Actor, now: datetime) -> None:
    """A second person says no: the coverage stays as it was. Raises NotFound, Refused."""
    with transaction(_as_second(actor)) as session:
        row = _theirs(session, coverage_id, actor)
        session.delete(_asked(session, row))
        note(session, row.desk_id, row.id, CoverageMove.COVERAGE_END_REFUSED, actor, now)


def end_coverage(coverage_id: UUID, *, actor: Actor, now: datetime) -> None:
    """A second person says yes to the end that the host asked for: new cases go elsewhere from now on.

    The last fallback stays, whatever was asked. Raises NotFound, Refused.
    """
    with transaction(_as_second(actor)) as session:
        row = _theirs(session, coverage_id, actor)
        _asked(session, row)
        _last_fallback_stays(session, row)
        # What was asked goes with the row that it was about.
        session.delete(row)
        note(session, row.desk_id, coverage_id, CoverageMove.COVERAGE_ENDED, actor, now)


def _as_second(actor: Actor) -> Actor:
    """The actor, if somebody outside the host. Raises Refused, also for whom the host alone let in."""
    if actor.role not in SECOND:
        raise Refused("not_for_your_role")
    must_be_let_in(actor)
    return actor


def _one(session: Session, coverage_id: UUID) -> Coverage:
    """A coverage, while nobody else changes any. Raises NotFound."""
    session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    row = session.get(Coverage, coverage_id)
    if row is None:
        raise NotFound
    return row


def _theirs(session: Session, coverage_id: UUID, actor: Actor) -> Coverage:
    """A coverage that the overseer, or this lead, has a word in. Raises NotFound."""
    row = _one(session, coverage_id)
    if actor.role is Role.CASE_LEAD and actor.organisation_id not in (row.desk_id, row.backup_id):
        raise NotFound
    return row


def _ending(session: Session, row: Coverage) -> CoverageEnding | None:
    return session.scalar(select(CoverageEnding).where(CoverageEnding.coverage_id == row.id))


def _asked(session: Session, row: Coverage) -> CoverageEnding:
    """What the host asked for. Raises NotFound."""
    found = _ending(session, row)
    if found is None:
        raise NotFound
    return found


def _last_fallback_stays(session: Session, row: Coverage) -> None:
    """Raises Refused when nobody would take what no other desk covers."""
    if not row.fallback:
        return
    others = select(Coverage.id).where(
        Coverage.fallback, Coverage.confirmed_at.is_not(None), Coverage.id != row.id
    )
    if session.scalars(others).first() is None:
        raise Refused("last_fallback")
