"""What is in the registry? Every register as the administrator's pages show it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grievance.actions import inbound
from grievance.actions.registry import FEWEST_KEYED
from grievance.rules import roads
from grievance.rules.roads import Life
from grievance.store import queries
from grievance.store.actors import INTAKE_ACTOR
from grievance.store.config_values import channel_label
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
from grievance.store.numbers import show_config
from grievance.store.sealing import Versions
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound
from grievance.vocabulary import GatewayKind, OrganisationKind, ReaderKind


@dataclass(frozen=True)
class OrganisationSeen:
    """An organisation, and whether it can work: members who joined, keyed members, keys, paper."""

    id: UUID
    name: str
    kind: OrganisationKind
    icoca_status: str | None
    members: int
    keyed: int
    keys_confirmed: bool
    recovery_printed_at: datetime | None

    @property
    def ready(self) -> bool:
        """Whether a desk may have coverage and channels."""
        return self.keyed >= FEWEST_KEYED and self.keys_confirmed and self.recovery_printed_at is not None


@dataclass(frozen=True)
class SiteSeen:
    """A site and its mine."""

    id: UUID
    name: str
    province: str
    territory: str | None
    client: str


@dataclass(frozen=True)
class ContractSeen:
    """A contract in names."""

    id: UUID
    site: str
    provider: str
    client: str
    starts: date
    ends: date | None


@dataclass(frozen=True)
class ContactSeen:
    """A contact in names; `account` is the address of the member behind it."""

    id: UUID
    organisation_id: UUID
    organisation: str
    label: str
    site: str | None
    superior: str | None
    account: str | None


@dataclass(frozen=True)
class FundingSeen:
    """Who pays which CSO, in names."""

    desk: str
    funder: str
    site: str | None


@dataclass(frozen=True)
class ChannelShown:
    """A channel with its secret, for whoever holds the config key."""

    id: UUID
    desk: str
    kind: GatewayKind
    number: str
    account: str | None
    hidden: str = field(repr=False)
    last_heard_at: datetime | None
    life: Life
    quiet: bool = False
    refused_at: datetime | None = None
    refusal: str | None = None

    def silent(self, now: datetime) -> bool:
        """Whether it ought to say that it lives, and does not."""
        return roads.silent(self.life, now)


def organisations(actor: Actor) -> tuple[OrganisationSeen, ...]:
    """Every organisation, by kind and name."""
    with transaction(actor) as session:
        rows = session.scalars(select(Organisation)).all()
        joined = session.execute(
            select(Member.organisation_id, func.count())
            .where(Member.activated_at.is_not(None), Member.disabled_at.is_(None))
            .group_by(Member.organisation_id)
        )
        members = {organisation_id: count for organisation_id, count in joined}
        seen = [_organisation(session, row, members.get(row.id, 0)) for row in rows]
    order = list(OrganisationKind)
    return tuple(sorted(seen, key=lambda one: (order.index(one.kind), one.name)))


def _organisation(session: Session, row: Organisation, members: int) -> OrganisationSeen:
    keys = session.scalars(
        select(OrganisationKey.confirmed_at).where(OrganisationKey.organisation_id == row.id)
    ).all()
    triage = queries.key_of(session, row.id, ReaderKind.TRIAGE)
    return OrganisationSeen(
        row.id, row.name, row.kind, row.icoca_status, members, queries.keyed_members(session, triage),
        bool(keys) and None not in keys, row.recovery_printed_at,
    )  # fmt: skip


def sites(actor: Actor) -> tuple[SiteSeen, ...]:
    """Every site, by province and name."""
    with transaction(actor) as session:
        names = _names(session)
        rows = session.scalars(select(Site)).all()
    seen = (SiteSeen(row.id, row.name, row.province, row.territory, names[row.client_id]) for row in rows)
    return tuple(sorted(seen, key=lambda one: (one.province, one.name)))


def contracts(actor: Actor) -> tuple[ContractSeen, ...]:
    """Every contract, by site, newest first."""
    with transaction(actor) as session:
        names, places = _names(session), _places(session)
        rows = session.scalars(select(Contract).order_by(Contract.starts.desc())).all()
    seen = (
        ContractSeen(
            row.id, places[row.site_id], names[row.provider_id], names[row.client_id], row.starts, row.ends
        )
        for row in rows
    )
    return tuple(sorted(seen, key=lambda one: one.site))


def contacts(actor: Actor) -> tuple[ContactSeen, ...]:
    """Every contact, by organisation."""
    with transaction(actor) as session:
        names, places = _names(session), _places(session)
        rows = session.scalars(select(Contact)).all()
        emails = {who: email for who, email in session.execute(select(Member.id, Member.email))}
    labels = {row.id: row.label for row in rows}
    seen = (
        ContactSeen(
            row.id, row.organisation_id, names[row.organisation_id], row.label,
            _place(places, row.site_id),
            labels.get(row.superior_id) if row.superior_id else None,
            emails.get(row.member_id) if row.member_id else None,
        )
        for row in rows
    )  # fmt: skip
    return tuple(sorted(seen, key=lambda one: (one.organisation, one.site or "", one.label)))


def accounts(actor: Actor, kinds: Collection[OrganisationKind]) -> tuple[tuple[UUID, str], ...]:
    """Who joined organisations of these kinds and is still there: id, and organisation with e-mail."""
    query = (
        select(Member.id, Organisation.name, Member.email)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Organisation.kind.in_(kinds), Member.activated_at.is_not(None), Member.disabled_at.is_(None))
    )
    with transaction(actor) as session:
        rows = session.execute(query.order_by(Organisation.name, Member.email)).all()
    return tuple((member_id, f"{name}: {email}") for member_id, name, email in rows)


def fundings(actor: Actor) -> tuple[FundingSeen, ...]:
    """Who pays which CSO."""
    with transaction(actor) as session:
        names, places = _names(session), _places(session)
        rows = session.scalars(select(Funding)).all()
    return tuple(
        FundingSeen(names[row.desk_id], names[row.funder_id], _place(places, row.site_id))
        for row in rows
    )


def channels(config_key: Versions, actor: Actor = INTAKE_ACTOR) -> tuple[ChannelShown, ...]:
    """Every channel with its secret opened, by desk and number."""
    with transaction(actor) as session:
        names = _names(session)
        rows = session.scalars(select(ChannelRow)).all()
    seen = (
        ChannelShown(
            row.id, names[row.desk_id], row.kind, row.number, row.account,
            show_config(config_key, row.secret_hidden, channel_label(row.id)), row.last_heard_at,
            inbound.life_of(row), row.quiet, row.refused_at, row.refusal,
        )
        for row in rows
    )  # fmt: skip
    return tuple(sorted(seen, key=lambda one: (one.desk, one.number)))


def channel(channel_id: UUID, config_key: Versions, actor: Actor = INTAKE_ACTOR) -> ChannelShown:
    """One channel. Raises NotFound."""
    found = [one for one in channels(config_key, actor) if one.id == channel_id]
    if not found:
        raise NotFound
    return found[0]


def _place(places: dict[UUID, str], site_id: UUID | None) -> str | None:
    return places.get(site_id) if site_id else None


def _names(session: Session) -> dict[UUID, str]:
    return {row.id: row.name for row in session.execute(select(Organisation.id, Organisation.name))}


def _places(session: Session) -> dict[UUID, str]:
    return {row.id: row.name for row in session.execute(select(Site.id, Site.name))}
