"""How does a test come in by the doors that people use? Invited, joined, signed in, each alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from grievance.actions import people
from grievance.actions.people import COMMAND_ACTOR
from grievance.schemas.people import Invite
from grievance.store.models import Organisation
from grievance.store.session import transaction
from grievance.terms import Role
from grievance.vocabulary import Language, OrganisationKind

PASSWORD = "montagne rivière cobalt 7"
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
SECRET = re.compile(r"data-totp-secret>([A-Z2-7]+)<")
CARRIED = re.compile(r'name="carried" value="([^"]+)"')


def now() -> datetime:
    """This instant; sessions and codes always use the real time."""
    return datetime.now(UTC)


def organisation(app: Flask, name: str, kind: OrganisationKind) -> UUID:
    """An organisation as the host would make it."""
    row = Organisation(name=name, kind=kind, language=Language.FRENCH, created_at=now())
    with app.app_context(), transaction(COMMAND_ACTOR) as session:
        session.add(row)
    return row.id


@dataclass
class Person:
    """Somebody with a browser of their own, an e-mail, a password and an app for codes."""

    app: Flask
    email: str
    member_id: UUID
    client: FlaskClient = field(repr=False)
    secret: str = field(default="", repr=False)
    recovery_key: str = field(default="", repr=False)

    def code(self, at: datetime | None = None) -> str:
        """What their app shows."""
        return pyotp.TOTP(self.secret).at(at or now())

    def sign_in(self, *, password: str = PASSWORD, code: str | None = None, **headers: str):
        """Fills in the sign-in page."""
        form = {"email": self.email, "password": password, "code": code or self.code()}
        return self.client.post("/sign-in", data=form, headers=headers)

    def post(self, address: str, **fields: object):
        """Sends a form of ours, with the token that the page of the members carries."""
        page = self.client.get("/members").get_data(as_text=True)
        token = CSRF.search(page)
        return self.client.post(address, data={**fields, "csrf_token": token.group(1) if token else ""})


def carried(page: TestResponse) -> str:
    """What the page of an invitation carries of its telephone's secret."""
    return CARRIED.search(page.get_data(as_text=True)).group(1)


def join(app: Flask, token: str, email: str, member_id: UUID) -> Person:
    """Opens the link, reads the secret from the page, and joins."""
    person = Person(app, email, member_id, app.test_client())
    page = person.client.get(f"/join/{token}?lang=fr")
    assert page.status_code == 200
    person.secret = SECRET.search(page.get_data(as_text=True)).group(1)
    typed = {"password": PASSWORD, "code": person.code(), "carried": carried(page)}
    done = person.client.post(f"/join/{token}", data=typed)
    assert done.status_code == 200
    found = re.search(r"data-recovery-key>([^<]+)<", done.get_data(as_text=True))
    person.recovery_key = found.group(1)
    return person


def first_member(app: Flask, name: str, kind: OrganisationKind, role: Role, email: str) -> Person:
    """A new organisation and the first person in it."""
    organisation_id = organisation(app, name, kind)
    return another_member(app, organisation_id, role, email)


def another_member(app: Flask, organisation_id: UUID, role: Role, email: str) -> Person:
    """One more person in an organisation, invited by the host."""
    with app.app_context():
        wanted = Invite(organisation_id, role, Language.FRENCH, email)
        invited = people.invite(wanted, actor=COMMAND_ACTOR, now=now())
    return join(app, invited.token, email, invited.member_id)


def a_code_later(person: Person) -> str:
    """The code of the next half minute, which the door accepts already: each code works once."""
    totp = pyotp.TOTP(person.secret)
    return totp.at(now(), counter_offset=1)
