"""Which organisations, sites, contracts, channels and contacts are there? The administrator says so."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grievance.schemas.registry import (
    ChannelFacts,
    ContactFacts,
    ContractFacts,
    FundingFacts,
    OrganisationFacts,
    SiteFacts,
)
from grievance.store import journal, queries
from grievance.store.config_values import channel_label
from grievance.store.journal import OrganisationMove
from grievance.store.models import (
    ChannelRow,
    Contact,
    Contract,
    Funding,
    Member,
    Organisation,
    OrganisationKey,
    Site,
)
from grievance.store.numbers import hide_config
from grievance.store.sealing import Versions
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound, Refused, Role
from grievance.vocabulary import GatewayKind, OrganisationKind, ReaderKind

FEWEST_KEYED = 2
ONE_AT_A_TIME = 5_407_314
COMPANIES = frozenset({OrganisationKind.MINE, OrganisationKind.PROVIDER})


class RegistryMove(StrEnum):
    """Events of an organisation's chain about its place in the registry."""

    CONTRACT_ENDED = "contract_ended"
    FUNDING_DECLARED = "funding_declared"


@dataclass(frozen=True)
class ChannelMade:
    """A new channel, and the secret that the gateway must be told."""

    id: UUID
    kind: GatewayKind
    secret: str = field(repr=False)


def make_organisation(facts: OrganisationFacts, *, actor: Actor, now: datetime) -> UUID:
    """Adds an organisation; it has no key until its first member joins.

    There is one overseer: it is the second person for keys and coverage, and matters climb to it, so a host
    that made another could be both. Raises Refused (name, role, a second overseer).
    """
    row = Organisation(
        id=uuid4(), name=facts.name, kind=facts.kind, language=facts.language, created_at=now,
        icoca_status=facts.icoca_status.value if facts.icoca_status else None,
        letter_address=facts.letter_address,
    )  # fmt: skip
    try:
        with transaction(as_host(actor)) as session:
            if facts.kind is OrganisationKind.OVERSEER:
                _first_of_its_kind(session)
            session.add(row)
            note(session, row.id, row.id, OrganisationMove.ORGANISATION_MADE, actor, now)
    except IntegrityError:
        raise Refused("name_taken") from None
    return row.id


def _first_of_its_kind(session: Session) -> None:
    """Raises Refused when there is an overseer; of two made at once the second waits, and finds the first."""
    session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    if queries.overseer(session) is not None:
        raise Refused("one_overseer")


def make_site(facts: SiteFacts, *, actor: Actor, now: datetime) -> UUID:
    """Adds a site of a mine. Raises NotFound, Refused (name, role)."""
    row = Site(
        id=uuid4(), name=facts.name, province=facts.province, territory=facts.territory,
        client_id=facts.client_id,
    )  # fmt: skip
    try:
        with transaction(as_host(actor)) as session:
            of_kind(session, facts.client_id, OrganisationKind.MINE)
            session.add(row)
            note(session, facts.client_id, row.id, OrganisationMove.SITE_MADE, actor, now)
    except IntegrityError:
        raise Refused("name_taken") from None
    return row.id


def make_contract(facts: ContractFacts, *, actor: Actor, now: datetime) -> UUID:
    """Says that a guard company works at a site for the site's mine. Raises NotFound, Refused."""
    with transaction(as_host(actor)) as session:
        site = session.get(Site, facts.site_id)
        if site is None:
            raise NotFound
        of_kind(session, facts.provider_id, OrganisationKind.PROVIDER)
        row = Contract(
            id=uuid4(), site_id=site.id, provider_id=facts.provider_id, client_id=site.client_id,
            starts=facts.starts, ends=facts.ends,
        )  # fmt: skip
        session.add(row)
        note(session, facts.provider_id, row.id, OrganisationMove.CONTRACT_MADE, actor, now)
        return row.id


def end_contract(contract_id: UUID, ends: date, *, actor: Actor, now: datetime) -> None:
    """Notes a contract's last day; the company still answers for before. Raises NotFound, Refused."""
    with transaction(as_host(actor)) as session:
        row = session.get(Contract, contract_id, with_for_update=True)
        if row is None:
            raise NotFound
        if ends < row.starts:
            raise Refused("ends_before_it_starts")
        row.ends = ends
        note(session, row.provider_id, row.id, RegistryMove.CONTRACT_ENDED, actor, now)


