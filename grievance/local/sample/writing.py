"""How does somebody get in? VAR/sample.json: accounts and channels of the fictional data."""

from __future__ import annotations

import json
import os
from typing import Any

from grievance.local.sample.player import Player
from grievance.local.sample.registry import ChannelPlayed, Registry
from grievance.local.sample.setting import SampleSettings
from grievance.local.sample.town import People
from grievance.vocabulary import GatewayKind
from grievance.web.admin.webhooks import webhook_url

FILE = "sample.json"
SCHEMA_VERSION = 1


def write_sample(settings: SampleSettings, people: People, registry: Registry) -> None:
    """Writes the file whole, readable by its owner alone (mode 600)."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "base_url": settings.base_url,
        "pid": os.getpid(),
        "accounts": [_account(player) for player in people.everybody],
        "channels": [_channel(channel, settings.web.public_url) for channel in registry.channels],
    }
    path = settings.var / FILE
    unfinished = path.with_suffix(".unfinished")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
    unfinished.replace(path)


def _account(player: Player) -> dict[str, Any]:
    return {
        "role": player.part.role.value,
        "organisation": player.part.organisation,
        "organisation_kind": player.part.kind.value,
        "restricted": player.part.restricted,
        "email": player.part.email,
        "password": player.password,
        "totp_secret": player.totp_secret,
    }


def _channel(channel: ChannelPlayed, public_url: str) -> dict[str, Any]:
    named = {GatewayKind.TWILIO: "account_sid", GatewayKind.SMSGATE: "device_id"}
    facts = {
        "kind": channel.kind.value,
        "number": channel.number,
        "secret": channel.secret,
        "webhook_url": webhook_url(channel.kind, channel.secret, public_url),
    }
    return facts | ({named[channel.kind]: channel.account} if channel.kind in named else {})
