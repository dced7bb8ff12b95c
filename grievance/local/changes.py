"""A key was changed while everything runs: who is told, and how does each program come to it?"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from config.running import SECRETS_FILE
from config.settings import ProcessKind
from grievance.local import secret
from grievance.local.processes import Program, Supervisor

# Our pages answer without a break: gunicorn starts new workers, and ends the old ones after their requests.
RELOADS = "web"
PATIENCE = 40.0  # seconds for the old workers to finish

Environments = Mapping[ProcessKind, Mapping[str, str]]


@dataclass
class KeyChanges:
    """Looks at VAR/secret.json; when its keys are not those in use, every program is given the new ones."""

    var: Path
    everything: dict[str, str] = field(repr=False)
    programs: Callable[[Environments], Sequence[Program]] = field(repr=False)
    supervisor: Supervisor
    given: dict[str, str] = field(repr=False)
    _seen: int = 0

    def look(self) -> None:
        """One look; nearly always there is nothing to do."""
        changed = (self.var / SECRETS_FILE).stat().st_mtime_ns
        if changed == self._seen:
            return
        keys = secret.load_or_make(self.var).keys
        if keys != self.given:
            self._tell(keys)
        self._seen = (self.var / SECRETS_FILE).stat().st_mtime_ns

    def _tell(self, keys: dict[str, str]) -> None:
        changed = {name: value for name, value in keys.items() if value != self.given.get(name)}
        self.everything |= changed
        environments = secret.share(self.everything)
        secret.hand_out(self.var, environments)
        for program in self.programs(environments):
            if changed.keys() & program.env.keys():
                self._renew(program)
        self.given = keys
        secret.note_in_use(self.var, keys)

    def _renew(self, program: Program) -> None:
        if program.name != RELOADS:
            self.supervisor.renew(program.name, program)
            return
        master = self.supervisor.pid(program.name)
        before = children(master)
        self.supervisor.renew(program.name, program, by=signal.SIGHUP)
        give_up = time.monotonic() + PATIENCE
        while before & children(master) and time.monotonic() < give_up:
            time.sleep(0.05)


def children(pid: int) -> set[int]:
    """The processes that this one started and that still live."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*"):
        with suppress(OSError):
            found |= {int(child) for child in (task / "children").read_text().split()}
    return found
