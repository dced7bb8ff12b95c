"""Does a line of the journal say that something was read, when nothing was handed out?"""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from grievance.actions import cases
from grievance.store.models import Entry, Evidence, JournalLine
from grievance.store.session import transaction
from grievance.terms import Actor
from grievance.vocabulary import EntryKind
from tests import sealed_files
from tests.fixtures import Town
from tests.web import exact_headers
from tests.web.desk_pages import now, reported, sit
from tests.web.public_pages import visitor


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


def test_the_head_of_the_own_page_is_no_reading_of_what_waits_there(town: Town) -> None:
    person = visitor(town.app).answer_all()
    person.send()
    receipt, code = person.receipt, person.code
    sit(town, town.world.desk.members[0]).knowing_nobody(code).do("write", text="Pouvez-vous venir lundi ?")
    back = visitor(town.app)
    back.client.post("/fr/suivi", data={"recu": receipt})
    told = back.client.head("/fr/suivi/dossier")
    assert (told.status_code, told.data) == (405, b"")
    assert _unread(town) == 1
    assert "Pouvez-vous venir lundi ?" in back.get("/fr/suivi/dossier").text
    assert _unread(town) == 0


def _unread(town: Town) -> int:
    """How many of the desk's words their complainant has not had before their eyes."""
    words = select(func.count()).where(Entry.kind == EntryKind.TO_COMPLAINANT, Entry.seen_at.is_(None))
    with transaction(town.world.desk.actor) as session:
        return session.execute(words).scalar_one()
