"""What may an organisation take away as a file? Its own workflow facts, as row security shows them to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema
from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.schemas.exports import CaseLineOut, ReferralLineOut
from grievance.store import journal
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, Organisation, Referral, Site
from grievance.store.session import transaction
from grievance.terms import Actor, DatabaseRole, NotFound, Role
from grievance.vocabulary import OrganisationKind

# As whom the organisation's rows are read: whatever row security shows this role, and no more.
READS_AS = {
    OrganisationKind.CSO: Role.CASE_LEAD,
    OrganisationKind.MINE: Role.COMPANY,
    OrganisationKind.PROVIDER: Role.COMPANY,
    OrganisationKind.OVERSEER: Role.OVERSEER,
}


@dataclass(frozen=True)
class Export:
    """The lines of one file and their fields in order."""

    fields: tuple[str, ...]
    lines: list[dict[str, Any]] = field(repr=False)


def exporter(name: str, by: str) -> tuple[Actor, OrganisationKind]:
    """Who reads an organisation's own facts at a terminal; `by` is the pseudonym for its journal.

    Raises NotFound for a name that nobody has, and for the host, which has no facts of its own.
    """
    host = Actor(Role.ADMINISTRATOR, DatabaseRole.WEB, by)
    with transaction(host) as session:
        row = session.scalar(select(Organisation).where(Organisation.name == name))
        if row is None or row.kind not in READS_AS:
            raise NotFound
        return Actor(READS_AS[row.kind], DatabaseRole.WEB, by, organisation_id=row.id), row.kind


def export(actor: Actor, kind: OrganisationKind, *, written_as: str, now: datetime) -> Export:
    """A desk's cases, or what was referred to a company; the organisation's chain says who took how much."""
    if actor.organisation_id is None:
        raise NotFound
    with transaction(actor) as session:
        made = _cases(session, actor) if kind is OrganisationKind.CSO else _referrals(session, actor)
        note(session, actor, f"{written_as}, {len(made.lines)} lines", now)
    return made


def noted(actor: Actor, what: str, *, now: datetime) -> None:
    """Writes into the organisation's chain what was taken away."""
    with transaction(actor) as session:
        note(session, actor, what, now)


def note(session: Session, actor: Actor, what: str, now: datetime) -> None:
    """The line, with what was taken as its opening. Raises NotFound."""
    own = actor.organisation_id
    if own is None:
        raise NotFound
    journal.append_with_opening(
        session, what, case_id=None, chain=own, subject=own, actor=actor, move=CaseEvent.EXPORTED, now=now
    )


def _cases(session: Session, actor: Actor) -> Export:
    query = select(Case).where(Case.desk_id == actor.organisation_id).order_by(Case.received_at, Case.code)
    sites = _sites(session)
    lines = [
        _facts(CaseLineOut, case) | {
            "site": sites.get(case.site_id),
            # A restricted case's column tells no more than that it is one.
            "severity": None if case.restricted else case.severity,
        }
        for case in session.scalars(query)
    ]  # fmt: skip
    return _export(CaseLineOut(), lines)


def _referrals(session: Session, actor: Actor) -> Export:
    query = select(Referral).where(Referral.organisation_id == actor.organisation_id)
    sites = _sites(session)
    lines = [
        _facts(ReferralLineOut, row) | {"site": sites.get(row.site_id)}
        for row in session.scalars(query.order_by(Referral.sent_at, Referral.code))
    ]
    return _export(ReferralLineOut(), lines)


def _facts(schema: type[Schema], row: Case | Referral) -> dict[str, Any]:
    return {name: getattr(row, name) for name in schema().fields if hasattr(row, name)}


def _sites(session: Session) -> dict[UUID | None, str]:
    return {site.id: site.name for site in session.scalars(select(Site))}


def _export(schema: Schema, lines: list[dict[str, Any]]) -> Export:
    written: list[dict[str, Any]] = schema.dump(lines, many=True)
    return Export(tuple(schema.fields), written)
