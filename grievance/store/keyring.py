"""How does a person come to their key: by password, by a printed recovery key, or by a session's cookie?"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import struct
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret_raw

from grievance.store.sealing import KEY_BYTES, lock, new_pair, pair_of, subkey, unlock
from grievance.terms import Altered, Busy, CannotOpen, Pair

# 32 signs, five bits each; nobody can take one for another on paper or over the phone.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
COOKIE_BYTES = 32
# Longer than this nobody waits for a turn: the page says "try again", and keeps what was typed.
PATIENCE_SECONDS = 8.0


@dataclass(frozen=True)
class Cost:
    """What one guess costs, in argon2id's terms: memory in KiB, passes, lanes."""

    memory: int
    passes: int
    lanes: int = 1


# RFC 9106's second recommendation has 64 MiB and 3 passes; one lane, because the processors are shared.
MEMBER_COST = Cost(memory=64 * 1024, passes=3)
# A key blob written to the database by somebody else must not make us reserve the whole machine.
_DEAREST = Cost(memory=1024 * 1024, passes=16, lanes=8)
# Each derivation holds its memory while it runs: at most this many of 64 MiB at once in one process.
_TURNS = BoundedSemaphore(min(4, max(2, os.cpu_count() or 2)))

_HEAD = struct.Struct(">BIBB16s")  # format, memory, passes, lanes, salt
_FORMAT = 1
_SALT_BYTES = 16
_BY_PASSWORD = b"grievance private half by password 1"
_BY_RECOVERY = b"grievance private half by recovery key 1"
_SESSION = b"grievance private half in a session 1"
_SECRET_SIGNS, _CHECK_SIGNS, _GROUP = 25, 5, 5
_HASHER = PasswordHasher(MEMBER_COST.passes, MEMBER_COST.memory, MEMBER_COST.lanes, KEY_BYTES, _SALT_BYTES)


@dataclass(frozen=True)
class Recovery:
    """A private half under a printed key. The text is shown once and kept nowhere."""

    private_by_recovery: bytes = field(repr=False)
    recovery_key_text: str = field(repr=False)


@dataclass(frozen=True)
class NewMember:
    """A new member's key: its public half, its private half under both ways in, and the text to print."""

    public: bytes
    private_by_password: bytes = field(repr=False)
    private_by_recovery: bytes = field(repr=False)
    recovery_key_text: str = field(repr=False)


def stretched(
    secret: bytes, salt: bytes, cost: Cost, turns: BoundedSemaphore = _TURNS, patience: float | None = None
) -> bytes:
    """32 bytes by argon2id, in turn. Raises Busy after `patience` seconds of waiting (else the usual 8)."""
    with _turn(turns, patience):
        return hash_secret_raw(secret, salt, cost.passes, cost.memory, cost.lanes, KEY_BYTES, Type.ID)


def member_keys(password: str) -> NewMember:
    """A new pair for a member, opened by this password or by the recovery key made here."""
    pair = new_pair()
    recovery = recovery_for(pair.private)
    return NewMember(
        public=pair.public,
        private_by_password=private_by_password(pair.private, password),
        private_by_recovery=recovery.private_by_recovery,
        recovery_key_text=recovery.recovery_key_text,
    )


def private_by_password(private: bytes, password: str) -> bytes:
    """A private half under a password, with the salt and the cost beside it; also for changing a password."""
    return _hidden(private, _typed(password), _BY_PASSWORD)


def recovery_for(private: bytes) -> Recovery:
    """A fresh recovery key for a private half: a member's own, or an organisation's."""
    secret = "".join(secrets.choice(ALPHABET) for _ in range(_SECRET_SIGNS))
    whole = secret + _check(secret)
    text = " ".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))
    return Recovery(_hidden(private, secret.encode(), _BY_RECOVERY), text)


def open_with_password(blob: bytes, password: str) -> Pair:
    """The pair under this password. Raises CannotOpen."""
    return _shown(blob, _typed(password), _BY_PASSWORD)


def open_with_recovery(blob: bytes, text: str) -> Pair:
    """The pair under this printed key. Raises CannotOpen, at once when the text is mistyped."""
    whole = recovery_normal(text)
    if whole is None:
        raise CannotOpen
    return _shown(blob, whole[:_SECRET_SIGNS].encode(), _BY_RECOVERY)


