"""What stands of reports that were put down, and how does the one who may go on with them open them?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from grievance.actions import intake, unfinished
from grievance.store import receipts
from grievance.store.config_values import unfinished_label
from grievance.store.receipts import Opening, Pepper
from grievance.store.sealing import unseal_whole
from grievance.terms import CannotOpen


@dataclass
class Drafts:
    """The receipts under which something was put down."""

    kept: list[Opening] = field(default_factory=list, repr=False)

    def put_down(self, now: datetime) -> None:
        """Two reports that somebody means to go on with."""
        for _ in range(2):
            opening = receipts.open_receipt(receipts.mint())
            half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
            unfinished.keep("Je continue demain.", half, now=now)
            self.kept.append(opening)

    def openers(self, pepper: Pepper) -> dict[tuple[str, str], Callable[[Any], object]]:
        """Found by the receipt's lookup, opened with its other half."""

        def draft(row: Any) -> bytes:
            finds = [one for one in self.kept if row.lookup_hidden in pepper.candidates(one.lookup)]
            if not finds:
                raise CannotOpen
            label = unfinished_label(row.id)
            return unseal_whole(pepper.reveal(row.sealed_hidden, label), finds[0].pair, label)

        return {("unfinished_report", "lookup_hidden"): draft, ("unfinished_report", "sealed_hidden"): draft}
