"""How does a case change desks? It is shown to the back-up, which takes it over with its own keys."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from grievance.actions import addressing, clocks, moves, notices, readers
from grievance.actions import facts as fact
from grievance.actions.case_seen import check_opened, check_works_here
from grievance.actions.new_referrals import say_desk
from grievance.actions.notices import Audience
from grievance.rules import clocks as rule
from grievance.rules.dialogue import Template
from grievance.rules.routing import desk_for
from grievance.store import queries, vault
from grievance.store.models import Case, ClockRow, Referral, Task, Wrap
from grievance.store.session import once_more, transaction
from grievance.store.vault import CASE_CLASSES, Reader
from grievance.terms import Actor, CaseAction, Lane, NotFound, Place, ReferralState, Refused
from grievance.vocabulary import DataClass, EntryKind, OrganisationKind, ReaderKind
from grievance.wording_mail import MailTemplate

ENDED = (ReferralState.SETTLED, ReferralState.WITHDRAWN)


@once_more
def hand_over(code: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Asks the back-up to take a case; until it does, it stands in both queues. Raises NotFound, Refused."""
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        check_opened(session, case, actor)
        entry = vault.write_entry(
            session, case, DataClass.NOTES, EntryKind.NOTE, reason, actor=actor, now=now
        )
        commitment = vault.entry_commitment(entry)
        moves.move_case(session, case, CaseAction.HAND_OVER, actor=actor, now=now, commitment=commitment)
        show_backup(session, case, now=now)


def show_backup(session: Session, case: Case, *, now: datetime) -> None:
    """The back-up sees the case, and the wraps that it has held since intake; it is told once."""
    if case.backup_visible and case.backup_reads == vault.EVERYTHING:
        return
    case.backup_visible, case.backup_reads = True, vault.EVERYTHING
    backup = queries.organisation(session, case.backup_id)
    notices.to_organisation(
        session, backup, MailTemplate.ESCALATED_TO_YOU, audience=Audience.TRIAGE,
        once=f"shown:{case.id}:{now.isoformat()}", now=now, case=case,
    )  # fmt: skip


@once_more
def take_over(code: str, *, actor: Actor, now: datetime) -> None:
    """The back-up becomes the desk: a new round of its clocks begins, and it gets a back-up of its own.

    A first desk that is in conflict loses its wraps; another stays as the back-up, with the narrow key alone.
    Raises NotFound, MoveNotAllowed, CannotOpen, Refused("no_second_desk"), Refused("in_conflict").
    """
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        if actor.organisation_id != case.backup_id or not case.backup_visible:
            raise NotFound
        check_works_here(session, case, actor)
        if case.backup_id in addressing.in_conflict(session, case.id):
            raise Refused("in_conflict")
        moves.move_case(session, case, CaseAction.TAKE_OVER, actor=actor, now=now)
        known = fact.facts_of(session, actor, case)
        first, lane = case.desk_id, known.lane if known else Lane.GENERAL
        following = _next_backup(session, case, first)
        _wraps(session, case, first, following, lane, actor)
        case.desk_id, case.backup_id, case.backup_visible = case.backup_id, following, False
        case.backup_reads = vault.EVERYTHING
        session.flush()
        _work_goes_along(session, case, first, actor, now)
        # Who answers for it is on their page; a telephone only learns that there is news.
        notices.to_complainant(
            session, case, Template.NEWS, once=f"desk:{case.id}:{now.isoformat()}", now=now
        )


def _next_backup(session: Session, case: Case, first: UUID) -> UUID:
    """The first desk stands in, unless in conflict; then the new desk's own back-up, last ICoCA."""
    away = addressing.in_conflict(session, case.id)
    if first not in away:
        return first
    place = Place(case.province or "", case.territory, case.site_id)
    # The new desk itself is the one chosen here: its wrap of the back-up is what is looked for.
    others = away | {first}
    choice = desk_for(place, queries.coverage_facts(session), others, queries.overseer_id(session))
    return choice.backup_id if choice.desk_id == case.backup_id else choice.desk_id


def _wraps(session: Session, case: Case, first: UUID, following: UUID, lane: Lane, actor: Actor) -> None:
    """The new desk's own key, its back-up's narrow key, and what the first desk held of wider ones gone."""
    new_readers = _readers(session, case, first, following, lane)
    for data_class in CASE_CLASSES:
        row = vault.pair_row(session, case.id, data_class)
        pair = vault.open_row(session, actor, row)
        for reader in new_readers:
            vault.add_wrap(session, row, pair, reader)
    held = delete(Wrap).where(Wrap.case_id == case.id, Wrap.organisation_id == first)
    session.execute(held.where(Wrap.reader == ReaderKind.DESK) if following == first else held)


def _readers(session: Session, case: Case, first: UUID, following: UUID, lane: Lane) -> list[Reader]:
    found = []
    desk = queries.key_of(session, case.backup_id, ReaderKind.DESK)
    if lane is Lane.GENERAL and case.triaged_at is not None and desk is not None:
        found.append(Reader(ReaderKind.DESK, desk.public_key, case.backup_id))
    if following != first and queries.organisation(session, following).kind is OrganisationKind.CSO:
        found += readers.of_desks(session, (following,), lane)
    return found


def _work_goes_along(session: Session, case: Case, first: UUID, actor: Actor, now: datetime) -> None:
    """Tasks, clocks and referrals now speak of the new desk. The first one's rounds stay as they were."""
    session.execute(
        update(Task)
        .where(Task.case_id == case.id, Task.organisation_id == first, Task.done_at.is_(None))
        .values(organisation_id=case.desk_id)
    )
    query = select(ClockRow).where(
        ClockRow.case_id == case.id, ClockRow.holder_id == first, ClockRow.stopped_at.is_(None)
    )
    for row in session.scalars(query.order_by(ClockRow.id).with_for_update()).all():
        _new_round(session, row, case.desk_id, actor, now)
    live = select(Referral).where(Referral.case_id == case.id, Referral.state.not_in(ENDED))
    for referral in session.scalars(live.order_by(Referral.id)).all():
        say_desk(session, referral, case.desk_id, actor, now)


def _new_round(session: Session, row: ClockRow, desk_id: UUID, actor: Actor, now: datetime) -> None:
    if now > row.due_at and row.breached_at is None:
        row.breached_at = row.due_at
    clocks.change(session, row, lambda clock: rule.stop(clock, now), actor=actor, now=now)
    clocks.reopen(session, row, now=now).holder_id = desk_id