def recovery_normal(text: str) -> str | None:
    """The 30 signs of a recovery key as typed, in any case and grouping; `None` when a sign is wrong.

    25 signs (125 bits) are the secret, the last five say whether they were copied well.
    """
    signs = "".join(text.upper().replace("-", " ").split())
    if len(signs) != _SECRET_SIGNS + _CHECK_SIGNS or not set(signs) <= set(ALPHABET):
        return None
    secret, check = signs[:_SECRET_SIGNS], signs[_SECRET_SIGNS:]
    return signs if hmac.compare_digest(_check(secret), check) else None


def password_hash(password: str) -> str:
    """The text to store for a password: argon2id in its usual written form, with its own salt."""
    with _turn(_TURNS):
        return _HASHER.hash(_typed(password))


def password_verify(stored: str | None, password: str) -> bool:
    """Whether this is the password. Without a stored hash it costs the same and is false."""
    if stored is None:
        return verify_unknown(password)
    with _turn(_TURNS):
        try:
            return _HASHER.verify(stored, _typed(password))
        except (VerificationError, InvalidHashError):
            return False


def verify_unknown(password: str) -> bool:
    """Always false, after the time a real check takes: a sign-in does not tell who is a member."""
    stretched(_typed(password), b"grievance: nobody", MEMBER_COST)
    return False


def password_outdated(stored: str) -> bool:
    """Whether a hash has another cost than today's, to be replaced at the next sign-in."""
    return _HASHER.check_needs_rehash(stored)


def seal_private_for_session(cookie: bytes, private: bytes) -> bytes:
    """A private half under a session's cookie (32 random bytes): the database alone opens nothing."""
    return lock(_session_key(cookie), private, session_hash(cookie))


def open_from_session(cookie: bytes, blob: bytes) -> Pair:
    """The pair of the private half that this cookie keeps. Raises Altered: the cookie named the row."""
    try:
        return pair_of(unlock(_session_key(cookie), blob, session_hash(cookie)))
    except CannotOpen:
        raise Altered from None


def session_hash(cookie: bytes) -> bytes:
    """The sha256 by which a session is found; the cookie itself is stored nowhere."""
    return hashlib.sha256(cookie).digest()


def fingerprint(public: bytes) -> str:
    """A public key in six groups of five digits, to be read aloud in any language (about 100 bits)."""
    digest = hashlib.sha512(b"grievance fingerprint 1" + public).digest()
    groups = (int.from_bytes(digest[at : at + 5]) % 100_000 for at in range(0, 30, 5))
    return " ".join(f"{group:05d}" for group in groups)


@contextmanager
def _turn(turns: BoundedSemaphore, patience: float | None = None) -> Iterator[None]:
    if not turns.acquire(timeout=PATIENCE_SECONDS if patience is None else patience):
        raise Busy
    try:
        yield
    finally:
        turns.release()


def _hidden(private: bytes, secret: bytes, way: bytes) -> bytes:
    cost, salt = MEMBER_COST, os.urandom(_SALT_BYTES)
    head = _HEAD.pack(_FORMAT, cost.memory, cost.passes, cost.lanes, salt)
    return lock(stretched(secret, salt, cost), private, way, head=head)


def _shown(blob: bytes, secret: bytes, way: bytes) -> Pair:
    if len(blob) < _HEAD.size:
        raise CannotOpen
    form, memory, passes, lanes, salt = _HEAD.unpack_from(blob)
    affordable = (
        8 * lanes <= memory <= _DEAREST.memory
        and 1 <= passes <= _DEAREST.passes
        and 1 <= lanes <= _DEAREST.lanes
    )
    if form != _FORMAT or not affordable:
        raise CannotOpen
    key = stretched(secret, salt, Cost(memory, passes, lanes))
    return pair_of(unlock(key, blob, way, head_size=_HEAD.size))


def _typed(password: str) -> bytes:
    """Two keyboards write é differently; the password is the same."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _check(secret: str) -> str:
    number = int.from_bytes(hashlib.sha256(b"grievance recovery key 1" + secret.encode()).digest()[:4])
    return "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(_CHECK_SIGNS))


def _session_key(cookie: bytes) -> bytes:
    if len(cookie) < COOKIE_BYTES:
        raise CannotOpen
    return subkey(cookie, _SESSION)
