"""How does a backup become a database again? Into an empty one, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import psycopg
from psycopg import sql
from sqlalchemy import create_engine, inspect

from grievance.local import migrate
from grievance.local.backing_up import address, wraps_file
from grievance.local.copies import LEFT_OUT, CannotUse, Manifest, Table, manifest_of, ordered_tables

Connection = psycopg.Connection[tuple[Any, ...]]
CHUNK = 1 << 20


def manifests(file: Path, *, without_wraps: bool = False) -> list[tuple[Path, Manifest]]:
    """The files of one backup and what they hold. Raises CannotUse."""
    first = manifest_of(file)
    if without_wraps:
        return [(file, first)]
    second = manifest_of(wraps_file(file))
    if second.backup != first.backup:
        raise CannotUse(f"{wraps_file(file).name} belongs to another backup")
    return [(file, first), (wraps_file(file), second)]


def differing_keys(
    kept: Mapping[str, Mapping[str, str]], here: Mapping[str, Mapping[str, str]]
) -> tuple[list[str], list[str]]:
    """Which keys of the backup are other ones here, and which are not here at all (`NAME:version`)."""
    different, absent = [], []
    for name, versions in kept.items():
        for version, digits in versions.items():
            found = here.get(name, {}).get(version)
            if found is None:
                absent.append(f"{name}:{version}")
            elif found != digits:
                different.append(f"{name}:{version}")
    return different, absent


def restore(owner_url: str, files: list[tuple[Path, Manifest]]) -> int:
    """Fills an empty database and gives the number of rows. Raises CannotUse, and then nothing was changed.

    `owner_url` is the owner's. A database without tables is migrated first.
    """
    _migrate(owner_url, files[0][1].migration)
    names = {*ordered_tables(False), *ordered_tables(True), *LEFT_OUT}
    told = {table.name: (file, table) for file, manifest in files for table in manifest.tables}
    try:
        with psycopg.connect(address(owner_url)) as connection, connection.transaction():
            _open(connection, names)
            rows = sum(_fill(connection, *told[name]) for name in _order() if name in told)
            _close(connection, names)
    except psycopg.Error as problem:
        raise CannotUse(f"the database does not take it ({type(problem).__name__})") from None
    migrate.upgrade(owner_url)
    return rows


def _order() -> list[str]:
    # The second file's tables refer to the first's, never the other way round.
    return [*ordered_tables(False), *ordered_tables(True)]


def _migrate(owner_url: str, migration: str) -> None:
    engine = create_engine(owner_url)
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            here = (
                connection.exec_driver_sql("select version_num from alembic_version").scalar()
                if "alembic_version" in tables
                else None
            )
    finally:
        engine.dispose()
    if not tables:
        migrate.upgrade(owner_url, to=migration)
    elif here != migration:
        raise CannotUse(f"the database is at migration {here}, the backup at {migration}: use an empty one")


def _open(connection: Connection, names: set[str]) -> None:
    """For this transaction alone: the owner sees and fills its tables, and no trigger asks for a line."""
    for name in sorted(names):
        _do(connection, "alter table {} no force row level security", name)
        _do(connection, "alter table {} disable trigger user", name)
    for name in sorted(names):
        found = connection.execute(sql.SQL("select 1 from {} limit 1").format(sql.Identifier(name)))
        if found.fetchone() is not None:
            raise CannotUse(f"the database is not empty: {name} has rows")


def _close(connection: Connection, names: set[str]) -> None:
    for name in sorted(names):
        _do(connection, "alter table {} enable trigger user", name)
        _do(connection, "alter table {} force row level security", name)


def _fill(connection: Connection, file: Path, table: Table) -> int:
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    digest = hashlib.sha256()
    with (
        ZipFile(file) as kept,
        kept.open(table.name) as rows,
        connection.cursor() as cursor,
        cursor.copy(statement) as into,
    ):
        while chunk := rows.read(CHUNK):
            digest.update(chunk)
            into.write(chunk)
    if digest.hexdigest() != table.sha256:
        raise CannotUse(f"{file.name} was altered: {table.name} is not what was copied")
    return table.rows


def _do(connection: Connection, statement: Any, name: str) -> None:
    connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
