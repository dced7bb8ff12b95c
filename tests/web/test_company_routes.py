"""A company's member asks every address with every form: does any answer name the person or the case?"""

from __future__ import annotations

from collections.abc import Container, Iterator
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import AnyConverter, BaseConverter, Rule, UUIDConverter

from tests import desk_work, superuser
from tests.access.matrix import METHODS
from tests.access.people import Person, signed_in
from tests.access.test_matrix import ENDS
from tests.figures import Tell
from tests.fixtures import Town
from tests.services import Services
from tests.web.canaries import betrayed, played, told_by

VALID = {
    "text": "Deux gardes étaient là.", "days": "5", "reason": "Deux témoins.", "kind": "apology",
    "proof": "Reçu 114.", "language": "fr", "kinds": "company",
}  # fmt: skip
# Once what nobody can see is taken out, nothing of these is left.
EMPTIED = dict.fromkeys(("text", "proof", "reason"), "\x00\x00")
FORMS: tuple[dict[str, str], ...] = (VALID, {}, EMPTIED | {"days": "many", "kind": "none"})
# Rooms that look at who asks; the others answer everybody alike, and are asked once.
OWN_ROOMS = frozenset({"company", "account", "members", "key_changes", "step_up", "doors"})
# Rooms where something asks for a fresh proof.
PROVED_ROOMS = frozenset({"account", "members", "key_changes", "step_up"})


def addresses(app: Flask, rooms: Container[str], referral: str) -> Iterator[tuple[str, str]]:
    """Every method and address; what an address names is nobody's, but the referral is the company's own."""
    adapter = app.url_map.bind("127.0.0.1")
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint in ENDS, rule.rule))
    for rule in (one for one in rules if one.endpoint.partition(".")[0] in rooms):
        for method in sorted(rule.methods & METHODS):
            yield method, adapter.build(rule.endpoint, {**_places(rule), "code": referral}, method=method)


def _places(rule: Rule) -> dict[str, object]:
    return {name: _place(rule._converters[name]) for name in rule.arguments}


def _place(converter: BaseConverter) -> object:
    if isinstance(converter, UUIDConverter):
        return uuid4()
    return min(converter.items) if isinstance(converter, AnyConverter) else "x"


def everything_said(who: Person, rooms: Container[str], referral: str) -> Iterator[tuple[int, str]]:
    """Each address with each form, with the page's token and without it; no redirect is followed."""
    token = who.csrf
    for method, address in addresses(who.app, rooms, referral):
        tries = [(dict(form), token) for form in (FORMS if method != "GET" else ({},))]
        for form, carried in [*tries, *([(dict(VALID), None)] if method != "GET" else [])]:
            who.csrf = carried
            answer = who.ask(method, address, form)
            assert answer.status_code < 500 or address.startswith("/readyz"), f"{method} {address}"
            yield answer.status_code, told_by(answer)


@pytest.mark.figures
def test_no_address_names_them_to_a_company_whatever_is_sent(town: Town, figure: Tell) -> None:
    _, referral, canaries = played(town)
    world, rooms = town.world, {rule.endpoint.partition(".")[0] for rule in town.app.url_map.iter_rules()}
    said = list(everything_said(signed_in(town.app, world.provider.members[0]), rooms, referral))
    for company in (world.mine, world.second_provider):
        said += everything_said(signed_in(town.app, company.members[0]), OWN_ROOMS, referral)

    assert len(said) > 600
    assert {200, 303, 400, 404, 409, 422} <= {status for status, _ in said}
    assert desk_work.SUMMARY in "".join(words for _, words in said)
    found = betrayed(canaries, [words for _, words in said])
    figure(f"fields: {len(said)} answers to three companies, {len(found)} identity canaries in them")
    assert found == set()


def test_nor_where_they_are_asked_again_who_they_are(town: Town, services: Services) -> None:
    _, referral, canaries = played(town)
    who = signed_in(town.app, town.world.provider.members[0])
    superuser.run(services, town, text("update staff_session set proved_at = null"))
    said = list(everything_said(who, PROVED_ROOMS, referral))

    assert len(said) > 60
    assert [words for _, words in said if 'data-action="prove"' in words]
    assert betrayed(canaries, [words for _, words in said]) == set()
