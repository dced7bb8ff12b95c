"""How does somebody come back? The receipt opens their page; each thing to do there is one small form."""

from __future__ import annotations

import time
from datetime import datetime

from flask import g, make_response, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from grievance import http_errors
from grievance.actions import (
    evidence_seen,
    follow,
    objections,
    proofs,
    receipts_given,
    regret,
    reprisals,
    visits,
    voice,
)
from grievance.actions.follow import WrongReceipt
from grievance.actions.unfinished import StillUnfinished
from grievance.rules.floods import Gate, Knock
from grievance.schemas.follow import (
    AppealIn,
    AppealTo,
    CallIn,
    ConsentIn,
    DisputeIn,
    ReceiptIn,
    RemedyIn,
    SettledIn,
    SureIn,
    WellIn,
    WordsIn,
)
from grievance.schemas.receipts import SecretWordIn
from grievance.terms import Actor
from grievance.vocabulary import Settled
from grievance.web import floods
from grievance.web.auth import current_case, current_session, current_visitor
from grievance.web.clock import utcnow
from grievance.web.csrf import at_the_door
from grievance.web.headers import FORGET
from grievance.web.journal import proof_file
from grievance.web.public import apart, challenge, report, words
from grievance.web.public.room import LANG, blueprint
from grievance.web.whole import read_whole

# Seconds that every try of a receipt takes at least: two or three times its work on a small machine.
EVEN = 0.2
# The one endpoint of this room that is no page of a visit.
REPORT = "public.answered"
# What the page with the receipt asks for: straight to photographs and recordings, or to taking it all back.
TOWARDS = {"fichiers": ".files_page", apart.ERASE: ".take_back", apart.ERASE_NOW: ".take_back"}


@blueprint.get(f"/{LANG}/suivi")
def receipt_page(lang: str) -> Response | str:
    """Asks for the receipt; whoever is in already goes to their page."""
    living = current_session().living
    if living is not None and living.case_id is not None:
        return redirect(url_for(".own_page", lang=lang), code=303)
    return _asked_for_receipt(lang)


@blueprint.post(f"/{LANG}/suivi")
@at_the_door
def come_back(lang: str) -> Response:
    """Opens the visit. Wrong and unknown receipts get the same page after the same work.

    Who tries very often, or comes in a flood, first answers a small question; nobody is shut out.
    """
    now = utcnow()
    g.not_before = time.monotonic() + EVEN
    typed = ReceiptIn().load(request.form)["recu"]
    if floods.knock(Knock.RECEIPT, now) is not Gate.OPEN and not challenge.spent(request.form, now):
        return _first_a_question(lang, now)
    current_session().begin(follow.come_back(typed, now=now))
    towards = TOWARDS.get(request.form.get(apart.FIELD, ""), ".own_page")
    return redirect(url_for(towards, lang=lang), code=303)


@blueprint.after_request
def answer_evenly(response: Response) -> Response:
    """Waits until a receipt that exists would have been answered: only its visit is written down."""
    left = g.get("not_before", 0.0) - time.monotonic()
    if left > 0:
        time.sleep(left)
    return response


def _first_a_question(lang: str, now: datetime) -> Response:
    """The same page with a question; the receipt stays in its field."""
    failed = challenge.TRIAL in request.form
    asked = challenge.fresh(now, wrong=failed)
    body = _asked_for_receipt(lang, challenge=asked, typed=request.form.get("recu", ""))
    return make_response(body, 422 if failed else 200)


def _asked_for_receipt(lang: str, **more: object) -> str:
    wished = request.form.get(apart.FIELD, "")
    towards = wished if wished in TOWARDS else ""
    shown = {"unknown": False, "typed": "", "challenge": None, "towards": towards}
    return render_template("public/suivi.html", lang=lang, **shown | more)


@blueprint.errorhandler(WrongReceipt)
def wrong_receipt(error: WrongReceipt) -> Response:
    """The same words, whatever was wrong; what was typed stays in its field, to be corrected."""
    lang, now = (request.view_args or {}).get("lang", "fr"), utcnow()
    asked = None if floods.look(Knock.RECEIPT, now) is Gate.OPEN else challenge.fresh(now)
    typed = request.form.get("recu", "")
    return make_response(_asked_for_receipt(lang, unknown=True, challenge=asked, typed=typed), 422)


@blueprint.errorhandler(StillUnfinished)
def go_on(error: StillUnfinished) -> Response:
    """The receipt of a report that was put down: the page where it was, with every answer."""
    lang = (request.view_args or {}).get("lang", "fr")
    return report.taken_up(lang, error.words, error.receipt, utcnow())


@blueprint.get(f"/{LANG}/suivi/dossier")
@read_whole
def own_page(lang: str) -> Response:
    """Where things stand, what was said, and what this person can do."""
    return _page(lang)


@blueprint.errorhandler(ValidationError)
def not_valid(error: ValidationError) -> Response:
    """The same page again, with what was typed and what to put right."""
    if request.endpoint == REPORT:
        return http_errors.answer(422)
    wrong = frozenset(error.messages_dict)
    return _page((request.view_args or {}).get("lang", "fr"), wrong=wrong, status=422)


@blueprint.post(f"/{LANG}/suivi/ajouter")
def add(lang: str) -> Response:
    """A further message."""
    said = WordsIn().load(request.form)
    voice.add(current_case(), said["texte"], actor=current_visitor(), now=utcnow())
    return _done(lang, "ajouter")


@blueprint.post(f"/{LANG}/suivi/accord")
def consent(lang: str) -> Response:
    """Agrees that one company reads a summary, or takes it back."""
    said = ConsentIn().load(request.form)
    voice.consent(
        current_case(), said["societe"], allowed=said["accord"], actor=whole_visitor(), now=utcnow()
    )
    return _done(lang, "accord")


