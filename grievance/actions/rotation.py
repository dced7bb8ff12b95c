"""How does a key of the environment change while everything runs? Batch by batch, and nobody waits for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from grievance.actions.sealed_columns import EnvironmentKey, SealedColumn, columns_under
from grievance.store import journal
from grievance.store.journal import OrganisationMove
from grievance.store.models import KeyVersion, Organisation
from grievance.store.sealing import Versions
from grievance.store.session import transaction
from grievance.terms import Actor, CannotOpen, DatabaseRole, Refused, Role
from grievance.vocabulary import OrganisationKind

BATCH = 200
FIRST = UUID(int=0)
# How often a row that somebody works on is tried again, and how long we wait between.
TRIES, PAUSE = 50, 0.2
ROTATION_ACTOR = Actor(Role.ADMINISTRATOR, DatabaseRole.KEYS, "host-command")
# What nothing stored needs may still be needed by a page that is open, or by a text that a provider repeats.
KEPT_FOR = {
    EnvironmentKey.TOKEN: timedelta(hours=24),
    EnvironmentKey.CONFIG: timedelta(days=30),
}


@dataclass(frozen=True)
class Changed:
    """What one run did. `left`: rows still under an older version; `unreadable`: under no version held."""

    moved: int
    left: int
    unreadable: int
    used_from: datetime
    removable_from: datetime

    def may_remove_old(self, now: datetime) -> bool:
        """Whether nothing needs an older version any more."""
        return self.left == 0 and now >= self.removable_from


def seal_anew(name: EnvironmentKey, key: Versions, *, now: datetime) -> Changed:
    """Seals everything under older versions of a key anew, while people write and read.

    Rows that somebody works on are passed over and tried again; nobody ever waits for a row of ours longer
    than for one batch. May run again at any time. Raises Refused("no_newer_version").
    """
    newest = key[-1][0]
    if len(key) < 2 or newest != max(version for version, _ in key):
        raise Refused("no_newer_version")
    used_from = _used_from(name, newest, now)
    moved, left, unreadable = 0, 0, 0
    for column in columns_under(name, key):
        done = _column_anew(column)
        moved, left, unreadable = moved + done[0], left + done[1], unreadable + done[2]
    return Changed(moved, left, unreadable, used_from, used_from + KEPT_FOR.get(name, timedelta()))


def _column_anew(column: SealedColumn) -> tuple[int, int, int]:
    """Moves what can be moved; gives how many moved, are left, and open under no version."""
    moved = 0
    for _ in range(TRIES):
        moved += sum(_batches(column))
        left, unreadable = _look(column)
        if left == 0:
            break
        time.sleep(PAUSE)
    return moved, left, unreadable


def _batches(column: SealedColumn) -> Iterator[int]:
    """Each batch in a transaction of its own. Locked rows are skipped, so that no two wait for each other."""
    last: UUID | None = FIRST
    while last is not None:
        with transaction(ROTATION_ACTOR) as session:
            count, last = _batch(session, column, last)
        yield count


def _batch(session: Session, column: SealedColumn, after: UUID) -> tuple[int, UUID | None]:
    query = _rows(column).where(column.id > after).order_by(column.id).limit(BATCH)
    locked = query.with_for_update(skip_locked=True)
    rows = session.execute(locked).all()
    moved = 0
    for row_id, case_id, blob in rows:
        new = _anew(column, row_id, case_id, blob)
        if new is not None:
            one = update(column.value.class_).where(column.id == row_id).values({column.value: new})
            session.execute(one.execution_options(synchronize_session=False))
            moved += 1
    return moved, rows[-1][0] if rows else None


def _rows(column: SealedColumn) -> Select[Any]:
    return select(column.id, column.case or column.id, column.value).where(column.value.is_not(None))


def _anew(column: SealedColumn, row_id: UUID, case_id: UUID, blob: bytes) -> bytes | None:
    """What no version opens stays as it is; `_look` counts it."""
    try:
        return column.anew(row_id, case_id, blob)
    except CannotOpen:
        return None


def _look(column: SealedColumn) -> tuple[int, int]:
    """How many rows are left under an older version, and how many open under none; nothing is locked."""
    left, unreadable = 0, 0
    query = _rows(column).order_by(column.id).execution_options(yield_per=BATCH)
    with transaction(ROTATION_ACTOR) as session:
        for row_id, case_id, blob in session.execute(query):
            try:
                left += column.anew(row_id, case_id, blob) is not None
            except CannotOpen:
                unreadable += 1
    return left, unreadable


def _used_from(name: EnvironmentKey, version: int, now: datetime) -> datetime:
    """When this version was first seen to write. The first time leaves a line in the host's chain."""
    with transaction(ROTATION_ACTOR) as session:
        row = insert(KeyVersion).values(name=name.value, version=version, used_from=now)
        # Without the option SQLAlchemy forgets how many rows an INSERT wrote.
        counted = {"preserve_rowcount": True}
        done = session.execute(row.on_conflict_do_nothing(), execution_options=counted)
        if done.rowcount == 1:  # type: ignore[attr-defined]  # an INSERT's result counts its rows
            _line(session, name, version, now)
        found = session.scalar(
            select(KeyVersion.used_from).where(KeyVersion.name == name.value, KeyVersion.version == version)
        )
    return found or now


def _line(session: Session, name: EnvironmentKey, version: int, now: datetime) -> None:
    host = session.scalar(select(Organisation.id).where(Organisation.kind == OrganisationKind.HOST))
    if host is not None:
        journal.append(
            session, chain=host, subject=host, actor=ROTATION_ACTOR,
            move=OrganisationMove.ENVIRONMENT_KEY_CHANGED, now=now, to_state=f"{name.value} {version}",
        )  # fmt: skip
