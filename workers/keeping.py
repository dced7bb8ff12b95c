"""What is over, and goes? Run by both timers, each for what it may touch; and shown before, at a terminal."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from grievance.actions import retention
from workers.process import Process


def keep_cases(process: Process, now: datetime) -> None:
    """The sweep's part: tells desks what will go, erases what nobody holds, ends old sessions and notices."""
    retention.tell(now)
    retention.erase(now)
    retention.clear_mail_and_sessions(now)


def keep_texts(process: Process, now: datetime) -> None:
    """The SMS worker's part: numbers, texts nobody fetched, marks of wiped texts."""
    retention.clear_texts(now)


def run(sweeper: Process, texter: Process, now: datetime, *, dry: bool) -> tuple[list[str], Counter[str]]:
    """Both parts at one instant: the codes of the cases that go, and how many rows of each other kind."""
    with sweeper.app.app_context():
        codes = retention.due(now)
        counts = retention.clear_mail_and_sessions(now, dry=dry)
        if not dry:
            retention.tell(now)
            retention.erase(now)
    with texter.app.app_context():
        counts += retention.clear_texts(now, dry=dry)
    return codes, counts
