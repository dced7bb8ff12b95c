"""Who pulls the plug? The servers of one module, stopped in order or killed, and started again."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from tests.services import Running, Services


@dataclass
class Power:
    """PostgreSQL and Valkey as processes that this test started, and may end."""

    running: Running

    @property
    def services(self) -> Services:
        """Their addresses, which stay the same over every start."""
        return self.running.services

    def database_off(self) -> None:
        """PostgreSQL ends in order: sessions are cut, what was committed is kept."""
        self.running.postgres.stop(self.running.processes[0])

    def database_killed(self) -> None:
        """PostgreSQL is killed without a word, in the middle of whatever it does."""
        self._kill(0)

    def queue_killed(self) -> None:
        """Valkey is killed without a word."""
        self._kill(1)

    def everything_on(self) -> None:
        """What does not run is started again, on the data that it left."""
        database, queue = self.running.processes
        if database.poll() is not None:
            database = self.running.postgres.start()
        if queue.poll() is not None:
            queue = self.running.valkey.start()
        self.running.processes = (database, queue)

    def _kill(self, which: int) -> None:
        process = self.running.processes[which]
        process.send_signal(signal.SIGKILL)
        process.wait()
