"""How does the product run as in production? Our own programs as processes over a test's database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from config.keys import write_key
from tests.apps import TestKeys
from tests.services import Database
from tests.source import ROOT

HOST = "127.0.0.1"
UP_WITHIN = 300  # seconds; tests keep a machine busy
ENDS_WITHIN = 40

TEMPORARY = "tmp"  # the programs' own temporary folder, beside what they record
WEB = ("gunicorn", "-c", "config/server.py", "wsgi:app")
WORKERS = {
    "queue-sms": ("workers", "queue", "sms"), "timer-sms": ("workers", "timer", "sms"),
    "queue-mail": ("workers", "queue", "mail"), "timer-sweep": ("workers", "timer", "sweep"),
}  # fmt: skip


@dataclass
class Real:
    """Running programs: the port of the web, and the folder of their logs."""

    port: int
    logs: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the web answers."""
        return f"http://{HOST}:{self.port}"


@contextmanager
def running(
    database: Database, redis_url: str, keys: TestKeys, recorded: Path, *, workers: bool = True
) -> Iterator[Real]:
    """The web, and the workers, until the end of the block; each says what it says in `logs/<name>.log`."""
    recorded.mkdir(exist_ok=True)
    logs = recorded / "logs"
    logs.mkdir(exist_ok=True)
    (recorded / TEMPORARY).mkdir(exist_ok=True)
    real = Real(free_port(), logs)
    environments = _environments(database, redis_url, keys, recorded, real.port)
    with ExitStack() as stack:
        real.processes["web"] = stack.enter_context(_process("web", WEB, environments["web"], logs))
        _wait(real)
        for name, command in (WORKERS if workers else {}).items():
            kind = name.rpartition("-")[2]
            real.processes[name] = stack.enter_context(_process(name, command, environments[kind], logs))
        yield real


def free_port() -> int:
    """A port of this machine that nobody has."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def _process(
    name: str, command: tuple[str, ...], environment: dict[str, str], logs: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with (logs / f"{name}.log").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environments(
    database: Database, redis_url: str, keys: TestKeys, recorded: Path, port: int
) -> dict[str, dict[str, str]]:
    common = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    common |= {
        "PYTHONUNBUFFERED": "1", "TZ": "UTC", "SAMPLE": "1", "RECORDED": str(recorded),
        "TMPDIR": str(recorded / TEMPORARY),
        "REDIS_URL": redis_url, "PUBLIC_URL": f"http://{HOST}:{port}", "PORT": str(port), "BIND": HOST,
    }  # fmt: skip
    own = {
        "web": {
            "DATABASE_URL_WEB": database.web_url, "PEPPER": keys.pepper, "TOKEN_KEY": keys.token,
            "CONFIG_KEY": keys.config, "BUCKET_KEY": keys.bucket, "INTAKE_PUBLIC": keys.intake_public,
            "NOTIFIER_PUBLIC": keys.notifier_public,
        },
        "sms": {
            "DATABASE_URL_SMS": database.sms_url, "INTAKE_PRIVATE": keys.intake_private,
            "NOTIFIER_PRIVATE": keys.notifier_private, "NUMBER_INDEX_KEY": keys.number_index,
            "CONFIG_KEY": keys.config, "PEPPER": keys.pepper,
        },
        "sweep": {
            "DATABASE_URL_SWEEP": database.sweep_url, "ANCHOR_KEY": keys.anchor, "SMTP_URL": "smtp://127.0.0.1:1",
            "MAIL_FROM": "no-reply@grievance.example", "NOTIFIER_PUBLIC": keys.notifier_public,
        },
    }  # fmt: skip
    own["mail"] = own["sweep"]
    return {
        kind: common | {k: v if isinstance(v, str) else write_key(v) for k, v in variables.items()}
        for kind, variables in own.items()
    }


def _wait(real: Real) -> None:
    until = time.monotonic() + UP_WITHIN
    while time.monotonic() < until:
        assert real.processes["web"].poll() is None, (real.logs / "web.log").read_text()
        connection = HTTPConnection(HOST, real.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except (OSError, HTTPException):
            time.sleep(0.2)
        finally:
            connection.close()
    raise AssertionError("the web did not come up")
