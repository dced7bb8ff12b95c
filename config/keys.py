"""How are keys written in an environment? As versions, newest last: `1:base64url,2:base64url`."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

KEY_BYTES = 32


class VersionedKey(tuple[tuple[int, bytes], ...]):
    """Versions of one key, newest last: pairs of (version from 1, 32 bytes). Shows no key when printed."""

    __slots__ = ()

    @property
    def current(self) -> tuple[int, bytes]:
        """The newest version, under which everything new is written."""
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
    if versions != sorted(set(versions)):
        raise ValueError("versions must rise")
    return VersionedKey(pairs)


def write_key(versions: Iterable[tuple[int, bytes]]) -> str:
    """The text that `parse_key` reads."""
    return ",".join(f"{version}:{urlsafe_b64encode(key).decode().rstrip('=')}" for version, key in versions)


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
