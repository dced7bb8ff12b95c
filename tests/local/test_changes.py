"""Does every running program come to a changed key, and do the pages answer all the while?"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from config.keys import parse_key, used, with_new, write_key
from config.settings import ProcessKind
from grievance.local import secret
from grievance.local.changes import KeyChanges
from grievance.local.folders import make_var
from grievance.local.processes import Program, Supervisor
from tests.source import ROOT

PROGRAM = "import os, time; open(os.environ['SAYS'], 'w').write(os.environ['PEPPER']); time.sleep(600)"


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    """A supervisor for the length of a test; it takes no signal with it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    one = Supervisor(lambda told: None)
    yield one
    one.stop()
    for number, handler in before.items():
        signal.signal(number, handler)


def _port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def test_a_new_key_reaches_every_program_and_no_page_is_refused(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    var, port, says = make_var(tmp_path / "var"), _port(), tmp_path / "says"
    keys = secret.load_or_make(var).keys
    everything = {**keys, "PORT": str(port)}
    common = {"PATH": os.environ["PATH"], "KEYS_FILE": str(var / "secret.json"), "SAYS": str(says)}

    def programs(environments: Mapping[ProcessKind, Mapping[str, str]]) -> list[Program]:
        python = sys.executable
        web = (python, "-m", "gunicorn", "-c", "config/server.py", "tests.local.key_page:app")
        commands = {"web": (ProcessKind.WEB, web), "timer sms": (ProcessKind.SMS, (python, "-c", PROGRAM))}
        return [
            Program(name, command, env={**common, **environments[kind]}, cwd=ROOT, logs=var / "logs")
            for name, (kind, command) in commands.items()
        ]

    environments = secret.share(everything)
    secret.hand_out(var, environments)
    for program in programs(environments):
        supervisor.run(program.name, program)
    secret.note_in_use(var, keys)
    changes = KeyChanges(var, everything, programs, supervisor, dict(keys))
    page = Page(f"http://127.0.0.1:{port}/")
    page.wait_for("1")
    page.start()

    pepper = with_new(parse_key(keys["PEPPER"]), os.urandom(32))
    for key, version in ((pepper, "1"), (used(pepper), "2")):
        secret.change_keys(var, {"PEPPER": write_key(key)})
        assert not secret.are_in_use(var)
        changes.look()
        assert secret.are_in_use(var)
        page.wait_for(version)
        _comes_to(says, write_key(key))
    page.stop()

    assert page.refused == []
    assert page.answers[-1] == "2"
    assert secret.given_to(var, ProcessKind.SMS)["PEPPER"] == write_key(used(pepper))


def _comes_to(file: Path, said: str) -> None:
    give_up = time.monotonic() + 30
    while not file.exists() or file.read_text() != said:
        assert time.monotonic() < give_up, "the program never had the key"
        time.sleep(0.05)


class Page:
    """Asks for a page all the time, and keeps what it said and who was refused."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: list[str] = []
        self.refused: list[str] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def wait_for(self, version: str) -> None:
        """Until three answers in a row say this version."""
        give_up, seen = time.monotonic() + 60, 0
        while seen < 3:
            assert time.monotonic() < give_up, f"no page says {version}"
            seen = seen + 1 if self._says() == version else 0
            time.sleep(0.02)

    def start(self) -> None:
        """From now on, without a pause."""
        self._thread.start()

    def stop(self) -> None:
        """No more."""
        self._over.set()
        self._thread.join(30)

    def _ask(self) -> None:
        while not self._over.is_set():
            said = self._says()
            (self.refused if said == "" else self.answers).append(said)

    def _says(self) -> str:
        try:
            with urllib.request.urlopen(self.address, timeout=20) as answer:  # noqa: S310 - our own page
                return str(answer.read().decode())
        except OSError:
            return ""
