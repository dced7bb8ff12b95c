"""A case of sexual violence stays with desk and back-up, however late everybody is; no message names it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from grievance.actions import cases, intake, referrals
from grievance.schemas.desk import TriageIn
from grievance.store import queries
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.models import Contact, Outbox, Referral, Task, Wrap
from grievance.store.session import transaction
from grievance.terms import NotFound, Refused, SkipReason, Step
from grievance.vocabulary import ReferralKind
from tests import desk_work
from tests.fixtures import Town
from tests.stories import sweepers
from workers import mail
from workers.process import Process

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = 365
STORY = "Un garde m'a violée près de la mine."
NEVER_SAID = ("viol", "sexu", "garde", "mine", "Lualaba", "plainte", "survivante")


def told(town: Town) -> str:
    """She told it on the web; gives the case's code."""
    report = desk_work.report(town, story=STORY, harms=["sexual_violence"], share="both", safe_contact="web")
    return intake.receive(report, opening=desk_work.half(), now=NOW).code


def examined(town: Town, code: str, **more: object) -> None:
    form = {
        "severity": "critical", "harms": ["sexual_violence"], "actor": "private", "province": "Lualaba",
        "site_id": str(town.world.site.id), "reason": "Appel.",
    }  # fmt: skip
    desk = town.world.desk.actor
    cases.know_nobody(code, actor=desk, now=NOW)
    cases.take(code, actor=desk, now=NOW)
    cases.triage(code, TriageIn().load(form | more), actor=desk, now=NOW)


def outsiders_hold_nothing(town: Town, code: str) -> None:
    """No company and no ICoCA has a referral, a task, a mail, a key, or the case."""
    world = town.world
    outside = {one.id for one in (world.mine, world.provider, world.second_provider, world.overseer)}
    for stranger in (world.mine, world.provider, world.overseer):
        assert referrals.company_queue(stranger.actor, NOW + YEAR * DAY) == ()
        with pytest.raises(NotFound), transaction(stranger.actor) as session:
            queries.case_by_code(session, code)
    with transaction(SWEEP_ACTOR) as session:
        mails = set(session.scalars(select(Outbox.organisation_id)))
        tasks = set(session.scalars(select(Task.organisation_id)))
    with transaction(world.desk.actor) as session:
        wraps = set(session.scalars(select(Wrap.organisation_id)))
    assert outside.isdisjoint(mails | tasks | wraps)


def test_a_year_of_silence_moves_it_to_the_back_up_and_no_further(town: Town) -> None:
    code = told(town)
    sweepers.pass_time(town, NOW, YEAR, every=15)

    outsiders_hold_nothing(town, code)
    assert sweepers.referrals_of(town, code) == []
    cases.know_nobody(code, actor=town.world.backup.actor, now=NOW)
    assert STORY in [line.text for line in cases.seen(code, town.world.backup.actor, NOW).timeline]
    assert "restricted" in sweepers.skipped_in_journal(town, code)


def test_a_year_after_it_was_examined_still_nobody_outside_knows(town: Town) -> None:
    code = told(town)
    examined(town, code)
    with pytest.raises(Refused, match="consent|survivor"):
        referrals.refer(code, desk_work.draft(town.world.mine.id), actor=town.world.desk.actor, now=NOW)
    sweepers.pass_time(town, NOW, YEAR, every=15)

    outsiders_hold_nothing(town, code)
    assert sweepers.referrals_of(town, code) == []


def test_what_was_prepared_before_it_was_known_what_it_is_never_leaves(town: Town) -> None:
    code, referral = desk_work.referred(town, NOW)
    prepared = [row for row in sweepers.referrals_of(town, code) if row.kind is ReferralKind.ESCALATION]
    assert [row.organisation_id for row in prepared] == [town.world.mine.id]

    desk = town.world.desk.actor
    restricted = desk_work.decided(town, harms=["sexual_violence"], severity="critical", reason="Appel.")
    cases.triage(code, restricted, actor=desk, now=NOW + DAY)
    sweepers.pass_time(town, NOW + DAY, YEAR, every=15)

    assert referrals.company_queue(town.world.mine.actor, NOW + YEAR * DAY) == ()
    assert [row.sent_at for row in sweepers.referrals_of(town, code) if row.id == prepared[0].id] == [None]
    skipped = {step: why for step, _, why in sweepers.steps_of(town, referral)}
    assert skipped[Step.NEXT_PARTY] is SkipReason.RESTRICTED


def test_the_one_person_whom_she_accepts_is_asked_and_their_silence_climbs_nowhere(town: Town) -> None:
    code = told(town)
    examined(town, code)
    desk, mine = town.world.desk.actor, town.world.mine
    for company in (mine, town.world.overseer):
        cases.record_consent(code, desk_work.agrees(company.id), actor=desk, now=NOW)
    with transaction(desk) as session:
        contact = session.scalars(select(Contact.id).where(Contact.organisation_id == mine.id)).one()
    wanted = desk_work.draft(
        mine.id, contact_id=str(contact), survivor_asked=True, accepted_contact_id=str(contact),
    )  # fmt: skip
    referrals.refer(code, wanted, actor=desk, now=NOW)
    sweepers.pass_time(town, NOW, YEAR, every=15)

    with transaction(desk) as session:
        case = queries.case_by_code(session, code)
        rows = session.scalars(select(Referral).where(Referral.case_id == case.id)).all()
    assert [(row.organisation_id, row.kind) for row in rows] == [(mine.id, ReferralKind.ORDINARY)]
    assert referrals.company_queue(town.world.overseer.actor, NOW + YEAR * DAY) == ()


def test_no_mail_about_it_says_what_it_is(town: Town, mailed: Process, tmp_path: Path) -> None:
    told(town)
    sweepers.pass_time(town, NOW, 60, every=5)
    mail.send_waiting(mailed, NOW + 60 * DAY)

    files = sorted((tmp_path / "mail").glob("*.eml"))
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert letters
    for letter in letters:
        said = f"{letter['Subject']} {letter.get_content()}"
        assert [word for word in NEVER_SAID if word in said] == []
