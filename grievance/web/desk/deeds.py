"""What can be done to a case? Each form of its page is one move: read it, make the move, show the page."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from grievance.actions import authorities, cases, proofs
from grievance.schemas.desk import (
    AppealDecisionIn,
    CallIn,
    ClosingIn,
    ConflictIn,
    ConsentIn,
    FoundIn,
    ToAuthorityIn,
    TriageIn,
    WordsIn,
)
from grievance.terms import CaseAction
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk.forms import given
from grievance.web.desk.pages import Preview, case_page
from grievance.web.desk.refusals import typed
from grievance.web.desk.room import blueprint, case_address, open_code
from grievance.web.journal import proof_file
from grievance.web.whole import read_whole


@blueprint.get("/cases")
@read_whole
def case() -> Response:
    """One case."""
    return case_page()


@blueprint.get("/cases/proof")
def proof() -> Response:
    """A file of hashes which shows that the case existed on its day."""
    return proof_file(proofs.of_case(open_code(), actor=current_actor()))


@blueprint.post("/cases/declare_conflict")
def declare_conflict() -> Response:
    """Do you know anybody here? Nobody: the case opens. Otherwise a colleague or the back-up takes it."""
    knows = ConflictIn().load(given())["knows"]
    actor, now = current_actor(), utcnow()
    if knows == "nobody":
        cases.know_nobody(open_code(), actor=actor, now=now)
    else:
        cases.declare_conflict(open_code(), whole_desk=knows == "desk", actor=actor, now=now)
    return done(CaseAction.DECLARE_CONFLICT)


@blueprint.post("/cases/take")
def take() -> Response:
    """Somebody reads this case now."""
    cases.take(open_code(), actor=current_actor(), now=utcnow())
    return done(CaseAction.TAKE)


@blueprint.post("/cases/triage")
def triage() -> Response:
    """Severity, harm, who did it, where, and which lane."""
    decided = TriageIn().load(given("harms"))
    cases.triage(open_code(), decided, actor=current_actor(), now=utcnow())
    return done(CaseAction.TRIAGE)


@blueprint.post("/cases/note")
def note() -> Response:
    """An internal note."""
    cases.note(open_code(), WordsIn().load(given()), actor=current_actor(), now=utcnow())
    return done(CaseAction.NOTE)


@blueprint.post("/cases/write")
def write() -> Response:
    """A message to the complainant, or first a look at how it will read."""
    text = WordsIn().load(given())
    if "look" in request.form:
        return case_page(typed=typed(), preview=Preview.of(text))
    cases.write(open_code(), text, actor=current_actor(), now=utcnow())
    return done(CaseAction.WRITE)


@blueprint.post("/cases/call")
def call() -> Response:
    """A try to reach the complainant."""
    cases.call(open_code(), CallIn().load(given()), actor=current_actor(), now=utcnow())
    return redirect(case_address(open_code(), "called"), code=303)


@blueprint.post("/cases/released")
def released() -> Response:
    """Whoever was held is free, or stands before a prosecutor."""
    cases.released(open_code(), WordsIn().load(given()), actor=current_actor(), now=utcnow())
    return redirect(case_address(open_code(), "released"), code=303)


@blueprint.post("/tasks/<uuid:task>/task_done")
def task_done(task: UUID) -> Response:
    """A task is done; back to its case, or to the queue when it belongs to none."""
    cases.task_done(task, actor=current_actor(), now=utcnow())
    code = open_code()
    return redirect(case_address(code, "task") if code else url_for("desk.board", done=1), code=303)


@blueprint.post("/cases/consent")
def consent() -> Response:
    """What the complainant said about one organisation."""
    cases.record_consent(open_code(), ConsentIn().load(given()), actor=current_actor(), now=utcnow())
    return done(CaseAction.CONSENT)


@blueprint.post("/cases/go_to_authority")
def go_to_authority() -> Response:
    """The complainant goes to an authority, with the desk beside them."""
    step = ToAuthorityIn().load(given())
    authorities.go_to_authority(open_code(), step, actor=current_actor(), now=utcnow())
    return done(CaseAction.GO_TO_AUTHORITY)


@blueprint.post("/cases/find")
def find_out() -> Response:
    """What was found about one allegation."""
    cases.find(open_code(), FoundIn().load(given()), actor=current_actor(), now=utcnow())
    return done(CaseAction.FIND)


@blueprint.post("/cases/close")
def close() -> Response:
    """How the case ends."""
    ending = ClosingIn().load(given())
    cases.close(open_code(), ending, actor=current_actor(), now=utcnow())
    return done(CaseAction.CLOSE)


@blueprint.post("/cases/reopen")
def reopen() -> Response:
    """The case goes on."""
    cases.reopen(open_code(), WordsIn().load(given()), actor=current_actor(), now=utcnow())
    return done(CaseAction.REOPEN)


@blueprint.post("/cases/decide_appeal")
def decide_appeal() -> Response:
    """The decision stands, or the case is open again."""
    decision = AppealDecisionIn().load(given())
    cases.decide_appeal(open_code(), decision, actor=current_actor(), now=utcnow())
    return done(CaseAction.DECIDE_APPEAL)


@blueprint.post("/cases/hand_over")
def hand_over() -> Response:
    """The back-up organisation sees the case."""
    cases.hand_over(open_code(), WordsIn().load(given()), actor=current_actor(), now=utcnow())
    return done(CaseAction.HAND_OVER)


@blueprint.post("/cases/take_over")
def take_over() -> Response:
    """The back-up organisation becomes the desk of the case."""
    cases.take_over(open_code(), actor=current_actor(), now=utcnow())
    return done(CaseAction.TAKE_OVER)


def done(what: CaseAction) -> Response:
    """Back to the case, which says what was done."""
    return redirect(case_address(open_code(), what.value), code=303)
