"""Is this a telephone number that can be texted? As people type it, read as a number of DR Congo."""

from __future__ import annotations

import phonenumbers

HOME = "CD"


def possible_number(typed: str | None) -> str | None:
    """The number as +243…, or None when nobody could have it."""
    try:
        number = phonenumbers.parse(typed or "", HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