@blueprint.post(f"/{LANG}/suivi/reponse")
def settle(lang: str) -> Response:
    """Says whether an answer settles it; "another organisation" is an appeal as well."""
    said = SettledIn().load(request.form)
    actor, now = whole_visitor(), utcnow()
    voice.settle(
        current_case(), said["transmission"], said["reponse"], text=said["texte"], actor=actor, now=now
    )
    return _done(lang, "recours" if said["reponse"] is Settled.ANOTHER_BODY else "reponse")


@blueprint.post(f"/{LANG}/suivi/reparation/<any(oui, non):came>")
def judge_remedy(lang: str, came: str) -> Response:
    """Says whether a remedy came."""
    said = RemedyIn().load(request.form)
    voice.judge_remedy(
        current_case(), said["reparation"], came=came == "oui", actor=whole_visitor(), now=utcnow()
    )
    return _done(lang, "reparation")


@blueprint.post(f"/{LANG}/suivi/appel")
def ask_call(lang: str) -> Response:
    """Asks for a call, on the number given before or on another one."""
    said = CallIn().load(request.form)
    voice.ask_call(
        current_case(), said["texte"], phone=said["telephone"], actor=current_visitor(), now=utcnow()
    )
    return _done(lang, "appel")


@blueprint.post(f"/{LANG}/suivi/nouvelles")
def how_are_you(lang: str) -> Response:
    """Says how they are since they complained; "not well" is heard at once."""
    well = WellIn().load(request.form)["bien"]
    reprisals.how_are_you(current_case(), well=well, actor=current_visitor(), now=utcnow())
    return _done(lang, "bien" if well else "pasbien")


@blueprint.post(f"/{LANG}/suivi/retirer")
def withdraw(lang: str) -> Response:
    """Stops everything; the first time only asks whether that is meant."""
    actor = whole_visitor()
    if not SureIn().load(request.form)["sur"]:
        return make_response(render_template("public/retirer.html", lang=lang))
    voice.withdraw(current_case(), actor=actor, now=utcnow())
    return _done(lang, "retirer")


@blueprint.get(f"/{LANG}/suivi/effacer")
def take_back(lang: str) -> str:
    """Asks whether everything is to go; where somebody has opened it, says what can still be done."""
    possible = regret.may_take_back(current_case(), actor=current_visitor(), now=utcnow())
    return render_template("public/effacer.html", lang=lang, possible=possible)


@blueprint.post(f"/{LANG}/suivi/effacer")
def taken_back(lang: str) -> Response:
    """Erases everything, and ends the visit; the browser forgets it too."""
    regret.take_back(current_case(), actor=current_visitor(), now=utcnow())
    current_session().end()
    response = make_response(render_template("public/efface.html", lang=lang))
    response.headers.update(FORGET)
    return response


@blueprint.post(f"/{LANG}/suivi/reprendre")
def resume(lang: str) -> Response:
    """Goes on after all."""
    voice.resume(current_case(), actor=whole_visitor(), now=utcnow())
    return _done(lang, "reprendre")


@blueprint.post(f"/{LANG}/suivi/contester")
def dispute(lang: str) -> Response:
    """Does not accept how it ended."""
    said = DisputeIn().load(request.form)
    objections.dispute(current_case(), said["texte"], actor=whole_visitor(), now=utcnow())
    return _done(lang, "contester")


@blueprint.post(f"/{LANG}/suivi/recours")
def appeal(lang: str) -> Response:
    """Asks another body to look again."""
    said = AppealIn().load(request.form)
    objections.appeal(
        current_case(), said["organe"], said["texte"], evidence_too=said["preuves"], actor=whole_visitor(),
        now=utcnow(),
    )  # fmt: skip
    return _done(lang, "recours")


@blueprint.get(f"/{LANG}/suivi/preuve")
def proof(lang: str) -> Response:
    """A file of hashes which shows that this report existed on its day. Raises Refused until it is signed."""
    return proof_file(proofs.of_own_case(actor=whole_visitor()))


@blueprint.post(f"/{LANG}/suivi/mot")
def choose_word(lang: str) -> Response:
    """Chooses the word that shows who they are when the receipt is lost."""
    word = SecretWordIn().load(request.form)["mot"]
    receipts_given.choose_word(current_case(), word, actor=whole_visitor(), now=utcnow())
    return _done(lang, "mot")


@blueprint.post(f"/{LANG}/suivi/fermer")
def leave_visit(lang: str) -> Response:
    """Ends the visit, and the browser forgets it."""
    current_session().end()
    response = redirect(url_for(".start", lang=lang), code=303)
    response.headers.update(FORGET)
    return response


def whole_visitor() -> Actor:
    """The complainant whose receipt opens their thread, for whatever decides. Raises NotSignedIn, Refused."""
    return visits.whole(current_visitor())


def _page(lang: str, *, wrong: frozenset[str] = frozenset(), status: int = 200) -> Response:
    now = utcnow()
    body = render_template(
        "public/dossier.html", lang=lang, case=follow.seen(current_case(), actor=current_visitor(), now=now),
        words=words, wrong=(request.endpoint or "").rpartition(".")[2] if wrong else "", to=AppealTo,
        files=evidence_seen.own(current_case(), actor=current_visitor()), kinds=words.FILES,
        about=request.form.get("transmission", ""), typed=request.form.get("texte", ""),
        done=words.DONE.get(request.args.get("fait", "")), today=now,
    )  # fmt: skip
    return make_response(body, status)


def _done(lang: str, what: str) -> Response:
    return redirect(url_for(".own_page", lang=lang, fait=what), code=303)
