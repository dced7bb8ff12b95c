"""How does a list of things run by itself until the process is asked to stop?"""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType

import structlog

from workers.process import Process, utcnow
from workers.schedule import Entry

log = structlog.get_logger()

LONGEST_SLEEP = 1.0  # seconds


def run(process: Process, entries: tuple[Entry, ...]) -> None:
    """Runs each entry at its own pace until SIGTERM or SIGINT; what fails is told and tried again."""
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    due = dict.fromkeys(entries, 0.0)
    while not stopping.is_set():
        for entry in entries:
            if time.monotonic() >= due[entry] and not stopping.is_set():
                turn(process, entry)
                due[entry] = time.monotonic() + entry.seconds
        stopping.wait(max(0.0, min(LONGEST_SLEEP, min(due.values()) - time.monotonic())))


def turn(process: Process, entry: Entry) -> None:
    """One run of one entry. Whatever goes wrong is logged by its class: the next run comes soon."""
    try:
        with process.app.app_context():
            entry.run(process, utcnow())
    except Exception as error:
        # A timer that dies of one bad minute serves nobody.
        log.error("timer_failed", kind=entry.name, exc_info=error)
