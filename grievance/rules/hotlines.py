"""Which help number may be given now? Only one that somebody rang and verified, and not too long ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Hotline:
    """A help number of somebody else. `provinces` empty: everywhere."""

    number: str
    verified_on: date
    provinces: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Hotlines:
    """The configured numbers, and for how many days a verification holds."""

    valid_days: int
    numbers: tuple[Hotline, ...] = ()

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Hotlines:
        """From `config/help.toml`. Raises KeyError, TypeError or ValueError when something is missing."""
        numbers = []
        for row in table.get("numbers", []):
            verified_on = row["verified_on"]
            if not isinstance(verified_on, date):
                raise TypeError("verified_on is a date, without quotes")
            numbers.append(Hotline(str(row["number"]), verified_on, frozenset(row.get("provinces", ()))))
        return cls(int(table["valid_days"]), tuple(numbers))

    def help_number(self, province: str | None, today: date) -> str | None:
        """The most lately verified number for this province, or `None` when none is verified now."""
        found = self.verified(province, today)
        return found.number if found else None

    def verified(self, province: str | None, today: date) -> Hotline | None:
        """The same with the day somebody rang it, for what is printed and lasts longer than a text."""
        oldest = today - timedelta(days=self.valid_days)
        usable = [
            line
            for line in self.numbers
            if oldest <= line.verified_on <= today and (not line.provinces or province in line.provinces)
        ]
        return max(usable, key=lambda line: line.verified_on) if usable else None
