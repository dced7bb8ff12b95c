"""Does a sealed value open for its reader, in its place, for ever, and for nobody and nowhere else?"""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grievance.store.sealing import (
    Label,
    commitment,
    lock_versioned,
    new_pair,
    open_pair,
    pad,
    pair_of,
    pairs_of,
    seal,
    seal_whole,
    subkey,
    unlock_versioned,
    unpad,
    unseal,
    unseal_text,
    unseal_whole,
    unwrap,
    wrap,
)
from grievance.terms import CannotOpen, Sealed

STORY = "Le chien m'a mordu. Mbwa aliniuma."
PLACE = Label("entry", "sealed_body", UUID(int=1), UUID(int=2), 3)

# Written by the first version of this system. If these no longer open, neither do the cases people have.
OLD_PRIVATE = bytes(range(32))
OLD_PUBLIC = bytes.fromhex("8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f")
OLD_WRAPPED = bytes.fromhex(
    "c2430f7d2481802f027900108f5b14a659c54ee1ac28a47c01c104ffd4b53944b7b6cc02547d4c9f8722e6f9913bc8ca"
    "b71199c7c4504b63fe223472ee5d2e62b39bbfab77c03e7ecc948728fadf7c96"
)
OLD_SEALED = Sealed(
    key=bytes.fromhex(
        "8727a895d188d9f56367e9756bc81cdcb14d8d11cf42aa984e068f5591410a1c4fc8b288b65034f7dcd7e1c9c2a5f4bd"
        "79008b31267ba1e2429f5dda2711e2fdd6a1edab5567407efb69414c9b9529bf"
    ),
    body=bytes.fromhex(
        "01918a552483d56ccfe53084863abadffc46d8e4b16a2db3d5bf58f17fb0424009588ae762fe0deeaf2944a2f6e0d297"
        "2fd083ecde7b2e3a98af0379333b6b27c5615fbb942985d3ac6d67aefad2eaddb228caebca4cb562902c714076372a98"
        "bc140fa53f511d57491ce5a6301a7ad7cd24a14a1ba25da8994c0785bd88e0402bccb42fa02a78c03f55cdf018272aae"
        "9860c59d22328056dcde67ae465cdd1e927ec70617c6ea5e2f1853bad3fa0cee74595a5f706faffba52d88f66b4f3a68"
        "4b7474837f98d2fa89bb45e22a65cf2ad650f717ea61dd0ebd1242f1e310cc6132ca9dbe78e94f3e5e363742bf2c0c36"
        "2f072c4ff98483e6e614f8b09895b81df8ef622bb2f3eece66792c480fb302bb447434f5c6f5b864c426a138ad231180"
        "cec3e8d6d85ddeebaf"
    ),
    version=3,
)
OLD_COMMITMENT = "e9626ebe53b9520814a5a5226a2da4f2e1e574a995da86ff142a7a3e53319356"
OLD_LABEL = (
    "0011" + b"grievance label 1".hex()
    + "0005" + b"entry".hex()
    + "000b" + b"sealed_body".hex()
    + "0010" + "00" * 15 + "01"
    + "0010" + "00" * 15 + "02"
    + "0004" + "00000003"
)  # fmt: skip


def test_a_story_sealed_by_the_first_version_opens_today() -> None:
    pair = pair_of(OLD_PRIVATE)
    assert pair.public == OLD_PUBLIC
    assert PLACE.canonical().hex() == OLD_LABEL
    assert unseal_text(OLD_SEALED, pair, PLACE) == STORY
    assert commitment(OLD_SEALED).hex() == OLD_COMMITMENT


def test_a_key_wrapped_by_the_first_version_opens_today() -> None:
    assert unwrap(OLD_WRAPPED, pair_of(OLD_PRIVATE)) == bytes(range(32, 64))


def test_one_key_serves_one_purpose_and_always_the_same_way() -> None:
    old = "c938f7c9c926b1456b39fd3811e7b2d8beccd709fed368d133553b438fb89d0b"
    assert subkey(OLD_PRIVATE, b"purpose").hex() == old
    assert subkey(OLD_PRIVATE, b"another").hex() != old


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=40_000))
def test_whatever_was_written_is_read_back_exactly(content: bytes) -> None:
    pair = new_pair()
    assert unseal(seal(content, pair.public, PLACE), pair, PLACE) == content


def test_a_text_with_accents_and_pictures_is_read_back() -> None:
    pair = new_pair()
    text = "« Êtes-vous là ? » – mbwa 🐕\x00\x80"
    assert unseal_text(seal(text, pair.public, PLACE), pair, PLACE) == text


def test_half_a_character_is_refused_without_repeating_the_text() -> None:
    with pytest.raises(ValueError, match="^not a text$") as refusal:
        seal("Kabwe \ud800", new_pair().public, PLACE)
    assert refusal.value.__suppress_context__


def test_the_same_story_twice_looks_like_two_stories() -> None:
    public = new_pair().public
    first, second = seal(STORY, public, PLACE), seal(STORY, public, PLACE)
    assert first.key != second.key
    assert first.body != second.body


def test_another_reader_opens_nothing() -> None:
    sealed = seal(STORY, new_pair().public, PLACE)
    with pytest.raises(CannotOpen) as refusal:
        unseal(sealed, new_pair(), PLACE)
    assert refusal.value.args == ()


