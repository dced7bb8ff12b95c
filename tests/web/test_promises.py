"""Is somebody in danger promised the same on every way, and nothing that nobody would do?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from grievance.actions import duty
from grievance.i18n import moment
from grievance.schemas.duty import Turn
from tests.fixtures import Town
from tests.web.public_pages import STORY, _Browser, visitor

IN_DANGER = {"lieu_province": "Lualaba", "danger": "oui", "contact": "web"}
HOUR = timedelta(hours=1)
CALL = "Vous appeler"


def on_duty(town: Town, begins: timedelta, ends: timedelta) -> datetime:
    """Puts somebody of the desk on the roster, from now on or later. Gives when the turn begins."""
    now = datetime.now(UTC)
    turn = Turn(
        member_id=town.world.desk.members[0].row.id, starts_at=now + begins, ends_at=now + ends,
        number="+243880000099",
    )  # fmt: skip
    duty.add_turn(turn, config_key=town.keys.config, actor=town.world.desk.lead, now=now)
    return turn.starts_at


def promised(text: str) -> str:
    """What the receipt promises."""
    return re.search(r"vous répond avant le ([^.<]+)\.", text)[1]


def row(text: str, what: str = "Une première réponse à vous") -> str:
    """The date that the own page promises for this."""
    return re.search(r"avant le ([^<]+)<", text.split(f"<dt>{what}</dt>")[1].split("</div>")[0])[1]


def shown(at: datetime) -> set[str]:
    """The instant as a page writes it, and the minutes after: the report came a moment later."""
    return {plain(moment(at + timedelta(minutes=each))) for each in range(5)}


def plain(text: str) -> str:
    """French typography's spaces as plain ones, as a visitor reads."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("turn", "within"),
    [
        ((-HOUR, 5 * HOUR), HOUR),
        ((3 * HOUR, 9 * HOUR), 4 * HOUR),
        ((40 * HOUR, 48 * HOUR), 24 * HOUR),
        (None, 24 * HOUR),
    ],
)  # fmt: skip
def test_who_is_in_danger_is_promised_what_the_roster_can_keep_and_the_same_on_every_page(
    town: Town, turn: tuple[timedelta, timedelta] | None, within: timedelta
) -> None:
    if turn is not None:
        on_duty(town, *turn)
    with town.app.test_request_context("/fr/"):
        expected = shown(datetime.now(UTC) + within)
    person = visitor(town.app).answer_all(**IN_DANGER)
    check = person.page
    receipt = person.send().receipt
    told = promised(person.text)
    person.page = check

    assert told in expected
    assert promised(person.send().text) == told
    assert row(visitor(town.app).come_back(receipt).text) == told


def test_a_roster_that_changes_later_changes_no_promise(town: Town) -> None:
    person = visitor(town.app).answer_all(**IN_DANGER)
    receipt = person.send().receipt
    told = promised(person.text)
    on_duty(town, -HOUR, HOUR)

    assert row(visitor(town.app).come_back(receipt).text) == told


@pytest.mark.parametrize(("somebody", "within"), [(True, HOUR), (False, 24 * HOUR)])
def test_a_program_is_promised_the_same(town: Town, somebody: bool, within: timedelta) -> None:
    if somebody:
        on_duty(town, -HOUR, HOUR)
    machine = _Browser(town.app, town.app.response_class)
    told = {"language": "fr", "story": STORY, "province": "Lualaba", "danger": True}
    before = datetime.now(UTC)
    kept = machine.post("/api/v1/reports", json=told, headers={"Idempotency-Key": str(uuid4())})
    answer_by = datetime.fromisoformat(kept.json["answer_by"])

    assert kept.status_code == 201
    assert before + within <= answer_by <= datetime.now(UTC) + within
    own = visitor(town.app).come_back(kept.json["receipt"]).text
    with town.app.test_request_context("/fr/"):
        assert row(own) == plain(moment(answer_by))


@pytest.mark.parametrize(("somebody", "within"), [(True, HOUR), (False, 24 * HOUR)])
def test_a_call_asked_for_on_the_own_page_is_promised_by_the_same_roster(
    town: Town, somebody: bool, within: timedelta
) -> None:
    receipt = visitor(town.app).answer_all(**IN_DANGER).send().receipt
    if somebody:
        on_duty(town, -HOUR, HOUR)
    with town.app.test_request_context("/fr/"):
        expected = shown(datetime.now(UTC) + within)
    own = visitor(town.app).come_back(receipt).do("call_back", telephone="", texte="Le soir")

    assert row(own.text, CALL) in expected
