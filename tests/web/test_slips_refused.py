"""What becomes of a slip that does not open, or tells what no form would take? A sentence, and no case."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from grievance.schemas.report import AssistedIn
from grievance.store.models import Case
from grievance.store.session import transaction
from tests import slips
from tests.fixtures import Town
from tests.slips import TOLD, PageKey, codes, refused, sent, slip
from tests.web.desk_pages import Desk, sit

NAMES = sorted(AssistedIn(today=datetime.now(UTC).date()).fields)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=5,
)  # fmt: skip


@pytest.fixture
def desk(town: Town) -> Desk:
    """A case worker who holds the triage key, signed in."""
    return sit(town, town.world.desk.members[0])


@pytest.mark.parametrize(
    "broken",
    [
        lambda key, one: one | {"sealed": one["sealed"][:-4] + "AAAA"},
        lambda key, one: one | {"sealed": one["sealed"][:60]},
        lambda key, one: one | {"sealed": ""},
        lambda key, one: one | {"sealed": "é*"},
        lambda key, one: one | {"id": str(uuid4())},  # the same box under another name would be a second case
        lambda key, one: one | {"sealed": slips.sealed(key, ["no", "slip"])},
        lambda key, one: one | {"sealed": slips.sealed(key, {"id": one["id"], "on": "soon", "told": {}})},
        lambda key, one: {name: value for name, value in one.items() if name != "sealed"},
        lambda key, one: one | {"id": "1"},
    ],
)  # fmt: skip
def test_a_broken_slip_is_refused_with_a_sentence_and_makes_no_case(
    town: Town, desk: Desk, broken: Any
) -> None:
    key = PageKey.of(desk)

    answer = sent(desk, broken(key, slip(key)))

    assert answer.status_code == 422
    assert "abîmée" in refused(answer)
    assert codes(town) == []


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"consent_by": None}, "Écrivez qui a accepté."),
        ({"consent_on": "2999-01-01"}, "Cela ne peut pas être un jour à venir."),
        ({"persons": "douze"}, "Écrivez un nombre"),
        ({"language": {"fr": 1}}, "Choisissez la langue"),
    ],
)
def test_what_the_form_would_refuse_comes_back_to_be_put_right(
    town: Town, desk: Desk, told: dict[str, Any], sentence: str
) -> None:
    key, name = PageKey.of(desk), str(uuid4())

    answer = sent(desk, slip(key, name, **told))

    assert answer.status_code == 422
    assert sentence in refused(answer)
    assert answer.get_json()["correct"]["story"] == slips.STORY
    assert codes(town) == []
    assert sent(desk, slip(key, name)).status_code == 201


@pytest.mark.parametrize("address", ["/desk/offline/entries", "/desk/new"])
def test_a_site_that_is_nowhere_is_refused_and_breaks_nothing(town: Town, desk: Desk, address: str) -> None:
    nowhere = {"site_id": str(uuid4())}
    token = desk.client.get("/desk/offline/state").get_json()["csrf"]
    told = slip(PageKey.of(desk), **nowhere) if address.endswith("entries") else TOLD | nowhere

    answer = desk.client.post(address, data=told | {"csrf_token": token})

    assert answer.status_code == 422
    assert codes(town) == []


@pytest.mark.parametrize(
    ("incident", "written_on", "happened_on"),
    [("today", "2025-11-04", "2025-11-04"), ("yesterday", "2025-11-04", "2025-11-03")],
)
def test_today_is_the_day_of_writing_however_late_the_slip_is_sent(
    town: Town, desk: Desk, incident: str, written_on: str, happened_on: str
) -> None:
    answer = sent(desk, slip(PageKey.of(desk), on=written_on, incident=incident))

    assert answer.status_code == 201
    with transaction(town.world.desk.actor) as session:
        assert str(session.scalars(select(Case.incident_on)).one()) == happened_on


@pytest.mark.parametrize("on", ["1970-01-01", "0001-01-01"])
def test_a_telephone_whose_clock_stands_at_its_beginning_does_not_say_when_it_was(
    town: Town, desk: Desk, on: str
) -> None:
    for incident in ("today", "yesterday"):
        assert sent(desk, slip(PageKey.of(desk), on=on, incident=incident)).status_code == 201
    with transaction(town.world.desk.actor) as session:
        assert set(session.scalars(select(Case.incident_on))) == {None}


def test_a_telephone_whose_clock_runs_ahead_wrote_it_today(town: Town, desk: Desk) -> None:
    answer = sent(desk, slip(PageKey.of(desk), on="2999-01-01", incident="today"))

    assert answer.status_code == 201
    with transaction(town.world.desk.actor) as session:
        assert session.scalars(select(Case.incident_on)).one() <= datetime.now(UTC).date() + timedelta(days=1)


def test_whatever_a_slip_tells_it_is_taken_or_refused(town: Town, desk: Desk) -> None:
    key = PageKey.of(desk)
    answers: set[int] = set()

    @settings(max_examples=80, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=4), st.dates().map(str))
    def one(strange: dict[str, Any], on: str) -> None:
        name = str(uuid4())
        words = {"id": name, "on": on, "told": TOLD | strange}
        answer = sent(desk, {"id": name, "key": key.id, "sealed": slips.sealed(key, words)})
        answers.add(answer.status_code)
        assert answer.status_code in (201, 409, 422)
        assert json.loads(answer.text)

    one()
    assert {201, 422} <= answers
