"""How does a test get a world to act in? Plain builders, with real keys."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from grievance.actions.sign_in import ADDRESSED
from grievance.store.actors import staff_actor
from grievance.store.config_values import channel_label
from grievance.store.models import (
    Base,
    ChannelRow,
    Contact,
    Contract,
    Coverage,
    Member,
    MemberKey,
    Organisation,
    OrganisationKey,
    Site,
)
from grievance.store.numbers import hide_config
from grievance.store.sealing import new_pair, wrap
from grievance.store.session import transaction
from grievance.terms import Actor, Pair, Role
from grievance.vocabulary import GatewayKind, Language, OrganisationKind, ReaderKind

LONG_AGO = datetime(2025, 1, 6, 8, tzinfo=UTC)

KEYS_OF = {
    OrganisationKind.CSO: (
        ReaderKind.DESK, ReaderKind.TRIAGE, ReaderKind.LANE_SEXUAL_VIOLENCE, ReaderKind.LANE_CHILD,
    ),
    OrganisationKind.MINE: (ReaderKind.COMPANY,),
    OrganisationKind.PROVIDER: (ReaderKind.COMPANY,),
    OrganisationKind.OVERSEER: (ReaderKind.OVERSEER,),
    OrganisationKind.HOST: (),
}  # fmt: skip

ROLE_OF = {
    OrganisationKind.CSO: Role.CASE_WORKER,
    OrganisationKind.MINE: Role.COMPANY,
    OrganisationKind.PROVIDER: Role.COMPANY,
    OrganisationKind.OVERSEER: Role.OVERSEER,
    OrganisationKind.HOST: Role.ADMINISTRATOR,
}


@dataclass
class Someone:
    """A member, and the keys that their session would open."""

    row: Member
    pair: Pair = field(repr=False)
    keys: dict[bytes, bytes] = field(repr=False)

    @property
    def actor(self) -> Actor:
        """This member, acting with all their keys; whom a referral may be made to, with their own too."""
        addressed = self.keys and self.row.role in ADDRESSED
        return staff_actor(self.row, self.keys | ({self.pair.public: self.pair.private} if addressed else {}))

    def as_stored(self) -> Member:
        """The row as it is now; tests share the one that this was made with."""
        with transaction(self.actor) as session:
            return session.get_one(Member, self.row.id)


@dataclass
class Tenant:
    """An organisation with its keys and members, by what they do."""

    row: Organisation
    pairs: dict[ReaderKind, Pair] = field(default_factory=dict, repr=False)
    members: list[Someone] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        """The organisation's id."""
        return self.row.id

    @property
    def actor(self) -> Actor:
        """Its first member."""
        return self.members[0].actor

    @property
    def lead(self) -> Actor:
        """Its lead."""
        return next(m for m in self.members if m.row.role is Role.CASE_LEAD).actor

    @property
    def outside_lanes(self) -> Actor:
        """A member who is in no restricted lane."""
        return next(m for m in self.members if not m.row.in_child_lane).actor

    def copy(self) -> Tenant:
        """The same rows and keys in lists of its own."""
        members = [replace(each, keys=dict(each.keys)) for each in self.members]
        return replace(self, pairs=dict(self.pairs), members=members)


@dataclass
class World:
    """Two desks, a mine, two guard companies, an overseer, a host; one site; one telephone number."""

    desk: Tenant
    backup: Tenant
    mine: Tenant
    provider: Tenant
    second_provider: Tenant
    overseer: Tenant
    host: Tenant
    site: Site
    channel: ChannelRow
    channel_secret: str = field(repr=False)

    def copy(self) -> World:
        """The same rows and keys, each organisation's in lists of its own: a test may add members or keys."""
        mine = {each.name: getattr(self, each.name) for each in fields(self)}
        return World(**{name: one.copy() if isinstance(one, Tenant) else one for name, one in mine.items()})


