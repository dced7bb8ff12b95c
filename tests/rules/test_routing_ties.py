"""Where two desks or two companies are alike, which comes first, in whatever order they are listed?"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from grievance.rules.routing import (
    Companies,
    CompanyReason,
    Contract,
    Coverage,
    DeskChoice,
    Reach,
    companies_for,
    desk_for,
    proposed_for,
)
from grievance.terms import Place, Refused
from grievance.vocabulary import ActorKind
from tests.rules.test_routing import (
    ALL,
    CHIEF,
    DIRECTOR,
    GUARDS,
    HEAD_OFFICE,
    ICOCA,
    IN_PROVINCE,
    MINE,
    NEW_GUARDS,
    SITE,
    TODAY,
    A,
    B,
    C,
    D,
)


def test_the_first_of_two_alike_is_the_same_in_every_order() -> None:
    near, far = Coverage(A, D, "Lualaba", None, None, False), Coverage(A, C, "Lualaba", None, None, False)
    other = Coverage(B, A, "Lualaba", None, None, False)
    for coverages in permutations((near, far, other)):
        choice = desk_for(Place("Lualaba"), coverages)
        assert (choice.desk_id, choice.backup_id) == (A, C)
        assert choice.reason is Reach.PROVINCE


def test_a_back_up_that_takes_over_says_so_and_why_it_was_near() -> None:
    assert desk_for(Place("Lualaba"), ALL, frozenset({B})) == DeskChoice(A, C, Reach.PROVINCE, instead=True)
    two = (IN_PROVINCE,)
    assert desk_for(Place("Lualaba"), two, frozenset({B}), ICOCA) == DeskChoice(
        A, ICOCA, Reach.PROVINCE, instead=True
    )


def test_the_desk_s_own_back_up_elsewhere_comes_before_any_other_desk() -> None:
    here, elsewhere = Coverage(D, C, "Lualaba", None, None, False), Coverage(D, B, "Kasaï", None, None, False)
    more = Coverage(D, A, "Tanganyika", None, None, False)
    for coverages in permutations((here, elsewhere, more, Coverage(UUID(int=5), A, None, None, None, True))):
        assert desk_for(Place("Lualaba"), coverages, frozenset({C})).backup_id == A
        assert desk_for(Place("Lualaba"), coverages, frozenset({C, A})).backup_id == B


def test_with_nobody_of_its_own_left_the_first_of_all_others_stands_behind_a_desk() -> None:
    here = Coverage(D, C, "Lualaba", None, None, False)
    others = (Coverage(B, A, "Kasaï", None, None, False), Coverage(C, B, "Tanganyika", None, None, False))
    for coverages in permutations((here, *others)):
        assert desk_for(Place("Lualaba"), coverages, frozenset({C})).backup_id == A


@pytest.mark.parametrize(
    ("excluded", "why"), [(frozenset({A, B, C, D}), "no_desk"), (frozenset({B, C, D}), "no_second_desk")]
)
def test_a_refusal_says_what_is_missing(excluded: frozenset[UUID], why: str) -> None:
    with pytest.raises(Refused, match=f"^{why}$"):
        desk_for(Place("Lualaba"), ALL, excluded)


def test_companies_are_proposed_newest_contract_first_then_always_in_the_same_order() -> None:
    first, second = (
        Contract(SITE, NEW_GUARDS, MINE, date(2026, 1, 1), None),
        Contract(SITE, GUARDS, MINE, date(2026, 1, 1), None),
    )
    newest = Contract(SITE, CHIEF, MINE, date(2026, 2, 1), None)
    for contracts in permutations((first, second, newest)):
        assert companies_for(SITE, TODAY, None, contracts, TODAY).provider_ids == (CHIEF, GUARDS, NEW_GUARDS)


def test_a_contract_is_over_from_the_day_after_its_last() -> None:
    last = Contract(SITE, GUARDS, MINE, date(2026, 1, 1), TODAY)
    assert companies_for(SITE, TODAY, None, (last,), TODAY).ended_provider_ids == ()
    tomorrow = TODAY + timedelta(days=1)
    assert companies_for(SITE, TODAY, None, (last,), tomorrow).ended_provider_ids == (GUARDS,)


def test_one_contract_leaves_no_doubt_and_names_its_own_client() -> None:
    only = Contract(SITE, GUARDS, DIRECTOR, date(2026, 1, 1), None)
    assert companies_for(SITE, TODAY, MINE, (only,), TODAY) == Companies(DIRECTOR, (GUARDS,))


def test_two_clients_leave_it_to_the_client_of_the_site_and_to_a_person() -> None:
    both = (
        Contract(SITE, GUARDS, DIRECTOR, date(2026, 1, 1), None),
        Contract(SITE, GUARDS, HEAD_OFFICE, date(2026, 1, 1), None),
    )
    assert companies_for(SITE, TODAY, MINE, both, TODAY) == Companies(
        MINE, (GUARDS,), ambiguous=True, reasons=(CompanyReason.SEVERAL_CLIENTS,)
    )


def test_a_site_without_a_client_proposes_no_empty_name() -> None:
    assert proposed_for(ActorKind.IN_HOUSE, Companies(None)) == ()
    assert proposed_for(ActorKind.UNKNOWN, Companies(None, (GUARDS,))) == (GUARDS,)
