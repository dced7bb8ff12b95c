"""What does the SMS worker hold, and nobody else? Keys that open texts and numbers in passing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from grievance.store.sealing import Versions, pairs_of
from grievance.terms import Pair
from grievance.vocabulary import Language


@dataclass(frozen=True)
class Tongue:
    """In which language a text seems to be; `other`: in none that we speak."""

    language: Language | None = None
    other: bool = False


@dataclass(frozen=True)
class SmsKeys:
    """Keys by version, newest last, and two questions that only the worker's process can answer.

    `tongue` guesses a text's language. `help_number` gives a verified number for a province on a day.
    """

    intake: Versions = field(repr=False)
    notifier: Versions = field(repr=False)
    number_index: Versions = field(repr=False)
    config: Versions = field(repr=False)
    pepper: Versions = field(repr=False)
    tongue: Callable[[str], Tongue] = field(repr=False)
    help_number: Callable[[str | None, date], str | None] = field(repr=False)

    @property
    def intake_pairs(self) -> tuple[Pair, ...]:
        """Newest first."""
        return pairs_of(self.intake)

    @property
    def notifier_pairs(self) -> tuple[Pair, ...]:
        """Newest first."""
        return pairs_of(self.notifier)
