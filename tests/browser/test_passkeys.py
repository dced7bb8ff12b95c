"""Does a passkey work in a real browser: made on the account page, used at the door and for a proof?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import update
from werkzeug.serving import make_server

from grievance.store.models import StaffSession
from grievance.store.session import transaction
from grievance.terms import Actor, DatabaseRole, Role
from grievance.vocabulary import OrganisationKind
from tests import apps
from tests.browser import looks
from tests.browser.pages import LONGEST_WAIT
from tests.services import Database
from tests.web.doors import PASSWORD, Person, first_member, now

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@dataclass
class House:
    """The web on this machine, under the name that browsers make passkeys for."""

    app: Flask
    url: str


@pytest.fixture
def house(database: Database, redis_url: str, tmp_path: Path) -> Iterator[House]:
    """The web over an empty database, served on `localhost`."""
    app = apps.make_app(database, redis_url, apps.TestKeys(), tmp_path)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://localhost:{server.server_port}"
    app.config.update(SETTINGS=replace(app.config["SETTINGS"], public_url=url), PUBLIC_URL=url)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield House(app, url)
    server.shutdown()
    serving.join()
    server.server_close()
    apps.close(app)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser whose machine holds passkeys."""
    context = browser.new_context(locale="fr")
    context.set_default_timeout(3 * LONGEST_WAIT)
    opened = context.new_page()
    line = context.new_cdp_session(opened)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield opened
    context.close()


def _come_in(page: Page, house: House, person: Person, *, code: str) -> None:
    page.goto(f"{house.url}/sign-in")
    page.fill("[name='email']", person.email)
    page.fill("[name='password']", PASSWORD)
    page.fill("[name='code']", code)
    page.click("form[data-action='sign_in'] > button")
    page.wait_for_url("**/desk/")


def _with_passkey(page: Page, house: House, person: Person, password: str) -> None:
    page.goto(f"{house.url}/sign-in")
    page.fill("[name='email']", person.email)
    page.fill("[name='password']", password)
    page.click("[data-passkey] button")
    page.wait_for_load_state()


def _five_minutes_pass(house: House) -> None:
    """As if every member had proved who they are a while ago."""
    everybody = Actor(Role.ADMINISTRATOR, DatabaseRole.WEB, "test")
    with house.app.app_context(), transaction(everybody) as session:
        session.execute(update(StaffSession).values(proved_at=now() - timedelta(minutes=6)))


def test_a_passkey_is_made_and_opens_the_door_with_the_password(
    house: House, page: Page, tmp_path: Path
) -> None:
    lead = first_member(house.app, "ONG Exemple", OrganisationKind.CSO, Role.CASE_LEAD, "lead@ong.example")
    _come_in(page, house, lead, code=lead.code(now() + timedelta(seconds=30)))
    page.goto(f"{house.url}/account")
    page.fill("[name='name']", "Mon ordinateur")
    page.click("form[data-action='add_passkey'] button")
    page.wait_for_url("**/account?did=passkey")
    assert "Mon ordinateur" in page.locator("main").inner_text()
    page.click("form[data-action='sign_out'] button")
    page.wait_for_url("**/sign-in")

    _with_passkey(page, house, lead, "a wrong password")
    assert page.locator("[role='alert'] strong").inner_text() == "Vous n'êtes pas connecté."
    _with_passkey(page, house, lead, PASSWORD)
    page.wait_for_url("**/desk/")

    _five_minutes_pass(house)
    page.goto(f"{house.url}/members")
    page.fill("[name='email']", "neu@ong.example")
    page.check("[name='role'][value='case_worker']")
    page.click("form[data-action='invite'] button")
    page.wait_for_selector("form[data-action='prove']")
    found = [*looks.fits(page, "prove", looks.NARROW), *looks.says(page, "prove", "fr")]
    looks.photograph(page, tmp_path, "prove")
    page.fill("[name='proof_password']", PASSWORD)
    page.click("[data-passkey] button")
    page.wait_for_load_state()
    assert "/join/" in page.locator("main").inner_text()
    assert not found, looks.told(found)


def test_the_pages_of_an_account_look_finished(house: House, browser: Browser, tmp_path: Path) -> None:
    lead = first_member(house.app, "ONG Exemple", OrganisationKind.CSO, Role.CASE_LEAD, "lead@ong.example")
    context = browser.new_context(bypass_csp=True, locale="fr")
    context.set_default_timeout(3 * LONGEST_WAIT)
    page = context.new_page()
    _come_in(page, house, lead, code=lead.code(now() + timedelta(seconds=30)))
    found: list[looks.Found] = []
    for lang in ("sw", "en", "fr"):
        page.set_viewport_size({"width": looks.WIDE, "height": 800})
        page.goto(f"{house.url}/members")
        page.click(f"form.top-languages button[value='{lang}']")
        page.wait_for_load_state()
        page.goto(f"{house.url}/account")
        name = f"account-{lang}"
        found += looks.says(page, name, lang) + looks.accessible(page, name)
        found += looks.fits(page, name, looks.NARROW)
        looks.photograph(page, tmp_path, name)
    context.close()
    assert not found, looks.told(found)
