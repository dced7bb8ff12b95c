"""What stands in the sealed columns of files, and how does the one who may open them do so?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from grievance.actions import evidence
from grievance.store import files
from grievance.terms import Actor, Pair
from tests.cleaning import strange_files

Opener = Callable[[Any], object]


def send(code: str, *, actor: Actor, now: datetime) -> None:
    """A desk adds a photograph to a case."""
    evidence.add_at_desk(code, "bras.jpg", strange_files.photo((400, 300)), actor=actor, now=now)


def openers(pairs: dict[UUID, Pair], rows: Callable[[str], list[Any]]) -> dict[tuple[str, str], Opener]:
    """For each sealed column of files, how it is opened; `rows` gives those of a table."""
    known: dict[UUID, files.OpenFile] = {}

    def file(row: Any) -> files.OpenFile:
        return files.opened(row, pairs[row.pair_id])

    def piece(row: Any) -> bytes:
        if row.evidence_id not in known:
            known.update((one.id, file(one)) for one in rows("evidence"))
        return files.open_piece(known[row.evidence_id], row)

    return {
        ("evidence", "sealed_key"): file, ("evidence", "sealed_label"): file,
        ("evidence_piece", "sealed"): piece,
    }  # fmt: skip
