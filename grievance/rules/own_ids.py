"""Under which id does a provider know one of our texts, and which text does such an id belong to?

A long text goes out in pieces, and whoever is on duty may have several numbers: each has an id of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

LONGEST_PLACE = 3  # digits


@dataclass(frozen=True)
class OwnId:
    """The text, and the place among all that it went out as, from 0."""

    text_id: UUID
    place: int = 0


def written(own: OwnId) -> str:
    """At most 36 characters of a-f, 0-9 and hyphen; the first has the text's own id."""
    return str(own.text_id) if own.place == 0 else f"{own.text_id.hex}-{own.place}"


def read(told: str | None) -> OwnId | None:
    """What was written so; None for anything else."""
    if told is None:
        return None
    text_id, place = (told[:32], told[33:]) if told[32:33] == "-" else (told, "0")
    if not (place.isascii() and place.isdigit() and len(place) <= LONGEST_PLACE):
        return None
    try:
        own = OwnId(UUID(text_id), int(place))
    except ValueError:
        return None
    return own if written(own) == told else None
