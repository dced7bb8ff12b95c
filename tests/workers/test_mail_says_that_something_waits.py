"""Staff mail holds a code and a link, goes to who has that part now, and is tried again if refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import select

from grievance.actions import anchoring
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.heads import Anchor
from grievance.store.models import Outbox, OutboxState
from grievance.store.session import transaction
from grievance.terms import Role
from tests.fixtures import Town
from tests.stories.phones import Phone
from workers import mail
from workers.process import Process

STORY = "Les gardes ont battu mon frere hier pres du portail"


def letters(tmp_path: Path) -> list[EmailMessage]:
    files = sorted((tmp_path / "mail").glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def rows() -> list[Outbox]:
    with transaction(SWEEP_ACTOR) as session:
        return list(session.scalars(select(Outbox)))


def test_the_marked_members_of_the_desk_hear_of_a_new_case(
    town: Town, mailed: Process, tmp_path: Path
) -> None:
    phone = Phone(town)
    phone.says(STORY)
    phone.says("1")
    mail.send_waiting(mailed, phone.now)

    told = letters(tmp_path)
    marked = {one.row.email for one in town.world.desk.members if one.row.marked}
    assert {letter["To"] for letter in told} == marked
    (case,) = phone.cases()
    for letter in told:
        assert case.code in letter["Subject"]
        text = letter.get_content()
        assert "/desk/" in text
        assert "garde" not in text
        assert phone.number not in text
    assert {row.state for row in rows()} == {OutboxState.SENT}


def test_a_mail_that_the_server_refuses_now_is_tried_again(
    town: Town, mailed: Process, tmp_path: Path
) -> None:
    phone = Phone(town)
    phone.says(STORY)
    phone.says("1")
    mail.send_waiting(replace(mailed, smtp_url="smtp://127.0.0.1:1"), phone.now)
    (row,) = rows()
    assert (row.state, row.attempts) == (OutboxState.WAITING, 1)
    assert row.next_at - phone.now == timedelta(seconds=10)

    mail.send_waiting(mailed, phone.now + timedelta(seconds=11))
    assert {row.state for row in rows()} == {OutboxState.SENT}
    assert letters(tmp_path)


def test_the_anchor_of_the_day_goes_to_every_organisation_but_the_host(
    town: Town, mailed: Process, tmp_path: Path
) -> None:
    phone = Phone(town)
    phone.says(STORY)
    phone.says("1")
    anchoring.publish(phone.now)
    anchor = anchoring.anchor(phone.now, key=town.keys.anchor)
    assert anchor is not None
    mail.send_waiting(mailed, phone.now)

    digest = anchor.hash.hex()
    kept = [letter for letter in letters(tmp_path) if digest in letter.get_body().get_content()]
    world = town.world
    others = [world.mine, world.provider, world.second_provider, world.overseer]
    expected = {one.row.email for tenant in others for one in tenant.members}
    members = [*world.desk.members, *world.backup.members]
    leads = [one for one in members if one.row.role is Role.CASE_LEAD]
    assert {letter["To"] for letter in kept} == expected | {one.row.email for one in leads}
    for letter in kept:
        (file,) = letter.iter_attachments()
        assert Anchor.from_document(json.loads(file.get_content())) == anchor
