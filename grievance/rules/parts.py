"""In which order were the texts of one story written, when the network brings them as it likes?

Each has a time, as far as the telephone or the provider tells it. Some telephones also number the parts of
a long text: "1/3", "(2/3)", "[3/3]". Such parts take the places that they have together, by their number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

_PART = re.compile(r"\s*[\[(]?\s*(\d{1,2})\s*(?:/|de|of)\s*(\d{1,2})\s*[\])]?[\s:.-]+(?=\S)")
MOST_PARTS = 20


@dataclass(frozen=True)
class Piece:
    """One text as it came; `kind` is what it was taken for."""

    written_at: datetime
    kind: str
    text: str = field(repr=False)


def in_order(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces as they were written."""
    by_time = sorted(pieces, key=lambda piece: piece.written_at)
    numbered = {at: found for at, piece in enumerate(by_time) if (found := part_of(piece.text))}
    ordered = list(by_time)
    for many in {found[1] for found in numbered.values()}:
        places = [at for at, found in numbered.items() if found[1] == many]
        by_number = sorted(places, key=lambda at: numbered[at][0])
        for place, from_place in zip(places, by_number, strict=True):
            ordered[place] = by_time[from_place]
    return ordered


def part_of(text: str) -> tuple[int, int] | None:
    """(2, 3) for a text that begins "2/3"; a date or a fraction further in is none."""
    found = _PART.match(text)
    if not found:
        return None
    number, many = int(found[1]), int(found[2])
    return (number, many) if 1 <= number <= many and 2 <= many <= MOST_PARTS else None
