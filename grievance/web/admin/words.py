"""What are the choices of this room called?"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from grievance.actions.alarms import Alarm
from grievance.schemas.registry import IcocaStatus

NAMES: dict[IcocaStatus, LazyString] = {
    IcocaStatus.MEMBER: _l("Member of ICoCA"),
    IcocaStatus.AFFILIATE: _l("Affiliate of ICoCA"),
    IcocaStatus.OBSERVER: _l("Observer at ICoCA"),
    IcocaStatus.NONE: _l("Neither member nor affiliate"),
}

ALARMS: dict[Alarm, LazyString] = {
    Alarm.QUARANTINE_LATE: _l(
        "Messages kept apart have waited for more than a day: a desk must look at them."
    ),
    Alarm.SMS_BUDGET: _l(
        "The day's budget of SMS is used up: only urgent help and receipts still go out today."
    ),
    Alarm.SMS_PUMPING: _l(
        "Texts go out to very many numbers of one block: somebody may be earning from them."
        " Look at the channel and ask the operator."
    ),
}


def choices(statuses: Iterable[IcocaStatus]) -> list[tuple[str, LazyString]]:
    """Pairs of value and name, for a form."""
    return [(status.value, NAMES[status]) for status in statuses]


def status_name(value: str | None) -> LazyString | str:
    """What a company is to ICoCA; a dash when nobody said."""
    return NAMES[IcocaStatus(value)] if value in set(IcocaStatus) else "–"
