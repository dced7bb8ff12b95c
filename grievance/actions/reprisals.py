"""Somebody who complained is not well: what follows? A linked case of retaliation, critical at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grievance.actions import clocks, intake, new_cases, spoken, voice
from grievance.actions.arrivals import tell_desk
from grievance.rules import workflow
from grievance.rules.routing import DeskChoice, Reach
from grievance.schemas.report import Report
from grievance.store import queries
from grievance.store.models import Case, ClockStep
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CaseAction, ClockKind, DatabaseRole, Place, Refused
from grievance.vocabulary import Channel, Harm


@once_more
def open_linked(case_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Opens the linked case at the same desks, once for one instant.

    A restricted case opens none: a second row beside it would tell what the first one hides, and its desk is
    asked to call in any case. Raises NotFound.
    """
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        name = uuid5(case.id, now.isoformat())
        if not case.restricted and session.get(Case, name) is None:
            _open(session, case, name, actor, now)


def how_are_you(case_id: UUID, *, well: bool, actor: Actor, now: datetime) -> datetime | None:
    """The person's answer on the web, or told to the desk. Not well: a linked case, and a call.

    One question opens one linked case, however often it is answered. Gives the instant by which somebody
    calls. Raises NotFound, MoveNotAllowed, Refused("nobody_asked").
    """
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        workflow.next_case_state(case.state, CaseAction.CHECK_IN, actor.role)
        question = _question(session, case)
        spoken.line(session, case, CaseAction.CHECK_IN, case.id, actor, now)
    if well:
        return None
    if not case.restricted:
        _open_apart(case, question, actor, now)
    return voice.ask_call(case_id, None, actor=actor, now=now)


def _question(session: Session, case: Case) -> UUID:
    """Which question about reprisals this answers: the clock's round, and how often it has asked."""
    row = clocks.latest(session, case.id, ClockKind.CHECK_IN)
    if row is None:
        raise Refused("nobody_asked")
    asked = select(func.count()).where(ClockStep.clock_id == row.id)
    return uuid5(row.id, str(session.scalar(asked)))


def _open_apart(case: Case, question: UUID, actor: Actor, now: datetime) -> None:
    """A complainant may not write rows of cases: the linked one comes in by the door of every report."""
    typist = Actor(actor.role, DatabaseRole.INTAKE, actor.name)
    try:
        with transaction(typist) as session:
            _open(session, case, question, typist, now)
    except IntegrityError:
        return  # this very question was answered so before


def _open(session: Session, case: Case, name: UUID, actor: Actor, now: datetime) -> None:
    report = _report(case)
    proposal = new_cases.propose(report, now)
    choice = DeskChoice(case.desk_id, case.backup_id, Reach.FALLBACK)
    linked = new_cases.new_case(report, proposal, choice, now)
    linked.id, linked.linked_to, linked.overseer_id = name, case.id, case.overseer_id
    session.add(linked)
    new_cases.seal_report(session, linked, report, proposal, actor=actor, now=now)
    intake.start_clocks(session, linked, now)
    tell_desk(session, linked, now)


def _report(case: Case) -> Report:
    return Report(
        channel=Channel.SMS if case.channel is Channel.SMS else Channel.WEB,
        language=case.language,
        place=Place(case.province or "", case.territory, case.site_id),
        harms=frozenset({Harm.RETALIATION}),
        safe_contact=case.safe_contact,
    )
