"""Do the doors open for the right person only, once, and close again?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import create_engine, text

from grievance.actions import sign_in, tries
from grievance.actions.people import COMMAND_ACTOR
from grievance.store.models import Member
from grievance.store.session import transaction
from grievance.terms import Role
from grievance.vocabulary import OrganisationKind
from tests import apps
from tests.services import Database
from tests.web.doors import PASSWORD, Person, a_code_later, another_member, first_member, now
from tests.web.public_pages import _Browser

ROOM = "/members"
TYPED = re.compile(r'(name="email" type="email" value=")[^"]*')
CHALLENGE = re.compile(r'(name="challenge" value="|data-challenge=")[^"]*')


@pytest.fixture
def app(database: Database, redis_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The web over an empty database."""
    whole = apps.make_app(database, redis_url, apps.TestKeys(), tmp_path)
    yield whole
    apps.close(whole)


@pytest.fixture
def lead(app: Flask) -> Person:
    """The first member of a desk, just joined and signed out again."""
    person = first_member(app, "ONG Exemple", OrganisationKind.CSO, Role.CASE_LEAD, "lead@ong.example")
    person.post("/sign-out")
    return person


def _all_rows(database: Database, table: str) -> str:
    engine = create_engine(database.backup_url)
    with engine.connect() as connection:
        connection.execute(text("set role backup"))
        rows = connection.execute(text(f"select * from {table}")).all()  # noqa: S608 - our own table's name
    engine.dispose()
    return repr(rows)


def test_a_member_comes_in_with_e_mail_password_and_code(lead: Person) -> None:
    answer = lead.sign_in(code=a_code_later(lead))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/room")
    assert lead.client.get("/room").headers["Location"] == "/desk/"
    assert lead.client.get(ROOM).status_code == 200


def test_a_code_works_once(lead: Person) -> None:
    code = a_code_later(lead)
    assert lead.sign_in(code=code).status_code == 303
    lead.post("/sign-out")
    assert lead.sign_in(code=code).status_code == 422


def test_the_code_that_joined_does_not_open_the_door_again(lead: Person) -> None:
    with time_machine.travel(now(), tick=False):
        assert lead.sign_in(code=lead.code(now() - timedelta(seconds=30))).status_code == 422


def test_after_a_few_wrong_codes_one_code_alone_opens_nothing_and_two_in_a_row_do(lead: Person) -> None:
    later = now() + timedelta(minutes=2)
    with time_machine.travel(later, tick=False):
        for _ in range(tries.MOST_FOR_ACCOUNT):
            assert lead.sign_in(code="000000").status_code == 422
        asked = lead.sign_in()
        assert asked.status_code == 422
        assert 'name="next_code"' in asked.get_data(as_text=True)
    with time_machine.travel(later + timedelta(seconds=30), tick=False):
        both = {"code": lead.code(), "next_code": lead.code(now() + timedelta(seconds=30))}
        form = {"email": lead.email, "password": PASSWORD, **both}
        assert lead.client.post("/sign-in", data=form).status_code == 303


def test_after_a_few_wrong_codes_the_same_page_filled_in_twice_lets_the_owner_in(lead: Person) -> None:
    later = now() + timedelta(minutes=2)
    with time_machine.travel(later, tick=False):
        for _ in range(tries.MOST_FOR_ACCOUNT):
            lead.sign_in(code="000000")
        assert lead.sign_in().status_code == 422
    with time_machine.travel(later + timedelta(seconds=30), tick=False):
        assert lead.sign_in().status_code == 303


def test_half_an_hour_later_one_code_is_enough_again(lead: Person) -> None:
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        for _ in range(tries.MOST_FOR_ACCOUNT):
            lead.sign_in(code="000000")
    with time_machine.travel(now() + timedelta(minutes=2) + 2 * tries.WITHIN, tick=False):
        assert lead.sign_in().status_code == 303


def test_a_code_that_came_with_a_wrong_password_is_used_up(lead: Person) -> None:
    code = a_code_later(lead)
    assert lead.sign_in(password="not the password", code=code).status_code == 422
    assert lead.sign_in(code=code).status_code == 422


def _refused(lead: Person, address: str, form: dict[str, str], network: int) -> tuple[int, str, list[object]]:
    """What this form is answered to a browser in this network: status, page and headers.

    Without what is the asker's own, or new each time: the e-mail that was typed, the length that it makes,
    and the challenge for a passkey.
    """
    browser = _Browser(lead.app, lead.app.response_class)
    answer = browser.post(address, data=form, environ_overrides={"REMOTE_ADDR": f"192.0.2.{network}"})
    page, typed = TYPED.subn(r"\1", CHALLENGE.sub(r"\1", answer.get_data(as_text=True)))
    assert typed == 1
    headers = [one for one in answer.headers if one[0] != "Content-Length"]
    return answer.status_code, page, headers


