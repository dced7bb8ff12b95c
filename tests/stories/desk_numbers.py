"""How does a desk in a story get more numbers, at a provider that really answers?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert

from grievance.rules.hotlines import Hotlines
from grievance.store.config_values import channel_label
from grievance.store.models import ChannelRow
from grievance.store.numbers import hide_config
from grievance.vocabulary import GatewayKind
from tests import apps, superuser
from tests.fixtures import Town
from tests.services import Services
from workers.process import Process, sms_keys


@dataclass(frozen=True)
class Number:
    """One number of the desk, as its provider knows it."""

    id: UUID
    number: str
    secret: str


def add(
    services: Services, town: Town, kind: GatewayKind, number: str, *, account: str | None = None,
    quiet: bool = False, heard_at: datetime | None = None, **calls: object,
) -> Number:  # fmt: skip
    """Gives the town's desk one more number."""
    channel_id, secret = uuid4(), "a-secret-of-the-path-" + uuid4().hex
    hidden = hide_config(
        town.keys.config, json.dumps({"secret": secret, **calls}), channel_label(channel_id)
    )
    values = {
        "id": channel_id, "desk_id": town.world.desk.id, "kind": kind, "number": number, "account": account,
        "secret_hidden": hidden, "created_at": town.world.channel.created_at, "quiet": quiet,
        "last_heard_at": heard_at,
    }  # fmt: skip
    superuser.run(services, town, insert(ChannelRow).values(values))
    return Number(channel_id, number, secret)


def really_sending(town: Town) -> Process:
    """The SMS worker as in production: nothing is recorded, providers are asked."""
    settings = apps.sms_settings(town.database, town.redis_url, town.keys, town.recorded)
    keys = sms_keys(settings, Hotlines(90))
    return Process(town.app, settings.public_url, False, None, town.redis_url, sms=keys)
