"""How does a slip become a case? Opened with the triage key of the one who sends it, and taken in once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grievance.actions import cases, intake
from grievance.actions.intake import Received
from grievance.actions.keys import own_keys
from grievance.schemas.report import Report
from grievance.schemas.slips import SlipSent, WordsIn, WrittenDown
from grievance.store.models import MemberKey, OrganisationKey, Slip
from grievance.store.sealing import open_box, pair_of, unpad
from grievance.store.session import transaction
from grievance.terms import Actor, CannotOpen, InvalidInput, NotFound, Pair, Refused
from grievance.vocabulary import ReaderKind


@dataclass(frozen=True)
class DeskKey:
    """The public triage key that a desk's slips are sealed to, and whether the one who asks can open them."""

    id: UUID
    public: bytes = field(repr=False)
    opens: bool


def key_in_use(*, actor: Actor) -> DeskKey | None:
    """The triage key of the actor's desk; None while it has none."""
    with transaction(actor) as session:
        row = own_keys(session, _own(actor)).get(ReaderKind.TRIAGE)
        return DeskKey(row.id, row.public_key, row.public_key in actor.keys) if row else None


def taken_before(own_id: UUID, *, actor: Actor) -> Received | None:
    """The case that this slip already is; None when it is none."""
    with transaction(actor) as session:
        query = select(Slip.case_id).where(Slip.organisation_id == _own(actor), Slip.own_id == own_id)
        case_id = session.scalar(query)
    return intake.seen_again(case_id) if case_id else None


def opened(sent: SlipSent, *, actor: Actor) -> WrittenDown:
    """What somebody wrote down. Raises Refused without its key, InvalidInput when the slip is broken."""
    with transaction(actor) as session:
        reader = _reader(session, sent.key_id, actor)
    try:
        told: Any = json.loads(unpad(open_box(sent.sealed, reader)))
        written: WrittenDown = WordsIn().load(told)
    except (CannotOpen, ValueError, RecursionError, ValidationError):
        raise InvalidInput("sealed", "slip_broken") from None
    # A slip that somebody gave another name would become a second case.
    if written.own_id != sent.own_id:
        raise InvalidInput("sealed", "slip_broken")
    return written


def take_in(report: Report, own_id: UUID, *, actor: Actor, now: datetime) -> Received:
    """The case, by the action of the desk's own form. Two at once are one case. Raises InvalidInput."""
    try:
        return cases.assisted(report, slip=own_id, actor=actor, now=now)
    except IntegrityError:
        before = taken_before(own_id, actor=actor)
        if before is None:
            raise
        return before


def _reader(session: Session, key_id: UUID, actor: Actor) -> Pair:
    """The triage pair that a slip was sealed to, also of a version before the one in use. Raises Refused."""
    key = session.get(OrganisationKey, key_id)
    if key is None or key.organisation_id != _own(actor) or key.kind is not ReaderKind.TRIAGE:
        raise Refused("slip_of_another_desk")
    private = actor.keys.get(key.public_key)
    if private is not None:
        return pair_of(private)
    somebody = session.scalar(select(MemberKey.id).where(MemberKey.organisation_key_id == key.id).limit(1))
    raise Refused("slip_needs_triage_key" if somebody else "slip_key_gone")


def _own(actor: Actor) -> UUID:
    if actor.organisation_id is None:
        raise NotFound
    return actor.organisation_id
