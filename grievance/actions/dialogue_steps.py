"""How far do people come by SMS? Each question reached and answered, by the month, without content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from grievance.rules.dialogue import Dialogue, Question
from grievance.rules.steps import taken
from grievance.store.models import DialogueStep
from grievance.store.session import transaction
from grievance.terms import Actor


@dataclass(frozen=True)
class StepSeen:
    """One question, since counting began."""

    step: Question
    reached: int
    answered: int


def count(session: Session, before: Dialogue, after: Dialogue, *, now: datetime) -> None:
    """Adds what one text changed; in the order of their names, so that no two texts wait for each other."""
    reached, answered = taken(before, after)
    for step in sorted(reached | answered):
        row = insert(DialogueStep).values(
            month=now.date().replace(day=1), step=step.value, reached=int(step in reached),
            answered=int(step in answered),
        )  # fmt: skip
        more = {
            "reached": DialogueStep.reached + row.excluded.reached,
            "answered": DialogueStep.answered + row.excluded.answered,
        }
        session.execute(row.on_conflict_do_update(index_elements=["month", "step"], set_=more))


def seen(actor: Actor) -> tuple[StepSeen, ...]:
    """All steps that anybody reached, in the order in which they are asked."""
    query = select(
        DialogueStep.step, func.sum(DialogueStep.reached), func.sum(DialogueStep.answered)
    ).group_by(DialogueStep.step)
    with transaction(actor) as session:
        found = {step: (reached, answered) for step, reached, answered in session.execute(query)}
    return tuple(StepSeen(one, *found[one.value]) for one in Question if one.value in found)