@dataclass
class Builder:
    """Collects rows and stores them as the superuser, before anybody acts."""

    rows: list[Base] = field(default_factory=list)

    def add(self, *rows: Base) -> None:
        """Remembers rows to store, in this order."""
        self.rows.extend(rows)

    def tenant(self, name: str, kind: OrganisationKind, members: int = 2, **more: object) -> Tenant:
        """An organisation with all keys of its kind, each member holding them all."""
        row = Organisation(
            id=uuid4(), name=name, kind=kind, language=Language.FRENCH, created_at=LONG_AGO,
            recovery_printed_at=LONG_AGO, **more,
        )  # fmt: skip
        tenant = Tenant(row)
        keys = []
        for reader in KEYS_OF[kind]:
            tenant.pairs[reader] = pair = new_pair()
            keys.append(
                OrganisationKey(
                    id=uuid4(), organisation_id=row.id, kind=reader, version=1, public_key=pair.public,
                    created_at=LONG_AGO, confirmed_at=LONG_AGO,
                )
            )  # fmt: skip
        self.add(row, *keys)
        for number in range(members):
            self._member(tenant, keys, ROLE_OF[kind], number)
        if kind is OrganisationKind.CSO:
            self._member(tenant, keys, Role.CASE_LEAD, members)
            self._member(tenant, keys[:2], Role.CASE_WORKER, members + 1)
        return tenant

    def _member(self, tenant: Tenant, keys: list[OrganisationKey], role: Role, number: int) -> None:
        pair = new_pair()
        in_lanes = len(keys) > 2  # a desk's member without the two lane keys is in no restricted lane
        member = Member(
            id=uuid4(), organisation_id=tenant.id, role=role, email=f"{number}@{tenant.id.hex[:8]}.example",
            language=Language.FRENCH, invited_at=LONG_AGO, activated_at=LONG_AGO, public_key=pair.public,
            marked=True, in_sexual_violence_lane=in_lanes, in_child_lane=in_lanes,
        )  # fmt: skip
        opened = {key.public_key: tenant.pairs[key.kind].private for key in keys}
        self.add(member)
        for key in keys:
            self.add(
                MemberKey(
                    id=uuid4(), member_id=member.id, organisation_id=tenant.id, organisation_key_id=key.id,
                    wrapped=wrap(opened[key.public_key], pair.public),
                )
            )  # fmt: skip
        tenant.members.append(Someone(member, pair, opened))

    def store(self, superuser_url: str) -> None:
        """Writes everything in one transaction that no row security holds back."""
        engine = create_engine(superuser_url)
        with Session(engine, expire_on_commit=False) as session:
            for row in self.rows:
                session.add(row)
                session.flush()
            session.commit()
            session.expunge_all()
        engine.dispose()


def world(superuser_url: str, config_key: tuple[tuple[int, bytes], ...]) -> World:
    """A whole small world, stored."""
    build = Builder()
    desk = build.tenant("ONG Exemple Kolwezi", OrganisationKind.CSO)
    backup = build.tenant("ONG Exemple Likasi", OrganisationKind.CSO)
    mine = build.tenant("Mine Exemple A", OrganisationKind.MINE)
    provider = build.tenant("Gardiennage Fictif SARL", OrganisationKind.PROVIDER, icoca_status="member")
    second = build.tenant("Gardiennage Inventé SARL", OrganisationKind.PROVIDER)
    overseer = build.tenant("ICoCA (exemple)", OrganisationKind.OVERSEER)
    host = build.tenant("Hébergeur Exemple", OrganisationKind.HOST, members=1)
    site = Site(
        id=uuid4(), name="Site Exemple A", province="Lualaba", territory="Mutshatsha", client_id=mine.id
    )
    build.add(site)
    build.add(
        Contract(
            id=uuid4(), site_id=site.id, provider_id=provider.id, client_id=mine.id, starts=date(2024, 1, 1),
        ),
        *_coverages(desk, backup),
        *[
            Contact(
                id=uuid4(), organisation_id=company.id, site_id=site.id, label="Responsable sécurité",
                member_id=company.members[0].row.id,
            )
            for company in (mine, provider, second)
        ],
        Contact(
            id=uuid4(), organisation_id=overseer.id, label="Plaintes", member_id=overseer.members[0].row.id
        ),
    )  # fmt: skip
    channel, secret = _channel(desk, config_key)
    build.add(channel)
    build.store(superuser_url)
    return World(desk, backup, mine, provider, second, overseer, host, site, channel, secret)


def _coverages(desk: Tenant, backup: Tenant) -> list[Coverage]:
    facts: list[dict[str, object]] = [
        {"desk_id": desk.id, "backup_id": backup.id, "province": "Lualaba"},
        {"desk_id": backup.id, "backup_id": desk.id, "province": "Haut-Katanga"},
        {"desk_id": desk.id, "backup_id": backup.id, "fallback": True},
    ]
    return [Coverage(id=uuid4(), created_at=LONG_AGO, confirmed_at=LONG_AGO, **fact) for fact in facts]


def _channel(desk: Tenant, config_key: tuple[tuple[int, bytes], ...]) -> tuple[ChannelRow, str]:
    secret = "a-signing-key-for-tests"
    channel_id = uuid4()
    row = ChannelRow(
        id=channel_id, desk_id=desk.id, kind=GatewayKind.SMSGATE, number="+243880000001",
        account="device-for-tests", secret_hidden=hide_config(config_key, secret, channel_label(channel_id)),
        created_at=LONG_AGO,
    )  # fmt: skip
    return row, secret
