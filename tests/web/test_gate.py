"""Is an address that nobody thought about closed, and is each of ours in the one table?"""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask

from grievance.rules import access
from grievance.terms import NotFound
from grievance.web import gate
from tests.fixtures import Town


def _with_a_stray_room() -> Flask:
    app = Flask("stray", static_folder=None)
    stray = Blueprint("stray", __name__)
    stray.add_url_rule("/stray", "page", lambda: "a secret")
    app.register_blueprint(stray)
    return app


def test_a_room_that_no_line_names_keeps_the_program_from_starting() -> None:
    with pytest.raises(gate.Unguarded, match=r"stray\.page"):
        gate.refuse_unguarded(_with_a_stray_room())


def test_even_when_it_runs_nobody_comes_into_a_room_that_no_line_names() -> None:
    app = _with_a_stray_room()
    app.register_error_handler(NotFound, lambda error: ("nothing", 404))
    gate.register(app)

    answer = app.test_client().get("/stray")

    assert (answer.status_code, answer.text) == (404, "nothing")


def test_every_line_of_the_table_is_about_an_address_that_exists(town: Town) -> None:
    endpoints = {rule.endpoint for rule in town.app.url_map.iter_rules()}
    rooms = {endpoint.partition(".")[0] for endpoint in endpoints}

    assert set(access.ENTRANCES) - endpoints - rooms == set()


def test_the_gate_is_asked_before_anything_else_looks_at_a_request(town: Town) -> None:
    first = town.app.before_request_funcs[None][0]

    assert first is gate.ask
