"""Who can read a case after triage, and what becomes of a case that turns out to be restricted?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from grievance.actions import cases, follow, intake, referrals, sign_in
from grievance.store import queries, receipts
from grievance.store.models import Allegation, Referral, Wrap
from grievance.store.session import transaction
from grievance.terms import Actor, Lane, Refused
from grievance.vocabulary import Harm, ReaderKind, Severity
from tests import desk_work
from tests.fixtures import Town

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def readers(town: Town, code: str) -> set[ReaderKind]:
    with transaction(town.world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        return set(session.scalars(select(Wrap.reader).where(Wrap.case_id == case.id)))


def texts(code: str, actor: Actor, now: datetime) -> list[str]:
    return [line.text for line in cases.seen(code, actor, now).timeline]


def test_triage_lets_the_whole_desk_read(town: Town) -> None:
    code = intake.receive(desk_work.report(town), opening=desk_work.half(), now=NOW).code
    assert readers(town, code) == {ReaderKind.TRIAGE}
    desk = town.world.desk.actor
    cases.know_nobody(code, actor=desk, now=NOW)
    cases.triage(code, desk_work.decided(town), actor=desk, now=NOW)
    assert readers(town, code) == {ReaderKind.TRIAGE, ReaderKind.DESK}


def test_a_case_recognised_as_restricted_is_sealed_anew_to_its_lane(town: Town) -> None:
    code, referral = desk_work.referred(town, NOW)
    desk, outside = town.world.desk.actor, town.world.desk.outside_lanes
    cases.know_nobody(code, actor=outside, now=NOW)
    assert desk_work.STORY in texts(code, outside, NOW)

    narrower = desk_work.decided(town, harms=["sexual_violence"], severity="critical", reason="Appel.")
    cases.triage(code, narrower, actor=desk, now=NOW + DAY)

    assert not cases.seen(code, outside, NOW + DAY).can_open
    shown = cases.seen(code, desk, NOW + DAY)
    assert desk_work.STORY in [line.text for line in shown.timeline]
    assert outside.name in shown.read_by
    assert town.world.desk.members[3].row.email in shown.readers
    assert shown.facts is not None
    assert (shown.facts.lane, shown.facts.harms) == (Lane.SEXUAL_VIOLENCE, (Harm.SEXUAL_VIOLENCE.value,))
    assert shown.facts.site_id == town.world.site.id
    assert referrals.referral_seen(referral, desk, NOW + DAY).messages[0].text == desk_work.SUMMARY
    assert readers(town, code) <= {
        ReaderKind.LANE, ReaderKind.NOTES_PAIR, ReaderKind.COMPANY,
    }  # fmt: skip


def test_a_restricted_row_shows_no_site_harm_or_actor_and_runs_on_one_column(town: Town) -> None:
    code, referral = desk_work.referred(town, NOW)
    desk = town.world.desk.actor
    narrower = desk_work.decided(town, harms=["child_harmed"], children=1, reason="Un enfant.")
    cases.triage(code, narrower, actor=desk, now=NOW + DAY)

    with transaction(desk) as session:
        case = queries.case_by_code(session, code)
        sent = queries.referral_by_code(session, referral)
        others = session.scalars(select(Referral.site_id).where(Referral.case_id == case.id)).all()
        lines = session.scalars(select(Allegation).where(Allegation.case_id == case.id)).all()
    assert (case.restricted, case.harms, case.site_id, case.children) == (True, [], None, None)
    assert (case.severity, sent.severity) == (Severity.NOW, Severity.NOW)
    assert set(others) == {None}
    assert {(line.harm, line.actor) for line in lines} == {(None, None)}
    (line,) = [line for line in cases.queue(desk, NOW + DAY) if line.code == code]
    assert (line.restricted, line.severity, line.site, line.harms) == (True, None, None, ())


def test_the_complainant_still_reads_their_own_thread(town: Town) -> None:
    receipt = receipts.mint()
    opening = receipts.open_receipt(receipt)
    half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
    received = intake.receive(desk_work.report(town), opening=half, now=NOW)
    desk = town.world.desk.actor
    cases.know_nobody(received.code, actor=desk, now=NOW)
    narrower = desk_work.decided(town, harms=["sexual_violence"], reason="Appel.")
    cases.triage(received.code, narrower, actor=desk, now=NOW)
    cases.write(received.code, "Nous sommes là.", actor=desk, now=NOW + DAY)

    visit = sign_in.living(follow.come_back(receipt, now=NOW + DAY), now=NOW + DAY)
    assert visit is not None
    page = follow.seen(received.case_id, actor=sign_in.visitor_actor_of(visit), now=NOW + DAY)
    assert [line.text for line in page.thread] == [desk_work.STORY, "Nous sommes là."]


def test_only_a_lead_gives_a_restricted_case_back(town: Town) -> None:
    code = intake.receive(desk_work.report(town, harms=["child_harmed"]), now=NOW).code
    desk, lead = town.world.desk.actor, town.world.desk.lead
    for actor in (desk, lead):
        cases.know_nobody(code, actor=actor, now=NOW)
    with pytest.raises(Refused, match="stays_restricted"):
        cases.triage(code, desk_work.decided(town), actor=desk, now=NOW)

    cases.triage(code, desk_work.decided(town, reason="Personne adulte."), actor=lead, now=NOW)

    outside = town.world.desk.outside_lanes
    cases.know_nobody(code, actor=outside, now=NOW)
    assert desk_work.STORY in texts(code, outside, NOW)
