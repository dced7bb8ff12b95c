"""Who tries every door? Each kind of person with a browser that is signed in, or was, or never was."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from grievance.actions import follow, sign_in
from grievance.store.actors import door_actor
from grievance.store.keyring import session_hash
from grievance.store.models import StaffSession, VisitorSession
from grievance.store.session import transaction
from grievance.web.sessions import PLAIN_NAME
from tests.make import Someone, World

ANONYMOUS = "anonymous"


@dataclass
class Person:
    """One browser: its cookie, and the token that its pages would carry."""

    app: Flask
    cookie: str | None = field(default=None, repr=False)
    csrf: str | None = field(default=None, repr=False)

    def ask(self, method: str, path: str, form: dict[str, object] | None = None) -> TestResponse:
        """One request as this person's browser sends it, with the token on every unsafe one."""
        data = dict(form or {})
        if method not in ("GET", "HEAD") and self.csrf is not None:
            data["csrf_token"] = self.csrf
        with self.app.app_context():
            return self._client().open(path, method=method, data=data or None, buffered=True)

    def _client(self) -> FlaskClient:
        client = self.app.test_client()
        if self.cookie:
            client.set_cookie(PLAIN_NAME, self.cookie)
        return client


def now() -> datetime:
    """This instant; sessions always use the real time."""
    return datetime.now(UTC)


def everybody(app: Flask, world: World, receipts: tuple[str, str]) -> dict[str, Person]:
    """Every kind of person by name. `receipts` are those of the two complainants."""
    desk, backup = world.desk, world.backup
    members = {
        "worker": desk.members[0], "lane outsider": _outsider(desk.members), "lead": _lead(desk.members),
        "other worker": backup.members[0], "other lead": _lead(backup.members),
        "company": world.provider.members[0], "other company": world.second_provider.members[0],
        "client": world.mine.members[0], "overseer": world.overseer.members[0],
        "administrator": world.host.members[0],
    }  # fmt: skip
    found = {ANONYMOUS: Person(app)} | {name: signed_in(app, one) for name, one in members.items()}
    found["complainant"], found["other complainant"] = (visiting(app, receipt) for receipt in receipts)
    found["revoked member"] = _ended(signed_in(app, desk.members[0]))
    found["revoked complainant"] = _ended(visiting(app, receipts[0]))
    return found


def signed_in(app: Flask, someone: Someone) -> Person:
    """A member with an open session."""
    return _with(app, sign_in.begin_staff(someone.row, someone.pair, now=now()))


def visiting(app: Flask, receipt: str) -> Person:
    """A complainant who came back with their receipt."""
    return _with(app, follow.come_back(receipt, now=now()))


def _with(app: Flask, cookie: str) -> Person:
    hashed = session_hash(sign_in._raw(cookie))
    with transaction(door_actor(hashed)) as session:
        staff = session.scalar(select(StaffSession.csrf).where(StaffSession.cookie_hash == hashed))
        raw = staff or session.scalar(select(VisitorSession.csrf).where(VisitorSession.cookie_hash == hashed))
    signer = URLSafeTimedSerializer(app.config["WTF_CSRF_SECRET_KEY"], salt="wtf-csrf-token")
    return Person(app, cookie, signer.dumps(raw))


def _ended(person: Person) -> Person:
    """The same browser after its session was ended elsewhere: it still sends cookie and token."""
    sign_in.end(person.cookie, now=now())
    return person


def _lead(members: list[Someone]) -> Someone:
    return next(one for one in members if one.row.role.value == "case_lead")


def _outsider(members: list[Someone]) -> Someone:
    return next(one for one in members if not one.row.in_child_lane)
