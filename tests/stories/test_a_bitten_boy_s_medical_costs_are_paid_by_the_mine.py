"""A guard dog bit a boy. Few at the desk read it; the mine pays for his care and never learns who he is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from grievance.actions import cases, intake, referrals, reveals
from grievance.rules.triage import Urgent
from grievance.schemas.company import RemedyDelivery, RemedyPromise
from grievance.schemas.desk import ClosingIn, RevealWish, TriageIn
from grievance.store import queries
from grievance.store.models import Allegation, Referral
from grievance.store.session import transaction
from grievance.terms import CannotOpen, CaseState, Refused, Step
from grievance.vocabulary import (
    EntryKind,
    MessageKind,
    Outcome,
    RemedyKind,
    RemedyState,
    RevealReason,
    Settled,
)
from tests import desk_work
from tests.fixtures import Town
from tests.stories import sweepers

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
STORY = "Le chien des gardes a mordu mon fils Exemple, 9 ans, de l'école Fictive, sur le chemin."
SUMMARY = "Un chien de garde a mordu une personne sur le chemin. Elle a reçu des soins, qui ont coûté."
WHO_HE_IS = ("9 ans", "école", "enfant", "fils", "Nom Inventé", "child")
ASKED = {
    "child_agrees": True, "guardian_agrees": True,
    "best_interest_note": "Les soins continuent; la famille ne peut pas les payer.",
}  # fmt: skip


def received(town: Town) -> intake.Received:
    """His mother tells it: she is reached by telephone."""
    report = desk_work.report(
        town, story=STORY, harms=["dog_attack"], children=1, speaks_as="relative", safe_contact="call",
        name="Nom Inventé", phone="+243880000088",
    )  # fmt: skip
    return intake.receive(report, opening=desk_work.half(), now=NOW)


def examined(town: Town) -> str:
    """Read and triaged by a member of the child lane; mother and boy let the mine read a summary."""
    code, desk = received(town).code, town.world.desk.actor
    cases.know_nobody(code, actor=desk, now=NOW)
    cases.take(code, actor=desk, now=NOW)
    form = {
        "severity": "critical", "harms": ["dog_attack", "child_harmed"], "actor": "in_house", "children": 1,
        "site_id": str(town.world.site.id), "province": "Lualaba", "affected_agree": True,
        "reason": "La mère a été appelée.",
    }  # fmt: skip
    cases.triage(code, TriageIn().load(form), actor=desk, now=NOW)
    cases.record_consent(code, desk_work.agrees(town.world.mine.id), actor=desk, now=NOW)
    return code


def draft(town: Town, **more: object) -> object:
    return desk_work.draft(town.world.mine.id, **({"summary": SUMMARY} | ASKED | more))


def test_help_comes_first_and_only_the_lane_reads_the_story(town: Town) -> None:
    first = received(town)
    desk, outside = town.world.desk.actor, town.world.desk.outside_lanes
    assert Urgent.DOG_BITE in first.urgent

    for member in (desk, outside):
        cases.know_nobody(first.code, actor=member, now=NOW)
    assert STORY in [line.text for line in cases.seen(first.code, desk, NOW).timeline]
    shut = cases.seen(first.code, outside, NOW)
    assert (shut.can_open, shut.timeline, shut.facts) == (False, (), None)
    with pytest.raises(CannotOpen):
        reveals.ask(first.code, RevealWish(RevealReason.CALL), actor=outside, now=NOW)


def test_the_row_says_no_more_than_province_and_month(town: Town) -> None:
    code = examined(town)
    referrals.refer(code, draft(town), actor=town.world.desk.actor, now=NOW)

    with transaction(town.world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        lines = session.scalars(select(Allegation).where(Allegation.case_id == case.id)).all()
        sent = session.scalars(select(Referral).where(Referral.case_id == case.id)).all()
    assert case.restricted
    assert (case.province, case.incident_month) == ("Lualaba", date(2026, 3, 1))
    assert (case.harms, case.site_id, case.territory, case.incident_on) == ([], None, None, None)
    assert (case.actor, case.persons, case.children, case.share) == (None, None, None, None)
    assert {(line.harm, line.actor) for line in lines} == {(None, None)}
    assert {row.site_id for row in sent} == {None}


@pytest.mark.parametrize(
    ("lacks", "reason"),
    [
        ({"child_agrees": False}, "child_consent"),
        ({"guardian_agrees": False}, "guardian_consent"),
        ({"guardian_accused": True}, "guardian_accused"),
        ({"best_interest_note": None}, "best_interest_note"),
    ],
)
def test_nothing_goes_to_the_mine_without_the_boy_his_mother_and_a_written_reason(
    town: Town, lacks: dict[str, object], reason: str
) -> None:
    code = examined(town)
    with pytest.raises(Refused, match=reason):
        referrals.refer(code, draft(town, **lacks), actor=town.world.desk.actor, now=NOW)
    assert sweepers.referrals_of(town, code) == []


def test_the_mine_pays_and_the_case_ends_by_the_mother_s_word(town: Town) -> None:
    code = examined(town)
    desk, mine = town.world.desk.actor, town.world.mine.actor
    referral = referrals.refer(code, draft(town), actor=desk, now=NOW)
    told = referrals.referral_seen(referral, mine, NOW)
    assert [words.text for words in told.messages] == [SUMMARY]
    assert told.site is None
    assert [word for word in (*WHO_HE_IS, code) if word in repr(told) + SUMMARY] == []

    referrals.answer(referral, "Nous payons les soins.", actor=mine, now=NOW + DAY)
    promise = RemedyPromise(RemedyKind.MEDICAL_COSTS, "Tous les soins, à l'hôpital.", date(2026, 3, 20))
    remedy = referrals.promise_remedy(referral, promise, actor=mine, now=NOW + DAY)
    referrals.relay(referral, "La mine paie les soins. Cela vous va?", actor=desk, now=NOW + 2 * DAY)
    referrals.settle(referral, Settled.YES, actor=desk, now=NOW + 3 * DAY)
    closing = ClosingIn().load({"outcome": "remedied", "text": "Les soins sont payés."})
    with pytest.raises(Refused, match="remedies_not_confirmed"):
        cases.close(code, closing, actor=desk, now=NOW + 4 * DAY)

    referrals.deliver_remedy(referral, RemedyDelivery(remedy, "Reçu n° 7"), actor=mine, now=NOW + 5 * DAY)
    with pytest.raises(Refused, match="remedies_not_confirmed"):
        cases.close(code, closing, actor=desk, now=NOW + 5 * DAY)
    referrals.judge_remedy(referral, remedy, came=True, actor=desk, now=NOW + 6 * DAY)
    cases.close(code, closing, actor=desk, now=NOW + 7 * DAY)

    shown = cases.seen(code, desk, NOW + 7 * DAY)
    assert (shown.state, shown.outcome) == (CaseState.CLOSED, Outcome.REMEDIED)
    ((kept,),) = [one.remedies for one in shown.referrals if one.code == referral]
    assert (kept.kind, kept.state) == (RemedyKind.MEDICAL_COSTS, RemedyState.CONFIRMED)
    kinds = [line.kind for line in shown.timeline]
    assert MessageKind.PROOF in kinds
    notes = [line.text for line in shown.timeline if line.kind is EntryKind.NOTE]
    assert ASKED["best_interest_note"] in notes


def test_when_the_guards_are_silent_the_mine_is_asked_and_learns_no_more(town: Town) -> None:
    code, world = examined(town), town.world
    desk = world.desk.actor
    cases.record_consent(code, desk_work.agrees(world.provider.id), actor=desk, now=NOW)
    asked = desk_work.draft(world.provider.id, **({"summary": SUMMARY} | ASKED))
    referral = referrals.refer(code, asked, actor=desk, now=NOW)
    later = sweepers.pass_time(town, NOW, 30, every=3)

    assert sweepers.steps_of(town, referral)[2] == (Step.NEXT_PARTY, world.mine.id, None)
    (line,) = referrals.company_queue(world.mine.actor, later)
    told = referrals.referral_seen(line.code, world.mine.actor, later)
    assert ([words.text for words in told.messages], told.site) == ([SUMMARY], None)
    assert referrals.company_queue(world.overseer.actor, later) == ()


def test_his_name_was_given_to_the_desk_and_to_nobody_else(town: Town) -> None:
    code = examined(town)
    named = draft(town, identity="Nom Inventé")
    with pytest.raises(Refused, match="identity_consent"):
        referrals.refer(code, named, actor=town.world.desk.actor, now=NOW)
    assert desk_work.name_of(town, code, NOW).name == "Nom Inventé"
