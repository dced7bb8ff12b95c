"""Is a help number given only while somebody has verified it?"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from grievance.rules.hotlines import Hotlines

TODAY = date(2026, 11, 24)
HERE = {"number": "+243 000 000 000", "verified_on": date(2026, 11, 1), "provinces": ["Lualaba"]}
EVERYWHERE = {"number": "+243 000 000 001", "verified_on": date(2026, 10, 1)}
HELP = Path(__file__).parents[2] / "config" / "help.toml"


def test_no_number_is_delivered_with_the_software() -> None:
    hotlines = Hotlines.from_table(tomllib.loads(HELP.read_text(encoding="utf-8")))
    assert hotlines.numbers == ()
    assert hotlines.help_number("Lualaba", TODAY) is None


@pytest.mark.parametrize(
    ("province", "number"),
    [("Lualaba", "+243 000 000 000"), ("Haut-Katanga", "+243 000 000 001"), (None, "+243 000 000 001")],
)
def test_the_most_lately_verified_number_that_helps_there_is_given(province: str | None, number: str) -> None:
    hotlines = Hotlines.from_table({"valid_days": 90, "numbers": [EVERYWHERE, HERE]})
    assert hotlines.help_number(province, TODAY) == number


@pytest.mark.parametrize("today", [date(2027, 1, 31), date(2026, 10, 31)])
def test_a_number_verified_too_long_ago_or_in_the_future_is_not_given(today: date) -> None:
    assert Hotlines.from_table({"valid_days": 90, "numbers": [HERE]}).help_number("Lualaba", today) is None


def test_a_number_without_the_day_of_its_verification_is_refused() -> None:
    with pytest.raises(KeyError):
        Hotlines.from_table({"valid_days": 90, "numbers": [{"number": "+243 000 000 000"}]})
    with pytest.raises(TypeError):
        Hotlines.from_table({"valid_days": 90, "numbers": [{"number": "1", "verified_on": "hier"}]})
