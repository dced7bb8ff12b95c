"""What a desk types about a place: does a name or a house ever come into a column that stands in clear?"""

from __future__ import annotations

import pytest

from grievance.store.models import Case
from tests import slips
from tests.fixtures import Town
from tests.slips import PageKey, sent, slip
from tests.web.desk_pages import Desk, reported, sit
from tests.web.test_public_follow import rows

HOUSE = "chez Kasongo, au puits"


@pytest.fixture
def desk(town: Town) -> Desk:
    """A case worker who holds the triage key, signed in."""
    return sit(town, town.world.desk.members[0])


def places(town: Town) -> list[tuple[str | None, str | None]]:
    """Province and territory of each case, as a dump has them."""
    return [(case.province, case.territory) for case in rows(town, Case)]


def test_a_place_in_no_list_told_at_the_desk_is_kept_sealed_beside_the_village(
    town: Town, desk: Desk
) -> None:
    told = slips.TOLD | {"province": "Katanga", "territory": HOUSE, "near": "Kapata"}
    desk.get("/desk/new").do("assisted", **told)

    assert desk.status == 200
    assert places(town) == [(None, None)]
    code = desk.text.split('data-code="')[1].split('"')[0]
    assert f"Kapata, {HOUSE}, Katanga" in desk.knowing_nobody(code).text


def test_a_place_in_a_list_is_known_however_it_was_typed(town: Town, desk: Desk) -> None:
    desk.get("/desk/new").do("assisted", **slips.TOLD | {"province": "lualaba", "territory": "KOLWEZI"})

    assert places(town) == [("Lualaba", "Kolwezi")]


def test_a_slip_with_a_place_in_no_list_is_taken_and_the_place_is_sealed(town: Town, desk: Desk) -> None:
    answer = sent(desk, slip(PageKey.of(desk), territory=HOUSE))

    assert answer.status_code == 201
    assert places(town) == [("Lualaba", None)]
    assert HOUSE in desk.knowing_nobody(answer.get_json()["code"]).text


@pytest.mark.parametrize("field", ["province", "territory"])
def test_a_triage_chooses_its_place_from_a_list_and_takes_no_words(
    town: Town, desk: Desk, field: str
) -> None:
    code = reported(town)
    desk.knowing_nobody(code).do("take")
    before = places(town)
    form = {"severity": "serious", "harms": ["assault"], "actor": "private", "lane": "general"}
    page = desk.page

    desk.do("triage", **form, **{field: HOUSE})
    assert desk.status == 422
    assert "Choisissez une des réponses" in desk.text
    assert places(town) == before

    desk.page = page
    desk.do("triage", **form, province="Haut-Katanga", territory="Likasi")
    assert places(town) == [("Haut-Katanga", "Likasi")]
