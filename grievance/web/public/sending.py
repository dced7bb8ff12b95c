"""What answers a report that was sent? The page with its receipt, whichever lane took it in."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from flask import make_response, render_template
from werkzeug.wrappers import Response

from grievance.actions import follow, intake, quarantine, regret, unfinished
from grievance.actions.intake import ReceiptHalf
from grievance.schemas.report import ReportIn
from grievance.store import receipts
from grievance.terms import Unavailable
from grievance.web.public import reading
from grievance.web.public.drafts import Draft


def sent(lang: str, draft: Draft, half: ReceiptHalf, now: datetime) -> Response:
    """Commits the report; the answer to this very POST is the page with the receipt."""
    report = ReportIn().load(reading.report_of(draft, lang, now))
    received = intake.receive(report, opening=half, now=now)
    _forget_draft(half)
    receipt = draft.receipt or ""
    added = received.already and follow.add_what_is_new(receipt, report, now=now)
    body = render_template(
        "public/recu.html", lang=lang, received=received, receipt=receipt, added=added,
        receipt_shown=receipts.shown(receipt), contact=report.safe_contact,
        regret=regret.WITHIN if not received.already else None,
        help=tuple(reading.help_for(draft, now, with_story=True)),
    )  # fmt: skip
    return make_response(body)


def put_apart(lang: str, draft: Draft, half: ReceiptHalf, now: datetime) -> Response:
    """Commits the report to the lane that a person looks at first; a case of before keeps its own page."""
    if intake.received_before(half) is not None:
        return sent(lang, draft, half, now)
    kept = quarantine.put_apart(reading.report_of(draft, lang, now), half, now=now)
    _forget_draft(half)
    receipt = draft.receipt or ""
    body = render_template(
        "public/attente.html", lang=lang, kept=kept, receipt=receipt, receipt_shown=receipts.shown(receipt),
        help=tuple(reading.help_for(draft, now, with_story=True)),
    )  # fmt: skip
    return make_response(body)


def _forget_draft(half: ReceiptHalf) -> None:
    """What was put down under this receipt goes; the report is safe by now, and a draft ends by itself."""
    with suppress(Unavailable):
        unfinished.forget(half)
