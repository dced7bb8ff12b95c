"""Is a number known again by its own desk and the SMS worker, and by nobody else?"""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.store.config_values import capsule_label
from grievance.store.numbers import (
    Contact,
    capsule,
    channel_key,
    config_outdated,
    dedup_value,
    hide_config,
    number_candidates,
    number_index,
    open_capsule,
    open_inbound,
    seal_inbound,
    show_config,
)
from grievance.store.sealing import Label, new_pair, pair_of, pairs_of, seal_whole, unseal_whole
from grievance.terms import CannotOpen
from grievance.vocabulary import Language

NUMBER = "+243880000001"  # possible, and nobody's
DESK = UUID(int=7)
FIRST, SECOND = (1, bytes(32)), (2, bytes([2]) * 32)
WORKER = pair_of(bytes(range(32)))
CAPSULE = capsule_label(UUID(int=11), UUID(int=12))
TEXT = Label("inbound", "sealed", UUID(int=8))
SECRET = Label("channel", "secret_hidden", UUID(int=10))

# Written by the first version of this system.
OLD_INDEXES = (
    bytes.fromhex("00027f8d26daef4359c64cf5628560da24deb275f3010d97234bb156adab5fb6bcb0"),
    bytes.fromhex("0001887e39a266db816aeabd74bc67a27024868c9829d78f8bc96159f8c62785f89e"),
)
OLD_CAPSULE = bytes.fromhex(
    "f480fb987c47c0c4cdbad1e187802404f6e9fb07682e39776177fdeeb91a4b3dd6fda00ff78f2d85dcb84c954f93bff6"
    "90fa817c6c63e05783bfc76ce6d3b9d25edb6701cbbc2f7dd675a93041971c7e01abf53fe109f9f61ae2003740991f8a"
    "9120ef2cb3aaf7e70f4c796949ea48dfa91c4ae0c65f4536897f3c67132b5a2da8678124b84d508bf82a7ba28ad1893a"
    "d59b21659f4f7c08c47f9521913e7816439350d95168ddbec1f43a4eefb652e13b536737a1bce59d1a25725d0ba29029"
    "8d7c3b5996ed3b52c37644b1a2cd2cabc539bee5e2bb78255f4fd09fe5a60492918fb2cfcf74e9e25b44c2b206434603"
    "d36da119bca93be25a047fcf02676be1e32491b994603877394d370770a03c22feeb374ca704011aad71b287e11fd3a3"
    "faf6d4bcbd227a7f1c78318001697a99a4b3aefd5f94b5a9727734aa171888ca7e20fd40f2a8e50fe7f877d4cfb8f7f1"
    "14f8f36064165f378826585ee5e80a75cc797704d7c9ad70cc15f1d77b012621dc200d28ee01e77460"
)
OLD_INBOUND = bytes.fromhex(
    "1843ca02bab7b70786f22dc55d47060b333ae4d4961d189511cb81d7cdc77c344c38b2fc334b0017c6aeec198529479a"
    "f169f3f64aedf19f3262d4b106a82c4f2dc9c3b1a69592db68bb918ddd9ad9b30130a0548af03212dc533c6d7e7f3690"
    "998463ebfd31ce18d901dd0f3a648093f99644932e0f94752e94b47ef56489bb8870234c110a57daac70a32bfbaac46b"
    "d044ad3e97d581d930c21213c754d38338b8400f83caf508e2b5822473934d83f7687065c0a988a9b8e1a8aa0530ff21"
    "004610ffcccde923b304377fe5e5aeb7052fc4270ad7d5e9c9ff01d88ce7c4cbcbc0af8398d907512c0378e16a1b1272"
    "9b7b6c7cc012ae8a966ec55d4506409fc8ecdba6fd065b9e4426c47974918974cd573fbab22094fc38227c6e28664482"
    "295f034e7e80a0dda4a29329390b484b722c26ed4f42c467afb8aee66a1abefcb2171f8ad846280a741461040696a14d"
    "5884597664ff4d80c1bedd2347ad049045f5cdf231fb96088102e384d8d2b5149b70ebac9651c7c0c0"
)
OLD_CHANNEL_KEY = bytes.fromhex("d61fce87a84b0f48b07ab311d3d49b7e6424fb90394f1f1eb9fd47bbe4a6b776")
OLD_BY_ID = "896cf2069251e7a1ee4c4eb91b8920d94c4e7c1c5c81fc25474580fc79276c0d"
OLD_BY_TEXT = "e96915acde6ea3b9d8ff8aa1ae6b9f457e1e3572f7cf392739337e5bc14c2ed5"
OLD_CONFIG = bytes.fromhex(
    "0002b3320ce8f4ddc36c56668c27d184eba94c7e0edd42781a078b1bb49ddb7ac9b20e2d957b8a7aa0d96e750a423b6b"
    "5fe1237de032b7648b616abb1f75e00b0928f024c8e11783b53a99f50de0077f1de922cfda1ca72666819ee4067d8c55"
    "0d3d13416a640ab96591116f397056e3da9baea27df0bf6654e28592d064180e7f907f8f44c84aa7ac2212b5586d3cf4"
    "df3a86effacb58eedb4da7f0feae32f4c44233cdd308409c6aa6a552d2c622d3656897b9d2e37647a2f41f6c0ea554c5"
    "5455ed206a7b3ac124345c285b5c867a1a29901f5af10e280284b39e5ea2e4ef1affc0f763c06d0352aaddf688bedd20"
    "ecc4a1eacfc63f78926110edea5579449e7cb1c1be5c427a2a5b7aab6a6db9b0a1d9264096571d5a3e6364dcd148e77a"
    "32d1973ee395edb1487c"
)


