"""What did the complainant say to us? Their own word, given in a call or face to face, noted by the desk."""

from __future__ import annotations

from uuid import UUID

from marshmallow import fields
from werkzeug.wrappers import Response

from grievance.actions import objections, referrals, reprisals, voice
from grievance.schemas.desk import DeskForm, WellIn, WordsIn
from grievance.schemas.follow import AppealTo
from grievance.schemas.text import LONGEST_STORY, CleanText
from grievance.terms import CaseAction, ReferralAction
from grievance.vocabulary import Settled
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk.answers import back, referral_code
from grievance.web.desk.deeds import done
from grievance.web.desk.forms import given
from grievance.web.desk.pages import known_case
from grievance.web.desk.room import blueprint


class SettledIn(DeskForm):
    """Does the answer settle it, and what was said with it."""

    word = fields.Enum(Settled, by_value=True, required=True)
    text = CleanText(longest=LONGEST_STORY, load_default=None)


class AppealIn(DeskForm):
    """Who shall look again, why, and whether photographs and papers go there too."""

    to = fields.Enum(AppealTo, by_value=True, required=True)
    evidence_too = fields.Boolean(load_default=False)
    text = CleanText(longest=LONGEST_STORY, load_default=None)


class MaybeIn(DeskForm):
    """Words that may be missing."""

    text = CleanText(longest=LONGEST_STORY, load_default=None)


@blueprint.post("/cases/add")
def add() -> Response:
    """Something the complainant adds."""
    voice.add(known_case(), WordsIn().load(given()), actor=current_actor(), now=utcnow())
    return done(CaseAction.ADD)


@blueprint.post("/cases/check_in")
def check_in() -> Response:
    """How the complainant says they are since they complained."""
    well = WellIn().load(given())["well"]
    reprisals.how_are_you(known_case(), well=well, actor=current_actor(), now=utcnow())
    return done(CaseAction.CHECK_IN)


@blueprint.post("/cases/withdraw")
def withdraw() -> Response:
    """The complainant wants to stop everything."""
    voice.withdraw(known_case(), actor=current_actor(), now=utcnow())
    return done(CaseAction.WITHDRAW)


@blueprint.post("/cases/dispute")
def dispute() -> Response:
    """The complainant disagrees with the closing."""
    text = MaybeIn().load(given())["text"]
    objections.dispute(known_case(), text, actor=current_actor(), now=utcnow())
    return done(CaseAction.DISPUTE)


@blueprint.post("/cases/appeal")
def appeal() -> Response:
    """The complainant asks another body to look."""
    asked = AppealIn().load(given())
    objections.appeal(
        known_case(), asked["to"], asked["text"], evidence_too=asked["evidence_too"], actor=current_actor(),
        now=utcnow(),
    )  # fmt: skip
    return done(CaseAction.APPEAL)


@blueprint.post("/referrals/settle")
def settle() -> Response:
    """Whether the answer settles it, in the complainant's own word."""
    said = SettledIn().load(given())
    referral = referral_in(referral_code())
    voice.settle(
        known_case(), referral, said["word"], text=said["text"], actor=current_actor(), now=utcnow()
    )
    return back(ReferralAction.SETTLE)


@blueprint.post("/remedies/<uuid:remedy>/confirm_remedy")
def confirm_remedy(remedy: UUID) -> Response:
    """The remedy came, says the complainant."""
    voice.judge_remedy(known_case(), remedy, came=True, actor=current_actor(), now=utcnow())
    return back(ReferralAction.CONFIRM_REMEDY)


@blueprint.post("/remedies/<uuid:remedy>/dispute_remedy")
def dispute_remedy(remedy: UUID) -> Response:
    """The remedy did not come, says the complainant."""
    voice.judge_remedy(known_case(), remedy, came=False, actor=current_actor(), now=utcnow())
    return back(ReferralAction.DISPUTE_REMEDY)


def referral_in(code: str) -> UUID:
    """The id of the referral that was named. Raises NotFound."""
    return referrals.referral_seen(code, current_actor(), utcnow()).id
