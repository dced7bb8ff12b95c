"""What a survivor lets go is read by the one person she accepted; no colleague's key opens it, ever."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import delete

from grievance.actions import key_changes, people, referrals
from grievance.schemas.company import Extension, RemedyPromise
from grievance.store.models import MemberKey, Outbox, Wrap
from grievance.terms import CannotOpen, ReferralState, Refused
from grievance.vocabulary import ReaderKind, RemedyKind
from tests import desk_work, superuser
from tests.actions.test_key_changes import again
from tests.fixtures import Town
from tests.services import Services
from tests.stories import sweepers
from tests.stories.accepted import (
    HARMS,
    NOW,
    company_wraps,
    contact_of,
    examined,
    nobodys_contact,
    opens_by_hand,
    people_there,
    refer,
    referred,
    row_of,
)
from tests.web.canaries import words_of
from tests.web.desk_pages import now as today
from tests.web.desk_pages import sit
from workers import mail
from workers.process import Process

DAY = timedelta(days=1)
NOBODY_ELSE = "une seule personne de votre organisation"


@pytest.mark.parametrize("harm", HARMS)
def test_whom_she_accepted_reads_and_answers_and_a_colleague_s_key_opens_nothing(
    town: Town, services: Services, harm: str
) -> None:
    code = referred(town, harm).code
    accepted, colleague = people_there(town)
    assert company_wraps(town, services, code) == {accepted.pair.public}

    with pytest.raises(CannotOpen):
        opens_by_hand(colleague.actor, code)
    shut = referrals.referral_seen(code, colleague.actor, NOW)
    assert (shut.opened, shut.messages, shut.moves, shut.desk_name) == (False, (), (), "")
    assert len(shut.clocks) == 2

    seen = referrals.referral_seen(code, accepted.actor, NOW)
    assert [line.text for line in seen.messages] == [desk_work.SUMMARY]
    referrals.acknowledge(code, actor=accepted.actor, now=NOW)
    referrals.ask(code, "Quel jour?", actor=accepted.actor, now=NOW)
    referrals.extend(code, Extension(2, "Absences."), actor=accepted.actor, now=NOW)
    referrals.answer(code, "Nous avons vérifié.", actor=accepted.actor, now=NOW)
    assert row_of(town, code).state is ReferralState.ANSWERED
    told = [line.text for line in referrals.referral_seen(code, town.world.desk.actor, NOW).messages]
    assert "Nous avons vérifié." in told


def test_a_colleague_sees_that_it_runs_and_makes_no_move_on_it(town: Town) -> None:
    code = referred(town).code
    other = people_there(town)[1].actor
    assert [line.code for line in referrals.company_queue(other, NOW)] == [code]
    promised = RemedyPromise(RemedyKind.MEDICAL_COSTS, "Les soins.")
    moves = (
        lambda: referrals.acknowledge(code, actor=other, now=NOW),
        lambda: referrals.ask(code, "Qui?", actor=other, now=NOW),
        lambda: referrals.answer(code, "Non.", actor=other, now=NOW),
        lambda: referrals.not_ours(code, "Non.", actor=other, now=NOW),
        lambda: referrals.extend(code, Extension(2, "Absences."), actor=other, now=NOW),
        lambda: referrals.promise_remedy(code, promised, actor=other, now=NOW),
    )
    for move in moves:
        with pytest.raises(Refused, match="for_one_person"):
            move()
    assert row_of(town, code).state is ReferralState.SENT


def test_the_page_opens_to_one_member_and_tells_the_other_why_not(town: Town) -> None:
    code = referred(town, at=today()).code
    accepted, colleague = (sit(town, one) for one in people_there(town))
    page = accepted.get(f"/company/referrals?code={code}")
    assert desk_work.SUMMARY in page.text
    sent = {**page.forms()[-1]["hidden"], "text": "Qui est-ce?"}
    assert page.do("acknowledge").status == 200

    assert code in colleague.get("/company/").text
    shut = colleague.get(f"/company/referrals?code={code}")
    assert shut.status == 200
    assert NOBODY_ELSE in shut.text
    assert shut.text.count('class="clock"') >= 1
    assert desk_work.SUMMARY not in shut.text
    assert {"answer", "ask", "extend"}.isdisjoint(shut.buttons())
    sent["csrf_token"] = next(form["hidden"]["csrf_token"] for form in shut.forms())
    answered = colleague.client.post(f"/company/referrals/answer?code={code}", data=sent)
    assert answered.status_code == 409
    assert NOBODY_ELSE in answered.get_data(as_text=True)


@pytest.mark.parametrize("harm", HARMS)
def test_every_mail_about_it_goes_to_that_person_alone(
    town: Town, services: Services, mailed: Process, tmp_path: Path, harm: str
) -> None:
    code = referred(town, harm).code
    accepted, colleague = people_there(town)
    referrals.acknowledge(code, actor=accepted.actor, now=NOW)
    referrals.ask(code, "Quel jour?", actor=accepted.actor, now=NOW)
    referrals.reply_to_question(code, "Un mardi.", actor=town.world.desk.actor, now=NOW)
    sweepers.pass_time(town, NOW, 40, every=5)
    mail.send_waiting(mailed, NOW + 40 * DAY)

    files = (tmp_path / "mail").glob("*.eml")
    sent = [str(message_from_bytes(file.read_bytes(), policy=policy.default)["To"]) for file in files]
    assert sum(accepted.row.email in to for to in sent) >= 4
    assert [to for to in sent if colleague.row.email in to] == []
    assert {row.member_id for row in superuser.rows(services, town, Outbox)} == {None}


@pytest.mark.parametrize("harm", HARMS)
def test_where_she_accepts_somebody_without_an_account_a_letter_names_them(
    town: Town, services: Services, harm: str
) -> None:
    mine = town.world.mine
    contact = nobodys_contact(town, services, mine)
    code = refer(town, examined(town, harm, NOW, mine), mine, contact, NOW)
    assert row_of(town, code).by_letter
    assert company_wraps(town, services, code) == set()

    printed = words_of(referrals.letter(code, actor=town.world.desk.actor, now=NOW))
    wanted = ("Mme Inventée", mine.row.name, "destinataire seul")
    assert [said for said in wanted if said not in printed] == []


def test_the_overseer_is_no_addressee_while_it_names_no_person(town: Town, services: Services) -> None:
    overseer = town.world.overseer
    code = examined(town, HARMS[0], NOW, overseer)
    contact = nobodys_contact(town, services, overseer)
    with pytest.raises(Refused, match="overseer_without_person"):
        refer(town, code, overseer, contact, NOW)
    sent = refer(town, code, overseer, contact_of(town, overseer), NOW)
    first, second = overseer.members[:2]
    assert referrals.referral_seen(sent, first.actor, NOW).opened
    assert not referrals.referral_seen(sent, second.actor, NOW).opened


def test_the_company_changes_its_key_and_still_only_that_person_reads(
    town: Town, services: Services
) -> None:
    code = referred(town).code
    accepted, colleague = people_there(town)
    key_changes.start([ReaderKind.COMPANY], actor=colleague.actor, now=NOW)
    (waits,) = key_changes.seen(actor=again(accepted)).pending
    key_changes.agree(waits.key_id, actor=again(accepted), now=NOW)
    assert [(one.here, one.hidden) for one in key_changes.seen(actor=again(colleague)).replaced] == [
        (0, 0)
    ]
    key_changes.seal_anew(actor=again(colleague), now=NOW + 2 * DAY)
    assert key_changes.seen(actor=again(colleague)).replaced == ()

    assert company_wraps(town, services, code) == {accepted.pair.public}
    assert referrals.referral_seen(code, again(accepted), NOW).opened
    assert not referrals.referral_seen(code, again(colleague), NOW).opened


@pytest.mark.parametrize("gone", ["left", "lost their key", "nobody let them in"])
def test_whoever_cannot_read_is_no_reader_and_the_desk_goes_on(
    town: Town, services: Services, gone: str
) -> None:
    first = referred(town)
    accepted, colleague = people_there(town)
    person = accepted.row.id
    if gone == "left":
        people.disable(person, actor=colleague.actor, now=NOW)
    elif gone == "lost their key":
        people.reset(person, actor=colleague.actor, now=NOW)
    else:
        superuser.run(services, town, delete(MemberKey).where(MemberKey.member_id == person))
    referrals.withdraw_referral(first.code, actor=town.world.desk.actor, now=NOW)
    second = refer(town, first.case, town.world.mine, contact_of(town, town.world.mine), NOW)
    assert row_of(town, second).by_letter
    assert not referrals.referral_seen(first.code, colleague.actor, NOW).opened


def test_an_ordinary_referral_is_still_the_company_s(town: Town) -> None:
    code = desk_work.referred(town, NOW)[1]
    for member in town.world.provider.members:
        assert referrals.referral_seen(code, member.actor, NOW).opened


def test_what_waits_for_the_ladder_of_a_child_s_case_is_for_one_person_too(
    town: Town, services: Services
) -> None:
    mine, provider, overseer = town.world.mine, town.world.provider, town.world.overseer
    case = examined(town, HARMS[1], NOW, mine, provider, overseer)
    refer(town, case, provider, contact_of(town, provider), NOW)
    first = {one.id: one.members[0].pair.public for one in (mine, provider, overseer)}
    rows = superuser.rows(services, town, Wrap)
    held = {row.organisation_id: row.reader_public for row in rows if row.organisation_id in first}
    assert held == first
