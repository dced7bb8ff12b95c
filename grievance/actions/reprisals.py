"""Somebody who complained is not well: what follows? A linked case of retaliation, critical at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from grievance.actions import intake, new_cases
from grievance.actions.arrivals import tell_desk
from grievance.rules.routing import DeskChoice, Reach
from grievance.schemas.report import Report
from grievance.store import queries
from grievance.store.models import Case
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, Place
from grievance.vocabulary import Channel, Harm


@once_more
def open_linked(case_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Opens the linked case at the same desks, once for one instant.

    A restricted case opens none: a second row beside it would tell what the first one hides, and its desk is
    asked to call in any case. Raises NotFound.
    """
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        before = select(Case.id).where(Case.linked_to == case.id, Case.received_at == now)
        if case.restricted or session.scalar(before) is not None:
            return
        report = _report(case)
        proposal = new_cases.propose(report, now)
        choice = DeskChoice(case.desk_id, case.backup_id, Reach.FALLBACK)
        linked = new_cases.new_case(report, proposal, choice, now)
        linked.linked_to, linked.overseer_id = case.id, case.overseer_id
        session.add(linked)
        new_cases.seal_report(session, linked, report, proposal, actor=actor, now=now)
        intake.start_clocks(session, linked, now)
        tell_desk(session, linked, now)


def _report(case: Case) -> Report:
    return Report(
        channel=Channel.SMS,
        language=case.language,
        place=Place(case.province or "", case.territory, case.site_id),
        harms=frozenset({Harm.RETALIATION}),
        safe_contact=case.safe_contact,
    )