@pytest.mark.parametrize("address", ["/sign-in", "/recover"])
def test_whatever_is_wrong_every_byte_is_the_same_also_when_a_second_code_is_asked_for(
    lead: Person, address: str
) -> None:
    with lead.app.app_context(), transaction(COMMAND_ACTOR) as session:
        desk = session.get(Member, lead.member_id).organisation_id
    other = another_member(lead.app, desk, Role.CASE_WORKER, "worker@ong.example")
    wrong = [
        {"email": "nobody@ong.example", "password": PASSWORD, "recovery_key": lead.recovery_key},
        {"email": lead.email, "password": "something else 12", "recovery_key": other.recovery_key},
        {"email": other.email, "password": PASSWORD, "recovery_key": other.recovery_key},  # the code is wrong
    ]
    with time_machine.travel(now(), tick=False):
        for number in range(1, tries.MOST_FOR_ACCOUNT + 3):
            said = [
                _refused(lead, address, form | {"code": "000000"}, network)
                for network, form in enumerate(wrong)
            ]
            assert said[0] == said[1] == said[2], number
            status, page, _ = said[0]
            assert (status, 'name="next_code"' in page) == (422, number >= tries.MOST_FOR_ACCOUNT)


@pytest.mark.parametrize("email", ["", "\x00", "nobody", "a" * 300])
def test_what_is_no_e_mail_is_answered_like_a_wrong_one(lead: Person, email: str) -> None:
    form = {"password": PASSWORD, "code": "000000"}
    found = [_refused(lead, "/sign-in", form | {"email": one}, 1) for one in (email, "nobody@ong.example")]
    assert found[0] == found[1]


def test_a_sign_in_from_another_site_is_refused(lead: Person) -> None:
    code = a_code_later(lead)
    assert lead.sign_in(code=code, Origin="https://elsewhere.example").status_code == 400
    assert lead.sign_in(code=code, Referer="https://elsewhere.example/sign-in").status_code == 400
    assert lead.sign_in(code=code, Origin="http://127.0.0.1:8000").status_code == 303


def test_the_cookie_is_a_random_value_and_the_database_cannot_use_what_it_keeps(
    lead: Person, database: Database
) -> None:
    answer = lead.sign_in(code=a_code_later(lead))
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("grievance=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    value = cookie.split("=", 1)[1].split(";")[0]
    assert len(value) == 43
    assert value not in _all_rows(database, "staff_session")
    lead.client.set_cookie("grievance", "A" * 43)
    assert lead.client.get(ROOM).headers["Location"] == "/sign-in"


def test_a_session_ends_after_half_an_idle_hour(lead: Person) -> None:
    lead.sign_in(code=a_code_later(lead))
    assert lead.client.get(ROOM).status_code == 200
    with time_machine.travel(now() + sign_in.IDLE + timedelta(seconds=5), tick=False):
        assert lead.client.get(ROOM).headers["Location"] == "/sign-in"


def test_a_session_ends_after_eight_hours_however_busy(lead: Person) -> None:
    lead.sign_in(code=a_code_later(lead))
    began = now()
    for minutes in range(20, 480, 20):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            assert lead.client.get(ROOM).status_code == 200
    with time_machine.travel(began + sign_in.ABSOLUTE + timedelta(seconds=5), tick=False):
        assert lead.client.get(ROOM).status_code == 303


def test_signing_out_ends_the_session_for_whoever_copied_the_cookie(lead: Person) -> None:
    answer = lead.sign_in(code=a_code_later(lead))
    copied = answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
    assert lead.post("/sign-out").status_code == 303
    thief = lead.app.test_client()
    thief.set_cookie("grievance", copied)
    assert thief.get(ROOM).headers["Location"] == "/sign-in"


def test_a_form_without_our_token_changes_nothing(lead: Person) -> None:
    lead.sign_in(code=a_code_later(lead))
    assert lead.client.post("/language", data={"language": "sw"}).status_code == 400
    assert lead.client.post("/sign-out").status_code == 400
    assert lead.client.get(ROOM).status_code == 200


def test_a_member_reads_in_the_language_they_chose(lead: Person) -> None:
    lead.sign_in(code=a_code_later(lead))
    assert 'lang="fr"' in lead.client.get(ROOM).get_data(as_text=True)[:60]
    assert lead.post("/language", language="sw").status_code == 303
    page = lead.client.get(ROOM).get_data(as_text=True)
    assert '<html lang="sw">' in page
    assert "Wanachama" in page


def test_a_signed_remember_me_cookie_means_nothing(lead: Person) -> None:
    lead.client.set_cookie("remember_token", f"{lead.member_id}|abc")
    assert lead.client.get(ROOM).headers["Location"] == "/sign-in"


def test_every_page_forbids_foreign_code_and_is_kept_nowhere(lead: Person) -> None:
    headers = lead.client.get("/sign-in").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers
