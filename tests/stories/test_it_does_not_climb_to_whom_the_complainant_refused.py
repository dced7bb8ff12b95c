"""A company is silent, but the next was refused, or all was withdrawn: the step is skipped, and says why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from grievance.actions import cases, referrals, voice
from grievance.store import queries
from grievance.store.actors import complainant_actor
from grievance.store.models import Wrap
from grievance.store.session import transaction
from grievance.terms import ReferralState, SkipReason, Step
from grievance.vocabulary import ReferralKind
from tests import desk_work
from tests.fixtures import Town
from tests.stories import sweepers

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = 365


def guards_asked(town: Town, **more: object) -> tuple[str, str]:
    code = desk_work.opened(town, NOW, **more)
    desk, provider = town.world.desk.actor, town.world.provider
    return code, referrals.refer(code, desk_work.draft(provider.id), actor=desk, now=NOW)


def sent_by_the_clock(town: Town, code: str) -> list[object]:
    rows = sweepers.referrals_of(town, code)
    return [row.organisation_id for row in rows if row.kind is ReferralKind.ESCALATION and row.sent_at]


def test_a_mine_and_icoca_that_were_never_allowed_hear_nothing(town: Town) -> None:
    code, referral = guards_asked(town, share="provider")
    sweepers.pass_time(town, NOW, YEAR, every=15)

    assert [row.organisation_id for row in sweepers.referrals_of(town, code)] == [town.world.provider.id]
    assert sweepers.steps_of(town, referral)[2:] == [
        (Step.NEXT_PARTY, None, SkipReason.NOT_ALLOWED),
        (Step.ICOCA, None, SkipReason.NOT_ALLOWED),
    ]
    assert "not_allowed" in sweepers.skipped_in_journal(town, code)
    for stranger in (town.world.mine, town.world.overseer):
        assert referrals.company_queue(stranger.actor, NOW + YEAR * DAY) == ()


def test_a_mine_that_was_allowed_and_then_refused_hears_nothing_although_it_was_prepared(town: Town) -> None:
    code, referral = guards_asked(town)
    case_id = cases.seen(code, town.world.desk.actor, NOW).case_id
    assert len(sweepers.referrals_of(town, code)) == 2

    complainant = complainant_actor(case_id, {})
    voice.consent(case_id, town.world.mine.id, allowed=False, actor=complainant, now=NOW + DAY)
    sweepers.pass_time(town, NOW, YEAR, every=15)

    assert sent_by_the_clock(town, code) == []
    assert (Step.NEXT_PARTY, None, SkipReason.NOT_ALLOWED) in sweepers.steps_of(town, referral)
    assert referrals.company_queue(town.world.mine.actor, NOW + YEAR * DAY) == ()


def test_after_a_withdrawal_nothing_climbs_any_more(town: Town) -> None:
    code, referral = guards_asked(town)
    desk, overseer = town.world.desk.actor, town.world.overseer
    cases.record_consent(code, desk_work.agrees(overseer.id), actor=desk, now=NOW)
    case_id = cases.seen(code, desk, NOW).case_id

    voice.withdraw(case_id, actor=complainant_actor(case_id, {}), now=NOW + DAY)
    sweepers.pass_time(town, NOW, YEAR, every=15)

    assert sent_by_the_clock(town, code) == []
    taken = sweepers.steps_of(town, referral)
    assert {skipped for step, _, skipped in taken if step in (Step.NEXT_PARTY, Step.ICOCA)} == {
        SkipReason.FROZEN
    }
    assert "frozen" in sweepers.skipped_in_journal(town, code)
    waiting = [row.state for row in sweepers.referrals_of(town, code) if row.sent_at is None]
    assert waiting == [ReferralState.PREPARED, ReferralState.PREPARED]


def test_who_changes_their_mind_again_before_it_is_due_lets_the_mine_be_asked(town: Town) -> None:
    code, _ = guards_asked(town)
    case_id = cases.seen(code, town.world.desk.actor, NOW).case_id
    complainant = complainant_actor(case_id, {})

    voice.withdraw(case_id, actor=complainant, now=NOW + DAY)
    voice.resume(case_id, actor=complainant, now=NOW + DAY / 2 + DAY)
    sweepers.pass_time(town, NOW, 60, every=10)

    assert sent_by_the_clock(town, code) == [town.world.mine.id]


def test_a_mine_that_is_refused_loses_the_key_to_what_was_prepared_for_it(town: Town) -> None:
    code, _ = guards_asked(town)
    desk, mine = town.world.desk.actor, town.world.mine
    assert mine.id in readers(town, code)

    refused = desk_work.agrees(mine.id, allowed=False)
    cases.record_consent(code, refused, actor=desk, now=NOW + DAY)
    assert mine.id not in readers(town, code)
    with transaction(mine.actor) as session:
        assert session.scalars(select(Wrap)).all() == []

    cases.record_consent(code, desk_work.agrees(mine.id), actor=desk, now=NOW + 2 * DAY)
    assert mine.id in readers(town, code)
    sweepers.pass_time(town, NOW, 60, every=10)
    (line,) = referrals.company_queue(mine.actor, NOW + 60 * DAY)
    shown = referrals.referral_seen(line.code, mine.actor, NOW + 60 * DAY)
    assert [words.text for words in shown.messages] == [desk_work.SUMMARY]


def readers(town: Town, code: str) -> set[object]:
    """The organisations that hold a key to anything of this case."""
    with transaction(town.world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        return set(session.scalars(select(Wrap.organisation_id).where(Wrap.case_id == case.id)))
