"""A long text comes in parts, in any order; the story is read as it was written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from grievance.rules.parts import Piece, in_order, part_of

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)


def piece(text: str, seconds: int) -> Piece:
    return Piece(NOW + timedelta(seconds=seconds), "story", text)


def test_texts_are_read_by_the_time_at_which_they_were_written() -> None:
    pieces = [piece("trois", 30), piece("un", 10), piece("deux", 20)]
    assert [one.text for one in in_order(pieces)] == ["un", "deux", "trois"]


@pytest.mark.parametrize("arrival", list(permutations((1, 2, 3))))
def test_numbered_parts_are_read_by_their_number_whatever_the_network_did(arrival: tuple[int, ...]) -> None:
    pieces = [piece(f"({number}/3) partie {number}", place) for place, number in enumerate(arrival)]
    around = [piece("avant", -5), *pieces, piece("apres", 60)]
    told = [one.text for one in in_order(around)]
    assert told == ["avant", *[f"({number}/3) partie {number}" for number in (1, 2, 3)], "apres"]


@pytest.mark.parametrize("text", ["26/11 les gardes", "3/2 fois", "le 1/3 du champ", "1/1 seul", "1/3"])
def test_a_date_or_a_fraction_is_no_part(text: str) -> None:
    assert part_of(text) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1/2 oui", (1, 2)), ("(2/3) oui", (2, 3)), ("[3/3] oui", (3, 3)), ("20/20 oui", (20, 20)),
        ("2 de 4: oui", (2, 4)), ("2 of 4 - oui", (2, 4)), ("21/21 non", None), ("0/2 non", None),
    ],
)  # fmt: skip
def test_a_part_tells_its_number_and_how_many_there_are(text: str, place: tuple[int, int] | None) -> None:
    assert part_of(text) == place
