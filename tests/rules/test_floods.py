"""Is a crowd of neighbours let in, a flood asked a question, and nobody shut out?"""

from __future__ import annotations

import pytest

from grievance.rules import budget, floods
from grievance.rules.budget import Spent
from grievance.rules.floods import LIMITS, Gate, Knock, Load, Sum

REPORTS = LIMITS[Knock.REPORT]


@pytest.mark.parametrize(
    ("load", "found"),
    [
        (Load(), Gate.OPEN),
        (Load(20, 100, 60), Gate.OPEN),
        (Load(21, 21, 21), Gate.ASK),
        (Load(1, 101, 1), Gate.ASK),
        (Load(1, 1, 61), Gate.ASK),
        (Load(1, 1, 100_000), Gate.ASK),
        (Load(121, 121, 121), Gate.APART),
        (Load(1, 601, 1), Gate.APART),
    ],
)
def test_what_comes_too_often_is_asked_and_only_then_set_apart(load: Load, found: Gate) -> None:
    assert floods.gate(load, REPORTS) is found


def test_a_sum_is_answered_in_digits_of_any_script_or_in_a_word_of_either_language() -> None:
    asked = Sum(3, 4)
    for said in ("7", " 7 ", "sept", "Saba", "SEPT.", "٧", "７", "07"):
        assert floods.answered(asked, said), said
    for said in ("", "8", "34", "sept huit", "7" * 40, "\0", "²", "-7"):
        assert not floods.answered(asked, said), said


def test_each_seed_has_its_own_sum_and_a_sum_stays_small() -> None:
    sums = {floods.question(bytes([number])) for number in range(200)}

    assert len(sums) == 25
    assert all(2 <= one.first + one.second <= 10 for one in sums)


def test_work_counts_only_when_it_was_done_for_this_seed() -> None:
    seed = b"0123456789abcdef"
    found = next(str(number) for number in range(2_000_000) if floods.worked(seed, str(number)))

    assert not floods.worked(b"another seed 456", found)
    assert not any(floods.worked(seed, bad) for bad in ("", "-1", "1e9", found + " ", "9" * 13, "٣"))


def test_help_that_cannot_wait_still_goes_out_when_the_budget_of_the_day_is_gone() -> None:
    gone = Spent(channel=budget.PER_CHANNEL)

    assert not budget.may_go(gone, needed=False)
    assert budget.may_go(gone, needed=True)
    assert not budget.may_go(Spent(channel=2 * budget.PER_CHANNEL), needed=True)
    assert {name for name in ("dog_bite", "danger_alone", "receipt", "held_both") if budget.essential(name)}
    assert not any(budget.essential(name) for name in ("news", "status", "reminder", "receiptless"))
