"""A bitten woman sends a photograph after her report; the desk looks at it, and so does nobody else."""

from __future__ import annotations

import hashlib
import io
import re

import av
import pytest
from PIL import Image
from sqlalchemy import select

from grievance.actions import evidence_seen, held, objections
from grievance.schemas.follow import AppealTo
from grievance.store import queries
from grievance.store.actors import SMS_ACTOR, complainant_actor
from grievance.store.models import Evidence, EvidencePiece, JournalLine
from grievance.store.session import transaction
from tests.cleaning import strange_files as made
from tests.fixtures import Town
from tests.web.desk_pages import Desk, now, reported, sit
from tests.web.public_pages import visitor
from tests.web.test_evidence import send
from tests.web.test_public_follow import rows

GPS = 0x8825


def with_a_photograph(town: Town, photo: bytes) -> str:
    """A case of which the complainant sent a photograph; gives its code."""
    reporter = visitor(town.app).answer_all(
        lieu_site=str(town.world.site.id), lieu_province="Lualaba", faits=["dog_attack"]
    )
    code = reporter.send().code
    assert send(reporter.do("come_back"), photo, "morsure.jpg").status_code == 200
    return code


def file_link(desk: Desk) -> str:
    """The address of the first file on the page of a case."""
    return desk.text.split("/desk/cases/files/")[1].split('"')[0]


def test_the_desk_sees_the_bite_without_its_place_and_the_journal_keeps_its_fingerprint(town: Town) -> None:
    photo = made.photo(turned=6)
    assert Image.open(io.BytesIO(photo)).getexif().get_ifd(GPS), "the telephone wrote where it was"
    code = with_a_photograph(town, photo)

    desk = sit(town, town.world.desk.members[0])
    assert "/desk/cases/files/" not in desk.case(code).text, "not before “I know nobody here”"
    desk.knowing_nobody(code).case(code)
    assert hashlib.sha256(photo).hexdigest() in desk.text
    address = "/desk/cases/files/" + file_link(desk)
    clean = desk.client.get(address)

    assert clean.headers["Content-Type"] == "image/jpeg"
    assert clean.headers["Cache-Control"] == "no-store"
    assert "sandbox" in clean.headers["Content-Security-Policy"]
    picture = Image.open(io.BytesIO(clean.data))
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert picture.size == (480, 640), "upright, as the telephone was held"
    assert made.OWNER.encode() not in clean.data

    original = desk.client.get(address + "&original=1")
    assert original.data == photo
    assert original.headers["Content-Type"] == "application/octet-stream"
    assert original.headers["Content-Disposition"].startswith("attachment")

    lines = rows(town, JournalLine)
    added = [line for line in lines if line.move == "file_added"]
    looks = [line for line in lines if line.move == "file_opened"]
    assert [line.commitment for line in added] == [hashlib.sha256(photo).digest()]
    assert len(looks) == 2
    assert {line.actor for line in looks} == {town.world.desk.members[0].actor.name}
    assert {line.subject for line in looks} == {rows(town, Evidence)[0].id}


def test_the_desk_listens_to_a_voice_where_it_reads_the_case(town: Town) -> None:
    reporter = visitor(town.app).answer_all(lieu_site=str(town.world.site.id), lieu_province="Lualaba")
    code = reporter.send().code
    assert send(reporter.do("come_back"), made.voice(), "voix.wav").status_code == 200

    desk = sit(town, town.world.desk.members[0]).knowing_nobody(code).case(code)
    (player,) = re.findall(r'<audio controls preload="none" src="([^"]+)"></audio>', desk.text)
    heard = desk.client.get(player)

    assert heard.status_code == 200
    assert heard.headers["Content-Type"] == "audio/mp4"
    assert heard.headers["Content-Disposition"] == "inline"
    with av.open(io.BytesIO(heard.data)) as sound:
        assert [stream.type for stream in sound.streams] == ["audio"]
        assert sound.duration / av.time_base == pytest.approx(2, abs=0.2)
    assert [line.move for line in rows(town, JournalLine)].count("file_opened") == 1


