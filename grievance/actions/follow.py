"""What does a returning complainant see? Their own thread, where things stand, and what was promised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import (
    objections,
    quarantine,
    regret,
    reveals_seen,
    sign_in,
    spoken,
    unfinished,
    visits,
    voice,
)
from grievance.actions.quarantine import StandsApart
from grievance.actions.reveals_seen import OpeningSeen
from grievance.actions.unfinished import StillUnfinished
from grievance.rules import workflow
from grievance.rules.consent import WITHDRAWAL_WAITS
from grievance.rules.promises import told_kinds
from grievance.schemas.follow import AppealTo
from grievance.schemas.report import Report
from grievance.store import journal, queries, receipts, vault
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, ClockRow, ClockStep, Consent, Referral, Remedy
from grievance.store.session import transaction
from grievance.store.vault import EntryRead
from grievance.terms import (
    Actor,
    CaseState,
    ClockKind,
    GrievanceError,
    ReferralState,
    Role,
    Stage,
    Step,
)
from grievance.vocabulary import OrganisationKind, Outcome, RemedyKind, RemedyState, Settled

# Stretched in place of what is no receipt, so that both take the same time.
NO_RECEIPT = "0" * receipts.DIGITS
RELAYED = frozenset({ReferralState.ANSWERED, ReferralState.REMEDY, ReferralState.SETTLED})


class WrongReceipt(GrievanceError):
    """Nobody has this receipt, or it is none: the same answer."""


class NotKeptYet(GrievanceError):
    """The receipt is that of a report which came in a flood and is no case yet."""

    def __init__(self, stands: StandsApart, opening: receipts.Opening) -> None:
        super().__init__()
        self.stands, self.opening = stands, opening


@dataclass(frozen=True)
class PromiseSeen:
    """A date that was promised. `who` is an organisation's name; None: the complainant.

    `extended`: it was given more time, once.
    """

    kind: ClockKind
    who: str | None
    due_at: datetime
    late: bool
    extended: bool = False


@dataclass(frozen=True)
class CompanySeen:
    """A company that could answer. `allowed` None: nothing was said yet. `sent`: it has read a summary."""

    organisation_id: UUID
    name: str
    kind: OrganisationKind
    allowed: bool | None
    sent: bool


@dataclass(frozen=True)
class RemedySeen:
    """Something a company promised."""

    remedy_id: UUID
    kind: RemedyKind
    state: RemedyState


@dataclass(frozen=True)
class AnswerSeen:
    """An answer that was told to the complainant, and what they said of it."""

    referral_id: UUID
    name: str
    relayed_at: datetime
    settled: Settled | None
    asks: bool
    remedies: tuple[RemedySeen, ...]


@dataclass(frozen=True)
class CaseSeen:
    """All that a complainant's page shows."""

    case_id: UUID
    code: str
    state: CaseState
    stage: Stage
    desk_name: str
    promises: tuple[PromiseSeen, ...]
    thread: tuple[EntryRead, ...]
    companies: tuple[CompanySeen, ...]
    answers: tuple[AnswerSeen, ...]
    stopped_at: datetime | None
    outcome: Outcome | None
    disputable_until: datetime | None
    appeals: tuple[tuple[AppealTo, str], ...]
    openings: tuple[OpeningSeen, ...]
    how_are_you: bool = False
    regrettable: bool = False
    # A receipt that was texted shows where things stand; the rest waits for the desk to be sure who asks.
    whole: bool = True

    @property
    def closes_after(self) -> datetime | None:
        """When a case that was stopped may be closed without a word with the complainant."""
        return self.stopped_at + WITHDRAWAL_WAITS if self.stopped_at else None


def come_back(typed: str, *, now: datetime) -> str:
    """Opens a visit with what was typed as a receipt; gives its cookie.

    Raises WrongReceipt, NotKeptYet, StillUnfinished.
    """
    digits = receipts.normal(typed)
    opening = receipts.open_receipt(digits or NO_RECEIPT)
    actor, stands = visits.actor_of(opening), quarantine.of_receipt(opening)
    draft = unfinished.opened(opening)
    if actor is None and stands is not None and digits is not None:
        raise NotKeptYet(stands, opening)
    if actor is None and draft is not None and digits is not None:
        raise StillUnfinished(draft, digits)
    if actor is None or actor.case_id is None or digits is None:
        raise WrongReceipt
    with transaction(actor) as session:
        case_id, move = actor.case_id, CaseEvent.RECEIPT_USED
        journal.append(session, chain=case_id, subject=case_id, actor=actor, move=move, now=now)
    private = next(iter(actor.keys.values()))
    return sign_in.begin_visit(actor.case_id, private, now=now)


def add_what_is_new(receipt: str, report: Report, *, now: datetime) -> bool:
    """A report sent again with other words: those become a further message. Says whether there were any."""
    actor = visits.actor_of(receipts.open_receipt(receipt))
    if actor is None or actor.case_id is None:
        return False
    return voice.add_what_is_new(actor.case_id, report, reader=actor, now=now)


