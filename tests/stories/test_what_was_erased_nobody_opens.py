"""A case's time is over, or its person said no: does anybody still open it, with every key there ever was?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest

from config.retention import load_retention
from grievance.actions import cases, follow, intake, objections, referrals, retention, visits
from grievance.local import backing_up, copies
from grievance.schemas.desk import AppealDecision, Closing
from grievance.schemas.follow import AppealTo
from grievance.store import receipts
from grievance.store.config_values import receipt_label
from grievance.store.models import Receipt, Wrap
from grievance.store.sealing import WRAPPED_BYTES, open_box
from grievance.terms import CannotOpen, NotFound, Pair
from grievance.vocabulary import Outcome, Settled
from tests import desk_work, superuser
from tests.fixtures import Town
from tests.services import Services
from tests.stories.phones import Phone

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
KEPT = load_retention()
BYTES = re.compile(rb"\\\\x([0-9a-f]{160,})")


def keys(town: Town, receipt: str | None = None) -> dict[str, list[Pair]]:
    """Whoever held a key, and all of them."""
    world = town.world
    held = {
        "desk": world.desk, "back-up": world.backup, "company": world.provider, "client": world.mine,
        "overseer": world.overseer,
    }  # fmt: skip
    found = {name: list(tenant.pairs.values()) for name, tenant in held.items()}
    return found | ({"receipt": [receipts.open_receipt(receipt).pair]} if receipt else {})


def opens(value: bytes, pairs: list[Pair]) -> bool:
    for pair in pairs:
        try:
            open_box(value[:WRAPPED_BYTES], pair)
        except CannotOpen:
            continue
        return True
    return False


def who_opens(values: list[bytes], held: dict[str, list[Pair]]) -> set[str]:
    """Whose keys open any of these."""
    return {name for name, pairs in held.items() if any(opens(value, pairs) for value in values)}


def wraps(services: Services, town: Town, case_id: UUID) -> list[bytes]:
    """What stands in the database of the case's keys; also what is behind the receipt."""
    pepper = receipts.Pepper(town.keys.pepper)
    behind = [
        pepper.reveal(row.wraps_hidden, receipt_label("wraps_hidden", row.id, row.case_id))
        for row in superuser.rows(services, town, Receipt)
        if row.case_id == case_id
    ]
    return behind + [row.wrapped for row in superuser.rows(services, town, Wrap) if row.case_id == case_id]


def in_file(file: Path) -> list[bytes]:
    """Every value of bytes in a backup's file that is long enough to be a sealed box."""
    return [bytes.fromhex(found.decode()) for found in _hex(file)]


def _hex(file: Path) -> Iterator[bytes]:
    with ZipFile(file) as kept:
        for name in kept.namelist():
            if name != "member_key":  # an organisation's own keys, for its members: no case's
                yield from BYTES.findall(kept.read(name))


def lived(town: Town) -> tuple[str, str, str, UUID]:
    """A case that every kind of reader opened, and its end: its code, a referral's, the receipt, its id."""
    receipt = receipts.mint()
    opening = receipts.open_receipt(receipt)
    half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
    desk, overseer = town.world.desk.actor, town.world.overseer.actor
    got = intake.receive(desk_work.report(town), opening=half, now=NOW)
    cases.know_nobody(got.code, actor=desk, now=NOW)
    cases.take(got.code, actor=desk, now=NOW)
    cases.triage(got.code, desk_work.decided(town), actor=desk, now=NOW)
    referral = referrals.refer(got.code, desk_work.draft(town.world.provider.id), actor=desk, now=NOW)
    referrals.answer(referral, "Excuses.", actor=town.world.provider.actor, now=NOW + DAY)
    referrals.relay(referral, "Ils s'excusent.", actor=desk, now=NOW + DAY)
    referrals.settle(referral, Settled.YES, actor=desk, now=NOW + 2 * DAY)
    ended = Closing(Outcome.ANSWER_ACCEPTED, "Voici pourquoi.")
    cases.close(got.code, ended, actor=desk, now=NOW + 3 * DAY)
    person = visits.actor_of(opening)
    objections.appeal(got.case_id, AppealTo.OVERSEER, "Non.", actor=person, now=NOW + 4 * DAY)
    cases.know_nobody(got.code, actor=overseer, now=NOW + 5 * DAY)
    stands = AppealDecision(True, "La décision reste.", Outcome.ANSWER_ACCEPTED)
    cases.decide_appeal(got.code, stands, actor=overseer, now=NOW + 5 * DAY)
    return got.code, referral, receipt, got.case_id


def test_after_its_time_a_case_opens_for_nobody_and_its_backup_thirty_days_later_neither(
    town: Town, services: Services, tmp_path: Path
) -> None:
    code, referral, receipt, case_id = lived(town)
    held, over = keys(town, receipt), NOW + 5 * DAY + KEPT.closed_case
    everybody = {"desk", "back-up", "company", "overseer", "receipt"}
    assert who_opens(wraps(services, town, case_id), held) >= everybody
    file = tmp_path / "grievance.backup"
    backing_up.backup(town.database.backup_url, file, keys={}, anchor=None, now=over - DAY)
    assert who_opens(in_file(backing_up.wraps_file(file)), held) >= everybody - {"receipt"}

    retention.tell(over - 30 * DAY)
    assert retention.erase(over) == 1

    assert wraps(services, town, case_id) == []
    for actor in (town.world.desk.actor, town.world.backup.actor, town.world.overseer.actor):
        with pytest.raises(NotFound):
            cases.seen(code, actor, over)
    with pytest.raises(NotFound):
        referrals.referral_seen(referral, town.world.provider.actor, over)
    with pytest.raises(follow.WrongReceipt):
        follow.come_back(receipt, now=over)

    assert copies.forget_old_wraps(tmp_path, over + 29 * DAY) == []
    assert copies.forget_old_wraps(tmp_path, over + 30 * DAY) == [backing_up.wraps_file(file).name]
    assert len(in_file(file)) > 20
    assert who_opens(in_file(file), held) == set()


def test_after_a_late_no_no_key_opens_what_a_text_left(town: Town, services: Services) -> None:
    phone = Phone(town)
    phone.post("Les gardes ont battu mon frere hier pres du portail")
    phone.work()
    phone.work(after=timedelta(minutes=11))
    (case,) = phone.cases()
    held = keys(town)
    assert who_opens(wraps(services, town, case.id), held) >= {"desk", "back-up"}
    phone.says("2")
    assert wraps(services, town, case.id) == []
