"""How does a machine send a report? As a form does: the same schema, the same function, the same flood."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, current_app
from flask_babel import force_locale

from grievance.actions import intake, quarantine
from grievance.actions.intake import ReceiptHalf
from grievance.i18n import LOCALES
from grievance.rules.floods import Gate, Knock
from grievance.rules.triage import Urgent
from grievance.schemas.api import PutApartOut, ReceivedOut, report_fields
from grievance.schemas.report import ReportIn
from grievance.store import receipts
from grievance.vocabulary import Language
from grievance.web import floods
from grievance.web.api import reading, words
from grievance.web.api.room import LANGUAGE_ASKED, served, shown
from grievance.web.clock import utcnow
from grievance.web.csrf import acts_on_no_cookie

KEY_SENT = {
    "in": "header", "name": reading.KEY, "required": True, "schema": {"type": "string", "format": "uuid"},
    "description": "A random UUID. The same key with the same body is one case and gets the same receipt.",
}  # fmt: skip


@served(
    "POST", "/reports",
    {
        201: (ReceivedOut, "The report is kept, durably."),
        200: (ReceivedOut, "This very report was kept before."),
        202: (PutApartOut, "Kept, durably; very many came from there, so a person looks at it first."),
    },
    (400, 413, 415, 422),
    parameters=[LANGUAGE_ASKED, KEY_SENT],
    requestBody={"required": True, "content": {"application/json": {"schema": report_fields()}}},
)  # fmt: skip
@acts_on_no_cookie
def report() -> Response:
    """Sends a report. Nobody is refused for a flood; in one, the report waits for a person's look."""
    now, sent = utcnow(), reading.body()
    told, receipt = reading.report_of(sent, now), _receipt(reading.own_key(), sent)
    if floods.knock(Knock.REPORT, now) is Gate.OPEN:
        return _received(told, receipt, _half(receipt), now)
    half = _half(receipt, in_crowd=True)
    if intake.received_before(half) is not None:
        return _received(told, receipt, half, now)
    return _put_apart(told, receipt, half, now)


def _received(told: dict[str, Any], receipt: str, half: ReceiptHalf, now: datetime) -> Response:
    kept = intake.receive(ReportIn().load(told), opening=half, now=now)
    answer = {
        "code": kept.code, "desk": kept.desk_name, "backup": kept.backup_name, "answer_by": kept.answer_by,
        **_beside(receipt, Language(told["language"]), kept.urgent),
    }  # fmt: skip
    return shown(ReceivedOut, answer, 200 if kept.already else 201)


def _put_apart(told: dict[str, Any], receipt: str, half: ReceiptHalf, now: datetime) -> Response:
    kept = quarantine.put_apart(told, half, now=now)
    answer = {"desk": kept.desk_name, "look_by": kept.look_by}
    return shown(PutApartOut, answer | _beside(receipt, Language(told["language"]), kept.urgent), 202)


def _beside(receipt: str, language: Language, urgent: tuple[Urgent, ...]) -> dict[str, Any]:
    """What each answer carries: the receipt, help in the report's own language, the way back."""
    with force_locale(LOCALES[language]):
        sentences = [words.help_for(one) for one in urgent]
    return {"receipt": receipts.shown(receipt), "help": sentences, "follow": f"/{language.value}/suivi"}


def _receipt(key: UUID, sent: dict[str, Any]) -> str:
    told = json.dumps(sent, sort_keys=True)
    token_key = current_app.config["SETTINGS"].token_key
    return receipts.minted_for(f"{key}\n{told}".encode(), token_key)


def _half(receipt: str, *, in_crowd: bool = False) -> ReceiptHalf:
    opening = receipts.open_receipt(receipt, in_crowd=in_crowd)
    return ReceiptHalf(opening.lookup, opening.pair.public)
