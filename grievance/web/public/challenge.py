"""Which small question stands between a flood and us? A sum; a telephone with script works around it."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app

from grievance.rules import floods as rules
from grievance.rules.floods import EFFORT_BITS, Sum
from grievance.store.sealing import subkey
from grievance.store.tokens import DraftToken
from grievance.terms import CannotOpen
from grievance.web import floods

SUM, EFFORT, TRIAL = "somme", "effort", "epreuve"
LASTS = timedelta(minutes=20)
_PURPOSE = b"grievance challenge of a receipt 1"


@dataclass(frozen=True)
class Challenge:
    """One question. `trial` carries it through a form that has no draft; `wrong`: it was not answered."""

    seed: bytes = field(repr=False)
    trial: str = field(default="", repr=False)
    wrong: bool = False
    bits: int = EFFORT_BITS

    @property
    def sum(self) -> Sum:
        """The two numbers."""
        return rules.question(self.seed)

    def passed(self, form: Mapping[str, str]) -> bool:
        """Whether a form answers it, by hand or by a telephone's work."""
        return rules.answered(self.sum, form.get(SUM, "")) or rules.worked(self.seed, form.get(EFFORT, ""))


def of_receipt(receipt: str, *, wrong: bool = False) -> Challenge:
    """The question of one report. It hangs on the receipt, so an answer serves for that report alone."""
    key = subkey(current_app.config["SETTINGS"].token_key[-1][1], _PURPOSE)
    return Challenge(hmac.new(key, receipt.encode(), hashlib.sha256).digest()[:16], wrong=wrong)


def fresh(now: datetime, *, wrong: bool = False) -> Challenge:
    """A new question for a form without a draft."""
    seed = os.urandom(16)
    return Challenge(seed, _tokens().pack({"seed": seed.hex()}, now), wrong)


def spent(form: Mapping[str, str], now: datetime) -> bool:
    """Whether a form answers the question it carries; each question serves once."""
    try:
        seed = bytes.fromhex(str(_tokens().unpack(form.get(TRIAL, ""), now, LASTS)["seed"]))
    except (CannotOpen, KeyError, ValueError):
        return False
    return Challenge(seed).passed(form) and floods.first(f"trial:{seed.hex()}", LASTS)


def _tokens() -> DraftToken:
    return DraftToken(current_app.config["SETTINGS"].token_key)
