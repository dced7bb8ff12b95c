"""What stands sealed for another desk? A case of the back-up's own province."""

from __future__ import annotations

from datetime import datetime

from grievance.actions import cases, intake
from grievance.store import receipts
from tests import desk_work, sealed_files
from tests.fixtures import Town


def case_of_the_back_up(town: Town, now: datetime) -> str:
    """With a name, a number, a message and a file; gives its receipt."""
    desk, receipt = town.world.backup.actor, receipts.mint()
    opening = receipts.open_receipt(receipt)
    half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
    told = {"province": "Haut-Katanga", "site_id": None, "safe_contact": "sms", "phone": "+243880000109"}
    report = desk_work.report(town, name="Autre Nom Inventé", **told)
    code = intake.receive(report, opening=half, now=now).code
    cases.know_nobody(code, actor=desk, now=now)
    cases.take(code, actor=desk, now=now)
    cases.write(code, "Nous avons lu votre message à Lubumbashi.", actor=desk, now=now)
    sealed_files.send(code, actor=desk, now=now)
    return receipt
