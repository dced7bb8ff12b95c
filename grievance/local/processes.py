"""What keeps running? The supervisor: it starts, starts again and stops everything, from the main thread."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from grievance.local import offspring
from grievance.local.problems import CannotStart

Process = subprocess.Popen[bytes]

LONGEST_PAUSE = 30.0  # seconds between two starts of something that keeps stopping
SETTLED_AFTER = 60.0  # seconds; what lived that long starts again at once
GRACE = 20.0  # seconds to finish a request, a text or a job
LARGEST_LOG = 5 * 1024 * 1024  # bytes; a larger log is put aside at the next start


class Service(Protocol):
    """Something that can be started and stopped."""

    def start(self) -> Process:
        """Starts it. Raises CannotStart."""
        ...

    def stop(self, process: Process) -> None:
        """Ends it in order."""
        ...


@dataclass(frozen=True)
class Program:
    """A command of ours, its output in a log of its own."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(repr=False)
    cwd: Path
    logs: Path

    @property
    def log(self) -> Path:
        """Where it says what went wrong."""
        return self.logs / f"{self.name.replace(' ', '-')}.log"

    def start(self) -> Process:
        """Starts it."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            return offspring.start(self.command, env=self.env, cwd=self.cwd, output=output)

    def stop(self, process: Process) -> None:
        """Asks it to end; it has `GRACE` to finish what it does."""
        offspring.stop(process, signal.SIGTERM, GRACE)


class Interrupted(BaseException):
    """A signal asked us to stop in the middle of the start."""


@dataclass
class _Kept:
    """A running service, and when it is next to be started if it stopped."""

    service: Service
    process: Process
    started: float
    stops: int = 0
    again_at: float | None = None


class Supervisor:
    """Keeps services running until SIGINT or SIGTERM; made and used by the main thread only."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._kept: dict[str, _Kept] = {}
        self._starting = False
        self._stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    @contextmanager
    def starting(self) -> Iterator[None]:
        """While it lasts a signal raises Interrupted, wherever the start is."""
        self._starting = True
        try:
            yield
        finally:
            self._starting = False

    def run(self, name: str, service: Service) -> None:
        """Starts a service and keeps it running from now on. Raises CannotStart."""
        self._kept[name] = _Kept(service, service.start(), time.monotonic())

    def watch(self) -> None:
        """One look at everything: what stopped is started again, later each time."""
        for name, kept in self._kept.items():
            if kept.again_at is None:
                if kept.process.poll() is not None:
                    self._plan(name, kept, f"status {kept.process.returncode}")
            elif time.monotonic() >= kept.again_at:
                self._again(name, kept)

    def wait(self, each: Callable[[], None] = lambda: None) -> None:
        """Watches until a signal comes, and does `each` beside it."""
        while not self._stopping:
            self.watch()
            each()
            time.sleep(0.2)

    def pid(self, name: str) -> int:
        """The process that a service is now."""
        return self._kept[name].process.pid

    def renew(self, name: str, service: Service, *, by: signal.Signals | None = None) -> None:
        """A running service goes on as this one: ended and started again, or told by a signal to reload."""
        kept = self._kept[name]
        if by is not None:
            kept.service = service
            kept.process.send_signal(by)
            return
        kept.service.stop(kept.process)
        kept.service = service
        self._again(name, kept)

    def stops(self, name: str) -> int:
        """How often in a row a service stopped by itself."""
        return self._kept[name].stops

    def stop(self) -> None:
        """Ends everything: our programs together, then the servers under them, the last started first."""
        self._stopping = True
        for kept in self._kept.values():
            if isinstance(kept.service, Program) and kept.process.poll() is None:
                kept.process.terminate()
        for kept in reversed(self._kept.values()):
            kept.service.stop(kept.process)
        self._kept.clear()

    def _again(self, name: str, kept: _Kept) -> None:
        try:
            kept.process = kept.service.start()
        except CannotStart as problem:
            self._plan(name, kept, str(problem))
        else:
            kept.started, kept.again_at = time.monotonic(), None

    def _plan(self, name: str, kept: _Kept, why: str) -> None:
        if time.monotonic() - kept.started > SETTLED_AFTER:
            kept.stops = 0
        pause = min(LONGEST_PAUSE, 2.0**kept.stops - 1)  # 0, 1, 3, 7 ... seconds
        kept.stops, kept.again_at = kept.stops + 1, time.monotonic() + pause
        self._tell(f"{name} stopped ({why}); starting it again in {pause:.0f} s")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True
        if self._starting:
            self._starting = False  # once: the way out is not to be cut short
            raise Interrupted
