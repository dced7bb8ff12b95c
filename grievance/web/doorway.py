"""What does the door know of who knocks? Its keys, and how often this e-mail and this bucket were wrong."""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address
from typing import cast

from flask import Flask, current_app, request

from grievance.actions.entering import Doorway
from grievance.actions.passkeys import Challenge, RelyingParty, new_challenge
from grievance.actions.sign_in import normal_email
from grievance.actions.tries import Guard
from grievance.store.counts import Counts
from grievance.web import WebSettings
from grievance.web.clock import utcnow

# A home or an office has a network of this size; an address of its own for each try costs nothing there.
IPV6_NETWORK = 64


def register(app: Flask, settings: WebSettings) -> None:
    """Gives the door its counts, and templates what a passkey needs."""
    app.extensions["door_counts"] = Counts(settings.redis_url)
    app.jinja_env.globals.update(door_challenge=challenge, door_site=site)


def doorway(email: str) -> Doorway:
    """The door as somebody finds it who knocks with this e-mail."""
    settings = _settings()
    counts = cast(Counts, current_app.extensions["door_counts"])
    guard = Guard(counts, _hidden("account", normal_email(email)), _hidden("bucket", _network()))
    return Doorway(settings.config_key, settings.token_key, site(), settings.sample, guard)


def is_tight(email: str) -> bool:
    """Whether the door wants two codes in a row of whoever comes with this e-mail."""
    return doorway(email).guard.tight(utcnow())


def challenge() -> Challenge:
    """A fresh challenge for the page that is drawn."""
    return new_challenge(_settings().token_key, utcnow())


def site() -> RelyingParty:
    """To which site passkeys belong."""
    return RelyingParty.of(_settings().public_url)


def _hidden(kind: str, value: str) -> str:
    """A keyed name that is another one tomorrow: nobody can tell from it who it was."""
    _, key = _settings().bucket_key[-1]
    message = f"door {kind} {utcnow().date().isoformat()} {value}"
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()[:32]


def _network() -> str:
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        return str(int(address) >> (128 - IPV6_NETWORK))
    return str(address)


def _settings() -> WebSettings:
    return cast(WebSettings, current_app.config["SETTINGS"])
