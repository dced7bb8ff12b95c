"""What can the queue ask for? Two jobs: take a text, send a notice. Each takes an id and may run twice."""

from __future__ import annotations

from uuid import UUID

from workers import mail, process, sms


def converse(inbound_id: str) -> None:
    """Takes one text that came in."""
    held = process.current()
    with held.app.app_context():
        sms.converse(held, UUID(inbound_id), process.utcnow())


def send(outbox_id: str) -> None:
    """Sends one notice, if it is due and nobody else has it."""
    held = process.current()
    with held.app.app_context():
        sender = sms.send_one if held.sms is not None else mail.send_one
        sender(held, UUID(outbox_id), process.utcnow())
