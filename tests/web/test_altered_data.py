"""Somebody altered what is sealed in the database: does every page still answer?"""

from __future__ import annotations

from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import TextClause, text

from grievance.actions import sign_in
from tests import superuser
from tests.columns import sealed
from tests.fixtures import Town
from tests.make import Someone
from tests.sealed_world import PASSWORDS, SealedWorld, living, now
from tests.services import Services
from tests.stories.phones import Phone
from tests.web.public_pages import _Browser

# Which pages, at least, say so of which column. A lookup that was altered finds nothing, as an unknown one;
# a session that was altered is none; of a wrap nobody can say it, since a case without one looks the same;
# quarantine shows the others. Receipts meet the flood's question here: they have a test.
SAID = {
    ("channel", "secret_hidden"): {"channels"},
    ("entry", "sealed_body"): {"case", "own page"},
    ("entry", "sealed_key"): {"case", "own page"},
    ("member_key", "wrapped"): {"board", "case"},
    ("referral_message", "sealed_body"): {"company"},
    ("referral_message", "sealed_key"): {"company"},
}
SENTENCE = "ne s'ouvre pas"


def flip(services: Services, town: Town, table: str, column: str) -> None:
    """Turns one bit of the last byte in every row; a second time it is as it was."""
    last = f"octet_length({column}) - 1"
    statement = (
        f"update {table} set {column} = set_byte({column}, {last}, get_byte({column}, {last}) # 1)"  # noqa: S608
        f" where octet_length({column}) > 0"
    )
    superuser.run(services, town, text(statement))


# What takes the place of a value: the first half of itself, or the next row's value.
CUT = "substring({0} from 1 for octet_length({0}) / 2)"
NEXT = "coalesce(lead({0}) over (order by id), first_value({0}) over (order by id))"


def put(services: Services, town: Town, table: str, column: str, other: str) -> None:
    """Puts this in the place of every value; what stood there is kept aside."""
    superuser.run(
        services, town,
        text(
            f"create table aside as select id, {column} as own, {other.format(column)} as other"  # noqa: S608
            f" from {table} where octet_length({column}) > 0"
        ),
        *_replaced(table, column, "other"),
    )  # fmt: skip


def put_back(services: Services, town: Town, table: str, column: str) -> None:
    """Every value stands again where it stood."""
    superuser.run(services, town, *_replaced(table, column, "own"), text("drop table aside"))


def _replaced(table: str, column: str, by: str) -> list[TextClause]:
    # In two steps, as no two rows may have the same lookup even for an instant.
    longer, joined = f"set {column} = aside.{by} || uuid_send(aside.id)", "from aside where aside.id ="
    return [
        text(f"update {table} {longer} {joined} {table}.id"),
        text(f"update {table} set {column} = aside.{by} {joined} {table}.id"),  # noqa: S608 - our names
    ]


def browser(town: Town) -> FlaskClient:
    """A browser of its own: no request finds what another left in the app's context."""
    return _Browser(town.app, town.app.response_class)


class Rounds:
    """Everybody who looks at pages, with the addresses they open."""

    def __init__(self, world: SealedWorld) -> None:
        self.world, town = world, world.town
        self.desk = self._signed_in(town.world.desk.members[0])
        self.company = self._signed_in(town.world.provider.members[0])
        self.host = self._signed_in(town.world.host.members[0])
        self.person = browser(town)
        self.person.set_cookie("grievance", world.cookie_texts[0])

    def _signed_in(self, someone: Someone) -> FlaskClient:
        client = browser(self.world.town)
        client.set_cookie("grievance", sign_in.begin_staff(someone.row, someone.pair, now=now()))
        return client

    def answers(self) -> list[tuple[str, int, str]]:
        """One look at everything."""
        code, referral = self.world.codes[0], self.world.referral_codes[0]
        fresh = browser(self.world.town)
        seen = [
            ("board", self.desk.get("/desk/")), ("case", self.desk.get(f"/desk/cases?code={code}")),
            ("members", self.desk.get("/members")), ("keys", self.desk.get("/members/keys")),
            ("duty", self.desk.get("/desk/duty")), ("quarantine", self.desk.get("/desk/quarantine")),
            ("company", self.company.get(f"/company/referrals?code={referral}")),
            ("channels", self.host.get("/admin/channels")),
            ("own page", self.person.get("/fr/suivi/dossier")),
            ("receipt", fresh.post("/fr/suivi", data={"recu": self.world.receipts[0]})),
            ("sign in", fresh.post("/sign-in", data=self._typed())),
        ]  # fmt: skip
        return [(name, page.status_code, page.get_data(as_text=True)) for name, page in seen]

    def _typed(self) -> dict[str, str]:
        email = self.world.town.world.desk.members[0].row.email
        return {"email": email, "password": PASSWORDS[0], "code": "000000"}


def test_no_page_falls_over_altered_data(town: Town, services: Services) -> None:
    rounds = Rounds(living(town, services))
    before = {name: status for name, status, _ in rounds.answers()}
    assert max(before.values()) < 500, before
    fallen, said = [], {}
    for table, column in sealed():
        flip(services, town, table, column)
        answers = rounds.answers()
        Phone(town).work()
        fallen += [(table, column, name, status) for name, status, _ in answers if status >= 500]
        stopped = [(name, SENTENCE in unescape(page)) for name, status, page in answers if status == 409]
        fallen += [(table, column, name, 409) for name, sentence in stopped if not sentence]
        if stopped:
            said[table, column] = {name for name, _ in stopped}
        flip(services, town, table, column)
    assert fallen == []
    assert {place: said.get(place, set()) & pages for place, pages in SAID.items()} == SAID
    after = {name: status for name, status, _ in rounds.answers()}
    assert after | {"receipt": before["receipt"]} == before


@pytest.mark.proof
@pytest.mark.parametrize("other", [CUT, NEXT], ids=["cut", "another row's"])
def test_no_page_falls_over_data_that_was_cut_or_moved(other: str, town: Town, services: Services) -> None:
    rounds = Rounds(living(town, services))
    before = {name: status for name, status, _ in rounds.answers()}
    fallen = []
    for table, column in sealed():
        put(services, town, table, column, other)
        answers = rounds.answers()
        Phone(town).work()
        fallen += [(table, column, name, status) for name, status, _ in answers if status >= 500]
        silent = [name for name, status, page in answers if status == 409 and not _says(page)]
        fallen += [(table, column, name, 409) for name in silent]
        put_back(services, town, table, column)
    assert fallen == []
    after = {name: status for name, status, _ in rounds.answers()}
    assert after | {"receipt": before["receipt"]} == before


def _says(page: str) -> bool:
    return SENTENCE in unescape(page)


@pytest.mark.parametrize("language", ["fr", "sw"])
def test_a_returning_person_is_told_in_their_language(language: str, town: Town, services: Services) -> None:
    world = living(town, services)
    flip(services, town, "receipt", "wraps_hidden")
    page = town.app.test_client().post(f"/{language}/suivi", data={"recu": world.receipts[0]})
    assert page.status_code == 409
    assert {"fr": "ne s'ouvre pas", "sw": "hakifunguki"}[language] in page.get_data(as_text=True)