def test_what_the_first_version_kept_is_known_again_today() -> None:
    assert number_candidates((FIRST, SECOND), DESK, NUMBER) == OLD_INDEXES
    assert open_capsule(OLD_CAPSULE, WORKER, CAPSULE) == Contact(NUMBER, Language.SWAHILI)
    assert open_inbound(OLD_INBOUND, WORKER, TEXT) == {"from": NUMBER, "text": "Mbwa 🐕"}
    assert show_config((FIRST, SECOND), OLD_CONFIG, SECRET) == "un secret"


def test_a_gateways_retry_is_known_again_today() -> None:
    key = channel_key(bytes(range(32)), UUID(int=9))
    assert key == OLD_CHANNEL_KEY
    assert dedup_value(key, "SM1").hex() == OLD_BY_ID
    assert dedup_value(key, (NUMBER, "2026-11-24", "Mbwa")).hex() == OLD_BY_TEXT


def test_a_case_is_found_from_its_number_while_the_key_changes() -> None:
    before = number_index((FIRST,), DESK, NUMBER)
    assert before in number_candidates((FIRST, SECOND), DESK, NUMBER)
    assert number_index((FIRST, SECOND), DESK, NUMBER) == number_candidates((FIRST, SECOND), DESK, NUMBER)[0]


def test_two_desks_cannot_see_that_they_know_the_same_number() -> None:
    here, there = (number_index((FIRST,), desk, NUMBER) for desk in (DESK, UUID(int=8)))
    assert here[2:] != there[2:]
    assert here[2:] != number_index((FIRST,), DESK, "+243880000002")[2:]


@pytest.mark.parametrize("number", ["+1", NUMBER, "+123456789012345"])
def test_all_capsules_are_as_long_as_each_other(number: str) -> None:
    notifier = new_pair()
    blob = capsule(number, Language.FRENCH, notifier.public, CAPSULE)
    assert len(blob) == 377
    assert open_capsule(blob, notifier, CAPSULE) == Contact(number, Language.FRENCH)
    assert number not in repr(open_capsule(blob, notifier, CAPSULE))


def test_a_capsule_moved_to_another_case_texts_nobody() -> None:
    blob = capsule(NUMBER, Language.FRENCH, WORKER.public, CAPSULE)
    for place in (capsule_label(UUID(int=11), UUID(int=99)), capsule_label(UUID(int=99), UUID(int=12))):
        with pytest.raises(CannotOpen):
            open_capsule(blob, WORKER, place)


