"""Which real PostgreSQL and Valkey do the tests talk to? One of each for a run, shared by its processes."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import Popen

import psycopg

from config.running import LOCK_FILE, is_held
from grievance.local import migrate, roles
from grievance.local.folders import ServerUser, locked, make_var, remove_run_folder, run_folder
from grievance.local.postgres import Postgres
from grievance.local.valkey import Valkey

PASSWORD = "for-tests-only"
# The environment's name for servers that run already, as `as_json` writes them.
RUNNING_ALREADY = "GRIEVANCE_TEST_SERVICES"
TEMPLATE = "template_grievance"
DATABASES_OF_VALKEY = 16


@dataclass(frozen=True)
class Database:
    """One database with the migrations in it, empty, and its address for each login."""

    name: str
    owner_url: str
    web_url: str
    sms_url: str
    sweep_url: str
    backup_url: str

    def drop(self, services: Services) -> None:
        """Removes it, with whoever is still connected."""
        with services.connect() as connection:
            connection.execute(f'drop database if exists "{self.name}" with (force)')


@dataclass(frozen=True)
class Services:
    """Where the run's servers are; small enough to hand to another process as JSON."""

    sockets: str
    superuser_password: str = PASSWORD
    folder: str = ""

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the superuser, each statement its own transaction."""
        return psycopg.connect(
            host=self.sockets, user="postgres", password=PASSWORD, dbname=database, autocommit=True
        )

    def url(self, login: str, database: str) -> str:
        """The SQLAlchemy address of a database for a login."""
        return f"postgresql+psycopg://{login}:{PASSWORD}@/{database}?host={self.sockets}"

    def redis_url(self, number: int) -> str:
        """The address of one of Valkey's databases."""
        return f"unix://{self.sockets}/valkey.sock?password={PASSWORD}&db={number % DATABASES_OF_VALKEY}"

    def clone(self, name: str, template: str = TEMPLATE) -> Database:
        """A fresh copy of the migrated template (or of another database that nobody uses), 0.05 s or so."""
        with self.connect() as connection:
            connection.execute(f'drop database if exists "{name}" with (force)')
            _wait_until_unused(connection, template)
            connection.execute(f'create database "{name}" template {template} owner {roles.OWNER}')
            roles.allow_logins(connection, name)
        logins = {login.removeprefix("grievance_"): self.url(login, name) for login in roles.PASSWORDS}
        return Database(name, **{f"{login}_url": url for login, url in logins.items()})

    def wait_for_two(self, database: Database) -> None:
        """Waits until two stand before a lock in the middle of what they do, at most half a minute."""
        query = (
            "select count(distinct pid) from pg_locks l join pg_stat_activity a using (pid)"
            " where not l.granted and a.datname = current_database()"
        )
        with self.connect(database.name) as looking:
            for _ in range(1_500):
                if looking.execute(query).fetchone() == (2,):
                    return
                time.sleep(0.02)
        raise AssertionError("they did not come to stand at the same time")

    def as_json(self) -> str:
        """For another process of the same run."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Services:
        """What `as_json` wrote."""
        return cls(**json.loads(text))


@dataclass
class Running:
    """The servers of this run, started by the process that ends them."""

    services: Services
    folder: Path
    hold: ExitStack
    postgres: Postgres
    valkey: Valkey
    processes: tuple[Popen[bytes], Popen[bytes]]

    def stop(self) -> None:
        """Ends both and leaves no folder behind."""
        self.postgres.stop(self.processes[0])
        self.valkey.stop(self.processes[1])
        remove_run_folder(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.hold.close()


def start(*, durable: bool = False) -> Running:
    """Starts both servers in a folder of their own and migrates the template.

    `durable`: as in production, what was committed is on the disk; else quicker, for what nobody kills.
    """
    folder = Path(tempfile.mkdtemp(prefix="grievance-tests-"))
    user = ServerUser.choose()
    var = make_var(folder)
    hold = ExitStack()
    hold.enter_context(locked(var))
    run = run_folder(var, user)
    postgres = Postgres(var, run, user, PASSWORD, durable=durable)
    valkey = Valkey(var, run, user, PASSWORD)
    processes = (postgres.start(), valkey.start())
    running = Running(Services(str(run.sockets), folder=str(var)), var, hold, postgres, valkey, processes)
    try:
        _make_template(running.services)
    except BaseException:
        running.stop()
        raise
    return running


def _make_template(services: Services) -> None:
    with services.connect() as connection:
        roles.ensure_roles(connection, dict.fromkeys(roles.PASSWORDS, PASSWORD))
        roles.ensure_database(connection, TEMPLATE)
    migrate.upgrade(services.url(roles.OWNER, TEMPLATE))


def _wait_until_unused(connection: psycopg.Connection[tuple[object, ...]], database: str) -> None:
    """A database with somebody in it cannot be copied, and a closed connection takes a moment to leave."""
    for _ in range(100):
        users = connection.execute("select 1 from pg_stat_activity where datname = %s", (database,))
        if users.fetchone() is None:
            return
        time.sleep(0.02)


def sweep_old_folders() -> None:
    """Removes what killed runs left: folders that no run holds, and not just being made."""
    for folder in Path(tempfile.gettempdir()).glob("grievance-tests-*"):
        with suppress(OSError):
            ours = folder.stat().st_uid == os.geteuid() and folder.stat().st_mtime < time.time() - 60
            if ours and not is_held(folder / LOCK_FILE):
                remove_run_folder(folder)
                shutil.rmtree(folder)
