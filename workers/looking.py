"""A send that may have happened: did the provider take it? Asked before it is sent again."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from grievance.actions import delivery_care
from grievance.actions.delivery import Parcel
from grievance.gateways import gateway_for
from grievance.gateways.contract import CannotLook, SendFailed, Sought, StatusUpdate
from grievance.terms import CannotOpen
from workers import sending
from workers.process import Process, utcnow

log = structlog.get_logger()

LOOKS_AGAIN = timedelta(minutes=1)


def look_up(process: Process, now: datetime) -> int:
    """Asks for each uncertain text; gives how many are certain now."""
    certain = 0
    for parcel in delivery_care.uncertain(now=utcnow()):
        try:
            found = _find(process, parcel)
        except (CannotLook, SendFailed, CannotOpen, ValueError, KeyError) as error:
            log.info("text_not_found_out", outbox_id=str(parcel.id), kind=type(error).__name__)
            delivery_care.look_again(parcel.id, at=utcnow() + LOOKS_AGAIN)
            continue
        certain += 1
        if found is None:
            delivery_care.never_left(parcel.id, now=now)
        elif found.error is None and delivery_care.piece_found(parcel.id, parcel.gone + 1, now=now):
            log.info("piece_found", outbox_id=str(parcel.id), gone=parcel.gone + 1)
        else:
            delivery_care.found(
                parcel.id, found.provider_id, found.status.value, _error(found), keys=process.keys, now=now
            )
    return certain


def _find(process: Process, parcel: Parcel) -> StatusUpdate | None:
    """Looks for the one piece that is in doubt. Raises CannotLook for what went to several numbers."""
    numbers, pieces = sending.numbers(process, parcel), sending.pieces_of(sending.words(process, parcel))
    asked = next((one for one in parcel.roads if one.id == parcel.own), None)
    if asked is None or len(numbers) != 1 or parcel.gone >= len(pieces):
        raise CannotLook
    # From when it was made, however often it was asked for since: what falls out of the window seems never
    # to have left.
    sought = Sought(
        sending.own_id(parcel, parcel.gone), numbers[0], pieces[parcel.gone], parcel.made_at,
        delivery_care.known_ids(asked.id, parcel.made_at),
    )  # fmt: skip
    gateway = gateway_for(asked.kind, process.recorded)
    return gateway.find(sending.channel_of(process, asked), sought, timeout=sending.TIMEOUT)


def _error(found: StatusUpdate) -> str | None:
    return found.error.value if found.error else None
