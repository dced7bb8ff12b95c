"""What is a backup made of? Two zip files: what may be kept, and what must be gone after thirty days.

The second holds whatever erasing takes away: wraps, receipts, numbers, texts, openings, and what came in a
flood. Without it the first opens nothing, so that deleting old ones is what makes an erasure final. Sessions
are in neither.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from grievance.store.models import db

FORMAT = "grievance-backup-1"
MANIFEST = "manifest.json"
SUFFIX = ".wraps"
# "Within thirty days": how long the second file may live.
SHORT_LIFE = timedelta(days=30)
SHORT = frozenset({
    "wrap", "receipt", "capsule", "number_index", "inbound", "dialogue", "outbox", "journal_opening",
    "quarantine", "sms_tally",
})  # fmt: skip
LEFT_OUT = frozenset({"staff_session", "visitor_session", "worker_beat"})


class CannotUse(Exception):
    """This backup cannot be made or restored; the message is one line that says why."""


@dataclass(frozen=True)
class Table:
    """One table as it was copied: its columns in their order, its rows, and the sha256 of its bytes."""

    name: str
    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What one of the two files holds. Both carry the same `backup`."""

    backup: str
    made_at: str
    migration: str
    tables: list[Table]
    # Of each key of the environment, by name and version: a fingerprint, never the key.
    keys: dict[str, dict[str, str]] = field(default_factory=dict)
    anchor: dict[str, Any] | None = None
    format: str = FORMAT

    def text(self) -> str:
        """For the file."""
        return json.dumps(asdict(self), indent=1) + "\n"


def ordered_tables(short: bool) -> list[str]:
    """The tables of one of the two files, each after those it refers to."""
    names = [table.name for table in db.metadata.sorted_tables if table.name not in LEFT_OUT]
    return [name for name in names if (name in SHORT) is short]


def manifest_of(file: Path) -> Manifest:
    """What a file holds. Raises CannotUse."""
    try:
        with ZipFile(file) as kept:
            told = json.loads(kept.read(MANIFEST))
        if told["format"] != FORMAT:
            raise CannotUse(f"{file.name} is of another format")
        return Manifest(**{**told, "tables": [Table(**table) for table in told["tables"]]})
    except (OSError, BadZipFile, KeyError, TypeError, ValueError):
        raise CannotUse(f"{file.name} is no backup, or cannot be read") from None


def forget_old_wraps(folder: Path, now: datetime) -> list[str]:
    """Deletes the second files in a folder that are older than thirty days; gives their names."""
    gone = []
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            made = datetime.fromisoformat(manifest_of(file).made_at)
        except CannotUse:
            continue  # not ours to delete
        if now - made > SHORT_LIFE:
            file.unlink()
            gone.append(file.name)
    return gone


def fingerprint(name: str, key: bytes) -> str:
    """Sixteen digits that tell one key from another and give nothing of it away."""
    return hashlib.sha256(b"fingerprint\x00" + name.encode() + b"\x00" + key).hexdigest()[:16]


def fingerprints(keys: Mapping[str, tuple[tuple[int, bytes], ...]]) -> dict[str, dict[str, str]]:
    """The fingerprints of versioned keys, by name and version."""
    return {
        name: {str(version): fingerprint(name, key) for version, key in versions}
        for name, versions in sorted(keys.items())
    }
