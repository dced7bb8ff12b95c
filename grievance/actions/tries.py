"""How often may somebody who knows a password guess the code? A few times in a while, in each process."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

# With 5 guesses a quarter of an hour, one code of a million takes about two years to find. Only who
# has the right password reaches this count, so nobody can lock a member out from outside.
MOST = 5
WITHIN = timedelta(minutes=15)


class Guesses:
    """Wrong codes of each member, of the last quarter of an hour."""

    def __init__(self, most: int = MOST, within: timedelta = WITHIN) -> None:
        self._most, self._within = most, within
        self._wrong: dict[UUID, deque[datetime]] = {}
        self._lock = Lock()

    def spent(self, member_id: UUID, now: datetime) -> bool:
        """Whether this member's guesses are used up for now."""
        with self._lock:
            return len(self._recent(member_id, now)) >= self._most

    def wrong(self, member_id: UUID, now: datetime) -> None:
        """Counts one wrong code."""
        with self._lock:
            self._wrong[member_id] = self._recent(member_id, now)
            self._wrong[member_id].append(now)

    def _recent(self, member_id: UUID, now: datetime) -> deque[datetime]:
        kept = deque((at for at in self._wrong.get(member_id, ()) if now - at < self._within), self._most)
        if not kept:
            self._wrong.pop(member_id, None)
        return kept


CODES = Guesses()
