"""Do the stored deadlines follow from the moves and the policy? Recomputed, clock by clock."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from grievance.actions import clocks
from grievance.rules import clocks as rule
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.models import ClockRow
from grievance.store.session import transaction


@dataclass(frozen=True)
class ClockFault:
    """A clock whose row says something else than the rule; `column` names what differs."""

    clock_id: UUID
    column: str


def verify() -> tuple[int, tuple[ClockFault, ...]]:
    """How many clocks there are, and which of them differ."""
    with transaction(SWEEP_ACTOR) as session:
        rows = session.scalars(select(ClockRow).order_by(ClockRow.id)).all()
        faults = []
        for row in rows:
            clock = clocks.value_of(session, row)
            due = rule.next_step(clock, clocks.policy(), clocks.calendar())
            expected = {
                "due_at": rule.due_at(clock, clocks.policy(), clocks.calendar()),
                "next_step": due.step if due else None,
                "next_instance": due.instance if due else None,
                "next_at": due.at if due else None,
            }
            faults += [
                ClockFault(row.id, name) for name, value in expected.items() if getattr(row, name) != value
            ]
        return len(rows), tuple(faults)
