"""What becomes of a text before its sender agreed? Held, then sealed to both desks, or gone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grievance.actions import clocks, held_desks, intake, new_cases, readers, shares, spoken
from grievance.actions.arrivals import ring_duty, tell_desk
from grievance.rules import clocks as clock_rule
from grievance.rules import triage
from grievance.rules.clocks import Clock
from grievance.rules.triage import Proposal
from grievance.schemas.report import Report
from grievance.store import journal, queries, vault
from grievance.store.actors import BY_SMS_ACTOR, SMS_ACTOR
from grievance.store.journal import CaseEvent
from grievance.store.models import (
    Capsule,
    Case,
    ChannelRow,
    ClassPair,
    ClockRow,
    Entry,
    Fact,
    NumberIndex,
    Referral,
    Task,
    Wrap,
)
from grievance.terms import CaseState, ClockKind, Lane, ReferralAction, ReferralState, Role
from grievance.vocabulary import DataClass, EntryKind, Harm, Outcome, Severity, TaskKind

SHREDDED = "shredded"
ENDED = (ReferralState.WITHDRAWN, ReferralState.SETTLED)


def begin(
    session: Session, channel: ChannelRow, report: Report, proposal: Proposal, *, code: str,
    number_mac: bytes, arrived_at: datetime,
) -> Case:  # fmt: skip
    """A case that no desk sees yet: its code, its clocks and its number's HMAC, from the text's arrival."""
    choice = held_desks.choice_for(session, channel, report, proposal)
    case = new_cases.new_case(report, proposal, choice, arrived_at, held=True)
    case.code, case.overseer_id = code, queries.overseer_id(session)
    session.add(case)
    journal.append(
        session, chain=case.id, subject=case.id, actor=BY_SMS_ACTOR, move=CaseEvent.RECEIVED, now=arrived_at,
        to_state=case.state.value,
    )  # fmt: skip
    session.add(
        NumberIndex(id=uuid4(), desk_id=channel.desk_id, case_id=case.id, mac=number_mac, heard_at=arrived_at)
    )
    intake.start_clocks(session, case, arrived_at)
    session.flush()
    return case


def release(session: Session, case: Case, report: Report, proposal: Proposal, *, now: datetime) -> None:
    """Seals what was said to both desks and shows them the case."""
    _as_told(session, case, report, proposal, now)
    case.held = False
    session.flush()
    pairs = vault.make_case_pairs(session, case.id, readers.of_case(session, case, proposal.lane))
    commitment = journal.NOTHING
    for data_class, kind, text in new_cases.parts(report, proposal, case.restricted):
        entry = vault.write_entry(
            session, case, data_class, kind, text, actor=BY_SMS_ACTOR, now=now, pair=pairs[data_class][0]
        )
        commitment = vault.entry_commitment(entry) if kind is EntryKind.STORY else commitment
    journal.append(
        session, chain=case.id, subject=case.id, actor=SMS_ACTOR, move=CaseEvent.SEALED_TO_DESKS, now=now,
        commitment=commitment,
    )  # fmt: skip
    shares.record_at_intake(session, case, report, now)
    tell_desk(session, case, now)
    _time_calls(session, case, now)


def add_text(session: Session, case: Case, text: str, *, now: datetime) -> None:
    """A further text of a case that its desks already have: sealed to its thread, and on top of the queue."""
    spoken.write(session, case, text, actor=BY_SMS_ACTOR, now=now)


def identity_known(session: Session, case: Case, number: str, *, now: datetime) -> None:
    """A call was asked for, or danger said: the number enters the case's identity, for the desk to ring."""
    text = json.dumps({"name": None, "phone": number})
    vault.write_entry(
        session, case, DataClass.IDENTITY, EntryKind.IDENTITY, text, actor=BY_SMS_ACTOR, now=now
    )


def raise_severity(session: Session, case: Case, severity: Severity, *, now: datetime) -> None:
    """The case is at least this urgent from now on; clocks count from their start, as if always so."""
    raised = triage.raise_to(severity, case.severity)
    if raised is case.severity:
        return
    case.severity = raised
    column = clocks.column_of(case)
    for row in session.scalars(
        select(ClockRow).where(ClockRow.case_id == case.id, ClockRow.stopped_at.is_(None)).with_for_update()
    ).all():
        _reprice(session, row, column, now)
    if column is Severity.NOW and clocks.latest(session, case.id, ClockKind.FIRST_CALL) is None:
        clocks.start(
            session, case, ClockKind.FIRST_CALL, now=now, holder_role=Role.CASE_WORKER, holder_id=case.desk_id
        )
    session.flush()


def danger(session: Session, case: Case, *, now: datetime) -> None:
    """Somebody said danger about a case that its desk already has: the roster is rung."""
    raise_severity(session, case, Severity.NOW, now=now)
    rung = select(Task.id).where(Task.case_id == case.id, Task.kind == TaskKind.DANGER_CALL).limit(1)
    if session.scalar(rung) is None:
        ring_duty(session, case, now)
    else:
        spoken.tell_desk(session, case, uuid4(), now=now)


