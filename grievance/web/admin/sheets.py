"""What does the administrator print for a site? A poster, cards for a pocket, cards that betray nothing."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import current_app, make_response, request
from werkzeug.wrappers import Response

from grievance import posters
from grievance.actions import outreach
from grievance.actions.outreach import SiteOutreach
from grievance.gateways import phone_book
from grievance.labels import label
from grievance.posters import TONGUES, Line, Outreach, Promise, Promises, Sheet
from grievance.rules.deadlines import Term
from grievance.rules.hotlines import Hotlines
from grievance.vocabulary import Language, Operator
from grievance.web.admin.room import blueprint
from grievance.web.admin.settings import settings
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow

ANY_SHEET = f"<any({', '.join(Sheet)}):kind>"
ORDER = list(Operator)


@blueprint.get(f"/sites/<uuid:site_id>/{ANY_SHEET}")
def sheet(site_id: UUID, kind: str) -> Response:
    """One A4 page to print, in both languages; `lang` leaves one of them."""
    hotlines = cast(Hotlines, current_app.config["HOTLINES"])
    found = outreach.for_site(site_id, hotlines, actor=current_actor(), now=utcnow())
    wished = Sheet(kind)
    response = make_response(posters.sheet(wished, _said(found, _tongues())))
    response.headers["Content-Type"] = "application/pdf"
    # A name that says nothing, wherever the file is left.
    response.headers["Content-Disposition"] = f'inline; filename="a4-{list(Sheet).index(wished) + 1}.pdf"'
    return response


def _tongues() -> tuple[Language, ...]:
    wished = request.args.get("lang")
    return tuple(one for one in TONGUES if one.value == wished) or TONGUES


def _said(found: SiteOutreach, tongues: tuple[Language, ...]) -> Outreach:
    line = found.help_line
    return Outreach(
        site=found.site, place=", ".join(filter(None, (found.territory, found.province))), desk=found.desk,
        lines=_lines(found),
        addresses={one: _address(one, "plainte/lieu", found.site_id) for one in TONGUES},
        neutral_addresses={one: _address(one, "", found.site_id) for one in TONGUES},
        promises=Promises(_both(found.answered), _both(found.company), _promise(found.outcome)),
        printed_on=found.printed_on, help_line=line.number if line else "",
        help_verified_on=line.verified_on if line else None, tongues=tongues, fictional=settings().sample,
    )  # fmt: skip


def _address(language: Language, page: str, site_id: UUID) -> str:
    """A public page with the site filled in: the address names a site that everybody knows, and nobody."""
    return f"{settings().public_url}/{language.value}/{page}?site={site_id}"


def _lines(found: SiteOutreach) -> tuple[Line, ...]:
    """The numbers by operator, as people there look for their own."""
    known = sorted((ORDER.index(phone_book.operator(number)), number) for number in found.numbers)
    return tuple(
        Line(_named(ORDER[at]), phone_book.dialled(number), number in found.ringing) for at, number in known
    )


def _named(operator: Operator) -> str:
    return "" if operator is Operator.OTHER else str(label(operator))


def _promise(term: Term) -> Promise:
    return Promise(term.amount, term.unit.value)


def _both(terms: tuple[Term, Term]) -> tuple[Promise, Promise]:
    return _promise(terms[0]), _promise(terms[1])
