"""Does an organisation's work live on when its people come, forget, lose and leave?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from grievance.actions import keys, people
from grievance.actions.people import COMMAND_ACTOR, found_host
from grievance.schemas.people import Invite
from grievance.store.models import Member, OrganisationKey
from grievance.store.session import transaction
from grievance.terms import Refused, Role
from grievance.vocabulary import Language, OrganisationKind, ReaderKind
from tests import apps
from tests.services import Database, Services
from tests.web.doors import (
    Person,
    a_code_later,
    another_member,
    first_member,
    join,
    now,
)


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


def _organisation_of(person: Person) -> UUID:
    return _row(person).organisation_id


def _row(person: Person) -> Member:
    with person.app.app_context(), transaction(COMMAND_ACTOR) as session:
        return session.get(Member, person.member_id)


def _triage_members(person: Person) -> int:
    with person.app.app_context(), transaction(COMMAND_ACTOR) as session:
        return keys.keyed_triage_members(session, _organisation_of(person))


def _link_in(page: str) -> str:
    return re.search(r"data-link>[^<]*/join/([^<]+)<", page).group(1)


def _colleague(lead: Person, email: str = "worker@ong.example") -> Person:
    page = lead.post("/members", email=email, role="case_worker", language="sw").get_data(as_text=True)
    with lead.app.app_context(), transaction(COMMAND_ACTOR) as session:
        member_id = session.scalar(select(Member.id).where(Member.email == email))
    return join(lead.app, _link_in(page), email, member_id)


def test_the_first_member_makes_the_keys_and_a_second_gets_them_from_the_first(lead: Person) -> None:
    assert _row(lead).marked
    colleague = _colleague(lead)
    assert not _row(colleague).marked
    assert _triage_members(lead) == 1
    given = lead.post(f"/members/{colleague.member_id}/grant", kinds=["desk", "triage"])
    assert given.status_code == 303
    assert _row(colleague).marked
    assert not _row(colleague).in_child_lane
    assert _triage_members(lead) == 2


def test_a_member_gives_only_the_keys_they_hold(lead: Person) -> None:
    first, second = _colleague(lead), _colleague(lead, "second@ong.example")
    refused = first.post(f"/members/{second.member_id}/grant", kinds=["triage"])
    assert refused.status_code == 409
    lead.post(f"/members/{first.member_id}/grant", kinds=["triage"])
    assert first.post(f"/members/{second.member_id}/grant", kinds=["lane_child"]).status_code == 409
    assert first.post(f"/members/{second.member_id}/grant", kinds=["triage"]).status_code == 303


def test_who_works_in_a_lane_is_the_leads_to_say(lead: Person) -> None:
    lanes = ["lane_sexual_violence", "lane_child"]
    worker, other = _colleague(lead), _colleague(lead, "second@ong.example")
    lead.post(f"/members/{worker.member_id}/grant", kinds=["triage", *lanes])

    refused = worker.post(f"/members/{other.member_id}/grant", kinds=["triage", *lanes])

    assert refused.status_code == 409
    assert not _row(other).marked
    assert not _row(other).in_child_lane
    assert worker.post(f"/members/{other.member_id}/grant", kinds=["triage"]).status_code == 303
    assert lead.post(f"/members/{other.member_id}/grant", kinds=lanes).status_code == 303
    assert _row(other).in_sexual_violence_lane


def test_a_desk_that_began_without_a_lead_gives_its_new_lead_the_lanes(app: Flask) -> None:
    first = first_member(app, "ONG Sans Chef", OrganisationKind.CSO, Role.CASE_WORKER, "one@chef.example")
    lead = another_member(app, _organisation_of(first), Role.CASE_LEAD, "lead@chef.example")

    assert first.post(f"/members/{lead.member_id}/grant", kinds=["lane_child"]).status_code == 303
    assert _row(lead).in_child_lane


def test_a_second_invitation_leaves_a_line_that_names_who_made_it(
    app: Flask, lead: Person, database: Database, services: Services
) -> None:
    wanted = Invite(_organisation_of(lead), Role.CASE_WORKER, Language.FRENCH, "late@ong.example")
    with app.app_context():
        invited = people.invite(wanted, actor=COMMAND_ACTOR, now=now())
        people.invite_again(invited.member_id, actor=COMMAND_ACTOR, now=now())
    with services.connect(database.name) as superuser:
        query = "select move, actor from journal_line where subject = %s order by seq"
        lines = superuser.execute(query, (invited.member_id,)).fetchall()
    assert lines == [("member_invited", COMMAND_ACTOR.name), ("invited_again", COMMAND_ACTOR.name)]


def test_a_case_worker_invites_nobody_and_closes_no_account(lead: Person) -> None:
    worker = _colleague(lead)
    form = {"email": "friend@ong.example", "role": "case_worker"}
    assert worker.post("/members", **form).status_code == 409
    assert worker.post(f"/members/{lead.member_id}/disable").status_code == 409


def test_the_last_holder_of_a_key_stays(lead: Person) -> None:
    second = another_member(lead.app, _organisation_of(lead), Role.CASE_LEAD, "two@ong.example")
    assert second.post(f"/members/{lead.member_id}/disable").status_code == 409
    kinds = ["desk", "triage", "lane_sexual_violence", "lane_child"]
    lead.post(f"/members/{second.member_id}/grant", kinds=kinds)
    assert second.post(f"/members/{lead.member_id}/disable").status_code == 303
    assert lead.client.get("/members").headers["Location"] == "/sign-in"
    assert lead.sign_in(code=a_code_later(lead)).status_code == 422


def test_who_lost_their_phone_starts_anew_and_gets_the_keys_again(lead: Person) -> None:
    worker = _colleague(lead)
    lead.post(f"/members/{worker.member_id}/grant", kinds=["desk"])
    page = lead.post(f"/members/{worker.member_id}/reset").get_data(as_text=True)
    assert worker.client.get("/members").status_code == 303
    assert worker.sign_in(code=a_code_later(worker)).status_code == 422
    again = join(lead.app, _link_in(page), worker.email, worker.member_id)
    assert lead.post(f"/members/{again.member_id}/grant", kinds=["desk"]).status_code == 303


def test_a_forgotten_password_is_set_anew_with_the_printed_key_and_the_keys_stay(lead: Person) -> None:
    form = {"email": lead.email, "recovery_key": lead.recovery_key.lower(), "password": "another good one 12"}
    newcomer = lead.app.test_client()
    assert newcomer.post("/recover", data={**form, "code": "000000"}).status_code == 422
    wrong_key = {**form, "recovery_key": "A" * 30, "code": a_code_later(lead)}
    assert newcomer.post("/recover", data=wrong_key).status_code == 422
    done = newcomer.post("/recover", data={**form, "code": a_code_later(lead)})
    assert done.status_code == 200
    assert lead.recovery_key not in done.get_data(as_text=True)
    assert lead.client.get("/members").status_code == 303
    lead.client = newcomer
    assert lead.post("/members/recovery").status_code == 200


def test_one_e_mail_is_one_member_and_a_role_fits_its_organisation(lead: Person) -> None:
    taken = lead.post("/members", email="LEAD@ong.example ", role="case_worker")
    assert taken.status_code == 409
    assert lead.post("/members", email="a@ong.example", role="overseer").status_code == 409


def test_two_overseers_confirm_their_own_key_before_any_other(app: Flask, lead: Person) -> None:
    one = first_member(app, "ICoCA (exemple)", OrganisationKind.OVERSEER, Role.OVERSEER, "one@icoca.example")
    two = another_member(app, _organisation_of(one), Role.OVERSEER, "two@icoca.example")
    own = _key(one, ReaderKind.OVERSEER)
    # The host may have invited anybody as the second: who holds the key says that it is a colleague.
    assert two.post(f"/members/fingerprints/{own.id}").status_code == 409
    assert one.post(f"/members/{two.member_id}/grant", kinds=["overseer"]).status_code == 303
    desk = _key(lead, ReaderKind.DESK)
    assert one.post(f"/members/fingerprints/{desk.id}").status_code == 409
    assert one.post(f"/members/fingerprints/{own.id}").status_code == 303
    assert one.post(f"/members/fingerprints/{own.id}").status_code == 409
    assert _key(one, ReaderKind.OVERSEER).confirmed_at is None
    assert two.post(f"/members/fingerprints/{own.id}").status_code == 303
    assert _key(one, ReaderKind.OVERSEER).confirmed_at is not None
    assert one.post(f"/members/fingerprints/{desk.id}").status_code == 303
    assert _key(lead, ReaderKind.DESK).confirmed_by == one.member_id
    assert lead.post(f"/members/fingerprints/{desk.id}").status_code == 404


def _key(person: Person, kind: ReaderKind) -> OrganisationKey:
    with person.app.app_context(), transaction(COMMAND_ACTOR) as session:
        found = keys.own_keys(session, _organisation_of(person))
    return found[kind]


def test_the_recovery_paper_brings_an_organisation_back(lead: Person) -> None:
    page = lead.post("/members/recovery").get_data(as_text=True)
    printed = re.findall(r'data-paper-key="\w+">([^<]+)<', page)
    assert len(printed) == 4
    newcomer = another_member(lead.app, _organisation_of(lead), Role.CASE_LEAD, "new@ong.example")
    assert newcomer.post("/members/recovery").status_code == 409
    wrong = printed[0][:-1] + ("A" if printed[0][-1] != "A" else "B")
    assert newcomer.post("/members/restore", texts=wrong).status_code == 422
    assert newcomer.post("/members/restore", texts="\n".join(printed).lower()).status_code == 303
    assert _row(newcomer).in_sexual_violence_lane
    assert newcomer.post("/members/recovery").status_code == 200


def test_members_of_another_organisation_are_not_there(app: Flask, lead: Person) -> None:
    other = first_member(app, "Autre ONG", OrganisationKind.CSO, Role.CASE_LEAD, "lead@autre.example")
    for address in ("", "/grant", "/reset", "/disable"):
        path = f"/members/{lead.member_id}{address}"
        answer = other.post(path, kinds=["desk"]) if address else other.client.get(path)
        assert answer.status_code == 404
    assert "lead@ong.example" not in other.client.get("/members").get_data(as_text=True)


def test_the_host_is_founded_once_and_holds_no_key(app: Flask) -> None:
    with app.app_context():
        host = found_host("Hébergeur Exemple", now=now())
        with pytest.raises(Refused):
            found_host("Deuxième hébergeur", now=now())
    administrator = another_member(app, host, Role.ADMINISTRATOR, "admin@host.example")
    assert administrator.client.get("/members").status_code == 200
    assert _key_kinds(administrator) == set()


def _key_kinds(person: Person) -> set[ReaderKind]:
    with person.app.app_context(), transaction(COMMAND_ACTOR) as session:
        return set(keys.own_keys(session, _organisation_of(person)))


def test_an_open_session_of_a_member_who_lost_a_key_has_it_no_more(lead: Person) -> None:
    worker = _colleague(lead)
    lead.post(f"/members/{worker.member_id}/grant", kinds=["desk"])
    assert "checked" not in worker.client.get(f"/members/{lead.member_id}").get_data(as_text=True)
    taken = lead.post(f"/members/{worker.member_id}/take-back", kinds=["desk"])
    assert taken.status_code == 303
    third = _colleague(lead, "third@ong.example")
    assert worker.post(f"/members/{third.member_id}/grant", kinds=["desk"]).status_code == 409
    assert lead.post(f"/members/{lead.member_id}/take-back", kinds=["desk"]).status_code == 409


def test_pages_of_members_speak_all_three_languages(lead: Person) -> None:
    for language in ("fr", "sw", "en"):
        lead.post("/language", language=language)
        for path in ("/members", f"/members/{lead.member_id}"):
            assert lead.client.get(path).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=29), tick=False):
        assert lead.client.get("/members").status_code == 200
