"""Is whoever sits there asked again before they carry figures away, change members or open a name?"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from grievance.actions import keys
from grievance.actions.people import COMMAND_ACTOR
from grievance.actions.sign_in import PROOF_LASTS
from grievance.store.models import JournalLine, Member
from grievance.store.session import transaction
from grievance.terms import Role
from grievance.vocabulary import OrganisationKind, ReaderKind
from tests.fixtures import Town
from tests.guards.test_access import WEIGHS_MORE
from tests.make import Tenant
from tests.web.desk_pages import Desk, now, reported, sit
from tests.web.doors import PASSWORD, Person, another_member, first_member
from tests.web.public_pages import _Browser

FILE, FIGURES = "/oversight/statistics.csv", "/api/v1/statistics"
SECOND = timedelta(seconds=1)
NAME, WHY = "Nom Inventé", "Pour fixer le jour de la rencontre à l'hôpital."
NOBODY = UUID("00000000-0000-4000-8000-000000000000")
# Who sits in the room of an address; a desk's lead comes in everywhere else.
ROOMS = {"admin": "host", "api": "overseer", "confirmations": "overseer", "oversight": "overseer"}


def _sits(town: Town, person: Person) -> Desk:
    """Somebody with a password and a phone, in a browser whose requests stand alone."""
    client = _Browser(town.app, town.app.response_class)
    client.set_cookie("grievance", person.client.get_cookie("grievance").value)
    return Desk(client)


def _exports(overseer: Tenant) -> int:
    with transaction(overseer.actor) as session:
        moves = session.scalars(select(JournalLine.move).where(JournalLine.chain == overseer.id)).all()
    return list(moves).count("exported")


@pytest.mark.parametrize("address", [FILE, FIGURES])
def test_figures_are_carried_away_for_five_minutes_after_a_proof_and_not_a_second_longer(
    town: Town, address: str
) -> None:
    overseer = town.world.overseer
    with time_machine.travel(now(), tick=False) as clock:
        seat = sit(town, overseer.members[0])
        clock.shift(PROOF_LASTS - SECOND)
        assert seat.get(address).status == 200
        clock.shift(2 * SECOND)
        assert seat.get(address).status == 403
    assert _exports(overseer) == 1, "what was not handed out was not exported"


def test_the_file_comes_by_itself_after_the_proof(town: Town) -> None:
    person = first_member(town.app, "Organe Exemple", OrganisationKind.OVERSEER, Role.OVERSEER, "o@o.example")
    seat = _sits(town, person)
    with time_machine.travel(now() + PROOF_LASTS + SECOND, tick=False):
        assert seat.get(FILE).buttons() >= {"prove"}
        seat.do("prove", proof_password="not the password", proof_code=person.code())
        assert seat.status == 422
    with time_machine.travel(now() + 2 * PROOF_LASTS, tick=False):
        seat.do("prove", proof_password=PASSWORD, proof_code=person.code())
        assert (seat.status, seat.page.mimetype) == (200, "text/csv")


def test_a_program_whose_proof_is_old_is_told_what_to_do(town: Town) -> None:
    seat = sit(town, town.world.overseer.members[0])
    with time_machine.travel(now() + PROOF_LASTS + SECOND, tick=False):
        told = seat.client.get(FIGURES)

    assert (told.status_code, told.mimetype) == (403, "application/problem+json")
    assert told.json["detail"].startswith("Reconnectez-vous sur /sign-in et envoyez la demande")
    assert set(told.json) == {"type", "title", "status", "detail", "errors"}


def test_the_host_invites_nobody_long_after_a_proof(town: Town) -> None:
    desk = town.world.desk.id
    seat = sit(town, town.world.host.members[0]).get(f"/admin/organisations/{desk}")
    with time_machine.travel(now() + PROOF_LASTS + SECOND, tick=False):
        seat.do("invite", email="nouvelle@ong.example", role="case_worker")

    assert seat.status == 403
    assert seat.buttons() >= {"prove"}
    with transaction(COMMAND_ACTOR) as session:
        assert session.scalar(select(Member).where(Member.email == "nouvelle@ong.example")) is None


def test_why_a_name_was_asked_for_is_kept_while_the_person_proves_who_they_are(town: Town) -> None:
    code = reported(town, safe_contact="call", phone="+243880000777", name=NAME)
    desk = town.world.desk
    person = another_member(town.app, desk.id, Role.CASE_WORKER, "nouvelle@ong.example")
    keys.grant_keys(person.member_id, [ReaderKind.DESK, ReaderKind.TRIAGE], actor=desk.lead, now=now())
    seat = _sits(town, person).knowing_nobody(code)
    with time_machine.travel(now() + PROOF_LASTS + SECOND, tick=False):
        seat.do("identity", reason="meeting", text=WHY)
        assert (seat.status, seat.buttons() & {"prove", "identity"}) == (403, {"prove"})
        seat.do("prove", proof_password=PASSWORD, proof_code=person.code())
        assert seat.status == 200

    assert WHY in sit(town, desk.members[0]).knowing_nobody(code).text


def _late(town: Town, name: str, method: str, address: str) -> int:
    """What somebody of this room is answered whose proof is old."""
    who = getattr(town.world, ROOMS.get(name.partition(".")[0], "desk"))
    member = (town.world.overseer if name == "members.confirm_fingerprint" else who).members[0]
    client: FlaskClient = sit(town, member).client
    token = client.get("/members").text.split('name="csrf_token" value="')[1].split('"')[0]
    with time_machine.travel(now() + PROOF_LASTS + SECOND, tick=False):
        return client.open(address, method=method, data={"csrf_token": token}).status_code


def test_whatever_weighs_more_is_asked_for_in_vain_without_a_fresh_proof(town: Town) -> None:
    adapter = town.app.url_map.bind("127.0.0.1")
    answered = {}
    for rule in town.app.url_map.iter_rules():
        if rule.endpoint in WEIGHS_MORE:
            method = "POST" if "POST" in rule.methods else "GET"
            address = adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, NOBODY), method=method)
            answered[rule.endpoint] = _late(town, rule.endpoint, method, address)

    assert answered == dict.fromkeys(WEIGHS_MORE, 403)
