"""Are numbers written one way, carried by the right operator, and hidden from the desk?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.gateways.phone_book import Operator, masked, normal, operator


@pytest.mark.parametrize(
    "written",
    [
        "+243921234567",
        "0921234567",
        "921234567",
        "243921234567",
        "00243921234567",
        " +243 92 123 45 67 ",
        "+243-92-123-45-67",
        "(0)921234567",
        "whatsapp:+243921234567",
        "tel:+243921234567",
    ],
)
def test_one_number_is_written_one_way(written: str) -> None:
    assert normal(written) == "+243921234567"


def test_a_foreign_number_stays_itself() -> None:
    assert normal("+254 712 345 678") == "+254712345678"


@pytest.mark.parametrize(
    "written",
    ["MTN", "122", "*123#", "+1800FLOWERS", "Vodacom 4040", "", "   ", "+", "+243", "+24392",
     "+243921234567890", "0921234567;ext=5", "0921234567x5", "++243921234567", "1" * 300, "\x00",
     "messenger:12345678"],
)  # fmt: skip
def test_names_and_short_codes_are_never_answered(written: str) -> None:
    assert normal(written) is None


@given(st.text(max_size=60) | st.from_regex(r"\+?[0-9 ()./-]{0,45}", fullmatch=True))
def test_whatever_a_sender_is_called_it_is_a_number_or_nothing(written: str) -> None:
    number = normal(written)
    assert number is None or (number.startswith("+") and number[1:].isascii() and number[1:].isdigit())
    assert number is None or normal(number) == number


@pytest.mark.parametrize(
    ("prefixes", "expected"),
    [
        (("81", "82", "83"), Operator.VODACOM),
        (("80", "84", "85", "89"), Operator.ORANGE),
        (("97", "98", "99"), Operator.AIRTEL),
        (("90", "91"), Operator.AFRICELL),
        (("86", "87", "88", "92", "95", "96", "12"), Operator.OTHER),
    ],
)
def test_the_prefix_names_the_operator(prefixes: tuple[str, ...], expected: Operator) -> None:
    assert {operator(f"+243{prefix}1234567") for prefix in prefixes} == {expected}


def test_a_foreign_or_short_number_has_none_of_our_operators() -> None:
    assert operator("+254811234567") is Operator.OTHER
    assert operator("+24381123456") is Operator.OTHER
    assert operator("") is Operator.OTHER


def test_the_desk_sees_country_and_two_digits() -> None:
    assert masked("+243921234567") == "+243 ••• ••• •67"
    assert masked("+15005550006") == "+1 ••• ••• •06"


@given(st.text(max_size=30) | st.from_regex(r"\+[0-9]{1,16}", fullmatch=True))
def test_never_more_than_country_and_two_digits_are_shown(text: str) -> None:
    shown = masked(text)
    assert shown == "•••" or sum(sign.isdigit() for sign in shown) <= 5
