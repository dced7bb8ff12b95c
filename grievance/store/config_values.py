"""To which place is each hidden configuration value bound? One label for each kind of row."""

from __future__ import annotations

from uuid import UUID

from grievance.store.sealing import Label

FIRST = 1


def channel_label(channel_id: UUID) -> Label:
    """A channel's secret."""
    return Label("channel", "secret_hidden", channel_id, channel_id, FIRST)


def totp_label(member_id: UUID) -> Label:
    """A member's TOTP secret."""
    return Label("member", "totp_hidden", member_id, member_id, FIRST)


def duty_label(duty_id: UUID) -> Label:
    """A duty number."""
    return Label("duty", "number_hidden", duty_id, duty_id, FIRST)
