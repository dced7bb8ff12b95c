"""Do the machines that watch us learn the truth, and nobody else anything?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from config.deadlines import load_calendar, load_policy
from config.retention import load_retention
from grievance.application import create_app
from grievance.web.health import Readiness, why_not
from tests import apps
from tests.fixtures import Town
from tests.services import Database

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
FRESH = {"sms:1": NOW - timedelta(seconds=30), "outbox": None, "held": None, "inbound": None}


@pytest.fixture
def away(tmp_path) -> Flask:
    """The web, whose database is not there."""
    nowhere = Database("none", *["postgresql+psycopg://nobody@/none?host=/nowhere"] * 5)
    settings = apps.web_settings(nowhere, "redis://localhost:1", apps.TestKeys(), tmp_path)
    return create_app(settings, policy=load_policy(), calendar=load_calendar(), retention=load_retention())


@pytest.mark.parametrize(
    ("instants", "reasons"),
    [
        (FRESH, []),
        ({**FRESH, "outbox": NOW - timedelta(minutes=16)}, ["outbox_late"]),
        ({**FRESH, "held": NOW - timedelta(minutes=16)}, ["held_late"]),
        ({**FRESH, "inbound": NOW - timedelta(days=9)}, []),
        ({**FRESH, "sms:1": NOW - timedelta(minutes=3)}, ["worker_silent:sms:1"]),
        ({"outbox": None}, ["no_worker_seen"]),
    ],
)
def test_what_is_late_is_named(instants: dict[str, datetime | None], reasons: list[str]) -> None:
    assert why_not(Readiness(True, instants), NOW) == reasons


def test_a_database_behind_its_migrations_is_not_ready() -> None:
    assert why_not(Readiness(False, FRESH), NOW) == ["migrations_behind"]


def test_without_its_database_the_web_is_alive_and_says_it_is_not_ready(away: Flask) -> None:
    client = away.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["reasons"] == ["database_away"]


@pytest.mark.parametrize("with_cookie", [False, True])
def test_without_its_database_nobody_is_told_that_anything_was_kept(away: Flask, with_cookie: bool) -> None:
    client = away.test_client()
    if with_cookie:
        client.set_cookie("grievance", "A" * 43)
    answer = client.post("/sign-in", data={"email": "a@b.example", "password": "x", "code": "1"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "enregistr" in answer.get_data(as_text=True)
    assert client.get("/fr/nothing-here").status_code == 404


def test_the_numbers_are_for_this_machine_only(away: Flask) -> None:
    client = away.test_client()
    passed_on = client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"})
    assert (passed_on.status_code, passed_on.data) == (404, b"")
    elsewhere = client.get("/metrics", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert elsewhere.status_code == 404


def test_when_a_text_came_is_told_to_this_machine_alone(town: Town) -> None:
    client = town.app.test_client()
    assert "inbound" in client.get("/readyz").json["instants"]
    for told in ({"headers": {"X-Forwarded-For": "192.0.2.1"}},
                 {"environ_overrides": {"REMOTE_ADDR": "192.0.2.1"}}):  # fmt: skip
        assert set(client.get("/readyz", **told).json) == {"ready", "reasons"}
