"""How does a report become a case? One function for every channel, one commit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grievance.actions import clocks, new_cases, shares
from grievance.actions.arrivals import tell_desk
from grievance.rules import triage
from grievance.rules.clocks import attention_kind
from grievance.schemas.numbers import possible_number
from grievance.schemas.report import Report
from grievance.store import queries
from grievance.store.actors import INTAKE_ACTOR, complainant_actor, door_actor
from grievance.store.config_values import capsule_label, receipt_label
from grievance.store.models import Capsule, Case, Receipt, Slip
from grievance.store.numbers import capsule
from grievance.store.queries import under_any_key
from grievance.store.receipts import Pepper
from grievance.store.sealing import wrap
from grievance.store.session import transaction
from grievance.terms import Actor, ClockKind, InvalidInput, Lane, Pair, Place, Role
from grievance.vocabulary import DataClass, SafeContact, Severity


@dataclass(frozen=True)
class DeskNames:
    """Who would read a report, named before the story is written."""

    desk_id: UUID
    desk_name: str
    backup_id: UUID
    backup_name: str


@dataclass(frozen=True)
class ReceiptHalf:
    """What a receipt leaves with us: the lookup, and the public half of its opening pair."""

    lookup: bytes = field(repr=False)
    public: bytes = field(repr=False)


@dataclass(frozen=True)
class Received:
    """What the complainant is told. `already` says that this very receipt was sent before."""

    case_id: UUID
    code: str
    desk_name: str
    backup_name: str
    answer_by: datetime
    severity: Severity
    urgent: tuple[triage.Urgent, ...]
    already: bool = False


class _AlreadyKept(Exception):
    """This receipt is stored, under an older pepper."""


def desks_for(place: Place, excluded: frozenset[UUID] = frozenset()) -> DeskNames:
    """The desk and the back-up that a report from this place would reach."""
    with transaction(INTAKE_ACTOR) as session:
        choice = new_cases.choose_desk(session, place, excluded, frozenset(), Lane.GENERAL)
        names = queries.names(session, (choice.desk_id, choice.backup_id))
        return DeskNames(choice.desk_id, names[choice.desk_id], choice.backup_id, names[choice.backup_id])


def receive(
    report: Report, *, opening: ReceiptHalf | None = None, slip: UUID | None = None,
    actor: Actor = INTAKE_ACTOR, now: datetime,
) -> Received:  # fmt: skip
    """Takes in a report: commits it, durably, before anybody says "received".

    The same receipt sent twice gives the first answer again. Raises InvalidInput for a site that is nowhere,
    Unavailable when nothing was kept, and IntegrityError when `slip`, the name of what a desk wrote without
    network, is a case already.
    """
    try:
        with transaction(actor) as session:
            return _received(session, report, opening, slip, actor, now)
    except (IntegrityError, _AlreadyKept):
        before = received_before(opening) if opening is not None else None
        if before is None:
            raise
        return before


def _received(
    session: Session, report: Report, opening: ReceiptHalf | None, slip: UUID | None, actor: Actor,
    now: datetime,
) -> Received:  # fmt: skip
    if report.place.site_id is not None and queries.site(session, report.place.site_id) is None:
        raise InvalidInput("site_id", "unknown")
    proposal = new_cases.propose(report, now)
    choice = new_cases.choose_desk(session, report.place, report.excluded, proposal.harms, proposal.lane)
    case = new_cases.new_case(report, proposal, choice, now)
    case.overseer_id = queries.overseer_id(session)
    session.add(case)
    if slip is not None:
        _keep_slip(session, case, slip, actor, now)
    pairs = new_cases.seal_report(session, case, report, proposal, actor=actor, now=now)
    _keep_capsule(session, case, report, now)
    if opening is not None:
        _keep_receipt(session, case, opening, pairs[DataClass.THREAD], now)
    first = start_clocks(session, case, now)
    shares.record_at_intake(session, case, report, now)
    tell_desk(session, case, now)
    names = queries.names(session, (case.desk_id, case.backup_id))
    return Received(
        case.id, case.code, names[case.desk_id], names[case.backup_id], first, case.severity, proposal.urgent
    )


def _keep_capsule(session: Session, case: Case, report: Report, now: datetime) -> None:
    """Whoever asked for news by SMS can be texted, by the SMS worker and nobody else."""
    number = possible_number(report.phone)
    if report.safe_contact is not SafeContact.SMS or number is None:
        return
    _, notifier = current_app.config["SETTINGS"].notifier_public[-1]
    row_id = uuid4()
    sealed = capsule(number, report.language, notifier, capsule_label(row_id, case.id))
    session.add(Capsule(id=row_id, case_id=case.id, sealed=sealed, language=report.language, created_at=now))


def _keep_slip(session: Session, case: Case, own_id: UUID, actor: Actor, now: datetime) -> None:
    """First of all: whoever sends the same slip at this moment waits here, and is told of this case."""
    session.flush()
    row = Slip(
        id=uuid4(), organisation_id=actor.organisation_id, own_id=own_id, case_id=case.id, taken_at=now
    )
    session.add(row)
    session.flush()


def _keep_receipt(session: Session, case: Case, opening: ReceiptHalf, thread: Pair, now: datetime) -> None:
    pepper = Pepper(current_app.config["SETTINGS"].pepper)
    wrapped = wrap(thread.private, opening.public)
    if under_any_key(session, "receipt_known", pepper.candidates(opening.lookup)):
        raise _AlreadyKept
    row_id = uuid4()
    public_at, wraps_at = (receipt_label(name, row_id, case.id) for name in ("public_hidden", "wraps_hidden"))
    session.add(
        Receipt(
            id=row_id, case_id=case.id, lookup_hidden=pepper.hide(opening.lookup),
            public_hidden=pepper.hide(opening.public, public_at),
            wraps_hidden=pepper.hide(wrapped, wraps_at), created_at=now,
        )
    )  # fmt: skip
    session.flush()


def start_clocks(session: Session, case: Case, now: datetime) -> datetime:
    """The clocks of a new case; gives the instant by which a person answers."""
    first = _start(session, case, attention_kind(clocks.column_of(case)), now)
    _start(session, case, ClockKind.TRIAGE, now)
    _start(session, case, ClockKind.OUTCOME, now)
    return first


def start_first_call(session: Session, case: Case, now: datetime) -> datetime:
    """Danger was said later; gives the instant by which a person calls, as it may be told."""
    return _start(session, case, ClockKind.FIRST_CALL, now)


def _start(session: Session, case: Case, kind: ClockKind, now: datetime) -> datetime:
    row = clocks.start(session, case, kind, now=now, holder_role=Role.CASE_WORKER, holder_id=case.desk_id)
    return row.told_at


def received_before(opening: ReceiptHalf) -> Received | None:
    """The case that this receipt already has: the person pressed twice, or the network did."""
    pepper = Pepper(current_app.config["SETTINGS"].pepper)
    for hidden in pepper.tries(opening.lookup):
        with transaction(door_actor(hidden)) as session:
            kept = session.scalar(select(Receipt))
            if kept is not None:
                return seen_again(kept.case_id)
    return None


def seen_again(case_id: UUID) -> Received:
    """What was told of this case when it came, without the help that could not wait."""
    with transaction(complainant_actor(case_id, {})) as session:
        case = queries.case_by_id(session, case_id)
        names = queries.names(session, (case.desk_id, case.backup_id))
        first = clocks.first_promise(session, case_id)
        return Received(
            case.id, case.code, names[case.desk_id], names[case.backup_id], first, case.severity, (),
            already=True,
        )  # fmt: skip
