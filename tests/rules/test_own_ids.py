"""Each piece of a text has an id of its own, and the id leads back to the text."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.rules.own_ids import OwnId, read, written

TEXT = UUID("0f0e0d0c-0b0a-0908-0706-050403020100")


def test_the_first_piece_has_the_id_of_the_text() -> None:
    assert written(OwnId(TEXT)) == "0f0e0d0c-0b0a-0908-0706-050403020100"
    assert written(OwnId(TEXT, 2)) == "0f0e0d0c0b0a09080706050403020100-2"


@given(st.uuids(), st.integers(0, 999))
def test_an_id_leads_back_to_its_text_and_place(text_id: UUID, place: int) -> None:
    own = OwnId(text_id, place)
    assert read(written(own)) == own
    assert len(written(own)) <= 36


@pytest.mark.parametrize(
    "told",
    [
        None, "", "x", "0f0e0d0c0b0a09080706050403020100", "0f0e0d0c0b0a09080706050403020100-",
        "0f0e0d0c0b0a09080706050403020100-0", "0f0e0d0c0b0a09080706050403020100-01",
        "0f0e0d0c0b0a09080706050403020100-1000", "0f0e0d0c0b0a09080706050403020100-²",
        "0f0e0d0c0b0a09080706050403020100-x", "{0f0e0d0c-0b0a-0908-0706-050403020100}",
        "0F0E0D0C-0B0A-0908-0706-050403020100", "zf0e0d0c0b0a09080706050403020100-1",
    ],
)  # fmt: skip
def test_what_is_not_written_so_is_no_id_of_ours(told: str | None) -> None:
    assert read(told) is None


@given(st.text(max_size=40))
def test_whatever_a_report_names_is_no_fault(told: str) -> None:
    own = read(told)
    assert own is None or written(own) == told
