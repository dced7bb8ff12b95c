"""How does an unfinished report travel from page to page, with no cookie and nothing kept on the phone?"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from grievance.store.sealing import Versions, lock_versioned, pad, unlock_versioned, unpad
from grievance.terms import CannotOpen

# The field's length must not tell what was answered: a draft has one of these sizes, beyond them a multiple
# of 16 KiB. It is not compressed: a compressed length depends on the words themselves, and would tell, at the
# edge of a size, more than the number of signs typed. The first sizes keep a page light on a slow network.
DRAFT_SIZES = (1024, 4096, 8192, 16384)
# A story of 16,000 signs at four bytes each, the other answers, base64: well above what a draft ever needs.
LONGEST_TOKEN = 512 * 1024
# Two web servers' clocks differ a little.
_AHEAD = timedelta(minutes=5)
_PURPOSE = b"grievance draft token 1"


class DraftToken:
    """Packs the answers given so far into a hidden field that only our web servers can read or write."""

    def __init__(self, keys: Versions) -> None:
        self._keys = keys

    def __repr__(self) -> str:
        return f"DraftToken(versions={[version for version, _ in self._keys]})"

    def pack(self, data: Mapping[str, Any], now: datetime) -> str:
        """The draft as text for a form (URL-safe base64): XChaCha20-Poly1305 under the newest token key.

        `data` holds JSON values. `now` is aware; ValueError otherwise.
        """
        payload = {"at": int(_aware(now).timestamp()), "data": dict(data)}
        message = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
        padded = pad(message.encode("utf-8", "surrogatepass"), DRAFT_SIZES)
        return urlsafe_b64encode(lock_versioned(self._keys, _PURPOSE, padded)).decode().rstrip("=")

    def unpack(self, text: str, now: datetime, max_age: timedelta) -> dict[str, Any]:
        """The draft, under any version of the key held. Raises CannotOpen: altered, not ours, or too old."""
        padded = unlock_versioned(self._keys, _PURPOSE, _decoded(text))
        payload = json.loads(unpad(padded).decode("utf-8", "surrogatepass"))
        age = timedelta(seconds=_aware(now).timestamp() - payload["at"])
        if not -_AHEAD <= age <= max_age:
            raise CannotOpen
        data: dict[str, Any] = payload["data"]
        return data


def _decoded(text: str) -> bytes:
    if len(text) > LONGEST_TOKEN or len(text) % 4 == 1:
        raise CannotOpen
    try:
        return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise CannotOpen from None


def _aware(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("a time without a zone")
    return now
