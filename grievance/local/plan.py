"""What was asked of this start? The folder, the port, sample data or not, our own servers or given ones."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.running import SECRETS_FILE, var_folder
from config.settings import ProcessKind
from grievance.local.problems import CannotStart
from grievance.local.processes import Program

ROOT = Path(__file__).parents[2]
PORT_PATIENCE = 5.0  # seconds; the web of a killed supervisor needs a moment to leave its port
# The only variables that every child gets beside its own kind's.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE")


@dataclass(frozen=True)
class Plan:
    """One start. `given` is the environment that `make run` was called with."""

    var: Path
    port: int
    sample: bool
    embedded: bool
    given: Mapping[str, str] = field(repr=False)

    @classmethod
    def read(cls, env: Mapping[str, str]) -> Plan:
        """The plan that an environment asks for. Raises CannotStart."""
        database, queue = bool(env.get("DATABASE_URL")), bool(env.get("REDIS_URL"))
        if database != queue:
            raise CannotStart("DATABASE_URL and REDIS_URL are set together, or neither")
        if not database and not sys.platform.startswith("linux"):
            raise CannotStart("the embedded servers run on Linux only: set DATABASE_URL and REDIS_URL")
        sample = env.get("SAMPLE") or ("0" if database else "1")
        if sample not in ("0", "1"):
            raise CannotStart("SAMPLE is 0 or 1")
        return cls(var_folder(), _port(env.get("PORT") or "8000"), sample == "1", not database, env)

    @property
    def base_url(self) -> str:
        """Where the web answers on this machine."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def public_url(self) -> str:
        """The address that people type and providers sign."""
        return self.given.get("PUBLIC_URL") or self.base_url

    def check_port(self) -> None:
        """Raises CannotStart when somebody else has the port."""
        give_up = time.monotonic() + PORT_PATIENCE
        while True:
            try:
                socket.create_server(("127.0.0.1", self.port)).close()
                return
            except OSError as problem:
                if time.monotonic() > give_up:
                    raise CannotStart(
                        f"port {self.port} cannot be used ({problem.strerror}): set PORT"
                    ) from None
                time.sleep(0.1)


def programs(var: Path, environments: Mapping[ProcessKind, Mapping[str, str]]) -> list[Program]:
    """Our own processes: the web, a worker for each queue, the timers; each with its kind's variables."""
    python = sys.executable
    commands = (
        ("web", ProcessKind.WEB, (python, "-m", "gunicorn", "-c", "config/server.py", "wsgi:app")),
        ("queue sms", ProcessKind.SMS, (python, "-m", "workers", "queue", "sms")),
        ("queue mail", ProcessKind.SWEEP, (python, "-m", "workers", "queue", "mail")),
        ("timer sms", ProcessKind.SMS, (python, "-m", "workers", "timer", "sms")),
        ("timer sweep", ProcessKind.SWEEP, (python, "-m", "workers", "timer", "sweep")),
    )
    common = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    common |= {"PYTHONUNBUFFERED": "1", "TZ": "UTC", "KEYS_FILE": str(var / SECRETS_FILE)}
    return [
        Program(name, command, env={**common, **environments[kind]}, cwd=ROOT, logs=var / "logs")
        for name, kind, command in commands
    ]


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise CannotStart("PORT is a number from 1 to 65535")
    return int(text)
