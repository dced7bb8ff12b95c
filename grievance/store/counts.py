"""How often did something happen lately, in all processes together? Counts in Valkey that forget themselves.

Nothing here is the truth about anything: when Valkey is away each process counts for itself, and goes on.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from threading import Lock

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

# Somebody waits at the door while this is asked.
PATIENCE = 0.5  # seconds
LEFT_ALONE = 15.0  # seconds during which a store that was away is not asked again
MOST_HELD = 50_000  # keys that one process holds for itself, before it forgets the oldest


class Counts:
    """Small numbers under opaque keys, each forgotten after its time."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
        )
        self._own: dict[str, tuple[int, float]] = {}
        self._away_until = 0.0
        self._lock = Lock()

    def add(self, key: str, seconds: int) -> int:
        """One more; gives the number now."""
        try:
            if self._is_here():
                with self._redis.pipeline() as line:
                    line.incr(key)
                    line.expire(key, seconds)
                    return int(line.execute()[0])
        except RedisError:
            self._leave_alone()
        with self._lock:
            number = self._own_number(key) + 1
            self._hold(key, number, seconds)
            return number

    def numbers(self, keys: Iterable[str]) -> list[int]:
        """What stands under each key; 0 where nothing does."""
        wanted = list(keys)
        try:
            if self._is_here():
                return [int(one or 0) for one in self._redis.mget(wanted)]
        except RedisError:
            self._leave_alone()
        with self._lock:
            return [self._own_number(key) for key in wanted]

    def keep(self, key: str, number: int, seconds: int) -> None:
        """Remembers one number."""
        try:
            if self._is_here():
                self._redis.set(key, number, ex=seconds)
                return
        except RedisError:
            self._leave_alone()
        with self._lock:
            self._hold(key, number, seconds)

    def _is_here(self) -> bool:
        return time.monotonic() >= self._away_until

    def _leave_alone(self) -> None:
        self._away_until = time.monotonic() + LEFT_ALONE

    def _own_number(self, key: str) -> int:
        number, until = self._own.get(key, (0, 0.0))
        return number if time.monotonic() < until else 0

    def _hold(self, key: str, number: int, seconds: int) -> None:
        while len(self._own) >= MOST_HELD:
            self._own.pop(next(iter(self._own)))
        self._own.pop(key, None)
        self._own[key] = (number, time.monotonic() + seconds)
