"""What happened, in which order, and has anybody altered it? Hash chains, written by the database alone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from grievance.store.models import JournalHead, JournalLine, JournalOpening
from grievance.terms import Actor

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
NOTHING = bytes(32)
SEPARATOR = "\x1f"


class OrganisationMove(StrEnum):
    """Events of an organisation's chain: administration, keys, sign-ins, readings."""

    ORGANISATION_MADE = "organisation_made"
    MEMBER_INVITED = "member_invited"
    MEMBER_JOINED = "member_joined"
    KEYS_MADE = "keys_made"
    KEY_GRANTED = "key_granted"
    KEY_CONFIRMED = "key_confirmed"
    SITE_MADE = "site_made"
    CONTRACT_MADE = "contract_made"
    COVERAGE_MADE = "coverage_made"
    COVERAGE_CONFIRMED = "coverage_confirmed"
    CHANNEL_MADE = "channel_made"
    CONTACT_MADE = "contact_made"
    DUTY_SET = "duty_set"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    RECOVERY_PRINTED = "recovery_printed"
    KEPT_FROM_QUARANTINE = "kept_from_quarantine"
    SET_ASIDE = "set_aside"
    TAKEN_BACK = "taken_back"
    KEY_CHANGE_STARTED = "key_change_started"
    KEY_CHANGE_AGREED = "key_change_agreed"
    KEY_RETIRED = "key_retired"
    ENVIRONMENT_KEY_CHANGED = "environment_key_changed"


class CaseEvent(StrEnum):
    """Events of a case's chain that are no move of its table."""

    RECEIVED = "received"
    SEALED_TO_DESKS = "sealed_to_desks"
    SHREDDED = "shredded"
    WIDENED = "widened"
    NARROWED = "narrowed"
    OPENED = "opened"
    IDENTITY_ASKED = "identity_asked"
    IDENTITY_AGREED = "identity_agreed"
    IDENTITY_REFUSED = "identity_refused"
    IDENTITY_READ = "identity_read"
    STEP_TAKEN = "step_taken"
    STEP_SKIPPED = "step_skipped"
    CLOCK_STARTED = "clock_started"
    CLOCK_CHANGED = "clock_changed"
    TASK_DONE = "task_done"
    RECEIPT_GIVEN = "receipt_given"
    RECEIPT_USED = "receipt_used"
    WAY_OPENED = "way_opened"
    WORD_CHOSEN = "word_chosen"
    WORD_WRONG = "word_wrong"
    EXPORTED = "exported"
    FILE_ADDED = "file_added"
    FILE_OPENED = "file_opened"


@dataclass(frozen=True)
class Fault:
    """The first line of a chain that does not hold, and what is wrong with it; a head's has no chain."""

    chain: UUID | None
    seq: int
    what: str


def append(
    session: Session,
    *,
    chain: UUID,
    subject: UUID,
    actor: Actor,
    move: StrEnum,
    now: datetime,
    from_state: str = "",
    to_state: str = "",
    commitment: bytes = NOTHING,
) -> int:
    """Adds one line to a chain and gives its number. The row it tells of is flushed first.

    `commitment` is a sha256 (32 bytes): of a ciphertext, or of salt and value with `opening`.
    """
    session.flush()
    call = func.journal_append(chain, subject, now, actor.name, move.value, from_state, to_state, commitment)
    return int(session.execute(select(call)).scalar_one())


def append_with_opening(
    session: Session, value: str, *, case_id: UUID | None, chain: UUID, subject: UUID, actor: Actor,
    move: StrEnum, now: datetime,
) -> int:  # fmt: skip
    """Adds a line that commits to `value`; salt and value go to the deletable table of openings."""
    salt = os.urandom(16)
    commitment = hashlib.sha256(salt + value.encode()).digest()
    seq = append(
        session, chain=chain, subject=subject, actor=actor, move=move, now=now, commitment=commitment
    )
    session.add(JournalOpening(chain=chain, seq=seq, case_id=case_id, salt=salt, value=value))
    return seq


def canonical(line: Row[tuple[JournalLine]] | JournalLine) -> bytes:
    """The bytes that a line's hash covers, as the database function wrote them."""
    parts = (
        "line-1",
        str(line.chain),
        str(line.seq),
        str((line.at - EPOCH) // timedelta(microseconds=1)),
        line.actor,
        line.move,
        str(line.subject),
        line.from_state,
        line.to_state,
        line.commitment.hex(),
    )
    return SEPARATOR.join(parts).encode()


def verify(session: Session) -> Iterator[Fault]:
    """Recomputes every chain and yields the first fault of each; no chains at all is a fault too.

    The session must work under the `journal` role, which alone sees every chain.
    """
    heads = {head.chain: head for head in session.scalars(select(JournalHead))}
    if not heads:
        yield Fault(UUID(int=0), 0, "no_chains")
    chains = set(heads) | set(session.scalars(select(JournalLine.chain).distinct()))
    for chain in sorted(chains):
        fault = _verify_chain(session, chain, heads.get(chain))
        if fault:
            yield fault
    yield from _false_openings(session)


def _verify_chain(session: Session, chain: UUID, head: JournalHead | None) -> Fault | None:
    previous, seq = NOTHING, 0
    lines = select(JournalLine).where(JournalLine.chain == chain).order_by(JournalLine.seq)
    for line in session.scalars(lines):
        what = _fault_of(line, seq + 1, previous)
        if what:
            return Fault(chain, line.seq, what)
        previous, seq = line.hash, line.seq
    if head is None or head.seq != seq or head.hash != previous:
        return Fault(chain, seq, "head_differs")
    return None


def _false_openings(session: Session) -> Iterator[Fault]:
    """Values that are not what their line committed to. That an opening is gone is no fault: it may go."""
    line = (JournalLine.chain == JournalOpening.chain) & (JournalLine.seq == JournalOpening.seq)
    query = select(JournalOpening, JournalLine.commitment).outerjoin(JournalLine, line)
    for opening, commitment in session.execute(query.order_by(JournalOpening.chain, JournalOpening.seq)):
        if hashlib.sha256(opening.salt + opening.value.encode()).digest() != commitment:
            yield Fault(opening.chain, opening.seq, "opening_differs")


def _fault_of(line: JournalLine, expected_seq: int, previous: bytes) -> str | None:
    if line.seq != expected_seq:
        return "line_missing"
    if line.previous != previous:
        return "link_broken"
    if line.hash != hashlib.sha256(previous + canonical(line)).digest():
        return "line_altered"
    return None


def become_journal(session: Session) -> None:
    """Takes the role that sees every chain; the owner alone may."""
    session.execute(text("set local role journal"))
