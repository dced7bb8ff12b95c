"""Whose key opens what? The pairs of a case, their wraps, and the sealed rows under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.rules.access import reads
from grievance.store.models import Case, ClassPair, Entry, Referral, ReferralMessage, Wrap
from grievance.store.sealing import Label, commitment, new_pair, open_pair, seal, unseal_text, wrap
from grievance.terms import Actor, Altered, CannotOpen, NotFound, Pair, Sealed
from grievance.vocabulary import DataClass, EntryKind, MessageKind, ReaderKind

CASE_CLASSES = (DataClass.IDENTITY, DataClass.THREAD, DataClass.EVIDENCE, DataClass.NOTES)
# What a back-up may open once it stands in for the desk.
EVERYTHING = [kind.value for kind in CASE_CLASSES]

LANES = frozenset({ReaderKind.LANE_SEXUAL_VIOLENCE, ReaderKind.LANE_CHILD})
# Identity and notes never go to an overseer, on whatever path.
READ_BY = {ReaderKind.OVERSEER: (DataClass.THREAD, DataClass.EVIDENCE)}


# What one report said has one instant for all its lines; they are read in this order, and before the rest.
TOLD_FIRST = (EntryKind.STORY, EntryKind.PLACE, EntryKind.CLUES, EntryKind.REMEDY_WISHED)


@dataclass(frozen=True)
class Reader:
    """Somebody a pair is wrapped to: an organisation's public key of one kind, or the case's notes pair."""

    kind: ReaderKind
    public: bytes
    organisation_id: UUID | None = None


@dataclass(frozen=True)
class EntryRead:
    """One opened line of a case."""

    id: UUID
    kind: EntryKind
    author: str
    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True)
class MessageRead:
    """One opened line of a referral."""

    id: UUID
    kind: MessageKind
    from_company: bool
    author: str
    at: datetime
    text: str = field(repr=False)


def make_pair(
    session: Session, case_id: UUID, data_class: DataClass, readers: Iterable[Reader], *,
    referral_id: UUID | None = None, version: int = 1,
) -> tuple[ClassPair, Pair]:  # fmt: skip
    """A new pair for one class, wrapped to each reader. The private half is forgotten with the request."""
    pair = new_pair()
    row = ClassPair(
        id=uuid4(), case_id=case_id, referral_id=referral_id, data_class=data_class, version=version,
        public_key=pair.public,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for reader in readers:
        add_wrap(session, row, pair, reader)
    return row, pair


def add_wrap(session: Session, row: ClassPair, pair: Pair, reader: Reader) -> None:
    """Lets one more reader open a pair. Of a lane's wrap nothing in clear tells which lane it is."""
    in_lane = reader.kind in LANES
    session.add(
        Wrap(
            id=uuid4(), pair_id=row.id, case_id=row.case_id,
            reader=ReaderKind.LANE if in_lane else reader.kind, organisation_id=reader.organisation_id,
            reader_public=b"" if in_lane else reader.public,
            wrapped=wrap(pair.private, reader.public),
        )
    )  # fmt: skip


def make_case_pairs(
    session: Session, case_id: UUID, readers: Iterable[Reader]
) -> dict[DataClass, tuple[ClassPair, Pair]]:
    """The four pairs of a new case, each wrapped to every reader who may ever read that class."""
    kept = tuple(readers)
    return {
        kind: make_pair(
            session, case_id, kind, [r for r in kept if kind in READ_BY.get(r.kind, CASE_CLASSES)]
        )
        for kind in CASE_CLASSES
    }


def pair_row(
    session: Session, case_id: UUID, data_class: DataClass, referral_id: UUID | None = None
) -> ClassPair:
    """The newest pair of a class. Raises NotFound."""
    query = (
        select(ClassPair)
        .where(
            ClassPair.case_id == case_id,
            ClassPair.data_class == data_class,
            ClassPair.referral_id.is_(None) if referral_id is None else ClassPair.referral_id == referral_id,
        )
        .order_by(ClassPair.version.desc())
        .limit(1)
    )
    row = session.scalar(query)
    if row is None:
        raise NotFound
    return row


def open_row(session: Session, actor: Actor, row: ClassPair) -> Pair:
    """The private half of a pair: the actor's own, or from a wrap to one of their keys.

    Whatever keys they hold, nobody opens a class that their role reads in no relation at all. Raises
    CannotOpen, and Altered when they hold a key that should open it.
    """
    if DataClass(row.data_class) not in reads(actor.role):
        raise CannotOpen
    if row.public_key in actor.keys:
        return Pair(row.public_key, actor.keys[row.public_key])
    altered = False
    for held in session.scalars(select(Wrap).where(Wrap.pair_id == row.id)):
        for reader in _readers(held, actor):
            try:
                return open_pair(held.wrapped, row.public_key, reader)
            except CannotOpen:
                altered = altered or held.reader is not ReaderKind.LANE
    if row.data_class == DataClass.SUMMARY and not altered:
        return _open_through_notes(session, actor, row)
    raise Altered if altered else CannotOpen


def _readers(held: Wrap, actor: Actor) -> list[Pair]:
    """The actor's keys that a wrap may be for: the one it names, or, of a lane's wrap, each of them."""
    named = actor.keys if held.reader is ReaderKind.LANE else {held.reader_public}
    return [Pair(public, actor.keys[public]) for public in named if public in actor.keys]


