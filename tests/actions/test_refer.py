"""What stands between a case and a company? Consent for this addressee, and three questions asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, select

from grievance.actions import cases, referrals
from grievance.schemas.company import Extension, RemedyDelivery, RemedyPromise
from grievance.store import queries
from grievance.store.models import Contact, Referral
from grievance.store.session import transaction
from grievance.terms import ClockKind, MoveNotAllowed, NotFound, ReferralAction, ReferralState, Refused
from grievance.vocabulary import MessageKind, ReferralKind, RemedyKind, RemedyState, Settled
from tests import desk_work, superuser
from tests.fixtures import Town
from tests.services import Services

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PROMISE = RemedyPromise(RemedyKind.MEDICAL_COSTS, "150 USD à l'hôpital", None)


@pytest.mark.parametrize(
    ("lacks", "reason"),
    [
        ({"summary_read": False}, "summary_not_read"),
        ({"people_it_could_be": None}, "how_few_not_asked"),
        ({"safe_if_guessed": None}, "safety_not_asked"),
        ({"safe_if_guessed": False}, "not_safe"),
        ({"identity": "Nom Inventé"}, "identity_consent"),
    ],
)
def test_a_referral_without_its_questions_is_refused(
    town: Town, lacks: dict[str, object], reason: str
) -> None:
    code = desk_work.opened(town, NOW)
    draft = desk_work.draft(town.world.provider.id, **lacks)
    with pytest.raises(Refused, match=reason):
        referrals.refer(code, draft, actor=town.world.desk.actor, now=NOW)
    assert referrals.company_queue(town.world.provider.actor, NOW) == ()


def test_a_company_that_was_not_allowed_gets_nothing(town: Town) -> None:
    code = desk_work.opened(town, NOW, share="provider")
    desk = town.world.desk.actor
    with pytest.raises(Refused, match="consent"):
        referrals.refer(code, desk_work.draft(town.world.mine.id), actor=desk, now=NOW)
    referrals.refer(code, desk_work.draft(town.world.provider.id), actor=desk, now=NOW)
    with transaction(desk) as session:
        case = queries.case_by_code(session, code)
        kinds = session.scalars(select(Referral.kind).where(Referral.case_id == case.id)).all()
    assert kinds == [ReferralKind.ORDINARY]  # nothing was prepared for the mine, nor for ICoCA


def test_a_no_stops_what_was_sent_and_what_only_waits(town: Town) -> None:
    code, referral = desk_work.referred(town, NOW)
    desk = town.world.desk.actor
    for company in (town.world.provider, town.world.mine):
        said = desk_work.agrees(company.id, allowed=False)
        cases.record_consent(code, said, actor=desk, now=NOW + DAY)

    shown = cases.seen(code, desk, NOW + DAY)
    assert {one.state for one in shown.referrals} == {ReferralState.WITHDRAWN}
    assert not [clock for clock in shown.clocks if clock.referral_code == referral]
    with pytest.raises(MoveNotAllowed):
        referrals.answer(referral, "Trop tard.", actor=town.world.provider.actor, now=NOW + 2 * DAY)


def test_the_person_accused_and_their_superior_never_receive_it(town: Town, services: Services) -> None:
    chief, guard = uuid4(), uuid4()
    common = {"organisation_id": town.world.second_provider.id, "site_id": town.world.site.id}
    superuser.run(
        services, town,
        insert(Contact).values(id=chief, label="Chef", superior_id=None, **common),
        insert(Contact).values(id=guard, label="Garde", superior_id=chief, **common),
    )  # fmt: skip
    code = desk_work.opened(town, NOW)
    desk = town.world.desk.actor
    organisation_id = town.world.second_provider.id
    cases.record_consent(code, desk_work.agrees(organisation_id), actor=desk, now=NOW)

    for accused in (chief, guard):
        draft = desk_work.draft(organisation_id, contact_id=str(accused), named_contact_ids=[str(guard)])
        with pytest.raises(Refused, match="contact_is_accused"):
            referrals.refer(code, draft, actor=desk, now=NOW)
    referrals.refer(
        code, desk_work.draft(organisation_id, named_contact_ids=[str(guard)]), actor=desk, now=NOW
    )
    with transaction(desk) as session:
        receives = session.scalar(select(Referral.contact_id).where(Referral.kind == ReferralKind.ORDINARY))
    assert receives not in (chief, guard, None)


def test_evidence_is_asked_for_within_a_day_before_triage(town: Town) -> None:
    code = desk_work.taken(town, NOW)
    draft = desk_work.draft(town.world.provider.id, kind="interim", summary="Gardez les images du 2 mars.")
    referral = referrals.refer(code, draft, actor=town.world.desk.actor, now=NOW)

    shown = referrals.referral_seen(referral, town.world.provider.actor, NOW)
    assert [(clock.kind, clock.due_at) for clock in shown.clocks] == [(ClockKind.INTERIM, NOW + DAY)]
    referrals.answer(referral, "Gardées.", actor=town.world.provider.actor, now=NOW + DAY / 2)
    assert referrals.referral_seen(referral, town.world.provider.actor, NOW).clocks == ()


def test_a_question_moves_the_deadline_only_when_the_desk_finds_it_needed(town: Town) -> None:
    _, referral = desk_work.referred(town, NOW)
    desk, provider = town.world.desk.actor, town.world.provider.actor
    referrals.acknowledge(referral, actor=provider, now=NOW + DAY)

    def due() -> datetime:
        (clock,) = referrals.referral_seen(referral, provider, NOW + DAY).clocks
        return clock.due_at

    first = due()
    referrals.ask(referral, "Où exactement?", actor=provider, now=NOW + DAY)
    assert due() == first
    referrals.accept_question(referral, actor=desk, now=NOW + DAY)
    assert due() > first
    referrals.reply_to_question(referral, "Au portail nord.", actor=desk, now=NOW + 2 * DAY)
    with pytest.raises(Refused, match="question_already_accepted"):
        referrals.accept_question(referral, actor=desk, now=NOW + 2 * DAY)


def test_more_time_is_given_once_with_a_reason(town: Town) -> None:
    _, referral = desk_work.referred(town, NOW)
    provider = town.world.provider.actor
    referrals.acknowledge(referral, actor=provider, now=NOW + DAY)
    before = referrals.referral_seen(referral, provider, NOW + DAY)
    assert before.longest_extension == 10

    later = referrals.extend(referral, Extension(5, "Témoins absents."), actor=provider, now=NOW + 2 * DAY)

    after = referrals.referral_seen(referral, provider, NOW + 2 * DAY)
    assert [clock.due_at for clock in after.clocks] == [later]
    assert later > before.clocks[0].due_at
    assert after.longest_extension is None
    with pytest.raises(Refused, match="already_extended"):
        referrals.extend(referral, Extension(1, "Encore."), actor=provider, now=NOW + 3 * DAY)


def test_only_the_complainant_s_word_confirms_a_remedy(town: Town) -> None:
    code, referral = desk_work.referred(town, NOW)
    desk, provider = town.world.desk.actor, town.world.provider.actor
    referrals.answer(referral, "Nous paierons les soins.", actor=provider, now=NOW + DAY)
    remedy = referrals.promise_remedy(referral, PROMISE, actor=provider, now=NOW + DAY)
    delivered = RemedyDelivery(remedy, "Reçu n° 4")
    referrals.deliver_remedy(referral, delivered, actor=provider, now=NOW + 2 * DAY)
    assert [one.state for one in _remedies(town, referral)] == [RemedyState.DELIVERED]

    referrals.judge_remedy(referral, remedy, came=False, actor=desk, now=NOW + 3 * DAY)
    assert [one.state for one in _remedies(town, referral)] == [RemedyState.DISPUTED]
    referrals.deliver_remedy(referral, delivered, actor=provider, now=NOW + 4 * DAY)
    referrals.judge_remedy(referral, remedy, came=True, actor=desk, now=NOW + 5 * DAY)
    with pytest.raises(Refused, match="already_confirmed_remedy"):
        referrals.deliver_remedy(referral, delivered, actor=provider, now=NOW + 6 * DAY)
    kinds = [words.kind for words in cases.seen(code, desk, NOW + 6 * DAY).timeline]
    assert MessageKind.PROOF in kinds


def test_a_no_to_an_answer_sends_it_back_to_the_company_in_a_next_round(town: Town) -> None:
    _, referral = desk_work.referred(town, NOW)
    desk, provider = town.world.desk.actor, town.world.provider.actor
    for day, word in ((1, Settled.NO), (5, Settled.YES)):
        referrals.answer(referral, f"Réponse {day}", actor=provider, now=NOW + day * DAY)
        referrals.relay(referral, "Traduite.", actor=desk, now=NOW + (day + 1) * DAY)
        referrals.settle(referral, word, actor=desk, now=NOW + (day + 2) * DAY)
    shown = referrals.referral_seen(referral, desk, NOW + 8 * DAY)
    assert (shown.state, shown.settled, shown.clocks) == (ReferralState.SETTLED, Settled.YES, ())


def test_who_is_allowed_later_is_still_prepared_for(town: Town) -> None:
    code, first = desk_work.referred(town, NOW)
    desk, overseer = town.world.desk.actor, town.world.overseer
    for _ in range(2):
        cases.record_consent(code, desk_work.agrees(overseer.id), actor=desk, now=NOW + DAY)

    waiting = [one for one in cases.seen(code, desk, NOW + DAY).referrals if one.sent_at is None]
    assert sorted(one.organisation_name for one in waiting) == ["ICoCA (exemple)", "Mine Exemple A"]
    assert {one.messages[0].text for one in waiting} == {desk_work.SUMMARY}
    assert {one.state for one in waiting} == {ReferralState.PREPARED}
    assert first not in {one.code for one in waiting}


def test_icoca_answers_a_referral_made_to_it_without_seeing_the_case(town: Town) -> None:
    code = desk_work.opened(town, NOW)
    desk, overseer = town.world.desk.actor, town.world.overseer
    cases.record_consent(code, desk_work.agrees(overseer.id), actor=desk, now=NOW)
    referral = referrals.refer(code, desk_work.draft(overseer.id), actor=desk, now=NOW)

    referrals.acknowledge(referral, actor=overseer.actor, now=NOW + DAY)
    referrals.answer(referral, "Nous examinons.", actor=overseer.actor, now=NOW + 2 * DAY)
    with pytest.raises(NotFound):
        cases.seen(code, overseer.actor, NOW + 2 * DAY)
    assert cases.seen(code, desk, NOW + 2 * DAY).timeline[-1].text == "Nous examinons."


def test_nobody_else_moves_a_referral(town: Town) -> None:
    _, referral = desk_work.referred(town, NOW)
    with pytest.raises(NotFound):
        referrals.answer(referral, "Moi.", actor=town.world.second_provider.actor, now=NOW)
    with pytest.raises(NotFound):
        referrals.relay(referral, "Moi.", actor=town.world.provider.actor, now=NOW)
    assert ReferralAction.RELAY not in referrals.referral_seen(referral, town.world.provider.actor, NOW).moves


def _remedies(town: Town, referral: str) -> tuple[object, ...]:
    return referrals.referral_seen(referral, town.world.desk.actor, NOW).remedies
