"""Who hears of a silence, and who never does?"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.rules.ladder import Climb, Parties, Party, climb, to_prepare
from grievance.terms import Lane, SkipReason, Step
from grievance.vocabulary import OrganisationKind as Kind

DESK, BACKUP, MINE, PROVIDER, ICOCA = (UUID(int=number) for number in range(1, 6))


def party(organisation_id, kind, **but):
    facts = {"allowed": True, "in_conflict": False, "prepared": True} | but
    return Party(organisation_id, kind, **facts)


def seats(holder=PROVIDER, **but):
    """Everybody allowed, nobody in conflict, everything prepared; `but` replaces a seat."""
    kinds = {PROVIDER: Kind.PROVIDER, MINE: Kind.MINE, DESK: Kind.CSO, ICOCA: Kind.OVERSEER}
    everybody = Parties(
        holder=party(holder, kinds[holder]),
        desk=party(DESK, Kind.CSO),
        client=party(MINE, Kind.MINE),
        backup=party(BACKUP, Kind.CSO),
        overseer=party(ICOCA, Kind.OVERSEER),
    )
    return replace(everybody, **but)


def told(step, parties, lane=Lane.GENERAL, frozen=False, instance=0):
    kind = parties.holder.kind
    return climb(step, holder_kind=kind, lane=lane, frozen=frozen, parties=parties, instance=instance)


def test_a_silent_guard_company_climbs_to_its_client_then_to_icoca():
    assert told(Step.REMINDER, seats()) == Climb(to=(PROVIDER,))
    assert told(Step.DEADLINE, seats()) == Climb(to=(PROVIDER, DESK), lead_told=True)
    assert told(Step.NEXT_PARTY, seats()) == Climb(to=(MINE,))
    assert told(Step.ICOCA, seats()) == Climb(to=(ICOCA,))


def test_a_silent_mine_has_nobody_above_it_but_icoca():
    above = told(Step.NEXT_PARTY, seats(holder=MINE))
    assert above == Climb(skipped=((None, SkipReason.NO_SUCH_PARTY),), facts_to=ICOCA)
    assert told(Step.ICOCA, seats(holder=MINE)).to == (ICOCA,)


def test_a_silent_desk_climbs_to_the_backup_desk_then_to_icoca():
    assert told(Step.DEADLINE, seats(holder=DESK)) == Climb(to=(DESK,), lead_told=True)
    assert told(Step.NEXT_PARTY, seats(holder=DESK)).to == (BACKUP,)
    assert told(Step.ICOCA, seats(holder=DESK)).to == (ICOCA,)


def test_half_an_hour_after_a_missed_call_the_lead_alone_is_told():
    assert told(Step.DEADLINE, seats(holder=DESK), instance=1) == Climb(to=(DESK,), lead_told=True)


def test_a_party_that_the_complainant_refused_never_gets_it():
    refused = seats(client=party(MINE, Kind.MINE, allowed=False))
    climbed = told(Step.NEXT_PARTY, refused)
    assert climbed.to == ()
    assert climbed.skipped == ((MINE, SkipReason.NOT_ALLOWED),)
    assert climbed.facts_to == ICOCA


@pytest.mark.parametrize(
    ("but", "reason"),
    [
        ({"in_conflict": True}, SkipReason.IN_CONFLICT),
        ({"prepared": False}, SkipReason.NOT_PREPARED),
        ({"allowed": False, "in_conflict": True, "prepared": False}, SkipReason.NOT_ALLOWED),
    ],
)
def test_who_is_passed_over_is_recorded_with_the_reason(but, reason):
    climbed = told(Step.NEXT_PARTY, seats(client=party(MINE, Kind.MINE, **but)))
    assert climbed.skipped == ((MINE, reason),)


def test_a_desk_that_is_accused_is_not_told_and_the_backup_desk_is():
    accused = seats(holder=DESK, desk=party(DESK, Kind.CSO, in_conflict=True))
    accused = replace(accused, holder=accused.desk)
    assert told(Step.DEADLINE, accused).to == ()
    assert told(Step.NEXT_PARTY, accused).to == (BACKUP,)


def test_a_company_whose_consent_was_withdrawn_is_not_even_reminded():
    withdrawn = seats()
    withdrawn = replace(withdrawn, holder=party(PROVIDER, Kind.PROVIDER, allowed=False))
    assert told(Step.REMINDER, withdrawn).to == ()


def test_after_a_withdrawal_nobody_outside_the_desk_is_told_anything():
    for step in Step:
        climbed = told(step, seats(), frozen=True)
        assert set(climbed.to) <= {DESK}
        assert climbed.facts_to is None
        at_the_desk = told(step, seats(holder=DESK), frozen=True)
        assert set(at_the_desk.to) <= {DESK}
    assert told(Step.DEADLINE, seats(holder=DESK), frozen=True).to == (DESK,)


def test_sexual_violence_never_leaves_the_desk_and_its_backup():
    survivor = Lane.SEXUAL_VIOLENCE
    for step in (Step.NEXT_PARTY, Step.ICOCA):
        climbed = told(step, seats(), lane=survivor)
        assert climbed.to == ()
        assert climbed.skipped[0][1] is SkipReason.RESTRICTED
        assert climbed.facts_to is None
    assert told(Step.NEXT_PARTY, seats(holder=DESK), lane=survivor).to == (BACKUP,)
    assert told(Step.ICOCA, seats(holder=DESK), lane=survivor).to == ()
    assert to_prepare(Kind.PROVIDER, survivor, seats()) == ()


def test_icoca_in_conflict_learns_nothing_of_a_skipped_step():
    parties = seats(holder=MINE, overseer=party(ICOCA, Kind.OVERSEER, in_conflict=True))
    assert told(Step.NEXT_PARTY, parties).facts_to is None


def test_a_mine_that_guards_itself_is_not_told_above_itself():
    own_guards = seats(client=party(PROVIDER, Kind.PROVIDER))
    assert told(Step.NEXT_PARTY, own_guards).skipped == ((None, SkipReason.NO_SUCH_PARTY),)


def test_a_silent_complainant_climbs_to_nobody():
    for step in Step:
        silent = climb(step, holder_kind=None, lane=Lane.GENERAL, frozen=False, parties=seats(holder=DESK))
        assert silent == Climb()


def test_the_session_that_refers_seals_for_the_parties_that_the_ladder_can_reach():
    nothing_yet = seats(
        client=party(MINE, Kind.MINE, prepared=False),
        overseer=party(ICOCA, Kind.OVERSEER, prepared=False),
    )
    assert to_prepare(Kind.PROVIDER, Lane.GENERAL, nothing_yet) == (MINE, ICOCA)
    assert to_prepare(Kind.MINE, Lane.GENERAL, nothing_yet) == (ICOCA,)
    refused = seats(client=party(MINE, Kind.MINE, allowed=False))
    assert to_prepare(Kind.PROVIDER, Lane.GENERAL, refused) == (ICOCA,)


anybody = st.builds(
    Party,
    st.sampled_from([BACKUP, MINE, ICOCA]),
    st.sampled_from(Kind),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(
    step=st.sampled_from(Step),
    holder=st.sampled_from([PROVIDER, MINE, DESK, ICOCA]),
    lane=st.sampled_from(Lane),
    frozen=st.booleans(),
    client=st.none() | anybody,
    backup=st.none() | anybody,
    overseer=st.none() | anybody,
)
def test_whatever_the_case_nobody_refused_or_in_conflict_is_ever_told(
    step, holder, lane, frozen, client, backup, overseer
):
    parties = seats(holder=holder, client=client, backup=backup, overseer=overseer)
    climbed = told(step, parties, lane=lane, frozen=frozen)
    above = [one for one in (client, backup, overseer) if one and one.organisation_id != holder]
    allowed = {one.organisation_id for one in above if one.allowed and not one.in_conflict and one.prepared}
    assert set(climbed.to) <= allowed | {holder, DESK}
    assert climbed.to or climbed.skipped
