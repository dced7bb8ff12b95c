"""How does somebody put a report down and go on with it later? Under a receipt, sealed to it, for 30 days.

It is no case: no desk reads it, no clock runs, nobody is told. Whoever holds the receipt opens it, and nobody
else can; sending it makes a case under the same receipt.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from grievance.actions import retention
from grievance.actions.intake import ReceiptHalf
from grievance.store import vault
from grievance.store.actors import door_actor
from grievance.store.config_values import unfinished_label
from grievance.store.models import Unfinished
from grievance.store.receipts import Opening, Pepper
from grievance.store.sealing import read, seal_whole, unseal_whole
from grievance.store.session import transaction
from grievance.terms import GrievanceError


class StillUnfinished(GrievanceError):
    """The receipt is that of a report which was put down and not sent."""

    def __init__(self, words: str, receipt: str) -> None:
        super().__init__()
        self.words, self.receipt = words, receipt


def keep(words: str, half: ReceiptHalf, *, now: datetime) -> datetime:
    """Keeps a draft, durably, in place of an earlier one under this receipt; gives the instant it goes.

    Raises Unavailable when nothing was kept.
    """
    hidden, *older = _pepper().candidates(half.lookup)
    row_id = uuid4()
    sealed = seal_whole(words, half.public, unfinished_label(row_id))
    values = {
        "id": row_id, "sealed_hidden": _pepper().hide(sealed, unfinished_label(row_id)), "kept_at": now
    }  # fmt: skip
    row = insert(Unfinished).values(lookup_hidden=hidden, **values)
    with transaction(door_actor(hidden)) as session:
        session.execute(row.on_conflict_do_update(index_elements=["lookup_hidden"], set_=values))
    for each in older:
        _forget(each)
    return now + retention.policy().unfinished


def opened(opening: Opening) -> str | None:
    """The draft under this receipt; None when there is none. Raises Altered."""
    for hidden in _pepper().tries(opening.lookup):
        with transaction(door_actor(hidden)) as session:
            row = session.scalar(select(Unfinished).where(Unfinished.lookup_hidden == hidden))
        if row is not None:
            return _words(row.id, row.sealed_hidden, opening)
    return None


def forget(half: ReceiptHalf) -> None:
    """The report was sent, or is not wanted any more: its draft goes."""
    for hidden in _pepper().candidates(half.lookup):
        _forget(hidden)


def _forget(hidden: bytes) -> None:
    with transaction(door_actor(hidden)) as session:
        session.execute(delete(Unfinished).where(Unfinished.lookup_hidden == hidden))


def _words(row_id: UUID, blob: bytes, opening: Opening) -> str:
    label = unfinished_label(row_id)
    with vault.what_should_open():  # the receipt found this row
        return read(unseal_whole(_pepper().reveal(blob, label), opening.pair, label))


def _pepper() -> Pepper:
    return Pepper(current_app.config["SETTINGS"].pepper)
