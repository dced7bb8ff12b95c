"""To whose key is a report in quarantine sealed, and who opens it there?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from grievance.actions.intake import ReceiptHalf
from grievance.schemas.report import Report, ReportIn
from grievance.store import vault
from grievance.store.config_values import apart_label
from grievance.store.models import Apart, OrganisationKey
from grievance.store.receipts import Pepper
from grievance.store.sealing import is_sealed_to, pair_of, seal_whole, unseal_whole
from grievance.store.vault import Reader
from grievance.terms import Altered, CannotOpen, Pair


def sealed(words: str, reader: Reader, row_id: UUID) -> tuple[bytes, bytes]:
    """The reader that the row names, and the words sealed to it. As of a wrap, nothing tells which lane."""
    named = b"" if reader.kind in vault.LANES else reader.public
    return named, seal_whole(words, reader.public, apart_label("sealed", row_id))


def same(lookup: bytes, words: bytes) -> bytes:
    """One value of a receipt and its words: the same form sent twice is known by it."""
    return hashlib.sha256(lookup + words).digest()


def report_of(words: bytes) -> Report:
    """The report that was sealed."""
    report: Report = ReportIn().load(json.loads(words))
    return report


def half_of(row: Apart, words: bytes, pepper: Pepper) -> ReceiptHalf:
    """What the receipt left. Raises Altered when these are not the values that came with these words."""
    try:
        lookup = pepper.reveal(row.lookup_hidden)
        public = pepper.reveal(row.public_hidden, apart_label("public_hidden", row.id))
        came_together = pepper.reveal(row.same_hidden) == same(lookup, words)
    except CannotOpen:
        raise Altered from None
    if not came_together:
        raise Altered
    return ReceiptHalf(lookup, public)


def opened(row: Apart, keys: Mapping[bytes, bytes]) -> bytes | None:
    """The words; None when none of these keys is its reader's. Raises Altered when one is, and fails."""
    named = {row.reader_public} if row.reader_public else set(keys)
    reader = _reader(row, [pair_of(keys[public]) for public in named & set(keys)])
    if reader is None:
        if row.reader_public in keys:
            raise Altered
        return None
    try:
        return unseal_whole(row.sealed, reader, apart_label("sealed", row.id))
    except CannotOpen:
        raise Altered from None


def seal_anew(session: Session, old: OrganisationKey, new: OrganisationKey, private: bytes, most: int) -> int:
    """Seals what hangs on an older key to the one in use; gives how many.

    A row that a colleague keeps at this moment is passed over: neither waits for the other.
    """
    moved, reader = 0, Pair(old.public_key, private)
    to = Reader(new.kind, new.public_key, new.organisation_id)
    query = select(Apart).where(_under(old)).order_by(Apart.received_at).with_for_update(skip_locked=True)
    for row in session.scalars(query).all():
        if moved >= most:
            break
        try:
            words = unseal_whole(row.sealed, reader, apart_label("sealed", row.id))
        except CannotOpen:
            continue  # of the other lane, or altered: it stays, and the count shows it
        row.reader_public, row.sealed = sealed(words.decode("utf-8", "surrogatepass"), to, row.id)
        moved += 1
    session.flush()
    return moved


def hanging(session: Session, key: OrganisationKey, private: bytes | None) -> int:
    """How many hang on this key. Of a lane's key whose private half is not here: all of every lane."""
    rows = session.execute(select(Apart.sealed).where(_under(key))).scalars().all()
    if key.kind not in vault.LANES or not private:
        return len(rows)
    reader = Pair(key.public_key, private)
    return sum(is_sealed_to(blob, reader) for blob in rows)


def _under(key: OrganisationKey) -> ColumnElement[bool]:
    named = b"" if key.kind in vault.LANES else key.public_key
    return (Apart.desk_id == key.organisation_id) & (Apart.reader_public == named)


def _reader(row: Apart, pairs: list[Pair]) -> Pair | None:
    return next((pair for pair in pairs if is_sealed_to(row.sealed, pair)), None)
