"""A complainant takes away a small file which shows, without us, that the report existed on its day."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from grievance import proof_check
from grievance.actions import anchoring, objections
from grievance.schemas.follow import AppealTo
from grievance.store import queries
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.heads import Anchor
from grievance.store.models import Case
from grievance.store.session import transaction
from tests import desk_work
from tests.fixtures import Town
from tests.web.desk_pages import now, reported, sit
from tests.web.public_pages import STORY, Visitor, visitor


def come_back(town: Town) -> Visitor:
    """Somebody who reported by web and came back with the receipt; two other cases stand beside theirs."""
    person = visitor(town.app)
    person.answer_all(lieu_province="Lualaba", recit=STORY).send()
    receipt = person.receipt
    reported(town)
    reported(town)
    return person.come_back(receipt)


def sealed(town: Town) -> Anchor:
    anchoring.publish(now())
    anchor = anchoring.anchor(now(), key=town.keys.anchor)
    assert anchor is not None
    return anchor


def taken(person: Visitor) -> str:
    page = person.get("/fr/suivi/preuve").page
    assert page.status_code == 200
    assert page.headers["Content-Disposition"].startswith("attachment; filename=\"journal-")
    return page.get_data(as_text=True)


def _checked(file: Path, key: str) -> subprocess.CompletedProcess[str]:
    """The checker as a program of its own: no database, no setting, nothing of ours but the one file."""
    return subprocess.run(
        [sys.executable, proof_check.__file__, str(file), key],
        env={}, cwd=file.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_complainant_proves_the_date_without_us(town: Town, tmp_path: Path) -> None:
    person = come_back(town)
    anchor = sealed(town)
    file = tmp_path / "proof.json"
    file.write_text(taken(person))

    done = _checked(file, anchor.public_key.hex())
    assert (done.returncode, done.stderr) == (0, "")
    assert f"the record existed on {anchor.at:%Y-%m-%d}" in done.stdout


def test_the_file_betrays_nothing_of_the_case(town: Town) -> None:
    person = come_back(town)
    sealed(town)
    text = taken(person)

    with transaction(SWEEP_ACTOR) as session:
        cases = session.scalars(select(Case)).all()
    secrets = [STORY, "Lualaba", "received", "complainant"]
    for case in cases:
        secrets += [case.code, str(case.id), case.id.hex, str(case.desk_id)]
    assert [secret for secret in secrets if secret in text] == []


def test_a_proof_that_was_altered_anywhere_does_not_hold(town: Town) -> None:
    person = come_back(town)
    sealed(town)
    proof = json.loads(taken(person))
    assert proof_check.report(json.dumps(proof))[0]

    held = [where for where, altered in _alterations(proof) if proof_check.report(json.dumps(altered))[0]]
    assert held == []
    assert not proof_check.report(json.dumps(proof), "00" * 32)[0]


def _alterations(proof: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The proof with one value of it changed, for each of its values."""
    found = []
    for name in ("line", "salt", "before"):
        found.append((name, proof | {name: _turned(proof[name])}))
    for name in ("line_path", "head_path"):
        for place, (side, other) in enumerate(proof[name]):
            path = [*proof[name]]
            path[place] = [side, _turned(other)]
            found.append((f"{name} {place}", proof | {name: path}))
    for name in ("head", "at"):
        heads = [proof["heads"][0] | {name: proof["heads"][0][name] + 1}, *proof["heads"][1:]]
        found.append((f"head {name}", proof | {"heads": heads}))
    for name in ("hash", "key", "signature"):
        found.append((name, proof | {"anchor": proof["anchor"] | {name: _turned(proof["anchor"][name])}}))
    found.append(("day", proof | {"anchor": proof["anchor"] | {"day": "2020-01-01"}}))
    return found


def _turned(digits: str) -> str:
    return ("0" if digits[0] != "0" else "1") + digits[1:]


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"format": "journal-proof-1"}', "[" * 9_000])
def test_what_is_no_proof_is_said_to_be_none(text: str) -> None:
    assert proof_check.report(text)[0] is False


def test_before_the_anchor_the_person_is_told_to_come_back(town: Town) -> None:
    person = come_back(town).get("/fr/suivi/preuve")

    assert person.page.status_code == 409
    assert "revenez demain" in person.text


def test_the_overseer_s_proof_of_an_appealed_case_holds_without_us(town: Town, tmp_path: Path) -> None:
    code, desk = desk_work.opened(town, now() - timedelta(days=1)), town.world.desk.actor
    with transaction(desk) as session:
        case = queries.case_by_code(session, code, lock=True)
        objections.start_appeal(session, case, AppealTo.OVERSEER, False, actor=desk, now=now())
    anchor = sealed(town)
    seat = sit(town, town.world.overseer.members[0])
    page = seat.get(f"/oversight/cases?code={code}")
    address = f"/oversight/cases/proof?code={code}"
    assert address in page.text
    file = tmp_path / "proof.json"
    file.write_text(seat.get(address).text)

    done = _checked(file, anchor.public_key.hex())
    assert (done.returncode, done.stderr) == (0, "")
    assert f"the record existed on {anchor.at:%Y-%m-%d}" in done.stdout
    assert _checked(file, "00" * 32).returncode == 1
    assert code not in file.read_text()


def test_the_desk_takes_the_same_proof_and_a_stranger_finds_nothing(town: Town) -> None:
    code = reported(town)
    sealed(town)
    own = sit(town, town.world.desk.members[0]).get(f"/desk/cases/proof?code={code}")
    stranger = sit(town, town.world.backup.members[0]).get(f"/desk/cases/proof?code={code}")

    assert proof_check.report(own.text)[0]
    assert stranger.status == 404


def test_anybody_reads_the_heads_and_finds_hashes_and_times_alone(town: Town) -> None:
    reported(town)
    anchor = sealed(town)
    page = town.app.test_client().get("/journal/heads")

    told = page.get_json()
    (head,) = told["heads"]
    assert set(head) == {"head", "at", "root", "hash"}
    assert [Anchor.from_document(kept) for kept in told["anchors"]] == [anchor]
    assert town.app.test_client().get("/journal/heads?before=1").get_json()["heads"] == []
    assert b"def check(" in town.app.test_client().get("/journal/check.py").data


def test_the_overseer_s_page_and_file_carry_the_newest_anchor(town: Town) -> None:
    reported(town)
    anchor = sealed(town)
    seat = sit(town, town.world.overseer.members[0])

    assert anchor.hash.hex() in seat.get("/oversight/statistics").text
    assert f"journal_anchor,{anchor.day},{anchor.hash.hex()}," in seat.get("/oversight/statistics.csv").text


def test_a_proof_taken_later_still_leads_to_the_first_anchor_after_its_day(town: Town) -> None:
    person = come_back(town)
    anchor = sealed(town)
    reported(town)
    anchoring.publish(now() + timedelta(hours=2))
    anchoring.anchor(now() + timedelta(days=1), key=town.keys.anchor)

    assert json.loads(taken(person))["anchor"] == anchor.document()
