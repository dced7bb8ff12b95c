"""Which files has a case, and who opens them? Each look leaves a line; clean copies alone go further."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import case_seen
from grievance.store import files, journal, queries, vault
from grievance.store.files import OpenFile
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, ClassPair, Evidence
from grievance.store.session import transaction
from grievance.terms import Actor, CannotOpen, NotFound, Role
from grievance.vocabulary import EntryKind, FileKind


@dataclass(frozen=True)
class FileSeen:
    """One file of a case, as a list shows it. `ours`: a desk added it."""

    id: UUID
    kind: FileKind
    size: int
    at: datetime
    ours: bool
    name: str = field(repr=False)
    sha256: str = ""


@dataclass(frozen=True)
class FileRead:
    """An opened file: its bytes, their type, and the name to keep it under."""

    mime: str
    kind: FileKind
    name: str = field(repr=False)
    data: bytes = field(repr=False)


def own(case_id: UUID, *, actor: Actor) -> tuple[FileSeen, ...]:
    """What a complainant has sent, from the lines of their own thread: the files themselves stay shut."""
    with transaction(actor) as session:
        lines = vault.read_entries(session, actor, case_id, frozenset({EntryKind.FILE}))
    return tuple(file_of_line(line.id, line.at, line.text) for line in lines)


def file_of_line(entry_id: UUID, at: datetime, text: str) -> FileSeen:
    """What a line of a thread says of a file."""
    told = json.loads(text)
    return FileSeen(entry_id, FileKind(told["kind"]), told["size"], at, False, told["name"])


def of_case(code: str, *, actor: Actor) -> tuple[FileSeen, ...]:
    """The files of a case that this member may open, oldest first; none before "I know nobody" was said."""
    with transaction(actor) as session:
        case = queries.case_by_code(session, code)
        return tuple(_seen(session, actor, case))


def read(code: str, file_id: UUID, *, original: bool, actor: Actor, now: datetime) -> FileRead:
    """One file, or its clean copy. Every opening leaves a line. Raises NotFound, CannotOpen, Refused."""
    with transaction(actor) as session:
        case = queries.case_by_code(session, code)
        if actor.role is not Role.OVERSEER:
            case_seen.check_opened(session, case, actor)
        row = session.get(Evidence, file_id)
        if row is None or row.case_id != case.id or row.received_at is None:
            raise NotFound
        file = opened(session, actor, row)
        if original and actor.role is Role.OVERSEER:
            raise NotFound  # beyond the desk a file goes without its traces
        with vault.what_should_open():
            data = files.read_whole(session, file, is_copy=not original)
        journal.append(
            session, chain=case.id, subject=row.id, actor=actor, move=CaseEvent.FILE_OPENED, now=now
        )
        label = file.label
    mime = label.mime if original else label.copy_mime
    return FileRead(mime, label.kind or FileKind.DOCUMENT, label.name, data)


def follow_pair(session: Session, old_row: ClassPair, actor: Actor, new_row: ClassPair) -> list[bytes]:
    """A case got new keys: the keys of its files are sealed to the new pair. Gives the journal's hashes."""
    rows = session.scalars(select(Evidence).where(Evidence.pair_id == old_row.id).order_by(Evidence.id)).all()
    for row in rows:
        files.seal_to(opened(session, actor, row), new_row)
    return [hashlib.sha256(row.sealed_key + row.sealed_label).digest() for row in rows]


def _seen(session: Session, actor: Actor, case: Case) -> Iterable[FileSeen]:
    query = select(Evidence).where(Evidence.case_id == case.id, Evidence.received_at.is_not(None))
    for row in session.scalars(query.order_by(Evidence.received_at, Evidence.id)):
        try:
            label = opened(session, actor, row).label
        except CannotOpen:
            continue
        kind, at = label.kind or FileKind.DOCUMENT, row.received_at or row.begun_at
        ours = row.author != Role.COMPLAINANT.value
        yield FileSeen(row.id, kind, label.size, at, ours, label.name, label.sha256)


def opened(session: Session, actor: Actor, row: Evidence) -> OpenFile:
    """A file's row with its key, by a key of this actor's. Raises NotFound, CannotOpen, Altered."""
    pair = session.get(ClassPair, row.pair_id)
    if pair is None:
        raise NotFound
    opened_pair = vault.open_row(session, actor, pair)
    with vault.what_should_open():
        return files.opened(row, opened_pair)
