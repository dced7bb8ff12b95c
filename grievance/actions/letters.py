"""How does a company without an account hear of a matter? By letter, with the referral's code and dates."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from grievance import letters
from grievance.actions import clocks, moves
from grievance.actions.case_seen import check_opened
from grievance.letters import Letter
from grievance.store import heads, queries, vault
from grievance.store.models import Case, Contact, Organisation, Referral
from grievance.store.session import transaction
from grievance.terms import Actor, ClockKind, Refused
from grievance.vocabulary import MessageKind, ReferralKind

ZONE = ZoneInfo("Africa/Lubumbashi")
SAID = frozenset({MessageKind.SUMMARY, MessageKind.IDENTITY})


def letter(code: str, *, actor: Actor, now: datetime) -> bytes:
    """The letter of a referral, as a PDF, in the company's language. It shows the referral's code alone.

    Raises NotFound, CannotOpen, Refused("not_by_letter").
    """
    with transaction(actor) as session:
        referral = queries.referral_by_code(session, code)
        case = moves.desk_case(session, referral, actor)
        check_opened(session, case, actor)
        if not referral.by_letter:
            raise Refused("not_by_letter")
        company = queries.organisation(session, referral.organisation_id)
        desk = queries.organisation(session, case.desk_id)
        sealed = heads.newest(session)
        said = [line.text for line in vault.read_messages(session, actor, referral.id) if line.kind in SAID]
        what = Letter(
            referral_code=referral.code, **_to(session, case, referral, company),
            desk_name=desk.name, desk_address=desk.letter_address or "", summary="\n\n".join(said), wished="",
            acknowledge_by=_by(session, referral, ClockKind.ACKNOWLEDGE, now),
            answer_by=_by(session, referral, _answer_kind(referral), now), language=company.language,
            sent_on=_day(referral.sent_at or now), kind=referral.kind,
            sealed_on=sealed.day if sealed else None, sealed=sealed.hash.hex() if sealed else "",
        )  # fmt: skip
    return letters.letter(what)


def _to(session: Session, case: Case, referral: Referral, company: Organisation) -> dict[str, str]:
    """Of a restricted case the letter is for one person there, and says which."""
    address = company.letter_address or ""
    contact = session.get(Contact, referral.contact_id) if case.restricted and referral.contact_id else None
    if contact is None:
        return {"addressee": company.name, "address": address}
    return {"addressee": contact.label, "address": f"{company.name}\n{address}"}


def _answer_kind(referral: Referral) -> ClockKind:
    return ClockKind.INTERIM if referral.kind is ReferralKind.INTERIM else ClockKind.ANSWER


def _by(session: Session, referral: Referral, kind: ClockKind, now: datetime) -> date:
    """The day that is owed, as the clock has it; printed again later it is the same."""
    row = clocks.latest(session, referral.case_id, kind, referral.id)
    return _day(row.due_at if row else now)


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()
