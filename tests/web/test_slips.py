"""Does a slip that was written without network become one case, whatever the network and the keys did?"""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest

from grievance.actions import key_changes, keys
from grievance.actions.key_changes import QUIET, QUIET_FOR_SLIPS
from grievance.vocabulary import ReaderKind
from tests import slips
from tests.actions.test_key_changes import again, change, seal_all
from tests.fixtures import Town
from tests.slips import PageKey, codes, refused, sent, slip
from tests.web.desk_pages import Desk, now, sit


@pytest.fixture
def desk(town: Town) -> Desk:
    """A case worker who holds the triage key, signed in."""
    return sit(town, town.world.desk.members[0])


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
