"""A report is read, triaged, referred; the guard company answers; the complainant is told and settles it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from grievance.actions import cases, follow, intake, objections, referrals, visits, voice
from grievance.schemas.follow import AppealTo
from grievance.store import queries, receipts
from grievance.store.models import ClockRow, JournalLine, Outbox, Referral
from grievance.store.session import transaction
from grievance.terms import (
    CaseState,
    ClockKind,
    NotFound,
    ReferralAction,
    ReferralState,
    Refused,
    Role,
    Stage,
)
from grievance.vocabulary import MessageKind, Settled
from tests import desk_work
from tests.fixtures import Town

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ANSWER = "Nos agents étaient présents. Deux ont été suspendus."
TOLD = "La société répond: deux gardes ne travaillent plus là. Cela vous va?"


def test_a_member_is_first_asked_whether_they_know_anybody_there(town: Town) -> None:
    code = intake.receive(desk_work.report(town), opening=desk_work.half(), now=NOW).code
    desk = town.world.desk.actor

    first = cases.seen(code, desk, NOW)
    assert not first.opened
    assert first.timeline == ()
    assert first.site == "Site Exemple A"
    with pytest.raises(Refused, match="conflict_not_asked"):
        cases.note(code, "Note.", actor=desk, now=NOW)

    cases.know_nobody(code, actor=desk, now=NOW)
    second = cases.seen(code, desk, NOW)
    assert [line.text for line in second.timeline] == [desk_work.STORY]
    assert desk.name in cases.seen(code, desk, NOW).read_by


def test_who_knows_somebody_there_reads_nothing_and_a_colleague_goes_on(town: Town) -> None:
    code = intake.receive(desk_work.report(town), opening=desk_work.half(), now=NOW).code
    desk = town.world.desk

    cases.declare_conflict(code, whole_desk=False, actor=desk.actor, now=NOW)

    assert cases.seen(code, desk.actor, NOW).timeline == ()
    with pytest.raises(Refused, match="kept_away"):
        cases.take(code, actor=desk.actor, now=NOW)
    cases.know_nobody(code, actor=desk.members[1].actor, now=NOW)
    assert cases.seen(code, desk.members[1].actor, NOW).timeline != ()


def test_a_case_goes_to_the_guard_company_and_its_answer_to_the_complainant(town: Town) -> None:
    desk, provider = town.world.desk.actor, town.world.provider.actor
    opening = receipts.open_receipt(receipts.mint())
    half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
    received = intake.receive(desk_work.report(town), opening=half, now=NOW)
    code = received.code

    cases.know_nobody(code, actor=desk, now=NOW)
    cases.take(code, actor=desk, now=NOW)
    cases.triage(code, desk_work.decided(town), actor=desk, now=NOW)
    referral = referrals.refer(code, desk_work.draft(town.world.provider.id), actor=desk, now=NOW)

    (line,) = referrals.company_queue(provider, NOW)
    assert line.code == referral != code
    shown = referrals.referral_seen(referral, provider, NOW)
    assert [words.text for words in shown.messages] == [desk_work.SUMMARY]
    assert shown.desk_name == "ONG Exemple Kolwezi"
    assert code not in repr(shown)

    referrals.acknowledge(referral, actor=provider, now=NOW + DAY)
    referrals.ask(referral, "Quel jour?", actor=provider, now=NOW + DAY)
    referrals.reply_to_question(referral, "Lundi.", actor=desk, now=NOW + DAY)
    referrals.answer(referral, ANSWER, actor=provider, now=NOW + 2 * DAY)
    (waiting,) = [c for c in cases.seen(code, desk, NOW + 2 * DAY).clocks if c.kind is ClockKind.RELAY]
    assert (waiting.holder, waiting.role) == ("ONG Exemple Kolwezi", Role.CASE_WORKER)

    referrals.relay(referral, TOLD, actor=desk, now=NOW + 3 * DAY)
    complainant = visits.actor_of(opening)
    assert complainant is not None
    page = follow.seen(received.case_id, actor=complainant, now=NOW + 3 * DAY)
    assert page.stage is Stage.WITH_YOU
    voice.settle(
        received.case_id, page.answers[0].referral_id, Settled.YES, actor=complainant, now=NOW + 4 * DAY
    )
    done = next(one for one in cases.seen(code, desk, NOW + 4 * DAY).referrals if one.code == referral)
    assert (done.state, done.settled) == (ReferralState.SETTLED, Settled.YES)


def test_what_a_company_sees_names_nothing_of_the_case(town: Town) -> None:
    code, referral = desk_work.referred(town, NOW)
    provider = town.world.provider.actor

    with pytest.raises(NotFound):
        cases.seen(code, provider, NOW)
    with transaction(provider) as session, pytest.raises(NotFound):
        queries.case_by_code(session, code)
    for stranger in (town.world.mine.actor, town.world.second_provider.actor, town.world.overseer.actor):
        with pytest.raises(NotFound):
            referrals.referral_seen(referral, stranger, NOW)


def test_the_client_s_and_icoca_s_referrals_are_sealed_before_anybody_is_late(town: Town) -> None:
    code = desk_work.opened(town, NOW)
    desk, world = town.world.desk.actor, town.world
    cases.record_consent(code, desk_work.agrees(world.overseer.id), actor=desk, now=NOW)
    referral = referrals.refer(code, desk_work.draft(world.provider.id), actor=desk, now=NOW)

    with transaction(desk) as session:
        case = queries.case_by_code(session, code)
        rows = session.scalars(select(Referral).where(Referral.case_id == case.id)).all()
        prepared = {row.organisation_id for row in rows if row.state is ReferralState.PREPARED}
    assert prepared == {world.mine.id, world.overseer.id}
    assert referrals.company_queue(world.mine.actor, NOW) == ()
    shown = cases.seen(code, desk, NOW)
    assert {one.code for one in shown.referrals if one.sent_at} == {referral}


def test_an_answer_that_is_none_goes_back_counted_from_the_first_deadline(town: Town) -> None:
    _, referral = desk_work.referred(town, NOW)
    desk, provider = town.world.desk.actor, town.world.provider.actor
    before = {c.kind: c.due_at for c in referrals.referral_seen(referral, provider, NOW).clocks}

    referrals.answer(referral, "Nous avons bien reçu.", actor=provider, now=NOW + DAY)
    later = NOW + DAY + timedelta(minutes=1)
    referrals.incomplete(referral, "Qui était là?", actor=desk, now=later)

    again = referrals.referral_seen(referral, provider, later)
    assert again.state is ReferralState.ACKNOWLEDGED
    assert {c.kind: c.due_at for c in again.clocks} == {ClockKind.ANSWER: before[ClockKind.ANSWER]}
    assert again.messages[-1].kind is MessageKind.INCOMPLETE
    referrals.answer(referral, ANSWER, actor=provider, now=NOW + 2 * DAY)
    referrals.relay(referral, TOLD, actor=desk, now=NOW + 3 * DAY)


def test_every_move_leaves_its_line(town: Town) -> None:
    code, referral = desk_work.referred(town, NOW)
    desk = town.world.desk.actor
    with transaction(desk) as session:
        case = queries.case_by_code(session, code)
        moves = session.scalars(select(JournalLine.move).where(JournalLine.chain == case.id)).all()
    assert {"received", "opened", "take", "triage", "widened", ReferralAction.REFER.value} <= set(moves)
    assert cases.seen(code, desk, NOW).state is CaseState.OPEN
    assert referral


def test_a_silent_desk_is_late_with_its_own_answer_not_the_company(town: Town) -> None:
    code, referral = desk_work.referred(town, NOW)
    referrals.answer(referral, ANSWER, actor=town.world.provider.actor, now=NOW + DAY)
    referrals.relay(referral, TOLD, actor=town.world.desk.actor, now=NOW + 30 * DAY)

    with transaction(town.world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        rows = {row.kind: row for row in session.scalars(select(ClockRow).where(ClockRow.case_id == case.id))}
    assert rows[ClockKind.ANSWER].breached_at is None
    assert rows[ClockKind.RELAY].breached_at is not None


def test_who_came_by_text_gets_a_neutral_notice_and_the_words_when_they_ask(town: Town) -> None:
    code = desk_work.opened(town, NOW, safe_contact="sms")
    cases.write(code, "Pouvez-vous venir mardi?", actor=town.world.desk.actor, now=NOW + DAY)

    with transaction(desk_work.sms()) as session:
        rows = session.scalars(select(Outbox).where(Outbox.template == "news")).all()
    asked = {row.waits_for_follow: row for row in rows}
    assert asked[False].sealed_text is None
    assert asked[True].sealed_text is not None


def test_an_appeal_goes_to_a_body_that_did_not_decide(town: Town) -> None:
    code = desk_work.opened(town, NOW)
    with transaction(town.world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        assert objections.appeal_bodies(session, case)[AppealTo.BACKUP] == town.world.backup.id
