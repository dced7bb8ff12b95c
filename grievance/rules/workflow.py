"""Who may do what to a case or a referral, and where does it lead?

Two tables, read aloud as "in this state, this move leads there, and these may make it". Conditions that need
facts (consent, a summary that was read out, sixty days) are asked elsewhere, after the table has said yes.
"""

from __future__ import annotations

from collections.abc import Collection

from grievance.terms import CaseAction as Do
from grievance.terms import CaseState, MoveNotAllowed, ReferralAction, ReferralState, Role, Stage, Step
from grievance.vocabulary import ReferralKind

DESK = frozenset({Role.CASE_WORKER, Role.CASE_LEAD})
LEAD = frozenset({Role.CASE_LEAD})
CLOCK = frozenset({Role.CLOCK})
# The complainant's own word: given on the web, carried by the SMS worker, or said to and noted by the desk.
VOICE = DESK | {Role.COMPLAINANT, Role.SMS_WORKER}
# Whoever a referral is addressed to: a company, or ICoCA when the matter climbed to it.
ADDRESSEE = frozenset({Role.COMPANY, Role.OVERSEER})
# Who decides when the complainant asks another body; never the body that decided before (asked elsewhere).
APPEAL_BODY = LEAD | {Role.OVERSEER}

CaseMove = tuple[CaseState, frozenset[Role]]
ReferralMove = tuple[ReferralState, frozenset[Role]]

RECEIVED, IN_TRIAGE, OPEN = CaseState.RECEIVED, CaseState.IN_TRIAGE, CaseState.OPEN
CLOSED, APPEALED = CaseState.CLOSED, CaseState.APPEALED

CASE_MOVES: dict[tuple[CaseState, Do], CaseMove] = {
    # In every state: what only adds, shares less, or tells somebody. The state stays.
    **{(state, Do.NOTE): (state, DESK) for state in CaseState},
    **{(state, Do.WRITE): (state, DESK) for state in CaseState},
    **{(state, Do.ADD): (state, VOICE) for state in CaseState},
    **{(state, Do.CONSENT): (state, VOICE) for state in CaseState},
    **{(state, Do.WITHDRAW): (state, VOICE) for state in CaseState},
    **{(state, Do.CHECK_IN): (state, VOICE) for state in CaseState},
    **{(state, Do.DECLARE_CONFLICT): (state, VOICE) for state in CaseState},
    **{(state, Do.REMIND): (state, CLOCK) for state in CaseState},
    # Check-ins on reprisals go on after closing, so the clock moves there too; it never changes the state.
    **{(state, Do.ESCALATE): (state, CLOCK | DESK) for state in CaseState},
    # Whether a case is kept when its time is over. A hold may come before the end.
    **{(state, Do.HOLD): (state, LEAD) for state in CaseState},
    **{(state, Do.LIFT_HOLD): (state, LEAD) for state in CaseState},
    # From one desk to another, while there is work to do. The complainant may ask for another desk.
    **{(state, Do.HAND_OVER): (state, VOICE) for state in (RECEIVED, IN_TRIAGE, OPEN)},
    **{(state, Do.TAKE_OVER): (state, DESK) for state in (RECEIVED, IN_TRIAGE, OPEN)},
    # A public force receives no complaint; going to an authority is their own step.
    **{(state, Do.GO_TO_AUTHORITY): (state, DESK) for state in (IN_TRIAGE, OPEN, APPEALED)},
    # From the first reading to the decision.
    (RECEIVED, Do.TAKE): (IN_TRIAGE, DESK),
    (RECEIVED, Do.TRIAGE): (OPEN, DESK),
    (IN_TRIAGE, Do.TRIAGE): (OPEN, DESK),
    (OPEN, Do.TRIAGE): (OPEN, DESK),  # who did it, and how grave it is, can be corrected
    (OPEN, Do.FIND): (OPEN, DESK),
    (IN_TRIAGE, Do.CLOSE): (CLOSED, DESK),  # not admitted, merged, sent elsewhere, withdrawn
    (OPEN, Do.CLOSE): (CLOSED, DESK),
    (OPEN, Do.APPEAL): (APPEALED, VOICE),  # "another organisation must look", said of an answer
    # After the decision. These three alone lead out of `closed`.
    (CLOSED, Do.DISPUTE): (OPEN, VOICE),
    (CLOSED, Do.REOPEN): (OPEN, DESK),
    (CLOSED, Do.APPEAL): (APPEALED, VOICE),
    # The appeal: the decision stands (closed again), or it does not (open again).
    (APPEALED, Do.FIND): (APPEALED, APPEAL_BODY),
    (APPEALED, Do.WRITE): (APPEALED, DESK | APPEAL_BODY),
    (APPEALED, Do.DECIDE_APPEAL): (CLOSED, APPEAL_BODY),
    (APPEALED, Do.REOPEN): (OPEN, APPEAL_BODY),
}

