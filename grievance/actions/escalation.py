"""What happens when nobody answers in time? The due step is taken, once, under any number of sweepers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import clocks, ladder_parties, notices
from grievance.actions.arrivals import add_task
from grievance.actions.notices import Audience
from grievance.rules import clocks as rule
from grievance.rules.clocks import DueStep
from grievance.rules.dialogue import Template
from grievance.rules.ladder import climb
from grievance.rules.workflow import next_referral_state
from grievance.store import journal, queries, vault
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, ClockRow, Organisation, Referral
from grievance.store.session import once_more, transaction
from grievance.terms import ClockKind, ReferralAction, ReferralState, Role, Step
from grievance.vocabulary import OrganisationKind, TaskKind
from grievance.wording_mail import MailTemplate

AT_ONCE = 200


@dataclass(frozen=True)
class StepTaken:
    """One step of one clock, as it was taken or skipped."""

    clock_id: UUID
    step: Step
    told: tuple[UUID, ...]
    skipped: bool


def overdue(now: datetime) -> tuple[UUID, ...]:
    """The clocks whose next step is due, the longest overdue first; at most `AT_ONCE`."""
    with transaction(SWEEP_ACTOR) as session:
        query = (
            select(ClockRow.id)
            .where(ClockRow.next_at <= now, ClockRow.stopped_at.is_(None))
            .order_by(ClockRow.next_at, ClockRow.id)
            .limit(AT_ONCE)
        )
        return tuple(session.scalars(query))


@once_more
def climb_clock(clock_id: UUID, now: datetime) -> tuple[StepTaken, ...]:
    """Takes every step of one clock that is due. Whoever comes second does nothing."""
    with transaction(SWEEP_ACTOR) as session:
        case_id = session.scalar(select(ClockRow.case_id).where(ClockRow.id == clock_id))
        if case_id is None:
            return ()
        case = queries.case_by_id(session, case_id, lock=True)
        if case.held:
            # Nobody is late while its sender may still say no; within minutes it is sealed, or gone.
            return ()
        row = session.scalar(
            select(ClockRow).where(ClockRow.id == clock_id).with_for_update(skip_locked=True)
        )
        if row is None or row.stopped_at is not None:
            return ()
        due = rule.steps_due(clocks.value_of(session, row), now, clocks.policy(), clocks.calendar())
        return tuple(_take(session, case, row, step, now) for step in due)


def _take(session: Session, case: Case, row: ClockRow, due: DueStep, now: datetime) -> StepTaken:
    parties = ladder_parties.of_clock(session, case, row)
    result = climb(
        due.step,
        holder_kind=parties.holder.kind if row.holder_role is not Role.COMPLAINANT else None,
        lane=ladder_parties.lane_of(session, case, row),
        frozen=case.frozen_at is not None,
        parties=parties,
        instance=due.instance,
    )
    reason = result.skipped[0][1] if result.skipped and not result.to else None
    told = result.to[0] if result.to else None
    clocks.record_step(session, row, due.step, due.instance, now=now, to_organisation_id=told, skipped=reason)
    journal.append(
        session, chain=case.id, subject=row.id, actor=SWEEP_ACTOR, now=now,
        move=CaseEvent.STEP_TAKEN if result.to else CaseEvent.STEP_SKIPPED,
        from_state=due.step.value, to_state=f"skipped:{reason.value}" if reason else "taken",
    )  # fmt: skip
    for organisation_id in result.to:
        _reach(session, case, row, due, queries.organisation(session, organisation_id), now)
    if result.lead_told:
        _tell_lead(session, case, row, due, now)
    _tell_complainant(session, case, row, due, now)
    return StepTaken(row.id, due.step, result.to, not result.to)


def _reach(
    session: Session, case: Case, row: ClockRow, due: DueStep, organisation: Organisation, now: datetime
) -> None:
    if due.step in (Step.REMINDER, Step.DEADLINE):
        template = MailTemplate.REMINDER if due.step is Step.REMINDER else MailTemplate.DEADLINE_PASSED
        _mail(session, case, row, due, organisation, template, Audience.WORKERS, now)
        return
    if organisation.kind is OrganisationKind.CSO:
        _show_to_backup(session, case, now)
        _mail(session, case, row, due, organisation, MailTemplate.ESCALATED_TO_YOU, Audience.TRIAGE, now)
    else:
        _send_prepared(session, case, row, due, organisation, now)


def _tell_complainant(session: Session, case: Case, row: ClockRow, due: DueStep, now: datetime) -> None:
    """Every missed deadline, every climb, and each question that is the person's own: neutral, unasked."""
    own = row.holder_role is Role.COMPLAINANT
    if row.kind is not ClockKind.CHECK_IN and due.step is Step.REMINDER and not own:
        return
    template = Template.CHECK_IN if row.kind is ClockKind.CHECK_IN else Template.NEWS
    notices.to_complainant(
        session, case, template, once=f"climbed:{row.id}:{row.round}:{due.step}:{due.instance}", now=now
    )


