"""What is kept here, and for how long? `retention.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from grievance.rules.retention import Retention

FILE = Path(__file__).with_name("retention.toml")


def load_retention(file: Path = FILE) -> Retention:
    """What this installation keeps. Raises InvalidInput naming what is missing or wrong."""
    return Retention.from_table(tomllib.loads(file.read_text(encoding="utf-8")))