Act = ReferralAction
PREPARED, SENT, ACKNOWLEDGED = ReferralState.PREPARED, ReferralState.SENT, ReferralState.ACKNOWLEDGED
ANSWERED, REMEDY, SETTLED = ReferralState.ANSWERED, ReferralState.REMEDY, ReferralState.SETTLED
WITHDRAWN, NOT_THEIRS = ReferralState.WITHDRAWN, ReferralState.NOT_THEIRS
WITH_THE_ADDRESSEE = (SENT, ACKNOWLEDGED)
PROMISED_IN = (ACKNOWLEDGED, ANSWERED, REMEDY, SETTLED)
UNFINISHED = (SENT, ACKNOWLEDGED, ANSWERED, REMEDY, NOT_THEIRS)

# How a referral begins, by the state of its case and its kind. What the ladder may need is sealed at once and
# waits as `prepared`. Evidence is lost within days: an interim request waits neither for triage nor appeal.
BEGINNINGS: dict[tuple[CaseState, ReferralKind], ReferralMove] = {
    (IN_TRIAGE, ReferralKind.INTERIM): (SENT, DESK),
    (OPEN, ReferralKind.INTERIM): (SENT, DESK),
    (APPEALED, ReferralKind.INTERIM): (SENT, DESK),
    (OPEN, ReferralKind.ORDINARY): (SENT, DESK),
    (OPEN, ReferralKind.ESCALATION): (PREPARED, DESK),
}

REFERRAL_MOVES: dict[tuple[ReferralState, Act], ReferralMove] = {
    # The complainant may stop it in every state; what was read cannot be unread.
    **{(state, Act.WITHDRAW): (WITHDRAWN, VOICE) for state in ReferralState},
    # The clock tells people; the state stays.
    **{(state, Act.REMIND): (state, CLOCK) for state in UNFINISHED},
    **{(state, Act.ESCALATE): (state, CLOCK | DESK) for state in UNFINISHED},
    # A question or the reply to it. It changes no state, and by itself no deadline.
    **{(state, Act.ASK): (state, ADDRESSEE | DESK) for state in (ACKNOWLEDGED, ANSWERED, REMEDY)},
    # The addressee's part.
    (PREPARED, Act.SEND_PREPARED): (SENT, CLOCK | DESK),
    (SENT, Act.ACKNOWLEDGE): (ACKNOWLEDGED, ADDRESSEE),
    **{(state, Act.ANSWER): (ANSWERED, ADDRESSEE) for state in WITH_THE_ADDRESSEE},
    **{(state, Act.NOT_OURS): (NOT_THEIRS, ADDRESSEE) for state in WITH_THE_ADDRESSEE},
    (ACKNOWLEDGED, Act.EXTEND): (ACKNOWLEDGED, ADDRESSEE),
    # The desk's part: to send back what is no answer, to tell the complainant what is one.
    **{(state, Act.INCOMPLETE): (ACKNOWLEDGED, DESK) for state in (ANSWERED, REMEDY, NOT_THEIRS)},
    **{(state, Act.RELAY): (state, DESK) for state in (ANSWERED, REMEDY, NOT_THEIRS)},
    # The complainant's part: only their word settles.
    **{(state, Act.SETTLE): (SETTLED, VOICE) for state in (ANSWERED, REMEDY)},
    **{(state, Act.DISPUTE): (ACKNOWLEDGED, VOICE) for state in (ANSWERED, REMEDY, SETTLED)},
    # Remedies. Somebody may agree to a promise before it is kept; a promise not kept opens it again. What was
    # promised may be kept while the rest of the answer is disputed.
    **{(state, Act.PROMISE_REMEDY): (REMEDY, ADDRESSEE) for state in (ANSWERED, REMEDY)},
    **{(state, Act.DELIVER_REMEDY): (state, ADDRESSEE) for state in PROMISED_IN},
    **{(state, Act.CONFIRM_REMEDY): (state, VOICE) for state in PROMISED_IN},
    **{(state, Act.DISPUTE_REMEDY): (state, VOICE) for state in (ACKNOWLEDGED, ANSWERED)},
    **{(state, Act.DISPUTE_REMEDY): (REMEDY, VOICE) for state in (REMEDY, SETTLED)},
}