def seen(case_id: UUID, *, actor: Actor, now: datetime) -> CaseSeen:
    """The complainant's own page; what waited for them counts as fetched. Raises NotFound."""
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id)
        referrals, whole = _sent(session, case_id), visits.opens(session, case, actor)
        names = queries.names(session, _everybody(session, case, referrals))
        clocks = _running(session, case_id)
        answers = tuple(_answers(session, referrals, names))
        thread = tuple(vault.read_entries(session, actor, case_id, spoken.THREAD))
        if not whole:
            stage = _stage(session, case, referrals, answers, clocks)
            promises = tuple(_promises(case, clocks, {case.desk_id: names[case.desk_id]}, now))
            return CaseSeen(
                case_id, case.code, case.state, stage, names[case.desk_id], promises, (), (), (),
                case.frozen_at, None, None, (), (), any(row.kind is ClockKind.CHECK_IN for row in clocks),
                whole=False,
            )  # fmt: skip
        spoken.mark_fetched(session, case_id, now)
        return CaseSeen(
            case_id, case.code, case.state, _stage(session, case, referrals, answers, clocks),
            names[case.desk_id], tuple(_promises(case, clocks, names, now)), thread,
            tuple(_companies(session, case, referrals, names)), answers, case.frozen_at, case.outcome,
            objections.disputable_until(case), _appeals(session, case, names),
            reveals_seen.for_complainant(session, case_id, actor),
            any(row.kind is ClockKind.CHECK_IN for row in clocks), regret.possible(session, case, now),
        )  # fmt: skip


def _sent(session: Session, case_id: UUID) -> list[Referral]:
    """What went to somebody; what only waits for the clock is nobody's yet."""
    query = select(Referral).where(Referral.case_id == case_id, Referral.sent_at.is_not(None))
    return list(session.scalars(query.order_by(Referral.sent_at)))


def _running(session: Session, case_id: UUID) -> list[ClockRow]:
    query = select(ClockRow).where(ClockRow.case_id == case_id, ClockRow.stopped_at.is_(None))
    return list(session.scalars(query.order_by(ClockRow.due_at)))


def _everybody(session: Session, case: Case, referrals: Iterable[Referral]) -> set[UUID | None]:
    companies = spoken.answerable(session, case)
    overseer = queries.overseer(session)
    return {
        case.desk_id, case.backup_id, *companies, overseer.id if overseer else None,
        *(referral.organisation_id for referral in referrals),
    }  # fmt: skip


def _stage(
    session: Session, case: Case, referrals: list[Referral], answers: tuple[AnswerSeen, ...],
    clocks: list[ClockRow],
) -> Stage:  # fmt: skip
    climbed = session.scalar(
        select(ClockStep.id).where(
            ClockStep.clock_id.in_([row.id for row in clocks]), ClockStep.skipped.is_(None),
            ClockStep.step.in_((Step.NEXT_PARTY, Step.ICOCA)),
        ).limit(1)
    )  # fmt: skip
    remedies = (remedy for answer in answers for remedy in answer.remedies)
    return workflow.stage(
        case.state, [referral.state for referral in referrals],
        relayed_waiting=any(answer.asks for answer in answers), escalated=climbed is not None,
        remedy_due=any(remedy.state is not RemedyState.CONFIRMED for remedy in remedies),
    )  # fmt: skip


def _promises(
    case: Case, clocks: list[ClockRow], names: dict[UUID, str], now: datetime
) -> Iterable[PromiseSeen]:
    """Whoever stopped everything is promised nothing of what then no longer concerns them."""
    kinds = told_kinds(stopped=case.frozen_at is not None)
    for row in clocks:
        if row.kind in kinds and row.paused_at is None:
            holder = None if row.holder_role is Role.COMPLAINANT else row.holder_id
            name, more_time = names.get(holder) if holder else None, row.extended_days is not None
            yield PromiseSeen(row.kind, name, row.told_at, row.told_at < now, more_time)


def _companies(
    session: Session, case: Case, referrals: list[Referral], names: dict[UUID, str]
) -> Iterable[CompanySeen]:
    said = {
        row.organisation_id: row.allowed
        for row in session.scalars(select(Consent).where(Consent.case_id == case.id).order_by(Consent.at))
    }
    told = {referral.organisation_id for referral in referrals}
    for organisation_id in sorted(spoken.answerable(session, case), key=lambda one: names.get(one, "")):
        organisation = queries.organisation(session, organisation_id)
        yield CompanySeen(
            organisation_id, organisation.name, organisation.kind, said.get(organisation_id),
            organisation_id in told,
        )  # fmt: skip


def _answers(session: Session, referrals: list[Referral], names: dict[UUID, str]) -> Iterable[AnswerSeen]:
    for referral in referrals:
        if referral.relayed_at is None or referral.state not in RELAYED:
            continue
        remedies = session.scalars(
            select(Remedy).where(Remedy.referral_id == referral.id).order_by(Remedy.promised_at)
        )
        asks = referral.settled is None and referral.state is not ReferralState.SETTLED
        yield AnswerSeen(
            referral.id, names[referral.organisation_id], referral.relayed_at, referral.settled, asks,
            tuple(RemedySeen(remedy.id, remedy.kind, remedy.state) for remedy in remedies),
        )  # fmt: skip


def _appeals(session: Session, case: Case, names: dict[UUID, str]) -> tuple[tuple[AppealTo, str], ...]:
    """Who could look again: never a body that decided before, or that is in conflict."""
    if case.state is not CaseState.CLOSED:
        return ()
    bodies = objections.appeal_bodies(session, case)
    return tuple((to, names[body]) for to, body in bodies.items() if body in names)
