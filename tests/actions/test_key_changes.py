"""A member leaves: are the organisation's keys changed, by two persons, and does everything stay readable?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from grievance.actions import cases, fingerprints, intake, key_changes, keys, people, recovery, referrals
from grievance.actions.key_changes import QUIET
from grievance.store import queries
from grievance.store.models import Member, MemberKey, OrganisationKey, Wrap
from grievance.store.sealing import open_pair
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound, Refused
from grievance.vocabulary import ReaderKind
from tests import desk_work, superuser
from tests.fixtures import Town
from tests.make import Someone
from tests.services import Services

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ALL = (ReaderKind.DESK, ReaderKind.TRIAGE, ReaderKind.LANE_SEXUAL_VIOLENCE, ReaderKind.LANE_CHILD)


def lead_of(town: Town) -> Someone:
    return town.world.desk.members[2]


def again(someone: Someone) -> Actor:
    """This member at their next request: with every key that was given to them."""
    with transaction(someone.actor) as session:
        held = session.execute(
            select(OrganisationKey.public_key, MemberKey.wrapped)
            .join(OrganisationKey, OrganisationKey.id == MemberKey.organisation_key_id)
            .where(MemberKey.member_id == someone.row.id)
        ).all()
    someone.keys = {public: open_pair(wrapped, public, someone.pair).private for public, wrapped in held}
    return someone.actor


def newest(town: Town, kind: ReaderKind) -> OrganisationKey:
    with transaction(town.world.desk.actor) as session:
        found = queries.key_of(session, town.world.desk.id, kind)
    assert found is not None
    return found


def change(town: Town, kinds: tuple[ReaderKind, ...] = ALL, at: datetime = NOW) -> None:
    """The lead starts, a colleague agrees."""
    key_changes.start(kinds, actor=again(lead_of(town)), now=at)
    second = again(town.world.desk.members[0])
    for one in key_changes.seen(actor=second).pending:
        key_changes.agree(one.key_id, actor=second, now=at)


def seal_all(town: Town, at: datetime = NOW, most: int = 3) -> int:
    """Batch after batch, until nothing is left that this desk can reach."""
    member, batches = town.world.desk.members[0], 0
    while key_changes.seal_anew(actor=again(member), now=at, most=most):
        batches += 1
    return batches


def wraps_under(services: Services, town: Town, public: bytes) -> int:
    return len([row for row in superuser.rows(services, town, Wrap) if row.reader_public == public])


def test_nothing_is_sealed_to_a_new_key_before_a_second_person_agreed(town: Town) -> None:
    lead, before = lead_of(town), newest(town, ReaderKind.TRIAGE)
    key_changes.start([ReaderKind.TRIAGE], actor=again(lead), now=NOW)

    intake.receive(desk_work.report(town), opening=desk_work.half(), now=NOW)
    assert newest(town, ReaderKind.TRIAGE).version == before.version
    (waits,) = key_changes.seen(actor=again(lead)).pending
    with pytest.raises(Refused, match="not_yourself"):
        key_changes.agree(waits.key_id, actor=again(lead), now=NOW)
    with pytest.raises(Refused, match="key_change_waits"):
        key_changes.start([ReaderKind.TRIAGE], actor=again(lead), now=NOW)
    with pytest.raises(NotFound):
        key_changes.agree(waits.key_id, actor=town.world.backup.actor, now=NOW)

    key_changes.agree(waits.key_id, actor=again(town.world.desk.members[0]), now=NOW)
    assert newest(town, ReaderKind.TRIAGE).version == before.version + 1


def test_a_case_worker_starts_no_change_and_the_database_wants_two_persons(
    town: Town, services: Services
) -> None:
    with pytest.raises(Refused, match="not_for_your_role"):
        key_changes.start([ReaderKind.DESK], actor=town.world.desk.actor, now=NOW)
    key_changes.start([ReaderKind.DESK], actor=again(lead_of(town)), now=NOW)
    with pytest.raises(Exception, match="two_persons"):
        superuser.run(services, town, text("update key_change set agreed_by = started_by"))


def test_old_cases_are_wrapped_anew_in_batches_and_everybody_reads_on(
    town: Town, services: Services
) -> None:
    desk = town.world.desk
    codes = [desk_work.opened(town, NOW) for _ in range(2)]
    narrow = intake.receive(desk_work.report(town, harms=["child_harmed"]), now=NOW).code
    old = {kind: newest(town, kind).public_key for kind in ALL}
    change(town)
    after_change = desk_work.opened(town, NOW, actor=again(desk.members[0]))

    before = {one.kind: one for one in key_changes.seen(actor=again(desk.members[0])).replaced}
    assert before[ReaderKind.DESK].here == 8
    assert seal_all(town) > 3
    after = key_changes.seen(actor=again(desk.members[0])).replaced
    assert [one.here for one in after] == [0] * len(after)
    assert wraps_under(services, town, old[ReaderKind.DESK]) == 0

    member = desk.members[1]
    new_alone = {public: half for public, half in member_keys(again(member)).items() if public not in
                 old.values()}  # fmt: skip
    member.keys = new_alone
    for code in (*codes, after_change, narrow):
        cases.know_nobody(code, actor=member.actor, now=NOW)
        assert desk_work.STORY in [line.text for line in cases.seen(code, member.actor, NOW).timeline]


def member_keys(actor: Actor) -> dict[bytes, bytes]:
    return dict(actor.keys)


def test_an_old_key_goes_a_day_later_and_only_when_nothing_hangs_on_it(
    town: Town, services: Services
) -> None:
    desk_work.opened(town, NOW)
    old = newest(town, ReaderKind.DESK)
    change(town, (ReaderKind.DESK,))
    held = town.world.desk.members[0]
    assert old.public_key in again(held).keys

    key_changes.seal_anew(actor=again(held), now=NOW + QUIET - timedelta(minutes=1), most=3)
    key_changes.seal_anew(actor=again(held), now=NOW + QUIET, most=0)
    assert wraps_under(services, town, old.public_key) == 1
    assert old.public_key in again(held).keys
    key_changes.seal_anew(actor=again(held), now=NOW + QUIET)
    assert wraps_under(services, town, old.public_key) == 0
    assert old.public_key not in again(held).keys


def test_a_back_up_keeps_the_old_key_for_cases_that_it_may_not_see_yet(town: Town) -> None:
    backup, code = town.world.backup, desk_work.taken(town, NOW)
    lead, second = backup.members[2], backup.members[0]
    key_changes.start([ReaderKind.TRIAGE], actor=again(lead), now=NOW)
    (waits,) = key_changes.seen(actor=again(second)).pending
    key_changes.agree(waits.key_id, actor=again(second), now=NOW)

    key_changes.seal_anew(actor=again(second), now=NOW + 2 * DAY)
    (one,) = key_changes.seen(actor=again(second)).replaced
    assert (one.here, one.hidden) == (0, 4)

    cases.know_nobody(code, actor=town.world.desk.lead, now=NOW)
    cases.hand_over(code, "Nous ne pouvons pas.", actor=town.world.desk.lead, now=NOW)
    assert key_changes.seal_anew(actor=again(second), now=NOW + 2 * DAY) == 4
    cases.know_nobody(code, actor=again(second), now=NOW)
    assert desk_work.STORY in [line.text for line in cases.seen(code, again(second), NOW).timeline]


def test_who_leaves_asks_for_new_keys_and_opens_nothing_that_comes_after(town: Town) -> None:
    desk, leaver = town.world.desk, town.world.desk.members[1]
    kept = dict(leaver.keys)
    people.disable(leaver.row.id, actor=again(lead_of(town)), now=NOW)
    assert key_changes.seen(actor=again(lead_of(town))).somebody_left

    change(town, at=NOW + DAY)
    code = intake.receive(desk_work.report(town), now=NOW + DAY).code
    seal_all(town, NOW + DAY)
    assert not key_changes.seen(actor=again(lead_of(town))).somebody_left
    with transaction(again(desk.members[0])) as session:
        case = queries.case_by_code(session, code)
        readers = set(session.scalars(select(Wrap.reader_public).where(Wrap.case_id == case.id)))
        theirs = session.scalar(select(MemberKey.id).where(MemberKey.member_id == leaver.row.id))
    assert readers.isdisjoint(kept)
    assert theirs is None


def test_the_overseer_compares_the_new_fingerprint_and_may_be_the_second_person(town: Town) -> None:
    overseer = town.world.overseer.actor
    key_changes.start([ReaderKind.TRIAGE], actor=again(lead_of(town)), now=NOW)
    fresh = next(
        one for one in fingerprints.keys_seen(overseer, of_all=True)
        if one.organisation_id == town.world.desk.id and one.kind is ReaderKind.TRIAGE
    )  # fmt: skip
    assert (fresh.version, fresh.confirmed_at) == (2, None)
    fingerprints.confirm_fingerprint(fresh.id, actor=overseer, now=NOW)
    assert newest(town, ReaderKind.TRIAGE).version == 2


def test_a_company_changes_its_key_and_reads_what_was_referred_before(town: Town) -> None:
    company = town.world.provider
    _, referral = desk_work.referred(town, NOW)
    old = company.pairs[ReaderKind.COMPANY].public
    key_changes.start([ReaderKind.COMPANY], actor=again(company.members[0]), now=NOW)
    (waits,) = key_changes.seen(actor=again(company.members[1])).pending
    key_changes.agree(waits.key_id, actor=again(company.members[1]), now=NOW)
    assert key_changes.seal_anew(actor=again(company.members[1]), now=NOW) == 1

    member = company.members[0]
    again(member)
    member.keys.pop(old)
    seen = referrals.referral_seen(referral, member.actor, NOW)
    assert seen.messages[0].text == desk_work.SUMMARY


def test_a_member_who_lost_everything_gets_the_keys_again_from_a_holder_and_reads_old_cases(
    town: Town,
) -> None:
    desk, code = town.world.desk, desk_work.opened(town, NOW)
    change(town, (ReaderKind.DESK, ReaderKind.TRIAGE))
    lost = desk.members[1]
    with transaction(again(desk.members[0])) as session:
        held = select(MemberKey).where(MemberKey.member_id == lost.row.id)
        for row in session.scalars(held).all():
            session.delete(row)
    assert again(lost).keys == {}

    keys.grant_keys(lost.row.id, [ReaderKind.DESK], actor=again(desk.members[0]), now=NOW)
    cases.know_nobody(code, actor=again(lost), now=NOW)
    assert desk_work.STORY in [line.text for line in cases.seen(code, again(lost), NOW).timeline]


def test_the_recovery_paper_is_printed_anew_and_the_old_one_still_opens_old_cases(town: Town) -> None:
    desk = town.world.desk
    paper = recovery.print_recovery(actor=again(lead_of(town)), now=NOW)
    change(town, at=NOW + DAY)
    seal_all(town, NOW + DAY, most=0)
    with transaction(desk.actor) as session:
        assert queries.organisation(session, desk.id).recovery_printed_at is None
    last = desk.members[3]
    texts = [one.text for one in paper]
    assert recovery.restore_from_paper(texts, actor=again(last), now=NOW + DAY) == len(ALL)
    fresh = recovery.print_recovery(actor=again(lead_of(town)), now=NOW + DAY)
    assert {one.text for one in fresh}.isdisjoint(texts)
    with transaction(desk.actor) as session:
        assert session.get(Member, last.row.id).in_child_lane
