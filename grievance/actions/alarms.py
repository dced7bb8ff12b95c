"""What must somebody who looks after the service know today? Codes and instants, nothing of anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import text

from grievance.actions import sms_budget
from grievance.actions.quarantine import LOOKED_AT_WITHIN
from grievance.store.actors import door_actor
from grievance.store.models import TallyKind
from grievance.store.session import transaction
from grievance.terms import Actor

# An alarm of texts stays for a day after the last text that raised it.
STAYS_FOR = timedelta(days=1)


class Alarm(StrEnum):
    """What is wrong; also the code in `/readyz`."""

    QUARANTINE_LATE = "quarantine_late"
    SMS_BUDGET = "sms_budget"
    SMS_PUMPING = "sms_pumping"


def raised(now: datetime) -> tuple[Alarm, ...]:
    """The alarms of this moment. Raises Unavailable."""
    with transaction(door_actor(b"")) as session:
        at = {name: at for name, at in session.execute(text("select name, at from alarms()")).all() if at}
    late = at.get("quarantine")
    found = [Alarm.QUARANTINE_LATE] if late and now - late > LOOKED_AT_WITHIN else []
    sms = (Alarm.SMS_BUDGET, Alarm.SMS_PUMPING)
    return (*found, *(one for one in sms if one.value in at and now - at[one.value] <= STAYS_FOR))


OF_NUMBERS = {TallyKind.CHANNEL: Alarm.SMS_BUDGET, TallyKind.NUMBERS: Alarm.SMS_PUMPING}


def of_desk(actor: Actor, now: datetime) -> tuple[Alarm, ...]:
    """What today's texts raised at the numbers of this member's own desk. Raises Unavailable."""
    asked = text("select kind from desk_alarms(:on_day)")
    with transaction(actor) as session:
        found = set(session.scalars(asked, {"on_day": sms_budget.day_of(now)}))
    return tuple(alarm for kind, alarm in OF_NUMBERS.items() if kind in found)