def make_channel(facts: ChannelFacts, *, config_key: Versions, actor: Actor, now: datetime) -> ChannelMade:
    """Gives a desk a telephone number; the config key hides its secret. Raises NotFound, Refused."""
    channel_id, secret = uuid4(), facts.secret or secrets.token_urlsafe(32)
    hidden = json.dumps({"secret": secret, **facts.more}) if facts.more else secret
    try:
        with transaction(as_host(actor)) as session:
            must_be_ready(session, facts.desk_id)
            session.add(
                ChannelRow(
                    id=channel_id, desk_id=facts.desk_id, kind=facts.kind, number=facts.number,
                    account=facts.account, quiet=facts.quiet, created_at=now,
                    secret_hidden=hide_config(config_key, hidden, channel_label(channel_id)),
                )
            )  # fmt: skip
            note(session, facts.desk_id, channel_id, OrganisationMove.CHANNEL_MADE, actor, now)
    except IntegrityError:
        raise Refused("number_taken") from None
    return ChannelMade(channel_id, facts.kind, secret)


def make_contact(facts: ContactFacts, *, actor: Actor, now: datetime) -> UUID:
    """Names who receives referrals at an organisation. Raises NotFound, Refused."""
    with transaction(as_host(actor)) as session:
        of_kind(session, facts.organisation_id, *COMPANIES, OrganisationKind.OVERSEER)
        member = session.get(Member, facts.member_id) if facts.member_id else None
        superior = session.get(Contact, facts.superior_id) if facts.superior_id else None
        for wanted, found in ((facts.member_id, member), (facts.superior_id, superior)):
            if wanted and (found is None or found.organisation_id != facts.organisation_id):
                raise Refused("not_of_this_organisation")
        if facts.site_id is not None and session.get(Site, facts.site_id) is None:
            raise NotFound
        row = Contact(
            id=uuid4(), organisation_id=facts.organisation_id, label=facts.label, site_id=facts.site_id,
            member_id=facts.member_id, superior_id=facts.superior_id,
        )  # fmt: skip
        session.add(row)
        note(session, facts.organisation_id, row.id, OrganisationMove.CONTACT_MADE, actor, now)
        return row.id


def declare_funding(facts: FundingFacts, *, actor: Actor, now: datetime) -> UUID:
    """Notes who pays a CSO, so that the conflict is computed. Raises NotFound, Refused."""
    with transaction(as_host(actor)) as session:
        of_kind(session, facts.desk_id, OrganisationKind.CSO)
        of_kind(session, facts.funder_id, *OrganisationKind)
        row = Funding(id=uuid4(), desk_id=facts.desk_id, funder_id=facts.funder_id, site_id=facts.site_id)
        session.add(row)
        note(session, facts.desk_id, row.id, RegistryMove.FUNDING_DECLARED, actor, now)
        return row.id


def must_be_ready(session: Session, desk_id: UUID) -> None:
    """Raises Refused when a CSO could not safely take in what people tell it, NotFound when it is no CSO."""
    desk = of_kind(session, desk_id, OrganisationKind.CSO)
    triage = queries.key_of(session, desk_id, ReaderKind.TRIAGE)
    if queries.keyed_members(session, triage) < FEWEST_KEYED:
        raise Refused("desk_has_too_few_keys")
    if desk.recovery_printed_at is None:
        raise Refused("recovery_not_printed")
    open_keys = select(OrganisationKey.id).where(
        OrganisationKey.organisation_id == desk_id, OrganisationKey.confirmed_at.is_(None)
    )
    if session.scalars(open_keys).first() is not None:
        raise Refused("fingerprint_not_confirmed")


def of_kind(session: Session, organisation_id: UUID, *kinds: OrganisationKind) -> Organisation:
    """An organisation of one of these kinds. Raises NotFound, Refused."""
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    if found.kind not in kinds:
        raise Refused("wrong_kind_of_organisation")
    return found


def as_host(actor: Actor) -> Actor:
    """The actor, if it is the host's. Raises Refused."""
    if actor.role is not Role.ADMINISTRATOR:
        raise Refused("not_for_your_role")
    return actor


def note(session: Session, chain: UUID, subject: UUID, move: StrEnum, actor: Actor, now: datetime) -> None:
    """One line in the chain of the organisation concerned."""
    journal.append(session, chain=chain, subject=subject, actor=actor, move=move, now=now)
