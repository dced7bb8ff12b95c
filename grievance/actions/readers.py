"""To whose keys is a case sealed? The triage keys of its two desks, or the keys of one restricted lane."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from grievance.store import queries
from grievance.store.models import Case
from grievance.store.vault import Reader
from grievance.terms import Lane, Refused
from grievance.vocabulary import ReaderKind

LANE_KEYS = {
    Lane.GENERAL: ReaderKind.TRIAGE,
    Lane.SEXUAL_VIOLENCE: ReaderKind.LANE_SEXUAL_VIOLENCE,
    Lane.CHILD: ReaderKind.LANE_CHILD,
}
FEWEST_KEYED = 2


def of_case(session: Session, case: Case, lane: Lane) -> list[Reader]:
    """The readers of a new case: both its desks; of a complaint about a CSO, the overseer's thread too.

    Raises Refused when a desk has no such key: it should have no coverage.
    """
    desks = [i for i in (case.desk_id, case.backup_id) if i != case.overseer_id]
    found = of_desks(session, desks, lane)
    if case.overseer_id and lane is Lane.GENERAL and (case.overseer_visible or len(desks) < FEWEST_KEYED):
        key = queries.key_of(session, case.overseer_id, ReaderKind.OVERSEER)
        if key is not None:
            found.append(Reader(key.kind, key.public_key, case.overseer_id))
    return found


def of_desks(session: Session, desk_ids: Iterable[UUID], lane: Lane) -> list[Reader]:
    """The keys of these desks for this lane. Raises Refused when one has none."""
    found = []
    for desk_id in desk_ids:
        key = queries.key_of(session, desk_id, LANE_KEYS[lane])
        if key is None:
            raise Refused("desk_without_key")
        found.append(Reader(key.kind, key.public_key, desk_id))
    return found


def holds_lane(session: Session, desk_id: UUID, lane: Lane) -> bool:
    """Whether a desk has the two keyed members that a restricted case needs."""
    return queries.keyed_members(session, queries.key_of(session, desk_id, LANE_KEYS[lane])) >= FEWEST_KEYED
