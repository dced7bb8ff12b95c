"""Can a member look after their own account, and does what weighs more ask again who they are?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from flask import Flask

from grievance.actions import entering, sign_in
from grievance.actions.people import COMMAND_ACTOR
from grievance.actions.sign_in import PROOF_LASTS, WrongSignIn
from grievance.store import keyring
from grievance.store.models import Member
from grievance.store.session import transaction
from grievance.terms import Role
from grievance.vocabulary import OrganisationKind
from tests import apps
from tests.services import Database
from tests.web.doors import CSRF, PASSWORD, Person, a_code_later, another_member, first_member, now

NEW = "une autre phrase secrète 9"
HELD = re.compile(r'name="proof_held" value="([^"]+)"')


@pytest.fixture
def app(database: Database, redis_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The web over an empty database."""
    whole = apps.make_app(database, redis_url, apps.TestKeys(), tmp_path)
    yield whole
    apps.close(whole)


@pytest.fixture
def lead(app: Flask) -> Person:
    """The first member of a desk, signed in."""
    return first_member(app, "ONG Exemple", OrganisationKind.CSO, Role.CASE_LEAD, "lead@ong.example")


def _text(answer) -> str:
    return unescape(answer.get_data(as_text=True))


def _again(person: Person) -> Person:
    """The same person in a second browser."""
    other = Person(
        person.app, person.email, person.member_id, person.app.test_client(), person.secret,
        person.recovery_key,
    )  # fmt: skip
    assert other.sign_in(code=a_code_later(other)).status_code == 303
    return other


def _organisation(person: Person) -> UUID:
    with person.app.app_context(), transaction(COMMAND_ACTOR) as session:
        return session.get(Member, person.member_id).organisation_id


def _prove(person: Person, page: str, address: str, **more: str):
    form = {
        "csrf_token": CSRF.search(page).group(1), "proof_held": HELD.search(page).group(1),
        "proof_password": PASSWORD, "proof_code": person.code(), **more,
    }  # fmt: skip
    return person.client.post(address, data=form)


def test_a_new_password_ends_every_other_session_and_opens_the_door(lead: Person) -> None:
    other = _again(lead)
    assert lead.post("/account/password", password=NEW).headers["Location"] == "/account?did=password"
    assert lead.client.get("/members").status_code == 200
    assert other.client.get("/members").headers["Location"] == "/sign-in"
    lead.post("/sign-out")
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        assert lead.sign_in().status_code == 422
    with time_machine.travel(now() + timedelta(minutes=4), tick=False):
        assert lead.sign_in(password=NEW).status_code == 303
        assert "Clé du bureau" in _text(lead.client.get("/members"))


def test_a_short_password_changes_nothing_and_says_so(lead: Person) -> None:
    answer = lead.post("/account/password", password="short")
    assert answer.status_code == 422
    assert "au moins 12 caractères" in _text(answer)


def test_a_new_recovery_key_makes_the_old_paper_useless(lead: Person) -> None:
    page = _text(lead.post("/account/recovery"))
    fresh = re.search(r"data-recovery-key>([^<]+)<", page).group(1)
    assert fresh != lead.recovery_key
    form = {"email": lead.email, "password": NEW, "code": a_code_later(lead)}
    visitor = lead.app.test_client()
    assert visitor.post("/recover", data={**form, "recovery_key": lead.recovery_key}).status_code == 422
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        form |= {"code": lead.code(), "recovery_key": fresh}
        assert visitor.post("/recover", data=form).status_code == 200


def test_a_member_sees_where_they_are_signed_in_and_ends_it(lead: Person) -> None:
    other = _again(lead)
    page = _text(lead.client.get("/account"))
    assert page.count("Un autre navigateur") == 1
    (place,) = re.findall(r'action="(/account/sessions/[0-9a-f-]+/end)"', page)
    assert lead.post(place).status_code == 303
    assert other.client.get("/members").status_code == 303
    assert lead.client.get("/members").status_code == 200
    assert lead.post(place).status_code == 404


def test_all_other_sessions_end_with_one_button(lead: Person) -> None:
    other = _again(lead)
    assert lead.post("/account/sessions/end-others").status_code == 303
    assert other.client.get("/account").status_code == 303
    assert "Un autre navigateur" not in _text(lead.client.get("/account"))


