"""How is a telephone number kept, and a text received, so that only the SMS worker reads them?"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from grievance.store.sealing import (
    Label,
    Versions,
    lock_versioned,
    pad,
    read,
    seal_whole,
    subkey,
    unlock_versioned,
    unpad,
    unseal_whole,
    version_head,
    written,
)
from grievance.terms import Altered, CannotOpen, Pair
from grievance.vocabulary import Language

_INDEX = b"grievance number index 1"
_CHANNEL = b"grievance channel deduplication 1"
_CONFIG = b"grievance configuration value 1"


@dataclass(frozen=True)
class Contact:
    """Whom to text, and in which language."""

    e164: str = field(repr=False)
    language: Language


def number_index(key: Versions, desk_id: UUID, e164: str) -> bytes:
    """By what a desk's case is found from a number: the key's version (2 bytes) and an HMAC-SHA256.

    The key is derived for each desk, so two desks' rows of one number cannot be matched.
    """
    version, newest = key[-1]
    return _index(version, newest, desk_id, e164)


def number_candidates(key: Versions, desk_id: UUID, e164: str) -> tuple[bytes, ...]:
    """All that a number may be indexed as while the key rotates, newest first, for a lookup."""
    return tuple(_index(version, held, desk_id, e164) for version, held in reversed(key))


def capsule(e164: str, language: Language, notifier_public: bytes, label: Label) -> bytes:
    """A number and a language sealed to the notifier key, for one case or one answer: 377 bytes always.

    Moved to another case it does not open: what is meant for one person is never texted to another.
    """
    return seal_whole(f"1 {language} {e164}", notifier_public, label)


def open_capsule(blob: bytes, notifier: Pair | Sequence[Pair], label: Label) -> Contact:
    """Whom a capsule is for; the notifier key may have several versions. Raises CannotOpen."""
    return _contact(read(unseal_whole(blob, notifier, label)))


def seal_inbound(fields: Mapping[str, Any], intake_public: bytes, label: Label) -> bytes:
    """What a gateway gave, or a dialogue's state, sealed whole to the intake key; any JSON values."""
    # Escaped, so that half an emoji, which some telephones send, is kept and not refused.
    return seal_whole(json.dumps(dict(fields), separators=(",", ":")), intake_public, label)


def open_inbound(blob: bytes, intake: Pair | Sequence[Pair], label: Label) -> dict[str, Any]:
    """The fields that were sealed; the intake key may have several versions. Raises CannotOpen."""
    try:
        fields = json.loads(unseal_whole(blob, intake, label))
    except ValueError:
        raise CannotOpen from None
    if not isinstance(fields, dict):
        raise CannotOpen
    return fields


def channel_key(key: bytes, channel_id: UUID) -> bytes:
    """A channel's own key for `dedup_value`, from one version of a key of the environment."""
    return subkey(key, _CHANNEL + channel_id.bytes)


def dedup_value(channel_key: bytes, seen: str | tuple[str, str, str]) -> bytes:
    """The 32 bytes that one text always has on one channel: from the provider's id or (from, date, text).

    Keyed, because it is kept for 30 days, also after a text was erased, and must not test a guessed number.
    """
    parts = (seen,) if isinstance(seen, str) else seen
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    spelled = b"".join(len(part).to_bytes(4) + part for part in encoded)
    return hmac.digest(channel_key, len(parts).to_bytes(1) + spelled, hashlib.sha256)


def hide_config(config_key: Versions, value: str, label: Label) -> bytes:
    """A channel's secret, a TOTP secret or a duty number under the config key, for the place of `label`."""
    return lock_versioned(config_key, _CONFIG, pad(written(value)), label.canonical())


def show_config(config_key: Versions, blob: bytes, label: Label) -> str:
    """The value that was hidden there, under any version still held. Raises Altered."""
    try:
        return read(unpad(unlock_versioned(config_key, _CONFIG, blob, label.canonical())))
    except CannotOpen:
        raise Altered from None


def config_outdated(config_key: Versions, blob: bytes) -> bool:
    """Whether a hidden value is not under the newest config key: show it and hide it again."""
    return not blob.startswith(version_head(config_key[-1][0]))


def _index(version: int, key: bytes, desk_id: UUID, e164: str) -> bytes:
    mac = hmac.digest(subkey(key, _INDEX + desk_id.bytes), e164.encode(), hashlib.sha256)
    return version_head(version) + mac


def _contact(text: str) -> Contact:
    form, _, rest = text.partition(" ")
    language, _, e164 = rest.partition(" ")
    if form != "1" or language not in set(Language) or not e164:
        raise CannotOpen
    return Contact(e164, Language(language))
