"""How does a complainant come back by web, while a stolen database helps nobody to find their receipt?"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from nacl import bindings

from grievance.rules.keywords import CODE_ALPHABET
from grievance.store.keyring import Cost, stretched
from grievance.store.sealing import Label, Versions, key_of, subkey, version_head
from grievance.terms import CannotOpen, Pair

DIGITS = 16
# OWASP's minimum for argon2id. Between a stolen database and 16 digits stands the pepper, not this cost.
RECEIPT_COST = Cost(memory=19 * 1024, passes=2)
# Whoever comes back gives nothing but the digits, so one salt serves all receipts; it must never change.
_SALT = b"grievance receipt 1"
# In place of a wrap that only the desk can make: the receipt leads to its case, and opens no word of it.
NOT_OPENED = b"-"
_LOOKUP = b"grievance receipt lookup 1"
_SEED = b"grievance receipt seed 1"
_TRY = b"grievance receipt of a try 1"
_PEPPER = b"grievance pepper 1"
_PEPPER_BYTES = 64  # AES-256-SIV takes two keys of 32 bytes
_HEAD_BYTES = 2
# Receipts have their own turns: a crowd at the public door does not keep staff from signing in.
RECEIPT_TURNS = max(2, os.cpu_count() or 2)
TURNS = BoundedSemaphore(RECEIPT_TURNS)
# What comes in a flood, its question unanswered, has one turn of its own, and does not queue for it.
CROWD_TURNS = BoundedSemaphore(1)
CROWD_PATIENCE = 0.1  # seconds
# What a hand writes for a digit, where only digits can be meant.
_MISWRITTEN = {"o": "0", "O": "0", "l": "1", "I": "1", "|": "1"}
_BETWEEN = " -.,/_\t\r\n\u00a0\u202f\u2010\u2011\u2012\u2013\u2014"
_LONGEST = 200


@dataclass(frozen=True)
class Opening:
    """What a receipt stands for: the value it is found by, and the pair that opens its thread."""

    lookup: bytes = field(repr=False)
    pair: Pair = field(repr=False)


def mint() -> str:
    """A new receipt: 16 random digits. Mint one per draft and carry it in the draft's token."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def minted_for(told: bytes, key: Versions) -> str:
    """The receipt of one report that a machine sends, the same each time it sends it; kept nowhere.

    `told` is the machine's own key and every word of the report: who knows only one has no receipt.
    """
    digest = hmac.new(subkey(key[-1][1], _TRY), told, hashlib.sha256).digest()
    return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}d}"


def shown(receipt: str) -> str:
    """The receipt as people copy it: `1234 5678 9012 3456`."""
    return " ".join(receipt[at : at + 4] for at in range(0, len(receipt), 4))


def normal(text: str) -> str | None:
    """The 16 digits of a receipt as typed: any grouping, any script's digits, O for 0, l for 1; or `None`."""
    if len(text) > _LONGEST:
        return None
    digits = [_digit(sign) for sign in text if sign not in _BETWEEN]
    return "".join(digits) if len(digits) == DIGITS and all(digits) else None


def open_receipt(receipt: str, *, in_crowd: bool = False) -> Opening:
    """The opening of a receipt, whether or not a case has it. Raises CannotOpen when it is no receipt at all.

    Costs one argon2id of 19 MiB; the same receipt always gives the same opening. Raises Busy when no turn
    came in time; `in_crowd` takes the narrow turn of a flood.
    """
    digits = normal(receipt)
    if digits is None:
        raise CannotOpen
    turns, patience = (CROWD_TURNS, CROWD_PATIENCE) if in_crowd else (TURNS, None)
    root = stretched(digits.encode(), _SALT, RECEIPT_COST, turns, patience)
    public, private = bindings.crypto_box_seed_keypair(subkey(root, _SEED))
    return Opening(subkey(root, _LOOKUP), Pair(public, private))


def mint_code() -> str:
    """A name for a case or a referral, as `7F3Q-82`: no sign looks like another, and never without a digit.

    About a thousand million of them: a code that is taken is minted again.
    """
    while True:
        signs = "".join(secrets.choice(CODE_ALPHABET) for _ in range(6))
        if any(sign.isdigit() for sign in signs):  # without one it could be a word of a story
            return f"{signs[:4]}-{signs[4:]}"


class Pepper:
    """Hides what is stored of a receipt under a key that only the environment of web and SMS worker holds.

    AES-SIV without a nonce: equal values hide equally, so a hidden lookup can be unique and be searched, and
    the tag finds any change. A value begins with the version of the pepper, in two bytes. What is not
    searched is bound to its place by a label: moved to another receipt or case, it is refused.
    """

    def __init__(self, versions: Versions) -> None:
        self._versions = versions

    def __repr__(self) -> str:
        return f"Pepper(versions={[version for version, _ in self._versions]})"

    def hide(self, value: bytes, label: Label | None = None) -> bytes:
        """The value under the pepper that writes; a lookup has no label."""
        version, key = self._versions[-1]
        return _hide(version, key, value, label)

    def candidates(self, value: bytes) -> tuple[bytes, ...]:
        """All that a value may be stored as while the pepper rotates, newest first, for a lookup."""
        return tuple(_hide(version, key, value) for version, key in reversed(self._versions))

    def tries(self, value: bytes) -> tuple[bytes, ...]:
        """The candidates in the order of a lookup that misses nothing: a rotation may move a row meanwhile.

        Rows move to the version that writes, never back: whoever looked there, then under the others, and
        found nothing, looks there again.
        """
        found = self.candidates(value)
        return found if len(found) == 1 else (*found, found[0])

    def reveal(self, blob: bytes, label: Label | None = None) -> bytes:
        """The value that was hidden there, under any version still held. Raises CannotOpen."""
        key = key_of(self._versions, blob)
        head, ciphertext = blob[:_HEAD_BYTES], blob[_HEAD_BYTES:]
        try:
            return AESSIV(subkey(key, _PEPPER, _PEPPER_BYTES)).decrypt(ciphertext, _bound(head, label))
        except (InvalidTag, ValueError):
            raise CannotOpen from None

    def outdated(self, blob: bytes) -> bool:
        """Whether a hidden value is not under the newest pepper."""
        return blob[:_HEAD_BYTES] != version_head(self._versions[-1][0])

    def rehide(self, blob: bytes, label: Label | None = None) -> bytes:
        """The same value under the newest pepper: a rotation needs no receipt. Raises CannotOpen."""
        return self.hide(self.reveal(blob, label), label)


def _hide(version: int, key: bytes, value: bytes, label: Label | None = None) -> bytes:
    head = version_head(version)
    return head + AESSIV(subkey(key, _PEPPER, _PEPPER_BYTES)).encrypt(value, _bound(head, label))


def _bound(head: bytes, label: Label | None) -> list[bytes]:
    return [head] if label is None else [head, label.canonical()]


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return _MISWRITTEN.get(sign, "") if value is None else str(value)
