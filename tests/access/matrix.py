"""Who is answered what? The cells of `tests/guards/access.yaml`, one for each address, object and person."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from flask import Flask

FILE = Path(__file__).parents[1] / "guards" / "access.yaml"
PEOPLE = (
    "anonymous", "complainant", "other complainant", "worker", "lane outsider", "lead", "other worker",
    "other lead", "company", "other company", "client", "overseer", "administrator", "revoked member",
    "revoked complainant",
)  # fmt: skip
EVERYBODY = "everybody"
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
REFUSALS = frozenset({"door", "visit", "nothing", "401", "403", "409", "415", "422"})


@dataclass(frozen=True)
class Cell:
    """One person at one address about one object, and the answer they get."""

    method: str
    endpoint: str
    person: str
    answer: str
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)

    @property
    def room(self) -> str:
        """The room that it belongs to."""
        return self.endpoint.partition(".")[0]

    @property
    def refused(self) -> bool:
        """Whether this answer leaves everything as it was."""
        return self.answer in REFUSALS

    def __str__(self) -> str:
        about = ", ".join([*self.path.values(), *self.query.values()])
        return f"{self.method} {self.endpoint} ({about}) by {self.person}"


def cells() -> list[Cell]:
    """Every cell of the file. Raises AssertionError when a person is missing or unknown in one."""
    plan = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [
        cell
        for route, objects in plan["routes"].items()
        for one in objects
        for cell in _cells(route, one, plan)
    ]


def declared() -> set[tuple[str, str]]:
    """The (method, endpoint) that the file names."""
    plan = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {(method, endpoint) for method, _, endpoint in (route.partition(" ") for route in plan["routes"])}


def served(app: Flask) -> set[tuple[str, str]]:
    """The (method, endpoint) that the app answers."""
    return {
        (method, rule.endpoint) for rule in app.url_map.iter_rules() for method in rule.methods & METHODS
    }


def _cells(route: str, one: dict[str, Any], plan: dict[str, Any]) -> list[Cell]:
    method, _, endpoint = route.partition(" ")
    room = one.get("room", endpoint.partition(".")[0])
    answers = _spread(plan["rooms"][room], plan) | _spread(one.get("answers", {}), plan)
    assert set(answers) == set(PEOPLE), f"{route}: {set(answers) ^ set(PEOPLE)}"
    return [
        Cell(
            method, endpoint, person, str(answers[person]), one.get("path", {}), one.get("query", {}),
            one.get("form", {}),
        )
        for person in PEOPLE
    ]  # fmt: skip


def _spread(answers: dict[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    """Groups as the persons in them; a later line, or a narrower one, overrules an earlier."""
    found: dict[str, Any] = {}
    for who, answer in answers.items():
        members = PEOPLE if who == EVERYBODY else plan["groups"].get(who, [who])
        found |= dict.fromkeys(members, answer)
    return found
