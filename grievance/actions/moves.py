"""How is a move made? The rule says where it leads, the row goes there, and a line tells of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from grievance.rules import workflow
from grievance.store import journal, queries
from grievance.store.journal import NOTHING
from grievance.store.models import Case, Referral
from grievance.terms import Actor, CaseAction, CaseState, NotFound, ReferralAction, Role

DESK = frozenset({Role.CASE_WORKER, Role.CASE_LEAD})


def allow(case: Case, action: CaseAction, actor: Actor) -> CaseState:
    """Where this move would lead. Raises MoveNotAllowed."""
    return workflow.next_case_state(case.state, action, actor.role)


def move_case(
    session: Session, case: Case, action: CaseAction, *, actor: Actor, now: datetime,
    commitment: bytes = NOTHING,
) -> None:  # fmt: skip
    """Makes a move of a case, with its line. Raises MoveNotAllowed."""
    before, after = case.state, allow(case, action, actor)
    case.state = after
    line(session, case, action, actor=actor, now=now, before=before, after=after, commitment=commitment)


def move_referral(
    session: Session, referral: Referral, action: ReferralAction, *, actor: Actor, now: datetime,
    commitment: bytes = NOTHING,
) -> None:  # fmt: skip
    """Makes a move of a referral, with its line in the case's chain. Raises MoveNotAllowed.

    What a letter says is typed in by the desk, with the addressee's moves.
    """
    before = referral.state
    after = workflow.next_referral_state(before, action, actor.role, by_letter=referral.by_letter)
    referral.state = after
    journal.append(
        session, chain=referral.case_id, subject=referral.id, actor=actor, move=action, now=now,
        commitment=commitment, **_change(before, after),
    )  # fmt: skip


def line(
    session: Session, case: Case, move: StrEnum, *, actor: Actor, now: datetime,
    before: CaseState | None = None, after: CaseState | None = None, commitment: bytes = NOTHING,
) -> None:  # fmt: skip
    """A line in the case's chain; without two different states it tells of no change."""
    journal.append(
        session, chain=case.id, subject=case.id, actor=actor, move=move, now=now, commitment=commitment,
        **_change(before, after),
    )  # fmt: skip


def desk_case(session: Session, referral: Referral, actor: Actor) -> Case:
    """The case of a referral, locked, for a desk. Raises NotFound for anybody else."""
    if actor.role not in DESK:
        raise NotFound
    return queries.case_by_id(session, referral.case_id, lock=True)


def _change(before: StrEnum | None, after: StrEnum | None) -> dict[str, str]:
    changed = before is not None and after is not None and before is not after
    return {"from_state": before.value, "to_state": after.value} if changed and before and after else {}
