"""Is a complainant's number seen with a reason, by two people, and is the complainant told of it?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from grievance.actions import case_values, cases, escalation, follow, intake, people, reveals, voice
from grievance.rules.reveals import AGREEMENT_LASTS, RevealStanding
from grievance.schemas.desk import RevealWish
from grievance.store import queries, receipts, vault
from grievance.store.actors import complainant_actor
from grievance.store.models import JournalLine, Reveal, Task
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound, Refused, Step
from grievance.vocabulary import EntryKind, RevealGround, RevealReason, TaskKind
from tests import desk_work
from tests.fixtures import Town

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
NAMED = {"name": "Nom Inventé", "phone": "+243880000777"}
WISH = RevealWish(RevealReason.MEETING, "Pour vous proposer une rencontre à Kolwezi.")
DAY = timedelta(days=1)


def named(town: Town, **more: object) -> str:
    """A case with a name and a number that nobody is owed a call about."""
    return desk_work.opened(town, NOW, **NAMED, **more)


def known_to(town: Town, code: str, *actors: object) -> None:
    """These members said that they know nobody there."""
    for actor in actors:
        cases.know_nobody(code, actor=actor, now=NOW)


def wish_of(town: Town, code: str):
    """The only wish about a case, as the first member of its desk sees it."""
    (wish,) = cases.seen(code, town.world.desk.actor, NOW).reveals
    return wish


def moves_of(town: Town, code: str) -> list[str]:
    """What the journal holds of names in this case."""
    with transaction(town.world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        lines = session.scalars(
            select(JournalLine.move).where(JournalLine.chain == case.id).order_by(JournalLine.seq)
        )
        return [move for move in lines if move.startswith("identity")]


def test_a_name_opens_only_after_a_colleague_agreed(town: Town) -> None:
    code, desk, second = named(town), town.world.desk.actor, town.world.desk.lead
    assert reveals.ask(code, WISH, actor=desk, now=NOW + 2 * desk_work.HOUR) is None
    wish = wish_of(town, code)
    assert (wish.ground, wish.standing) == (RevealGround.AGREEMENT, RevealStanding.WAITING)
    with pytest.raises(Refused, match="not_agreed"):
        reveals.look(code, wish.id, actor=desk, now=NOW)
    with pytest.raises(Refused, match="not_yourself"):
        reveals.answer(code, wish.id, agrees=True, actor=desk, now=NOW)
    with pytest.raises(Refused, match="conflict_not_asked"):
        reveals.answer(code, wish.id, agrees=True, actor=second, now=NOW)
    known_to(town, code, second)
    reveals.answer(code, wish.id, agrees=True, actor=second, now=NOW)
    with pytest.raises(NotFound):
        reveals.look(code, wish.id, actor=second, now=NOW)
    shown = reveals.look(code, wish.id, actor=desk, now=NOW)
    assert shown == case_values.Identity("Nom Inventé", "+243880000777")
    assert moves_of(town, code) == ["identity_asked", "identity_agreed", "identity_read"]
    assert cases.seen(code, desk, NOW).tasks == ()


def test_who_asks_made_no_link_for_the_second_person_in_the_week_before(town: Town) -> None:
    code, lead, second = named(town), town.world.desk.lead, town.world.desk.members[0]
    people.reset(second.row.id, actor=lead, now=NOW)
    known_to(town, code, lead)
    reveals.ask(code, WISH, actor=lead, now=NOW)
    (wish,) = cases.seen(code, lead, NOW).reveals
    with pytest.raises(Refused, match="link_of_theirs"):
        reveals.answer(code, wish.id, agrees=True, actor=second.actor, now=NOW + 6 * DAY)
    other = town.world.desk.members[1].actor
    known_to(town, code, other)
    reveals.answer(code, wish.id, agrees=True, actor=other, now=NOW + 6 * DAY)


def test_a_colleague_who_does_not_agree_keeps_it_shut(town: Town) -> None:
    code, desk, second = named(town), town.world.desk.actor, town.world.desk.lead
    reveals.ask(code, WISH, actor=desk, now=NOW)
    known_to(town, code, second)
    reveals.answer(code, wish_of(town, code).id, agrees=False, actor=second, now=NOW)
    with pytest.raises(Refused, match="not_agreed"):
        reveals.look(code, wish_of(town, code).id, actor=desk, now=NOW)
    with pytest.raises(Refused, match="already_answered"):
        reveals.answer(code, wish_of(town, code).id, agrees=True, actor=second, now=NOW)


def test_an_agreement_that_was_not_used_for_a_day_is_over(town: Town) -> None:
    code, desk, second = named(town), town.world.desk.actor, town.world.desk.lead
    reveals.ask(code, WISH, actor=desk, now=NOW)
    known_to(town, code, second)
    reveals.answer(code, wish_of(town, code).id, agrees=True, actor=second, now=NOW)
    with pytest.raises(Refused, match="not_agreed"):
        reveals.look(code, wish_of(town, code).id, actor=desk, now=NOW + AGREEMENT_LASTS)


def test_where_a_call_is_owed_it_opens_at_once_and_a_colleague_looks_at_it_within_a_day(town: Town) -> None:
    code, desk, second = named(town, safe_contact="call"), town.world.desk.actor, town.world.desk.lead
    shown = reveals.ask(code, WISH, actor=desk, now=NOW)
    assert shown is not None
    assert shown.phone == "+243880000777"
    wish = wish_of(town, code)
    assert (wish.ground, wish.standing) == (RevealGround.CALL_TASK, RevealStanding.TO_CONFIRM)
    task = next(one for one in cases.seen(code, desk, NOW).tasks if one.kind is TaskKind.CONFIRM_REVEAL)
    assert task.due_at == NOW + DAY
    with pytest.raises(Refused, match="second_person_answers"):
        cases.task_done(task.id, actor=desk, now=NOW)
    with pytest.raises(Refused, match="not_yourself"):
        reveals.answer(code, wish.id, agrees=True, actor=desk, now=NOW)
    known_to(town, code, second)
    reveals.answer(code, wish.id, agrees=True, actor=second, now=NOW + desk_work.HOUR)
    left = cases.seen(code, desk, NOW)
    assert TaskKind.CONFIRM_REVEAL not in {one.kind for one in left.tasks}
    assert "reveal_confirmed" not in {one.kind.value for one in left.clocks}


def test_a_colleague_who_never_looks_at_it_is_told_to_desk_and_lead_once_each(town: Town) -> None:
    code = named(town, safe_contact="call")
    reveals.ask(code, WISH, actor=town.world.desk.actor, now=NOW)
    clock = next(one for one in escalation.overdue(NOW + DAY) if _kind(town, one) == "reveal_confirmed")
    taken = escalation.climb_clock(clock, NOW + DAY)
    assert [one.step for one in taken] == [Step.REMINDER, Step.DEADLINE]
    later = escalation.climb_clock(clock, NOW + 3 * DAY)
    assert [one.step for one in later] == [Step.DEADLINE]
    assert escalation.climb_clock(clock, NOW + 60 * DAY) == ()


def _kind(town: Town, clock_id: object) -> str:
    engine = create_engine(town.database.backup_url)
    with engine.connect() as connection:
        connection.execute(text("set role backup"))
        found = connection.execute(text("select kind from clock where id = :id"), {"id": clock_id})
        kind = str(found.scalar_one())
    engine.dispose()
    return kind


def test_the_complainant_reads_who_opened_it_and_why_and_nothing_that_was_only_asked(town: Town) -> None:
    desk, second = town.world.desk.actor, town.world.desk.lead
    opening = receipts.open_receipt(receipts.mint())
    half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
    code = intake.receive(desk_work.report(town, **NAMED), opening=half, now=NOW).code
    known_to(town, code, desk, second)
    reveals.ask(code, WISH, actor=desk, now=NOW)
    person, case_id = _person(town, code, opening)
    assert follow.seen(case_id, actor=person, now=NOW).openings == ()
    reveals.answer(code, wish_of(town, code).id, agrees=True, actor=second, now=NOW)
    reveals.look(code, wish_of(town, code).id, actor=desk, now=NOW + desk_work.HOUR)
    (seen,) = follow.seen(case_id, actor=person, now=NOW).openings
    assert (seen.at, seen.desk_name) == (NOW + desk_work.HOUR, "ONG Exemple Kolwezi")
    assert (seen.reason, seen.text) == (WISH.reason, WISH.text)


def _person(town: Town, code: str, opening: receipts.Opening):
    with transaction(town.world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        row = vault.pair_row(session, case.id, vault.DataClass.THREAD)
        pair = vault.open_row(session, town.world.desk.actor, row)
    return complainant_actor(case.id, {pair.public: pair.private}), case.id


def test_a_number_left_for_a_call_is_no_part_of_the_thread(town: Town) -> None:
    opening = receipts.open_receipt(receipts.mint())
    half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
    code = intake.receive(desk_work.report(town), opening=half, now=NOW).code
    desk = town.world.desk.actor
    known_to(town, code, desk)
    person, case_id = _person(town, code, opening)
    voice.ask_call(case_id, "Le soir.", phone="+243880000888", actor=person, now=NOW)
    shown = cases.seen(code, desk, NOW)
    assert not any("0888" in line.text for line in shown.timeline)
    assert any(line.text == "Le soir." for line in shown.timeline)
    assert shown.has_identity
    opened = reveals.ask(code, RevealWish(RevealReason.CALL), actor=desk, now=NOW)
    assert opened is not None
    assert opened.phone == "+243880000888"


def test_the_database_itself_refuses_one_person_in_two_parts(town: Town) -> None:
    code, desk = named(town), town.world.desk.actor
    reveals.ask(code, WISH, actor=desk, now=NOW)
    wish = wish_of(town, code)
    with pytest.raises(IntegrityError):
        _change(desk, wish.id, agreed_by=desk.member_id, agreed_at=NOW)
    with pytest.raises(IntegrityError):
        _change(desk, wish.id, opened_at=NOW)


def _change(actor: Actor, reveal_id: object, **values: object) -> None:
    """Writes past our own rules, as a fault of ours would."""
    with transaction(actor) as session:
        session.execute(update(Reveal).where(Reveal.id == reveal_id).values(**values))


def test_nobody_else_sees_that_somebody_asked(town: Town) -> None:
    code, world = named(town), town.world
    reveals.ask(code, WISH, actor=world.desk.actor, now=NOW)
    for actor in (world.backup.actor, world.provider.actor, world.overseer.actor, world.host.actor):
        with transaction(actor) as session:
            assert session.scalars(select(Reveal)).all() == []
    with transaction(world.desk.actor) as session:
        theirs = session.scalar(select(Reveal))
    with pytest.raises(ProgrammingError):
        _write_as(world.backup.actor, theirs)


def _write_as(actor: Actor, theirs: Reveal) -> None:
    """A stranger writes a wish of their own into somebody else's case."""
    with transaction(actor) as session:
        session.add(
            Reveal(
                case_id=theirs.case_id, organisation_id=actor.organisation_id, asked_by=actor.member_id,
                asked_at=NOW, entry_id=theirs.entry_id, ground=RevealGround.DANGER,
            )
        )  # fmt: skip


def test_why_is_sealed_and_stands_in_no_clear_column(town: Town) -> None:
    code = named(town)
    reveals.ask(code, WISH, actor=town.world.desk.actor, now=NOW)
    engine = create_engine(town.database.backup_url)
    with engine.connect() as connection:
        connection.execute(text("set role backup"))
        kept = repr(connection.execute(text("select * from reveal")).all())
        kinds = connection.execute(text("select kind from entry")).scalars().all()
    engine.dispose()
    assert WISH.reason.value not in kept
    assert EntryKind.REVEAL.value in kinds
    with transaction(town.world.desk.actor) as session:
        assert session.scalar(select(Task.kind).where(Task.kind == TaskKind.AGREE_REVEAL)) is not None
