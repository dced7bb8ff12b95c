"""Do the tables of moves keep what was promised to complainants and companies?"""

from __future__ import annotations

import pytest

from grievance.rules.workflow import (
    BEGINNINGS,
    CASE_MOVES,
    CLOCK_MOVES,
    REFERRAL_MOVES,
    case_moves_for,
    first_referral_state,
    next_case_state,
    next_referral_state,
    referral_kinds_for,
    referral_moves_for,
    stage,
)
from grievance.terms import (
    CaseAction,
    CaseState,
    MoveNotAllowed,
    ReferralAction,
    ReferralState,
    Role,
    Stage,
    Step,
)
from grievance.vocabulary import ReferralKind

CASE_ROWS = [(was, action, to, role) for (was, action), (to, roles) in CASE_MOVES.items() for role in roles]
REFERRAL_ROWS = [
    (was, action, to, role) for (was, action), (to, roles) in REFERRAL_MOVES.items() for role in roles
]


def test_every_state_of_a_case_can_be_reached_from_a_report():
    reached = {CaseState.RECEIVED}
    for _ in CaseState:
        reached |= {to for was, _action, to, _role in CASE_ROWS if was in reached}
    assert reached == set(CaseState)


def test_every_state_of_a_referral_can_be_reached_from_its_beginning():
    reached = {state for state, _roles in BEGINNINGS.values()}
    for _ in ReferralState:
        reached |= {to for was, _action, to, _role in REFERRAL_ROWS if was in reached}
    assert reached == set(ReferralState)


def test_every_action_has_a_row():
    assert {action for _was, action in CASE_MOVES} == set(CaseAction)
    assert {action for _was, action in REFERRAL_MOVES} | {ReferralAction.REFER} == set(ReferralAction)


def test_a_closed_case_opens_only_by_dispute_appeal_or_reopening():
    leaving = {action for was, action, to, _role in CASE_ROWS if was is CaseState.CLOSED and to is not was}
    assert leaving == {CaseAction.DISPUTE, CaseAction.APPEAL, CaseAction.REOPEN}


def test_the_clock_never_closes_opens_or_decides_a_case():
    assert all(to is was for was, _action, to, role in CASE_ROWS if role is Role.CLOCK)


def test_the_clock_changes_a_referral_only_by_sending_what_was_prepared():
    changes = {(was, to) for was, _action, to, role in REFERRAL_ROWS if role is Role.CLOCK and to is not was}
    assert changes == {(ReferralState.PREPARED, ReferralState.SENT)}


@pytest.mark.parametrize("role", [Role.COMPANY, Role.OVERSEER, Role.CLOCK, Role.ADMINISTRATOR])
def test_nobody_but_the_complainants_own_word_settles(role):
    into = {was for was, _action, to, by in REFERRAL_ROWS if by is role and to is ReferralState.SETTLED}
    assert into <= {ReferralState.SETTLED}
    words = {ReferralAction.SETTLE, ReferralAction.CONFIRM_REMEDY, ReferralAction.DISPUTE_REMEDY}
    assert not [row for row in REFERRAL_ROWS if row[1] in words and row[3] is role]


def test_a_letter_does_not_let_the_desk_settle_for_the_company_nor_the_company_for_anybody():
    for state in ReferralState:
        company = referral_moves_for(state, Role.COMPANY, by_letter=True)
        assert ReferralAction.SETTLE not in company
        assert ReferralAction.CONFIRM_REMEDY not in company


def test_a_company_makes_no_move_on_a_case():
    assert not [row for row in CASE_ROWS if row[3] is Role.COMPANY]


def test_the_administrator_makes_no_move_at_all():
    assert not [row for row in CASE_ROWS + REFERRAL_ROWS if row[3] is Role.ADMINISTRATOR]


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("role", [Role.COMPLAINANT, Role.SMS_WORKER])
def test_a_complainant_adds_withdraws_and_changes_consent_in_every_state(state, role):
    assert {CaseAction.ADD, CaseAction.WITHDRAW, CaseAction.CONSENT} <= set(case_moves_for(state, role))


@pytest.mark.parametrize("state", ReferralState)
def test_a_complainant_stops_a_referral_in_every_state(state):
    stopped = next_referral_state(state, ReferralAction.WITHDRAW, Role.COMPLAINANT)
    assert stopped is ReferralState.WITHDRAWN


def test_withdrawing_does_not_close_a_case_by_itself():
    for state in CaseState:
        assert next_case_state(state, CaseAction.WITHDRAW, Role.COMPLAINANT) is state


def test_a_case_is_never_closed_unread_nor_by_anyone_but_a_person_who_may_decide():
    closing = [row for row in CASE_ROWS if row[2] is CaseState.CLOSED and row[0] is not CaseState.CLOSED]
    assert CaseState.RECEIVED not in {was for was, *_ in closing}
    assert {role for *_, role in closing} == {Role.CASE_WORKER, Role.CASE_LEAD, Role.OVERSEER}


def test_an_appeal_is_decided_by_a_lead_or_icoca_only():
    decided = {role for was, _action, to, role in CASE_ROWS if was is CaseState.APPEALED and to is not was}
    assert decided == {Role.CASE_LEAD, Role.OVERSEER}


