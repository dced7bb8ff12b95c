"""What can the addressee of a referral do on its page? Each form is one move; ICoCA makes the same ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from grievance.actions import referrals
from grievance.schemas.company import ExtensionIn, RemedyDeliveryIn, RemedyPromiseIn, WordsIn
from grievance.terms import ReferralAction
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.company import refusals
from grievance.web.company.pages import open_code, referral_page


def acknowledge() -> Response:
    """Somebody has it."""
    referrals.acknowledge(open_code(), actor=current_actor(), now=utcnow())
    return _done(ReferralAction.ACKNOWLEDGE)


def ask() -> Response:
    """A question to the organisation that refers."""
    referrals.ask(open_code(), WordsIn().load(_given()), actor=current_actor(), now=utcnow())
    return _done(ReferralAction.ASK)


def answer() -> Response:
    """The answer in substance."""
    referrals.answer(open_code(), WordsIn().load(_given()), actor=current_actor(), now=utcnow())
    return _done(ReferralAction.ANSWER)


def not_ours() -> Response:
    """It concerns somebody else, and why."""
    referrals.not_ours(open_code(), WordsIn().load(_given()), actor=current_actor(), now=utcnow())
    return _done(ReferralAction.NOT_OURS)


def extend() -> Response:
    """More time, once, with the reason."""
    referrals.extend(open_code(), ExtensionIn().load(_given()), actor=current_actor(), now=utcnow())
    return _done(ReferralAction.EXTEND)


def promise_remedy() -> Response:
    """What will be done."""
    promised = RemedyPromiseIn().load(_given())
    referrals.promise_remedy(open_code(), promised, actor=current_actor(), now=utcnow())
    return _done(ReferralAction.PROMISE_REMEDY)


def deliver_remedy() -> Response:
    """It was done, and this shows it."""
    delivered = RemedyDeliveryIn().load(_given())
    referrals.deliver_remedy(open_code(), delivered, actor=current_actor(), now=utcnow())
    return _done(ReferralAction.DELIVER_REMEDY)


DEEDS: dict[ReferralAction, Callable[[], Response]] = {
    ReferralAction.ACKNOWLEDGE: acknowledge,
    ReferralAction.ASK: ask,
    ReferralAction.ANSWER: answer,
    ReferralAction.NOT_OURS: not_ours,
    ReferralAction.EXTEND: extend,
    ReferralAction.PROMISE_REMEDY: promise_remedy,
    ReferralAction.DELIVER_REMEDY: deliver_remedy,
}


def add_referral_pages(blueprint: Blueprint) -> None:
    """Gives a room the page of a referral and its forms."""
    blueprint.add_url_rule("/referrals", "referral", referral_page)
    for action, deed in DEEDS.items():
        blueprint.add_url_rule(f"/referrals/{action.value}", action.value, deed, methods=["POST"])
    refusals.register(blueprint)


def _given() -> dict[str, Any]:
    """This request's answers; an empty field is no answer."""
    return {name: value for name, value in request.form.items() if value.strip()}


def _done(what: ReferralAction) -> Response:
    """Back to the referral, which says what was done."""
    return redirect(url_for(".referral", code=open_code(), did=what.value), code=303)
