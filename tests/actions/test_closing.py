"""When may a case be closed? Each outcome has its condition, and the complainant is always told why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from grievance.actions import cases, objections, referrals, voice
from grievance.schemas.desk import AppealDecision, Call, Closing, Found
from grievance.schemas.follow import AppealTo
from grievance.store import queries
from grievance.store.actors import complainant_actor
from grievance.store.models import Wrap
from grievance.store.session import transaction
from grievance.terms import Actor, CaseState, ClockKind, MoveNotAllowed, NotFound, ReferralState, Refused
from grievance.vocabulary import Finding, NotAdmitted, Outcome, ReaderKind, SafeContact, Settled
from tests import desk_work
from tests.fixtures import Town

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WHY = "Voici pourquoi nous fermons."


def close(code: str, outcome: Outcome, actor: Actor, now: datetime, **more: object) -> None:
    cases.close(code, Closing(outcome, WHY, **more), actor=actor, now=now)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.REMEDIED, "remedies_not_confirmed"),
        (Outcome.ANSWER_ACCEPTED, "answer_not_accepted"),
        (Outcome.NO_AGREEMENT, "no_answer_told"),
        (Outcome.NOT_ESTABLISHED, "findings_missing"),
        (Outcome.NO_CONTACT, "not_tried_enough"),
        (Outcome.CHOSE_NO_CONTACT, "wants_contact"),
        (Outcome.WITHDRAWN, "withdrawal_talk_missing"),
        (Outcome.SENT_ELSEWHERE, "not_confirmed_elsewhere"),
        (Outcome.NOT_ADMITTED, "reason_missing"),
        (Outcome.MERGED, "merge_refused"),
    ],
)
def test_no_case_is_closed_without_what_its_outcome_needs(town: Town, outcome: Outcome, reason: str) -> None:
    code = desk_work.opened(town, NOW)
    with pytest.raises(Refused, match=reason):
        close(code, outcome, town.world.desk.actor, NOW + DAY)
    assert cases.seen(code, town.world.desk.actor, NOW + DAY).state is CaseState.OPEN


def test_an_accepted_answer_closes_and_the_complainant_has_sixty_days(town: Town) -> None:
    code, referral = desk_work.referred(town, NOW)
    desk = town.world.desk.actor
    referrals.answer(referral, "Excuses.", actor=town.world.provider.actor, now=NOW + DAY)
    referrals.relay(referral, "Ils s'excusent.", actor=desk, now=NOW + DAY)
    referrals.settle(referral, Settled.YES, actor=desk, now=NOW + 2 * DAY)

    close(code, Outcome.ANSWER_ACCEPTED, desk, NOW + 3 * DAY)

    shown = cases.seen(code, desk, NOW + 3 * DAY)
    assert (shown.state, shown.outcome) == (CaseState.CLOSED, Outcome.ANSWER_ACCEPTED)
    assert shown.timeline[-1].text == WHY
    assert {clock.kind for clock in shown.clocks} == {ClockKind.DISPUTE_WINDOW, ClockKind.CHECK_IN}
    waiting = [one.state for one in shown.referrals if one.code != referral]
    assert waiting == [ReferralState.WITHDRAWN]
    (line,) = cases.queue(desk, NOW + 3 * DAY, closed=True)
    assert line.code == code
    assert cases.queue(desk, NOW + 3 * DAY) == ()

    voice_of = shown.case_id
    objections.dispute(voice_of, "Ce n'est pas fini.", actor=desk, now=NOW + 40 * DAY)
    assert cases.seen(code, desk, NOW + 40 * DAY).state is CaseState.OPEN
    close(code, Outcome.ANSWER_ACCEPTED, desk, NOW + 41 * DAY)
    cases.reopen(code, "Nouveau témoin.", actor=desk, now=NOW + 42 * DAY)
    assert cases.seen(code, desk, NOW + 42 * DAY).outcome is None


def test_a_case_is_not_closed_over_the_head_of_a_company_that_still_owes(town: Town) -> None:
    code, first = desk_work.referred(town, NOW)
    desk = town.world.desk.actor
    referrals.refer(code, desk_work.draft(town.world.mine.id), actor=desk, now=NOW + DAY)
    referrals.answer(first, "Excuses.", actor=town.world.provider.actor, now=NOW + DAY)
    referrals.relay(first, "Ils s'excusent.", actor=desk, now=NOW + DAY)
    with pytest.raises(Refused, match="company_still_owes"):
        close(code, Outcome.NO_AGREEMENT, desk, NOW + 2 * DAY)


def test_no_contact_needs_three_tries_by_two_ways_over_three_weeks(town: Town) -> None:
    code = desk_work.opened(town, NOW)
    desk = town.world.desk.actor
    for day, way in ((1, SafeContact.CALL), (8, SafeContact.CALL)):
        cases.call(code, Call(way, reached=False), actor=desk, now=NOW + day * DAY)
    cases.write(code, "Nous vous cherchons.", actor=desk, now=NOW + 15 * DAY)
    with pytest.raises(Refused, match="not_tried_enough"):
        close(code, Outcome.NO_CONTACT, desk, NOW + 20 * DAY)
    cases.call(code, Call(SafeContact.CALL, reached=False), actor=desk, now=NOW + 22 * DAY)
    close(code, Outcome.NO_CONTACT, desk, NOW + 22 * DAY)


def test_a_complaint_not_for_this_service_needs_a_reason_from_the_list(town: Town) -> None:
    code = desk_work.taken(town, NOW)
    desk = town.world.desk.actor
    with pytest.raises(Refused, match="triage_first"):
        close(code, Outcome.REMEDIED, desk, NOW)
    close(code, Outcome.NOT_ADMITTED, desk, NOW, not_admitted=NotAdmitted.NOT_ABOUT_SECURITY)
    assert cases.seen(code, desk, NOW).outcome is Outcome.NOT_ADMITTED


def test_not_established_needs_a_finding_on_every_allegation(town: Town) -> None:
    code = desk_work.opened(town, NOW)
    desk = town.world.desk.actor
    (allegation,) = cases.seen(code, desk, NOW + DAY).allegations
    cases.find(code, Found(allegation.id, Finding.ESTABLISHED, "Deux témoins."), actor=desk, now=NOW + DAY)
    with pytest.raises(Refused, match="findings_missing"):
        close(code, Outcome.NOT_ESTABLISHED, desk, NOW + DAY)
    cases.find(code, Found(allegation.id, Finding.UNFOUNDED, "Autre lieu."), actor=desk, now=NOW + DAY)
    close(code, Outcome.NOT_ESTABLISHED, desk, NOW + DAY)


def test_who_withdraws_is_spoken_with_before_the_case_is_closed(town: Town) -> None:
    code = desk_work.opened(town, NOW)
    desk = town.world.desk.actor
    voice.withdraw(cases.seen(code, desk, NOW + DAY).case_id, actor=desk, now=NOW + DAY)
    with pytest.raises(Refused, match="frozen"):
        referrals.refer(code, desk_work.draft(town.world.provider.id), actor=desk, now=NOW + DAY)
    (task,) = cases.tasks(desk, NOW + DAY)
    cases.task_done(task.id, actor=desk, now=NOW + 2 * DAY)
    close(code, Outcome.WITHDRAWN, desk, NOW + 2 * DAY)
    assert cases.tasks(desk, NOW + 2 * DAY) == ()


def test_the_back_up_decides_an_appeal_and_nobody_else(town: Town) -> None:
    code = desk_work.opened(town, NOW)
    desk, backup = town.world.desk.actor, town.world.backup.lead
    case_id = cases.seen(code, desk, NOW + DAY).case_id
    close(code, Outcome.SENT_ELSEWHERE, desk, NOW + DAY, confirmed=True)
    objections.appeal(case_id, AppealTo.BACKUP, "Je ne suis pas d'accord.", actor=desk, now=NOW + 2 * DAY)
    stands = AppealDecision(True, "La décision reste.", Outcome.SENT_ELSEWHERE)

    cases.know_nobody(code, actor=town.world.desk.lead, now=NOW + 3 * DAY)
    with pytest.raises(Refused, match="not_the_appeal_body"):
        cases.decide_appeal(code, stands, actor=town.world.desk.lead, now=NOW + 3 * DAY)
    cases.know_nobody(code, actor=backup, now=NOW + 3 * DAY)
    shown = cases.seen(code, backup, NOW + 3 * DAY)
    assert desk_work.STORY in [line.text for line in shown.timeline]
    assert not [line for line in shown.timeline if line.room == "note"]
    cases.decide_appeal(code, stands, actor=backup, now=NOW + 4 * DAY)
    assert cases.seen(code, desk, NOW + 4 * DAY).state is CaseState.CLOSED


def test_an_overturned_decision_opens_the_case_again(town: Town) -> None:
    code = desk_work.opened(town, NOW)
    desk, backup = town.world.desk.actor, town.world.backup.lead
    case_id = cases.seen(code, desk, NOW + DAY).case_id
    close(code, Outcome.SENT_ELSEWHERE, desk, NOW + DAY, confirmed=True)
    objections.appeal(case_id, AppealTo.BACKUP, None, actor=desk, now=NOW + 2 * DAY)
    cases.know_nobody(code, actor=backup, now=NOW + 3 * DAY)
    cases.decide_appeal(
        code, AppealDecision(False, "Le dossier est rouvert."), actor=backup, now=NOW + 3 * DAY
    )
    shown = cases.seen(code, desk, NOW + 3 * DAY)
    assert (shown.state, shown.timeline[-1].text) == (CaseState.OPEN, "Le dossier est rouvert.")


def test_two_reports_of_one_event_are_joined_and_both_codes_stay_valid(town: Town) -> None:
    first, second = desk_work.opened(town, NOW), desk_work.opened(town, NOW)
    desk = town.world.desk.actor
    close(second, Outcome.MERGED, desk, NOW + DAY, merged_into=first)
    with transaction(desk) as session:
        joined = queries.case_by_code(session, second)
        assert joined.merged_into == queries.case_by_code(session, first).id
    other = desk_work.opened(town, NOW, share="nobody")
    with pytest.raises(Refused, match="merge_refused"):
        close(other, Outcome.MERGED, desk, NOW + DAY, merged_into=first)
    with pytest.raises(NotFound):
        close(other, Outcome.MERGED, desk, NOW + DAY, merged_into="ZZZZ-99")
    with pytest.raises(MoveNotAllowed):
        close(second, Outcome.MERGED, desk, NOW + DAY, merged_into=first)


def test_a_joined_case_is_read_by_who_reads_the_other_and_taken_apart_again_without_trace(town: Town) -> None:
    first, second = desk_work.opened(town, NOW), desk_work.taken(town, NOW)
    desk = town.world.desk.actor
    for company in (town.world.provider, town.world.mine):
        cases.record_consent(second, desk_work.agrees(company.id), actor=desk, now=NOW)
    close(second, Outcome.MERGED, desk, NOW + DAY, merged_into=first)
    assert wraps_of_desk(town, second) == 4

    cases.reopen(second, "Ce n'était pas le même jour.", actor=desk, now=NOW + 2 * DAY)
    with transaction(desk) as session:
        row = queries.case_by_code(session, second)
        assert (row.merged_into, row.state) == (None, CaseState.OPEN)
    assert wraps_of_desk(town, second) == 0
    assert desk_work.STORY in [line.text for line in cases.seen(second, desk, NOW + 2 * DAY).timeline]


def test_the_complainant_takes_a_joined_case_apart_by_disputing_it(town: Town) -> None:
    first, second = desk_work.opened(town, NOW), desk_work.opened(town, NOW)
    desk = town.world.desk.actor
    close(second, Outcome.MERGED, desk, NOW + DAY, merged_into=first)
    case_id = cases.seen(second, desk, NOW + DAY).case_id
    person = complainant_actor(case_id, {})
    objections.dispute(case_id, None, actor=person, now=NOW + DAY)

    with transaction(desk) as session:
        assert queries.case_by_code(session, second).merged_into is None
    # It was triaged: its desk reads it for its own sake.
    assert wraps_of_desk(town, second) == 4


def wraps_of_desk(town: Town, code: str) -> int:
    with transaction(town.world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        held = select(Wrap.id).where(Wrap.case_id == case.id, Wrap.reader == ReaderKind.DESK)
        return len(session.scalars(held).all())
