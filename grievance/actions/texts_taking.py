"""What is at hand while one text is taken? Whose it is, which case it is about, what is left to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from grievance.actions import texts_deeds
from grievance.actions.sms_keys import SmsKeys
from grievance.actions.texts_memory import Memory
from grievance.store.models import Case, ChannelRow, Inbound


@dataclass
class Taking:
    """One text while it is taken: whose it is, about which case, and what is left to do afterwards."""

    session: Session
    keys: SmsKeys = field(repr=False)
    channel: ChannelRow
    memory: Memory
    row: Inbound
    text: str = field(repr=False)
    named: Case | None
    now: datetime
    own: Case | None = None
    deeds: list[texts_deeds.Deed] = field(default_factory=list, repr=False)
    kept: bool = False

    @property
    def about(self) -> Case | None:
        """The case that the text names, else the conversation's own."""
        return self.named or self.own