def test_nobody_ends_the_session_of_somebody_else(app: Flask, lead: Person) -> None:
    colleague = another_member(app, _organisation(lead), Role.CASE_WORKER, "w@ong.example")
    _again(colleague)
    page = _text(colleague.client.get("/account"))
    (place,) = re.findall(r'action="(/account/sessions/[0-9a-f-]+/end)"', page)
    assert lead.post(place).status_code == 404


def test_another_role_ends_every_session(app: Flask, lead: Person) -> None:
    worker = another_member(app, _organisation(lead), Role.CASE_WORKER, "w@ong.example")
    assert lead.post(f"/members/{worker.member_id}/role", role="case_lead").status_code == 303
    assert worker.client.get("/desk/").headers["Location"] == "/sign-in"
    assert lead.post(f"/members/{worker.member_id}/role", role="administrator").status_code == 409
    assert lead.post(f"/members/{lead.member_id}/role", role="case_worker").status_code == 409


def test_what_weighs_more_asks_again_after_five_minutes_and_loses_no_word(app: Flask, lead: Person) -> None:
    with time_machine.travel(now() + PROOF_LASTS + timedelta(seconds=1), tick=False):
        asked = lead.post("/members", email="neu@ong.example", role="case_worker", language="sw")
        page = _text(asked)
        assert asked.status_code == 403
        assert "Est-ce toujours vous" in page
        assert "neu@ong.example" not in page
        done = _prove(lead, page, "/members?")
        assert done.status_code == 200
        assert "/join/" in _text(done)
        assert "neu@ong.example" in _text(lead.client.get("/members"))
        assert lead.post("/members/recovery").status_code == 200


def test_a_wrong_proof_does_nothing_and_keeps_what_was_typed(lead: Person) -> None:
    with time_machine.travel(now() + PROOF_LASTS + timedelta(seconds=1), tick=False):
        page = _text(lead.post("/members", email="neu@ong.example", role="case_worker", language="sw"))
        wrong = _prove(lead, page, "/members?", proof_password="not the password")
        assert wrong.status_code == 422
        assert "neu@ong.example" not in _text(lead.client.get("/members"))
        used = _prove(lead, _text(wrong), "/members?")
        assert used.status_code == 422  # that code came with a wrong password, and is used up
        done = _prove(lead, _text(used), "/members?", proof_code=lead.code(now() + timedelta(seconds=30)))
        assert done.status_code == 200


def test_what_waits_for_a_proof_goes_to_its_own_address_and_session_only(app: Flask, lead: Person) -> None:
    with time_machine.travel(now() + PROOF_LASTS + timedelta(seconds=1), tick=False):
        page = _text(lead.post("/members/recovery"))
        assert _prove(lead, page, "/members?").status_code == 404
        other = first_member(app, "Autre ONG", OrganisationKind.CSO, Role.CASE_LEAD, "o@autre.example")
    with time_machine.travel(now() + 2 * PROOF_LASTS, tick=False):
        own = _text(other.post("/members/recovery"))
        held = HELD.search(page).group(1)
        assert _prove(other, own, "/members/recovery?", proof_held=held).status_code == 404


def test_a_sign_in_that_was_on_its_way_when_the_password_changed_opens_nothing(lead: Person) -> None:
    with lead.app.app_context():
        member = entering.member_at_the_door(lead.email)
        pair = keyring.open_with_password(member.private_by_password, PASSWORD)
    assert lead.post("/account/password", password=NEW).status_code == 303
    with lead.app.app_context(), pytest.raises(WrongSignIn):
        sign_in.begin_staff(member, pair, now=now())


def test_a_sign_in_that_was_on_its_way_when_the_member_left_opens_nothing(lead: Person) -> None:
    worker = another_member(lead.app, _organisation(lead), Role.CASE_WORKER, "worker@ong.example")
    with lead.app.app_context():
        member = entering.member_at_the_door(worker.email)
        pair = keyring.open_with_password(member.private_by_password, PASSWORD)
    assert lead.post(f"/members/{worker.member_id}/reset").status_code == 200
    with lead.app.app_context(), pytest.raises(WrongSignIn):
        sign_in.begin_staff(member, pair, now=now())
