"""What can the desk do with a referral? Send it, reply, send back, tell the complainant, stop it."""

from __future__ import annotations

from enum import StrEnum

from flask import make_response, redirect, request
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response

from grievance.actions import letters, referrals
from grievance.schemas.desk import WordsIn
from grievance.schemas.referring import LetterProofIn, ReferralIn
from grievance.terms import ReferralAction
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk.forms import given
from grievance.web.desk.pages import Preview, case_page
from grievance.web.desk.refusals import typed
from grievance.web.desk.room import blueprint, case_address, open_code
from grievance.web.step_up import proved


@blueprint.post("/cases/refer")
def refer() -> Response:
    """A summary goes to one organisation."""
    draft = ReferralIn().load(given("named_contact_ids"))
    sent = referrals.refer(open_code(), draft, actor=current_actor(), now=utcnow())
    return back(ReferralAction.REFER, sent)


@blueprint.post("/referrals/relay")
def relay() -> Response:
    """The complainant is told what was answered; or first a look at how it will read."""
    text = WordsIn().load(given())
    if "look" in request.form:
        return case_page(typed=typed(), preview=Preview.of(text))
    referrals.relay(referral_code(), text, actor=current_actor(), now=utcnow())
    return back(ReferralAction.RELAY)


@blueprint.post("/referrals/incomplete")
def incomplete() -> Response:
    """The answer goes back to the company."""
    referrals.incomplete(referral_code(), WordsIn().load(given()), actor=current_actor(), now=utcnow())
    return back(ReferralAction.INCOMPLETE)


@blueprint.post("/referrals/ask")
def ask() -> Response:
    """The desk replies to the company."""
    text = WordsIn().load(given())
    referrals.reply_to_question(referral_code(), text, actor=current_actor(), now=utcnow())
    return back(ReferralAction.ASK)


@blueprint.post("/referrals/accept_question")
def accept_question() -> Response:
    """The company's question is needed: its clock waits."""
    referrals.accept_question(referral_code(), actor=current_actor(), now=utcnow())
    return back(ReferralAction.ASK)


@blueprint.post("/referrals/withdraw_referral")
def withdraw_referral() -> Response:
    """It stops."""
    referrals.withdraw_referral(referral_code(), actor=current_actor(), now=utcnow())
    return back(ReferralAction.WITHDRAW)


@blueprint.get("/referrals/letter")
@proved
def letter() -> Response:
    """The letter for a company without an account, to print."""
    pdf = letters.letter(referral_code(), actor=current_actor(), now=utcnow())
    response = make_response(pdf)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{secure_filename(referral_code())}.pdf"'
    return response


@blueprint.post("/referrals/letter_proof")
def letter_proof() -> Response:
    """The letter was delivered, and this proves it."""
    proof = LetterProofIn().load(given())["proof"]
    referrals.letter_delivered(referral_code(), proof, actor=current_actor(), now=utcnow())
    return back(ReferralAction.ACKNOWLEDGE)


@blueprint.post("/referrals/answer")
def letter_answer() -> Response:
    """What the company's letter answers, typed in."""
    referrals.answer(referral_code(), WordsIn().load(given()), actor=current_actor(), now=utcnow())
    return back(ReferralAction.ANSWER)


@blueprint.post("/referrals/not_ours")
def letter_not_ours() -> Response:
    """The company writes that it is not its matter, typed in."""
    referrals.not_ours(referral_code(), WordsIn().load(given()), actor=current_actor(), now=utcnow())
    return back(ReferralAction.NOT_OURS)


def referral_code() -> str:
    """The code of the referral that this request is about."""
    return request.args.get("referral", "")


def back(what: StrEnum, code: str | None = None) -> Response:
    """Back to the case, at this referral; the page says what was done."""
    anchor = f"r-{code or referral_code()}"
    return redirect(case_address(open_code(), what.value, anchor), code=303)
