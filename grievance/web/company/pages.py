"""What does the page of one referral show? For companies, and for ICoCA where a matter climbed to it."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from grievance import vocabulary
from grievance.actions import referrals
from grievance.terms import ReferralAction, ReferralState, Role
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.company import words
from grievance.web.desk import tones
from grievance.web.desk.typed import NOTHING, Typed


def names() -> dict[str, Any]:
    """What the templates of referrals may name."""
    return {
        "typed": NOTHING, "v": vocabulary, "words": words, "tones": tones, "Role": Role,
        "A": ReferralAction, "ReferralState": ReferralState, "remedy_kinds": words.remedy_kinds,
    }  # fmt: skip


def open_code() -> str:
    """The code of the referral that this request is about."""
    return request.args.get("code", "").strip().upper()


def referral_page(*, typed: Typed = NOTHING, status: int = 200) -> Response:
    """The page of the referral that the address names, in the room it was asked in. Raises NotFound."""
    actor = current_actor()
    one = referrals.referral_seen(open_code(), actor, utcnow())
    page = render_template(
        "company/referral.html", room=f"{request.blueprint}/base.html", one=one, typed=typed, me=actor.name,
        done=words.done(request.args.get("did", "")), next=words.next_deed(one),
    )  # fmt: skip
    return make_response(page, status)
