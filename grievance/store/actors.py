"""As whom does each part of the system act? The few actors that are nobody's session, and those that are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from uuid import UUID

from grievance.store.models import Member
from grievance.terms import Actor, DatabaseRole, Role

INTAKE_ACTOR = Actor(Role.COMPLAINANT, DatabaseRole.INTAKE, "complainant")
SMS_ACTOR = Actor(Role.SMS_WORKER, DatabaseRole.SMS, "sms-worker")
# By SMS the worker carries the complainant's own moves; the journal says so.
BY_SMS_ACTOR = Actor(Role.COMPLAINANT, DatabaseRole.SMS, "complainant-by-sms")
SWEEP_ACTOR = Actor(Role.CLOCK, DatabaseRole.SWEEP, "clock")
STATS_ACTOR = Actor(Role.CLOCK, DatabaseRole.STATS, "statistics")


def pseudonym(member_id: UUID) -> str:
    """The name a member has in the journal: stable, and no name."""
    return "m-" + hashlib.sha256(member_id.bytes).hexdigest()[:12]


def staff_actor(member: Member, keys: Mapping[bytes, bytes]) -> Actor:
    """A signed-in member with the organisation keys that their session opened."""
    return Actor(
        member.role, DatabaseRole.WEB, pseudonym(member.id), organisation_id=member.organisation_id,
        member_id=member.id, keys=dict(keys),
    )  # fmt: skip


def complainant_actor(case_id: UUID, keys: Mapping[bytes, bytes]) -> Actor:
    """A complainant who came back with a receipt; `keys` opens their own thread."""
    return Actor(Role.COMPLAINANT, DatabaseRole.WEB, "complainant", case_id=case_id, keys=dict(keys))


def door_actor(key: bytes) -> Actor:
    """Nobody yet: sees the one row that `key` names (a hash, an e-mail, a hidden lookup)."""
    return Actor(Role.COMPLAINANT, DatabaseRole.DOOR, "door", session_hash=key)
