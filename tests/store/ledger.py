"""How are heads made by their written form, without a line of the code that makes them?"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.store import heads, journal
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.heads import Anchor
from grievance.store.journal import CaseEvent
from grievance.store.models import JournalAnchor, JournalHour, JournalLeaf, JournalLine
from grievance.store.session import transaction

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 3, 9, 0, 0, 250_001, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), date(2026, 3, 3)
FIRST, SECOND = UUID(int=1), UUID(int=2)
KEYS = ((1, bytes(range(32))),)


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def lines(session: Session, chain: UUID, number: int) -> None:
    """So many lines more in a chain, by the database's own function."""
    for _ in range(number):
        journal.append(
            session, chain=chain, subject=chain, actor=SWEEP_ACTOR, move=CaseEvent.STEP_TAKEN, now=NOW
        )


def happened(chain: UUID, number: int = 1) -> None:
    """The same, committed by the sweep itself."""
    with transaction(SWEEP_ACTOR) as session:
        lines(session, chain, number)


def cover(session: Session, number: int, previous: bytes, under: dict[UUID, tuple[int, int]]) -> bytes:
    """A head over these lines of one or two chains, by the form that a proof describes. Gives its hash."""
    leaves, values = [], []
    for chain, (first, last) in under.items():
        found = [line.hash for line in session.scalars(
            select(JournalLine).where(JournalLine.chain == chain, JournalLine.seq.between(first, last))
            .order_by(JournalLine.seq)
        )]  # fmt: skip
        level = [sha(b"\x00", one) for one in found]
        root = level[0] if len(level) == 1 else sha(b"\x01", *level)
        salt = bytes([number]) * 16
        values.append(sha(b"\x00", sha(salt, root)))
        leaves.append(JournalLeaf(chain=chain, first_seq=first, last_seq=last, number=number,
                                  hashes=b"".join(found), salt=salt, path=b""))  # fmt: skip
    if len(leaves) == 2:
        leaves[0].path, leaves[1].path = b"R" + values[1], b"L" + values[0]
    root, at = (values[0] if len(values) == 1 else sha(b"\x01", *values)), NOW + number * HOUR
    digest = sha(
        previous,
        f"head-1\x1f{number}\x1f{(at - EPOCH) // timedelta(microseconds=1)}\x1f{root.hex()}".encode(),
    )
    session.add(JournalHour(number=number, slot=at, at=at, root=root, previous=previous, hash=digest))
    session.add_all(leaves)
    session.flush()
    return digest


def anchored(session: Session, number: int, digest: bytes) -> Anchor:
    made = heads.signed(DAY + timedelta(days=number), number, NOW + number * HOUR, digest, KEYS)
    session.add(
        JournalAnchor(
            day=made.day, number=number, at=made.at, hash=made.hash, key_version=2,
            public_key=made.public_key, signature=made.signature,
        )
    )  # fmt: skip
    session.flush()
    return made


def two_hours(session: Session) -> tuple[Anchor, Anchor]:
    """Two chains under two heads, each with its anchor, and one line more that no head covers."""
    lines(session, FIRST, 2)
    lines(session, SECOND, 1)
    first = cover(session, 1, bytes(32), {FIRST: (1, 2), SECOND: (1, 1)})
    lines(session, FIRST, 2)
    second = cover(session, 2, first, {FIRST: (3, 4)})
    lines(session, SECOND, 1)
    return anchored(session, 1, first), anchored(session, 2, second)
