"""Does a page that says no lead somewhere, and to the same place whether a thing is missing or foreign?"""

from __future__ import annotations

import pytest

from tests.fixtures import Town


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("/fr/rien", "/fr/"), ("/sw/hakuna", "/sw/"), ("/nothing", "/"), ("/desk/nothing", "/room"),
        ("/admin/x", "/room"),
    ],
)  # fmt: skip
def test_a_page_that_is_not_there_leads_back_to_the_beginning(address: str, back: str, town: Town) -> None:
    page = town.app.test_client().get(address)
    assert page.status_code == 404
    assert f'<a href="{back}">' in page.text