def test_a_silent_complainant_settles_nothing_and_a_company_that_says_not_ours_can_be_sent_back():
    with pytest.raises(MoveNotAllowed):
        next_referral_state(ReferralState.ANSWERED, ReferralAction.SETTLE, Role.CLOCK)
    back = next_referral_state(ReferralState.NOT_THEIRS, ReferralAction.INCOMPLETE, Role.CASE_WORKER)
    assert back is ReferralState.ACKNOWLEDGED


def test_the_desk_types_in_an_answer_only_where_the_company_answers_by_letter():
    with pytest.raises(MoveNotAllowed):
        next_referral_state(ReferralState.SENT, ReferralAction.ANSWER, Role.CASE_WORKER)
    typed = next_referral_state(ReferralState.SENT, ReferralAction.ANSWER, Role.CASE_WORKER, by_letter=True)
    assert typed is ReferralState.ANSWERED


def test_a_letter_adds_to_the_desk_what_the_company_could_do_and_nothing_else():
    for state in ReferralState:
        added = set(referral_moves_for(state, Role.CASE_LEAD, by_letter=True))
        added -= set(referral_moves_for(state, Role.CASE_LEAD))
        assert added <= set(referral_moves_for(state, Role.COMPANY))
        assert referral_moves_for(state, Role.COMPLAINANT, by_letter=True) == referral_moves_for(
            state, Role.COMPLAINANT
        )


def test_a_disputed_promise_opens_a_settled_referral_again():
    disputed = next_referral_state(ReferralState.SETTLED, ReferralAction.DISPUTE_REMEDY, Role.COMPLAINANT)
    assert disputed is ReferralState.REMEDY


def test_evidence_can_be_asked_for_before_triage_ends_and_nothing_else_can():
    assert referral_kinds_for(CaseState.IN_TRIAGE, Role.CASE_WORKER) == (ReferralKind.INTERIM,)
    assert set(referral_kinds_for(CaseState.OPEN, Role.CASE_LEAD)) == set(ReferralKind)
    with pytest.raises(MoveNotAllowed):
        first_referral_state(CaseState.CLOSED, ReferralKind.ORDINARY, Role.CASE_LEAD)


def test_what_the_ladder_may_need_waits_unseen_until_the_clock_sends_it():
    prepared = first_referral_state(CaseState.OPEN, ReferralKind.ESCALATION, Role.CASE_WORKER)
    assert prepared is ReferralState.PREPARED
    assert referral_moves_for(prepared, Role.COMPANY) == ()
    assert next_referral_state(prepared, ReferralAction.SEND_PREPARED, Role.CLOCK) is ReferralState.SENT


def test_a_button_is_shown_exactly_when_the_move_would_be_accepted():
    for state in CaseState:
        for role in Role:
            for action in CaseAction:
                shown = action in case_moves_for(state, role)
                assert shown == _accepted(lambda s=state, a=action, r=role: next_case_state(s, a, r))
    for referral in ReferralState:
        for role in Role:
            for act in ReferralAction:
                shown = act in referral_moves_for(referral, role)
                assert shown == _accepted(lambda s=referral, a=act, r=role: next_referral_state(s, a, r))


def _accepted(move):
    try:
        move()
    except MoveNotAllowed:
        return False
    return True


def test_the_clock_may_make_the_move_of_each_step_wherever_a_clock_can_run():
    for step in Step:
        on_case, on_referral = CLOCK_MOVES[step]
        assert all(next_case_state(state, on_case, Role.CLOCK) is state for state in CaseState)
        for state in (ReferralState.SENT, ReferralState.ACKNOWLEDGED, ReferralState.ANSWERED):
            assert next_referral_state(state, on_referral, Role.CLOCK) is state


@pytest.mark.parametrize(
    ("case_state", "referrals", "signs", "told"),
    [
        (CaseState.RECEIVED, [], "", Stage.RECEIVED),
        (CaseState.RECEIVED, [], "escalated", Stage.ESCALATED),
        (CaseState.IN_TRIAGE, [], "", Stage.EXAMINED),
        (CaseState.OPEN, [], "", Stage.EXAMINED),
        (CaseState.OPEN, [ReferralState.PREPARED], "", Stage.EXAMINED),
        (CaseState.OPEN, [ReferralState.SENT], "", Stage.WITH_COMPANY),
        (CaseState.OPEN, [ReferralState.SENT, ReferralState.ANSWERED], "", Stage.ANSWERED),
        (CaseState.OPEN, [ReferralState.ANSWERED], "relayed_waiting", Stage.WITH_YOU),
        (CaseState.OPEN, [ReferralState.SENT], "escalated", Stage.ESCALATED),
        (CaseState.OPEN, [ReferralState.SENT], "escalated relayed_waiting", Stage.WITH_YOU),
        (CaseState.OPEN, [ReferralState.REMEDY], "", Stage.REMEDY),
        (CaseState.OPEN, [ReferralState.SETTLED], "remedy_due", Stage.REMEDY),
        (CaseState.OPEN, [ReferralState.WITHDRAWN], "", Stage.EXAMINED),
        (CaseState.APPEALED, [ReferralState.SENT], "escalated", Stage.APPEALED),
        (CaseState.CLOSED, [ReferralState.ANSWERED], "relayed_waiting", Stage.CLOSED),
    ],
)
def test_the_complainant_is_told_where_it_stands(case_state, referrals, signs, told):
    flags = {name: name in signs.split() for name in ("relayed_waiting", "escalated", "remedy_due")}
    assert stage(case_state, referrals, **flags) is told
