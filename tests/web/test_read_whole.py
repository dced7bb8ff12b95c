"""Does a line of the journal say that something was read, when nothing was handed out?"""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from grievance.actions import cases
from grievance.store.models import Evidence, JournalLine
from grievance.store.session import transaction
from grievance.terms import Actor
from tests import sealed_files
from tests.fixtures import Town
from tests.web import exact_headers
from tests.web.desk_pages import now, reported, sit


def _lines(actor: Actor) -> int:
    """How many lines of the journal this actor may see."""
    with transaction(actor) as session:
        return session.execute(select(func.count()).select_from(JournalLine)).scalar_one()


def _head_alone(town: Town, actor: Actor, room: str, address: str, endpoint: str) -> None:
    """Asking for the head leaves no line; asking for the whole leaves one."""
    client = sit(town, getattr(town.world, room).members[0]).client
    before = _lines(actor)
    told = client.head(address)
    assert told.status_code == 405
    assert set(told.allow) == {"GET", "OPTIONS"}
    assert told.data == b""
    assert exact_headers.faults(endpoint, "HEAD", told) == {}
    assert _lines(actor) == before
    assert client.get(address).status_code == 200
    assert _lines(actor) == before + 1


@pytest.mark.parametrize(
    ("address", "endpoint"),
    [("/oversight/statistics.csv", "oversight.table_file"), ("/api/v1/statistics", "api.overseen")],
)
def test_the_head_of_the_figures_is_no_export(town: Town, address: str, endpoint: str) -> None:
    _head_alone(town, town.world.overseer.actor, "overseer", address, endpoint)


def test_the_head_of_a_file_opens_none(town: Town) -> None:
    code, desk = reported(town), town.world.desk.actor
    cases.know_nobody(code, actor=desk, now=now())
    sealed_files.send(code, actor=desk, now=now())
    with transaction(desk) as session:
        file_id = session.scalars(select(Evidence.id)).one()
    _head_alone(town, desk, "desk", f"/desk/cases/files/{file_id}?code={code}", "desk.file")


def test_the_head_of_a_case_is_no_reading_of_it(town: Town) -> None:
    code, desk = reported(town), town.world.desk.actor
    cases.know_nobody(code, actor=desk, now=now())
    with time_machine.travel(now() + timedelta(days=1)):  # a member's first reading of each day is written
        _head_alone(town, desk, "desk", f"/desk/cases?code={code}", "desk.case")
