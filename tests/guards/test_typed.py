"""Is every field into which somebody can type planted with a word before what is stolen is searched?"""

from __future__ import annotations

import pytest

from tests import typed


@pytest.mark.parametrize(
    ("part", "there"), [("fields", typed.free_fields), ("read_otherwise", typed.readers)]
)
def test_every_place_where_words_come_in_is_in_the_list(part: str, there: object) -> None:
    found, known = there(), set(typed.listed()[part])
    assert found - known == set(), "a new field needs a line in tests/guards/typed.yaml, and a word planted"
    assert known - found == set(), "a field that is gone still has a line"


def test_each_line_names_ways_or_one_reason() -> None:
    for part in typed.listed().values():
        for place, how in part.items():
            assert how, place
            if not isinstance(how, list):
                assert len(how) == 1, place
                assert set(how) <= {"clear", "kept"}, place
                assert all(how.values()), place
