"""What does a desk do in every story? A report comes in, and is taken through the steps before a referral."""

from __future__ import annotations

from datetime import datetime, timedelta

from grievance.actions import cases, intake, referrals, reveals
from grievance.actions.case_values import Identity
from grievance.schemas.desk import ConsentIn, ConsentSaid, RevealWish, Triage, TriageIn
from grievance.schemas.referring import ReferralDraft, ReferralIn
from grievance.schemas.report import Report, ReportIn
from grievance.store import receipts
from grievance.store.actors import SMS_ACTOR
from grievance.terms import Actor
from grievance.vocabulary import RevealReason
from tests.fixtures import Town

STORY = "Les gardes m'ont frappé près du portail, mon bras est cassé."
SUMMARY = "Une personne dit avoir été frappée par des gardes près d'un portail."
HOUR = timedelta(hours=1)


def told(town: Town, **more: object) -> dict[str, object]:
    """What somebody says about the site who lets both companies read a summary."""
    said: dict[str, object] = {
        "channel": "web", "language": "fr", "province": "Lualaba", "site_id": str(town.world.site.id),
        "incident": "yesterday", "harms": ["assault"], "story": STORY, "share": "both",
        "safe_contact": "web", "speaks_as": "self",
    }  # fmt: skip
    return said | more


def report(town: Town, **more: object) -> Report:
    """The same, as it comes in."""
    return ReportIn().load(told(town, **more))


def half() -> intake.ReceiptHalf:
    """What a receipt leaves."""
    opening = receipts.open_receipt(receipts.mint())
    return intake.ReceiptHalf(opening.lookup, opening.pair.public)


def decided(town: Town, **more: object) -> Triage:
    """The usual decision: guards of the guard company, serious."""
    form = {
        "severity": "serious", "harms": ["assault"], "actor": "private", "site_id": str(town.world.site.id),
        "province": "Lualaba",
    }  # fmt: skip
    return TriageIn().load(form | more)


def draft(organisation_id: object, **more: object) -> ReferralDraft:
    """A referral for which everything was asked."""
    form = {
        "organisation_id": str(organisation_id), "summary": SUMMARY, "summary_read": True,
        "people_it_could_be": 12, "safe_if_guessed": True,
    }  # fmt: skip
    return ReferralIn().load(form | more)


def taken(town: Town, now: datetime, **more: object) -> str:
    """A case that somebody reads and has not decided on; gives its code."""
    desk = town.world.desk.actor
    code = intake.receive(report(town, **more), opening=half(), now=now).code
    cases.know_nobody(code, actor=desk, now=now)
    cases.take(code, actor=desk, now=now)
    return code


def opened(town: Town, now: datetime, *, actor: Actor | None = None, **more: object) -> str:
    """A case that was read and triaged; gives its code."""
    desk = actor or town.world.desk.actor
    code = intake.receive(report(town, **more), opening=half(), now=now).code
    cases.know_nobody(code, actor=desk, now=now + HOUR)
    cases.take(code, actor=desk, now=now + HOUR)
    cases.triage(code, decided(town), actor=desk, now=now + HOUR)
    return code


def referred(town: Town, now: datetime, **more: object) -> tuple[str, str]:
    """A case referred to its guard company: the codes of the case and of the referral."""
    code = opened(town, now)
    asked = draft(town.world.provider.id, **more)
    return code, referrals.refer(code, asked, actor=town.world.desk.actor, now=now + 2 * HOUR)


def agrees(organisation_id: object, **more: object) -> ConsentSaid:
    """A yes that was said in a call."""
    return ConsentIn().load({"organisation_id": str(organisation_id), "allowed": True, "how": "call"} | more)


def sms() -> Actor:
    """The SMS worker, which alone sees what waits to be sent."""
    return SMS_ACTOR


def name_of(town: Town, code: str, now: datetime) -> Identity:
    """Name and number of a case, opened with a reason and, where that is needed, a second person."""
    desk, second = town.world.desk.actor, town.world.desk.lead
    shown = reveals.ask(code, RevealWish(RevealReason.CALL), actor=desk, now=now)
    if shown is not None:
        return shown
    (wish,) = cases.seen(code, desk, now).reveals
    cases.know_nobody(code, actor=second, now=now)
    reveals.answer(code, wish.id, agrees=True, actor=second, now=now)
    return reveals.look(code, wish.id, actor=desk, now=now)
