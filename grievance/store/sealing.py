"""How is one value sealed, so that only the holders of one key open it, and only in its own place?"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl import bindings
from nacl.exceptions import CryptoError

from grievance.terms import Altered, CannotOpen, Pair, Sealed

# Versions of one key: (version from 1, 32 bytes). Under the last one everything new is written.
Versions = tuple[tuple[int, bytes], ...]

KEY_BYTES = bindings.crypto_aead_xchacha20poly1305_ietf_KEYBYTES
NONCE_BYTES = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_TAG_BYTES = bindings.crypto_aead_xchacha20poly1305_ietf_ABYTES
# A private half or a row key in a sealed box: 32 bytes of ephemeral public key, 16 of tag, 32 of key.
WRAPPED_BYTES = KEY_BYTES + bindings.crypto_box_SEALBYTES
# Lengths tell stories too: what is sealed has one of these sizes, or a multiple of the last.
SIZES = (256, 1024, 4096, 16384)
NO_CASE = UUID(int=0)

_FORMAT = b"\x01"
_VERSION = struct.Struct(">H")


def new_pair() -> Pair:
    """A fresh X25519 pair."""
    return pair_of(os.urandom(KEY_BYTES))


def pair_of(private: bytes) -> Pair:
    """The pair of a private half of 32 bytes. Raises CannotOpen for any other length."""
    if len(private) != KEY_BYTES:  # the binding would read on past a short one
        raise CannotOpen
    return Pair(bindings.crypto_scalarmult_base(private), private)


def pairs_of(versions: Versions) -> tuple[Pair, ...]:
    """The pairs of versioned private halves, the one that is sealed to first, as openers want them."""
    return tuple(pair_of(private) for _, private in reversed(versions))


def wrap(private: bytes, reader_public: bytes) -> bytes:
    """A private half sealed to one reader: 80 bytes. Anybody may wrap; only the reader opens."""
    if len(private) != KEY_BYTES:
        raise ValueError("a private half has 32 bytes")
    return bindings.crypto_box_seal(private, reader_public)


def unwrap(wrapped: bytes, reader: Pair) -> bytes:
    """The 32 bytes that were wrapped to this reader. Raises CannotOpen."""
    if len(wrapped) != WRAPPED_BYTES:
        raise CannotOpen
    return open_box(wrapped, reader)


def open_pair(wrapped: bytes, public: bytes, reader: Pair) -> Pair:
    """The pair whose private half was wrapped to this reader.

    A sealed box does not say who filled it, so the result counts only if it is the half of `public`.
    Raises Altered: a wrap names its reader, so this one should have opened it.
    """
    try:
        pair = pair_of(unwrap(wrapped, reader))
    except CannotOpen:
        raise Altered from None
    if not hmac.compare_digest(pair.public, public):
        raise Altered
    return pair


def open_box(box: bytes, reader: Pair) -> bytes:
    """What a sealed box to this reader holds. Raises CannotOpen."""
    try:
        return bindings.crypto_box_seal_open(box, reader.public, reader.private)
    except CryptoError:
        raise CannotOpen from None


@dataclass(frozen=True)
class Label:
    """The place of a sealed value. A value moved to another row, column or case does not open there.

    `version` is the version of the pair it is sealed to. `case_id` is the referral's id for what a company
    reads, and `NO_CASE` for what belongs to no case.
    """

    table: str
    column: str
    row_id: UUID
    case_id: UUID = NO_CASE
    version: int = 1

    def canonical(self) -> bytes:
        """The one spelling of this label: each part behind its length in two bytes."""
        parts = (
            b"grievance label 1", self.table.encode(), self.column.encode(), self.row_id.bytes,
            self.case_id.bytes, struct.pack(">I", self.version),
        )  # fmt: skip
        return b"".join(_VERSION.pack(len(part)) + part for part in parts)


def seal(plaintext: bytes | str, public: bytes, label: Label) -> Sealed:
    """Seals a text, or a file's bytes, to the public half of a class, in the place that `label` names.

    `key` is a fresh row key in a sealed box (80 bytes); `body` is a format byte, a random nonce of 24 bytes
    and the padded ciphertext with its tag. Nobody without the private half of the class can open it, the
    writer included.
    """
    message = written(plaintext) if isinstance(plaintext, str) else plaintext
    row_key = os.urandom(KEY_BYTES)
    body = lock(row_key, pad(message), label.canonical(), head=_FORMAT)
    return Sealed(bindings.crypto_box_seal(row_key, public), body, label.version)


def unseal(sealed: Sealed, pair: Pair, label: Label) -> bytes:
    """What was sealed here, to this pair. Raises CannotOpen, always without a detail."""
    if sealed.version != label.version or sealed.body[:1] != _FORMAT:
        raise CannotOpen
    row_key = unwrap(sealed.key, pair)
    return unpad(unlock(row_key, sealed.body, label.canonical(), head_size=len(_FORMAT)))


def unseal_text(sealed: Sealed, pair: Pair, label: Label) -> str:
    """The text that was sealed here. Raises CannotOpen."""
    return read(unseal(sealed, pair, label))


def seal_whole(plaintext: bytes | str, public: bytes, label: Label) -> bytes:
    """`seal`, for one column: the key's 80 bytes and then the body."""
    sealed = seal(plaintext, public, label)
    return sealed.key + sealed.body


