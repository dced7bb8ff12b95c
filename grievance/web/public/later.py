"""How does somebody continue later? They get the receipt now, and the same pages again when they type it."""

from __future__ import annotations

from datetime import datetime

from flask import make_response, render_template
from werkzeug.wrappers import Response

from grievance.actions import unfinished
from grievance.store import receipts
from grievance.web.public import drafts
from grievance.web.public.drafts import Draft
from grievance.web.public.questions import Page

FIELD = "garder"
# From the story on there is something that is hard to write twice.
PAGES = frozenset({Page.STORY, Page.READERS, Page.CONTACT, Page.CHECK})


def kept(lang: str, page: Page, draft: Draft, now: datetime) -> Response:
    """Keeps the draft, and shows its receipt and until when it lies there. Raises Unavailable, Busy."""
    until = unfinished.keep(drafts.put_down(draft, page), drafts.half_of(draft), now=now)
    receipt = draft.receipt or ""
    body = render_template(
        "public/garde.html", lang=lang, page=page, receipt=receipt, receipt_shown=receipts.shown(receipt),
        until=until, token=drafts.packed(draft, Page.CHECK, now),
    )  # fmt: skip
    return make_response(body)
