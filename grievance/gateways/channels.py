"""How is a channel's row read as the channel that a gateway serves?"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from grievance.gateways.contract import Account, Channel
from grievance.vocabulary import GatewayKind

# What a channel's hidden value may hold beside the signing secret, for the calls that we make.
CALLS = frozenset(
    {"username", "password", "base_url", "service", "region", "edge", "sim", "ttl", "names", "key_name"}
)


def channel_from(
    channel_id: UUID, kind: GatewayKind, number: str, identity: str | None, hidden: str, public_url: str
) -> Channel:
    """The channel.

    `hidden` is the signing secret alone, or a JSON object of `secret` and what `Account` names.
    """
    known = _opened(hidden)
    more = {name: known[name] for name in CALLS & known.keys()}
    account = Account(identity=identity or "", **more)
    return Channel(channel_id, kind, number, known["secret"], account, public_url)


def _opened(hidden: str) -> dict[str, Any]:
    if not hidden.startswith("{"):
        return {"secret": hidden}
    try:
        known = json.loads(hidden)
    except ValueError:
        return {"secret": hidden}
    return known if isinstance(known, dict) and isinstance(known.get("secret"), str) else {"secret": hidden}
