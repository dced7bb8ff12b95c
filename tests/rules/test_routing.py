"""Does a case reach a desk that may have it, and a company that did not do it?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.rules.addressees import (
    AddresseeKind,
    Conflict,
    ConflictReason,
    Contact,
    Funding,
    addressee_for,
    conflicts,
    told_of_retaliation,
)
from grievance.rules.routing import (
    CompanyReason,
    Contract,
    Coverage,
    Reach,
    companies_for,
    desk_for,
    proposed_for,
)
from grievance.terms import Place, Refused
from grievance.vocabulary import ActorKind

A, B, C, D = (UUID(int=n) for n in range(1, 5))
SITE, OTHER_SITE = UUID(int=10), UUID(int=11)
MINE, GUARDS, NEW_GUARDS, ICOCA = (UUID(int=n) for n in range(20, 24))
CHIEF, DEPUTY, DIRECTOR, HEAD_OFFICE = (UUID(int=n) for n in range(30, 34))

AT_SITE = Coverage(D, C, "Lualaba", "Lubudi", SITE, False)
IN_TERRITORY = Coverage(C, B, "Lualaba", "Lubudi", None, False)
IN_PROVINCE = Coverage(B, A, "Lualaba", None, None, False)
ELSEWHERE = Coverage(A, B, None, None, None, True)
ALL = (ELSEWHERE, IN_PROVINCE, IN_TERRITORY, AT_SITE)


@pytest.mark.parametrize(
    ("place", "desk", "reach"),
    [
        (Place("Lualaba", "Lubudi", SITE), D, Reach.SITE),
        (Place("Lualaba", "Lubudi", OTHER_SITE), C, Reach.TERRITORY),
        (Place("lualaba", "LUBUDI "), C, Reach.TERRITORY),
        (Place("Lualaba", "Dilolo"), B, Reach.PROVINCE),
        (Place("Lualaba"), B, Reach.PROVINCE),
        (Place("Tanganyika"), A, Reach.FALLBACK),
        (Place(""), A, Reach.FALLBACK),
    ],
)
def test_the_nearest_desk_takes_the_case_and_no_place_is_left_without_one(
    place: Place, desk: UUID, reach: Reach
) -> None:
    choice = desk_for(place, ALL)
    assert (choice.desk_id, choice.reason, choice.instead) == (desk, reach, False)


def test_a_complaint_about_the_desk_goes_to_its_back_up_and_never_back_to_it() -> None:
    choice = desk_for(Place("Lualaba"), ALL, frozenset({B}))
    assert choice.desk_id == A
    assert choice.backup_id not in {A, B}
    assert choice.instead


def test_desk_and_back_up_both_kept_away_leave_it_to_the_next_coverage() -> None:
    choice = desk_for(Place("Lualaba", "Lubudi", SITE), ALL, frozenset({C, D}))
    assert (choice.desk_id, choice.backup_id) == (B, A)


def test_a_back_up_in_conflict_is_replaced_and_not_told() -> None:
    choice = desk_for(Place("Lualaba"), ALL, frozenset({A}))
    assert choice.desk_id == B
    assert choice.backup_id == C


def test_with_two_csos_only_and_one_accused_icoca_stands_behind_the_other() -> None:
    choice = desk_for(Place("Lualaba"), (IN_PROVINCE, ELSEWHERE), frozenset({B}), overseer_id=ICOCA)
    assert (choice.desk_id, choice.backup_id) == (A, ICOCA)
    with pytest.raises(Refused, match="no_second_desk"):
        desk_for(Place("Lualaba"), (IN_PROVINCE, ELSEWHERE), frozenset({B}))


def test_when_every_desk_is_accused_nobody_is_given_the_case_in_silence() -> None:
    with pytest.raises(Refused, match="no_desk"):
        desk_for(Place("Lualaba"), ALL, frozenset({A, B, C, D}))


@given(
    st.permutations(ALL),
    st.frozensets(st.sampled_from([A, B, C, D]), max_size=4),
    st.sampled_from([Place("Lualaba", "Lubudi", SITE), Place("Lualaba"), Place("Kasaï")]),
)
def test_an_excluded_desk_never_gets_a_case_in_whatever_order_coverages_come(
    coverages: list[Coverage], excluded: frozenset[UUID], place: Place
) -> None:
    try:
        choice = desk_for(place, coverages, excluded, overseer_id=ICOCA)
    except Refused:
        return
    assert not {choice.desk_id, choice.backup_id} & excluded
    assert choice.desk_id != choice.backup_id
    assert choice == desk_for(place, ALL, excluded, overseer_id=ICOCA)


OLD = Contract(SITE, GUARDS, MINE, date(2025, 1, 1), date(2026, 6, 30))
NEW = Contract(SITE, NEW_GUARDS, MINE, date(2026, 7, 1), None)
TODAY = date(2026, 11, 24)


def test_the_guards_of_that_day_answer_after_their_contract_and_the_mine_is_proposed_too() -> None:
    companies = companies_for(SITE, date(2026, 6, 30), MINE, (NEW, OLD), TODAY)
    assert companies.provider_ids == companies.ended_provider_ids == (GUARDS,)
    assert companies.reasons == (CompanyReason.CONTRACT_ENDED,)
    assert proposed_for(ActorKind.PRIVATE, companies) == (GUARDS, MINE)


def test_the_guards_of_today_do_not_answer_for_the_day_before_they_came() -> None:
    assert NEW_GUARDS not in companies_for(SITE, date(2026, 6, 30), MINE, (NEW, OLD)).provider_ids
    assert companies_for(SITE, date(2026, 7, 1), MINE, (NEW, OLD), TODAY).provider_ids == (NEW_GUARDS,)


def test_a_contract_that_ends_in_the_future_has_not_ended() -> None:
    running = Contract(SITE, GUARDS, MINE, date(2026, 1, 1), date(2026, 12, 31))
    assert companies_for(SITE, TODAY, MINE, (running,), TODAY).ended_provider_ids == ()


def test_overlapping_contracts_are_both_shown_and_a_person_decides() -> None:
    overlapping = Contract(SITE, NEW_GUARDS, MINE, date(2026, 6, 1), None)
    companies = companies_for(SITE, date(2026, 6, 15), MINE, (OLD, overlapping), TODAY)
    assert companies.ambiguous
    assert set(companies.provider_ids) == {GUARDS, NEW_GUARDS}
    assert CompanyReason.OVERLAP in companies.reasons


@pytest.mark.parametrize(
    ("site", "day", "reason"),
    [
        (None, TODAY, CompanyReason.SITE_UNKNOWN),
        (SITE, None, CompanyReason.DAY_UNKNOWN),
        (SITE, date(2020, 1, 1), CompanyReason.NO_CONTRACT_THAT_DAY),
    ],
)
def test_what_is_unknown_is_said_and_never_refused(
    site: UUID | None, day: date | None, reason: CompanyReason
) -> None:
    assert reason in companies_for(site, day, MINE, (OLD, NEW), TODAY).reasons


def test_without_a_contract_the_mine_itself_is_proposed() -> None:
    companies = companies_for(SITE, date(2020, 1, 1), MINE, (OLD, NEW), TODAY)
    assert proposed_for(ActorKind.PRIVATE, companies) == (MINE,)


def test_a_public_force_is_nobody_to_refer_to_and_own_guards_are_the_mines() -> None:
    companies = companies_for(SITE, TODAY, MINE, (OLD, NEW), TODAY)
    assert proposed_for(ActorKind.PUBLIC, companies) == ()
    assert proposed_for(ActorKind.IN_HOUSE, companies) == (MINE,)
    assert proposed_for(ActorKind.MIXED, companies) == (NEW_GUARDS,)
    assert proposed_for(ActorKind.UNKNOWN, companies) == (NEW_GUARDS, MINE)


CONTACTS = (
    Contact(CHIEF, GUARDS, SITE, frozenset({DIRECTOR})),
    Contact(DEPUTY, GUARDS, SITE, frozenset({CHIEF})),
    Contact(DIRECTOR, GUARDS, SITE),
    Contact(HEAD_OFFICE, MINE, None, head_office=True),
)


def addressed(
    named: set[UUID], contacts: tuple[Contact, ...] = CONTACTS, excluded: frozenset[UUID] = frozenset()
):
    return addressee_for(
        contacts,
        frozenset(named),
        organisation_id=GUARDS,
        site_id=SITE,
        client_id=MINE,
        overseer_id=ICOCA,
        excluded=excluded,
    )


def test_a_contact_who_was_not_named_receives_the_referral() -> None:
    found = addressed(set())
    assert (found.kind, found.organisation_id) == (AddresseeKind.AT_SITE, GUARDS)
    # Of several the same one is taken each time: the first by its id, in whatever order they are read.
    assert found.contact == CONTACTS[0]
    assert addressed(set(), tuple(reversed(CONTACTS))) == found


def test_it_never_goes_to_the_person_named_nor_to_anybody_above_them() -> None:
    found = addressed({CHIEF})
    assert found.contact is not None
    assert found.contact.id == DEPUTY


def test_superiors_of_superiors_are_passed_by_up_to_the_clients_head_office() -> None:
    found = addressed({DEPUTY})
    assert (found.kind, found.organisation_id) == (AddresseeKind.CLIENT_HEAD_OFFICE, MINE)
    assert found.contact == CONTACTS[-1]


def test_a_named_person_who_is_no_contact_of_ours_bars_nobody() -> None:
    assert addressed({UUID(int=99)}) == addressed(set())


def test_with_the_head_office_named_too_only_icoca_is_left() -> None:
    found = addressed({DEPUTY, HEAD_OFFICE})
    assert (found.kind, found.organisation_id, found.contact) == (AddresseeKind.OVERSEER, ICOCA, None)
    at_icoca = Contact(UUID(int=40), ICOCA, None)
    assert addressed({DEPUTY, HEAD_OFFICE}, (*CONTACTS, at_icoca)).contact == at_icoca


def test_a_contact_at_another_site_is_not_the_addressee() -> None:
    assert addressed(set(), (Contact(CHIEF, GUARDS, OTHER_SITE),)).kind is AddresseeKind.OVERSEER


def test_an_organisation_in_conflict_is_passed_by() -> None:
    assert addressed(set(), excluded=frozenset({GUARDS})).organisation_id == MINE
    assert addressed(set(), excluded=frozenset({GUARDS, MINE})).organisation_id == ICOCA


def test_two_people_who_are_each_others_superior_do_not_hang_the_search() -> None:
    loop = (
        Contact(CHIEF, GUARDS, SITE, frozenset({DEPUTY})),
        Contact(DEPUTY, GUARDS, SITE, frozenset({CHIEF})),
    )
    assert addressed({CHIEF}, loop).kind is AddresseeKind.OVERSEER


def test_a_threat_after_a_complaint_goes_to_client_and_icoca_at_once_and_not_to_who_threatened() -> None:
    assert told_of_retaliation(MINE, ICOCA, frozenset({GUARDS})) == (MINE, ICOCA)
    assert told_of_retaliation(MINE, ICOCA, frozenset({MINE})) == (ICOCA,)
    assert told_of_retaliation(None, ICOCA, frozenset()) == (ICOCA,)


def test_a_cso_paid_by_the_mine_at_this_site_is_in_conflict_and_elsewhere_it_is_not() -> None:
    fundings = (
        Funding(A, MINE, SITE),
        Funding(B, MINE, OTHER_SITE),
        Funding(C, MINE, None),
        Funding(D, ICOCA, SITE),
    )
    found = conflicts(site_id=SITE, company_ids=frozenset({MINE, GUARDS}), fundings=fundings)
    assert found == (Conflict(A, ConflictReason.FUNDS_DESK), Conflict(C, ConflictReason.FUNDS_DESK))


def test_at_an_unknown_site_any_payment_counts() -> None:
    found = conflicts(site_id=None, company_ids=frozenset({MINE}), fundings=(Funding(B, MINE, OTHER_SITE),))
    assert [item.organisation_id for item in found] == [B]


def test_named_accused_and_declared_are_each_kept_with_their_reason() -> None:
    found = conflicts(
        site_id=SITE,
        company_ids=frozenset(),
        fundings=(),
        named_organisation_ids=frozenset({A}),
        complaint_about=frozenset({A}),
        declared=frozenset({B}),
    )
    assert found == (
        Conflict(A, ConflictReason.PERSON_NAMED),
        Conflict(A, ConflictReason.COMPLAINT_ABOUT),
        Conflict(B, ConflictReason.DECLARED),
    )
