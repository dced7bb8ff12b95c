"""Does a member's key open by their password and their printed key, always, and by nothing else?"""

from __future__ import annotations

import struct
from collections.abc import Callable
from threading import BoundedSemaphore
from time import process_time

import pytest

from grievance.store import keyring
from grievance.store.keyring import (
    ALPHABET,
    MEMBER_COST,
    Cost,
    NewMember,
    fingerprint,
    member_keys,
    open_from_session,
    open_with_password,
    open_with_recovery,
    password_hash,
    password_outdated,
    password_verify,
    private_by_password,
    recovery_for,
    recovery_normal,
    seal_private_for_session,
    session_hash,
    stretched,
    verify_unknown,
)
from grievance.store.sealing import new_pair, pair_of
from grievance.terms import CannotOpen, Unavailable

PASSWORD = "mot de passe é"
# Written by the first version of this system, all over the same private half.
OLD_PAIR = pair_of(bytes(range(32)))
OLD_BY_PASSWORD = bytes.fromhex(
    "0100010000030149ecf1db581361295f3b8f5969080ab54d1ea9f2216ce364cfc92fb7ba0726e61833faba241dac2f85"
    "9e05fe82082c137ab11b909f535aa63237f10cc1dbc88ec5a6caa57be6a75e9c32434614b4926891c8a06589c37736"
)
OLD_BY_RECOVERY = bytes.fromhex(
    "01000100000301d7e967b608a122a4eee77f42c31472a2c15a89482783e510989aa64cfa771ead27420fa31a1e8185f9"
    "acf4a87ca5f98ff1390feb2da6c7528bd1d16caf1b2d8c5c4c32c067c62314e3e0f221534c597b94e05b404eacd2ae"
)
OLD_RECOVERY = "94L2N S9LZY RCTME SENUX 2NQE8 HKUDK"
OLD_HASH = "$argon2id$v=19$m=65536,t=3,p=1$VdjnGGojxo0HJEqlW3h7PA$NRql1dUMq4RU9AlZqsCG73sbm7jAzGI89e+P/p+lMnY"
OLD_COOKIE = bytes(range(64, 96))
OLD_IN_SESSION = bytes.fromhex(
    "a74a3e39afc3255d517253daffe8973e821cb8c2e2abc7a307727c1b21cfbd8d6b3432c887988a0fe00e470c5e6a988e"
    "9a47db82ca40fde39bafdf6c29b583896bb4e015260178e5"
)
OLD_SESSION_HASH = "ca2a4fe727faaecf16ecd130a86e0885c5540c05375340445071c0657555fd42"


@pytest.fixture(scope="module")
def member() -> NewMember:
    """One new member; their keys cost two long derivations."""
    return member_keys(PASSWORD)


def test_keys_made_by_the_first_version_open_today() -> None:
    assert open_with_password(OLD_BY_PASSWORD, PASSWORD) == OLD_PAIR
    assert open_with_recovery(OLD_BY_RECOVERY, OLD_RECOVERY) == OLD_PAIR
    assert password_verify(OLD_HASH, PASSWORD)
    assert open_from_session(OLD_COOKIE, OLD_IN_SESSION) == OLD_PAIR
    assert session_hash(OLD_COOKIE).hex() == OLD_SESSION_HASH
    assert fingerprint(OLD_PAIR.public) == "54504 38169 58798 05396 81875 70089"


def test_a_member_opens_their_key_by_password_and_by_the_printed_key(member: NewMember) -> None:
    by_password = open_with_password(member.private_by_password, PASSWORD)
    assert by_password.public == member.public
    assert open_with_recovery(member.private_by_recovery, member.recovery_key_text) == by_password


def test_a_wrong_password_or_another_members_paper_opens_nothing(member: NewMember) -> None:
    with pytest.raises(CannotOpen) as refusal:
        open_with_password(member.private_by_password, "mot de passe e")
    assert refusal.value.args == ()
    with pytest.raises(CannotOpen):
        open_with_recovery(member.private_by_recovery, OLD_RECOVERY)


def test_the_two_ways_in_cannot_be_exchanged(member: NewMember) -> None:
    secret = "".join(member.recovery_key_text.split())[:25]
    with pytest.raises(CannotOpen):
        open_with_password(member.private_by_recovery, secret)


def test_a_keyboard_that_writes_the_accent_apart_opens_the_same_key() -> None:
    assert open_with_password(OLD_BY_PASSWORD, "mot de passe e\u0301") == OLD_PAIR
    assert password_verify(OLD_HASH, "mot de passe e\u0301")


def test_after_a_change_only_the_new_password_opens() -> None:
    changed = private_by_password(OLD_PAIR.private, "un autre")
    assert open_with_password(changed, "un autre") == OLD_PAIR
    with pytest.raises(CannotOpen):
        open_with_password(changed, PASSWORD)


def test_the_cost_of_a_guess_is_written_beside_the_key() -> None:
    assert Cost(65536, 3, 1) == MEMBER_COST
    assert struct.unpack_from(">BIBB", OLD_BY_PASSWORD) == (1, 65536, 3, 1)


@pytest.mark.parametrize(
    "head",
    [
        (2, 65536, 3, 1), (1, 2**32 - 1, 3, 1), (1, 65536, 0, 1), (1, 65536, 200, 1), (1, 65536, 3, 0),
        (1, 65536, 3, 9), (1, 7, 3, 1),
    ],
)  # fmt: skip
def test_a_planted_cost_does_not_take_the_machine_down(head: tuple[int, ...]) -> None:
    planted = struct.pack(">BIBB", *head) + OLD_BY_PASSWORD[7:]
    with pytest.raises(CannotOpen):
        open_with_password(planted, PASSWORD)


