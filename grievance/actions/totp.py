"""Is this the code on the member's phone? The second proof of a sign-in, and how its secret is kept."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

import pyotp

from grievance.store.models import Member
from grievance.store.numbers import hide_config, show_config
from grievance.store.sealing import Label, Versions

STEP_SECONDS = 30
DIGITS = 6


def new_secret() -> str:
    """A fresh secret in base32, as authenticator apps take it."""
    return pyotp.random_base32()


def address(secret: str, email: str, issuer: str) -> str:
    """The otpauth address that a member's app scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def hidden(member_id: UUID, secret: str, config_key: Versions) -> bytes:
    """The secret under the config key, bound to its member's row."""
    return hide_config(config_key, secret, _label(member_id))


def shown(member: Member, config_key: Versions) -> str | None:
    """A member's secret; None before they joined. Raises CannotOpen."""
    if member.totp_hidden is None:
        return None
    return show_config(config_key, member.totp_hidden, _label(member.id))


def step_of(secret: str | None, code: str, now: datetime) -> int | None:
    """The time step whose code this is (this one, the one before, the one after), or None."""
    typed = "".join(code.split())
    if secret is None or len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    current, totp = int(now.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    fits = [
        step
        for step in (current - 1, current, current + 1)
        if secrets.compare_digest(totp.generate_otp(step), typed)
    ]
    return max(fits, default=None)


def _label(member_id: UUID) -> Label:
    return Label("member", "totp_hidden", member_id)
