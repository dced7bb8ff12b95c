"""What did a person decide by text about a case that its desk has? Kept sealed until it is done, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from grievance.actions import reprisals, shares, standing, voice
from grievance.rules import learned as told
from grievance.store.actors import BY_SMS_ACTOR
from grievance.store.models import Case
from grievance.terms import MoveNotAllowed, NotFound, Refused
from grievance.vocabulary import Settled

log = structlog.get_logger()
Deed = dict[str, Any]


def deeds(session: Session, case: Case | None, thing: told.Learned, now: datetime) -> Iterator[Deed]:
    """What is to be done about a case, as plain values; nothing for what needs no doing of others."""
    if case is None or case.held:
        return
    match thing:
        case told.Withdraw():
            yield {"do": "withdraw", "case": str(case.id)}
        case told.SettledAnswer(settled):
            referral = standing.awaiting_word(session, case)
            if referral is not None:
                yield {"do": "settle", "case": str(case.id), "on": str(referral.id), "word": settled.value}
        case told.Consent(choice):
            yield from _consents(session, case, choice)
        case told.CheckIn(told.CheckInAnswer.BAD):
            yield {"do": "reprisal", "case": str(case.id), "at": now.isoformat()}
            yield {"do": "call", "case": str(case.id)}
        case told.CallBack():
            yield {"do": "call", "case": str(case.id)}


def do_all(kept: list[Mapping[str, Any]], *, now: datetime) -> None:
    """Does what was decided. What was done before, or is not possible any more, is passed over."""
    for deed in kept:
        try:
            DO[deed["do"]](deed, now)
        except (MoveNotAllowed, Refused, NotFound) as error:
            log.warning("deed_not_possible", kind=deed["do"], case_id=deed["case"], error=error)


def _consents(session: Session, case: Case, choice: told.ConsentChoice) -> Iterator[Deed]:
    companies = shares.companies_of(session, case)
    if companies is None:
        return
    both = told.ConsentChoice.BOTH
    answers = {one: choice in (both, told.ConsentChoice.PROVIDER) for one in companies.provider_ids}
    if companies.client_id is not None:
        answers[companies.client_id] = choice in (both, told.ConsentChoice.MINE)
    for organisation_id, allowed in answers.items():
        yield {"do": "consent", "case": str(case.id), "on": str(organisation_id), "allowed": allowed}


def _withdraw(deed: Mapping[str, Any], now: datetime) -> None:
    voice.withdraw(UUID(deed["case"]), actor=BY_SMS_ACTOR, now=now)


def _settle(deed: Mapping[str, Any], now: datetime) -> None:
    word = Settled(deed["word"])
    voice.settle(UUID(deed["case"]), UUID(deed["on"]), word, actor=BY_SMS_ACTOR, now=now)


def _consent(deed: Mapping[str, Any], now: datetime) -> None:
    allowed = bool(deed["allowed"])
    voice.consent(UUID(deed["case"]), UUID(deed["on"]), allowed=allowed, actor=BY_SMS_ACTOR, now=now)


def _call(deed: Mapping[str, Any], now: datetime) -> None:
    voice.ask_call(UUID(deed["case"]), None, actor=BY_SMS_ACTOR, now=now)


def _reprisal(deed: Mapping[str, Any], now: datetime) -> None:
    # The instant of the text, so that doing it again finds what was done.
    at = datetime.fromisoformat(deed["at"])
    reprisals.open_linked(UUID(deed["case"]), actor=BY_SMS_ACTOR, now=at)


DO: dict[str, Callable[[Mapping[str, Any], datetime], None]] = {
    "withdraw": _withdraw,
    "settle": _settle,
    "consent": _consent,
    "call": _call,
    "reprisal": _reprisal,
}

