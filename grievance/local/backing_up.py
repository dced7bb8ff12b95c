"""How is everything copied at one instant? Through the read-only backup login, in one snapshot."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString, cast
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import psycopg
from psycopg import sql

from grievance.local.copies import (
    LEFT_OUT,
    MANIFEST,
    SUFFIX,
    CannotUse,
    Manifest,
    Table,
    ordered_tables,
)

Connection = psycopg.Connection[tuple[Any, ...]]
UNKNOWN_HERE = frozenset({"alembic_version"})


def wraps_file(file: Path) -> Path:
    """The second file of a backup."""
    return file.with_name(file.name + SUFFIX)


def address(url: str) -> str:
    """A SQLAlchemy address as psycopg wants it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def backup(
    url: str, file: Path, *, keys: Mapping[str, dict[str, str]], anchor: dict[str, Any] | None,
    now: datetime,
) -> int:  # fmt: skip
    """Writes both files, readable by their owner only, and gives the number of rows. Raises CannotUse.

    `url` is the backup login's. `keys` are fingerprints, `anchor` the newest: what `restore` compares with.
    """
    if file.exists() or wraps_file(file).exists():
        raise CannotUse(f"{file.name} is there already")
    try:
        with psycopg.connect(address(url)) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            with connection.transaction():
                connection.execute("set local role backup")
                _check_inventory(connection)
                return _write_both(connection, file, dict(keys), anchor, now)
    except psycopg.Error as problem:
        raise CannotUse(f"the database does not let itself be copied ({type(problem).__name__})") from None
    except OSError as problem:
        raise CannotUse(f"{file.name} cannot be written: {problem.strerror}") from None


def _write_both(
    connection: Connection, file: Path, keys: dict[str, dict[str, str]], anchor: dict[str, Any] | None,
    now: datetime,
) -> int:  # fmt: skip
    row = connection.execute("select version_num from alembic_version").fetchone()
    migration, name, rows = str(row[0]) if row else "", str(uuid4()), 0
    for target, short in ((file, False), (wraps_file(file), True)):
        unfinished = target.with_name(target.name + ".unfinished")
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as raw, ZipFile(raw, "w", ZIP_DEFLATED) as kept:
            tables = [_copy(connection, kept, table) for table in ordered_tables(short)]
            told = Manifest(name, now.isoformat(), migration, tables, keys, anchor)
            kept.writestr(MANIFEST, told.text())
        unfinished.replace(target)
        rows += sum(table.rows for table in tables)
    return rows


def _copy(connection: Connection, kept: ZipFile, name: str) -> Table:
    columns = _columns(connection, name)
    # The number of a transaction means nothing in another cluster, where it might come round again.
    shown = [
        sql.SQL("0 as transaction_id") if column == "transaction_id" else sql.Identifier(column)
        for column in columns
    ]
    statement = sql.SQL("copy (select {} from {}) to stdout").format(
        sql.SQL(", ").join(shown), sql.Identifier(name)
    )
    digest, rows = hashlib.sha256(), 0
    with (
        kept.open(name, "w", force_zip64=True) as out,
        connection.cursor() as cursor,
        cursor.copy(statement) as rows_of,
    ):
        for chunk in rows_of:
            digest.update(chunk)
            out.write(chunk)
            rows += bytes(chunk).count(b"\n")  # a line break within a value is written \n
    return Table(name, columns, rows, digest.hexdigest())


def _columns(connection: Connection, name: str) -> list[str]:
    query: LiteralString = (
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and not attisdropped order by attnum"
    )
    return [cast(str, row[0]) for row in connection.execute(query, (name,))]


def _check_inventory(connection: Connection) -> None:
    """A table that nobody decided about would be lost in silence. Raises CannotUse."""
    rows = connection.execute(
        "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
    )
    here = {cast(str, row[0]) for row in rows} - UNKNOWN_HERE
    decided = {*ordered_tables(False), *ordered_tables(True), *LEFT_OUT}
    if here != decided:
        raise CannotUse(f"these tables are not what this program knows: {', '.join(sorted(here ^ decided))}")
