"""How many texts went out today? Counted under names of one day that only the worker can make."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from grievance.actions.new_cases import KATANGA_HOURS
from grievance.rules import budget
from grievance.rules.budget import Spent
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import SmsTally, TallyKind
from grievance.store.sealing import Versions, subkey
from grievance.store.session import transaction

KEPT_FOR = timedelta(days=2)
_PURPOSE = b"grievance sms tally 1"


def take(
    channel_id: UUID, numbers: Iterable[str], *, needed: bool, index_key: Versions, now: datetime
) -> bool:
    """Counts one text to each of these numbers, if all of them may still have one today."""
    day = day_of(now)
    with transaction(SMS_ACTOR) as session:
        places = [_Place(day, channel_id, number, index_key) for number in sorted(numbers)]
        if not all(budget.may_go(place.spent(session), needed=needed) for place in places):
            return False
        for place in places:
            place.count(session, now)
    return True


def day_of(now: datetime) -> date:
    """The day whose budget a text at this instant is taken from: that of the people there."""
    return (now + KATANGA_HOURS).date()


def forget_old(now: datetime) -> None:
    """Deletes the counts of the days before yesterday."""
    with transaction(SMS_ACTOR) as session:
        session.execute(delete(SmsTally).where(SmsTally.day < (now - KEPT_FOR).date()))


class _Place:
    """The four counts that one text to one number touches."""

    def __init__(self, day: date, channel_id: UUID, number: str, key: Versions) -> None:
        secret = subkey(key[-1][1], _PURPOSE)

        def named(text: str) -> bytes:
            told = f"{day.isoformat()}|{channel_id}|{text}".encode()
            return hmac.new(secret, told, hashlib.sha256).digest()[:16]

        self._day = day
        self._names = {
            TallyKind.NUMBER: named(number), TallyKind.PREFIX: named(budget.block_of(number)),
            TallyKind.NUMBERS: channel_id.bytes, TallyKind.CHANNEL: channel_id.bytes,
        }  # fmt: skip

    def spent(self, session: Session) -> Spent:
        """What was counted so far."""
        query = select(SmsTally.kind, SmsTally.name, SmsTally.count).where(
            SmsTally.day == self._day, SmsTally.name.in_(set(self._names.values()))
        )
        found = {(kind, name): count for kind, name, count in session.execute(query)}
        number, block, numbers, channel = (found.get(pair, 0) for pair in self._names.items())
        return Spent(number, channel, block, numbers)

    def count(self, session: Session, now: datetime) -> None:
        """One more text; a number that is new today counts for its block and its channel too."""
        first = self._add(session, TallyKind.NUMBER) == 1
        self._add(session, TallyKind.CHANNEL)
        if first:
            self._add(session, TallyKind.PREFIX)
            self._add(session, TallyKind.NUMBERS)
        spent = self.spent(session)
        raised = {
            TallyKind.CHANNEL: budget.used_up(spent), TallyKind.PREFIX: budget.pumped_block(spent),
            TallyKind.NUMBERS: budget.pumped_channel(spent),
        }  # fmt: skip
        for kind in (kind for kind, too_many in raised.items() if too_many):
            session.execute(
                update(SmsTally)
                .where(SmsTally.day == self._day, SmsTally.kind == kind, SmsTally.name == self._names[kind])
                .values(alarmed_at=now)
            )

    def _add(self, session: Session, kind: TallyKind) -> int:
        row = insert(SmsTally).values(day=self._day, kind=kind, name=self._names[kind], count=1)
        again = row.on_conflict_do_update(
            index_elements=["day", "kind", "name"], set_={"count": SmsTally.count + 1}
        )
        return int(session.execute(again.returning(SmsTally.count)).scalar_one())