def test_a_cheaper_cost_cannot_be_written_over_the_real_one() -> None:
    planted = struct.pack(">BIBB", 1, 1024, 1, 1) + OLD_BY_PASSWORD[7:]
    with pytest.raises(CannotOpen):
        open_with_password(planted, PASSWORD)


@pytest.mark.parametrize("size", [0, 1, 22, 23, 47, 62])
def test_a_key_cut_short_does_not_open(size: int) -> None:
    with pytest.raises(CannotOpen):
        open_with_password(OLD_BY_PASSWORD[:size], PASSWORD)


def test_a_printed_key_has_six_groups_of_five_signs_that_look_unlike_each_other() -> None:
    text = recovery_for(new_pair().private).recovery_key_text
    assert [len(group) for group in text.split(" ")] == [5] * 6
    assert set("".join(text.split())) <= set(ALPHABET)
    assert len(set(ALPHABET)) == 32
    assert not set("0O1I") & set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        OLD_RECOVERY.lower(), OLD_RECOVERY.replace(" ", ""), OLD_RECOVERY.replace(" ", "-"),
        f"  {OLD_RECOVERY}\n", OLD_RECOVERY.replace(" ", " - "),
    ],
)  # fmt: skip
def test_a_printed_key_is_understood_however_it_is_typed(typed: str) -> None:
    assert recovery_normal(typed) == OLD_RECOVERY.replace(" ", "")


@pytest.mark.parametrize(
    "typed",
    ["", "94L2N", OLD_RECOVERY[:-1], OLD_RECOVERY + "2", OLD_RECOVERY.replace("9", "0"), "é" * 30],
)
def test_what_is_no_printed_key_is_told_at_once(typed: str) -> None:
    assert recovery_normal(typed) is None
    with pytest.raises(CannotOpen):
        open_with_recovery(OLD_BY_RECOVERY, typed)


def test_every_single_sign_copied_wrongly_is_noticed() -> None:
    signs = OLD_RECOVERY.replace(" ", "")
    for at, right in enumerate(signs):
        for wrong in set(ALPHABET) - {right}:
            assert recovery_normal(signs[:at] + wrong + signs[at + 1 :]) is None


def test_two_neighbouring_signs_exchanged_are_noticed() -> None:
    signs = OLD_RECOVERY.replace(" ", "")
    for at in range(len(signs) - 1):
        exchanged = signs[:at] + signs[at + 1] + signs[at] + signs[at + 2 :]
        assert exchanged == signs or recovery_normal(exchanged) is None


def test_a_password_is_stored_as_a_hash_of_todays_cost() -> None:
    stored = password_hash(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert stored != OLD_HASH
    assert not password_outdated(stored)
    assert password_outdated(stored.replace("t=3", "t=2"))
    assert not password_verify(stored, "mot de passe")


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$v=19$m=65536,t=3,p=1$AAAA", "$2b$12$abc"])
def test_a_damaged_hash_lets_nobody_in(stored: str) -> None:
    assert not password_verify(stored, PASSWORD)


def test_an_unknown_address_costs_what_a_wrong_password_costs() -> None:
    assert not password_verify(None, PASSWORD)
    known = min(_seconds(lambda: password_verify(OLD_HASH, "wrong")) for _ in range(3))
    unknown = min(_seconds(lambda: verify_unknown("wrong")) for _ in range(3))
    assert 0.6 < unknown / known < 1.7


def test_a_password_may_hold_half_a_character() -> None:
    assert not password_verify(OLD_HASH, "mot \ud800")


def test_a_session_opens_by_its_own_cookie_only() -> None:
    cookie, pair = bytes(range(32)), new_pair()
    blob = seal_private_for_session(cookie, pair.private)
    assert pair.private not in blob
    assert open_from_session(cookie, blob) == pair
    for wrong, kept in ((bytes(32), blob), (cookie[:31], blob), (cookie, blob[:-1]), (cookie, b"")):
        with pytest.raises(CannotOpen):
            open_from_session(wrong, kept)


def test_a_cookie_too_short_to_be_secret_is_refused() -> None:
    with pytest.raises(CannotOpen):
        seal_private_for_session(b"short", OLD_PAIR.private)


def test_a_fingerprint_is_read_aloud_in_groups_of_digits() -> None:
    groups = fingerprint(new_pair().public).split(" ")
    assert len(groups) == 6
    assert all(len(group) == 5 and group.isdigit() for group in groups)
    assert fingerprint(new_pair().public) != " ".join(groups)


def test_whoever_finds_no_turn_is_told_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "PATIENCE_SECONDS", 0.01)
    turns = BoundedSemaphore(1)
    with turns, pytest.raises(Unavailable):
        stretched(b"secret", b"salt of eight", Cost(64, 1), turns)
    assert len(stretched(b"secret", b"salt of eight", Cost(64, 1), turns)) == 32


def test_nothing_secret_is_shown_when_printed(member: NewMember) -> None:
    shown = repr(member) + repr(recovery_for(OLD_PAIR.private))
    assert "recovery_key_text" not in shown
    assert "private" not in shown


def _seconds(check: Callable[[], bool]) -> float:
    """Of processor time, so that other work on the machine does not count."""
    start = process_time()
    assert not check()
    return process_time() - start
