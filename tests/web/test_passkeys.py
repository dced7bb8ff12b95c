"""Does a passkey let in its own member, on the right page, once, and only together with the password?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from grievance.actions import tries
from grievance.terms import Role
from grievance.vocabulary import OrganisationKind
from tests import apps
from tests.authenticator import Authenticator
from tests.services import Database
from tests.web.doors import PASSWORD, Person, a_code_later, first_member, now

TOKEN = re.compile(r'name="challenge" value="([^"]+)"')


@pytest.fixture
def app(database: Database, redis_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The web over an empty database."""
    whole = apps.make_app(database, redis_url, apps.TestKeys(), tmp_path)
    yield whole
    apps.close(whole)


@pytest.fixture
def lead(app: Flask) -> Person:
    """The first member of a desk, just joined."""
    return first_member(app, "ONG Exemple", OrganisationKind.CSO, Role.CASE_LEAD, "lead@ong.example")


def _page(person: Person, path: str) -> str:
    return unescape(person.client.get(path).get_data(as_text=True))


def _add(person: Person, key: Authenticator, name: str = "Téléphone"):
    page = _page(person, "/account")
    options = json.loads(re.search(r'data-options="(\{.*?\})" hidden', page).group(1))
    return person.post(
        "/account/passkeys", passkey=key.make(options["challenge"]), name=name,
        challenge=TOKEN.search(page).group(1),
    )  # fmt: skip


def _knock(person: Person, key: Authenticator, *, password: str = PASSWORD, email: str | None = None):
    page = _page(person, "/sign-in")
    asked = re.search(r'data-challenge="([^"]+)"', page).group(1)
    form = {
        "email": email or person.email, "password": password, "passkey": key.sign(asked),
        "challenge": TOKEN.search(page).group(1),
    }  # fmt: skip
    return form, person.client.post("/sign-in", data=form)


def test_a_member_adds_a_passkey_and_comes_in_with_it_and_the_password(lead: Person) -> None:
    key = Authenticator()
    assert _add(lead, key).headers["Location"].endswith("/account?did=passkey")
    assert "Téléphone" in _page(lead, "/account")
    lead.post("/sign-out")
    _, answer = _knock(lead, key)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/room")
    assert lead.client.get("/members").status_code == 200


def test_a_passkey_without_the_password_opens_nothing(lead: Person) -> None:
    key = Authenticator()
    _add(lead, key)
    lead.post("/sign-out")
    assert _knock(lead, key, password="not the password")[1].status_code == 422


def test_a_passkey_s_answer_works_once(lead: Person) -> None:
    key = Authenticator()
    _add(lead, key)
    lead.post("/sign-out")
    form, answer = _knock(lead, key)
    assert answer.status_code == 303
    assert lead.app.test_client().post("/sign-in", data=form).status_code == 422


def test_an_answer_from_a_look_alike_page_or_of_somebody_else_s_passkey_is_wrong(
    app: Flask, lead: Person
) -> None:
    _add(lead, Authenticator())
    other = first_member(app, "Autre ONG", OrganisationKind.CSO, Role.CASE_LEAD, "lead@autre.example")
    theirs = Authenticator()
    _add(other, theirs)
    for person in (lead, other):
        person.post("/sign-out")
    assert _knock(lead, theirs)[1].status_code == 422
    theirs.origin = "https://elsewhere.example"
    assert _knock(other, theirs)[1].status_code == 422
    theirs.origin = "http://localhost:8000"
    assert _knock(other, theirs)[1].status_code == 303


def test_a_page_that_stood_open_for_more_than_an_hour_asks_anew(lead: Person) -> None:
    key = Authenticator()
    _add(lead, key)
    lead.post("/sign-out")
    page = _page(lead, "/sign-in")
    form = {
        "email": lead.email, "password": PASSWORD, "challenge": TOKEN.search(page).group(1),
        "passkey": key.sign(re.search(r'data-challenge="([^"]+)"', page).group(1)),
    }  # fmt: skip
    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        assert lead.client.post("/sign-in", data=form).status_code == 422


@pytest.mark.parametrize("answer", ["x", "{}", "[]", '{"id": 5}', '{"id": "é"}', '{"id": "AAAA"}', "null"])
def test_what_is_no_passkey_s_answer_is_simply_wrong(lead: Person, answer: str) -> None:
    lead.post("/sign-out")
    form = {"email": lead.email, "password": PASSWORD, "passkey": answer, "challenge": "AAAA"}
    assert lead.client.post("/sign-in", data=form).status_code == 422


def test_many_wrong_tries_do_not_slow_a_passkey(lead: Person) -> None:
    key = Authenticator()
    _add(lead, key)
    lead.post("/sign-out")
    for _ in range(tries.MOST_FOR_ACCOUNT + 1):
        lead.sign_in(code="000000")
    assert _knock(lead, key)[1].status_code == 303


def test_a_removed_passkey_opens_nothing(lead: Person) -> None:
    key = Authenticator()
    _add(lead, key)
    place = re.search(r'action="(/account/passkeys/[^"]+/remove)"', _page(lead, "/account")).group(1)
    assert lead.post(place).status_code == 303
    lead.post("/sign-out")
    assert _knock(lead, key)[1].status_code == 422


def test_the_same_passkey_is_kept_once(lead: Person) -> None:
    key = Authenticator()
    assert _add(lead, key).status_code == 303
    assert _add(lead, key).status_code == 422


def test_where_the_data_is_real_an_administrator_comes_no_further_without_a_passkey(app: Flask) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], sample=False)
    admin = first_member(app, "Hébergeur", OrganisationKind.HOST, Role.ADMINISTRATOR, "a@host.example")
    for path in ("/admin/", "/members", "/room"):
        assert admin.client.get(path).headers["Location"] == "/account", path
    key = Authenticator()
    page = _page(admin, "/account")
    assert "clé d'accès" in page
    options = json.loads(re.search(r'data-options="(\{.*?\})" hidden', page).group(1))
    form = {
        "passkey": key.make(options["challenge"]), "challenge": TOKEN.search(page).group(1),
        "csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page).group(1),
    }  # fmt: skip
    assert admin.client.post("/account/passkeys", data=form).status_code == 303
    assert admin.client.get("/admin/").status_code == 200
    admin.post("/sign-out")
    assert admin.sign_in(code=a_code_later(admin)).status_code == 422
    assert _knock(admin, key)[1].status_code == 303
    place = re.search(r'action="(/account/passkeys/[^"]+/remove)"', _page(admin, "/account")).group(1)
    assert admin.post(place).status_code == 409


def test_with_invented_data_a_code_is_enough_for_an_administrator(app: Flask) -> None:
    admin = first_member(app, "Hébergeur", OrganisationKind.HOST, Role.ADMINISTRATOR, "a@host.example")
    admin.post("/sign-out")
    assert admin.sign_in(code=a_code_later(admin)).status_code == 303
    assert admin.client.get("/admin/").status_code == 200


def test_an_administrator_who_never_made_a_passkey_cannot_sign_in_with_real_data(app: Flask) -> None:
    admin = first_member(app, "Hébergeur", OrganisationKind.HOST, Role.ADMINISTRATOR, "a@host.example")
    admin.post("/sign-out")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], sample=False)
    assert admin.sign_in(code=a_code_later(admin)).status_code == 422


def test_without_script_nothing_of_a_passkey_is_drawn(lead: Person) -> None:
    lead.post("/sign-out")
    assert re.search(r'<div class="passkey"[^>]* hidden>', _page(lead, "/sign-in"))
    assert lead.sign_in(code=a_code_later(lead)).status_code == 303
