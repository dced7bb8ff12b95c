"""Does a receipt always lead back to its own thread, and a stolen database to none?"""

from __future__ import annotations

import re
import time
from contextlib import ExitStack
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.rules.keywords import normal_code
from grievance.store import keyring, receipts
from grievance.store.config_values import receipt_label
from grievance.store.receipts import (
    RECEIPT_COST,
    RECEIPT_TURNS,
    Opening,
    Pepper,
    mint,
    mint_code,
    minted_for,
    normal,
    open_receipt,
    shown,
)
from grievance.store.sealing import pair_of
from grievance.terms import Busy, CannotOpen, Unavailable

RECEIPT = "1234567890123456"
FIRST, SECOND = (1, bytes(32)), (2, bytes([2]) * 32)
# What the first version of this system made of that receipt and those peppers.
OLD_LOOKUP = bytes.fromhex("b32c249d9e91d24c510906a9761c81cabdbdc812719865536e35262b739e6238")
OLD_PUBLIC = bytes.fromhex("bb164ea46f0325f6c3ac3f27ccb9a666c5b4e2cc0fa055ddb2efcac3cc5c1602")
OLD_PRIVATE = bytes.fromhex("c2c5631f1f63840bd0b17222b1fe1778168221811d91115b2831e2486f2997ea")
OLD_HIDDEN = bytes.fromhex(
    "000123b73597446e240511aaae7b1985592624d1ccd4e5a877468473789f0d2be8326b690e6c439e10fc5f92948ad1605c31"
)
NEW_HIDDEN = bytes.fromhex(
    "000296e80e3b99d2fc03bca83a8ecac1c71645af00aba3807777f16634a4a5baa3c407bbbc0f84293365bcb309eabb8d8bc2"
)


@pytest.fixture(scope="module")
def opening() -> Opening:
    """The opening of the one receipt of this page."""
    return open_receipt(RECEIPT)


def test_a_receipt_from_the_first_day_opens_its_thread_today(opening: Opening) -> None:
    assert opening.lookup == OLD_LOOKUP
    assert opening.pair.public == OLD_PUBLIC
    assert opening.pair.private == OLD_PRIVATE
    assert pair_of(OLD_PRIVATE) == opening.pair


def test_it_opens_however_it_was_typed(opening: Opening) -> None:
    assert open_receipt(" 1234-5678 9o12 3456 ".replace("o", "O")) == opening


def test_another_receipt_has_nothing_in_common(opening: Opening) -> None:
    other = open_receipt("1234567890123457")
    assert other.lookup != opening.lookup
    assert other.pair.public != opening.pair.public


def test_what_a_receipt_opens_is_not_what_finds_it(opening: Opening) -> None:
    assert len({opening.lookup, opening.pair.public, opening.pair.private}) == 3
    assert repr(opening) == "Opening()"


def test_a_receipt_is_sixteen_digits_shown_in_fours() -> None:
    minted = {mint() for _ in range(200)}
    assert len(minted) == 200
    assert all(re.fullmatch(r"\d{16}", receipt) for receipt in minted)
    assert shown(RECEIPT) == "1234 5678 9012 3456"


@given(st.integers(0, 10**16 - 1))
def test_what_we_show_is_what_we_understand(number: int) -> None:
    receipt = f"{number:016d}"
    assert normal(shown(receipt)) == receipt


@pytest.mark.parametrize(
    "typed",
    [
        "1234 5678 9012 3456", "1234-5678-9012-3456", "  1234567890123456\r\n", "1234.5678.9012.3456",
        "l234 5678 9O12 3456", "I234 5678 9o12 3456", "1234\u00a05678\u202f9012\u20133456",
        "\u0661\u0662\u0663\u0664 5678 9012 3456", "\uff11\uff12\uff13\uff14567890123456",
    ],
)  # fmt: skip
def test_a_receipt_copied_by_hand_is_understood(typed: str) -> None:
    assert normal(typed) == RECEIPT


@pytest.mark.parametrize(
    "typed",
    ["", "1234", RECEIPT + "7", RECEIPT[:-1], "1234 5678 9012 345x", "\u00b2" * 16, "mbwa", "1" * 100_000],
)
def test_what_is_no_receipt_is_refused_at_once(typed: str) -> None:
    assert normal(typed) is None
    with pytest.raises(CannotOpen):
        open_receipt(typed)


def test_a_receipt_is_understood_in_two_hundred_signs_and_not_in_more() -> None:
    assert normal(RECEIPT + " " * (200 - 16)) == RECEIPT
    assert normal(RECEIPT + " " * (201 - 16)) is None


def test_a_machine_s_report_has_the_receipt_it_had_on_the_first_day() -> None:
    assert minted_for(b"machine\x00told", (FIRST,)) == "8007957093393081"
    assert minted_for(b"machine\x00told", (FIRST, SECOND)) == "2725094375951111"
    assert minted_for(b"machine\x00told more", (FIRST,)) != "8007957093393081"
    assert minted_for(b"report 6", (FIRST,)) == "0287859675779014"


def test_one_guess_costs_nineteen_megabytes_and_two_passes() -> None:
    assert (RECEIPT_COST.memory, RECEIPT_COST.passes, RECEIPT_COST.lanes) == (19 * 1024, 2, 1)


