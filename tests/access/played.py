"""What lies behind the doors? One of each thing, in the state in which something can be done to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from grievance.actions import (
    cases,
    coverage,
    duty,
    holds,
    intake,
    objections,
    people,
    quarantine,
    referrals,
    reveals,
    sign_in,
    voice,
)
from grievance.schemas.company import RemedyDelivery, RemedyPromise
from grievance.schemas.desk import Closing, RevealWish
from grievance.schemas.duty import Turn
from grievance.schemas.follow import AppealTo
from grievance.schemas.people import Invite
from grievance.schemas.registry import CoverageFacts
from grievance.store import receipts
from grievance.store.models import (
    Allegation,
    Apart,
    Contact,
    Contract,
    OrganisationKey,
    Referral,
    Reveal,
    StaffSession,
    Task,
)
from grievance.store.session import transaction
from grievance.terms import Lane, Role
from grievance.vocabulary import (
    Language,
    NotAdmitted,
    OrganisationKind,
    Outcome,
    RemedyKind,
    RevealReason,
)
from tests import desk_work
from tests.access import belongings
from tests.access.people import now
from tests.fixtures import Town
from tests.make import Builder

NAMED = {"name": "Kasongo Ilunga", "phone": "+243991234567"}
NO_FORM_OF_OURS = NotAdmitted.NOT_ABOUT_SECURITY


@dataclass
class Played:
    """Names of the things as the matrix calls them, and the receipts of its two complainants."""

    things: dict[str, str] = field(default_factory=dict)
    receipts: tuple[str, str] = ("", "")


def play(town: Town, superuser_url: str) -> Played:
    """Plays a few lives as their people would, in the days before this instant."""
    begun, played = now() - timedelta(days=3), Played()
    letters = _company_without_account(town, superuser_url)
    own, other = receipts.mint(), receipts.mint()
    played.receipts = (own, other)
    things = played.things
    things["case"], things["referral"] = _referred(town, begun, own, **NAMED)
    _received(town, other, excluded=(town.world.desk.id,))
    things["fresh"] = _received(town, receipts.mint())
    things["restricted"] = _restricted(town, begun)
    things["closed"] = _closed(town, begun)
    things["appealed"] = _appealed(town, begun, AppealTo.OVERSEER)
    things["appealed_to_backup"] = _appealed(town, begun, AppealTo.BACKUP)
    things["handed"] = _handed(town, begun)
    things |= _answered(town, begun) | _told(town, begun) | _by_letter(town, begun, letters)
    things |= _climbed(town, begun) | _of_the_desk(town, things) | _registers(town) | _ids(town, things)
    things["held"] = _held(town, begun)
    _all_but_newcomers_know_nobody(town, begun, things)
    things |= _apart(town) | _second_person(town, things) | belongings.files(town, things["case"], own)
    things |= {"passkey": belongings.passkey(town, superuser_url), "key_change": belongings.key_change(town)}
    things |= belongings.coverages(town, superuser_url)
    return played


def _received(town: Town, receipt: str, **more: object) -> str:
    opening = receipts.open_receipt(receipt)
    half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
    told = {"excluded": [str(one) for one in more.pop("excluded", ())]} | more
    return intake.receive(desk_work.report(town, **told), opening=half, now=now() - timedelta(days=4)).code


def _opened(town: Town, begun, receipt: str | None = None, **more: object) -> str:
    code, desk = _received(town, receipt or receipts.mint(), **more), town.world.desk.actor
    cases.know_nobody(code, actor=desk, now=begun)
    cases.take(code, actor=desk, now=begun)
    cases.triage(code, desk_work.decided(town), actor=desk, now=begun)
    return code


def _referred(town: Town, begun, receipt: str | None = None, **more: object) -> tuple[str, str]:
    code = _opened(town, begun, receipt, **more)
    sent = desk_work.draft(town.world.provider.id)
    return code, referrals.refer(code, sent, actor=town.world.desk.actor, now=begun)


def _restricted(town: Town, begun) -> str:
    code, desk = _received(town, receipts.mint(), harms=["sexual_violence"], **NAMED), town.world.desk.actor
    cases.know_nobody(code, actor=desk, now=begun)
    cases.take(code, actor=desk, now=begun)
    decided = desk_work.decided(town, harms=["sexual_violence"], lane=Lane.SEXUAL_VIOLENCE.value)
    cases.triage(code, decided, actor=desk, now=begun)
    return code


def _closed(town: Town, begun) -> str:
    code = _opened(town, begun)
    end = Closing(Outcome.NOT_ADMITTED, "Ceci n'est pas pour nous.", not_admitted=NO_FORM_OF_OURS)
    cases.close(code, end, actor=town.world.desk.actor, now=begun)
    return code


def _appealed(town: Town, begun, to: AppealTo) -> str:
    code, desk = _closed(town, begun), town.world.desk.actor
    case_id = cases.seen(code, desk, begun).case_id
    objections.appeal(case_id, to, "Je ne suis pas d'accord.", actor=desk, now=begun)
    return code


def _handed(town: Town, begun) -> str:
    code = _opened(town, begun)
    cases.hand_over(code, "Trop de travail ici.", actor=town.world.desk.actor, now=begun)
    return code


def _answered(town: Town, begun) -> dict[str, str]:
    code, referral = _referred(town, begun)
    company = town.world.provider.actor
    referrals.answer(referral, "Deux gardes étaient là.", actor=company, now=begun)
    promised = RemedyPromise(RemedyKind.MEDICAL_COSTS, "Les soins.")
    remedy = referrals.promise_remedy(referral, promised, actor=company, now=begun)
    return {"answered_case": code, "answered": referral, "promised_remedy": str(remedy)}


def _told(town: Town, begun) -> dict[str, str]:
    told = _answered(town, begun)
    desk, company = town.world.desk.actor, town.world.provider.actor
    referrals.relay(told["answered"], "Ils disent que oui.", actor=desk, now=begun)
    delivery = RemedyDelivery(told["promised_remedy"], "Reçu 114.")
    referrals.deliver_remedy(told["answered"], delivery, actor=company, now=begun)
    return {"told_case": told["answered_case"], "told": told["answered"], "remedy": told["promised_remedy"]}


def _company_without_account(town: Town, superuser_url: str):
    build = Builder()
    company = build.tenant("Gardiennage Papier SARL", OrganisationKind.PROVIDER, members=0)
    site = town.world.site
    contact = Contact(id=uuid4(), organisation_id=company.id, site_id=site.id, label="Direction")
    build.add(contact)
    build.store(superuser_url)
    return company.id


def _by_letter(town: Town, begun, company_id) -> dict[str, str]:
    code, desk = _opened(town, begun), town.world.desk.actor
    cases.record_consent(code, desk_work.agrees(company_id), actor=desk, now=begun)
    return {
        "letter_case": code,
        "letter": referrals.refer(code, desk_work.draft(company_id), actor=desk, now=begun),
    }


def _held(town: Town, begun) -> str:
    code, lead = _closed(town, begun), town.world.desk.lead
    cases.know_nobody(code, actor=lead, now=begun)
    holds.hold(code, "Le dossier sert encore.", actor=lead, now=begun)
    return code


def _all_but_newcomers_know_nobody(town: Town, begun, things: dict[str, str]) -> None:
    """The lead is past the question everywhere; the lane's outsider in the case behind the lane's wall."""
    desk = town.world.desk
    for name in ("case", "restricted", "closed", "answered_case", "told_case", "letter_case"):
        cases.know_nobody(things[name], actor=desk.lead, now=begun)
    cases.know_nobody(things["restricted"], actor=desk.outside_lanes, now=begun)


def _apart(town: Town) -> dict[str, str]:
    """A report that came in a flood, for the desk; and another session of its lead."""
    told = desk_work.told(town)
    opening = receipts.open_receipt(receipts.mint())
    quarantine.put_apart(told, intake.ReceiptHalf(opening.lookup, opening.pair.public), now=now())
    lead = next(one for one in town.world.desk.members if one.row.role is Role.CASE_LEAD)
    sign_in.begin_staff(lead.row, lead.pair, now=now())
    with transaction(town.world.desk.lead) as session:
        apart = session.scalars(select(Apart.id)).one()
        opened = session.scalars(select(StaffSession.id).where(StaffSession.member_id == lead.row.id)).one()
    return {"apart": str(apart), "session": str(opened)}


def _second_person(town: Town, things: dict[str, str]) -> dict[str, str]:
    """The worker opened the number for the call that is owed; a colleague has not yet looked at it."""
    desk, wish = town.world.desk.actor, RevealWish(RevealReason.CALL, None)
    reveals.ask(things["case"], wish, actor=desk, now=now())
    with transaction(desk) as session:
        return {"reveal": str(session.scalars(select(Reveal.id)).one())}


def _climbed(town: Town, begun) -> dict[str, str]:
    code, desk, icoca = _opened(town, begun), town.world.desk.actor, town.world.overseer.id
    cases.record_consent(code, desk_work.agrees(icoca), actor=desk, now=begun)
    sent = referrals.refer(code, desk_work.draft(icoca), actor=desk, now=begun)
    return {"climbed": sent}


def _of_the_desk(town: Town, things: dict[str, str]) -> dict[str, str]:
    world, moment = town.world, now()
    case_id = cases.seen(things["case"], world.desk.actor, moment).case_id
    voice.ask_call(case_id, None, actor=world.desk.actor, now=moment)
    hours = timedelta(hours=8)
    turn = duty.add_turn(
        Turn(world.desk.members[0].row.id, moment, moment + hours, "+243880000077"),
        config_key=town.keys.config, actor=world.desk.lead, now=moment,
    )  # fmt: skip
    wanted = Invite(world.desk.id, Role.CASE_WORKER, Language.FRENCH, "nouvelle@desk.example")
    invited = people.invite(wanted, actor=world.desk.lead, now=moment)
    with transaction(world.desk.actor) as session:
        task = session.scalars(select(Task.id).where(Task.case_id == case_id)).first()
        allegation = session.scalars(select(Allegation.id).where(Allegation.case_id == case_id)).first()
    return {
        "turn": str(turn), "task": str(task), "allegation": str(allegation),
        "invited": str(invited.member_id), "token": invited.token,
        "member": str(world.desk.outside_lanes.member_id),
    }  # fmt: skip


def _registers(town: Town) -> dict[str, str]:
    world = town.world
    facts = CoverageFacts(world.desk.id, world.backup.id, "Lualaba", "Lubudi", None, False)
    waiting = coverage.make_coverage(facts, actor=world.host.actor, now=now())
    with transaction(world.host.actor) as session:
        contract = session.scalars(select(Contract.id)).first()
        key = session.scalars(
            select(OrganisationKey.id).where(OrganisationKey.organisation_id == world.desk.id)
        ).first()
    return {
        "coverage": str(waiting), "contract": str(contract), "key": str(key),
        "channel": str(world.channel.id), "site": str(world.site.id),
    }  # fmt: skip


def _ids(town: Town, things: dict[str, str]) -> dict[str, str]:
    world = town.world
    with transaction(world.desk.actor) as session:
        sent = session.scalars(select(Referral.id).where(Referral.code == things["referral"])).one()
    companies = {
        "desk": world.desk, "backup": world.backup, "provider": world.provider,
        "second_provider": world.second_provider, "mine": world.mine, "icoca": world.overseer,
    }  # fmt: skip
    return {"referral_id": str(sent)} | {name: str(one.id) for name, one in companies.items()}
