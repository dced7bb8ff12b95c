"""What was said on the newcomer's telephone? Their texts, which the page keeps, and our answers."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from grievance.gateways.recording import SMS_FILE

READ_BACK = 512 * 1024  # bytes from the end of the recording; thousands of texts
LOOKS_EVERY = 0.2  # seconds


@dataclass(frozen=True)
class Bubble:
    """One text on the telephone; `ours` came from the service."""

    ours: bool
    at: datetime
    text: str = field(repr=False)

    @property
    def carried(self) -> str:
        """The line by which the page remembers it."""
        return f"{self.at.isoformat()} {self.text}"


def said_before(lines: Iterable[str]) -> list[Bubble]:
    """The newcomer's own texts, as the page carried them; what cannot be read is left out."""
    found = []
    for line in lines:
        at, _, text = line.partition(" ")
        try:
            instant = datetime.fromisoformat(at)
        except ValueError:
            continue
        if instant.tzinfo is not None:
            found.append(Bubble(False, instant.astimezone(UTC), text))
    return found


def answers(folder: Path, channel_number: str, sender: str) -> list[Bubble]:
    """What the service sent from this channel to this number, oldest first."""
    found = []
    for line in _last_lines(folder / SMS_FILE):
        try:
            told = json.loads(line)
            if told["to"] == sender and told["channel"] == channel_number:
                found.append(Bubble(True, datetime.fromisoformat(told["at"]), told["text"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def wait_for_more(folder: Path, channel_number: str, sender: str, known: int, seconds: float) -> None:
    """Returns when there are more answers than `known`, or after so many seconds."""
    until = time.monotonic() + seconds
    while len(answers(folder, channel_number, sender)) <= known and time.monotonic() < until:
        time.sleep(LOOKS_EVERY)


def _last_lines(file: Path) -> list[bytes]:
    try:
        with file.open("rb") as recording:
            size = recording.seek(0, os.SEEK_END)
            recording.seek(max(0, size - READ_BACK))
            return recording.read().splitlines()
    except FileNotFoundError:
        return []
