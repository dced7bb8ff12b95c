"""How does the web have a file looked at, and never fall over it? Through one small process after another."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

import structlog

from grievance.cleaning.kinds import BUSY, FIELD, HEAVY, Clean, extension_of
from grievance.terms import InvalidInput
from grievance.vocabulary import FileKind

log = structlog.get_logger()

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-E", "-s", "-B", "-m", "grievance.cleaning")
# Nothing of ours: no key, no password, no address of a database.
ENVIRONMENT = {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
LONGEST = 150  # seconds by the clock on the wall, on a machine that has other things to do
# One file at a time for each web process, and a short queue: the other threads go on serving pages.
TURN = BoundedSemaphore(1)
QUEUE = BoundedSemaphore(3)
PATIENCE = 60  # seconds
LONGEST_ENDING = 16


def looked_at(data: bytes, name: str) -> Clean:
    """What a file is and its clean copy, made by a process with limits. Raises InvalidInput.

    A process that its limits ended says nothing any more: the file was too much for it.
    """
    ending = extension_of(name).encode("utf-8", "replace")[:LONGEST_ENDING].replace(b"\n", b"")
    with _turn(), subprocess.Popen(  # noqa: S603 - our own program, no shell, nothing of the file in its words
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT,
        cwd=ROOT, close_fds=True, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            told, _ = process.communicate(ending + b"\n" + data, timeout=LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
            raise InvalidInput(FIELD, HEAVY) from None
    if process.returncode != 0:
        log.warning("a file was too much", code=process.returncode)
        raise InvalidInput(FIELD, HEAVY)
    return _read(told)


def _read(told: bytes) -> Clean:
    head, _, copy = told.partition(b"\n")
    said = json.loads(head)
    if "refused" in said:
        raise InvalidInput(FIELD, said["refused"])
    return Clean(FileKind(said["kind"]), said["mime"], said["copy_mime"], copy)


@contextmanager
def _turn() -> Iterator[None]:
    if not QUEUE.acquire(blocking=False):
        raise InvalidInput(FIELD, BUSY)
    try:
        if not TURN.acquire(timeout=PATIENCE):
            raise InvalidInput(FIELD, BUSY)
        try:
            yield
        finally:
            TURN.release()
    finally:
        QUEUE.release()
