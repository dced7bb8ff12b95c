"""Does nothing leave without the word of the person it is about?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.rules.consent import (
    Child,
    Consent,
    Effect,
    How,
    Missing,
    Referring,
    Survivor,
    Withdrawal,
    allowed,
    check_refer,
    effect_of_withdrawing,
    may_close_withdrawn,
    may_text,
    take_back,
    what_is_missing,
)
from grievance.terms import Lane, Refused
from grievance.vocabulary import ActorKind, OrganisationKind, ReferralKind, SafeContact

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
GUARDS, MINE = UUID(int=1), UUID(int=2)
CONTACT, ANOTHER = UUID(int=3), UUID(int=4)
YES = Consent(GUARDS, True, How.CALL, NOW)
READY = Referring(
    GUARDS,
    OrganisationKind.PROVIDER,
    contact_id=CONTACT,
    actor=ActorKind.PRIVATE,
    consents=(YES,),
    summary_read=True,
    people_it_could_be=12,
    safe_if_guessed=True,
    affected_agree=True,
)
SURVIVORS = replace(READY, lane=Lane.SEXUAL_VIOLENCE, survivor=Survivor(True, CONTACT))
CHILDS = replace(READY, lane=Lane.CHILD, child=Child(True, True, False, True))


@pytest.mark.parametrize("asked", [READY, SURVIVORS, CHILDS])
def test_with_every_condition_met_the_referral_goes(asked: Referring) -> None:
    check_refer(asked)


@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        (replace(READY, frozen_at=NOW), Missing.FROZEN),
        (replace(READY, organisation_kind=OrganisationKind.CSO), Missing.NEVER_AN_ADDRESSEE),
        (replace(READY, organisation_kind=OrganisationKind.HOST), Missing.NEVER_AN_ADDRESSEE),
        (replace(READY, organisation_kind=None), Missing.NEVER_AN_ADDRESSEE),
        (replace(READY, consents=()), Missing.CONSENT),
        (replace(READY, organisation_id=MINE), Missing.CONSENT),
        (replace(READY, consents=(replace(YES, allowed=False),)), Missing.CONSENT),
        (replace(READY, consents=(take_back(YES, NOW),)), Missing.CONSENT),
        (replace(READY, carries_identity=True), Missing.IDENTITY_CONSENT),
        (replace(READY, summary_read=False), Missing.SUMMARY_NOT_READ),
        (replace(READY, people_it_could_be=None), Missing.HOW_FEW_NOT_ASKED),
        (replace(READY, safe_if_guessed=None), Missing.SAFETY_NOT_ASKED),
        (replace(READY, safe_if_guessed=False), Missing.NOT_SAFE),
        (replace(READY, affected_agree=False), Missing.AFFECTED_DISAGREE),
        (replace(READY, affected_agree=None), Missing.AFFECTED_NOT_ASKED),
        (replace(READY, affected_agree=None, lead_wrote_why=True), Missing.AFFECTED_NOT_ASKED),
        (replace(READY, affected_agree=None, held_or_cannot_be_asked=True), Missing.AFFECTED_NOT_ASKED),
        (replace(SURVIVORS, survivor=Survivor(False, CONTACT)), Missing.SURVIVOR_DID_NOT_ASK),
        (replace(SURVIVORS, survivor=Survivor(True, None)), Missing.NOT_THE_ACCEPTED_PERSON),
        (replace(SURVIVORS, contact_id=ANOTHER), Missing.NOT_THE_ACCEPTED_PERSON),
        (replace(SURVIVORS, kind=ReferralKind.ESCALATION), Missing.CLOCK_MAY_NOT_MOVE_IT),
        (replace(CHILDS, child=None), Missing.CHILD_CONSENT),
        (replace(CHILDS, child=Child(False, True, False, True)), Missing.CHILD_CONSENT),
        (replace(CHILDS, child=Child(True, False, False, True)), Missing.GUARDIAN_CONSENT),
        (replace(CHILDS, child=Child(True, True, True, True)), Missing.GUARDIAN_ACCUSED),
        (replace(CHILDS, child=Child(True, True, False, False)), Missing.BEST_INTEREST_NOTE),
    ],
)
def test_each_missing_condition_alone_refuses_and_is_named(asked: Referring, missing: Missing) -> None:
    with pytest.raises(Refused) as refusal:
        check_refer(asked)
    assert refusal.value.reason == missing.value


def test_a_person_who_is_held_and_cannot_be_asked_is_not_left_alone_when_the_lead_writes_why() -> None:
    check_refer(replace(READY, affected_agree=None, held_or_cannot_be_asked=True, lead_wrote_why=True))


def test_no_reason_of_a_lead_outweighs_the_no_of_the_person_affected() -> None:
    asked = replace(READY, affected_agree=False, held_or_cannot_be_asked=True, lead_wrote_why=True)
    assert what_is_missing(asked) == (Missing.AFFECTED_DISAGREE,)


def test_who_is_not_safe_if_they_guess_may_still_decide_to_go_on() -> None:
    check_refer(replace(READY, safe_if_guessed=False, wants_it_all_the_same=True))


def test_identity_goes_only_by_its_own_consent_and_never_with_an_interim_request() -> None:
    named = replace(READY, carries_identity=True, consents=(replace(YES, identity_allowed=True),))
    check_refer(named)
    assert what_is_missing(replace(named, kind=ReferralKind.INTERIM)) == (Missing.IDENTITY_CONSENT,)
    check_refer(replace(READY, kind=ReferralKind.INTERIM))


@pytest.mark.parametrize(
    "told", [{"actor": ActorKind.PUBLIC}, {"actor": ActorKind.MIXED, "public_line": True}]
)
def test_what_a_public_force_did_reaches_a_company_only_when_complainant_and_lead_both_agree(
    told: dict,
) -> None:
    asked = replace(READY, **told)
    one = replace(asked, complainant_wants_public_line=True)
    other = replace(asked, lead_wants_public_line=True)
    assert [what_is_missing(each) for each in (asked, one, other)] == [(Missing.PUBLIC_LINE,)] * 3
    check_refer(replace(one, lead_wants_public_line=True))


def test_a_mixed_case_with_the_public_line_left_out_may_go() -> None:
    check_refer(replace(READY, actor=ActorKind.MIXED))


def test_a_child_who_suffered_sexual_violence_has_the_conditions_of_both_lanes() -> None:
    missing = what_is_missing(replace(READY, lane=Lane.SEXUAL_VIOLENCE, child=Child()))
    assert {Missing.SURVIVOR_DID_NOT_ASK, Missing.CHILD_CONSENT, Missing.BEST_INTEREST_NOTE} <= set(missing)


def test_an_empty_form_lacks_everything_that_was_not_asked() -> None:
    missing = what_is_missing(Referring(GUARDS, OrganisationKind.PROVIDER))
    assert set(missing) == {
        Missing.CONSENT,
        Missing.SUMMARY_NOT_READ,
        Missing.HOW_FEW_NOT_ASKED,
        Missing.SAFETY_NOT_ASKED,
        Missing.NOT_SAFE,
        Missing.AFFECTED_NOT_ASKED,
    }


def test_the_newest_word_counts_and_an_older_yes_does_not_come_back() -> None:
    no = replace(YES, allowed=False, at=NOW + timedelta(days=1))
    again = replace(YES, at=NOW + timedelta(days=2))
    assert not allowed((no, YES), GUARDS)
    assert allowed((no, again, YES), GUARDS)
    assert not allowed((YES, replace(YES, allowed=False)), GUARDS)


@given(st.lists(st.booleans(), min_size=1, max_size=6), st.randoms())
def test_consent_never_depends_on_the_order_in_which_it_is_read(said: list[bool], random) -> None:
    words = [replace(YES, allowed=yes, at=NOW + timedelta(hours=n)) for n, yes in enumerate(said)]
    mixed = list(words)
    random.shuffle(mixed)
    assert allowed(mixed, GUARDS) is said[-1]


@pytest.mark.parametrize("contact", list(SafeContact))
def test_only_who_chose_texts_gets_one_unasked(contact: SafeContact) -> None:
    goes = may_text(unasked=True, safe_contact=contact, stopped=False, locked=False)
    assert goes is (contact is SafeContact.SMS)


@pytest.mark.parametrize("contact", list(SafeContact))
def test_a_persons_own_text_is_answered_even_after_stop_but_never_on_a_locked_number(
    contact: SafeContact,
) -> None:
    assert may_text(unasked=False, safe_contact=contact, stopped=True, locked=False)
    assert not may_text(unasked=False, safe_contact=contact, stopped=False, locked=True)
    assert not may_text(unasked=True, safe_contact=contact, stopped=True, locked=False)


def test_a_withdrawn_case_closes_only_after_a_safe_talk_or_thirty_days() -> None:
    asked = Withdrawal(NOW)
    assert not may_close_withdrawn(asked, NOW + timedelta(days=30) - timedelta(seconds=1))
    assert may_close_withdrawn(asked, NOW + timedelta(days=30))
    assert may_close_withdrawn(replace(asked, spoke_safely_at=NOW), NOW)


def test_what_was_read_cannot_be_unread_and_we_say_so() -> None:
    assert effect_of_withdrawing(sent=True, read=True) is Effect.STOPS_CANNOT_BE_UNREAD
    assert effect_of_withdrawing(sent=True, read=False) is Effect.STOPS_UNREAD
    assert effect_of_withdrawing(sent=False, read=False) is Effect.NOTHING_WAS_SENT


def test_taking_back_twice_keeps_the_first_time() -> None:
    once = take_back(YES, NOW)
    assert once == replace(YES, withdrawn_at=NOW)
    assert take_back(once, NOW + timedelta(days=1)) == once
    with_name = replace(YES, identity_allowed=True)
    assert take_back(with_name, NOW) == replace(with_name, withdrawn_at=NOW)
