"""Who holds keys to a case from now on? Triage widens it to its desk; a restricted lane narrows it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from flask import current_app
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from grievance.actions import evidence_seen, moves, readers
from grievance.actions import facts as fact
from grievance.actions.consents import stop_referral
from grievance.actions.incident_values import Facts
from grievance.store import queries, vault
from grievance.store.config_values import receipt_label
from grievance.store.journal import CaseEvent
from grievance.store.models import Allegation, Case, ClassPair, Entry, JournalOpening, Receipt, Referral, Wrap
from grievance.store.receipts import NOT_OPENED, Pepper
from grievance.store.sealing import Label, open_pair, seal, unseal_text, wrap
from grievance.store.vault import CASE_CLASSES, Reader
from grievance.terms import Actor, Lane, Pair, ReferralState, Refused, Role, Sealed
from grievance.vocabulary import DataClass, ReaderKind


def change(session: Session, case: Case, before: Facts, after: Facts, *, actor: Actor, now: datetime) -> None:
    """Takes a case to its lane, keys and columns together. Raises CannotOpen, Refused."""
    if after.lane is before.lane:
        fact.store(session, case, after, actor=actor, now=now)
        if after.lane is Lane.GENERAL:
            _widen(session, case, actor, now)
        return
    if after.lane is Lane.GENERAL:
        _give_back(session, case, after, actor, now)
        return
    _narrow(session, case, after.lane, actor, now)
    fact.store(session, case, after, actor=actor, now=now)
    _blank_what_follows(session, case)
    if after.lane is Lane.SEXUAL_VIOLENCE:
        _nothing_waits_for_the_clock(session, case, actor, now)


def _widen(session: Session, case: Case, actor: Actor, now: datetime) -> None:
    """Everybody at the desk may read it: the desk key gets a wrap of each class. Raises CannotOpen."""
    key = queries.key_of(session, case.desk_id, ReaderKind.DESK)
    held = select(Wrap.id).where(Wrap.case_id == case.id, Wrap.reader == ReaderKind.DESK)
    if key is None or session.scalar(held.where(Wrap.organisation_id == case.desk_id).limit(1)):
        return
    for data_class in CASE_CLASSES:
        row = vault.pair_row(session, case.id, data_class)
        pair = vault.open_row(session, actor, row)
        vault.add_wrap(session, row, pair, Reader(ReaderKind.DESK, key.public_key, case.desk_id))
    moves.line(session, case, CaseEvent.WIDENED, actor=actor, now=now)


def _give_back(session: Session, case: Case, after: Facts, actor: Actor, now: datetime) -> None:
    """A case was restricted by mistake: a lead lets both desks' triage keys, and the desk, read it again."""
    if actor.role is not Role.CASE_LEAD:
        raise Refused("stays_restricted")
    for reader in readers.of_desks(session, (case.desk_id, case.backup_id), Lane.GENERAL):
        for data_class in CASE_CLASSES:
            row = vault.pair_row(session, case.id, data_class)
            vault.add_wrap(session, row, vault.open_row(session, actor, row), reader)
    fact.store(session, case, after, actor=actor, now=now)
    _widen(session, case, actor, now)


def _narrow(session: Session, case: Case, lane: Lane, actor: Actor, now: datetime) -> None:
    """New pairs, wrapped to the lane's keys alone; all sealed anew under them; the old wraps deleted."""
    if not readers.holds_lane(session, case.desk_id, lane):
        raise Refused("lane_without_keys")
    lane_readers = readers.of_desks(session, (case.desk_id, case.backup_id), lane)
    old_wraps = list(session.scalars(select(Wrap.id).where(Wrap.case_id == case.id, _of_classes())))
    commitments = []
    for data_class in CASE_CLASSES:
        old_row = vault.pair_row(session, case.id, data_class)
        old = vault.open_row(session, actor, old_row)
        new_row, new = vault.make_pair(
            session, case.id, data_class, lane_readers, version=old_row.version + 1
        )
        commitments += _seal_anew(session, old_row, old, new_row)
        commitments += evidence_seen.follow_pair(session, old_row, actor, new_row)
        if data_class is DataClass.NOTES:
            _referrals_follow(session, case, old_row, old, new_row)
        if data_class is DataClass.THREAD:
            _receipts_follow(session, case, new)
    session.execute(delete(Wrap).where(Wrap.id.in_(old_wraps)))
    commitment = hashlib.sha256(b"".join(commitments)).digest()
    moves.line(session, case, CaseEvent.NARROWED, actor=actor, now=now, commitment=commitment)


