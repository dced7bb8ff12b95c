"""Which facts does a case leave for statistics? Derived from workflow facts in clear; nothing is opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.i18n import ZONE
from grievance.rules import workflow
from grievance.rules.promises import PROMISED
from grievance.schemas.statistics import RESTRICTED, FactKind
from grievance.store.models import Case, ClockRow, ClockStep, Fact, Referral, Remedy, Site
from grievance.terms import ClockKind, ReferralState, Role, Step
from grievance.vocabulary import RemedyState

ABOVE = frozenset({Step.NEXT_PARTY, Step.ICOCA})
TOLD = frozenset({ReferralState.ANSWERED, ReferralState.REMEDY})
CLIMBING = PROMISED | {ClockKind.CUSTODY}
SECONDS = 3600


@dataclass
class Known:
    """One case with what stands around it."""

    case: Case
    site: Site | None
    referrals: list[Referral] = field(default_factory=list)
    clocks: list[ClockRow] = field(default_factory=list)
    steps: dict[UUID, list[ClockStep]] = field(default_factory=lambda: defaultdict(list))
    remedies: list[Remedy] = field(default_factory=list)


def load(session: Session, cases: Sequence[Case]) -> list[Known]:
    """The surroundings of some cases, in five queries."""
    ids = [case.id for case in cases]
    sites = {site.id: site for site in session.scalars(select(Site))}
    known = {one.id: Known(one, sites.get(one.site_id) if one.site_id else None) for one in cases}
    of_referral: dict[UUID, UUID] = {}
    for referral in session.scalars(select(Referral).where(Referral.case_id.in_(ids))):
        known[referral.case_id].referrals.append(referral)
        of_referral[referral.id] = referral.case_id
    for clock in session.scalars(select(ClockRow).where(ClockRow.case_id.in_(ids))):
        known[clock.case_id].clocks.append(clock)
    for step in session.scalars(select(ClockStep).where(ClockStep.case_id.in_(ids))):
        known[step.case_id].steps[step.clock_id].append(step)
    for remedy in session.scalars(select(Remedy).where(Remedy.referral_id.in_(of_referral))):
        known[of_referral[remedy.referral_id]].remedies.append(remedy)
    return list(known.values())


def of_case(known: Known, ref: UUID, now: datetime) -> Iterator[Fact]:
    """Every fact of one case, under the name `ref`. A text whose sender has not agreed yet leaves none."""
    if known.case.held:
        return
    if known.case.merged_into is None:  # what was joined to another case counts there
        yield from _counts(known, ref)
    yield from _clocks(known, ref, now)
    yield from _steps(known, ref)
    yield from _answers(known, ref)


def _fact(known: Known, ref: UUID, kind: FactKind, at: datetime, **more: Any) -> Fact:
    case, site = known.case, known.site
    return Fact(
        id=uuid4(), kind=kind.value, case_ref=ref, on_day=_day(at), desk_id=case.desk_id,
        client_id=site.client_id if site else None,
        # A triage that names the site need not name its territory.
        province=site.province if site else case.province,
        territory=site.territory if site else case.territory,
        severity=None if case.restricted else case.severity.value, restricted=case.restricted,
        persons=max(1, case.persons or 1), **more,
    )  # fmt: skip


def _counts(known: Known, ref: UUID) -> Iterator[Fact]:
    case, at = known.case, known.case.received_at
    outcome = case.outcome.value if case.outcome else None
    # `step` holds the stage of a case; the rungs of the ladder are facts of their own.
    yield _fact(known, ref, FactKind.CASE, at, step=_stage(known), outcome=outcome)
    for harm in [RESTRICTED] if case.restricted else sorted(set(case.harms)):
        yield _fact(known, ref, FactKind.HARM, at, harm=harm)
    sent: dict[UUID, list[Referral]] = defaultdict(list)
    for referral in known.referrals:
        if referral.sent_at is not None:
            sent[referral.organisation_id].append(referral)
    for organisation_id, referrals in sent.items():
        by_letter = all(one.by_letter for one in referrals)
        yield _fact(
            known, ref, FactKind.COMPANY, at, organisation_id=organisation_id, by_letter=by_letter
        )


def _stage(known: Known) -> str:
    """The stage that the complainant is told of."""
    sent = [one for one in known.referrals if one.sent_at is not None]
    waiting = any(one.relayed_at and one.settled is None and one.state in TOLD for one in sent)
    running = [row for row in known.clocks if row.stopped_at is None]
    climbed = any(
        step.step in ABOVE and step.skipped is None for row in running for step in known.steps.get(row.id, ())
    )
    stage = workflow.stage(
        known.case.state, [one.state for one in sent], relayed_waiting=waiting, escalated=climbed,
        remedy_due=any(one.state is not RemedyState.CONFIRMED for one in known.remedies),
    )  # fmt: skip
    return stage.value


def _clocks(known: Known, ref: UUID, now: datetime) -> Iterator[Fact]:
    """One fact for each deadline and who held it. Late when any round of it was: reopening hides nothing."""
    rounds: dict[tuple[ClockKind, UUID | None], list[ClockRow]] = defaultdict(list)
    for row in known.clocks:
        if row.kind in PROMISED and row.holder_role is not Role.COMPLAINANT and _judged(known, row, now):
            rounds[row.kind, row.holder_id].append(row)
    letters = {one.id for one in known.referrals if one.by_letter}
    for (kind, holder_id), rows in rounds.items():
        took = [_hours(row.started_at, row.stopped_at) for row in rows if row.stopped_at]
        yield _fact(
            known, ref, FactKind.CLOCK, min(row.due_at for row in rows), clock=kind.value,
            organisation_id=holder_id, on_time=not any(_late(row, now) for row in rows),
            hours=max(took, default=None), by_letter=any(row.referral_id in letters for row in rows),
        )  # fmt: skip


def _judged(known: Known, row: ClockRow, now: datetime) -> bool:
    """Whether it is known if this was in time: it was late, or what it waited for came.

    A deadline that only ended with its case, or with a withdrawal, says nothing good of its holder.
    """
    if _late(row, now):
        return True
    if row.stopped_at is None:
        return False
    return row.referral_id is None or _came(known, row)


def _came(known: Known, row: ClockRow) -> bool:
    referral = next(one for one in known.referrals if one.id == row.referral_id)
    came = {
        ClockKind.ACKNOWLEDGE: referral.acknowledged_at,
        ClockKind.ANSWER: referral.answered_at,
        ClockKind.INTERIM: referral.answered_at,
        ClockKind.RELAY: referral.relayed_at,
    }
    return came.get(row.kind, row.stopped_at) is not None


def _late(row: ClockRow, now: datetime) -> bool:
    if row.breached_at is not None:
        return True
    if row.stopped_at is None and row.paused_at is not None:
        return False
    return (row.stopped_at or now) > row.due_at


def _steps(known: Known, ref: UUID) -> Iterator[Fact]:
    for row in known.clocks:
        for step in known.steps.get(row.id, ()) if row.kind in CLIMBING else ():
            yield _fact(
                known, ref, FactKind.STEP, step.at, clock=row.kind.value, step=step.step.value,
                organisation_id=row.holder_id, outcome=step.skipped.value if step.skipped else None,
            )  # fmt: skip


def _answers(known: Known, ref: UUID) -> Iterator[Fact]:
    """What the complainant said of answers, and how remedies stand: their own word, never silence."""
    companies = {one.id: one.organisation_id for one in known.referrals}
    for one in known.referrals:
        if one.settled is not None and one.settled_at is not None:
            yield _fact(
                known, ref, FactKind.WORD, one.settled_at, organisation_id=one.organisation_id,
                outcome=one.settled.value,
            )  # fmt: skip
    for remedy in known.remedies:
        yield _fact(
            known, ref, FactKind.REMEDY, remedy.promised_at, step=remedy.kind.value,
            organisation_id=companies[remedy.referral_id], outcome=remedy.state.value,
        )  # fmt: skip


def _hours(begins: datetime, ends: datetime) -> int:
    return round((ends - begins).total_seconds() / SECONDS)


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()
