"""Does one machine start, keep and leave everything as promised, whatever is killed?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from grievance.local.folders import bases, remove_run_folder, run_folder_name
from tests.source import ROOT

Start = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "a home of mode 700" / "var"
    folder.parent.mkdir(mode=0o700)
    yield folder
    remove_run_folder(folder)


@pytest.fixture
def start(var: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def one() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.local.stand_in", str(var)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield one
    for process in started:
        process.kill()
        process.communicate()
    _within(20, lambda: not list(_working_in(var)))


def _ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line == "Ready\n":
            return
    pytest.fail("it ended before it was ready")


def _working_in(var: Path) -> Iterator[int]:
    """Every live process whose working folder is VAR or below: servers and programs alike."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            folder = (entry / "cwd").readlink()
        except OSError:
            continue
        if folder.is_relative_to(var):
            yield int(entry.name)


def _within(seconds: float, holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, "it did not come to that in time"
        time.sleep(0.05)


def _names(var: Path) -> list[str]:
    return [(Path("/proc") / str(pid) / "comm").read_text().strip() for pid in _working_in(var)]


def test_after_a_kill_of_the_supervisor_nothing_runs_and_the_next_start_works(
    start: Start, var: Path
) -> None:
    first = start()
    _ready(first)
    assert {"postgres", "valkey-server"} <= set(_names(var))

    first.kill()
    _within(10, lambda: not list(_working_in(var)))

    _ready(start())


def test_asked_to_stop_it_stops_everything_and_says_all_is_well(start: Start, var: Path) -> None:
    process = start()
    _ready(process)

    process.send_signal(signal.SIGTERM)

    assert process.wait(30) == 0
    assert list(_working_in(var)) == []


def test_a_second_start_in_the_same_folder_is_refused_in_one_line(start: Start, var: Path) -> None:
    _ready(start())

    second = start()

    said, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert said == f"Cannot start: another `make run` is running in {var}\n"


def test_a_database_that_is_killed_comes_back_with_what_it_held(start: Start, var: Path) -> None:
    _ready(start())
    _sql(var, "create table kept (word text)", "insert into kept values ('here')")

    postmaster = int((var / "pg" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)

    _within(20, lambda: _finds(var, "select word from kept") == [("here",)])


def test_a_lock_of_a_dead_server_does_not_stop_the_next_start(start: Start, var: Path) -> None:
    first = start()
    _ready(first)
    lock = (var / "pg" / "postmaster.pid").read_text()
    first.kill()
    _within(10, lambda: not list(_working_in(var)))

    # The number may meanwhile belong to somebody else, here to this very test.
    (var / "pg" / "postmaster.pid").write_text(lock.replace(lock.split()[0], str(os.getpid()), 1))

    _ready(start())


def test_data_and_logs_are_closed_to_everybody_else(start: Start, var: Path) -> None:
    _ready(start())

    for folder in (
        var,
        var / "pg",
        var / "valkey",
        var / "logs",
        var / "recorded",
        var / "recorded" / "mail",
    ):
        assert folder.stat().st_mode & 0o077 == 0, folder.name


def _connect(var: Path) -> psycopg.Connection[tuple[object, ...]]:
    sockets = next(folder for base in bases() if (folder := base / run_folder_name(var) / "s").exists())
    return psycopg.connect(host=str(sockets), user="postgres", password="stand-in", autocommit=True)


def _sql(var: Path, *statements: str) -> None:
    with _connect(var) as connection:
        for statement in statements:
            connection.execute(statement)


def _finds(var: Path, query: str) -> list[tuple[object, ...]]:
    try:
        with _connect(var) as connection:
            return connection.execute(query).fetchall()
    except psycopg.OperationalError:
        return []
