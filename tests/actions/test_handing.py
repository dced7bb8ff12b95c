"""How does a case change desks, and who can still read it then?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from grievance.actions import cases, referrals
from grievance.store import queries
from grievance.store.models import ClockRow, Wrap
from grievance.store.session import transaction
from grievance.terms import ClockKind, NotFound, Refused, Role
from tests import desk_work
from tests.fixtures import Town

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def test_the_back_up_sees_a_case_only_after_it_was_handed_over(town: Town) -> None:
    code = desk_work.opened(town, NOW)
    with pytest.raises(NotFound):
        cases.take_over(code, actor=town.world.backup.actor, now=NOW)

    cases.hand_over(code, "Nous sommes trop loin.", actor=town.world.desk.actor, now=NOW)

    (line,) = cases.queue(town.world.backup.actor, NOW)
    assert (line.code, line.as_backup) == (code, True)
    assert cases.queue(town.world.desk.actor, NOW) != ()


def test_who_takes_over_has_the_clocks_in_a_new_round_and_the_company_is_told_to_whom(town: Town) -> None:
    code, referral = desk_work.referred(town, NOW)
    backup = town.world.backup.actor
    cases.hand_over(code, "Trop loin.", actor=town.world.desk.actor, now=NOW + DAY)
    cases.take_over(code, actor=backup, now=NOW + 2 * DAY)

    cases.know_nobody(code, actor=backup, now=NOW + 2 * DAY)
    shown = cases.seen(code, backup, NOW + 2 * DAY)
    assert (shown.desk_name, shown.backup_name) == ("ONG Exemple Likasi", "ONG Exemple Kolwezi")
    assert desk_work.STORY in [line.text for line in shown.timeline]
    outcome = [clock for clock in shown.clocks if clock.kind is ClockKind.OUTCOME]
    assert [clock.holder for clock in outcome] == ["ONG Exemple Likasi"]
    with pytest.raises(NotFound):
        cases.seen(code, town.world.desk.actor, NOW + 2 * DAY)

    provider = town.world.provider.actor
    assert referrals.referral_seen(referral, provider, NOW).desk_name == "ONG Exemple Likasi"
    referrals.answer(referral, "Voici notre réponse.", actor=provider, now=NOW + 3 * DAY)
    clocks = cases.seen(code, backup, NOW + 3 * DAY).clocks
    relay = [(clock.holder, clock.role) for clock in clocks if clock.kind is ClockKind.RELAY]
    assert relay == [("ONG Exemple Likasi", Role.CASE_WORKER)]


def test_after_a_conflict_the_first_desk_keeps_no_key(town: Town) -> None:
    code = desk_work.opened(town, NOW)
    first, backup = town.world.desk, town.world.backup.actor
    cases.declare_conflict(code, whole_desk=True, actor=first.actor, now=NOW)
    cases.take_over(code, actor=backup, now=NOW + DAY)

    with transaction(backup) as session:
        case = queries.case_by_code(session, code)
        wraps = session.scalars(select(Wrap.organisation_id).where(Wrap.case_id == case.id)).all()
        rounds = session.scalars(
            select(ClockRow.round).where(ClockRow.case_id == case.id, ClockRow.kind == ClockKind.OUTCOME)
        ).all()
    assert first.id not in wraps
    assert case.backup_id == town.world.overseer.id
    assert sorted(rounds) == [1, 2]


def test_who_knows_somebody_there_neither_takes_it_over_nor_says_that_the_call_was_made(town: Town) -> None:
    code = desk_work.taken(town, NOW, safe_contact="call")
    desk, kept_away = town.world.desk, town.world.backup.actor
    cases.declare_conflict(code, whole_desk=False, actor=desk.lead, now=NOW)
    task = next(one for one in cases.tasks(desk.lead, NOW) if one.code == code)
    with pytest.raises(Refused, match="kept_away"):
        cases.task_done(task.id, actor=desk.lead, now=NOW)

    cases.hand_over(code, "Trop loin.", actor=desk.actor, now=NOW)
    cases.declare_conflict(code, whole_desk=False, actor=kept_away, now=NOW)
    with pytest.raises(Refused, match="kept_away"):
        cases.take_over(code, actor=kept_away, now=NOW)
    cases.take_over(code, actor=town.world.backup.lead, now=NOW)