def test_nobody_outside_the_desk_reaches_the_file(town: Town) -> None:
    code = with_a_photograph(town, made.photo())
    desk = sit(town, town.world.desk.members[0]).knowing_nobody(code).case(code)
    rest = file_link(desk)
    world = town.world

    for stranger in (world.backup, world.mine, world.provider, world.overseer, world.host):
        for room in ("desk", "oversight"):
            answer = sit(town, stranger.members[0]).client.get(f"/{room}/cases/files/{rest}")
            assert answer.status_code == 404, (stranger.row.kind, room)
    assert visitor(town.app).client.get(f"/desk/cases/files/{rest}").status_code == 303
    case_id = rows(town, Evidence)[0].case_id
    for actor in (world.backup.actor, world.mine.actor, world.overseer.actor, world.host.actor):
        with transaction(actor) as session:
            assert session.scalars(select(Evidence).where(Evidence.case_id == case_id)).all() == []


def test_a_case_that_becomes_restricted_takes_its_files_with_it(town: Town) -> None:
    photo = made.photo()
    code = with_a_photograph(town, photo)
    inside, outside = sit(town, town.world.desk.members[0]), town.world.desk.outside_lanes
    inside.knowing_nobody(code).do("take")
    before = rows(town, Evidence)[0]

    decided = {"severity": "critical", "harms": ["sexual_violence"], "actor": "private"}
    inside.do("triage", **decided, lane="sexual_violence")

    after = rows(town, Evidence)[0]
    assert after.pair_id != before.pair_id
    assert after.sealed_key != before.sealed_key
    inside.case(code)
    assert inside.client.get("/desk/cases/files/" + file_link(inside) + "&original=1").data == photo
    assert list(evidence_seen.of_case(code, actor=outside)) == []


@pytest.mark.parametrize("ticked", [True, False])
def test_whoever_hears_an_appeal_sees_the_files_only_when_they_were_ticked(town: Town, ticked: bool) -> None:
    code, hears = with_a_photograph(town, made.photo()), town.world.backup.members[0]
    case_id = rows(town, Evidence)[0].case_id
    person = complainant_actor(case_id, {})
    desk = sit(town, town.world.desk.members[0]).knowing_nobody(code)
    desk.do("take")
    why = {"outcome": "not_admitted", "not_admitted": "not_about_security"}
    desk.do("close", **why, text="Ce n'est pas pour nous.")
    objections.appeal(case_id, AppealTo.BACKUP, None, evidence_too=ticked, actor=person, now=now())

    page = sit(town, hears).knowing_nobody(code).case(code)

    assert page.status == 200
    assert ("/desk/cases/files/" in page.text) is ticked
    if ticked:
        clean = page.client.get("/desk/cases/files/" + file_link(page))
        assert clean.headers["Content-Type"] == "image/jpeg"
    with transaction(hears.actor) as session:
        assert len(session.scalars(select(Evidence)).all()) == ticked


def test_a_case_that_is_erased_takes_its_files_with_it(town: Town) -> None:
    with_a_photograph(town, made.photo())
    case_id = rows(town, Evidence)[0].case_id
    with transaction(SMS_ACTOR) as session:
        held.shred(session, queries.case_by_id(session, case_id, lock=True), now=now())

    assert rows(town, Evidence) == rows(town, EvidencePiece) == []


def test_a_desk_adds_the_paper_of_the_hospital_and_the_complainant_is_not_shown_it(town: Town) -> None:
    code = reported(town)
    desk = sit(town, town.world.desk.members[0]).knowing_nobody(code)
    paper = made.paper(script=True, files=True, photos=True)

    desk.do("add_file", fichier=(io.BytesIO(paper), "certificat.pdf"))

    assert desk.status == 200
    assert "certificat.pdf" in desk.text
    clean = desk.client.get("/desk/cases/files/" + file_link(desk))
    assert clean.headers["Content-Disposition"] == 'attachment; filename="document.pdf"'
    for trace in (b"JavaScript", b"EmbeddedFile", b"/Info", b"Metadata", made.OWNER.encode(), b"Exif"):
        assert trace not in clean.data, trace
    case_id = rows(town, Evidence)[0].case_id
    assert evidence_seen.own(case_id, actor=complainant_actor(case_id, {})) == ()


def test_a_refused_file_says_so_at_the_desk(town: Town) -> None:
    code = reported(town)
    desk = sit(town, town.world.desk.members[0]).knowing_nobody(code)

    desk.do("add_file", fichier=(io.BytesIO(made.giant_png(20_000)), "photo.png"))

    assert desk.status == 422
    assert "trop lourd" in desk.text
    assert rows(town, Evidence) == []
