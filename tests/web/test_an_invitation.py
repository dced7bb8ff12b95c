"""How does a link make one account, for the one person it was meant for?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from flask import Flask

from grievance.actions import people
from grievance.actions.people import COMMAND_ACTOR, INVITATION_LIVES, Invited
from grievance.schemas.people import Invite
from grievance.terms import Role
from grievance.vocabulary import Language, OrganisationKind
from tests import apps
from tests.services import Database
from tests.web.doors import PASSWORD, SECRET, carried, join, now, organisation

EMAIL = "security@mine.example"


@pytest.fixture
def app(database: Database, redis_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The web over an empty database."""
    whole = apps.make_app(database, redis_url, apps.TestKeys(), tmp_path)
    yield whole
    apps.close(whole)


def invite(app: Flask, *emails: str) -> list[Invited]:
    """Invites them to one new company."""
    place = organisation(app, "Mine Exemple", OrganisationKind.MINE)
    with app.app_context():
        wanted = [Invite(place, Role.COMPANY, Language.FRENCH, email) for email in emails]
        return [people.invite(one, actor=COMMAND_ACTOR, now=now()) for one in wanted]


def test_it_opens_once_and_for_a_week(app: Flask) -> None:
    (invited,) = invite(app, EMAIL)
    with app.app_context():
        late = people.invite_again(invited.member_id, actor=COMMAND_ACTOR, now=now() - INVITATION_LIVES)
    stranger = app.test_client()
    assert stranger.get(f"/join/{invited.token}").status_code == 404
    assert stranger.get(f"/join/{late.token}").status_code == 409
    with app.app_context():
        good = people.invite_again(invited.member_id, actor=COMMAND_ACTOR, now=now())
    join(app, good.token, EMAIL, invited.member_id)
    assert stranger.get(f"/join/{good.token}").status_code == 409


def test_a_short_password_or_a_wrong_code_makes_no_account(app: Flask) -> None:
    (invited,) = invite(app, EMAIL)
    client = app.test_client()
    for typed in ({"password": "short", "code": "000000"}, {"password": PASSWORD, "code": "nothing"}, {}):
        assert client.post(f"/join/{invited.token}", data=typed).status_code == 422
    join(app, invited.token, EMAIL, invited.member_id)


def test_whoever_made_the_link_learns_no_second_proof_from_it(app: Flask) -> None:
    invited, other = invite(app, EMAIL, "b@mine.example")
    address = f"/join/{invited.token}"
    client = app.test_client()
    pages = [client.get(address), client.get(address), client.get(f"/join/{other.token}")]
    secrets = [SECRET.search(page.get_data(as_text=True)).group(1) for page in pages]
    assert len(set(secrets)) == 3
    noted = {"password": PASSWORD, "code": pyotp.TOTP(secrets[0]).now()}
    for of_another_page in [carried(pages[1]), carried(pages[2]), "", "AAAA", "%", "é"]:
        assert client.post(address, data=noted | {"carried": of_another_page}).status_code == 422
    of_another_link = noted | {"code": pyotp.TOTP(secrets[2]).now(), "carried": carried(pages[2])}
    assert client.post(address, data=of_another_link).status_code == 422
    join(app, invited.token, EMAIL, invited.member_id)


def test_a_page_sent_again_goes_on_with_the_secret_that_the_telephone_took(app: Flask) -> None:
    (invited,) = invite(app, EMAIL)
    address, client = f"/join/{invited.token}", app.test_client()
    page = client.get(address)
    secret = SECRET.search(page.get_data(as_text=True)).group(1)
    for wrong in ({"code": "nothing"}, {"password": "short", "code": "1"}):
        page = client.post(address, data={"password": PASSWORD, "carried": carried(page)} | wrong)
        assert page.status_code == 422
        assert SECRET.search(page.get_data(as_text=True)).group(1) == secret
    typed = {"password": PASSWORD, "code": pyotp.TOTP(secret).now(), "carried": carried(page)}
    assert client.post(address, data=typed).status_code == 200
