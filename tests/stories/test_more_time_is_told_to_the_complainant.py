"""A company asks for more time, once, with a reason: the person hears of it, and sees the new date."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from grievance.actions import cases, follow, referrals
from grievance.schemas.company import Extension
from grievance.store.actors import complainant_actor
from grievance.store.models import Outbox
from grievance.store.session import transaction
from grievance.terms import ClockKind
from grievance.vocabulary import Language
from tests import desk_work
from tests.fixtures import Town
from tests.stories.phones import Phone
from workers import process, sms

STORY = "Walinzi walinipiga jana karibu na portail"
DAY = timedelta(days=1)


def test_the_new_date_is_on_the_page_and_a_telephone_hears_in_its_language_that_there_is_news(
    town: Town,
) -> None:
    phone, desk, provider = Phone(town), town.world.desk.actor, town.world.provider.actor
    for text in (STORY, "1", "2", "mine exemple A", "2"):
        phone.says(text)
    (case,) = phone.cases()
    now = process.utcnow()
    cases.know_nobody(case.code, actor=desk, now=now)
    cases.take(case.code, actor=desk, now=now)
    cases.triage(case.code, desk_work.decided(town), actor=desk, now=now)
    cases.record_consent(case.code, desk_work.agrees(town.world.provider.id), actor=desk, now=now)
    referral = referrals.refer(case.code, desk_work.draft(town.world.provider.id), actor=desk, now=now)
    referrals.acknowledge(referral, actor=provider, now=now)
    phone.heard()

    until = referrals.extend(referral, Extension(5, "Témoins absents."), actor=provider, now=now)
    phone.now = process.utcnow()
    sms.send_waiting(phone.worker, phone.now)

    (text,) = phone.heard()
    assert (case.language, text) == (
        Language.SWAHILI, "Habari. Kuna ujumbe wako. Tuma HALI na code yako wakati unaweza.",
    )  # fmt: skip
    seen = follow.seen(case.id, actor=complainant_actor(case.id, {}), now=now)
    (promise,) = [one for one in seen.promises if one.kind is ClockKind.ANSWER]
    assert (promise.due_at, promise.extended) == (until, True)
    with transaction(desk_work.sms()) as session:
        told = session.scalars(select(Outbox.once).where(Outbox.once.like("extended:%"))).all()
    assert len(told) == 1