# Which move the clock makes at each step of the ladder, on a case and on a referral.
CLOCK_MOVES: dict[Step, tuple[Do, Act]] = {
    Step.REMINDER: (Do.REMIND, Act.REMIND),
    Step.DEADLINE: (Do.REMIND, Act.REMIND),
    Step.NEXT_PARTY: (Do.ESCALATE, Act.ESCALATE),
    Step.ICOCA: (Do.ESCALATE, Act.ESCALATE),
}


def next_case_state(state: CaseState, action: Do, role: Role) -> CaseState:
    """The state this move leads a case to. Raises MoveNotAllowed."""
    destination, allowed = CASE_MOVES.get((state, action), (None, frozenset[Role]()))
    if destination is None or role not in allowed:
        raise MoveNotAllowed(state, action, role)
    return destination


def next_referral_state(
    state: ReferralState, action: Act, role: Role, *, by_letter: bool = False
) -> ReferralState:
    """The state this move leads a referral to. Raises MoveNotAllowed.

    `by_letter`: the company has no account, so the desk types in what its letter says.
    """
    destination, allowed = REFERRAL_MOVES.get((state, action), (None, frozenset[Role]()))
    if destination is None or role not in _with_letter(allowed, by_letter):
        raise MoveNotAllowed(state, action, role)
    return destination


def first_referral_state(case_state: CaseState, kind: ReferralKind, role: Role) -> ReferralState:
    """The state in which a referral of this kind begins. Raises MoveNotAllowed."""
    destination, allowed = BEGINNINGS.get((case_state, kind), (None, frozenset[Role]()))
    if destination is None or role not in allowed:
        raise MoveNotAllowed(case_state, Act.REFER, role)
    return destination


def case_moves_for(state: CaseState, role: Role) -> tuple[Do, ...]:
    """The moves of a case that this role may make now: its buttons, in the order of the actions."""
    return tuple(action for action in Do if role in CASE_MOVES.get((state, action), (None, ()))[1])


def referral_moves_for(state: ReferralState, role: Role, *, by_letter: bool = False) -> tuple[Act, ...]:
    """The moves of a referral that this role may make now: its buttons, in the order of the actions."""
    found = ((action, REFERRAL_MOVES.get((state, action))) for action in Act)
    return tuple(action for action, move in found if move and role in _with_letter(move[1], by_letter))


def referral_kinds_for(case_state: CaseState, role: Role) -> tuple[ReferralKind, ...]:
    """The kinds of referral that this role may begin now, in the order of the kinds."""
    return tuple(kind for kind in ReferralKind if role in BEGINNINGS.get((case_state, kind), (None, ()))[1])


def stage(
    case_state: CaseState,
    referral_states: Collection[ReferralState],
    *,
    relayed_waiting: bool,
    escalated: bool,
    remedy_due: bool,
) -> Stage:
    """What the complainant is told of where things stand.

    `relayed_waiting`: an answer was relayed and their word is awaited. `escalated`: a step beyond the
    deadline was taken and what it was about is still open. `remedy_due`: a remedy was promised and is not
    confirmed. Their own turn comes first, because it is the only one that asks something of them.
    """
    if case_state in (CLOSED, APPEALED):
        return Stage.CLOSED if case_state is CLOSED else Stage.APPEALED
    signs = (
        (relayed_waiting, Stage.WITH_YOU),
        (escalated, Stage.ESCALATED),
        (case_state is RECEIVED, Stage.RECEIVED),
        (ANSWERED in referral_states, Stage.ANSWERED),
        (remedy_due or REMEDY in referral_states, Stage.REMEDY),
        (any(state in WITH_THE_ADDRESSEE for state in referral_states), Stage.WITH_COMPANY),
    )
    return next((told for sign, told in signs if sign), Stage.EXAMINED)


def _with_letter(allowed: frozenset[Role], by_letter: bool) -> frozenset[Role]:
    """A letter is answered on paper: what its addressee may do, the desk may type in."""
    return allowed | DESK if by_letter and Role.COMPANY in allowed else allowed
