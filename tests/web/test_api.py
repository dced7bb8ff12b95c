"""Can a program send a report as a form does, read what a form offers, and nothing of anybody?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from grievance.actions import queue
from grievance.rules.floods import LIMITS, Knock
from grievance.store.models import Apart, Case, JournalLine
from grievance.store.session import transaction
from grievance.vocabulary import Channel
from tests.fixtures import Town
from tests.services import Services
from tests.web.desk_pages import sit
from tests.web.public_pages import STORY, _Browser, visitor
from tests.web.test_floods import knocked, rows
from tests.web.test_oversight import counted

REPORTS, LISTS, FIGURES = "/api/v1/reports", "/api/v1/lists", "/api/v1/statistics"
PLAIN = {"language": "fr", "story": STORY, "province": "Lualaba"}
PROBLEM = {"type", "title", "status", "detail", "errors"}


@pytest.fixture
def machine(town: Town) -> FlaskClient:
    """A program that calls, each time for itself."""
    return _Browser(town.app, town.app.response_class)


def send(machine: FlaskClient, told: object = PLAIN, key: str = "", **more: object) -> TestResponse:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return machine.post(REPORTS, json=told, headers=headers, **more)


def refused(response: TestResponse, status: int) -> dict[str, object]:
    """The problem, in its one shape."""
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert set(response.json) == PROBLEM
    assert response.json["status"] == status
    return response.json


def test_a_report_that_a_program_sends_is_a_case_whose_receipt_opens_it(
    town: Town, machine: FlaskClient
) -> None:
    told = send(machine, PLAIN | {"site_id": str(town.world.site.id), "harms": ["dog_attack"]})

    assert told.status_code == 201
    assert (told.json["desk"], told.json["backup"]) == ("ONG Exemple Kolwezi", "ONG Exemple Likasi")
    assert told.json["help"][0].startswith("Morsure de chien")
    assert told.json["follow"] == "/fr/suivi"
    assert told.json["code"] in visitor(town.app).come_back(told.json["receipt"]).text
    assert "Set-Cookie" not in told.headers
    (seen,) = queue.queue(town.world.desk.actor, datetime.now(UTC))
    assert seen.code == told.json["code"]


def test_the_case_says_that_it_came_by_this_channel(
    town: Town, machine: FlaskClient, services: Services
) -> None:
    send(machine)
    with services.connect(town.database.name) as superuser:
        assert superuser.execute("select channel from grievance_case").fetchall() == [(Channel.API.value,)]


def test_a_report_sent_twice_is_one_case_with_the_same_receipt(
    town: Town, machine: FlaskClient, services: Services
) -> None:
    key = str(uuid4())
    first, again = send(machine, key=key), send(machine, key=key.upper())

    assert (first.status_code, again.status_code) == (201, 200)
    assert [first.json[name] for name in ("code", "receipt")] == [again.json[n] for n in ("code", "receipt")]
    assert rows(town, services, Case) == 1


def test_a_key_that_somebody_else_used_too_gives_away_no_receipt(machine: FlaskClient) -> None:
    key = str(uuid4())
    first, other = send(machine, key=key), send(machine, PLAIN | {"story": "Autre chose."}, key=key)

    assert (first.status_code, other.status_code) == (201, 201)
    assert first.json["receipt"] != other.json["receipt"]
    assert first.json["code"] != other.json["code"]


def test_in_a_flood_a_report_waits_for_a_look_and_is_never_refused(
    town: Town, machine: FlaskClient, services: Services
) -> None:
    before, key = send(machine), str(uuid4())
    knocked(town, Knock.REPORT, LIMITS[Knock.REPORT].ask_soon + 1)
    told, again = send(machine, key=key), send(machine, key=key)

    assert before.status_code == 201
    assert (told.status_code, again.status_code) == (202, 202)
    assert told.json == again.json | {"look_by": told.json["look_by"]}
    assert "code" not in told.json
    assert (rows(town, services, Apart), rows(town, services, Case)) == (1, 1)
    assert "chose" not in visitor(town.app).come_back(told.json["receipt"]).text


def test_a_case_of_before_keeps_its_answer_in_a_flood(
    town: Town, machine: FlaskClient, services: Services
) -> None:
    key = str(uuid4())
    first = send(machine, key=key)
    knocked(town, Knock.REPORT, LIMITS[Knock.REPORT].apart_soon + 1)

    assert send(machine, key=key).json["receipt"] == first.json["receipt"]
    assert rows(town, services, Apart) == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"story": "  "}, "story"),
        ({"language": "en"}, "language"),
        ({"harms": ["nothing of ours"]}, "harms"),
        ({"site_id": "00000000-0000-4000-8000-000000000000"}, "site_id"),
        ({"province": "Kivu"}, "province"),
        ({"territory": "Nulle part"}, "territory"),
        ({"safe_contact": "sms"}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"incident_on": (datetime.now(UTC) + timedelta(days=3)).date().isoformat()}, "incident_on"),
        ({"incident": None}, "incident"),
        ({"persons": -1}, "persons"),
        ({"story": "a" * 16_001}, "story"),
        ({"channel": "assisted"}, "body"),
        ({"excluded": []}, "body"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_by_its_field_and_nothing_is_kept(
    town: Town, machine: FlaskClient, services: Services, more: dict[str, object], field: str
) -> None:
    problem = refused(send(machine, PLAIN | more), 422)

    (wrong,) = problem["errors"]
    assert wrong["field"] == field
    assert wrong["detail"]
    assert STORY not in json.dumps(problem, ensure_ascii=False)
    assert rows(town, services, Case) == 0


def test_after_sexual_violence_nobody_has_to_tell_what_happened(machine: FlaskClient) -> None:
    assert send(machine, {"language": "sw", "harms": ["sexual_violence"]}).status_code == 201


def test_a_report_without_a_key_of_its_own_is_refused_with_what_to_do(machine: FlaskClient) -> None:
    problem = refused(machine.post(REPORTS, json=PLAIN), 422)
    assert [wrong["field"] for wrong in problem["errors"]] == ["Idempotency-Key"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b'{"story": "\xff"}', "application/json", 400),
        (b"[" * 200_000, "application/json", 400),
        (b"1" * 5_000, "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"story=a", "application/x-www-form-urlencoded", 415),
        (b" " * 400_000, "application/json", 413),
    ],
)  # fmt: skip
def test_what_is_no_json_object_gets_a_clear_answer(
    machine: FlaskClient, body: bytes, kind: str, status: int
) -> None:
    refused(machine.post(REPORTS, data=body, content_type=kind), status)


def test_a_story_of_the_greatest_length_in_any_script_is_small_enough(machine: FlaskClient) -> None:
    assert send(machine, PLAIN | {"story": "\U0001f600" * 16_000}).status_code == 201


@pytest.mark.parametrize(
    ("asked", "said"), [("fr", "Envoyez-le"), ("sw", "Itume"), ("sw-CD", "Itume"), ("de", "Envoyez-le")]
)
def test_a_refusal_is_said_in_the_language_asked(machine: FlaskClient, asked: str, said: str) -> None:
    by_header = machine.post(REPORTS, data=b"a", headers={"Accept-Language": asked})
    assert refused(by_header, 415)["detail"].startswith(said)
    if asked in ("fr", "sw"):
        by_address = machine.post(REPORTS, data=b"a", query_string={"lang": asked})
        assert refused(by_address, 415)["detail"].startswith(said)


def test_an_address_that_is_not_there_and_a_method_that_is_not_meant_are_problems_too(
    machine: FlaskClient,
) -> None:
    refused(machine.get("/api/v1/nothing"), 404)
    refused(machine.get("/api/nothing"), 404)
    refused(machine.delete(REPORTS), 405)


def test_the_lists_hold_what_a_form_offers_in_the_language_asked(town: Town, machine: FlaskClient) -> None:
    french, swahili = (machine.get(LISTS, query_string={"lang": lang}).json for lang in ("fr", "sw"))

    assert {one["name"] for one in french["provinces"]} == {"Haut-Katanga", "Lualaba"}
    assert [one["name"] for one in french["sites"]] == ["Site Exemple A"]
    assert {one["value"] for one in french["harms"]} == {one["value"] for one in swahili["harms"]}
    assert {one["label"] for one in french["harms"]} != {one["label"] for one in swahili["harms"]}
    for company in (town.world.mine, town.world.provider, town.world.desk):
        assert company.row.name not in json.dumps(french, ensure_ascii=False)


def test_the_figures_are_those_of_the_file_for_whom_the_file_is(town: Town, machine: FlaskClient) -> None:
    counted(town, 5)
    overseer = sit(town, town.world.overseer.members[0]).client
    told = overseer.get(FIGURES)
    file = overseer.get("/oversight/statistics.csv").text.splitlines()[1:]

    lines = told.json["lines"]
    assert told.status_code == 200
    assert lines
    written = [line for line in file if not line.startswith("journal_anchor")]
    assert [line["table"] for line in lines] == [line.partition(",")[0] for line in written]
    refused(machine.get(FIGURES), 401)
    refused(sit(town, town.world.desk.members[0]).client.get(FIGURES), 404)
    refused(sit(town, town.world.mine.members[0]).client.get(FIGURES), 404)


def test_who_took_the_figures_is_written_in_the_journal(town: Town) -> None:
    overseer = town.world.overseer
    sit(town, overseer.members[0]).client.get(FIGURES)

    with transaction(overseer.actor) as session:
        lines = session.scalars(select(JournalLine).where(JournalLine.chain == overseer.id)).all()
    assert [line.actor for line in lines if line.move == "exported"] == [overseer.actor.name]


def test_the_description_names_every_address_and_offers_no_field_that_is_refused(
    town: Town, machine: FlaskClient
) -> None:
    told = machine.get("/api/v1/openapi.json").json
    served = {
        (rule.rule, method.lower())
        for rule in town.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert {(path, method) for path, item in told["paths"].items() for method in item} == served
    report = told["components"]["schemas"]["ReportIn"]
    assert report["properties"]["language"]["enum"] == ["fr", "sw"]
    assert report["properties"]["story"]["maxLength"] == 16_000
    assert not {"channel", "excluded", "consent_given"} & set(report["properties"])