def test_a_capsule_opens_for_the_notifier_and_its_older_key_alone() -> None:
    keys = pairs_of((FIRST, SECOND))
    blob = capsule(NUMBER, Language.FRENCH, keys[1].public, CAPSULE)
    assert open_capsule(blob, keys, CAPSULE).e164 == NUMBER
    for wrong in (new_pair(), [], keys[:1]):
        with pytest.raises(CannotOpen):
            open_capsule(blob, wrong, CAPSULE)
    for cut in (b"", blob[:-1], blob[:48]):
        with pytest.raises(CannotOpen):
            open_capsule(cut, keys, CAPSULE)


@pytest.mark.parametrize("content", [b"", b"1", b"1 fr ", b"1 xx +243880000001", b"2 fr +243880000001"])
def test_a_capsule_that_names_nobody_is_refused(content: bytes) -> None:
    with pytest.raises(CannotOpen):
        open_capsule(seal_whole(content, WORKER.public, CAPSULE), WORKER, CAPSULE)


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.booleans(), max_size=6))
def test_a_text_is_kept_as_the_gateway_gave_it(fields: dict[str, object]) -> None:
    assert open_inbound(seal_inbound(fields, WORKER.public, TEXT), WORKER, TEXT) == fields


def test_a_text_is_spelled_in_the_shortest_json_and_in_ascii() -> None:
    blob = seal_inbound({"text": "mbwa 🐕", "parts": [1, 2]}, WORKER.public, TEXT)
    assert unseal_whole(blob, WORKER, TEXT) == rb'{"text":"mbwa \ud83d\udc15","parts":[1,2]}'


def test_a_text_with_half_an_emoji_is_kept() -> None:
    blob = seal_inbound({"text": "mbwa \ud83d"}, WORKER.public, TEXT)
    assert open_inbound(blob, WORKER, TEXT) == {"text": "mbwa \ud83d"}


def test_a_text_opens_for_the_worker_in_its_own_row_alone() -> None:
    blob = seal_inbound({"text": "mbwa"}, WORKER.public, TEXT)
    assert open_inbound(blob, [new_pair(), WORKER], TEXT) == {"text": "mbwa"}
    with pytest.raises(CannotOpen):
        open_inbound(blob, new_pair(), TEXT)
    with pytest.raises(CannotOpen):
        open_inbound(blob, WORKER, Label("inbound", "sealed", UUID(int=9)))
    for content in (b"not json", b"[]", json.dumps("text").encode()):
        with pytest.raises(CannotOpen):
            open_inbound(seal_whole(content, WORKER.public, TEXT), WORKER, TEXT)


def test_short_texts_cannot_be_told_apart_by_their_size() -> None:
    sizes = {
        len(seal_inbound({"from": NUMBER, "text": "a" * n}, WORKER.public, TEXT)) for n in (0, 1, 50, 160)
    }
    assert len(sizes) == 1


def test_two_texts_are_one_only_if_nothing_differs() -> None:
    key, other = (channel_key(bytes(range(32)), UUID(int=n)) for n in (1, 2))
    seen = ("+243880000001", "2026-11-24T08:00", "mbwa")
    values = {
        dedup_value(key, seen), dedup_value(other, seen), dedup_value(key, "mbwa"), dedup_value(key, ""),
        dedup_value(key, ("+2438800000012", "026-11-24T08:00", "mbwa")), dedup_value(key, (*seen[:2], "mbw")),
        dedup_value(key, (*seen[:2], "mbwa\ud83d")),
    }  # fmt: skip
    assert len(values) == 7
    assert dedup_value(key, seen) == dedup_value(key, seen)


def test_a_secret_of_a_channel_is_read_in_its_place_until_its_key_is_dropped() -> None:
    blob = hide_config((FIRST,), "jeton é", SECRET)
    assert show_config((FIRST, SECOND), blob, SECRET) == "jeton é"
    assert config_outdated((FIRST, SECOND), blob)
    assert not config_outdated((FIRST,), blob)
    with pytest.raises(CannotOpen):
        show_config((SECOND,), blob, SECRET)
    with pytest.raises(CannotOpen):
        show_config((FIRST,), blob, Label("member", "totp_hidden", UUID(int=10)))
    for cut in (b"", blob[:-1], blob[:20]):
        with pytest.raises(CannotOpen):
            show_config((FIRST,), cut, SECRET)
