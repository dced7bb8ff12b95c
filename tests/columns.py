"""Which columns are there, and of which class? The reviewed list, for the guard and for the proofs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "guards" / "columns.yaml"
SEALED = "sealed:"


@cache
def inventory() -> dict[tuple[str, str], str]:
    """The class of each (table, column)."""
    listed = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {(table, column): kind for table, columns in listed.items() for column, kind in columns.items()}


def of_class(*kinds: str) -> list[tuple[str, str]]:
    """The columns of these classes, in a fixed order."""
    return sorted(place for place, kind in inventory().items() if kind in kinds)


def sealed() -> list[tuple[str, str]]:
    """Every column that only holders of a key open."""
    return sorted(place for place, kind in inventory().items() if kind.startswith(SEALED))
