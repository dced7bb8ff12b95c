"""A case that came by SMS: a consent, a referral, an answer told by SUIVI, and settled by a digit."""

from __future__ import annotations

from datetime import timedelta

from grievance.actions import cases, referrals
from grievance.store.models import Case, Consent, Referral
from grievance.terms import ReferralState
from grievance.vocabulary import Settled
from tests import desk_work
from tests.fixtures import Town
from tests.stories.phones import Phone

STORY = "Les gardes ont battu mon frere hier pres du portail"
ANSWER = "Nos agents étaient présents. Deux ont été suspendus."
TOLD = "La société répond: deux gardes ne travaillent plus là."
LATER = timedelta(hours=2)


def triaged(town: Town, phone: Phone) -> Case:
    """The case of a whole dialogue, read and triaged by its desk."""
    for text in (STORY, "1", "2", "mine exemple A", "2"):
        phone.says(text)
    (case,) = phone.cases()
    desk = town.world.desk.actor
    cases.know_nobody(case.code, actor=desk, now=phone.now)
    cases.take(case.code, actor=desk, now=phone.now)
    cases.triage(case.code, desk_work.decided(town), actor=desk, now=phone.now)
    return case


def answered(town: Town, phone: Phone, case: Case) -> None:
    """The guard company answers, and the desk tells it."""
    desk, provider = town.world.desk.actor, town.world.provider.actor
    asked = desk_work.draft(town.world.provider.id, affected_agree=True)
    referral = referrals.refer(case.code, asked, actor=desk, now=phone.now)
    referrals.answer(referral, ANSWER, actor=provider, now=phone.now)
    referrals.relay(referral, TOLD, actor=desk, now=phone.now)


def test_consent_and_satisfaction_are_given_by_text(town: Town) -> None:
    phone = Phone(town)
    case = triaged(town, phone)
    (status, question) = phone.says(f"SUIVI {case.code}", after=LATER)
    assert status.startswith("Etape: en examen.")
    assert question.startswith("Envoyer un résumé, sans votre nom")
    phone.says("1", after=LATER)
    said = {row.organisation_id: row.allowed for row in phone.rows(Consent)}
    assert said == {town.world.provider.id: True, town.world.mine.id: True}

    answered(town, phone, case)
    phone.work(after=LATER)
    assert phone.heard()[-1].startswith("Bonjour. Un message vous attend.")
    told, question = phone.says(f"SUIVI {case.code}", after=LATER)
    assert told == TOLD
    assert question.startswith("On vous a expliqué la réponse.")
    phone.says("1", after=LATER)

    sent = [row for row in phone.rows(Referral) if row.sent_at]
    assert [(row.state, row.settled) for row in sent] == [(ReferralState.SETTLED, Settled.YES)]


def test_not_satisfied_goes_back_to_the_company(town: Town) -> None:
    phone = Phone(town)
    case = triaged(town, phone)
    phone.says(f"SUIVI {case.code}", after=LATER)
    phone.says("2", after=LATER)
    answered(town, phone, case)
    phone.says(f"SUIVI {case.code}", after=LATER)
    phone.says("3", after=LATER)

    sent = [row for row in phone.rows(Referral) if row.sent_at]
    assert [(row.state, row.settled) for row in sent] == [(ReferralState.ACKNOWLEDGED, Settled.NO)]
