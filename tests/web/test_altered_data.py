"""Somebody altered what is sealed in the database: does every page still answer?"""

from __future__ import annotations

from html import unescape

import pyotp
import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import TextClause, text

from grievance.actions import evidence_seen, sign_in
from tests import superuser
from tests.columns import sealed
from tests.fixtures import Town
from tests.make import Someone
from tests.sealed_world import PASSWORDS, SealedWorld, living, now
from tests.services import Services
from tests.stories.phones import Phone
from tests.web.public_pages import _Browser
from tests.web.test_continue_later import put_down

# Which pages, at least, say so of which column. A lookup that was altered finds nothing, as an unknown one;
# a session that was altered is none; of a wrap nobody can say it, since a case without one looks the same;
# quarantine shows the others; a key from paper that opens nothing is a wrong one.
SAID = {
    ("channel", "secret_hidden"): {"channels"},
    ("member", "private_by_password"): {"sign in"},
    ("member", "totp_hidden"): {"sign in"},
    ("receipt", "wraps_hidden"): {"receipt"},
    ("unfinished_report", "sealed_hidden"): {"draft"},
    ("evidence", "sealed_key"): {"file"},
    ("evidence_piece", "sealed"): {"file"},
    ("entry", "sealed_body"): {"case", "own page"},
    ("entry", "sealed_key"): {"case", "own page"},
    ("member_key", "wrapped"): {"board", "case"},
    ("referral_message", "sealed_body"): {"company"},
    ("referral_message", "sealed_key"): {"company"},
}
SENTENCE = "ne s'ouvre pas"
# What everybody is answered while nothing is altered: each page really opens what it shows.
AS_IT_WAS = {
    "board": 200, "case": 200, "members": 200, "keys": 200, "duty": 200, "quarantine": 200, "company": 200,
    "channels": 200, "own page": 200, "receipt": 303, "draft": 200, "file": 200, "own files": 200,
    "sign in": 303, "recover": 422,
}  # fmt: skip


def flip(services: Services, town: Town, table: str, column: str) -> None:
    """Turns one bit of the last byte in every row; a second time it is as it was."""
    last = f"octet_length({column}) - 1"
    statement = (
        f"update {table} set {column} = set_byte({column}, {last}, get_byte({column}, {last}) # 1)"  # noqa: S608
        f" where octet_length({column}) > 0"
    )
    superuser.run(services, town, text(statement))


# What takes the place of a value: the first half of itself, the next row's value, or another column's.
CUT = "substring(own from 1 for octet_length(own) / 2)"
NEXT = "coalesce(lead(own) over (order by id), first_value(own) over (order by id))"
ANOTHER = "(select v from another where another.n = 1 + (mine.n - 1) % another.many)"


def put(services: Services, town: Town, table: str, column: str, other: str) -> None:
    """Puts this in the place of every value; what stood there is kept aside."""
    from_table, from_column = ("wrap", "wrapped") if table == "entry" else ("entry", "sealed_body")
    superuser.run(
        services, town,
        text(
            f"create table aside as with another as (select {from_column} as v,"  # noqa: S608 - our names
            f" row_number() over (order by id) as n, count(*) over () as many from {from_table}),"
            f" mine as (select id, {column} as own, row_number() over (order by id) as n"
            f" from {table} where octet_length({column}) > 0) select id, own, {other} as other from mine"
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
        self.draft = put_down(town).receipt
        self.file = evidence_seen.of_case(world.codes[0], actor=town.world.desk.actor)[0].id

    def _signed_in(self, someone: Someone) -> FlaskClient:
        client = browser(self.world.town)
        client.set_cookie("grievance", sign_in.begin_staff(someone.as_stored(), someone.pair, now=now()))
        return client

    def answers(self) -> list[tuple[str, int, str]]:
        """One look at everything, by people whom nobody slows down and whose codes were never used."""
        code, referral, town = self.world.codes[0], self.world.referral_codes[0], self.world.town
        fresh = browser(town)
        with Redis.from_url(town.redis_url) as counts:
            counts.flushdb()
        superuser.run(self.world.services, town, text("update member set totp_used = null"))
        seen = [
            ("board", self.desk.get("/desk/")), ("case", self.desk.get(f"/desk/cases?code={code}")),
            ("members", self.desk.get("/members")), ("keys", self.desk.get("/members/keys")),
            ("duty", self.desk.get("/desk/duty")), ("quarantine", self.desk.get("/desk/quarantine")),
            ("company", self.company.get(f"/company/referrals?code={referral}")),
            ("channels", self.host.get("/admin/channels")),
            ("own page", self.person.get("/fr/suivi/dossier")),
            ("receipt", fresh.post("/fr/suivi", data={"recu": self.world.receipts[0]})),
            ("draft", fresh.post("/fr/suivi", data={"recu": self.draft})),
            ("file", self.desk.get(f"/desk/cases/files/{self.file}?code={code}")),
            ("own files", self.person.get("/fr/suivi/fichiers")),
            ("sign in", fresh.post("/sign-in", data=self._typed())),
            ("recover", fresh.post("/recover", data=self._typed_from_paper())),
        ]  # fmt: skip
        return [(name, page.status_code, page.get_data().decode("utf-8", "replace")) for name, page in seen]

    def _typed(self) -> dict[str, str]:
        member = self.world.town.world.desk.members[0].row
        code = pyotp.TOTP(self.world.secrets[member.id]).at(now())
        return {"email": member.email, "password": PASSWORDS[0], "code": code}

    def _typed_from_paper(self) -> dict[str, str]:
        """The right key from paper, which is opened, and a wrong code: nothing is made anew."""
        member = self.world.town.world.desk.members[0].row
        return self._typed() | {"recovery_key": self.world.papers[member.id], "code": "000000"}


def test_no_page_falls_over_altered_data(town: Town, services: Services) -> None:
    rounds = Rounds(living(town, services))
    before = {name: status for name, status, _ in rounds.answers()}
    assert before == AS_IT_WAS
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
    assert after == before


@pytest.mark.proof
@pytest.mark.parametrize("other", [CUT, NEXT, ANOTHER], ids=["cut", "another row's", "another column's"])
def test_no_page_falls_over_data_that_was_cut_or_moved(other: str, town: Town, services: Services) -> None:
    rounds = Rounds(living(town, services))
    before = {name: status for name, status, _ in rounds.answers()}
    assert before == AS_IT_WAS
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
    assert after == before


def _says(page: str) -> bool:
    return SENTENCE in unescape(page)


@pytest.mark.parametrize("language", ["fr", "sw"])
def test_a_returning_person_is_told_in_their_language(language: str, town: Town, services: Services) -> None:
    world = living(town, services)
    flip(services, town, "receipt", "wraps_hidden")
    page = town.app.test_client().post(f"/{language}/suivi", data={"recu": world.receipts[0]})
    assert page.status_code == 409
    assert {"fr": "ne s'ouvre pas", "sw": "hakifunguki"}[language] in page.get_data(as_text=True)
