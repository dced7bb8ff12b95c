"""Does a slip that was written without network become one case, whatever the network and the keys did?"""

from __future__ import annotations

import json
import re
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from grievance.actions import key_changes, keys
from grievance.actions.key_changes import QUIET, QUIET_FOR_SLIPS
from grievance.store.models import Case
from grievance.store.session import transaction
from grievance.vocabulary import ReaderKind
from grievance.web import headers
from grievance.web.desk import offline
from tests import slips
from tests.actions.test_key_changes import again, change, seal_all
from tests.fixtures import Town
from tests.slips import TOLD, PageKey, slip
from tests.web.desk_pages import Desk, now, sit

STATIC = Path(headers.__file__).parent / "static"


@pytest.fixture
def desk(town: Town) -> Desk:
    """A case worker who holds the triage key, signed in."""
    return sit(town, town.world.desk.members[0])


def sent(desk: Desk, slip: dict[str, str]) -> TestResponse:
    """One slip, with a fresh token."""
    token = desk.client.get("/desk/offline/state").get_json()["csrf"]
    return desk.client.post("/desk/offline/entries", data=slip | {"csrf_token": token})


def codes(town: Town) -> list[str]:
    """All cases of the desk."""
    with transaction(town.world.desk.actor) as session:
        return list(session.scalars(select(Case.code)))


def refused(answer: TestResponse) -> str:
    """What the page is told of a slip that was not taken."""
    return " ".join(answer.get_json()["told"])


def test_a_slip_becomes_the_case_that_the_desk_s_own_form_would_make(town: Town, desk: Desk) -> None:
    answer = sent(desk, slip(PageKey.of(desk), harms=["dog_attack"], consent_how="thumbprint"))

    assert answer.status_code == 201
    told = answer.get_json()
    assert codes(town) == [told["code"]]
    assert "15 minutes" in told["say"][0]
    page = desk.knowing_nobody(told["code"]).text
    assert slips.STORY in page
    assert "Empreinte sur papier · Dada yake · 03/11/2025" in page


def test_a_slip_sent_twice_is_one_case_and_the_second_answer_is_the_first(town: Town, desk: Desk) -> None:
    one = slip(PageKey.of(desk))
    colleague = sit(town, town.world.desk.members[1])

    first, again_sent, by_colleague = sent(desk, one), sent(desk, one), sent(colleague, one)

    assert [first.status_code, again_sent.status_code, by_colleague.status_code] == [201, 200, 200]
    code = first.get_json()["code"]
    assert again_sent.get_json()["code"] == by_colleague.get_json()["code"] == code
    assert codes(town) == [code]


