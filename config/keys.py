"""How are keys written in an environment? As versions: `1:base64url,2:base64url`, what is written under last.

A process that holds a version opens what is under it; only the last one writes. So a new key is first told to
every process in front of the old one (`2:…,1:…`: known), and only then put behind it (`1:…,2:…`: used).
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from enum import StrEnum

KEY_BYTES = 32


class VersionedKey(tuple[tuple[int, bytes], ...]):
    """Versions of one key, the one that writes last: pairs of (version from 1, 32 bytes).

    Shows no key when printed.
    """

    __slots__ = ()

    @property
    def current(self) -> tuple[int, bytes]:
        """The version under which everything new is written."""
        return self[-1]

    def __repr__(self) -> str:
        return f"VersionedKey(versions={[version for version, _ in self]})"


def parse_key(text: str) -> VersionedKey:
    """Reads `1:base64url,2:base64url`. Raises ValueError, without the text, when it is anything else."""
    pairs = []
    for part in text.split(","):
        version, _, encoded = part.strip().partition(":")
        pairs.append((_version(version), _bytes(encoded)))
    versions = [version for version, _ in pairs]
    if len(versions) != len(set(versions)):
        raise ValueError("a version stands there twice")
    return VersionedKey(pairs)


def write_key(versions: Iterable[tuple[int, bytes]]) -> str:
    """The text that `parse_key` reads."""
    return ",".join(f"{version}:{urlsafe_b64encode(key).decode().rstrip('=')}" for version, key in versions)


class KeyState(StrEnum):
    """Where the change of a key stands."""

    ONE = "one"
    KNOWN = "known"
    USED = "used"


def state_of(key: VersionedKey) -> KeyState:
    """One version; a newer one known beside the one that writes; or the newest writes beside older ones."""
    if len(key) == 1:
        return KeyState.ONE
    return KeyState.USED if key.current[0] == max(version for version, _ in key) else KeyState.KNOWN


def with_new(key: VersionedKey, fresh: bytes) -> VersionedKey:
    """The key with a next version that is known and not yet written under."""
    return VersionedKey([(max(version for version, _ in key) + 1, fresh), *key])


def used(key: VersionedKey) -> VersionedKey:
    """The key with its newest version as the one that writes."""
    return VersionedKey(sorted(key))


def newest_alone(key: VersionedKey) -> VersionedKey:
    """The key without its older versions: whatever is still under those never opens again."""
    return VersionedKey([max(key)])


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ValueError("a version is a whole number from 1")
    return int(text)


def _bytes(encoded: str) -> bytes:
    try:
        key = urlsafe_b64decode(encoded.encode("ascii") + b"=" * (-len(encoded) % 4))
    except (binascii.Error, UnicodeError):
        raise ValueError("not base64url") from None
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key
