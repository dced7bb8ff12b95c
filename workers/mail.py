"""How does one mail to staff leave? A code and a link; what it is about stays here."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID, uuid4

import structlog

from grievance.actions import delivery, delivery_care, letterbox
from grievance.actions.delivery import Lease
from grievance.actions.letterbox import Letter
from grievance.gateways.contract import SendError, SendFailed
from grievance.gateways.mail import Enclosure, send_mail
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.models import Medium
from grievance.vocabulary import Language
from grievance.wording_mail import Mail, MailTemplate, anchor_mail, mail
from workers.process import Process, utcnow

log = structlog.get_logger()


def send_one(process: Process, outbox_id: UUID, now: datetime) -> bool:
    """Sends one notice to each member it goes to, if it is due. No transaction is open while it is sent."""
    lease = Lease(uuid4(), utcnow() + delivery.LEASE)
    letter = letterbox.take_mail(outbox_id, lease, now=now)
    if letter is None:
        return False
    try:
        _hand_in(process, letter, now)
    except SendFailed as refusal:
        log.warning("mail_refused", outbox_id=str(outbox_id), tries=letter.attempts, error=refusal)
        again = refusal.error is SendError.RETRY
        delivery.failed(letter.id, lease, refusal.code, again=again, actor=SWEEP_ACTOR, now=now)
    else:
        delivery.sent(letter.id, lease, str(letter.id), final=True, actor=SWEEP_ACTOR, now=now)
    return True


def send_waiting(process: Process, now: datetime) -> int:
    """Sends what the doorbell missed, what is due again, and what a lost worker left behind."""
    # A second copy carries the same Message-ID, and readers' programs show one mail.
    delivery_care.settle_lapsed(Medium.MAIL, actor=SWEEP_ACTOR, repeatable=True, now=utcnow())
    waiting = delivery.due(Medium.MAIL, now, actor=SWEEP_ACTOR)
    return sum(send_one(process, outbox_id, now) for outbox_id in waiting)


def _hand_in(process: Process, letter: Letter, now: datetime) -> None:
    """One mail to each member; the last refusal is raised when everybody was tried. Raises SendFailed."""
    refused: SendFailed | None = None
    for member in letter.to:
        text, enclosed = _written(process, letter, member.language)
        try:
            send_mail(
                process.smtp_url, process.mail_from, member.email, text.subject, text.body, now=now,
                message_id=f"{letter.id.hex}.{member.member_id.hex}", enclosed=enclosed,
            )  # fmt: skip
        except SendFailed as refusal:
            refused = refusal
    if refused is not None:
        raise refused


def _written(process: Process, letter: Letter, language: Language) -> tuple[Mail, Enclosure | None]:
    """What one member reads; the anchor of a day goes with it as a file."""
    anchor = letter.anchor
    if anchor is None:
        link = process.public_url + letter.room
        return mail(MailTemplate(letter.template), language, code=letter.code, link=link), None
    text = anchor_mail(
        language, day=anchor.day.isoformat(), digest=anchor.hash.hex(), key=anchor.public_key.hex()
    )
    return text, Enclosure(f"anchor-{anchor.day}.json", json.dumps(anchor.document(), indent=1) + "\n")
