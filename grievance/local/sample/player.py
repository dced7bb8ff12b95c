"""Who plays a member? Somebody who knows, in memory alone, what only that member would know."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import pyotp

from grievance.actions import joining, sign_in
from grievance.actions.people import Invited
from grievance.actions.sign_in import Living
from grievance.local.sample.setting import Stage
from grievance.schemas.people import Join
from grievance.terms import Actor, Role
from grievance.vocabulary import OrganisationKind

PASSWORD_BYTES = 12


@dataclass(frozen=True)
class Part:
    """A member as the play's list has them; the first of an organisation makes its keys."""

    organisation: str
    kind: OrganisationKind
    role: Role
    email: str
    restricted: bool = False


@dataclass(frozen=True)
class Player:
    """A member who joined. Their password and phone's secret are here and in sample.json, nowhere else."""

    part: Part
    organisation_id: UUID
    member_id: UUID
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
    living: Living = field(repr=False)

    @property
    def actor(self) -> Actor:
        """This member with every key that was given to them until now."""
        return sign_in.staff_actor_of(self.living)


def join(stage: Stage, part: Part, organisation_id: UUID, invited: Invited, *, now: datetime) -> Player:
    """Plays a first visit: own password, own phone, own key; then leaves no session behind."""
    web = stage.settings.web
    with stage.app.app_context():  # two players may come at once, each in a thread of their own
        awaited = joining.awaited(invited.token, token_key=web.token_key, now=now)
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        typed = Join(password, pyotp.TOTP(awaited.secret).at(now), awaited.carried)
        joined = joining.join(
            invited.token, typed, config_key=web.config_key, token_key=web.token_key, now=now
        )
        living = sign_in.living(joined.cookie, now=now)
        if living is None:
            raise LookupError("a session that just began is not open")
        sign_in.end(joined.cookie, now=now)
    return Player(part, organisation_id, joined.member_id, password, awaited.secret, living)
