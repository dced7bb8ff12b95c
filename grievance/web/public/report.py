"""How does somebody report what happened? Eight short pages, each a form that carries all answers so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from grievance.actions import intake, places
from grievance.rules.floods import Gate, Knock
from grievance.web import floods
from grievance.web.clock import utcnow
from grievance.web.csrf import acts_on_no_cookie
from grievance.web.public import challenge, checks, drafts, later, questions, reading, sending, summary
from grievance.web.public.challenge import Challenge
from grievance.web.public.checks import Problem
from grievance.web.public.drafts import Draft
from grievance.web.public.questions import Page
from grievance.web.public.room import LANG, blueprint

ANY_PAGE = f"<any({', '.join(Page)}):name>"
# Where a button leads other than onwards, and what it says about the desk that is named.
TO_FIELD, DESK_FIELD, ANY_DESK = "vers", "autre", "toutes"
MOST_ASKED = 2


@dataclass(frozen=True)
class Turn:
    """The page to show next, with the draft and what must be put right on it."""

    page: Page
    draft: Draft = field(repr=False)
    problems: tuple[Problem, ...] = ()
    came_from: Page | None = None
    asks_again: bool = False


@blueprint.get(f"/{LANG}/plainte/")
@blueprint.get(f"/{LANG}/plainte/{ANY_PAGE}")
def fresh(lang: str, name: str = Page.PLACE) -> Response:
    """A page asked for without answers begins a new report; a poster's address fills its site in."""
    page = Page(name)
    draft = _at_site(request.args.get("site", "")) if page is Page.PLACE else Draft()
    return _shown(lang, Turn(page, draft), utcnow())


@blueprint.post(f"/{LANG}/plainte/{ANY_PAGE}")
@acts_on_no_cookie
def answered(lang: str, name: str) -> Response:
    """Takes a page's answers and shows the next page, the page wished for, or what must be put right."""
    now = utcnow()
    page = Page(name)
    draft = _taken(page, now)
    if later.FIELD in request.form and not draft.lost:
        return _kept(lang, page, draft, now)
    turn = turn_after(draft, page, now)
    ready = page is Page.CHECK and turn.page is Page.CHECK and not turn.problems
    if ready and turn.draft.checked and TO_FIELD not in request.form:
        return _sent_or_asked(lang, turn, now)
    return _shown(lang, turn, now)


def taken_up(lang: str, words: str, receipt: str, now: datetime) -> Response:
    """A report that was put down under this receipt, on its page."""
    draft, page = drafts.taken_up(words, receipt)
    return _shown(lang, Turn(page, draft), now)


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
    onwards = Page.CHECK if draft.checked else questions.after(page)
    return Turn(onwards, draft, came_from=page)


def _at_site(wished: str) -> Draft:
    """A draft that has this site as its place. An address may be cut or old: what no site has is left out."""
    if not wished:
        return Draft()
    return checks.with_known_place(Draft({"lieu_site": (wished,)}), places.sites())


def _taken(page: Page, now: datetime) -> Draft:
    draft = drafts.taken(request.form, page, now)
    return checks.with_known_place(draft, places.sites()) if page is Page.PLACE else draft


def _with_other_desk(draft: Draft) -> Draft:
    asked = request.form[DESK_FIELD]
    excluded = frozenset() if asked == ANY_DESK else checks.without_desk(draft, asked)
    return replace(draft, excluded=excluded)


def _kept(lang: str, page: Page, draft: Draft, now: datetime) -> Response:
    """Puts the report down under its receipt; in a flood it stays on the page, with nothing lost."""
    if floods.knock(Knock.KEEP, now) is not Gate.OPEN:
        return _shown(lang, Turn(page, draft, (Problem(later.FIELD, checks.NOT_NOW),)), now)
    return later.kept(lang, page, drafts.with_receipt(draft), now)


def _sent_or_asked(lang: str, turn: Turn, now: datetime) -> Response:
    """Whatever the flood, a report is taken in; the question decides only how soon somebody reads it."""
    draft, found = turn.draft, floods.knock(Knock.REPORT, now)
    answered = challenge.of_receipt(draft.receipt or "").passed(request.form)
    if found is Gate.OPEN or (found is Gate.ASK and answered):
        return sending.sent(lang, draft, drafts.half_of(draft), now)
    if found is Gate.ASK and draft.asked < MOST_ASKED:
        return _shown(lang, replace(turn, asks_again=draft.asked > 0), now)
    return sending.put_apart(lang, draft, drafts.half_of(draft, in_crowd=True), now)


def _shown(lang: str, turn: Turn, now: datetime) -> Response:
    draft, wrong, asked = turn.draft, turn.problems, None
    if turn.page in later.PAGES:
        draft = drafts.with_receipt(draft)
    if turn.page is Page.CHECK:
        wrong = checks.problems(draft, Page.CHECK, now)
        if not wrong:
            draft, asked = _with_question(draft, turn, now)
    body = render_template(
        f"public/{turn.page}.html", lang=lang, page=turn.page, draft=draft, problems=wrong, q=questions,
        wrong={problem.field: problem.text for problem in wrong}, page_of=checks.page_of,
        token=drafts.packed(draft, turn.page, now), help=_help(draft, turn, now),
        back=questions.before(turn.page), challenge=asked, later=turn.page in later.PAGES,
        **_beside(turn.page, draft, now),
    )  # fmt: skip
    return make_response(body, 422 if turn.problems or turn.asks_again else 200)


def _with_question(draft: Draft, turn: Turn, now: datetime) -> tuple[Draft, Challenge | None]:
    """The draft as it can be sent; in a flood with the question that its sender is asked."""
    draft = replace(draft, checked=True)
    if floods.look(Knock.REPORT, now) is not Gate.ASK:
        return draft, None
    asked = challenge.of_receipt(draft.receipt or "", wrong=turn.asks_again)
    return replace(draft, asked=draft.asked + 1), asked


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
