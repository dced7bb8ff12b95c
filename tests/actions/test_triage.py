"""What follows when a case worker decides what a report is?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from grievance.actions import cases, intake, referrals
from grievance.schemas.desk import Call
from grievance.schemas.report import ReportIn
from grievance.store import queries
from grievance.store.models import Allegation, Conflict, Funding, Referral
from grievance.store.session import transaction
from grievance.terms import ClockKind, InvalidInput, ReferralState, Refused, Step
from grievance.vocabulary import ActorKind, Channel, SafeContact, TaskKind
from tests import desk_work, superuser
from tests.fixtures import Town
from tests.services import Services

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def due(town: Town, code: str, kind: ClockKind) -> datetime:
    clocks = cases.seen(code, town.world.desk.actor, NOW).clocks
    return next(clock.due_at for clock in clocks if clock.kind is kind)


def test_graver_moves_the_dates_nearer_and_less_grave_needs_a_reason(town: Town) -> None:
    code = desk_work.taken(town, NOW)
    desk = town.world.desk.actor
    first = due(town, code, ClockKind.FIRST_ANSWER)
    cases.triage(code, desk_work.decided(town, severity="critical"), actor=desk, now=NOW)
    assert due(town, code, ClockKind.FIRST_ANSWER) == NOW + DAY < first

    with pytest.raises(Refused, match="reason_missing"):
        cases.triage(code, desk_work.decided(town, severity="other"), actor=desk, now=NOW)
    why = desk_work.decided(town, severity="other", reason="Blessure légère, vue au téléphone.")
    cases.triage(code, why, actor=desk, now=NOW)
    assert due(town, code, ClockKind.FIRST_ANSWER) == NOW + 5 * DAY


def test_danger_found_at_triage_rings_the_roster(town: Town) -> None:
    code = desk_work.taken(town, NOW)
    desk = town.world.desk.actor
    cases.triage(code, desk_work.decided(town, severity="now"), actor=desk, now=NOW)
    assert [task.kind for task in cases.tasks(desk, NOW)] == [TaskKind.DANGER_CALL]
    assert due(town, code, ClockKind.FIRST_CALL) == NOW + timedelta(hours=1)

    cases.call(code, Call(SafeContact.CALL, reached=True, text="En sécurité."), actor=desk, now=NOW)
    assert cases.tasks(desk, NOW) == ()
    shown = cases.seen(code, desk, NOW)
    assert ClockKind.FIRST_CALL not in {clock.kind for clock in shown.clocks}
    assert shown.called_at == NOW


def test_guards_and_police_together_are_two_allegations(town: Town) -> None:
    code = desk_work.taken(town, NOW)
    desk = town.world.desk.actor
    cases.triage(code, desk_work.decided(town, actor="mixed"), actor=desk, now=NOW)
    found = {(one.harm, one.actor) for one in cases.seen(code, desk, NOW).allegations}
    assert found == {("assault", ActorKind.PRIVATE), ("assault", ActorKind.PUBLIC)}

    cases.triage(code, desk_work.decided(town, actor="private"), actor=desk, now=NOW)
    with transaction(desk) as session:
        assert session.scalars(select(Allegation.actor)).all() == [ActorKind.PRIVATE]


def test_a_case_without_a_site_is_never_refused_and_asks_for_its_addressee(town: Town) -> None:
    code = desk_work.taken(town, NOW, site_id=None)
    desk = town.world.desk.actor
    unknown = replace(desk_work.decided(town), site_id=None)
    cases.triage(code, unknown, actor=desk, now=NOW)
    assert [task.kind for task in cases.tasks(desk, NOW)] == [TaskKind.FIND_ADDRESSEE]

    cases.triage(code, desk_work.decided(town), actor=desk, now=NOW)
    assert cases.tasks(desk, NOW) == ()
    said = {one.name: one.consent for one in cases.seen(code, desk, NOW).companies}
    assert said["Gardiennage Fictif SARL"] is True  # "both" was chosen before anybody knew whom that means


def test_a_desk_that_a_company_pays_shows_the_case_to_its_back_up(town: Town, services: Services) -> None:
    paid = {"desk_id": town.world.desk.id, "funder_id": town.world.mine.id, "site_id": town.world.site.id}
    superuser.run(services, town, insert(Funding).values(id=town.world.site.id, **paid))
    code = desk_work.opened(town, NOW)
    with transaction(town.world.backup.actor) as session:
        case = queries.case_by_code(session, code)
        assert session.scalars(select(Conflict.organisation_id)).all() == [town.world.desk.id]
        assert case.backup_visible


def test_retaliation_goes_to_the_client_and_icoca_never_first_to_who_may_have_threatened(town: Town) -> None:
    code = desk_work.taken(town, NOW)
    desk = town.world.desk.actor
    cases.triage(code, desk_work.decided(town, harms=["retaliation"]), actor=desk, now=NOW)
    proposed = {one.organisation_id for one in cases.seen(code, desk, NOW).companies if one.proposed}
    assert proposed == {town.world.mine.id, town.world.overseer.id}


def test_a_child_s_case_goes_to_a_company_without_site_after_child_and_guardian_agreed(town: Town) -> None:
    code = desk_work.taken(town, NOW, harms=["child_harmed"], children=1)
    desk, provider = town.world.desk.actor, town.world.provider
    cases.triage(code, desk_work.decided(town, harms=["child_harmed"], children=1), actor=desk, now=NOW)
    for company in (provider, town.world.mine):
        cases.record_consent(code, desk_work.agrees(company.id), actor=desk, now=NOW)
    with pytest.raises(Refused, match="child_consent"):
        referrals.refer(code, desk_work.draft(provider.id), actor=desk, now=NOW)

    agreed = {"child_agrees": True, "guardian_agrees": True, "best_interest_note": "Soins payés."}
    referral = referrals.refer(code, desk_work.draft(provider.id, **agreed), actor=desk, now=NOW)
    assert referrals.referral_seen(referral, provider.actor, NOW).site is None
    with transaction(desk) as session:
        rows = session.scalars(select(Referral)).all()
    assert {(row.state, row.step, row.site_id) for row in rows} == {
        (ReferralState.SENT, None, None), (ReferralState.PREPARED, Step.NEXT_PARTY, None),
    }  # fmt: skip


def test_a_survivor_s_case_goes_only_to_the_person_she_accepts_and_is_prepared_for_nobody(town: Town) -> None:
    code = desk_work.taken(town, NOW, harms=["sexual_violence"])
    desk, provider = town.world.desk.actor, town.world.provider
    cases.triage(code, desk_work.decided(town, harms=["sexual_violence"]), actor=desk, now=NOW)
    for company in (provider, town.world.mine, town.world.overseer):
        cases.record_consent(code, desk_work.agrees(company.id), actor=desk, now=NOW)
    contacts = cases.seen(code, desk, NOW).contacts
    hers = next(str(one.id) for one in contacts if one.organisation_id == provider.id)

    with pytest.raises(Refused, match="survivor_did_not_ask"):
        referrals.refer(code, desk_work.draft(provider.id), actor=desk, now=NOW)
    asked = desk_work.draft(provider.id, survivor_asked=True, accepted_contact_id=hers)
    referrals.refer(code, asked, actor=desk, now=NOW)
    with transaction(desk) as session:
        assert session.scalars(select(Referral.state)).all() == [ReferralState.SENT]


def test_a_complaint_told_aloud_is_typed_in_with_how_consent_was_given(town: Town) -> None:
    desk = town.world.desk.actor
    said = {
        "channel": "assisted", "language": "sw", "province": "Lualaba", "story": desk_work.STORY,
        "name": "Jina Mfano", "phone": "+243880000123", "harms": ["theft"],
    }  # fmt: skip
    with pytest.raises(InvalidInput):
        cases.assisted(ReportIn().load(said), actor=desk, now=NOW)
    proof = {"consent_how": "spoken", "consent_by": "Elle-même", "consent_on": "2026-03-02"}
    for missing in proof:
        kept = {name: value for name, value in proof.items() if name != missing}
        with pytest.raises(InvalidInput):
            cases.assisted(ReportIn().load(said | kept), actor=desk, now=NOW)
    told = ReportIn().load(said | proof)
    code = cases.assisted(told, actor=desk, now=NOW).code

    cases.know_nobody(code, actor=desk, now=NOW)
    shown = cases.seen(code, desk, NOW)
    assert (shown.channel, shown.has_identity) == (Channel.ASSISTED, True)
    assert desk_work.name_of(town, code, NOW).phone == "+243880000123"
    with pytest.raises(InvalidInput):
        cases.assisted(replace(told, channel=Channel.WEB), actor=desk, now=NOW)


def test_the_queue_begins_with_what_is_due_first(town: Town) -> None:
    slow = intake.receive(desk_work.report(town, harms=["theft"], incident="unknown", story=None), now=NOW)
    fast = intake.receive(desk_work.report(town, harms=["shooting"]), now=NOW)
    lines = cases.queue(town.world.desk.actor, NOW)
    assert [line.code for line in lines] == [fast.code, slow.code]
    assert [line.fresh for line in lines] == [True, True]
    assert lines[0].site == "Site Exemple A"
    assert lines[0].next is not None
    assert cases.queue(town.world.backup.actor, NOW) == ()


def test_an_arrest_has_a_clock_of_its_own_until_the_person_is_free(town: Town) -> None:
    code = desk_work.taken(town, NOW)
    desk = town.world.desk.actor
    held = desk_work.decided(town, harms=["detention"], severity="now", held_since="2026-03-03T07:00")
    cases.triage(code, held, actor=desk, now=NOW)
    arrest = datetime(2026, 3, 3, 5, tzinfo=UTC)  # seven in the morning there
    assert due(town, code, ClockKind.CUSTODY) == arrest + 2 * DAY

    cases.released(code, "Libéré, dit sa sœur.", actor=desk, now=NOW + DAY)
    with pytest.raises(Refused, match="nobody_held"):
        cases.released(code, "Libéré.", actor=desk, now=NOW + DAY)
