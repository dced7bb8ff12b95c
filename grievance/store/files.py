"""Where are the bytes of a file? In sealed pieces, each bound to its place; this module alone touches them.

They stand in the database: a file is committed with the case that it belongs to, and a backup holds both as
they were at one instant. A store of objects elsewhere would take the place of `put`, `read` and `held`.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grievance.store.models import ClassPair, Evidence, EvidencePiece
from grievance.store.sealing import KEY_BYTES, Label, lock, pad, read, unlock, unpad, unwrap, wrap
from grievance.terms import CannotOpen, Pair
from grievance.vocabulary import FileKind

# With the byte that ends its padding, a full piece is 64 KiB: ten seconds on a network of 50 kbit/s.
PIECE = 4 * 16_384 - 1


@dataclass(frozen=True)
class FileLabel:
    """What a file is: its name as it came and its size in bytes; once it is whole, all the rest."""

    name: str = field(repr=False)
    size: int
    kind: FileKind | None = None
    mime: str = ""
    sha256: str = ""
    copy_mime: str = ""
    copy_size: int = 0


@dataclass(frozen=True)
class OpenFile:
    """A row with its opened key, for one request."""

    row: Evidence
    key: bytes = field(repr=False)
    label: FileLabel


def begin(
    session: Session, file_id: UUID, pair: ClassPair, label: FileLabel, *, author: str, now: datetime
) -> OpenFile:
    """A new file whose key is sealed to this pair; nothing of it has come yet."""
    key = os.urandom(KEY_BYTES)
    row = Evidence(
        id=file_id, case_id=pair.case_id, pair_id=pair.id, author=author, begun_at=now,
        sealed_key=wrap(key, pair.public_key), sealed_label=b"",
    )  # fmt: skip
    row.sealed_label = _lock_label(row, key, label)
    session.add(row)
    session.flush()
    return OpenFile(row, key, label)


def opened(row: Evidence, pair: Pair) -> OpenFile:
    """A file, with the pair that its key is sealed to. Raises CannotOpen."""
    key = unwrap(row.sealed_key, pair)
    told = json.loads(read(unpad(unlock(key, row.sealed_label, _label(row, "sealed_label")))))
    kind = FileKind(told["kind"]) if told["kind"] else None
    return OpenFile(row, key, FileLabel(**{**told, "kind": kind}))


def finish(file: OpenFile, pair: ClassPair, label: FileLabel, now: datetime) -> None:
    """The file is whole: its key goes to the evidence's pair, and its label says all."""
    file.row.sealed_label = _lock_label(file.row, file.key, label)
    seal_to(file, pair)
    file.row.received_at = now


def seal_to(file: OpenFile, pair: ClassPair) -> None:
    """Whoever opens this pair opens the file from now on, and nobody else."""
    file.row.pair_id, file.row.sealed_key = pair.id, wrap(file.key, pair.public_key)


def put(session: Session, file: OpenFile, data: bytes, *, number: int = 0, is_copy: bool = False) -> None:
    """Seals bytes as the pieces from `number` on; only the last of a file may be shorter than the others."""
    for at in range(0, len(data), PIECE):
        place = _place(file.row, is_copy, number)
        session.add(
            EvidencePiece(
                id=uuid4(), evidence_id=file.row.id, is_copy=is_copy, number=number, case_id=file.row.case_id,
                sealed=lock(file.key, pad(data[at : at + PIECE]), place),
            )
        )  # fmt: skip
        number += 1
        session.flush()


def held(session: Session, file: OpenFile) -> int:
    """How many bytes have come: all pieces but the last are full."""
    came = EvidencePiece.evidence_id == file.row.id, EvidencePiece.is_copy.is_(False)
    pieces = session.scalar(select(func.count()).where(*came))
    return min(int(pieces or 0) * PIECE, file.label.size)


def read_whole(session: Session, file: OpenFile, *, is_copy: bool = False) -> bytes:
    """The bytes, whole and in their order. Raises CannotOpen when a piece is missing, moved or altered."""
    query = (
        select(EvidencePiece)
        .where(EvidencePiece.evidence_id == file.row.id, EvidencePiece.is_copy.is_(is_copy))
        .order_by(EvidencePiece.number)
    )
    pieces = session.scalars(query).all()
    if [piece.number for piece in pieces] != list(range(len(pieces))):
        raise CannotOpen
    data = b"".join(open_piece(file, piece) for piece in pieces)
    if len(data) != (file.label.copy_size if is_copy else file.label.size):
        raise CannotOpen
    if file.label.sha256 and not is_copy and hashlib.sha256(data).hexdigest() != file.label.sha256:
        raise CannotOpen
    return data


def open_piece(file: OpenFile, piece: EvidencePiece) -> bytes:
    """The bytes of one piece of this file. Raises CannotOpen."""
    return unpad(unlock(file.key, piece.sealed, _place(file.row, piece.is_copy, piece.number)))


def _lock_label(row: Evidence, key: bytes, label: FileLabel) -> bytes:
    return lock(key, pad(json.dumps(asdict(label)).encode()), _label(row, "sealed_label"))


def _label(row: Evidence, column: str) -> bytes:
    return Label("evidence", column, row.id, row.case_id).canonical()


def _place(row: Evidence, is_copy: bool, number: int) -> bytes:
    column = "copy" if is_copy else "original"
    return Label("evidence_piece", column, row.id, row.case_id).canonical() + number.to_bytes(4)
