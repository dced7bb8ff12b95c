"""Somebody says Non long after their text was sealed: it goes all the same, and nothing revives it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from grievance.actions import cases, referrals
from grievance.schemas.desk import Found
from grievance.store.models import (
    Capsule,
    Case,
    ClassPair,
    Entry,
    InboundState,
    NumberIndex,
    Outbox,
    ReferralMessage,
    Wrap,
)
from grievance.terms import ReferralState
from grievance.vocabulary import Finding, Outcome
from tests import desk_work, superuser
from tests.fixtures import Town
from tests.services import Services
from tests.stories.phones import NUMBER, Phone
from tests.web.desk_pages import sit
from workers import process

STORY = "Les gardes ont battu mon frere hier pres du portail"
GONE = (Entry, Wrap, ClassPair, Capsule, NumberIndex)


def sealed(phone: Phone, event: str) -> Case:
    """A text that nobody agreed to or refused for ten minutes: both desks hold it."""
    phone.post(STORY, event=event)
    phone.work()
    phone.work(after=timedelta(minutes=11))
    phone.heard()
    (case,) = phone.cases()
    assert not case.held
    return case


def nothing_is_left(phone: Phone) -> None:
    for table in GONE:
        assert phone.rows(table) == [], table.__name__
    assert {row.state for row in phone.inbound()} == {InboundState.WIPED}
    assert [row for row in phone.rows(Outbox) if row.sealed_to or row.sealed_text] == []


def test_a_no_after_ten_minutes_erases_what_both_desks_held(town: Town) -> None:
    phone, event = Phone(town), str(uuid4())
    case = sealed(phone, event)
    desk = town.world.desk.actor
    cases.know_nobody(case.code, actor=desk, now=phone.now)
    assert STORY in [line.text for line in cases.seen(case.code, desk, phone.now).timeline]

    (answer,) = phone.says("Non")
    assert "Nous effacons votre message" in answer
    nothing_is_left(phone)
    (left,) = phone.cases()
    assert (left.outcome, left.harms, left.territory) == (Outcome.WITHDRAWN, [], None)
    # Its desk sees that it is over, and who had read it; no word of it.
    shown = cases.seen(case.code, desk, phone.now)
    assert (shown.erased, shown.timeline, shown.read_by) == (True, (), (desk.name,))
    page = sit(town, town.world.desk.members[0]).case(case.code)
    assert (page.status, STORY in page.text) == (200, False)
    assert "tout ce qu'elle a écrit est effacé. 1 membre l'avait lu." in page.text

    # The gateway tries again with the same text: its mark stays for thirty days.
    assert phone.post(STORY, event=event).status_code == 200
    phone.work()
    assert phone.heard() == []
    nothing_is_left(phone)
    assert len(phone.cases()) == 1


def test_a_no_reaches_what_the_desk_had_already_written_and_sent(town: Town, services: Services) -> None:
    phone = Phone(town)
    case = sealed(phone, str(uuid4()))
    desk, provider = town.world.desk.actor, town.world.provider
    at = process.utcnow()
    cases.know_nobody(case.code, actor=desk, now=at)
    cases.take(case.code, actor=desk, now=at)
    cases.triage(case.code, desk_work.decided(town), actor=desk, now=at)
    (allegation,) = cases.seen(case.code, desk, at).allegations
    cases.find(case.code, Found(allegation.id, Finding.LIKELY, "Témoin."), actor=desk, now=at)
    cases.record_consent(case.code, desk_work.agrees(provider.id), actor=desk, now=at)
    referral = referrals.refer(case.code, desk_work.draft(provider.id), actor=desk, now=at)
    phone.heard()

    (answer,) = phone.says("Non")
    assert "Nous effacons votre message" in answer
    nothing_is_left(phone)
    assert superuser.count(services, town, ReferralMessage) == 0
    shown = referrals.company_queue(provider.actor, process.utcnow(), over=True)
    assert [(line.code, line.state) for line in shown] == [(referral, ReferralState.WITHDRAWN)]


@pytest.mark.parametrize("word", ["Hapana", "2"])
def test_a_no_in_each_way_of_saying_it(town: Town, word: str) -> None:
    phone = Phone(town)
    sealed(phone, str(uuid4()))
    phone.says(word)
    nothing_is_left(phone)
    assert all(NUMBER not in str(row.values) for row in phone.rows(Outbox))
