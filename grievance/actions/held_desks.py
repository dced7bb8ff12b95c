"""To which desk does a text's case belong? The number's own, unless it is complained about or not wanted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from grievance.actions import new_cases, readers, spoken
from grievance.rules.routing import DeskChoice, Reach
from grievance.rules.triage import Proposal
from grievance.schemas.report import Report
from grievance.store import journal, queries
from grievance.store.actors import BY_SMS_ACTOR
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, ChannelRow, ClockRow, Wrap
from grievance.terms import Lane
from grievance.vocabulary import Harm


def another_desk(session: Session, case: Case, *, now: datetime) -> None:
    """The person wants the other organisation: its back-up, which has keys already; the first one's go."""
    first = case.desk_id
    session.execute(delete(Wrap).where(Wrap.case_id == case.id, Wrap.organisation_id == first))
    case.desk_id, case.backup_id, case.backup_visible = case.backup_id, first, False
    clocks_of(session, case, first)
    journal.append(
        session, chain=case.id, subject=case.id, actor=BY_SMS_ACTOR, move=CaseEvent.NARROWED, now=now
    )
    if not case.held:
        spoken.tell_desk(session, case, uuid4(), now=now)


def choice_for(session: Session, channel: ChannelRow, report: Report, proposal: Proposal) -> DeskChoice:
    """A number belongs to a desk; its coverage names the back-up. A restricted lane may turn them round.

    What seems to be said about the desk itself goes past it.
    """
    own = [fact for fact in queries.coverage_facts(session) if fact.desk_id == channel.desk_id]
    if not own or Harm.ABOUT_US in proposal.harms:
        return past(session, channel.desk_id, report, proposal)
    # The widest coverage says who stands in for the desk where the place is not known yet.
    widest = min(own, key=lambda fact: (not fact.fallback, fact.site_id is not None, str(fact.backup_id)))
    choice = DeskChoice(channel.desk_id, widest.backup_id, Reach.FALLBACK)
    if proposal.lane is Lane.GENERAL or readers.holds_lane(session, choice.desk_id, proposal.lane):
        return choice
    return DeskChoice(choice.backup_id, choice.desk_id, choice.reason, instead=True)


def past(session: Session, desk_id: UUID, report: Report, proposal: Proposal) -> DeskChoice:
    harms = proposal.harms - {Harm.ABOUT_US}
    excluded = report.excluded | {desk_id}
    return new_cases.choose_desk(session, report.place, excluded, harms, proposal.lane)


def other_desk_holds(session: Session, case: Case, lane: Lane) -> bool:
    """Whether only the back-up has the keyed members that a restricted case needs."""
    if lane is Lane.GENERAL or readers.holds_lane(session, case.desk_id, lane):
        return False
    return readers.holds_lane(session, case.backup_id, lane)


def clocks_of(session: Session, case: Case, first: UUID) -> None:
    """The clocks that ran for the first desk run for the one that has the case now."""
    session.execute(
        update(ClockRow)
        .where(ClockRow.case_id == case.id, ClockRow.holder_id == first, ClockRow.stopped_at.is_(None))
        .values(holder_id=case.desk_id)
    )
