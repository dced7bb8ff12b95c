"""Keys change while reports of a flood lie apart: does every one of them still become its sender's case?"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.keys import newest_alone, used, with_new
from grievance.actions import follow, intake, key_changes, quarantine, visits
from grievance.actions.key_changes import QUIET, QUIET_FOR_SLIPS
from grievance.actions.rotation import seal_anew
from grievance.actions.sealed_columns import EnvironmentKey
from grievance.store import receipts
from grievance.store.models import Apart, Case, MemberKey, Receipt
from grievance.terms import Actor, Altered
from grievance.vocabulary import ReaderKind
from tests import apps, desk_work, superuser
from tests.actions.test_key_changes import again, lead_of, newest
from tests.fixtures import Town
from tests.services import Services

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
STORY = "Les gardes ont fermé le chemin de la rivière."


def sent(town: Town, receipt: str, **more: object) -> quarantine.PutApart:
    """A report that came in a flood, under this receipt."""
    return quarantine.put_apart(desk_work.told(town, story=STORY, **more), half(receipt), now=NOW)


def half(receipt: str) -> intake.ReceiptHalf:
    opening = receipts.open_receipt(receipt)
    return intake.ReceiptHalf(opening.lookup, opening.pair.public)


def with_pepper(town: Town, change: object) -> None:
    """The web restarts with its pepper changed so."""
    town.keys.pepper = change(town.keys.pepper)
    settings = apps.web_settings(town.database, town.redis_url, town.keys, town.recorded)
    town.app.config["SETTINGS"] = settings


def another(key: object) -> object:
    return used(with_new(key, os.urandom(32)))


def keep_all(actor: Actor) -> int:
    return quarantine.keep([one for each in quarantine.seen(actor) for one in each.ids], actor=actor, now=NOW)


def thread(receipt: str, town: Town) -> list[str]:
    """What its holder reads on their own page."""
    actor = visits.actor_of(receipts.open_receipt(receipt))
    return [line.text for line in follow.seen(actor.case_id, actor=actor, now=NOW).thread]


def test_the_pepper_changes_and_whoever_came_in_a_flood_still_finds_their_report(
    town: Town, services: Services
) -> None:
    receipt = receipts.mint()
    sent(town, receipt)
    with_pepper(town, another)
    with pytest.raises(follow.NotKeptYet):
        follow.come_back(receipt, now=NOW)
    assert sent(town, receipt).already, "the same form, the first time under the older pepper"

    done = seal_anew(EnvironmentKey.PEPPER, town.keys.pepper, now=NOW)
    assert (done.moved, done.left, done.unreadable) == (3, 0, 0)
    with_pepper(town, newest_alone)
    with pytest.raises(follow.NotKeptYet):
        follow.come_back(receipt, now=NOW)
    assert keep_all(town.world.desk.actor) == 1
    assert STORY in thread(receipt, town)


@pytest.mark.parametrize("rotates", [False, True])
def test_one_receipt_is_one_case_whether_or_not_the_pepper_changed_between(
    rotates: bool, town: Town, services: Services
) -> None:
    receipt = receipts.mint()
    sent(town, receipt)
    intake.receive(desk_work.report(town, story=STORY), opening=half(receipt), now=NOW)
    if rotates:
        with_pepper(town, another)
    sent(town, receipt, wished="Rouvrir le chemin.")

    assert keep_all(town.world.desk.actor) == 2
    assert superuser.count(services, town, Case) == superuser.count(services, town, Receipt) == 1
    assert superuser.count(services, town, Apart) == 0
    read = thread(receipt, town)
    assert (read.count(STORY), read.count("Rouvrir le chemin.")) == (1, 1)


def changed(town: Town, *kinds: ReaderKind) -> list[bytes]:
    """The desk's keys of these kinds change; gives their older public halves."""
    older = [newest(town, kind).public_key for kind in kinds]
    key_changes.start(kinds, actor=again(lead_of(town)), now=NOW)
    second = again(town.world.desk.members[0])
    for one in key_changes.seen(actor=second).pending:
        key_changes.agree(one.key_id, actor=second, now=NOW)
    return older


KINDS = (ReaderKind.TRIAGE, ReaderKind.LANE_SEXUAL_VIOLENCE, ReaderKind.LANE_CHILD)


def test_an_older_key_stays_until_no_report_lies_under_it_and_then_all_are_kept(
    town: Town, services: Services
) -> None:
    harms = (["assault"], ["sexual_violence"], ["child_harmed"])
    slips = [receipts.mint() for _ in harms]
    for receipt, harm in zip(slips, harms, strict=True):
        sent(town, receipt, harms=harm)
    older, member = changed(town, *KINDS), town.world.desk.members[0]

    seen = key_changes.seen(actor=again(member)).replaced
    assert {one.kind: one.here for one in seen} == dict.fromkeys(KINDS, 1)
    key_changes.seal_anew(actor=again(member), now=NOW + QUIET, most=0)
    assert set(older) <= set(again(member).keys), "an older key went although a report lay under it"

    assert key_changes.seal_anew(actor=again(member), now=NOW + QUIET) == len(KINDS)
    assert len(set(again(member).keys) & set(older)) == 1, "the triage key waits for what lies on telephones"
    assert key_changes.seal_anew(actor=again(member), now=NOW + QUIET_FOR_SLIPS) == 0
    assert set(again(member).keys).isdisjoint(older)
    assert not set(older) & {row.reader_public for row in superuser.rows(services, town, Apart)}
    assert keep_all(again(member)) == len(KINDS)
    assert all(STORY in thread(receipt, town) for receipt in slips)


def test_nothing_in_clear_tells_which_lane_a_report_of_a_flood_is_for(town: Town, services: Services) -> None:
    sent(town, receipts.mint(), harms=["sexual_violence"])
    sent(town, receipts.mint(), harms=["child_harmed"])
    rows = superuser.rows(services, town, Apart)
    assert {(row.reader_public, row.severity, row.desk_id) for row in rows} == {
        (b"", rows[0].severity, town.world.desk.id)
    }


def test_a_report_whose_receipt_was_exchanged_becomes_nobody_s_case_and_the_others_are_kept(
    town: Town, services: Services
) -> None:
    for _ in range(3):
        sent(town, receipts.mint())
    first, second, third = superuser.rows(services, town, Apart)
    table = Apart.__table__
    superuser.run(
        services, town,
        table.update().where(table.c.id == first.id).values(lookup_hidden=second.lookup_hidden),
    )  # fmt: skip
    actor = town.world.desk.actor
    with pytest.raises(Altered):
        quarantine.keep([first.id, second.id, third.id], actor=actor, now=NOW)
    assert superuser.count(services, town, Case) == 2
    assert [row.id for row in superuser.rows(services, town, Apart)] == [first.id]
    assert superuser.count(services, town, MemberKey) > 0


def test_nobody_sets_aside_what_they_cannot_read(town: Town) -> None:
    desk = town.world.desk
    sent(town, receipts.mint(), harms=["sexual_violence"])
    (one,) = quarantine.seen(desk.actor)

    assert quarantine.set_aside(one.ids, actor=desk.outside_lanes, now=NOW) == 0
    assert quarantine.set_aside(one.ids, actor=replace(desk.lead, keys={}), now=NOW) == 0
    assert len(quarantine.seen(desk.actor)) == 1
    assert quarantine.set_aside(one.ids, actor=desk.actor, now=NOW) == 1
