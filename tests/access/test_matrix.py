"""Does everybody get exactly the answer that is theirs, at every address, about every object?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.access import matrix
from tests.access.matrix import Cell
from tests.access.stage import Stage
from tests.figures import Tell
from tests.services import Services
from tests.web import exact_headers

ROOMS = sorted({cell.room for cell in matrix.cells()})
TOKEN = re.compile(r'(name="csrf_token" value=")[^"]*')
NOWHERE = "no/such/place"
ENDS = frozenset({"public.leave", "public.leave_visit", "doors.sign_out"})  # they end the session that asks


@pytest.fixture(scope="module")
def stage(
    services: Services, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """One played world for the whole matrix."""
    folder: Path = tmp_path_factory.mktemp("stage")
    built = Stage.build(services, f"stage_{worker_id}", services.redis_url(14), folder)
    yield built
    built.end()


@dataclass
class Trial:
    """Tries cells, and tells those that were answered otherwise, or with other headers than ours."""

    stage: Stage
    wrong: list[str] = field(default_factory=list)
    changed: bool = False
    headers: set[str] = field(default_factory=set)
    nothing: dict[tuple[str, str], str] = field(default_factory=dict)

    def all(self, cells: list[Cell]) -> list[str]:
        """Refusals first, in an untouched world; then what is allowed, in a fresh world where it must be."""
        self.stage.prove_anew()
        for cell in sorted(cells, key=lambda cell: not cell.refused):
            self.one(cell)
        if self.changed:
            self.stage.again()
        return self.wrong + sorted(self.headers)

    def one(self, cell: Cell) -> None:
        """A deed that only a fresh world allows is tried again in one."""
        found = self.answer(cell)
        if found != cell.answer and self.changed:
            self.stage.again()
            self.changed = False
            found = self.answer(cell)
        if found != cell.answer:
            self.wrong.append(f"{cell}: {found}, not {cell.answer}")

    def answer(self, cell: Cell) -> str:
        """What the real app answers, in the words of the matrix."""
        address, form = self.stage.address(cell), self.stage.named(cell.form)
        response = self.stage.people[cell.person].ask(cell.method, address, form)
        # Each room has its own way back on the page; within one, what is foreign looks like what is missing.
        room = address.split("/")[1].partition("?")[0]
        word = self._word(cell.person, response, f"/{room}/{NOWHERE}")
        self._exactly(cell, cell.method, response)
        if word == "ok" and cell.method == "GET":
            self._exactly(cell, "HEAD", self.stage.people[cell.person].ask("HEAD", address))
        self.changed |= (cell.method != "GET" and word in ("ok", "done")) or cell.endpoint in ENDS
        return word

    def _exactly(self, cell: Cell, method: str, response: TestResponse) -> None:
        """Every answer to anybody carries our headers, to the letter."""
        found = exact_headers.faults(cell.endpoint, method, response)
        if found:
            self.headers.add(f"{cell}, asked with {method}: {found}")

    def _word(self, person: str, response: TestResponse, nowhere: str) -> str:
        if response.status_code == 404:
            same = _plain(response) == self._missing(person, nowhere)
            return "nothing" if same else "404 that tells something"
        if response.status_code == 303:
            return {"/sign-in": "door", "/fr/suivi": "visit"}.get(response.location, "done")
        return "ok" if response.status_code == 200 else str(response.status_code)

    def _missing(self, person: str, nowhere: str) -> str:
        """What this person is told where there is nothing at all."""
        if (person, nowhere) not in self.nothing:
            self.nothing[person, nowhere] = _plain(self.stage.people[person].ask("GET", nowhere))
        return self.nothing[person, nowhere]


def _plain(response: TestResponse) -> str:
    """The body and what its headers say of it, without the form token."""
    return TOKEN.sub(r"\1", response.text) + str(sorted(response.headers))


@pytest.mark.figures
@pytest.mark.parametrize("room", ROOMS)
def test_everybody_gets_the_answer_that_is_theirs(stage: Stage, room: str, figure: Tell) -> None:
    cells = [cell for cell in matrix.cells() if cell.room == room]

    wrong = Trial(stage).all(cells)
    figure(f"access: {room}, {len(cells)} cells, {len(wrong)} answered otherwise")
    assert not wrong, "\n".join(wrong)


def test_a_desk_decides_nothing_about_what_came_to_another(stage: Stage) -> None:
    ids = {"ids": stage.played.things["apart"]}
    for person in ("other worker", "other lead"):
        kept = stage.people[person].ask("POST", "/desk/quarantine/keep", dict(ids))
        aside = stage.people[person].ask("POST", "/desk/quarantine/set_aside", dict(ids))
        assert (kept.location, aside.location) == ("/desk/quarantine?kept=0", "/desk/quarantine?aside=0")

    with stage.services.connect(stage.town.database.name) as superuser:
        assert superuser.execute("select state from quarantine").fetchall() == [("waiting",)]
