"""How does the whole product run for the browser? `make run`'s own program, once for all browser tests."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from config.running import LOCK_FILE, SECRETS_FILE, is_held
from grievance.local import databases
from grievance.local.folders import bases, remove_run_folder, run_folder_name
from grievance.local.postgres import SUPERUSER
from tests.source import ROOT

STARTS_WITHIN = 420  # seconds; the fictional year of cases is played first, on a machine that tests keep busy
STOPS_WITHIN = 60  # seconds


@dataclass(frozen=True)
class Product:
    """A running product: its address and its folder."""

    var: Path
    pid: int

    @property
    def sample(self) -> dict[str, Any]:
        """What a newcomer is told: accounts and channels."""
        return json.loads((self.var / "sample.json").read_text(encoding="utf-8"))

    @property
    def url(self) -> str:
        """Where the web answers."""
        return self.sample["base_url"]

    def account(self, role: str, organisation: str | None = None) -> dict[str, Any]:
        """The first account with this role (at this organisation)."""
        return next(
            one
            for one in self.sample["accounts"]
            if one["role"] == role and organisation in (None, one["organisation"])
        )

    def channel(self, kind: str) -> dict[str, Any]:
        """The channel of this kind."""
        return next(one for one in self.sample["channels"] if one["kind"] == kind)

    def texts_to(self, number: str) -> list[str]:
        """Every SMS that went out to a number, oldest first."""
        recorded = self.var / "recorded" / "sms.jsonl"
        lines = recorded.read_text(encoding="utf-8").splitlines() if recorded.exists() else []
        return [line["text"] for line in map(json.loads, lines) if line["to"] == number]

    def superuser(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection that no row security holds, as a thief of the machine would have."""
        folders = (base / run_folder_name(self.var) / "s" for base in bases())
        sockets = next(folder for folder in folders if folder.is_dir())
        kept = json.loads((self.var / SECRETS_FILE).read_text(encoding="utf-8"))
        return psycopg.connect(
            host=str(sockets), user=SUPERUSER, password=kept["made"]["postgres"], dbname=databases.NAME,
            autocommit=True,
        )  # fmt: skip

    def stop(self) -> bool:
        """Asks it to stop; whether nothing of it runs any more."""
        os.kill(self.pid, signal.SIGTERM)
        give_up = time.monotonic() + STOPS_WITHIN
        while is_held(self.var / LOCK_FILE) and time.monotonic() < give_up:
            time.sleep(0.1)
        return not is_held(self.var / LOCK_FILE)


@contextmanager
def shared(folder: Path) -> Iterator[Product]:
    """The product of this run of tests: the first process that asks starts it, the last one stops it."""
    with _locked(folder):
        product = _attached(folder) or _started(folder)
        (folder / f"user-{os.getpid()}").touch()
    try:
        yield product
    finally:
        with _locked(folder):
            (folder / f"user-{os.getpid()}").unlink()
            if not list(folder.glob("user-*")):
                stopped = product.stop()
                remove_run_folder(product.var)
                assert stopped, "SIGTERM did not stop it"


def _started(folder: Path) -> Product:
    var, said = folder / "var", folder / "said"
    # Without MAKELEVEL it does not follow the process that started it: another one may need it longer.
    environment = {name: value for name, value in os.environ.items() if name != "MAKELEVEL"}
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "grievance.local"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
            env=environment | {"PORT": str(_free_port()), "VAR": str(var)},
        )  # fmt: skip
    _CHILDREN.append(process)
    give_up = time.monotonic() + STARTS_WITHIN
    while b"\nReady: " not in said.read_bytes():
        assert process.poll() is None, f"it did not start:\n{said.read_text()}"
        assert time.monotonic() < give_up, f"it was not ready within {STARTS_WITHIN} s:\n{said.read_text()}"
        time.sleep(0.2)
    (folder / "pid").write_text(str(process.pid))
    return Product(var, process.pid)


_CHILDREN: list[subprocess.Popen[bytes]] = []  # kept, so that no child is forgotten before it has ended


def _attached(folder: Path) -> Product | None:
    if not is_held(folder / "var" / LOCK_FILE) or not (folder / "pid").exists():
        return None
    return Product(folder / "var", int((folder / "pid").read_text()))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "starting").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
