"""How does somebody report what happened? Eight short pages, each a form that carries all answers so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from grievance.actions import follow, intake, places
from grievance.schemas.report import ReportIn
from grievance.store import receipts
from grievance.web.clock import utcnow
from grievance.web.csrf import acts_on_no_cookie
from grievance.web.public import checks, drafts, questions, reading, summary
from grievance.web.public.checks import Problem
from grievance.web.public.drafts import Draft
from grievance.web.public.questions import Page
from grievance.web.public.room import LANG, blueprint

ANY_PAGE = f"<any({', '.join(Page)}):name>"
# Where a button leads other than onwards, and what it says about the desk that is named.
TO_FIELD, DESK_FIELD, ANY_DESK = "vers", "autre", "toutes"


@dataclass(frozen=True)
class Turn:
    """The page to show next, with the draft and what must be put right on it."""

    page: Page
    draft: Draft = field(repr=False)
    problems: tuple[Problem, ...] = ()
    came_from: Page | None = None


@blueprint.get(f"/{LANG}/plainte/")
@blueprint.get(f"/{LANG}/plainte/{ANY_PAGE}")
def fresh(lang: str, name: str = Page.PLACE) -> Response:
    """A page asked for without answers begins a new report."""
    return _shown(lang, Turn(Page(name), Draft()), utcnow())


@blueprint.post(f"/{LANG}/plainte/{ANY_PAGE}")
@acts_on_no_cookie
def answered(lang: str, name: str) -> Response:
    """Takes a page's answers and shows the next page, the page wished for, or what must be put right."""
    now = utcnow()
    page = Page(name)
    turn = turn_after(_taken(page, now), page, now)
    ready = page is Page.CHECK and turn.page is Page.CHECK and not turn.problems
    sending = ready and turn.draft.half is not None and TO_FIELD not in request.form
    return _sent(lang, turn.draft, now) if sending else _shown(lang, turn, now)


def turn_after(draft: Draft, page: Page, now: datetime) -> Turn:
    """Where a posted page leads: back or across without a check, onwards when nothing is wrong."""
    wished = request.form.get(TO_FIELD, "")
    if draft.lost:
        return Turn(page if page is not Page.CHECK else Page.PLACE, draft, (Problem(TO_FIELD, checks.LOST),))
    if DESK_FIELD in request.form:
        return Turn(page, _with_other_desk(draft))
    if wished in set(Page):
        return Turn(Page(wished), draft)
    wrong = checks.problems(draft, page, now)
    if wrong:
        return Turn(page, draft, wrong)
    # Whoever came from the last page to change one answer goes straight back to it.
    onwards = Page.CHECK if draft.receipt else questions.after(page)
    return Turn(onwards, draft, came_from=page)


def _taken(page: Page, now: datetime) -> Draft:
    draft = drafts.taken(request.form, page, now)
    return checks.with_known_place(draft, places.sites()) if page is Page.PLACE else draft


def _with_other_desk(draft: Draft) -> Draft:
    asked = request.form[DESK_FIELD]
    excluded = frozenset() if asked == ANY_DESK else checks.without_desk(draft, asked)
    return replace(draft, excluded=excluded)


def _shown(lang: str, turn: Turn, now: datetime) -> Response:
    draft, wrong = turn.draft, turn.problems
    if turn.page is Page.CHECK:
        wrong = checks.problems(draft, Page.CHECK, now)
        draft = draft if wrong else drafts.with_receipt(draft)
    body = render_template(
        f"public/{turn.page}.html", lang=lang, page=turn.page, draft=draft, problems=wrong, q=questions,
        wrong={problem.field: problem.text for problem in wrong}, page_of=checks.page_of,
        token=drafts.packed(draft, turn.page, now), help=_help(draft, turn, now),
        back=questions.before(turn.page), **_beside(turn.page, draft, now),
    )  # fmt: skip
    return make_response(body, 422 if turn.problems else 200)


def _beside(page: Page, draft: Draft, now: datetime) -> dict[str, object]:
    """What one page needs beside the draft."""
    if page is Page.PLACE:
        return {"sites": places.sites()}
    if page is Page.STORY:
        return {
            "desks": intake.desks_for(reading.place_of(draft), draft.excluded),
            "optional": reading.story_may_be_empty(draft),
        }
    if page is Page.CHECK:
        return {"rows": summary.rows(draft, places.sites(), now)}
    return {}


def _help(draft: Draft, turn: Turn, now: datetime) -> tuple[str, ...]:
    """Help that cannot wait: after the question about harm, and when the story's words call for more."""
    ticked = reading.help_for(draft, now, with_story=False)
    if turn.page is Page.STORY:
        return tuple(ticked)
    if turn.came_from in (Page.STORY, Page.HARM):
        known = ticked if turn.came_from is Page.STORY else ()
        return tuple(each for each in reading.help_for(draft, now, with_story=True) if each not in known)
    return ()


def _sent(lang: str, draft: Draft, now: datetime) -> Response:
    """Commits the report; the answer to this very POST is the page with the receipt."""
    report = ReportIn().load(reading.report_of(draft, lang, now))
    received = intake.receive(report, opening=draft.half, now=now)
    receipt = draft.receipt or ""
    added = received.already and follow.add_what_is_new(receipt, report, now=now)
    body = render_template(
        "public/recu.html", lang=lang, received=received, receipt=receipt, added=added,
        receipt_shown=receipts.shown(receipt), contact=report.safe_contact,
        help=tuple(reading.help_for(draft, now, with_story=True)),
    )  # fmt: skip
    return make_response(body)
