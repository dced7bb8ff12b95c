"""How are guesses slowed without ever locking the owner out?

Whoever guesses and whoever owns the account may sit behind the same address and, once a password is stolen,
know the same password. So nothing is ever locked. Wrong tries are counted for each e-mail (of a member or of
nobody, alike) and for each keyed daily bucket. After a few of them the door is *tight* for a while: it wants
a proof that cannot be guessed, which is a passkey or two codes in a row, and looks at it before any password.
A single code is then looked at a few times in ten seconds for each e-mail and bucket, and opens only together
with the next one. The owner needs half a minute; a guess costs us nothing and has a chance of 1 in 10^11.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from grievance.store.counts import Counts

# Wrong tries after which the door is tight. One address may be a whole office.
MOST_FOR_ACCOUNT = 5
MOST_FOR_BUCKET = 20
# Counted in windows of this length: what is tight stays so for one to two of them.
WITHIN = timedelta(minutes=15)
# While it is tight: how many single codes are looked at, and how long the first of two is remembered.
SINGLES, SINGLES_WITHIN = 5, timedelta(seconds=10)
HALF_LIVES = timedelta(seconds=90)


@dataclass(frozen=True)
class Guard:
    """What is known of earlier tries with one e-mail from one bucket; both are keyed hashes of one day."""

    counts: Counts = field(repr=False)
    account: str
    bucket: str

    def tight(self, now: datetime) -> bool:
        """Whether there were many wrong tries lately."""
        keys = [key for name in (self.account, self.bucket) for key in self._windows(name, now)]
        found = self.counts.numbers(keys)
        return sum(found[:2]) >= MOST_FOR_ACCOUNT or sum(found[2:]) >= MOST_FOR_BUCKET

    def wrong(self, now: datetime) -> None:
        """Counts one wrong try."""
        for name in (self.account, self.bucket):
            self.counts.add(self._windows(name, now)[0], 2 * _seconds(WITHIN))

    def looks(self, now: datetime) -> bool:
        """Whether one more single code is looked at while the door is tight."""
        slot = int(now.timestamp()) // _seconds(SINGLES_WITHIN)
        key = f"door:looks:{self.account}:{self.bucket}:{slot}"
        return self.counts.add(key, 2 * _seconds(SINGLES_WITHIN)) <= SINGLES

    def first_code(self) -> int | None:
        """The time step of a right code, with the right password, that waits for the next one."""
        return self.counts.numbers([self._half])[0] or None

    def keep_first_code(self, step: int) -> None:
        """Remembers a right code until the next one comes."""
        self.counts.keep(self._half, step, _seconds(HALF_LIVES))

    @property
    def _half(self) -> str:
        return f"door:half:{self.account}:{self.bucket}"

    def _windows(self, name: str, now: datetime) -> tuple[str, str]:
        window = int(now.timestamp()) // _seconds(WITHIN)
        return f"door:wrong:{name}:{window}", f"door:wrong:{name}:{window - 1}"


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())
