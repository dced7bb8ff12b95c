"""Whose number is this: how is it written everywhere, which operator carries it, and how is it shown?"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult

from grievance.vocabulary import Operator

# Letters are refused before parsing: the library would dial "1800FLOWERS" on a keypad.
_WRITTEN = re.compile(r"\+?[\d\s().\-/\u00a0]{3,40}")
_E164 = re.compile(r"\+[1-9][0-9]{4,14}")
# Other roads that carry the same number.
_ROADS = ("whatsapp:", "tel:", "sms:")


# Numbers cannot be taken from one operator to another there, so the prefix names the operator.
PREFIXES: dict[Operator, tuple[str, ...]] = {
    Operator.VODACOM: ("81", "82", "83"),
    Operator.ORANGE: ("80", "84", "85", "89"),
    Operator.AIRTEL: ("97", "98", "99"),
    Operator.AFRICELL: ("90", "91"),
}
_OPERATORS = {f"+243{prefix}": operator for operator, prefixes in PREFIXES.items() for prefix in prefixes}


def normal(text: str, region: str = "CD") -> str | None:
    """The number in E.164; None for what cannot be answered: names, short codes, impossible lengths."""
    written = text.strip()
    for road in _ROADS:
        written = written.removeprefix(road)
    if not _WRITTEN.fullmatch(written):
        return None
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    # `is_possible_number` also accepts what can be dialled only inside one town.
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def operator(e164: str) -> Operator:
    """The operator that carries a number given in E.164."""
    return _OPERATORS.get(e164[:6], Operator.OTHER) if len(e164) == 13 else Operator.OTHER


def dialled(e164: str) -> str:
    """The number as it is printed to be dialled from anywhere, « +243 990 000 000 »."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def masked(e164: str) -> str:
    """The number as the desk sees it, « +243 ••• ••• •67 »: country and two digits, else dots alone."""
    try:
        country = phonenumbers.parse(e164).country_code if _E164.fullmatch(e164) else None
    except phonenumbers.NumberParseException:
        country = None
    return f"+{country} ••• ••• •{e164[-2:]}" if country else "•••"
