"""How does a private Valkey start? On a socket only, with a password, every second on disk."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import redis

from grievance.local import offspring
from grievance.local.folders import RunFolder, ServerUser, data_folder
from grievance.local.problems import CannotStart

PATIENCE = 30.0  # seconds until it must answer


@dataclass(frozen=True)
class Valkey:
    """One server: where it lives and who runs it."""

    var: Path
    run: RunFolder
    user: ServerUser
    password: str = field(repr=False)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.var / "valkey"

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.run.sockets / "valkey.sock"

    def url(self, number: int = 0) -> str:
        """The address of one of its 16 databases."""
        return f"unix://{self.socket}?password={self.password}&db={number}"

    def start(self) -> subprocess.Popen[bytes]:
        """Starts it and waits until it answers. Raises CannotStart."""
        data_folder(self.data, self.user)
        offspring.clear_leftovers(self.data, "valkey-server", signal.SIGTERM)
        self.socket.unlink(missing_ok=True)
        process = self._launch()
        try:
            self._wait(process)
        except BaseException:
            self.stop(process)
            raise
        return process

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """Ends it in order: what it holds is written first."""
        offspring.stop(process, signal.SIGTERM, patience=15)

    def _launch(self) -> subprocess.Popen[bytes]:
        handle = os.open(self.data, os.O_RDONLY | os.O_DIRECTORY)
        reader, writer = os.pipe()
        try:
            # On standard input: an argument would show the password to every process of the machine.
            os.write(writer, self._configuration(handle).encode())
            os.close(writer)
            with (self.var / "logs" / "valkey.log").open("ab") as log:
                command: list[str | Path] = [self.run.programs.valkey, "-"]
                return offspring.start(command, user=self.user, keep=(handle,), stdin=reader, output=log)
        finally:
            os.close(reader)
            os.close(handle)

    def _configuration(self, data: int) -> str:
        lines = (
            "port 0",
            f"unixsocket {self.socket}",
            "unixsocketperm 700",
            f"dir /proc/self/fd/{data}",
            f"requirepass {self.password}",
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            "loglevel warning",
            "daemonize no",
        )
        return "\n".join(lines) + "\n"

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            if process.poll() is not None:
                raise CannotStart(f"Valkey stopped at once; see {self.var / 'logs' / 'valkey.log'}")
            with suppress(redis.ConnectionError), redis.Redis.from_url(self.url()) as client:
                client.ping()
                return
            time.sleep(0.03)
        raise CannotStart(f"Valkey did not answer within {PATIENCE:.0f} s")