def test_a_slip_sent_by_eight_at_once_is_one_case(town: Town, desk: Desk) -> None:
    one = slip(PageKey.of(desk))
    desks = [sit(town, town.world.desk.members[number % 2]) for number in range(8)]
    answers: list[tuple[int, str]] = []
    begin = threading.Barrier(len(desks))

    def send(member: Desk) -> None:
        with town.app.app_context():
            token = member.client.get("/desk/offline/state").get_json()["csrf"]
            begin.wait(60)
            answer = member.client.post("/desk/offline/entries", data=one | {"csrf_token": token})
            answers.append((answer.status_code, answer.get_json()["code"]))

    threads = [threading.Thread(target=send, args=(member,)) for member in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(status for status, _ in answers) == [200] * 7 + [201]
    assert {code for _, code in answers} == set(codes(town))
    assert len(codes(town)) == 1


def test_two_desks_may_by_chance_give_two_slips_one_name(town: Town, desk: Desk) -> None:
    other, name = sit(town, town.world.backup.members[0]), str(uuid4())

    mine, theirs = (sent(one, slip(PageKey.of(one), name)) for one in (desk, other))

    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.get_json()["code"] != theirs.get_json()["code"]


def test_a_desk_cannot_send_another_desk_s_slip_nor_learn_that_it_is_a_case(town: Town, desk: Desk) -> None:
    one, other = slip(PageKey.of(desk)), sit(town, town.world.backup.members[0])
    before, _, after = sent(other, one), sent(desk, one), sent(other, one)

    assert (before.status_code, after.status_code) == (409, 409)
    assert refused(before) == refused(after)
    assert "autre organisation" in refused(before)
    assert len(codes(town)) == 1


def test_a_member_without_the_triage_key_is_told_who_can_send(town: Town, desk: Desk) -> None:
    key, member = PageKey.of(desk), town.world.desk.members[1]
    keys.take_back_keys(member.row.id, [ReaderKind.TRIAGE], actor=town.world.desk.lead, now=now())
    colleague = sit(town, member)
    assert not colleague.client.get("/desk/offline/state").get_json()["key"]["opens"]

    answer = sent(colleague, slip(key))

    assert answer.status_code == 409
    assert "Un collègue qui a la clé de triage" in refused(answer)
    assert codes(town) == []
    assert sent(desk, slip(key)).status_code == 201


def test_a_slip_sealed_before_the_key_was_changed_is_opened_for_thirty_days(town: Town, desk: Desk) -> None:
    old, begun = PageKey.of(desk), now()
    change(town, (ReaderKind.TRIAGE,), begun)
    new = PageKey.of(desk)
    assert new.id != old.id
    before, after = slip(old), slip(old)
    for wait in (QUIET, QUIET_FOR_SLIPS - timedelta(minutes=1)):
        key_changes.seal_anew(actor=again(town.world.desk.members[0]), now=begun + wait)
    assert sent(desk, before).status_code == 201
    assert sent(desk, slip(new)).status_code == 201
    seal_all(town, begun)

    key_changes.seal_anew(actor=again(town.world.desk.members[0]), now=begun + QUIET_FOR_SLIPS)
    answer = sent(desk, after)

    assert answer.status_code == 409
    assert "n'existe plus" in refused(answer)
    assert sent(desk, before).status_code == 200, "what is a case stays one, whatever became of its key"


def test_a_key_that_waits_for_a_second_person_is_offered_to_nobody(town: Town, desk: Desk) -> None:
    old = PageKey.of(desk)
    key_changes.start([ReaderKind.TRIAGE], actor=town.world.desk.lead, now=now())

    assert PageKey.of(desk) == old
    assert desk.client.get("/desk/offline/state").get_json()["key"]["id"] == old.id


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


def test_a_telephone_whose_clock_runs_ahead_wrote_it_today(town: Town, desk: Desk) -> None:
    answer = sent(desk, slip(PageKey.of(desk), on="2999-01-01", incident="today"))

    assert answer.status_code == 201
    with transaction(town.world.desk.actor) as session:
        assert session.scalars(select(Case.incident_on)).one() <= datetime.now(UTC).date() + timedelta(days=1)


def test_a_server_without_libsodium_says_so_and_takes_complaints_as_before(
    town: Town, desk: Desk, tmp_path: Path
) -> None:
    static = Path(town.app.static_folder)
    shutil.copytree(static, tmp_path / "static", ignore=shutil.ignore_patterns("sodium"))
    town.app.static_folder = str(tmp_path / "static")

    page = desk.get("/desk/offline")

    assert page.status == 200
    assert "ne sont pas installées sur ce serveur" in page.text
    assert "wasm" not in page.page.headers["Content-Security-Policy"]
    assert "<script" not in page.text
    assert 'data-action="keep"' not in page.text
    desk.get("/desk/new").do("assisted", **TOLD)
    assert len(codes(town)) == 1


def test_the_worker_keeps_what_the_page_is_made_of_and_may_serve_that_page_alone(
    town: Town, desk: Desk
) -> None:
    page, worker = desk.get("/desk/offline").text, desk.client.get("/desk/offline/worker.js")
    shell = json.loads(worker.text.split("const SHELL = ")[1].split(";\n")[0])

    assert worker.headers["Service-Worker-Allowed"] == shell["page"] == "/desk/offline"
    assert worker.mimetype == "text/javascript"
    named = set(re.findall(r'(?:href|src|data-sodium)="(/(?:static|bootstrap)[^"]+)"', page))
    assert named <= set(shell["files"])
    for file in shell["files"]:
        with desk.client.get(file) as answer:
            assert answer.status_code == 200, file
    for pictured in re.findall(r'url\("(\w+\.svg)"\)', (STATIC / "staff.css").read_text()):
        assert f"/static/{pictured}" in shell["files"]


def test_libsodium_is_the_one_that_the_lock_file_names(town: Town, desk: Desk) -> None:
    """The wrappers ask for the module beside them by its hash: never for an older copy."""
    shell = desk.client.get("/desk/offline/worker.js").text
    wanted = re.search(r'from"\./(libsodium\.mjs\?v=\w+)"', (STATIC / offline.SODIUM[0]).read_text())

    assert wanted is not None
    assert f"/static/sodium/{wanted[1]}" in shell
