"""Keys change while people report, come back and text: nobody is refused, nothing is lost."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from config.keys import VersionedKey, newest_alone, used, with_new
from grievance.actions import follow, intake, rotation, totp
from grievance.actions.rotation import seal_anew
from grievance.actions.sealed_columns import EnvironmentKey
from grievance.store import receipts
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Case, Inbound, Member, Receipt
from grievance.store.sealing import pair_of
from grievance.store.session import transaction
from tests import apps, desk_work, superuser
from tests.figures import Tell
from tests.fixtures import Town
from tests.services import Services
from tests.stories.phones import Phone

SECRET = "JBSWY3DPEHPK3PXP"
Change = Callable[[VersionedKey], VersionedKey]
STORED = (EnvironmentKey.PEPPER, EnvironmentKey.CONFIG, EnvironmentKey.INTAKE, EnvironmentKey.NOTIFIER)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class House:
    """Two web processes and one SMS worker over one database, restarted one after the other."""

    town: Town
    webs: list[Flask]
    receipts: list[str] = field(default_factory=list)
    doubles: int = 0
    texts: int = 0
    faults: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def restart(self, web: Flask, keys: apps.TestKeys) -> None:
        """This process has these keys from now on; the requests in it end as they began."""
        town = self.town
        web.config["SETTINGS"] = apps.web_settings(town.database, town.redis_url, keys, town.recorded)

    def goes_on(self, count: int) -> None:
        """Waits until this many more people reported, came back and texted, each."""
        before, give_up = dict(self.done), time.monotonic() + 60
        while any(self.done[name] < before[name] + count for name in before):
            assert time.monotonic() < give_up, "the work stands still"
            time.sleep(0.01)

    def run(self, work: Callable[[int], None]) -> threading.Thread:
        """Does this again and again until it is over; whatever goes wrong is a fault."""

        def again() -> None:
            turn = 0
            while not self.over.is_set():
                try:
                    work(turn)
                    self.done[work.__name__] += 1
                except Exception as fault:  # every fault counts, of whatever kind
                    self.faults.append(f"{work.__name__}: {type(fault).__name__} {fault}")
                turn += 1

        thread = threading.Thread(target=again, daemon=True)
        thread.start()
        return thread

    def report(self, turn: int) -> None:
        """Somebody reports; the network sends it twice, the second time to the other process."""
        receipt = receipts.mint()
        opening = receipts.open_receipt(receipt)
        half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
        seen = []
        for web in (self.webs[turn % 2], self.webs[(turn + 1) % 2]):
            with web.app_context():
                report = desk_work.report(self.town, safe_contact="sms", phone="+243880000055")
                seen.append(intake.receive(report, opening=half, now=now()))
        self.doubles += len({one.case_id for one in seen}) - 1
        assert seen[1].already
        self.receipts.append(receipt)

    def come_back(self, turn: int) -> None:
        """Somebody comes back with a receipt, to one process or the other."""
        if not self.receipts:
            time.sleep(0.05)
            return
        with self.webs[turn % 2].app_context():
            follow.come_back(self.receipts[turn % len(self.receipts)], now=now())

    def text(self, turn: int) -> None:
        """Somebody texts through the gateway, which tries again; the worker answers."""
        phone = Phone(self.town, number=f"+2438800{turn % 100_000:05d}")
        event = str(uuid4())
        with self.town.app.app_context():
            for _ in range(2):
                assert phone.post(f"Les gardes nous ont frappes {turn}", event=event).status_code == 200
            self.texts += 1
            phone.work()


@pytest.fixture
def house(town: Town, tmp_path: Path) -> Iterator[House]:
    second = apps.make_app(town.database, town.redis_url, town.keys, tmp_path)
    yield House(town, [town.app, second])
    apps.close(second)


def change_key(keys: apps.TestKeys, name: EnvironmentKey, change: Change) -> None:
    """The installation's keys after one step."""
    if name in (EnvironmentKey.INTAKE, EnvironmentKey.NOTIFIER):
        private = change(getattr(keys, f"{name.value}_private"))
        setattr(keys, f"{name.value}_private", private)
        public = VersionedKey([(version, pair_of(half).public) for version, half in private])
        setattr(keys, f"{name.value}_public", public)
        return
    setattr(keys, name.value, change(getattr(keys, name.value)))


def rotate(house: House, name: EnvironmentKey, pause: int) -> rotation.Changed:
    """All steps of one change, each process restarted by itself in the middle of the work."""
    keys = house.town.keys
    for change in (lambda key: with_new(key, os.urandom(32)), used):
        change_key(keys, name, change)
        for web in house.webs:
            house.goes_on(pause)
            house.restart(web, keys)
    house.goes_on(pause)
    held = getattr(keys, f"{name.value}_private", None) or getattr(keys, name.value)
    done = seal_anew(name, held, now=now())
    assert (done.left, done.unreadable) == (0, 0)
    change_key(keys, name, newest_alone)
    for web in house.webs:
        house.restart(web, keys)
    return done


def played(house: House, pause: int) -> dict[EnvironmentKey, rotation.Changed]:
    """The work goes on in three threads while four keys change, one after the other."""
    house.report(0)
    works = (house.report, house.come_back, house.text)
    house.done.update({work.__name__: 1 for work in works})
    threads = [house.run(work) for work in works]
    house.goes_on(pause)
    done = {name: rotate(house, name, pause) for name in STORED}
    house.over.set()
    for thread in threads:
        thread.join(60)
    return done


def holds(house: House, services: Services) -> None:
    """Everything that was acknowledged is there, once, and opens under the new keys alone."""
    town = house.town
    assert house.faults == []
    assert house.doubles == 0
    with transaction(SMS_ACTOR) as session:
        cases = len(session.scalars(select(Case)).all())
        kept = session.scalars(select(Inbound)).all()
    assert len(kept) == house.texts
    assert cases == len(house.receipts) + house.texts
    versions = {row.lookup_hidden[:2] for row in superuser.rows(services, town, Receipt)}
    assert versions == {b"\x00\x02"}
    for receipt in house.receipts:
        follow.come_back(receipt, now=now())
    last = Phone(town, number="+243880099999")
    assert last.says("Mbwa ya walinzi imeniuma leo")


def test_four_keys_change_under_load_and_nothing_is_lost_or_refused(house: House, services: Services) -> None:
    member = house.town.world.desk.members[0].row
    hidden = totp.hidden(member.id, SECRET, house.town.keys.config)
    given = update(Member).where(Member.id == member.id).values(totp_hidden=hidden)
    superuser.run(services, house.town, given)

    done = played(house, 1)

    holds(house, services)
    assert done[EnvironmentKey.PEPPER].moved > 0
    assert done[EnvironmentKey.CONFIG].moved == 2
    with transaction(SMS_ACTOR) as session:
        kept = session.get(Member, member.id)
    assert totp.shown(kept, house.town.keys.config) == SECRET


@pytest.mark.proof
def test_four_keys_change_under_a_long_load(house: House, services: Services, figure: Tell) -> None:
    began = time.monotonic()
    done = played(house, 25)
    holds(house, services)
    figure(
        f"keys changed under load: {len(house.receipts)} reports, {house.texts} texts in"
        f" {time.monotonic() - began:.0f} s, 0 lost, 0 refused, 0 doubled;"
        f" sealed anew: { {name.value: one.moved for name, one in done.items()} }"
    )
