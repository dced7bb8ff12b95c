"""Is what was locked under a key, or sealed to one that changed, opened by the form that was written down?"""

from __future__ import annotations

from uuid import UUID

import pytest
from nacl import bindings

from grievance.store.sealing import (
    Label,
    is_sealed_to,
    lock,
    lock_versioned,
    new_pair,
    pair_of,
    seal_whole,
    subkey,
    unlock,
    unlock_versioned,
    unseal_whole,
    whole_anew,
    wrap,
)
from grievance.terms import CannotOpen

KEY, NONCE = bytes(range(32)), bytes(range(24))
SEVENTH = ((7, KEY),)
PLACE = Label("entry", "sealed_body", UUID(int=1), UUID(int=2), 3)
ELSEWHERE = Label("entry", "sealed_body", UUID(int=9), UUID(int=2), 3)

# head, nonce, ciphertext with its tag; what is bound is the head and the place, in this order.
LOCKED = NONCE + bytes.fromhex("fdad610bf5bcf90542fede698fdabf2033b35b6f2849bc")
HEADED = b"\x01" + NONCE + bytes.fromhex("fdad610bf5bcf9f9ef7fa447715e10ced102c796ce5044")
VERSIONED = b"\x00\x07" + NONCE + bytes.fromhex("0dbb7e0c0c06af1165e081c99cd68c7f3c4f98db706719")
IN_PLACE = b"\x00\x07" + NONCE + bytes.fromhex("0dbb7e0c0c06afcecefeea4c8a4308d4ae555ea0844b9c")


def decrypted(blob: bytes, bound: bytes, key: bytes, head: int = 0) -> bytes:
    """The cipher itself, without a line of ours."""
    return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
        blob[head + 24 :], bound, blob[head : head + 24], key
    )


def test_what_was_locked_as_it_is_written_down_opens() -> None:
    assert unlock(KEY, LOCKED, b"place") == b"content"
    assert unlock(KEY, HEADED, b"place", head_size=1) == b"content"
    assert unlock_versioned(SEVENTH, b"purpose", VERSIONED) == b"content"
    assert unlock_versioned(SEVENTH, b"purpose", IN_PLACE, b"place") == b"content"


def test_what_is_locked_today_is_as_it_is_written_down() -> None:
    locked, headed = lock(KEY, b"content", b"place"), lock(KEY, b"content", b"place", head=b"\x01")
    versioned = lock_versioned(SEVENTH, b"purpose", b"content")
    in_place = lock_versioned(SEVENTH, b"purpose", b"content", b"place")

    assert decrypted(locked, b"place", KEY) == b"content"
    assert (headed[:1], decrypted(headed, b"\x01place", KEY, 1)) == (b"\x01", b"content")
    for blob, bound in ((versioned, b"\x00\x07"), (in_place, b"\x00\x07place")):
        assert blob[:2] == b"\x00\x07"
        assert decrypted(blob, bound, subkey(KEY, b"purpose"), 2) == b"content"


def test_nothing_locked_is_opened_again_as_nothing_and_less_is_refused() -> None:
    nothing = lock(KEY, b"", b"place")
    assert len(nothing) == 24 + 16
    assert unlock(KEY, nothing, b"place") == b""
    with pytest.raises(CannotOpen):
        unlock(KEY, nothing[:-1], b"place")


def test_a_label_spells_the_greatest_version_that_its_four_bytes_hold() -> None:
    label = Label("entry", "sealed_body", UUID(int=1), version=2**32 - 1)
    assert label.canonical()[-6:] == b"\x00\x04\xff\xff\xff\xff"


def test_what_is_no_private_half_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValueError, match=r"^a private half has 32 bytes$"):
        wrap(b"half a key", new_pair().public)


def test_a_value_under_an_older_key_is_sealed_anew_to_the_newest_in_the_same_place() -> None:
    new, old, oldest = new_pair(), new_pair(), new_pair()
    for before in (old, oldest):
        blob = seal_whole("Mbwa aliniuma.", before.public, PLACE)
        anew = whole_anew(blob, (new, old, oldest), PLACE)
        assert anew is not None
        assert unseal_whole(anew, new, PLACE) == b"Mbwa aliniuma."
        with pytest.raises(CannotOpen):
            unseal_whole(anew, before, PLACE)
        with pytest.raises(CannotOpen):
            unseal_whole(anew, new, ELSEWHERE)


def test_what_the_newest_key_opens_already_is_left_as_it_is() -> None:
    new, old = new_pair(), new_pair()
    assert whole_anew(seal_whole("Mbwa", new.public, PLACE), (new, old), PLACE) is None


def test_what_no_key_opens_or_stood_elsewhere_is_not_sealed_anew() -> None:
    new, old = new_pair(), new_pair()
    moved, foreign = (
        seal_whole("Mbwa", key.public, place) for key, place in ((old, ELSEWHERE), (new_pair(), PLACE))
    )
    for blob in (moved, foreign, b""):
        with pytest.raises(CannotOpen):
            whole_anew(blob, (new, old), PLACE)


def test_to_whom_a_value_is_sealed_is_known_from_its_key_alone() -> None:
    reader, other = pair_of(KEY), new_pair()
    blob = seal_whole("Mbwa", reader.public, PLACE)
    altered = blob[:-1] + bytes([blob[-1] ^ 1])

    assert [is_sealed_to(one, reader) for one in (blob, altered, blob[:80], blob[:79], b"")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert not is_sealed_to(blob, other)
