"""How does somebody send a photograph, a recording or a paper? By a plain form; with script in pieces."""

from __future__ import annotations

from uuid import UUID

from flask import jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from grievance import http_errors
from grievance.actions import evidence, evidence_seen
from grievance.cleaning.kinds import BIG, BUSY, FIELD, LARGEST
from grievance.reasons import sentence_of
from grievance.schemas.follow import FileIn
from grievance.store.files import PIECE
from grievance.terms import InvalidInput
from grievance.web import headers
from grievance.web.auth import current_case, current_visitor
from grievance.web.clock import utcnow
from grievance.web.public import words
from grievance.web.public.room import LANG, blueprint

ONE = f"/{LANG}/suivi/fichiers/<uuid:file_id>"
PAGE, BY_SCRIPT = "public.add_file", frozenset({"public.begin_file", "public.take_piece", "public.end_file"})
MISSING = "file_missing"


@blueprint.get(f"/{LANG}/suivi/fichiers")
def files_page(lang: str) -> Response:
    """What was sent, and the form for more."""
    return _page(lang)


@blueprint.post(f"/{LANG}/suivi/fichiers")
def add_file(lang: str) -> Response:
    """One file, whole, from a form without script."""
    sent = request.files.get(FIELD)
    if sent is None or not sent.filename:
        raise InvalidInput(FIELD, MISSING)
    evidence.add(current_case(), sent.filename, sent.read(), actor=current_visitor(), now=utcnow())
    return redirect(url_for(".files_page", lang=lang, fait="fichier"), code=303)


@blueprint.post(f"{ONE}/debut")
def begin_file(lang: str, file_id: UUID) -> Response:
    """A file will come in pieces: how much of it is here?"""
    said = FileIn().load(request.form)
    here = evidence.begin(
        current_case(), file_id, said["nom"], said["taille"], actor=current_visitor(), now=utcnow()
    )
    return jsonify(here=here)


@blueprint.post(f"{ONE}/morceau")
def take_piece(lang: str, file_id: UUID) -> Response:
    """One piece, from the byte `a` on."""
    at, data = request.args.get("a", -1, type=int), request.get_data()
    return jsonify(here=evidence.take(current_case(), file_id, at, data, actor=current_visitor()))


@blueprint.post(f"{ONE}/fin")
def end_file(lang: str, file_id: UUID) -> Response:
    """All pieces are here: the file is looked at, and kept or refused."""
    return jsonify(done=evidence.end(current_case(), file_id, actor=current_visitor(), now=utcnow()))


@blueprint.errorhandler(InvalidInput)
def not_taken(error: InvalidInput) -> Response:
    """Why a file was refused, on the page that sent it."""
    status = 503 if error.reason == BUSY else 422
    if request.endpoint in BY_SCRIPT:
        return make_response(jsonify(told=str(sentence_of(error.reason))), status)
    if request.endpoint != PAGE:
        return http_errors.answer(422, wrong=(sentence_of(error.reason),))
    return _page((request.view_args or {}).get("lang", "fr"), refused=error.reason, status=status)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response:
    """More than any request may hold: it was not even read."""
    if request.endpoint != PAGE:
        return http_errors.answer(413)
    return _page((request.view_args or {}).get("lang", "fr"), refused=BIG, status=413)


def _page(lang: str, *, refused: str = "", status: int = 200) -> Response:
    sent = evidence_seen.own(current_case(), actor=current_visitor())
    body = render_template(
        "public/fichiers.html", lang=lang, files=sent, more=evidence.MOST_FILES - len(sent), piece=PIECE,
        largest=LARGEST, key=current_case().hex, kinds=words.FILES,
        refused=sentence_of(refused) if refused else None, done=words.DONE.get(request.args.get("fait", "")),
    )  # fmt: skip
    response = make_response(body, status)
    return headers.allow(response, "connect-src 'self'", recordings=True)