def _tell_lead(session: Session, case: Case, row: ClockRow, due: DueStep, now: datetime) -> None:
    desk = queries.organisation(session, case.desk_id)
    _mail(session, case, row, due, desk, MailTemplate.DEADLINE_PASSED, Audience.LEADS, now)


def _show_to_backup(session: Session, case: Case, now: datetime) -> None:
    """The back-up desk sees the case, and with it the wraps that were made for it at intake."""
    case.backup_visible, case.backup_reads = True, vault.EVERYTHING
    task = add_task(session, case, TaskKind.ESCALATED_TO_YOU, now)
    task.organisation_id = case.backup_id


def _send_prepared(
    session: Session, case: Case, row: ClockRow, due: DueStep, organisation: Organisation, now: datetime
) -> None:
    """A referral that was sealed for this party while somebody could: its clocks begin now.

    A party that was sent it for an earlier silence is told that this deadline passed too.
    """
    referral = ladder_parties.prepared_for(session, row, due.step, organisation.id)
    if referral is None:
        return
    if referral.state is ReferralState.PREPARED:
        send_prepared(session, referral, now)
    if organisation.kind is OrganisationKind.OVERSEER:
        case.overseer_visible = True
    notices.to_organisation(
        session, organisation, MailTemplate.ESCALATED_TO_YOU, audience=Audience.EVERYBODY,
        once=f"climbed:{referral.id}:{row.id}:{row.round}", now=now, referral=referral,
    )  # fmt: skip


def send_prepared(session: Session, referral: Referral, now: datetime) -> None:
    """The move from prepared to sent, by the clock, with its line and its two clocks."""
    before = referral.state
    referral.state = next_referral_state(before, ReferralAction.SEND_PREPARED, Role.CLOCK)
    referral.sent_at = now
    journal.append(
        session, chain=referral.case_id, subject=referral.id, actor=SWEEP_ACTOR, now=now,
        move=ReferralAction.SEND_PREPARED, from_state=before.value, to_state=ReferralState.SENT.value,
    )  # fmt: skip
    addressee = queries.organisation(session, referral.organisation_id)
    role = Role.OVERSEER if addressee.kind is OrganisationKind.OVERSEER else Role.COMPANY
    for kind in (ClockKind.ACKNOWLEDGE, ClockKind.ANSWER):
        clocks.start_for_referral(
            session, referral, kind, now=now, holder_role=role, holder_id=referral.organisation_id
        )


def _mail(
    session: Session, case: Case, row: ClockRow, due: DueStep, organisation: Organisation,
    template: MailTemplate, audience: Audience, now: datetime,
) -> None:  # fmt: skip
    """A company's mail names its referral; the case's own code is the desks' alone."""
    referral = session.get(Referral, row.referral_id) if row.referral_id else None
    of_desk = organisation.kind is OrganisationKind.CSO
    notices.to_organisation(
        session, organisation, template, audience=audience, now=now,
        once=f"step:{row.id}:{row.round}:{due.step}:{due.instance}", case=case if of_desk else None,
        referral=None if of_desk else referral,
    )  # fmt: skip