def unseal_whole(blob: bytes, pairs: Pair | Sequence[Pair], label: Label) -> bytes:
    """What `seal_whole` sealed, to one of these pairs (a key that rotates has several). Raises CannotOpen."""
    sealed = Sealed(blob[:WRAPPED_BYTES], blob[WRAPPED_BYTES:], label.version)
    for pair in [pairs] if isinstance(pairs, Pair) else pairs:
        try:
            return unseal(sealed, pair, label)
        except CannotOpen:
            continue
    raise CannotOpen


def whole_anew(blob: bytes, pairs: Sequence[Pair], label: Label) -> bytes | None:
    """The same value sealed to the first of these pairs; None when it already is. Raises CannotOpen."""
    if _opens(blob[:WRAPPED_BYTES], pairs[0]):
        return None
    return seal_whole(unseal_whole(blob, pairs[1:], label), pairs[0].public, label)


def is_sealed_to(blob: bytes, pair: Pair) -> bool:
    """Whether `seal_whole` sealed this to this pair; what is in it may still be altered."""
    return _opens(blob[:WRAPPED_BYTES], pair)


def _opens(box: bytes, pair: Pair) -> bool:
    try:
        open_box(box, pair)
    except CannotOpen:
        return False
    return True


def commitment(sealed: Sealed) -> bytes:
    """The sha256 of the sealed key and body, for the journal: it binds the ciphertext and tells nothing."""
    return hashlib.sha256(sealed.key + sealed.body).digest()


def pad(message: bytes, sizes: Sequence[int] = SIZES) -> bytes:
    """The message, one byte 0x80, and zeros up to the next size; beyond the last, to a multiple of it."""
    needed = len(message) + 1
    size = next((size for size in sizes if needed <= size), -(-needed // sizes[-1]) * sizes[-1])
    return message + b"\x80".ljust(size - len(message), b"\x00")


def unpad(padded: bytes) -> bytes:
    """The message that was padded. Raises CannotOpen."""
    end = padded.rfind(b"\x80")
    if end < 0 or padded.count(0, end + 1) != len(padded) - end - 1:
        raise CannotOpen
    return padded[:end]


def lock(key: bytes, message: bytes, bound: bytes, *, head: bytes = b"") -> bytes:
    """XChaCha20-Poly1305: head, random nonce, ciphertext. The head stays readable, and bound."""
    nonce = os.urandom(NONCE_BYTES)
    ciphertext = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(message, head + bound, nonce, key)
    return b"".join((head, nonce, ciphertext))


def unlock(key: bytes, blob: bytes, bound: bytes, *, head_size: int = 0) -> bytes:
    """The message of a `lock`. Raises CannotOpen."""
    start = head_size + NONCE_BYTES
    if len(blob) < start + _TAG_BYTES:
        raise CannotOpen
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            blob[start:], blob[:head_size] + bound, blob[head_size:start], key
        )
    except CryptoError:
        raise CannotOpen from None


def lock_versioned(keys: Versions, purpose: bytes, message: bytes, bound: bytes = b"") -> bytes:
    """`lock` under the version of a key that writes; the head is that version in two bytes."""
    version, key = keys[-1]
    return lock(subkey(key, purpose), message, bound, head=version_head(version))


def unlock_versioned(keys: Versions, purpose: bytes, blob: bytes, bound: bytes = b"") -> bytes:
    """The message, if the version it was locked under is still held. Raises CannotOpen."""
    key = key_of(keys, blob)
    return unlock(subkey(key, purpose), blob, bound, head_size=_VERSION.size)


def version_head(version: int) -> bytes:
    """A key's version as every versioned value begins with it: two bytes, big end first."""
    return _VERSION.pack(version)


def key_of(keys: Versions, blob: bytes) -> bytes:
    """The version of the key that a versioned value names at its head. Raises CannotOpen."""
    head = blob[: _VERSION.size]
    for version, key in keys:
        if version_head(version) == head:
            return key
    raise CannotOpen


def subkey(key: bytes, purpose: bytes, length: int = KEY_BYTES) -> bytes:
    """HKDF-SHA256 of a uniformly random key, for one purpose: one key never serves two."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(key)


def written(text: str) -> bytes:
    """UTF-8. Raises ValueError, without the text, for half of a character (a lone surrogate)."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueError("not a text") from None


def read(message: bytes) -> str:
    """The text of UTF-8 bytes. Raises CannotOpen."""
    try:
        return message.decode()
    except UnicodeDecodeError:
        raise CannotOpen from None
