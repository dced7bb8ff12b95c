"""Does the budget of a day stop what earns money for others, and never what cannot wait?"""

from __future__ import annotations

import pytest

from grievance.rules import budget
from grievance.rules.budget import Spent
from grievance.rules.dialogue import Template

CANNOT_WAIT = {
    template
    for template in Template
    if template.startswith(("dog_bite", "sexual_violence", "held", "danger_", "receipt", "duty_"))
}


def test_only_help_receipts_and_calls_of_the_roster_cannot_wait() -> None:
    assert {template for template in Template if budget.essential(template)} == CANNOT_WAIT
    assert {Template.DOG_BITE, Template.RECEIPT} <= CANNOT_WAIT < set(Template)
    assert not budget.essential("receipt that is no template")


@pytest.mark.parametrize("needed", [False, True])
def test_a_text_may_go_until_the_last_of_its_number_and_of_its_channel(needed: bool) -> None:
    times = 2 if needed else 1
    number, channel = times * budget.PER_NUMBER, times * budget.PER_CHANNEL
    assert budget.may_go(Spent(number=number - 1, channel=channel - 1), needed=needed)
    assert not budget.may_go(Spent(number=number, channel=0), needed=needed)
    assert not budget.may_go(Spent(number=0, channel=channel), needed=needed)
    assert budget.may_go(Spent(of_block=10_000, of_channel=10_000), needed=needed)


def test_it_is_said_once_the_ordinary_budget_is_gone() -> None:
    assert not budget.used_up(Spent(channel=budget.PER_CHANNEL - 1))
    assert budget.used_up(Spent(channel=budget.PER_CHANNEL))


def test_many_numbers_of_one_block_or_channel_are_pumping() -> None:
    assert not budget.pumped_block(Spent(of_block=40, of_channel=9_999))
    assert budget.pumped_block(Spent(of_block=41))
    assert not budget.pumped_channel(Spent(of_channel=400, of_block=9_999))
    assert budget.pumped_channel(Spent(of_channel=401))


def test_a_block_is_ten_thousand_numbers() -> None:
    assert budget.block_of("+243810001234") == "+24381000"