def test_a_crowd_at_the_door_waits_its_turn_and_staff_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "PATIENCE_SECONDS", 0.01)
    with ExitStack() as crowd:
        for _ in range(RECEIPT_TURNS):
            crowd.enter_context(receipts.TURNS)
        with pytest.raises(Unavailable):
            open_receipt(RECEIPT)
        assert not keyring.verify_unknown("somebody")
    assert open_receipt(RECEIPT).lookup == OLD_LOOKUP


def test_in_a_flood_there_is_one_turn_and_nobody_else_waits_for_it() -> None:
    begun = time.monotonic()
    with receipts.CROWD_TURNS:
        with pytest.raises(Busy):
            open_receipt(RECEIPT, in_crowd=True)
        # A tenth of a second, not the eight that somebody alone would wait.
        assert time.monotonic() - begun < keyring.PATIENCE_SECONDS / 2
        assert open_receipt(RECEIPT).lookup == OLD_LOOKUP
    assert open_receipt(RECEIPT, in_crowd=True).lookup == OLD_LOOKUP


def test_a_hidden_lookup_from_the_first_day_is_found_today() -> None:
    assert Pepper((FIRST,)).hide(OLD_LOOKUP) == OLD_HIDDEN
    assert Pepper((FIRST, SECOND)).hide(OLD_LOOKUP) == NEW_HIDDEN
    assert Pepper((FIRST, SECOND)).candidates(OLD_LOOKUP) == (NEW_HIDDEN, OLD_HIDDEN)
    assert Pepper((FIRST, SECOND)).reveal(OLD_HIDDEN) == OLD_LOOKUP


def test_a_pepper_is_changed_without_any_receipt() -> None:
    both = Pepper((FIRST, SECOND))
    assert both.outdated(OLD_HIDDEN)
    assert not Pepper((FIRST,)).outdated(OLD_HIDDEN)
    assert both.rehide(OLD_HIDDEN) == NEW_HIDDEN
    assert not both.outdated(NEW_HIDDEN)
    assert Pepper((SECOND,)).reveal(NEW_HIDDEN) == OLD_LOOKUP
    with pytest.raises(CannotOpen):
        Pepper((SECOND,)).reveal(OLD_HIDDEN)


def test_a_lookup_that_misses_looks_again_where_a_row_may_have_moved_meanwhile() -> None:
    assert Pepper((FIRST,)).tries(OLD_LOOKUP) == (OLD_HIDDEN,)
    assert Pepper((FIRST, SECOND)).tries(OLD_LOOKUP) == (NEW_HIDDEN, OLD_HIDDEN, NEW_HIDDEN)


def test_what_is_bound_to_its_place_stays_bound_when_the_pepper_changes() -> None:
    place, elsewhere = (receipt_label("public_hidden", UUID(int=n), UUID(int=2)) for n in (1, 9))
    both = Pepper((FIRST, SECOND))
    hidden = Pepper((FIRST,)).hide(b"p" * 32, place)
    anew = both.rehide(hidden, place)

    assert not both.outdated(anew)
    assert both.reveal(anew, place) == b"p" * 32
    for blob, wrong in ((anew, elsewhere), (anew, None), (hidden, elsewhere), (hidden, None)):
        with pytest.raises(CannotOpen):
            both.reveal(blob, wrong)
    with pytest.raises(CannotOpen):
        both.rehide(hidden, elsewhere)


def test_without_the_pepper_a_stolen_database_tests_no_receipt() -> None:
    thief = Pepper(((1, bytes([9]) * 32),))
    assert thief.hide(OLD_LOOKUP) != OLD_HIDDEN
    with pytest.raises(CannotOpen):
        thief.reveal(OLD_HIDDEN)


@given(st.binary(min_size=1, max_size=300))
def test_whatever_is_hidden_is_revealed(value: bytes) -> None:
    pepper = Pepper((FIRST, SECOND))
    assert pepper.reveal(pepper.hide(value)) == value


def test_an_altered_hidden_value_is_refused() -> None:
    pepper = Pepper((FIRST, (2, bytes(32))))
    for at in range(len(OLD_HIDDEN)):
        altered = OLD_HIDDEN[:at] + bytes([OLD_HIDDEN[at] ^ 1]) + OLD_HIDDEN[at + 1 :]
        with pytest.raises(CannotOpen):
            pepper.reveal(altered)
    for wrong in (b"", b"\x00", OLD_HIDDEN[:2], OLD_HIDDEN[:17], b"\x00\x02" + OLD_HIDDEN[2:]):
        with pytest.raises(CannotOpen):
            pepper.reveal(wrong)


def test_a_pepper_shows_no_key_when_printed() -> None:
    assert repr(Pepper((FIRST, SECOND))) == "Pepper(versions=[1, 2])"


def test_a_case_code_is_one_that_an_sms_can_carry_back() -> None:
    codes = {mint_code() for _ in range(2000)}
    assert len(codes) > 1990
    for code in codes:
        assert normal_code(code) == code
        assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}", code)
        assert any(sign.isdigit() for sign in code)
