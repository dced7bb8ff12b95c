"""Does a page that says no lead somewhere, and to the same place whether a thing is missing or foreign?"""

from __future__ import annotations

import pytest

from grievance.http_errors import STAFF_ROOMS
from tests.fixtures import Town

# The blueprints in which a signed-in member is; the doors stand outside, machines have the rest.
ROOMS = frozenset({
    "account", "admin", "company", "confirmations", "desk", "key_changes", "members", "oversight", "phone",
    "step_up",
})  # fmt: skip


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("/fr/rien", "/fr/"), ("/sw/hakuna", "/sw/"), ("/nothing", "/"), ("/desk/nothing", "/room"),
        ("/admin/x", "/room"), ("/members/keys/x", "/room"), ("/prove/x", "/room"), ("/coverage/x", "/room"),
        ("/keys", "/"),
    ],
)  # fmt: skip
def test_a_page_that_is_not_there_leads_back_to_the_beginning(address: str, back: str, town: Town) -> None:
    page = town.app.test_client().get(address)
    assert page.status_code == 404
    assert f'<a href="{back}">' in page.text


def test_the_rooms_that_lead_back_to_a_member_s_own_are_those_there_are(town: Town) -> None:
    rules = [rule for rule in town.app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in ROOMS]

    assert {rule.endpoint.partition(".")[0] for rule in rules} == ROOMS
    assert {rule.rule.split("/")[1] for rule in rules} == STAFF_ROOMS


def test_the_page_that_asks_again_who_a_member_is_leads_back_to_their_room(town: Town) -> None:
    refused = town.app.test_client().get("/prove")

    assert refused.status_code == 405
    assert '<a href="/room">' in refused.text
