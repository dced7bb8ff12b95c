"""How often did somebody knock? Counts that live for a day under names that nobody can turn back.

They are kept in Valkey, not in a table: a flood must not become writes that last, and a count that is lost
costs seconds. Without Valkey nothing is counted and every door is open.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from grievance.rules.floods import Knock, Load
from grievance.store.sealing import Versions, subkey

log = logging.getLogger("grievance.tallies")

PATIENCE = 0.25  # seconds; whoever knocks waits for the count
PAUSE = 5.0  # seconds without a further try after Valkey did not answer
SOON = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
_PURPOSE = b"grievance flood bucket 1"
_ONE_HOUSE = 64  # bits of an IPv6 address that one house or telephone has


def bucket(key: Versions, address: str, now: datetime) -> str:
    """The name of an address for one day: an HMAC under the bucket key. Tomorrow it is another one."""
    day = now.astimezone(UTC).date().isoformat()
    told = f"{day}|{_network(address)}".encode()
    return hmac.new(subkey(key[-1][1], _PURPOSE), told, hashlib.sha256).hexdigest()[:24]


class Tallies:
    """The counts of one Valkey."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
        )
        self._silent_until = 0.0

    def knock(self, kind: Knock, name: str, now: datetime) -> Load:
        """Counts one more, from this bucket and from everywhere, and gives what there is now."""
        return self._load(kind, name, now, one_more=True)

    def load(self, kind: Knock, name: str, now: datetime) -> Load:
        """What there is, without counting."""
        return self._load(kind, name, now, one_more=False)

    def first(self, name: str, lasts: timedelta) -> bool:
        """Whether this name was never given before; also when nobody can tell."""
        if not self._awake():
            return True
        try:
            return bool(self._redis.set(f"once:{name}", 1, nx=True, ex=lasts))
        except RedisError as error:
            self._rest(error)
            return True

    def _load(self, kind: Knock, name: str, now: datetime, *, one_more: bool) -> Load:
        if not self._awake():
            return Load()
        soon, day, minute, before = _keys(kind, name, now)
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                if one_more:
                    for key, lasts in ((soon, SOON), (day, DAY), (minute, 2 * MINUTE)):
                        pipe.incr(key)
                        pipe.expire(key, lasts)
                pipe.mget(soon, day, minute, before)
                found = [int(value or 0) for value in pipe.execute()[-1]]
        except RedisError as error:
            self._rest(error)
            return Load()
        return Load(found[0], found[1], max(found[2], found[3]))

    def _awake(self) -> bool:
        return time.monotonic() >= self._silent_until

    def _rest(self, error: Exception) -> None:
        self._silent_until = time.monotonic() + PAUSE
        log.warning("tallies_away", extra={"error": type(error).__name__})


def _keys(kind: Knock, name: str, now: datetime) -> tuple[str, str, str, str]:
    at = now.timestamp()
    soon, minute = int(at // SOON.total_seconds()), int(at // MINUTE.total_seconds())
    return (
        f"knock:{kind}:{name}:{soon}", f"knock:{kind}:{name}", f"knock:{kind}:all:{minute}",
        f"knock:{kind}:all:{minute - 1}",
    )  # fmt: skip


def _network(address: str) -> str:
    """The part of an address that one house has; what is no address counts as one."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return "nowhere"
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return f"{int(known) >> (128 - _ONE_HOUSE):x}"
    return str(known)