def _of_classes() -> ColumnElement[bool]:
    return Wrap.pair_id.in_(select(ClassPair.id).where(ClassPair.data_class != DataClass.SUMMARY))


def _seal_anew(session: Session, old_row: ClassPair, old: Pair, new_row: ClassPair) -> list[bytes]:
    entries = session.scalars(select(Entry).where(Entry.pair_id == old_row.id).order_by(Entry.id)).all()
    for entry in entries:
        kept = Sealed(entry.sealed_key, entry.sealed_body, entry.sealed_version)
        text = unseal_text(kept, old, _label(entry, kept.version))
        sealed = seal(text, new_row.public_key, _label(entry, new_row.version))
        entry.pair_id, entry.sealed_version = new_row.id, sealed.version
        entry.sealed_key, entry.sealed_body = sealed.key, sealed.body
    return [vault.entry_commitment(entry) for entry in entries]


def _label(entry: Entry, version: int) -> Label:
    return Label("entry", "sealed_body", entry.id, entry.case_id, version)


def _referrals_follow(
    session: Session, case: Case, old_row: ClassPair, old: Pair, new_row: ClassPair
) -> None:
    """Whoever opens the notes opens the referrals: their pairs are wrapped to the new notes pair."""
    query = select(Wrap, ClassPair).join(ClassPair, ClassPair.id == Wrap.pair_id)
    query = query.where(Wrap.case_id == case.id, Wrap.reader_public == old_row.public_key)
    for held, row in session.execute(query).all():
        pair = open_pair(held.wrapped, row.public_key, old)
        vault.add_wrap(session, row, pair, Reader(ReaderKind.NOTES_PAIR, new_row.public_key))
        session.delete(held)


def _receipts_follow(session: Session, case: Case, new: Pair) -> None:
    """The complainant's own way back opens the new thread too; only the pepper shows to which key."""
    pepper = Pepper(current_app.config["SETTINGS"].pepper)
    for row in session.scalars(select(Receipt).where(Receipt.case_id == case.id)).all():
        public = pepper.reveal(row.public_hidden, receipt_label("public_hidden", row.id, case.id))
        place = receipt_label("wraps_hidden", row.id, case.id)
        if pepper.reveal(row.wraps_hidden, place) == NOT_OPENED:
            continue
        row.wraps_hidden = pepper.hide(wrap(new.private, public), place)


def _blank_what_follows(session: Session, case: Case) -> None:
    """What the clear columns around the case and the journal's openings still told."""
    openings = JournalOpening.case_id == case.id
    if session.scalar(select(JournalOpening.seq).where(openings).limit(1)) is not None:
        session.execute(delete(JournalOpening).where(openings))
    session.execute(update(Referral).where(Referral.case_id == case.id).values(site_id=None))
    session.execute(update(Allegation).where(Allegation.case_id == case.id).values(harm=None, actor=None))


def _nothing_waits_for_the_clock(session: Session, case: Case, actor: Actor, now: datetime) -> None:
    """What was prepared before it was known what this is: no clock takes it out of the desks any more."""
    waits = select(Referral).where(Referral.case_id == case.id, Referral.state == ReferralState.PREPARED)
    for referral in session.scalars(waits.order_by(Referral.id).with_for_update()).all():
        stop_referral(session, referral, actor=actor, now=now)
