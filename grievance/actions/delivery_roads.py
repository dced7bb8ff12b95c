"""May this number still be texted by its desk, and what if its provider says that it refused?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update

from grievance.actions.sms_keys import SmsKeys
from grievance.actions.texts_memory import macs
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import NumberIndex
from grievance.store.session import transaction


def barred(desk_id: UUID, number: str, *, unasked: bool, keys: SmsKeys) -> bool:
    """Whether a number may not be texted any more since the text for it was written.

    Its desk locked it, as another may hold the telephone. Or it said STOP, for unasked texts of no case.
    """
    mine = NumberIndex.mac.in_(macs(keys, desk_id, number))
    locked, stopped = NumberIndex.locked_at.is_not(None), NumberIndex.stopped_at.is_not(None)
    query = select(NumberIndex.id).where(mine, or_(locked, stopped) if unasked else locked)
    with transaction(SMS_ACTOR) as session:
        return session.scalar(query.limit(1)) is not None


def opted_out(desk_id: UUID, number: str, *, keys: SmsKeys, now: datetime) -> None:
    """The provider says that this number wants no texts: the same as its own STOP, for every case of it."""
    mine = NumberIndex.mac.in_(macs(keys, desk_id, number))
    with transaction(SMS_ACTOR) as session:
        session.execute(
            update(NumberIndex).where(mine, NumberIndex.stopped_at.is_(None)).values(stopped_at=now)
        )
