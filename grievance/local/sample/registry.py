"""Where do the fictional companies work, who answers there, and on which numbers?"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from grievance.actions import duty, registry
from grievance.actions.coverage import confirm_coverage, make_coverage
from grievance.gateways import GATEWAYS
from grievance.local.sample.setting import Stage
from grievance.local.sample.town import (
    GUARDS,
    KOLWEZI,
    LIKASI,
    LUBUMBASHI,
    MINE_A,
    MINE_B,
    OVERSEER,
    PAPER,
    SENTINELS,
    People,
)
from grievance.schemas.duty import Turn
from grievance.schemas.registry import (
    ChannelFacts,
    ContactFacts,
    ContractFacts,
    CoverageFacts,
    FundingFacts,
    SiteFacts,
)
from grievance.terms import Actor
from grievance.vocabulary import GatewayKind

SITE_A, SITE_B, SITE_C = "Site Exemple A", "Site Exemple B", "Site Exemple C"
# (name, province, territory, mine)
SITES = (
    (SITE_A, "Lualaba", "Mutshatsha", MINE_A),
    (SITE_B, "Lualaba", "Lubudi", MINE_B),
    (SITE_C, "Haut-Katanga", "Kambove", MINE_B),
)
# (site, guard company, began so many days before today, ended so many days before today)
CONTRACTS = (
    (SITE_A, GUARDS, 900, None),
    (SITE_B, SENTINELS, 700, None),
    (SITE_C, PAPER, 800, 200),
    (SITE_C, GUARDS, 199, None),
)
# (desk, back-up, province, or None for whatever is left)
COVERAGES = ((KOLWEZI, LUBUMBASHI, "Lualaba"), (LUBUMBASHI, LIKASI, "Haut-Katanga"), (KOLWEZI, LIKASI, None))
# (kind, desk, number, what its calls name)
CHANNELS = (
    (GatewayKind.TWILIO, KOLWEZI, "+243920000001", f"AC{1:032x}"),
    (GatewayKind.SMSGATE, LUBUMBASHI, "+243880000001", "telephone-exemple-1"),
    (GatewayKind.AFRICASTALKING, LIKASI, "+243930000001", None),
    (GatewayKind.GENERIC, KOLWEZI, "+243940000001", None),
)
DUTY_NUMBER = "+243950000001"
DUTY_DAYS = 30
# SMSGate must know its server although nothing is called while texts are only recorded.
NOBODYS_SERVER = {"username": "exemple", "password": "exemple", "base_url": "https://smsgate.invalid/api"}


@dataclass(frozen=True)
class ChannelPlayed:
    """A channel with the secret that its provider would know."""

    id: UUID
    kind: GatewayKind
    number: str
    account: str | None
    secret: str = field(repr=False)


@dataclass
class Registry:
    """What the cases of the play refer to, by name."""

    sites: dict[str, UUID] = field(default_factory=dict)
    contacts: dict[tuple[str, str | None], UUID] = field(default_factory=dict)
    channels: list[ChannelPlayed] = field(default_factory=list)


def fill_registry(stage: Stage, people: People, *, began: datetime, now: datetime) -> Registry:
    """Everything the administrator registers, and what others must add: confirmations and a roster."""
    made = Registry()
    host = people.host.actor
    for name, province, territory, mine in SITES:
        facts = SiteFacts(name, province, territory, people.organisations[mine])
        made.sites[name] = registry.make_site(facts, actor=host, now=began)
    _contracts(people, made, host, began, now.date())
    _contacts(people, made, host, began)
    _coverages(people, host, began)
    _channels(stage, people, made, host, began)
    funding = FundingFacts(
        people.organisations[LIKASI], people.organisations[MINE_B], made.sites[SITE_C]
    )
    registry.declare_funding(funding, actor=host, now=began)
    _roster(stage, people, now)
    return made


def _contracts(people: People, made: Registry, host: Actor, began: datetime, today: date) -> None:
    for site, provider, days, until in CONTRACTS:
        starts = today - timedelta(days=days)
        ends = today - timedelta(days=until) if until else None
        facts = ContractFacts(made.sites[site], people.organisations[provider], starts, ends)
        registry.make_contract(facts, actor=host, now=began)


def _contacts(people: People, made: Registry, host: Actor, began: datetime) -> None:
    """A security manager at each site, a head office above them, and ICoCA's own complaints desk."""
    served = [(site, company) for site, company, _, _ in CONTRACTS] + [(row[0], row[3]) for row in SITES]
    for company in (MINE_A, MINE_B, GUARDS, SENTINELS, PAPER, OVERSEER):
        organisation_id = people.organisations[company]
        office = ContactFacts(organisation_id, "Plaintes" if company == OVERSEER else "Direction générale")
        made.contacts[company, None] = above = registry.make_contact(office, actor=host, now=began)
        member = people.of(company)[0].member_id if people.of(company) else None
        for site in (site for site, at in served if at == company):
            facts = ContactFacts(
                organisation_id, f"Responsable sécurité, {site}", made.sites[site], member, above
            )
            made.contacts[company, site] = registry.make_contact(facts, actor=host, now=began)


def _coverages(people: People, host: Actor, began: datetime) -> None:
    """Proposed by the host; it counts when the overseer, who is not the host, has confirmed it."""
    overseer = people.first(OVERSEER).actor
    for desk, backup, province in COVERAGES:
        facts = CoverageFacts(
            people.organisations[desk], people.organisations[backup], province, None, None, province is None
        )
        coverage_id = make_coverage(facts, actor=host, now=began)
        confirm_coverage(coverage_id, actor=overseer, now=began + timedelta(hours=2))


def _channels(stage: Stage, people: People, made: Registry, host: Actor, began: datetime) -> None:
    for kind, desk, number, account in CHANNELS:
        if kind not in GATEWAYS:
            continue
        secret = secrets.token_hex(16)
        more = NOBODYS_SERVER if kind is GatewayKind.SMSGATE else {}
        facts = ChannelFacts(people.organisations[desk], kind, number, account, secret, more)
        done = registry.make_channel(facts, config_key=stage.settings.web.config_key, actor=host, now=began)
        made.channels.append(ChannelPlayed(done.id, kind, number, account, done.secret))


def _roster(stage: Stage, people: People, now: datetime) -> None:
    """Kolwezi can be rung day and night; Lubumbashi cannot, and so never promises a call."""
    lead = people.first(KOLWEZI)
    starts = datetime.combine(now.date(), datetime.min.time(), UTC)
    turn = Turn(lead.member_id, starts, starts + timedelta(days=DUTY_DAYS), DUTY_NUMBER)
    duty.add_turn(turn, config_key=stage.settings.web.config_key, actor=lead.actor, now=now)
