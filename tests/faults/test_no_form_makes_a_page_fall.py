"""Whatever anybody types into any form of any page they can open: a clear answer, never a fault of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from redis import Redis

from grievance.web.sessions import PLAIN_NAME
from tests import web_forms
from tests.access import matrix
from tests.access.matrix import Cell
from tests.access.people import Person
from tests.access.stage import Stage
from tests.figures import Tell
from tests.services import Services
from tests.web.public_pages import _Browser
from tests.web_forms import Filling, Form

# A world that has been sent so many forms is closed, merged and signed out; the next ones go to a fresh one.
ROUNDS, IN_ONE_ROUND = 25, 400
PUBLIC = [f"/fr/plainte/{page}" for page in ("lieu", "date", "faits", "recit", "contact")]
STARTS = ["/", "/fr/", "/sw/suivi", "/fr/suivi", "/fr/suivi/dossier", "/sign-in", "/recover", *PUBLIC]
# What no page sends as a form has a proof of its own.
ELSEWHERE = {
    "hooks": "tests/faults/test_no_call_makes_a_hook_fall_or_lie.py",
    "api": "tests/faults/test_no_call_makes_the_api_fall.py",
}
Door = tuple[str, str]  # method, endpoint


@dataclass(frozen=True)
class Sender:
    """Somebody, and a form that they can send to this address."""

    name: str
    client: FlaskClient = field(repr=False)
    form: Form = field(repr=False)
    target: str = field(repr=False)


@dataclass
class Crowd:
    """Everybody who can be signed in, with every form that their pages offer, and the few that none offers.

    Those need a state that the played world is not in; they are sent as the access matrix sends them.
    """

    stage: Stage
    doors: dict[Door, list[Sender]] = field(default_factory=dict, repr=False)
    pages: Counter[int] = field(default_factory=Counter)
    offered: set[Door] = field(default_factory=set)

    def come(self) -> None:
        """Everybody opens all that is theirs to open."""
        self.stage.prove_anew()
        for name, person in self._people().items():
            client = self._browser(person)
            found, answers = web_forms.walk(client, [*self._pages_of(name), "/members", *STARTS])
            self.pages.update(answers.values())
            for form in found.values():
                for target in [form.action, *sorted(form.goes_also_to)]:
                    self._add(Sender(name, client, form, target))
        self.offered = set(self.doors)
        for method, endpoint in sorted(self.expected() - self.offered):
            for cell in self._cells(method, endpoint):
                self._add(self._as_the_matrix(cell))

    def expected(self) -> set[Door]:
        """Every address that takes a form."""
        served = {door for door in matrix.served(self.stage.town.app) if door[0] != "GET"}
        return {door for door in served if door[1].partition(".")[0] not in ELSEWHERE}

    def _people(self) -> dict[str, Person]:
        return {name: one for name, one in self.stage.people.items() if not name.startswith("revoked")}

    def _pages_of(self, name: str) -> list[str]:
        pages = [cell for cell in matrix.cells() if (cell.person, cell.method) == (name, "GET")]
        addresses = [self.stage.address(cell) for cell in pages if cell.answer == "ok"]
        return [one for one in dict.fromkeys(addresses) if not one.startswith(web_forms.UNSEEN)]

    def _browser(self, person: Person) -> FlaskClient:
        app = self.stage.town.app
        client = _Browser(app, app.response_class)
        if person.cookie:
            client.set_cookie(PLAIN_NAME, person.cookie)
        return client

    def _add(self, sender: Sender) -> None:
        adapter = self.stage.town.app.url_map.bind("127.0.0.1")
        method = sender.form.method.upper()
        endpoint = adapter.match(urlsplit(sender.target).path, method=method)[0]
        self.doors.setdefault((method, endpoint), []).append(sender)

    def _cells(self, method: str, endpoint: str) -> list[Cell]:
        """By whom it is sent in the matrix: those who may, else those who are refused."""
        asked = [cell for cell in matrix.cells() if (cell.method, cell.endpoint) == (method, endpoint)]
        asked = [cell for cell in asked if cell.person in self._people()]
        return [cell for cell in asked if not cell.refused] or asked

    def _as_the_matrix(self, cell: Cell) -> Sender:
        person, told = self.stage.people[cell.person], self.stage.named(cell.form)
        form = Form(
            self.stage.address(cell), cell.method.lower(), {name: [value] for name, value in told.items()},
            {"csrf_token": person.csrf or ""},
        )  # fmt: skip
        return Sender(cell.person, self._browser(person), form, form.action)


@pytest.fixture(scope="module")
def crowd(
    services: Services, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crowd]:
    """One played world, and everybody in it."""
    folder: Path = tmp_path_factory.mktemp("crowd")
    stage = Stage.build(services, f"crowd_{worker_id}", services.redis_url(13), folder)
    stage.town.app.config["TESTING"] = False  # a fault is answered as in production
    crowd = Crowd(stage)
    crowd.come()
    yield crowd
    stage.end()


@pytest.mark.parametrize(
    "most",
    [
        pytest.param(200, id="short"),
        *[pytest.param(IN_ONE_ROUND, id=f"long-{one}", marks=pytest.mark.proof) for one in range(ROUNDS)],
    ],
)
def test_no_form_of_no_page_falls_over_what_anybody_types(crowd: Crowd, most: int, figure: Tell) -> None:
    sent, seen, fell, tried = count(), Counter[int](), Counter[str](), Counter[Door]()
    doors = sorted(crowd.doors)
    crowd.stage.again()
    with Redis.from_url(crowd.stage.town.redis_url) as client:
        client.flushdb()  # whoever was slowed down for the last round's guesses

    @settings(
        max_examples=most, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(web_forms.places, web_forms.fillings)
    def one(place: int, filling: Filling) -> None:
        # Each door in its turn, so that none is left out however few are sent.
        door = doors[next(sent) % len(doors)]
        sender = crowd.doors[door][place % len(crowd.doors[door])]
        status = _send(sender, filling)
        seen[status] += 1
        tried[door] += 1
        if status >= 500:
            fell[f"{sender.name}: {' '.join(door)} {sorted(sender.form.fields)}"] += 1

    one()
    ways = sum(len(senders) for senders in crowd.doors.values())
    figure(
        f"forms: {sum(seen.values())} sent in {ways} ways through {len(tried)} doors, {len(crowd.offered)} of"
        f" them offered by a page, answers {dict(seen)}; pages {dict(crowd.pages)}"
    )
    assert fell == Counter()
    assert not [status for status in crowd.pages if status >= 500]
    assert sum(seen.values()) == most
    assert {door for door in tried if door[0] != "GET"} == crowd.expected()
    assert set(tried) == set(doors)


def _send(sender: Sender, filling: Filling) -> int:
    form = sender.form
    data, kind = web_forms.body(web_forms.filled(form, filling), as_file=filling.as_file)
    if form.method == "get":
        query = web_forms.body(web_forms.filled(form, filling), as_file=False)[0][:1_500].decode()
        return sender.client.get(sender.target.partition("?")[0], query_string=query).status_code
    return sender.client.open(
        sender.target, method=form.method.upper(), data=data, content_type=kind
    ).status_code
