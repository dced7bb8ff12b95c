"""Which help numbers of others are configured? `help.toml`; the rule says which of them may be given now."""

from __future__ import annotations

import tomllib
from pathlib import Path

from grievance.rules.hotlines import Hotlines

FILE = Path(__file__).with_name("help.toml")


def load_hotlines(file: Path = FILE) -> Hotlines:
    """The help numbers of this installation. Raises KeyError, TypeError or ValueError."""
    return Hotlines.from_table(tomllib.loads(file.read_text(encoding="utf-8")))
