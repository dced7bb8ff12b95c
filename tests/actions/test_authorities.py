"""A public force never receives a complaint: the person may go to an authority, with a yes of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from grievance.actions import authorities, cases, intake, voice
from grievance.schemas.desk import ToAuthority
from grievance.store import queries
from grievance.store.models import JournalLine, Referral
from grievance.store.session import transaction
from grievance.terms import MoveNotAllowed, NotFound, Refused
from grievance.vocabulary import Authority, EntryKind, SaidBy, TaskKind
from tests import desk_work
from tests.fixtures import Town

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
TOLD = "Avec l'avocate, jeudi."


def step(authority: Authority = Authority.PROSECUTOR, **more: object) -> ToAuthority:
    return ToAuthority(authority, **({"agreed": True, "how": SaidBy.IN_PERSON, "text": TOLD} | more))


def moves_of(town: Town, code: str) -> list[str]:
    with transaction(town.world.desk.actor) as session:
        chain = queries.case_by_code(session, code).id
        query = select(JournalLine.move).where(JournalLine.chain == chain).order_by(JournalLine.seq)
        return list(session.scalars(query))


def test_going_to_an_authority_is_an_event_that_is_followed_up_at_30_60_and_90_days(town: Town) -> None:
    code, desk = desk_work.opened(town, NOW), town.world.desk.actor
    authorities.go_to_authority(code, step(), actor=desk, now=NOW + DAY)

    shown = cases.seen(code, desk, NOW + DAY)
    (line,) = [line for line in shown.timeline if line.kind is EntryKind.AUTHORITY]
    assert line.room == "note"
    assert TOLD in line.text
    due = [task.due_at for task in cases.tasks(desk, NOW + DAY) if task.kind is TaskKind.FOLLOW_UP]
    assert sorted(due) == [NOW + DAY + days * DAY for days in (30, 60, 90)]
    assert "go_to_authority" in moves_of(town, code)
    with transaction(desk) as session:
        assert session.scalars(select(Referral)).all() == []


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (step(agreed=False), "authority_consent"),
        (step(Authority.MILITARY_PROSECUTOR), "military_consent"),
        (step(Authority.MILITARY_PROSECUTOR, agreed=False, agreed_military=True), "authority_consent"),
    ],
)
def test_it_needs_its_own_yes_and_the_military_prosecutor_is_asked_about_by_name(
    town: Town, asked: ToAuthority, reason: str
) -> None:
    # The person lets companies read a summary: that says nothing of an authority.
    code, desk = desk_work.opened(town, NOW, share="both"), town.world.desk.actor
    with pytest.raises(Refused, match=reason):
        authorities.go_to_authority(code, asked, actor=desk, now=NOW + DAY)
    assert cases.tasks(desk, NOW + DAY) == ()
    assert "go_to_authority" not in moves_of(town, code)


def test_who_agreed_to_the_military_prosecutor_goes_there(town: Town) -> None:
    code, desk = desk_work.opened(town, NOW), town.world.desk.actor
    asked = step(Authority.MILITARY_PROSECUTOR, agreed_military=True)
    authorities.go_to_authority(code, asked, actor=desk, now=NOW + DAY)
    assert len(cases.tasks(desk, NOW + DAY)) == 3


def test_who_stopped_everything_goes_nowhere(town: Town) -> None:
    code, desk = desk_work.opened(town, NOW), town.world.desk.actor
    voice.withdraw(cases.seen(code, desk, NOW).case_id, actor=desk, now=NOW)
    with pytest.raises(Refused, match="frozen"):
        authorities.go_to_authority(code, step(), actor=desk, now=NOW + DAY)


def test_only_the_desk_records_it_and_not_before_somebody_reads_the_case(town: Town) -> None:
    code = desk_work.opened(town, NOW)
    with pytest.raises(NotFound):
        authorities.go_to_authority(code, step(), actor=town.world.provider.actor, now=NOW)
    assert "go_to_authority" not in moves_of(town, code)

    desk = town.world.desk.actor
    fresh = intake.receive(desk_work.report(town), now=NOW).code
    cases.know_nobody(fresh, actor=desk, now=NOW)
    with pytest.raises(MoveNotAllowed):
        authorities.go_to_authority(fresh, step(), actor=desk, now=NOW)


def test_of_a_restricted_case_the_journal_does_not_say_that_anybody_went(town: Town) -> None:
    code = desk_work.taken(town, NOW, harms=["child_harmed"], children=1)
    desk = town.world.desk.actor
    authorities.go_to_authority(code, step(), actor=desk, now=NOW)
    assert moves_of(town, code)[-1] == "note"
    kinds = [line.kind for line in cases.seen(code, desk, NOW).timeline]
    assert EntryKind.AUTHORITY in kinds
