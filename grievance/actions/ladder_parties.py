"""Who sits on the ladder of one clock? Read from workflow facts alone: the sweep opens nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.rules.ladder import Parties, Party
from grievance.store import queries
from grievance.store.models import Case, ClockRow, Conflict, Consent, Referral
from grievance.terms import Lane, ReferralState, Step
from grievance.vocabulary import OrganisationKind


@dataclass(frozen=True)
class _Said:
    """Of one case: whom the complainant allowed, and who is kept away."""

    allowed: Mapping[UUID, bool]
    in_conflict: frozenset[UUID]


def of_clock(session: Session, case: Case, row: ClockRow) -> Parties:
    """The parties of a clock as they stand now: consent, conflict, and what was prepared for them."""
    said = _Said(_words(session, case.id), _conflicts(session, case.id))
    holder = row.holder_id or case.desk_id
    return Parties(
        holder=_party(session, said, holder, prepared=True),
        desk=_party(session, said, case.desk_id, prepared=True),
        client=_optional(session, said, row, _client_of(session, case, row), Step.NEXT_PARTY),
        backup=_party(session, said, case.backup_id, prepared=True),
        overseer=_optional(session, said, row, queries.overseer_id(session), Step.ICOCA),
    )


def lane_of(session: Session, case: Case, row: ClockRow) -> Lane:
    """A restricted case says nothing of its lane, so its clocks leave the desks only for what was prepared.

    A referral is prepared for a later party only where the lane and the person allowed it.
    """
    if not case.restricted:
        return Lane.GENERAL
    some = select(Referral.id).where(
        Referral.for_referral_id == row.referral_id, Referral.state != ReferralState.WITHDRAWN
    ).limit(1)  # fmt: skip
    prepared = row.referral_id is not None and session.scalar(some) is not None
    return Lane.CHILD if prepared else Lane.SEXUAL_VIOLENCE


def prepared_for(session: Session, row: ClockRow, step: Step, organisation_id: UUID) -> Referral | None:
    """The referral that was sealed for this party at this step; locked.

    It still waits, or another clock of the same referral sent it: then this party holds it already.
    """
    query = select(Referral).where(
        Referral.for_referral_id == row.referral_id,
        Referral.organisation_id == organisation_id,
        Referral.step == step,
        Referral.state != ReferralState.WITHDRAWN,
    )
    return session.scalar(query.with_for_update()) if row.referral_id else None


def _client_of(session: Session, case: Case, row: ClockRow) -> UUID | None:
    """For whom the next step was prepared; else the client mine of the site that referral or case names."""
    prepared = select(Referral.organisation_id).where(
        Referral.for_referral_id == row.referral_id, Referral.step == Step.NEXT_PARTY
    )
    found = session.scalar(prepared.limit(1)) if row.referral_id else None
    if found is not None:
        return found
    referral = session.get(Referral, row.referral_id) if row.referral_id else None
    site_id = (referral.site_id if referral else None) or case.site_id
    site = queries.site(session, site_id)
    return site.client_id if site else None


def _optional(
    session: Session, said: _Said, row: ClockRow, organisation_id: UUID | None, step: Step
) -> Party | None:
    if organisation_id is None:
        return None
    waiting = prepared_for(session, row, step, organisation_id)
    return _party(session, said, organisation_id, prepared=waiting is not None)


def _party(session: Session, said: _Said, organisation_id: UUID, *, prepared: bool) -> Party:
    kind = queries.organisation(session, organisation_id).kind
    return Party(
        organisation_id=organisation_id,
        kind=kind,
        allowed=kind is OrganisationKind.CSO or said.allowed.get(organisation_id, False),
        in_conflict=organisation_id in said.in_conflict,
        prepared=prepared,
    )


def _words(session: Session, case_id: UUID) -> dict[UUID, bool]:
    """The complainant's newest word on each organisation; a tie goes to the refusal."""
    query = select(Consent.organisation_id, Consent.allowed).where(Consent.case_id == case_id)
    rows = session.execute(query.order_by(Consent.at, Consent.allowed.desc()))
    return {row.organisation_id: row.allowed for row in rows}


def _conflicts(session: Session, case_id: UUID) -> frozenset[UUID]:
    return frozenset(session.scalars(select(Conflict.organisation_id).where(Conflict.case_id == case_id)))
