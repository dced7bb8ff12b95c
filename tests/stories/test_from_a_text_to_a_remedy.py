"""From one text to a remedy: told, referred, answered, partly accepted, put right, closed by their word."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from grievance.actions import cases, referrals
from grievance.schemas.company import RemedyDelivery, RemedyPromise
from grievance.schemas.desk import CallIn, ClosingIn
from grievance.store.models import Case, JournalLine, Referral, Remedy
from grievance.store.session import transaction
from grievance.terms import CaseState, ReferralAction, ReferralState, Refused
from grievance.vocabulary import Outcome, RemedyKind, RemedyState, Settled
from tests import desk_work
from tests.fixtures import Town
from tests.stories.phones import Phone

STORY = "Les gardes ont battu mon frere hier pres du portail, son bras est casse"
TOLD = "La société paie les soins. Cela vous va?"
TOLD_AGAIN = "La société paie les soins et s'excuse. Cela vous va?"
CARE = RemedyPromise(RemedyKind.MEDICAL_COSTS, "Nous payons l'hôpital: 150 USD.")
APOLOGY = RemedyPromise(RemedyKind.APOLOGY, "Une lettre d'excuses.")
LATER = timedelta(hours=2)
DAY = timedelta(days=1)
CLOSING = ClosingIn().load({"outcome": "remedied", "text": "Les soins sont payés. Merci."})


def told_by_text(town: Town, phone: Phone) -> Case:
    """A dialogue by SMS, read and triaged; the person lets guards and mine read a summary, by SMS."""
    for text in (STORY, "1", "2", "mine exemple A", "2"):
        phone.says(text)
    (case,) = phone.cases()
    desk = town.world.desk.actor
    cases.know_nobody(case.code, actor=desk, now=phone.now)
    cases.take(case.code, actor=desk, now=phone.now)
    cases.triage(case.code, desk_work.decided(town), actor=desk, now=phone.now)
    follow(phone, case)
    phone.says("1", after=LATER)
    return case


def follow(phone: Phone, case: Case) -> list[str]:
    """SUIVI and the code."""
    return phone.says(f"SUIVI {case.code}", after=LATER)


def answers(town: Town, phone: Phone, referral: str, promised: RemedyPromise, told: str) -> UUID:
    """The guard company answers and promises something; the desk tells it."""
    provider, desk = town.world.provider.actor, town.world.desk.actor
    referrals.answer(referral, "Nous avons vérifié les faits.", actor=provider, now=phone.now)
    remedy = referrals.promise_remedy(referral, promised, actor=provider, now=phone.now)
    referrals.relay(referral, told, actor=desk, now=phone.now)
    phone.work(after=LATER)
    assert [text[:32] for text in phone.heard()] == ["Bonjour. Un message vous attend."]
    return remedy


def state(phone: Phone) -> tuple[ReferralState, Settled | None]:
    (sent,) = [row for row in phone.rows(Referral) if row.sent_at]
    return sent.state, sent.settled


def test_a_text_becomes_a_remedy_that_its_sender_confirms(town: Town) -> None:
    phone = Phone(town)
    case = told_by_text(town, phone)
    desk, provider = town.world.desk.actor, town.world.provider.actor
    asked = desk_work.draft(town.world.provider.id, affected_agree=True)
    referral = referrals.refer(case.code, asked, actor=desk, now=phone.now)

    care = answers(town, phone, referral, CARE, TOLD)
    told, question = follow(phone, case)
    assert (told, question[:7]) == (TOLD, "On vous")
    phone.says("2", after=LATER)
    assert state(phone) == (ReferralState.ACKNOWLEDGED, Settled.PARTLY)

    apology = answers(town, phone, referral, APOLOGY, TOLD_AGAIN)
    assert follow(phone, case)[0] == TOLD_AGAIN
    phone.says("1", after=LATER)
    assert state(phone) == (ReferralState.SETTLED, Settled.YES)

    for remedy in (care, apology):
        delivered = RemedyDelivery(remedy, "Reçu n° 12")
        referrals.deliver_remedy(referral, delivered, actor=provider, now=phone.now)
    with pytest.raises(Refused, match="remedies_not_confirmed"):
        cases.close(case.code, CLOSING, actor=desk, now=phone.now)

    spoken = CallIn().load({"way": "call", "reached": True, "text": "Tout est payé."})
    cases.call(case.code, spoken, actor=desk, now=phone.now + DAY)
    for remedy in (care, apology):
        referrals.judge_remedy(referral, remedy, came=True, actor=desk, now=phone.now + DAY)
    assert {row.state for row in remedies(town)} == {RemedyState.CONFIRMED}
    cases.close(case.code, CLOSING, actor=desk, now=phone.now + DAY)

    shown = cases.seen(case.code, desk, phone.now + DAY)
    assert (shown.state, shown.outcome) == (CaseState.CLOSED, Outcome.REMEDIED)
    words_of_theirs_in_order(town, case)
    phone.work(after=2 * DAY)
    assert phone.heard()[-1].startswith("Bonjour. Un message vous attend.")
    assert follow(phone, case)[0] == CLOSING.text


def test_a_remedy_that_did_not_come_keeps_the_case_open(town: Town) -> None:
    phone = Phone(town)
    case = told_by_text(town, phone)
    desk, provider = town.world.desk.actor, town.world.provider.actor
    asked = desk_work.draft(town.world.provider.id, affected_agree=True)
    referral = referrals.refer(case.code, asked, actor=desk, now=phone.now)
    care = answers(town, phone, referral, CARE, TOLD)
    follow(phone, case)
    phone.says("1", after=LATER)
    referrals.deliver_remedy(referral, RemedyDelivery(care, "Reçu n° 12"), actor=provider, now=phone.now)

    referrals.judge_remedy(referral, care, came=False, actor=desk, now=phone.now + DAY)

    assert [row.state for row in remedies(town)] == [RemedyState.DISPUTED]
    assert state(phone)[0] is ReferralState.REMEDY
    with pytest.raises(Refused, match="remedies_not_confirmed"):
        cases.close(case.code, CLOSING, actor=desk, now=phone.now + DAY)


def test_what_was_promised_may_be_kept_while_the_rest_is_disputed(town: Town) -> None:
    phone = Phone(town)
    case = told_by_text(town, phone)
    desk, provider = town.world.desk.actor, town.world.provider.actor
    asked = desk_work.draft(town.world.provider.id, affected_agree=True)
    referral = referrals.refer(case.code, asked, actor=desk, now=phone.now)
    care = answers(town, phone, referral, CARE, TOLD)
    follow(phone, case)
    phone.says("2", after=LATER)

    referrals.deliver_remedy(referral, RemedyDelivery(care, "Reçu n° 12"), actor=provider, now=phone.now)
    referrals.judge_remedy(referral, care, came=True, actor=desk, now=phone.now + DAY)

    assert [row.state for row in remedies(town)] == [RemedyState.CONFIRMED]
    assert state(phone) == (ReferralState.ACKNOWLEDGED, Settled.PARTLY)
    with pytest.raises(Refused, match="company_still_owes"):
        cases.close(case.code, CLOSING, actor=desk, now=phone.now + DAY)


def test_a_second_answer_settles_nothing_before_it_is_told_too(town: Town) -> None:
    phone = Phone(town)
    case = told_by_text(town, phone)
    desk, provider = town.world.desk.actor, town.world.provider.actor
    asked = desk_work.draft(town.world.provider.id, affected_agree=True)
    referral = referrals.refer(case.code, asked, actor=desk, now=phone.now)
    answers(town, phone, referral, CARE, TOLD)
    follow(phone, case)
    phone.says("3", after=LATER)
    referrals.answer(referral, "Nous nous excusons.", actor=provider, now=phone.now)

    (status,) = follow(phone, case)
    assert status.startswith("Etape")
    with pytest.raises(Refused, match="not_told_yet"):
        referrals.settle(referral, Settled.YES, actor=desk, now=phone.now)
    referrals.relay(referral, TOLD_AGAIN, actor=desk, now=phone.now)
    told = follow(phone, case)
    assert told[0] == TOLD_AGAIN
    assert not [text for text in told if text.startswith("Bonjour. Un message")], "they had asked first"
    phone.says("1", after=LATER)
    assert state(phone) == (ReferralState.SETTLED, Settled.YES)


def remedies(town: Town) -> list[Remedy]:
    with transaction(town.world.desk.actor) as session:
        return list(session.scalars(select(Remedy)))


def words_of_theirs_in_order(town: Town, case: Case) -> None:
    """The journal tells that they disputed, settled, and then confirmed twice."""
    theirs = [
        ReferralAction.DISPUTE, ReferralAction.SETTLE, ReferralAction.CONFIRM_REMEDY,
        ReferralAction.CONFIRM_REMEDY,
    ]  # fmt: skip
    with transaction(town.world.desk.actor) as session:
        query = select(JournalLine.move).where(
            JournalLine.chain == case.id, JournalLine.move.in_([move.value for move in theirs])
        )
        assert list(session.scalars(query.order_by(JournalLine.seq))) == [move.value for move in theirs]
