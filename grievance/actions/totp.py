"""Is this the code on the member's phone? The second proof of a sign-in, and how its secret is kept."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

import pyotp

from grievance.store.config_values import totp_label
from grievance.store.models import Member
from grievance.store.numbers import hide_config, show_config
from grievance.store.sealing import Versions

STEP_SECONDS = 30
DIGITS = 6
# What is computed in place of the secret of somebody who is no member.
NOBODYS = pyotp.random_base32()


def new_secret() -> str:
    """A fresh secret in base32, as authenticator apps take it."""
    return pyotp.random_base32()


def address(secret: str, email: str, issuer: str) -> str:
    """The otpauth address that a member's app scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def hidden(member_id: UUID, secret: str, config_key: Versions) -> bytes:
    """The secret under the config key, bound to its member's row."""
    return hide_config(config_key, secret, totp_label(member_id))


def shown(member: Member, config_key: Versions) -> str | None:
    """A member's secret; None before they joined. Raises CannotOpen."""
    if member.totp_hidden is None:
        return None
    return show_config(config_key, member.totp_hidden, totp_label(member.id))


def step_of(secret: str | None, code: str, now: datetime) -> int | None:
    """The time step whose code this is (this one, the one before, the one after), or None."""
    typed = _digits(code)
    if secret is None or typed is None:
        return None
    totp = pyotp.TOTP(secret)
    fits = [step for step in _steps(now) if secrets.compare_digest(totp.generate_otp(step), typed)]
    return max(fits, default=None)


def is_code_of(secret: str, code: str, step: int, now: datetime) -> bool:
    """Whether this is the code of one time step, which is this one, the one before or the one after."""
    typed = _digits(code)
    if typed is None or step not in _steps(now):
        return False
    return secrets.compare_digest(pyotp.TOTP(secret).generate_otp(step), typed)


def _steps(now: datetime) -> tuple[int, int, int]:
    current = int(now.timestamp()) // STEP_SECONDS
    return current - 1, current, current + 1


def _digits(code: str) -> str | None:
    typed = "".join(code.split())
    return typed if len(typed) == DIGITS and typed.isascii() and typed.isdigit() else None
