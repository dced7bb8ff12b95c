"""What stands over all chains? Hourly heads and daily anchors; does everything still lead to them?"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from grievance.rules.merkle import HASH_BYTES, Tree, packed, salted
from grievance.store.journal import EPOCH, NOTHING, SEPARATOR, Fault
from grievance.store.models import JournalAnchor, JournalHour, JournalLeaf, JournalLine
from grievance.store.sealing import Versions
from grievance.terms import InvalidInput

FORMAT = "journal-anchor-1"
SEED = b"the seed that signs the journal's anchors\x00"


@dataclass(frozen=True)
class Anchor:
    """The newest head of one day, with the signature that holds us to it."""

    day: date
    number: int
    at: datetime
    hash: bytes
    public_key: bytes
    signature: bytes

    @classmethod
    def of(cls, row: JournalAnchor) -> Anchor:
        """The anchor that a row keeps."""
        return cls(row.day, row.number, row.at, row.hash, row.public_key, row.signature)

    def holds(self) -> bool:
        """Whether the signature is that of the key it names."""
        try:
            VerifyKey(self.public_key).verify(anchor_bytes(self), self.signature)
        except (BadSignatureError, ValueError):
            return False
        return True

    def document(self) -> dict[str, Any]:
        """The anchor as others keep it: hashes and times, nothing else."""
        return {
            "format": FORMAT, "day": self.day.isoformat(), "head": self.number, "at": stamp(self.at),
            "hash": self.hash.hex(), "key": self.public_key.hex(), "signature": self.signature.hex(),
        }  # fmt: skip

    @classmethod
    def from_document(cls, kept: Mapping[str, Any]) -> Anchor:
        """What `document` gave. Raises InvalidInput."""
        try:
            if kept["format"] != FORMAT:
                raise ValueError
            at = EPOCH + timedelta(microseconds=int(kept["at"]))
            hashes = [bytes.fromhex(kept[name]) for name in ("hash", "key", "signature")]
            return cls(date.fromisoformat(kept["day"]), int(kept["head"]), at, *hashes)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise InvalidInput("anchor", "unreadable") from None


def stamp(at: datetime) -> int:
    """An instant as whole microseconds since 1970: one way to write it, everywhere."""
    return (at.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


def head_hash(previous: bytes, number: int, at: datetime, root: bytes) -> bytes:
    """The hash of a head, which stands on the head before."""
    told = SEPARATOR.join(("head-1", str(number), str(stamp(at)), root.hex()))
    return hashlib.sha256(previous + told.encode()).digest()


def anchor_bytes(anchor: Anchor) -> bytes:
    """What is signed."""
    parts = ("anchor-1", anchor.day.isoformat(), str(anchor.number), str(stamp(anchor.at)), anchor.hash.hex())
    return SEPARATOR.join(parts).encode()


def signed(day: date, number: int, at: datetime, digest: bytes, key: Versions) -> Anchor:
    """A fresh anchor under the newest version of the key."""
    # Another use of the same key (names among facts) must give away nothing about this one.
    seed = hmac.new(key[-1][1], SEED, hashlib.sha256).digest()
    signer = SigningKey(seed)
    bare = Anchor(day, number, at, digest, bytes(signer.verify_key), b"")
    return Anchor(day, number, at, digest, bare.public_key, signer.sign(anchor_bytes(bare)).signature)


def hashes_of(leaf: JournalLeaf) -> list[bytes]:
    """The hashes of the lines under a leaf, in their order."""
    kept = leaf.hashes
    return [kept[start : start + HASH_BYTES] for start in range(0, len(kept), HASH_BYTES)]


def leaf_value(leaf: JournalLeaf) -> bytes:
    """What a leaf puts under its head."""
    return salted(leaf.salt, Tree(hashes_of(leaf) or [b""]).root)


def newest(session: Session) -> Anchor | None:
    """The last anchor that was signed."""
    row = session.scalar(select(JournalAnchor).order_by(JournalAnchor.number.desc()).limit(1))
    return Anchor.of(row) if row else None


def verify(session: Session, since: Anchor | None = None) -> Iterator[Fault]:
    """Recomputes heads, leaves and anchors, and compares the lines with what stands under the heads.

    `since` is an anchor that others kept: whatever it covers cannot have been written anew. The session must
    work under the `journal` role. A fault of a head, not of a chain, carries no chain.
    """
    previous, number = NOTHING, 0
    covered: dict[UUID, int] = {}
    anchors = {row.number: Anchor.of(row) for row in session.scalars(select(JournalAnchor))}
    for hour in session.scalars(select(JournalHour).order_by(JournalHour.number)).all():
        number += 1
        if hour.number != number:
            yield Fault(None, number, "head_missing")
            return
        yield from _faults_of_head(session, hour, previous, covered)
        if hour.number in anchors and not _stands(anchors.pop(hour.number), hour):
            yield Fault(None, number, "anchor_altered")
        if since is not None and hour.number == since.number and hour.hash != since.hash:
            yield Fault(None, number, "differs_from_the_anchor")
        previous = hour.hash
    yield from (Fault(None, left, "anchor_without_head") for left in sorted(anchors))
    beyond = select(JournalLeaf.chain, JournalLeaf.first_seq).where(JournalLeaf.number > number)
    yield from (Fault(chain, seq, "leaf_without_head") for chain, seq in session.execute(beyond))
    if since is not None and not (since.holds() and since.number <= number):
        yield Fault(None, since.number, "head_missing" if since.holds() else "anchor_not_signed")


def tail(session: Session, since: Anchor | None) -> int:
    """How many lines are newer than an anchor; without one, than the newest head."""
    lines = session.scalar(select(func.count()).select_from(JournalLine)) or 0
    query = select(func.coalesce(func.sum(JournalLeaf.last_seq - JournalLeaf.first_seq + 1), 0))
    if since is not None:
        query = query.where(JournalLeaf.number <= since.number)
    return int(lines - (session.scalar(query) or 0))


def _stands(anchor: Anchor, hour: JournalHour) -> bool:
    return anchor.holds() and anchor.hash == hour.hash and anchor.at == hour.at


def _faults_of_head(
    session: Session, hour: JournalHour, previous: bytes, covered: dict[UUID, int]
) -> Iterator[Fault]:
    if hour.previous != previous or hour.hash != head_hash(previous, hour.number, hour.at, hour.root):
        yield Fault(None, hour.number, "head_altered")
    query = select(JournalLeaf).where(JournalLeaf.number == hour.number).order_by(JournalLeaf.chain)
    leaves = session.scalars(query).all()
    lines = _lines_under(session, hour.number)
    for leaf in leaves:
        fault = _fault_of_leaf(leaf, lines.get(leaf.chain, {}), covered.get(leaf.chain, 0))
        covered[leaf.chain] = leaf.last_seq
        if fault:
            yield fault
    tree = Tree(leaf_value(leaf) for leaf in leaves) if leaves else None
    if tree is None or tree.root != hour.root:
        yield Fault(None, hour.number, "root_differs")
        return
    wrong = [leaf for place, leaf in enumerate(leaves) if leaf.path != packed(tree.path(place))]
    yield from (Fault(leaf.chain, leaf.first_seq, "path_altered") for leaf in wrong)


def _lines_under(session: Session, number: int) -> dict[UUID, dict[int, bytes]]:
    under = and_(
        JournalLine.chain == JournalLeaf.chain,
        JournalLine.seq.between(JournalLeaf.first_seq, JournalLeaf.last_seq),
    )
    query = select(JournalLine.chain, JournalLine.seq, JournalLine.hash).join(JournalLeaf, under)
    rows = session.execute(query.where(JournalLeaf.number == number).order_by(JournalLine.chain)).all()
    return {
        chain: {row.seq: row.hash for row in found} for chain, found in groupby(rows, lambda row: row.chain)
    }


def _fault_of_leaf(leaf: JournalLeaf, lines: Mapping[int, bytes], covered: int) -> Fault | None:
    if leaf.first_seq != covered + 1:
        return Fault(leaf.chain, covered + 1, "not_under_a_head")
    kept = dict(enumerate(hashes_of(leaf), start=leaf.first_seq))
    for seq in range(leaf.first_seq, leaf.last_seq + 1):
        if seq not in lines:
            return Fault(leaf.chain, seq, "line_missing")
        if lines[seq] != kept.get(seq):
            return Fault(leaf.chain, seq, "differs_from_its_head")
    return None