def _open_through_notes(session: Session, actor: Actor, row: ClassPair) -> Pair:
    """Whoever opens a case's notes opens its referrals: their pairs are wrapped to the notes pair."""
    for held in session.scalars(
        select(Wrap).where(Wrap.pair_id == row.id, Wrap.reader == ReaderKind.NOTES_PAIR)
    ):
        notes = session.scalar(select(ClassPair).where(ClassPair.public_key == held.reader_public))
        if notes is not None:
            return open_pair(held.wrapped, row.public_key, open_row(session, actor, notes))
    raise CannotOpen


def write_entry(
    session: Session, case: Case, data_class: DataClass, kind: EntryKind, text: str, *, actor: Actor,
    now: datetime, pair: ClassPair | None = None,
) -> Entry:  # fmt: skip
    """Seals one line to a class of a case; anyone who may write may seal, no key is needed."""
    row = pair or pair_row(session, case.id, data_class)
    entry_id = uuid4()
    sealed = seal(text, row.public_key, _entry_label(entry_id, case.id, row.version))
    entry = Entry(
        id=entry_id, case_id=case.id, pair_id=row.id, data_class=data_class, kind=kind, author=actor.name,
        at=now, sealed_key=sealed.key, sealed_body=sealed.body, sealed_version=sealed.version,
    )  # fmt: skip
    session.add(entry)
    return entry


def entry_commitment(entry: Entry | ReferralMessage) -> bytes:
    """The sha256 of a sealed line, for the journal."""
    return commitment(Sealed(entry.sealed_key, entry.sealed_body, entry.sealed_version))


def read_entries(
    session: Session, actor: Actor, case_id: UUID, kinds: frozenset[EntryKind] | None = None
) -> list[EntryRead]:
    """The lines of a case that this actor can open, oldest first; what no key opens is left out."""
    query = select(Entry).where(Entry.case_id == case_id).order_by(Entry.at, Entry.id)
    if kinds is not None:
        query = query.where(Entry.kind.in_(kinds))
    opened: dict[UUID, Pair | None] = {}
    lines = []
    for entry in session.scalars(query):
        pair = _opened(session, actor, entry.pair_id, opened)
        if pair is not None:
            label = _entry_label(entry.id, case_id, entry.sealed_version)
            sealed = Sealed(entry.sealed_key, entry.sealed_body, entry.sealed_version)
            with what_should_open():
                text = unseal_text(sealed, pair, label)
            lines.append(EntryRead(entry.id, entry.kind, entry.author, entry.at, text))
    return sorted(lines, key=lambda line: (line.at, _place(line.kind)))


def _place(kind: EntryKind) -> int:
    return TOLD_FIRST.index(kind) if kind in TOLD_FIRST else len(TOLD_FIRST)


def write_message(
    session: Session, referral: Referral, kind: MessageKind, text: str, *, from_company: bool, actor: Actor,
    now: datetime,
) -> ReferralMessage:  # fmt: skip
    """Seals one line to a referral's own pair."""
    row = pair_row(session, referral.case_id, DataClass.SUMMARY, referral.id)
    message_id = uuid4()
    label = _message_label(message_id, referral.id, row.version)
    sealed = seal(text, row.public_key, label)
    message = ReferralMessage(
        id=message_id, referral_id=referral.id, pair_id=row.id, kind=kind, from_company=from_company,
        author=actor.name, at=now, sealed_key=sealed.key, sealed_body=sealed.body,
        sealed_version=sealed.version,
    )  # fmt: skip
    session.add(message)
    return message


def read_messages(session: Session, actor: Actor, referral_id: UUID) -> list[MessageRead]:
    """The lines of a referral, oldest first. Raises CannotOpen when the actor has no key for it."""
    query = (
        select(ReferralMessage)
        .where(ReferralMessage.referral_id == referral_id)
        .order_by(ReferralMessage.at, ReferralMessage.id)
    )
    opened: dict[UUID, Pair | None] = {}
    lines = []
    for message in session.scalars(query):
        pair = _opened(session, actor, message.pair_id, opened)
        if pair is None:
            raise CannotOpen
        sealed = Sealed(message.sealed_key, message.sealed_body, message.sealed_version)
        with what_should_open():
            text = unseal_text(sealed, pair, _message_label(message.id, referral_id, message.sealed_version))
        lines.append(
            MessageRead(message.id, message.kind, message.from_company, message.author, message.at, text)
        )
    return lines


def _opened(session: Session, actor: Actor, pair_id: UUID, opened: dict[UUID, Pair | None]) -> Pair | None:
    if pair_id not in opened:
        row = session.get(ClassPair, pair_id)
        try:
            opened[pair_id] = None if row is None else open_row(session, actor, row)
        except Altered:
            raise
        except CannotOpen:
            opened[pair_id] = None
    return opened[pair_id]


@contextmanager
def what_should_open() -> Iterator[None]:
    """Whoever holds the key is told that something was altered, not that there is nothing."""
    try:
        yield
    except CannotOpen:
        raise Altered from None


def _entry_label(entry_id: UUID, case_id: UUID, version: int) -> Label:
    return Label("entry", "sealed_body", entry_id, case_id, version)


def _message_label(message_id: UUID, referral_id: UUID, version: int) -> Label:
    # A company knows its referral, never the case: the label of its messages names the referral.
    return Label("referral_message", "sealed_body", message_id, referral_id, version)