def shred(session: Session, case: Case, *, now: datetime) -> None:
    """The person said no: texts, wraps, capsule and number are gone; a count stays, and the journal's lines.

    A case that no desk had seen goes as a whole. One that had been sealed is closed, empty, and whatever a
    company was sent of it is withdrawn and goes too.
    """
    before = case.state
    referrals = select(Referral).where(Referral.case_id == case.id, Referral.state.not_in(ENDED))
    for referral in session.scalars(referrals.order_by(Referral.id).with_for_update()).all():
        spoken.move(session, case, referral, ReferralAction.WITHDRAW, actor=BY_SMS_ACTOR, now=now)
    session.add(Fact(id=uuid4(), kind=SHREDDED, case_ref=uuid4(), on_day=now.date(), desk_id=case.desk_id))
    journal.append(
        session, chain=case.id, subject=case.id, actor=BY_SMS_ACTOR, move=CaseEvent.SHREDDED, now=now,
        from_state=before.value, to_state=CaseState.CLOSED.value,
    )  # fmt: skip
    for table in (Capsule, NumberIndex, Entry, Wrap, ClassPair):
        session.execute(delete(table).where(table.case_id == case.id))
    if case.held:
        session.delete(case)
        session.flush()
        return
    new_cases.blank(case)
    clocks.stop_all(session, case.id, actor=BY_SMS_ACTOR, now=now)
    case.state, case.outcome, case.closed_at = CaseState.CLOSED, Outcome.WITHDRAWN, now


def forget_number(session: Session, case_id: UUID) -> None:
    """A later "send me nothing": the number leaves the identity, and nothing can be sent any more."""
    session.execute(delete(Capsule).where(Capsule.case_id == case_id))
    session.execute(
        delete(Entry).where(Entry.case_id == case_id, Entry.data_class == DataClass.IDENTITY)
    )


def _as_told(session: Session, case: Case, report: Report, proposal: Proposal, now: datetime) -> None:
    """The row's clear columns as the whole story makes them; they never become less urgent."""
    case.language, case.safe_contact = report.language, report.safe_contact
    if proposal.lane is Lane.GENERAL and not case.restricted:
        case.harms = sorted(harm.value for harm in proposal.harms)
    elif not case.restricted:
        case.restricted = True
        new_cases.blank(case)
    first = case.desk_id
    accused = {row.desk_id for row in numbers_of(session, case.id)}
    if Harm.ABOUT_US in proposal.harms and accused & {case.desk_id, case.backup_id}:
        choice = held_desks.past(session, accused.pop(), report, proposal)
        case.desk_id, case.backup_id = choice.desk_id, choice.backup_id
    elif held_desks.other_desk_holds(session, case, proposal.lane):
        case.desk_id, case.backup_id = case.backup_id, first
    held_desks.clocks_of(session, case, first)
    raise_severity(session, case, proposal.severity, now=now)


def _time_calls(session: Session, case: Case, now: datetime) -> None:
    """A call that was asked for has a clock of its own."""
    session.flush()
    open_ones = (Task.due_at.is_(None), Task.done_at.is_(None))
    calls = Task.kind.in_((TaskKind.CALL_BACK, TaskKind.OTHER_LANGUAGE))
    asked = select(Task).where(Task.case_id == case.id, calls, *open_ones)
    for task in session.scalars(asked).all():
        clock = clocks.start(
            session, case, ClockKind.CALL_BACK, now=now, holder_role=Role.CASE_WORKER,
            holder_id=case.desk_id, task=task,
        )  # fmt: skip
        task.due_at = clock.due_at


def _reprice(session: Session, row: ClockRow, column: Severity, now: datetime) -> None:
    def repriced(clock: Clock) -> Clock:
        return clock_rule.reprice(clock, column, clocks.policy(), clocks.calendar(), reason_given=True)

    clocks.change(session, row, repriced, actor=BY_SMS_ACTOR, now=now)


def call_is_due(session: Session, case_id: UUID) -> bool:
    """Whether somebody at the desk already has to ring."""
    calls = (TaskKind.CALL_BACK, TaskKind.DANGER_CALL, TaskKind.OTHER_LANGUAGE)
    query = select(Task.id).where(Task.case_id == case_id, Task.kind.in_(calls), Task.done_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def has_identity(session: Session, case_id: UUID) -> bool:
    """Whether the desk already has a number or a name."""
    query = select(Entry.id).where(Entry.case_id == case_id, Entry.data_class == DataClass.IDENTITY)
    return session.scalar(query.limit(1)) is not None


def numbers_of(session: Session, case_id: UUID) -> Sequence[NumberIndex]:
    """The numbers' rows of a case, if it came by telephone."""
    return session.scalars(select(NumberIndex).where(NumberIndex.case_id == case_id)).all()
