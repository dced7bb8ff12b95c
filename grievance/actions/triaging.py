"""What did a case worker decide a report is? Severity, harms, actor, place; and who may read it now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import addressing, clocks, consents, custody, lanes, moves
from grievance.actions import facts as fact
from grievance.actions.arrivals import add_task, ring_duty
from grievance.actions.case_seen import check_opened
from grievance.actions.handing import show_backup
from grievance.actions.incident_values import Facts
from grievance.rules import addressees
from grievance.rules import clocks as rule
from grievance.rules import triage as triage_rule
from grievance.rules.clocks import Clock
from grievance.rules.routing import Companies, CompanyReason
from grievance.schemas.desk import Triage
from grievance.store import queries, vault
from grievance.store.models import Allegation, Case, ClockRow, Conflict, Funding, Referral, Task
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CannotOpen, CaseAction, ClockKind, Lane, Role
from grievance.vocabulary import ActorKind, DataClass, EntryKind, Severity, TaskKind


@once_more
def triage(code: str, decided: Triage, *, actor: Actor, now: datetime) -> None:
    """Decides what a report is, or corrects that. Open clocks count from their start.

    Raises NotFound, MoveNotAllowed, CannotOpen, and Refused: "reason_missing" (a date would move later),
    "stays_restricted" (only a lead gives a restricted case back), "lane_without_keys" (hand it over).
    """
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        check_opened(session, case, actor)
        before = fact.facts_of(session, actor, case)
        if before is None:
            raise CannotOpen
        known = _decided(decided, before)
        moves.move_case(session, case, CaseAction.TRIAGE, actor=actor, now=now)
        case.triaged_at = case.triaged_at or now
        case.affected_agree = (
            case.affected_agree if decided.affected_agree is None else decided.affected_agree
        )
        lanes.change(session, case, before, known, actor=actor, now=now)
        _keep(session, case, decided, actor, now)
        clocks.stop(session, ClockKind.TRIAGE, case_id=case.id, actor=actor, now=now)
        _reprice(session, case, decided, actor, now)
        custody.watch(session, case, decided.harms, decided.severity, decided.held_since, now)
        _who_can_answer(session, case, known, actor, now)
        _allegations(session, case, known)


def _decided(decided: Triage, before: Facts) -> Facts:
    lane = decided.lane
    if lane is Lane.GENERAL:
        # Nobody has to remember it: these harms have a lane.
        lane = triage_rule.lane_for(decided.harms)
    return replace(
        before, lane=lane, severity=decided.severity, harms=tuple(sorted(h.value for h in decided.harms)),
        actor=decided.actor, province=decided.province or before.province,
        territory=decided.territory or before.territory, site_id=decided.site_id or before.site_id,
        incident_on=decided.incident_on or before.incident_on,
        persons=_newer(decided.persons, before.persons), women=_newer(decided.women, before.women),
        men=_newer(decided.men, before.men),
        children=_newer(decided.children, before.children),
    )  # fmt: skip


def _newer(said: int | None, before: int | None) -> int | None:
    return before if said is None else said


def _keep(session: Session, case: Case, decided: Triage, actor: Actor, now: datetime) -> None:
    """Each decision stays readable beside the ones before it, sealed, with its reason."""
    kept = {
        "severity": decided.severity.value, "harms": sorted(h.value for h in decided.harms),
        "actor": decided.actor.value, "reason": decided.reason,
    }  # fmt: skip
    vault.write_entry(
        session, case, DataClass.NOTES, EntryKind.TRIAGE, json.dumps(kept), actor=actor, now=now
    )


def _reprice(session: Session, case: Case, decided: Triage, actor: Actor, now: datetime) -> None:
    """All open clocks count from their start, as if it had always been so."""
    column, why = clocks.column_of(case), bool(decided.reason)
    policy, calendar = clocks.policy(), clocks.calendar()

    def repriced(clock: Clock) -> Clock:
        return rule.reprice(clock, column, policy, calendar, reason_given=why)

    query = select(ClockRow).where(ClockRow.case_id == case.id, ClockRow.stopped_at.is_(None))
    for row in session.scalars(query.order_by(ClockRow.id).with_for_update()).all():
        if row.severity is not column:
            clocks.change(session, row, repriced, actor=actor, now=now)
            _date_task(session, row)
    for referral in session.scalars(select(Referral).where(Referral.case_id == case.id)):
        referral.severity = column
    if column is Severity.NOW and clocks.latest(session, case.id, ClockKind.FIRST_CALL) is None:
        clocks.start(
            session, case, ClockKind.FIRST_CALL, now=now, holder_role=Role.CASE_WORKER, holder_id=case.desk_id
        )
        ring_duty(session, case, now)


def _date_task(session: Session, row: ClockRow) -> None:
    task = session.get(Task, row.task_id) if row.task_id else None
    if task is not None:
        task.due_at = row.due_at


def _who_can_answer(session: Session, case: Case, known: Facts, actor: Actor, now: datetime) -> None:
    """The companies of site and day: their conflicts, the consents for them, or a task to find them."""
    companies = fact.companies(session, case, known)
    ids = frozenset(one for one in (*companies.provider_ids, companies.client_id) if one is not None)
    _conflicts(session, case, known.site_id, ids, now)
    consents.apply_choice(session, case, known, now)
    query = select(Task).where(
        Task.case_id == case.id, Task.kind == TaskKind.FIND_ADDRESSEE, Task.done_at.is_(None)
    )
    waiting = session.scalars(query).all()
    sought = _addressee_is_sought(known, companies)
    for task in () if sought else waiting:
        task.done_at, task.done_by = now, actor.member_id
    if sought and not waiting:
        add_task(session, case, TaskKind.FIND_ADDRESSEE, now)


def _addressee_is_sought(known: Facts, companies: Companies) -> bool:
    """Site, contract or day are unknown, so that nobody can say yet whose guards it was."""
    if known.actor is ActorKind.PUBLIC:
        return False
    if known.actor is ActorKind.IN_HOUSE:
        return companies.client_id is None
    day_unknown = CompanyReason.DAY_UNKNOWN in companies.reasons and companies.ambiguous
    return not companies.provider_ids or day_unknown


def _conflicts(
    session: Session, case: Case, site_id: UUID | None, company_ids: frozenset[UUID], now: datetime
) -> None:
    fundings = [
        addressees.Funding(row.desk_id, row.funder_id, row.site_id)
        for row in session.scalars(select(Funding))
    ]
    found = addressees.conflicts(site_id=site_id, company_ids=company_ids, fundings=fundings)
    known = addressing.in_conflict(session, case.id)
    new = [one for one in found if one.organisation_id in (case.desk_id, case.backup_id)]
    for one in new:
        if one.organisation_id not in known:
            session.add(
                Conflict(
                    id=uuid4(), case_id=case.id, organisation_id=one.organisation_id, reason=one.reason.value,
                    at=now,
                )
            )  # fmt: skip
    if case.desk_id in {one.organisation_id for one in new} - known:
        show_backup(session, case, now=now)


def _allegations(session: Session, case: Case, known: Facts) -> None:
    """One line for each harm and kind of actor; `mixed` is two. What was found already stays.

    Of a restricted case one line stands, which says nothing: harm and actor are sealed.
    """
    wanted = {(None, None)} if case.restricted else set(_lines(known))
    rows = session.scalars(select(Allegation).where(Allegation.case_id == case.id)).all()
    for row in rows:
        if (row.harm, row.actor) not in wanted and (row.finding is None or case.restricted):
            session.delete(row)
    for harm, actor_kind in wanted - {(row.harm, row.actor) for row in rows}:
        session.add(Allegation(id=uuid4(), case_id=case.id, harm=harm, actor=actor_kind))


def _lines(known: Facts) -> Iterable[tuple[str | None, ActorKind | None]]:
    both = (ActorKind.PRIVATE, ActorKind.PUBLIC)
    actors = both if known.actor is ActorKind.MIXED else (known.actor,)
    return ((harm, one) for harm in known.harms for one in actors)
