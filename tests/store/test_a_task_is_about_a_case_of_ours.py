"""Can an organisation tie a task of its own to a case that is not its business?"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import ProgrammingError

from grievance.store.models import Task
from grievance.store.session import transaction
from grievance.terms import Actor
from grievance.vocabulary import TaskKind
from tests.fixtures import Town
from tests.store.query_shapes import theirs

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def _task(actor: Actor, organisation_id: UUID, case_id: UUID | None) -> UUID:
    row = {
        "id": uuid4(), "organisation_id": organisation_id, "case_id": case_id,
        "kind": TaskKind.CHANGE_KEYS, "created_at": NOW,
    }  # fmt: skip
    with transaction(actor) as session:
        session.execute(insert(Task.__table__).values(row))
    return row["id"]


@pytest.mark.parametrize("room", ["backup", "mine", "provider", "overseer"])
def test_nobody_ties_a_task_of_their_own_to_a_case_that_they_do_not_see(town: Town, room: str) -> None:
    case_id, organisation = theirs(town).case.id, getattr(town.world, room)
    with pytest.raises(ProgrammingError, match="row-level security"):
        _task(organisation.actor, organisation.id, case_id)
    assert _task(organisation.actor, organisation.id, None)


def test_a_desk_has_tasks_about_its_own_case(town: Town) -> None:
    case_id, desk = theirs(town).case.id, town.world.desk
    task_id = _task(desk.actor, desk.id, case_id)
    with transaction(desk.actor) as session:
        assert session.scalars(select(Task.case_id).where(Task.id == task_id)).one() == case_id


def test_a_task_is_never_moved_to_another_case(town: Town) -> None:
    case_id, mine = theirs(town).case.id, town.world.mine
    task_id = _task(mine.actor, mine.id, None)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction(mine.actor) as session:
        session.execute(update(Task).where(Task.id == task_id).values(case_id=case_id))
