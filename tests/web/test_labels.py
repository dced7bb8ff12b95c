"""Has every choice a name, and every refusal a sentence?"""

from __future__ import annotations

from enum import StrEnum

import pytest

from grievance import terms, vocabulary
from grievance.labels import TABLES, label
from grievance.reasons import SENTENCES, UNKNOWN, sentence_of
from grievance.rules.consent import Missing

# Chosen by machines for machines; nobody reads it on a page.
NEVER_SHOWN = {"DatabaseRole"}


def _enums() -> list[type[StrEnum]]:
    named = {**vars(terms), **vars(vocabulary)}.values()
    return [
        each
        for each in named
        if isinstance(each, type)
        and issubclass(each, StrEnum)
        and len(each)
        and each.__name__ not in NEVER_SHOWN
    ]


@pytest.mark.parametrize("enum", _enums(), ids=lambda enum: enum.__name__)
def test_every_choice_has_a_name(enum: type[StrEnum]) -> None:
    assert [member for member in enum if member not in TABLES[enum]] == []
    assert all(label(member) is not None for member in enum)


def test_every_condition_of_a_referral_has_its_sentence() -> None:
    assert [missing.value for missing in Missing if missing.value not in SENTENCES] == []


def test_a_code_without_a_sentence_is_still_answered_in_words() -> None:
    assert sentence_of("no_such_code") is UNKNOWN
