"""To which place is each sealed value bound? One label for each column that is opened in several rooms."""

from __future__ import annotations

from uuid import UUID

from grievance.store.sealing import Label

FIRST = 1


def channel_label(channel_id: UUID) -> Label:
    """A channel's secret."""
    return Label("channel", "secret_hidden", channel_id, channel_id, FIRST)


def totp_label(member_id: UUID) -> Label:
    """A member's TOTP secret."""
    return Label("member", "totp_hidden", member_id)


def duty_label(duty_id: UUID) -> Label:
    """A duty number."""
    return Label("duty", "number_hidden", duty_id, duty_id, FIRST)


def capsule_label(row_id: UUID, case_id: UUID) -> Label:
    """The number of a case, for texting its complainant."""
    return Label("capsule", "sealed", row_id, case_id)


def sent_to_label(outbox_id: UUID) -> Label:
    """The number that one answer goes to."""
    return Label("outbox", "sealed_to", outbox_id)


def unfinished_label(row_id: UUID) -> Label:
    """A report that was put down, under its receipt."""
    return Label("unfinished_report", "sealed_hidden", row_id)


def receipt_label(column: str, row_id: UUID, case_id: UUID) -> Label:
    """What a receipt leaves with its case: its public half, and the wrap to it."""
    return Label("receipt", column, row_id, case_id)


def apart_label(column: str, row_id: UUID) -> Label:
    """What lies in quarantine: the report, and the public half of its receipt."""
    return Label("quarantine", column, row_id)
