"""How does a photograph, a recording or a paper come to a case? Looked at, sealed, and written down."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grievance.actions import case_seen, moves, spoken
from grievance.actions.evidence_seen import opened
from grievance.cleaning.kinds import BIG, EMPTY, FIELD, LARGEST, MANY, Clean
from grievance.cleaning.start import looked_at
from grievance.rules import workflow
from grievance.store import files, journal, queries, vault
from grievance.store.files import PIECE, FileLabel, OpenFile
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, Evidence
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CaseAction, InvalidInput, NotFound, Role
from grievance.vocabulary import DataClass, EntryKind

MOST_FILES = 5
LONGEST_NAME = 120


def begin(case_id: UUID, file_id: UUID, name: str, size: int, *, actor: Actor, now: datetime) -> int:
    """A file will come in pieces; gives how many bytes of it are here already. Asked twice it is one file.

    Raises InvalidInput, NotFound.
    """
    _check_size(size)
    try:
        with transaction(actor) as session:
            case = queries.case_by_id(session, case_id, lock=True)
            row = session.get(Evidence, file_id, with_for_update=True)
            if row is not None:
                return size if row.received_at else files.held(session, opened(session, actor, row))
            _check_number(session, case)
            pair = vault.pair_row(session, case.id, DataClass.THREAD)
            files.begin(session, file_id, pair, FileLabel(_short(name), size), author=actor.name, now=now)
            return 0
    except IntegrityError:
        raise NotFound from None  # somebody else's file has this name: the same answer as for none


def take(case_id: UUID, file_id: UUID, at: int, data: bytes, *, actor: Actor) -> int:
    """One piece more; gives how many bytes are here now. A piece that is here already changes nothing.

    Raises InvalidInput, NotFound.
    """
    with transaction(actor) as session:
        file = _unfinished(session, actor, case_id, file_id)
        if file is None:
            raise NotFound
        held = files.held(session, file)
        if at != held or held == file.label.size:
            return held
        if len(data) != min(PIECE, file.label.size - held):
            return held  # cut on its way: it is asked for again
        files.put(session, file, data, number=held // PIECE)
        return held + len(data)


def end(case_id: UUID, file_id: UUID, *, actor: Actor, now: datetime) -> bool:
    """All pieces are here: the file is looked at and kept. False: some are missing. Raises InvalidInput.

    What is refused is forgotten. No transaction is open while the file is looked at.
    """
    with transaction(actor) as session:
        file = _unfinished(session, actor, case_id, file_id)
        if file is None:
            return True
        if files.held(session, file) != file.label.size:
            return False
        data = files.read_whole(session, file)
    try:
        clean = looked_at(data, file.label.name)
    except InvalidInput as refusal:
        if refusal.reason != "file_busy":
            _forget(case_id, file_id, actor)
        raise
    _keep_unfinished(case_id, file_id, data, clean, actor=actor, now=now)
    return True


def add(case_id: UUID, name: str, data: bytes, *, actor: Actor, now: datetime) -> None:
    """A complainant's file that came as one. Raises InvalidInput."""
    _check_size(len(data))
    with transaction(actor) as session:
        _check_number(session, queries.case_by_id(session, case_id))
    clean = looked_at(data, name)
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        workflow.next_case_state(case.state, CaseAction.ADD, actor.role)
        _check_number(session, case)
        file = _written(session, case, name, data, actor, now)
        _keep(session, case, file, data, clean, actor=actor, now=now)


def add_at_desk(code: str, name: str, data: bytes, *, actor: Actor, now: datetime) -> None:
    """A file that a case worker was given. Raises InvalidInput, NotFound, Refused, MoveNotAllowed."""
    _check_size(len(data))
    clean = looked_at(data, name)
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        case_seen.check_opened(session, case, actor)
        moves.allow(case, CaseAction.NOTE, actor)
        file = _written(session, case, name, data, actor, now)
        _keep(session, case, file, data, clean, actor=actor, now=now)


def _unfinished(session: Session, actor: Actor, case_id: UUID, file_id: UUID) -> OpenFile | None:
    """A file that is still coming, locked; None when it is kept already. Raises NotFound."""
    row = session.get(Evidence, file_id, with_for_update=True)
    if row is None or row.case_id != case_id:
        raise NotFound
    return None if row.received_at else opened(session, actor, row)


def _written(
    session: Session, case: Case, name: str, data: bytes, actor: Actor, now: datetime
) -> OpenFile:
    pair = vault.pair_row(session, case.id, DataClass.EVIDENCE)
    label = FileLabel(_short(name), len(data))
    file = files.begin(session, uuid4(), pair, label, author=actor.name, now=now)
    files.put(session, file, data)
    return file


def _keep_unfinished(
    case_id: UUID, file_id: UUID, data: bytes, clean: Clean, *, actor: Actor, now: datetime
) -> None:
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        file = _unfinished(session, actor, case_id, file_id)
        if file is not None:  # the same end, asked twice, keeps one file
            _check_number(session, case)
            _keep(session, case, file, data, clean, actor=actor, now=now)


def _keep(
    session: Session, case: Case, file: OpenFile, data: bytes, clean: Clean, *, actor: Actor, now: datetime
) -> None:
    """The original, the copy, their label under the evidence's key; the original's sha256 in the journal."""
    digest = hashlib.sha256(data)
    label = replace(
        file.label, kind=clean.kind, mime=clean.mime, sha256=digest.hexdigest(), copy_mime=clean.copy_mime,
        copy_size=len(clean.copy),
    )  # fmt: skip
    files.put(session, file, clean.copy, is_copy=True)
    files.finish(file, vault.pair_row(session, case.id, DataClass.EVIDENCE), label, now)
    journal.append(
        session, chain=case.id, subject=file.row.id, actor=actor, move=CaseEvent.FILE_ADDED, now=now,
        commitment=digest.digest(),
    )  # fmt: skip
    if actor.role is Role.COMPLAINANT:
        told = json.dumps({"kind": clean.kind, "name": label.name, "size": label.size})
        entry = vault.write_entry(
            session, case, DataClass.THREAD, EntryKind.FILE, told, actor=actor, now=now
        )
        spoken.tell_desk(session, case, entry.id, now=now)


@once_more
def _forget(case_id: UUID, file_id: UUID, actor: Actor) -> None:
    with transaction(actor) as session:
        row = session.get(Evidence, file_id, with_for_update=True)
        if row is not None and row.case_id == case_id and row.received_at is None:
            session.delete(row)


def _check_size(size: int) -> None:
    if size > LARGEST:
        raise InvalidInput(FIELD, BIG)
    if size < 1:
        raise InvalidInput(FIELD, EMPTY)


def _check_number(session: Session, case: Case) -> None:
    """Five files from one complainant. Raises InvalidInput."""
    theirs = Evidence.author == Role.COMPLAINANT.value
    query = select(func.count()).where(
        Evidence.case_id == case.id, Evidence.received_at.is_not(None), theirs
    )
    if int(session.scalar(query) or 0) >= MOST_FILES:
        raise InvalidInput(FIELD, MANY)


def _short(name: str) -> str:
    """A name without folders and signs that no line can hold, as far as it is worth keeping."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if sign.isprintable())
    return plain.strip()[-LONGEST_NAME:]
