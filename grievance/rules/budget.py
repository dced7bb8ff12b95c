"""May one more text go out today, and does somebody earn from our answers?

Each text costs money, and an operator may share what it earns with whoever makes us answer ("pumping"): then
very many numbers of one block write in a day. Help that cannot wait and receipts have a second budget.
"""

from __future__ import annotations

from dataclasses import dataclass

from grievance.rules.dialogue import Template

# A long dialogue takes some fifteen texts; six answers an hour is the loop guard's own limit.
PER_NUMBER = 40
PER_CHANNEL = 1_500
# As often again may what cannot wait go out.
ESSENTIAL_TIMES = 2
# Different numbers in a day: of one block of ten thousand, and over one channel.
NUMBERS_OF_BLOCK = 40
NUMBERS_OF_CHANNEL = 400
BLOCK_DIGITS = 4

URGENT = ("dog_bite", "sexual_violence", "held", "danger_", "receipt", "duty_")


@dataclass(frozen=True)
class Spent:
    """What went out today: to this number, over this channel; how many numbers of its block and channel."""

    number: int = 0
    channel: int = 0
    of_block: int = 0
    of_channel: int = 0


def essential(template: str) -> bool:
    """Whether a text is help that cannot wait, a receipt, or a call of whoever is on duty."""
    return template.startswith(URGENT) and template in set(Template)


def may_go(spent: Spent, *, needed: bool) -> bool:
    """Whether one more text may go today; `needed`: it is essential."""
    times = ESSENTIAL_TIMES if needed else 1
    return spent.number < times * PER_NUMBER and spent.channel < times * PER_CHANNEL


def used_up(spent: Spent) -> bool:
    """Whether the channel's ordinary budget of the day is gone."""
    return spent.channel >= PER_CHANNEL


def pumped_block(spent: Spent) -> bool:
    """Whether too many numbers of one block were answered."""
    return spent.of_block > NUMBERS_OF_BLOCK


def pumped_channel(spent: Spent) -> bool:
    """Whether too many different numbers were answered over one channel."""
    return spent.of_channel > NUMBERS_OF_CHANNEL


def block_of(number: str) -> str:
    """The block that a number belongs to: all but its last four digits."""
    return number[:-BLOCK_DIGITS]
