"""Where is it measured? On the embedded PostgreSQL, which waits for the disk as it does in production."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
from psycopg import sql

from tests import apps, make
from tests.fixtures import Town
from tests.services import Running, Services, start, sweep_old_folders

NAME = "bench"

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True)
class Size:
    """Rows of the whole database, and what they hold."""

    rows: int
    octets: int

    def __sub__(self, before: Size) -> Size:
        return Size(self.rows - before.rows, self.octets - before.octets)


@dataclass(frozen=True)
class Place:
    """A small world, and a superuser's connection for the plain things."""

    town: Town
    services: Services
    plain: Connection

    def connect(self) -> Connection:
        """One more connection without row security, each statement its own transaction."""
        return self.services.connect(NAME)

    def size(self) -> Size:
        """What all tables hold at this moment."""
        names = self.plain.execute("select relname from pg_stat_user_tables where relname <> 'bare'")
        count = sql.SQL("select count(*), coalesce(sum(pg_column_size(t.*)), 0) from {} t")
        tables = [self.plain.execute(count.format(sql.Identifier(str(name)))).fetchone() for (name,) in names]
        found = [row for row in tables if row is not None]
        return Size(sum(int(str(row[0])) for row in found), sum(int(str(row[1])) for row in found))


def insert_bare(connection: Connection, octets: int, rows: int = 1) -> None:
    """Inserts rows of random bytes into a table of two columns, in one commit."""
    values = [(uuid4(), os.urandom(octets)) for _ in range(rows)]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany("insert into bare (id, body) values (%s, %s)", values)


@contextmanager
def place() -> Iterator[Place]:
    """Starts the servers, stores a small world and makes the app; ends all of it."""
    sweep_old_folders()
    running = start()
    try:
        _wait_for_the_disk(running)
        with TemporaryDirectory(prefix="grievance-bench-") as folder:
            yield from _places(running, Path(folder))
    finally:
        running.stop()


def _wait_for_the_disk(running: Running) -> None:
    """Tests may lose a commit when the power fails; what is measured here may not."""
    running.postgres.stop(running.processes[0])
    running.postgres = replace(running.postgres, durable=True)
    running.processes = (running.postgres.start(), running.processes[1])


def _places(running: Running, folder: Path) -> Iterator[Place]:
    services = running.services
    database = services.clone(NAME)
    keys = apps.TestKeys()
    world = make.world(services.url("postgres", NAME), keys.config)
    app = apps.make_app(database, services.redis_url(0), keys, folder)
    try:
        with services.connect(NAME) as plain:
            plain.execute("create table bare (id uuid primary key, body bytea not null)")
            town = Town(app, world, keys, database, services.redis_url(0), folder)
            yield Place(town, services, plain)
    finally:
        apps.close(app)
