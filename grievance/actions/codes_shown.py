"""Which six digits would a fictional member's telephone show? For sample mode alone."""

from __future__ import annotations

from datetime import datetime

import pyotp
from sqlalchemy import select

from grievance.actions import totp
from grievance.actions.sign_in import normal_email
from grievance.store.actors import door_actor
from grievance.store.models import Member
from grievance.store.sealing import Versions
from grievance.store.session import transaction
from grievance.terms import NotFound


def current(email: str, *, config_key: Versions, now: datetime) -> str:
    """The code of this instant. Raises NotFound."""
    address = normal_email(email)
    with transaction(door_actor(address.encode())) as session:
        member = session.scalar(select(Member).where(Member.email == address))
    secret = totp.shown(member, config_key) if member is not None else None
    if secret is None:
        raise NotFound
    return pyotp.TOTP(secret).at(now)