@pytest.mark.parametrize(
    "moved",
    [
        replace(PLACE, table="referral_message"),
        replace(PLACE, column="note"),
        replace(PLACE, row_id=UUID(int=9)),
        replace(PLACE, case_id=UUID(int=9)),
        replace(PLACE, version=4),
        replace(PLACE, table="entrys", column="ealed_body"),
    ],
)
def test_a_sealed_line_moved_elsewhere_does_not_open_there(moved: Label) -> None:
    pair = new_pair()
    sealed = seal(STORY, pair.public, PLACE)
    for version in {PLACE.version, moved.version}:
        with pytest.raises(CannotOpen):
            unseal(replace(sealed, version=version), pair, moved)


def test_a_line_filed_under_another_key_version_does_not_open() -> None:
    with pytest.raises(CannotOpen):
        unseal(replace(OLD_SEALED, version=4), pair_of(OLD_PRIVATE), PLACE)


def test_one_altered_byte_anywhere_is_found() -> None:
    pair = new_pair()
    sealed = seal(STORY, pair.public, PLACE)
    for at in range(len(sealed.body)):
        with pytest.raises(CannotOpen):
            unseal(replace(sealed, body=_flipped(sealed.body, at)), pair, PLACE)
    for at in range(len(sealed.key)):
        with pytest.raises(CannotOpen):
            unseal(replace(sealed, key=_flipped(sealed.key, at)), pair, PLACE)


@pytest.mark.parametrize("size", [0, 1, 24, 40, 41])
def test_what_was_cut_short_does_not_open(size: int) -> None:
    pair = new_pair()
    sealed = seal(STORY, pair.public, PLACE)
    for cut in (replace(sealed, body=sealed.body[:size]), replace(sealed, key=sealed.key[:size])):
        with pytest.raises(CannotOpen):
            unseal(cut, pair, PLACE)


@pytest.mark.parametrize(
    ("length", "padded"),
    [
        (0, 256), (255, 256), (256, 1024), (1023, 1024), (1024, 4096), (4095, 4096), (4096, 16384),
        (16383, 16384), (16384, 32768), (32767, 32768), (32768, 49152),
    ],
)  # fmt: skip
def test_the_size_tells_no_more_than_its_step(length: int, padded: int) -> None:
    assert len(pad(bytes(length))) == padded
    assert unpad(pad(bytes(length))) == bytes(length)
    assert len(seal(bytes(length), new_pair().public, PLACE).body) == 1 + 24 + padded + 16


@pytest.mark.parametrize("content", [b"\x80", b"\x80\x00", b"\x00\x80\x00\x00", b"\x80" * 255, b"\x00" * 255])
def test_content_that_looks_like_padding_is_kept(content: bytes) -> None:
    assert unpad(pad(content)) == content


@pytest.mark.parametrize("wrong", [b"", bytes(256), b"a" * 256, b"\x80" + bytes(254) + b"\x01"])
def test_wrong_padding_does_not_open(wrong: bytes) -> None:
    with pytest.raises(CannotOpen):
        unpad(wrong)


def test_a_wrapped_key_has_eighty_bytes_and_opens_for_its_reader_alone() -> None:
    reader, pair = new_pair(), new_pair()
    wrapped = wrap(pair.private, reader.public)
    assert len(wrapped) == 80
    assert open_pair(wrapped, pair.public, reader) == pair
    for wrong in (wrapped[:-1], b"", wrapped + b"\x00", _flipped(wrapped, 50)):
        with pytest.raises(CannotOpen):
            open_pair(wrong, pair.public, reader)
    with pytest.raises(CannotOpen):
        open_pair(wrapped, pair.public, new_pair())


def test_a_key_slipped_under_another_name_is_refused() -> None:
    reader, pair, planted = new_pair(), new_pair(), new_pair()
    with pytest.raises(CannotOpen):
        open_pair(wrap(planted.private, reader.public), pair.public, reader)


def test_only_a_whole_private_half_is_wrapped() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        wrap(b"short", new_pair().public)
    with pytest.raises(CannotOpen):
        pair_of(b"short")


def test_a_value_in_one_column_opens_under_the_older_of_two_keys() -> None:
    old, new = (1, bytes([1]) * 32), (2, bytes([2]) * 32)
    pairs = pairs_of((old, new))
    assert pairs[0] == pair_of(new[1])
    blob = seal_whole(STORY, pairs[1].public, PLACE)
    assert unseal_whole(blob, pairs, PLACE).decode() == STORY
    assert unseal_whole(blob, pairs[1], PLACE).decode() == STORY
    for wrong in (pairs[0], [], [new_pair()]):
        with pytest.raises(CannotOpen):
            unseal_whole(blob, wrong, PLACE)
    with pytest.raises(CannotOpen):
        unseal_whole(b"", pairs, PLACE)


def test_a_versioned_value_opens_until_its_key_is_dropped() -> None:
    old, new = (1, bytes([1]) * 32), (2, bytes([2]) * 32)
    blob = lock_versioned((old,), b"purpose", b"content", b"place")
    assert unlock_versioned((old, new), b"purpose", blob, b"place") == b"content"
    for keys, purpose, place in (
        ((new,), b"purpose", b"place"), ((old, new), b"other", b"place"), ((old, new), b"purpose", b"other"),
    ):  # fmt: skip
        with pytest.raises(CannotOpen):
            unlock_versioned(keys, purpose, blob, place)
    with pytest.raises(CannotOpen):
        unlock_versioned((old, new), b"purpose", b"\x00\x02" + blob[2:], b"place")


def test_a_film_of_ten_megabytes_is_sealed_in_little_memory() -> None:
    pair, film, place = new_pair(), bytes(10 * 1024 * 1024), Label("file", "body", uuid4(), uuid4(), 1)
    tracemalloc.start()
    try:
        assert unseal(seal(film, pair.public, place), pair, place) == film
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5 * len(film)


def _flipped(value: bytes, at: int) -> bytes:
    return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
