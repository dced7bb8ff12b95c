"""What does the page of one case show? The case as this member sees it, and what its forms offer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from grievance import gsm7
from grievance.actions import cases, evidence_seen, places, retention
from grievance.actions.case_values import CaseSeen, Identity
from grievance.labels import label
from grievance.schemas.receipts import ReceiptWay
from grievance.terms import CannotOpen, Refused
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk import words
from grievance.web.desk.filters import OURS
from grievance.web.desk.room import open_code
from grievance.web.desk.typed import NOTHING, Typed


@dataclass(frozen=True)
class Preview:
    """A message before it goes: as it will read, and how many SMS it is when it is asked for by telephone."""

    text: str = field(repr=False)
    parts: int

    @classmethod
    def of(cls, text: str) -> Preview:
        """The preview of a text."""
        return cls(text, gsm7.parts(gsm7.plain(text)))


def case_page(
    *, typed: Typed = NOTHING, preview: Preview | None = None, identity: Identity | None = None,
    receipt: str = "", status: int = 200,
) -> Response:  # fmt: skip
    """The page of the case that the address names. Raises NotFound."""
    actor, now = current_actor(), utcnow()
    case = cases.seen(open_code(), actor, now)
    inside = case.opened and not case.kept_away and case.can_open
    body = render_template(
        "desk/case.html", case=case, typed=typed, preview=preview, identity=identity,
        receipt=receipt, me=actor.name,
        ours=OURS, files=evidence_seen.of_case(open_code(), actor=actor) if inside else (),
        room="desk", done=words.done(request.args.get("did", "")),
        ending=retention.of_case(open_code(), actor=actor), **offers(case),
    )  # fmt: skip
    return make_response(body, status)


def offers(case: CaseSeen) -> dict[str, Any]:
    """The choices of the forms: sites, organisations, contacts, kinds of referral, allegations."""
    names = {one.organisation_id: one.name for one in case.companies}
    return {
        "sites": [(site.id, f"{site.name} ({site.province})") for site in places.sites()],
        "companies": [(one.organisation_id, one.name) for one in case.companies],
        "addressees": [
            (one.organisation_id, one.name) for one in case.companies if one.consent and not one.in_conflict
        ],
        "contacts": [(one.id, f"{names[one.organisation_id]}: {one.label}") for one in case.contacts],
        "kinds": [(kind.value, label(kind)) for kind in case.referral_kinds if kind.value != "escalation"],
        "ways": words.choices(ReceiptWay),
        "allegations": [(one.id, words.allegation(one)) for one in case.allegations],
    }


def known_case() -> UUID:
    """The id of the case that the address names, for who may work on it.

    Raises NotFound, CannotOpen, Refused.
    """
    case = cases.seen(open_code(), current_actor(), utcnow())
    if not case.opened or case.kept_away:
        raise Refused("kept_away" if case.kept_away else "conflict_not_asked")
    if case.restricted and not case.can_open:
        raise CannotOpen
    return case.case_id
