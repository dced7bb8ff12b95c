"""What becomes of reports that come in a flood? They are kept, sealed to their desk, looked at in bulk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from grievance.actions import apart_sealing, intake, new_cases, readers, regret, voice
from grievance.actions.intake import ReceiptHalf
from grievance.actions.notices import Audience
from grievance.rules import triage
from grievance.schemas.report import Report, ReportIn
from grievance.store import journal, queries
from grievance.store.actors import INTAKE_ACTOR, door_actor
from grievance.store.config_values import apart_label
from grievance.store.journal import OrganisationMove
from grievance.store.models import Apart, ApartState, Medium, Outbox, OutboxState
from grievance.store.queries import under_any_key
from grievance.store.receipts import Opening, Pepper
from grievance.store.session import transaction
from grievance.terms import Actor, Altered, Lane
from grievance.vocabulary import Language, Severity
from grievance.wording_mail import MailTemplate

# Until then a person has looked, the page says; whoever watches the service hears of it afterwards.
LOOKED_AT_WITHIN = timedelta(hours=24)
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class PutApart:
    """What the person is told. `already`: this very report lay there before."""

    desk_name: str
    look_by: datetime
    severity: Severity
    urgent: tuple[triage.Urgent, ...]
    already: bool


@dataclass(frozen=True)
class ApartSeen:
    """Reports with the same words, as the desk looks at them; none opens without the right key."""

    ids: tuple[UUID, ...]
    severity: Severity
    language: Language
    first_at: datetime
    last_at: datetime
    report: Report | None = field(default=None, repr=False)


@dataclass(frozen=True)
class StandsApart:
    """What somebody who comes back is told of a report that nobody has kept yet."""

    looked_at: bool
    look_by: datetime
    received_at: datetime

    def may_be_taken_back(self, now: datetime) -> bool:
        """As a case: for half an hour, and only while no person has decided about it."""
        return not self.looked_at and now - self.received_at <= regret.WITHIN


def put_apart(told: Mapping[str, Any], opening: ReceiptHalf, *, now: datetime) -> PutApart:
    """Keeps a report, durably, out of the ordinary queue: no clock, no call, one mail an hour at most.

    `told` is what the report's schema loads. Raises Unavailable when nothing was kept.
    """
    report = ReportIn().load(dict(told))
    words = json.dumps(dict(told), sort_keys=True, default=str)
    with transaction(INTAKE_ACTOR) as session:
        proposal = new_cases.propose(report, now)
        choice = new_cases.choose_desk(
            session, report.place, report.excluded, proposal.harms, proposal.lane
        )
        severity = Severity.NOW if proposal.lane is not Lane.GENERAL else proposal.severity
        kept = _insert(session, choice.desk_id, proposal.lane, words, opening, severity, report.language, now)
        _tell(session, choice.desk_id, severity, now)
        names = queries.names(session, (choice.desk_id,))
        return PutApart(
            names[choice.desk_id], now + LOOKED_AT_WITHIN, severity, proposal.urgent, already=not kept
        )


def of_receipt(opening: Opening) -> StandsApart | None:
    """What this receipt stands for while nobody has kept the report."""
    for hidden in Pepper(current_app.config["SETTINGS"].pepper).tries(opening.lookup):
        with transaction(door_actor(hidden)) as session:
            row = session.scalar(select(Apart).order_by(Apart.received_at).limit(1))
            if row is not None:
                looked_at = row.state is not ApartState.WAITING
                return StandsApart(looked_at, row.received_at + LOOKED_AT_WITHIN, row.received_at)
    return None


def take_back(opening: Opening, *, now: datetime) -> bool:
    """Erases what this receipt stands for. False once half an hour passed or a person decided about it."""
    gone = False
    for hidden in Pepper(current_app.config["SETTINGS"].pepper).tries(opening.lookup):
        mine = [Apart.lookup_hidden == hidden, Apart.state == ApartState.WAITING]
        young = Apart.received_at >= now - regret.WITHIN
        actor = door_actor(hidden)
        with transaction(actor) as session:
            query = delete(Apart).where(*mine, young).returning(Apart.id, Apart.desk_id)
            for row_id, desk_id in session.execute(query).all():
                move = OrganisationMove.TAKEN_BACK
                journal.append(session, chain=desk_id, subject=row_id, actor=actor, move=move, now=now)
                gone = True
    return gone


def count(actor: Actor) -> int:
    """How many reports wait for somebody of this desk to look."""
    with transaction(actor) as session:
        query = select(func.count(Apart.id)).where(Apart.state == ApartState.WAITING)
        return int(session.scalar(query) or 0)


def seen(actor: Actor, *, state: ApartState = ApartState.WAITING) -> tuple[ApartSeen, ...]:
    """The oldest 500, danger first; those with the same words together, most of them first."""
    query = select(Apart).where(Apart.state == state).order_by(Apart.received_at).limit(MOST_AT_ONCE)
    with transaction(actor) as session:
        rows = session.scalars(query).all()
    bundles: dict[str, list[tuple[Apart, Report | None]]] = {}
    for row in rows:
        report = _shown(row, actor)
        same = f"{report.story}\x1f{report.wished}" if report else str(row.id)
        bundles.setdefault(same, []).append((row, report))
    found = [_bundle(bundle) for bundle in bundles.values()]
    return tuple(sorted(found, key=_danger_then_most))


def keep(ids: Iterable[UUID], *, actor: Actor, now: datetime) -> int:
    """Makes ordinary cases of these, with clocks from the instant they came. Gives how many.

    What this member cannot open, or a colleague was faster with, is left out. Raises Altered when one opens
    no more; the others are kept.
    """
    kept, altered = 0, False
    for each in ids:
        try:
            kept += _keep_one(each, actor, now)
        except Altered:
            altered = True
    if altered:
        raise Altered
    return kept


def set_aside(ids: Iterable[UUID], *, actor: Actor, now: datetime) -> int:
    """Says of these that they are no complaints. They can be kept for as long as the policy says.

    Nobody judges what they cannot read: what this member's keys do not open is left out. Gives how many.
    """
    done = 0
    query = select(Apart).where(Apart.id.in_(list(ids)), Apart.state == ApartState.WAITING)
    with transaction(actor) as session:
        for row in session.scalars(query.order_by(Apart.id).with_for_update()):
            if not _opens_to(row, actor):
                continue
            row.state, row.decided_at, row.decided_by = ApartState.SET_ASIDE, now, actor.member_id
            _line(session, row, OrganisationMove.SET_ASIDE, actor, now)
            done += 1
    return done


def _insert(
    session: Session, desk_id: UUID, lane: Lane, words: str, opening: ReceiptHalf, severity: Severity,
    language: Language, now: datetime,
) -> bool:  # fmt: skip
    pepper = Pepper(current_app.config["SETTINGS"].pepper)
    (reader,) = readers.of_desks(session, [desk_id], lane)
    same = apart_sealing.same(opening.lookup, words.encode("utf-8", "surrogatepass"))
    if under_any_key(session, "apart_known", pepper.candidates(same)):
        return False
    row_id = uuid4()
    named, sealed = apart_sealing.sealed(words, reader, row_id)
    row = insert(Apart).values(
        id=row_id, desk_id=desk_id, state=ApartState.WAITING, received_at=now, language=language,
        severity=severity, reader_public=named, sealed=sealed, lookup_hidden=pepper.hide(opening.lookup),
        public_hidden=pepper.hide(opening.public, apart_label("public_hidden", row_id)),
        same_hidden=pepper.hide(same),
    )  # fmt: skip
    counted = {"preserve_rowcount": True}
    kept = session.execute(row.on_conflict_do_nothing(), execution_options=counted)
    return bool(kept.rowcount == 1)  # type: ignore[attr-defined]  # what an insert gives has it


def _tell(session: Session, desk_id: UUID, severity: Severity, now: datetime) -> None:
    """One mail a day that something lies there; for danger one an hour, to whoever is on duty."""
    urgent = severity is Severity.NOW
    audience = Audience.DUTY if urgent else Audience.TRIAGE
    since = f"{now:%Y-%m-%d %H}" if urgent else f"{now:%Y-%m-%d}"
    desk = queries.organisation(session, desk_id)
    row = insert(Outbox).values(
        id=uuid4(), medium=Medium.MAIL, template=MailTemplate.QUARANTINE.value, language=desk.language,
        values={}, once=f"quarantine:{since}:{desk_id}:{audience.value}", organisation_id=desk_id,
        audience=audience.value, state=OutboxState.WAITING, attempts=0, created_at=now, next_at=now,
    )  # fmt: skip
    session.execute(row.on_conflict_do_nothing())


def _keep_one(row_id: UUID, actor: Actor, now: datetime) -> bool:
    query = select(Apart).where(Apart.id == row_id).with_for_update(skip_locked=True)
    with transaction(actor) as session:
        row = session.scalar(query)
        words = apart_sealing.opened(row, actor.keys) if row is not None else None
        if row is None or words is None:
            return False
        report, pepper = apart_sealing.report_of(words), Pepper(current_app.config["SETTINGS"].pepper)
        half = apart_sealing.half_of(row, words, pepper)
        # Its own commit, before the row goes: if this one fails, the receipt finds the case again.
        received = intake.receive(report, opening=half, now=row.received_at)
        if received.already:
            voice.add_what_is_new(received.case_id, report, reader=actor, now=now)
        session.delete(row)
        _line(session, row, OrganisationMove.KEPT_FROM_QUARANTINE, actor, now)
    return True


def _shown(row: Apart, actor: Actor) -> Report | None:
    """One that was altered does not hide the others; keeping it says what is wrong."""
    try:
        words = apart_sealing.opened(row, actor.keys)
    except Altered:
        return None
    return None if words is None else apart_sealing.report_of(words)


def _opens_to(row: Apart, actor: Actor) -> bool:
    """Whether this is this member's to read; what was altered is still its readers' to set aside."""
    try:
        return apart_sealing.opened(row, actor.keys) is not None
    except Altered:
        return True


def _bundle(bundle: list[tuple[Apart, Report | None]]) -> ApartSeen:
    rows = [row for row, _ in bundle]
    gravest = min((row.severity for row in rows), key=list(Severity).index)
    return ApartSeen(
        tuple(row.id for row in rows), gravest, rows[0].language, rows[0].received_at, rows[-1].received_at,
        bundle[0][1],
    )  # fmt: skip


def _danger_then_most(one: ApartSeen) -> tuple[bool, int, datetime]:
    return (one.severity is not Severity.NOW, -len(one.ids), one.first_at)


def _line(session: Session, row: Apart, move: OrganisationMove, actor: Actor, now: datetime) -> None:
    journal.append(session, chain=row.desk_id, subject=row.id, actor=actor, move=move, now=now)
