"""How does a private PostgreSQL start? On a socket only, with a password, its data in VAR."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from grievance.local import offspring
from grievance.local.folders import RunFolder, ServerUser, data_folder
from grievance.local.problems import CannotStart

SUPERUSER = "postgres"
PATIENCE = 60.0  # seconds until it must answer; after a power cut it first replays its log
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "restart_after_crash": "off",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "120",
    "shared_buffers": "64MB",
    # A statement, its values, an error's message or its DETAIL may hold what somebody wrote: none reaches the
    # log. Of our own logins the roles say the same, for a cluster that others set up.
    "log_min_messages": "log",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
UNSAFE_BUT_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """One cluster: where it lives, who runs it. `durable=False` is for tests: quick, lost on a power cut."""

    var: Path
    run: RunFolder
    user: ServerUser
    password: str = field(repr=False)
    durable: bool = True

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.var / "pg"

    def url(self, user: str, password: str, database: str) -> str:
        """The SQLAlchemy address of a database for one login."""
        where = quote(str(self.run.sockets))
        return (
            f"postgresql+psycopg://{quote(user)}:{quote(password, safe='')}@/{quote(database)}?host={where}"
        )

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the superuser that commits each statement. Raises psycopg.OperationalError."""
        return psycopg.connect(
            host=str(self.run.sockets),
            user=SUPERUSER,
            password=self.password,
            dbname=database,
            autocommit=True,
            connect_timeout=10,
        )

    def start(self) -> subprocess.Popen[bytes]:
        """Makes the cluster when there is none, starts it, waits until it answers. Raises CannotStart."""
        self._make()
        offspring.clear_leftovers(self.data, "postgres", signal.SIGINT)
        # Under a process 1 that buries nobody, the old server is a zombie and its locks look alive.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for old in self.run.sockets.glob(".s.PGSQL.*"):
            old.unlink(missing_ok=True)
        (self.data / "pg_hba.conf").write_text("local all all scram-sha-256\n", encoding="ascii")
        process = self._launch()
        try:
            self._wait(process)
        except BaseException:
            self.stop(process)
            raise
        return process

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """Ends it in order: sessions are cut, what was committed is kept."""
        offspring.stop(process, signal.SIGINT, patience=30)

    def _make(self) -> None:
        """initdb in a folder beside, renamed when complete: a killed start leaves no half cluster."""
        if self.data.exists():
            return
        unfinished = self.var / "pg-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        handle = os.open(data_folder(unfinished, self.user), os.O_RDONLY | os.O_DIRECTORY)
        reader, writer = os.pipe()
        try:
            if self.user.dropped:
                os.fchown(reader, self.user.uid, self.user.gid)
            os.write(writer, self.password.encode() + b"\n")
            os.close(writer)
            self._initdb(handle, reader)
        finally:
            os.close(reader)
            os.close(handle)
        unfinished.rename(self.data)

    def _initdb(self, data: int, password: int) -> None:
        arguments: list[str | Path] = [
            self.run.programs.initdb,
            "-D",
            f"/proc/self/fd/{data}",
            "-U",
            SUPERUSER,
        ]
        arguments += ["-E", "UTF8", "--locale=C", "-A", "scram-sha-256", f"--pwfile=/proc/self/fd/{password}"]
        arguments += [] if self.durable else ["--no-sync"]
        with self._log_path.open("ab") as log:
            process = offspring.start(
                arguments,
                user=self.user,
                on_death=signal.SIGKILL,
                env=ENVIRONMENT,
                keep=(data, password),
                output=log,
            )
            if process.wait() != 0:
                raise CannotStart(f"PostgreSQL could not make its data folder; see {self._log_path}")

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = SETTINGS | {"unix_socket_directories": str(self.run.sockets)}
        settings |= {} if self.durable else UNSAFE_BUT_QUICK
        # The folders above VAR may be closed to the server's user: it gets the open folder instead of a path.
        handle = os.open(self.data, os.O_RDONLY | os.O_DIRECTORY)
        try:
            arguments: list[str | Path] = [self.run.programs.postgres, "-D", f"/proc/self/fd/{handle}"]
            for name, value in settings.items():
                arguments += ["-c", f"{name}={value}"]
            with self._log_path.open("ab") as log:
                return offspring.start(
                    arguments,
                    user=self.user,
                    on_death=signal.SIGINT,
                    env=ENVIRONMENT,
                    keep=(handle,),
                    output=log,
                )
        finally:
            os.close(handle)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            if process.poll() is not None:
                raise CannotStart(f"PostgreSQL stopped at once; see {self._log_path}")
            with suppress(psycopg.OperationalError), self.connect():
                return
            time.sleep(0.03)
        raise CannotStart(f"PostgreSQL did not answer within {PATIENCE:.0f} s; see {self._log_path}")

    @property
    def _log_path(self) -> Path:
        return self.var / "logs" / "postgres.log"
