"""Which organisations and people live in the fictional data? The list, and how they came together."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from grievance.actions import people, recovery
from grievance.actions.fingerprints import confirm_fingerprint, keys_seen
from grievance.actions.keys import grant_keys
from grievance.actions.people import COMMAND_ACTOR, Invited
from grievance.actions.registry import make_organisation
from grievance.local.sample.player import Part, Player, join
from grievance.local.sample.setting import Stage
from grievance.schemas.people import Invite
from grievance.schemas.registry import IcocaStatus, OrganisationFacts
from grievance.terms import Role
from grievance.vocabulary import Language, OrganisationKind, ReaderKind

HOST = "Hébergeur Exemple"
KOLWEZI, LUBUMBASHI, LIKASI = "ONG Exemple Kolwezi", "ONG Exemple Lubumbashi", "ONG Exemple Likasi"
MINE_A, MINE_B = "Mine Exemple A", "Mine Exemple B"
GUARDS, SENTINELS, PAPER = "Gardiennage Fictif SARL", "Sentinelles Inventées SARL", "Vigiles Imaginaires"
OVERSEER = "ICoCA (exemple)"

CSO, MINE, PROVIDER = OrganisationKind.CSO, OrganisationKind.MINE, OrganisationKind.PROVIDER
WORKER, LEAD, MANAGER = Role.CASE_WORKER, Role.CASE_LEAD, Role.COMPANY

ORGANISATIONS = (
    OrganisationFacts(OVERSEER, OrganisationKind.OVERSEER, Language.ENGLISH),
    OrganisationFacts(KOLWEZI, CSO, Language.FRENCH),
    OrganisationFacts(LUBUMBASHI, CSO, Language.FRENCH),
    OrganisationFacts(LIKASI, CSO, Language.SWAHILI),
    OrganisationFacts(MINE_A, MINE, Language.FRENCH),
    OrganisationFacts(MINE_B, MINE, Language.FRENCH),
    OrganisationFacts(GUARDS, PROVIDER, Language.FRENCH, IcocaStatus.MEMBER),
    OrganisationFacts(SENTINELS, PROVIDER, Language.FRENCH, IcocaStatus.AFFILIATE),
    # Without an account: it gets its letters on paper.
    OrganisationFacts(PAPER, PROVIDER, Language.FRENCH, IcocaStatus.NONE, "Avenue Fictive 1, Likasi"),
)

PARTS = (
    Part(OVERSEER, OrganisationKind.OVERSEER, Role.OVERSEER, "une@icoca-exemple.example"),
    Part(OVERSEER, OrganisationKind.OVERSEER, Role.OVERSEER, "deux@icoca-exemple.example"),
    Part(KOLWEZI, CSO, LEAD, "responsable@kolwezi.example", restricted=True),
    Part(KOLWEZI, CSO, WORKER, "agente@kolwezi.example", restricted=True),
    Part(KOLWEZI, CSO, WORKER, "agent@kolwezi.example"),
    Part(LUBUMBASHI, CSO, LEAD, "responsable@lubumbashi.example", restricted=True),
    Part(LUBUMBASHI, CSO, WORKER, "agente@lubumbashi.example", restricted=True),
    Part(LUBUMBASHI, CSO, WORKER, "agent@lubumbashi.example"),
    Part(LIKASI, CSO, LEAD, "responsable@likasi.example", restricted=True),
    Part(LIKASI, CSO, WORKER, "agente@likasi.example", restricted=True),
    Part(MINE_A, MINE, MANAGER, "securite@mine-a.example"),
    Part(MINE_B, MINE, MANAGER, "securite@mine-b.example"),
    Part(GUARDS, PROVIDER, MANAGER, "securite@gardiennage.example"),
    Part(SENTINELS, PROVIDER, MANAGER, "securite@sentinelles.example"),
)
HOST_PART = Part(HOST, OrganisationKind.HOST, Role.ADMINISTRATOR, "admin@hebergeur.example")
LANES = (ReaderKind.LANE_SEXUAL_VIOLENCE, ReaderKind.LANE_CHILD)
KEYS_OF_WORKER = (ReaderKind.DESK, ReaderKind.TRIAGE)
AT_ONCE = 2  # argon2 takes a core and 64 MiB for each who joins


@dataclass
class People:
    """Everybody who joined, and the organisations by name."""

    host: Player
    organisations: dict[str, UUID]
    players: list[Player] = field(default_factory=list)

    @property
    def everybody(self) -> list[Player]:
        """All members, the host's last."""
        return [*self.players, self.host]

    def of(self, organisation: str) -> list[Player]:
        """The members of an organisation, first come first."""
        return [player for player in self.players if player.part.organisation == organisation]

    def first(self, organisation: str) -> Player:
        """The first member of an organisation; at a desk its lead."""
        return self.of(organisation)[0]


def found(stage: Stage, *, now: datetime) -> Player:
    """The host and its administrator. Raises Refused("not_empty") when the database holds anything."""
    host_id = people.found_host(HOST, now=now)
    invited = people.invite(_invite(HOST_PART, host_id), actor=COMMAND_ACTOR, now=now)
    return join(stage, HOST_PART, host_id, invited, now=now)


def people_of(stage: Stage, host: Player, *, now: datetime) -> People:
    """Everybody else: invited by the host, joined, given keys, fingerprints read aloud and confirmed."""
    made = {facts.name: make_organisation(facts, actor=host.actor, now=now) for facts in ORGANISATIONS}
    everybody = People(host, made)
    seconds = [part for part in PARTS if part != _first_of(part.organisation)]
    for wave in ([part for part in PARTS if part not in seconds], seconds):
        everybody.players += _join_all(stage, everybody, wave, now)
    everybody.players.sort(key=lambda player: PARTS.index(player.part))
    for organisation in dict.fromkeys(part.organisation for part in seconds):
        _give_keys(everybody.of(organisation), now=now + timedelta(hours=2))
    for name, kind in {part.organisation: part.kind for part in PARTS}.items():
        if kind is CSO:
            recovery.print_recovery(actor=everybody.first(name).actor, now=now + timedelta(hours=3))
    _confirm_fingerprints(everybody.of(OVERSEER), now=now + timedelta(days=1))
    return everybody


def _first_of(organisation: str) -> Part:
    return next(part for part in PARTS if part.organisation == organisation)


def _join_all(stage: Stage, everybody: People, parts: Iterable[Part], now: datetime) -> list[Player]:
    host, made = everybody.host.actor, everybody.organisations
    invited = [
        (part, people.invite(_invite(part, made[part.organisation]), actor=host, now=now)) for part in parts
    ]

    def play(one: tuple[Part, Invited]) -> Player:
        part, invitation = one
        return join(stage, part, made[part.organisation], invitation, now=now + timedelta(hours=1))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(play, invited))


def _give_keys(members: list[Player], *, now: datetime) -> None:
    """The first member holds every key; workers get what their work needs, a lane only if they are in it."""
    first, *others = members
    for player in others:
        kinds = KEYS_OF_WORKER + (LANES if player.part.restricted else ())
        if player.part.kind is not CSO:
            kinds = (ReaderKind.OVERSEER,)
        grant_keys(player.member_id, kinds, actor=first.actor, now=now)


def _confirm_fingerprints(overseers: list[Player], *, now: datetime) -> None:
    """Two overseers confirm their own key first; then one of them everybody else's, read aloud by phone."""
    actors = [player.actor for player in overseers]
    seen = keys_seen(actors[0], of_all=True)
    own = [key for key in seen if key.organisation_id == overseers[0].organisation_id]
    for key in own:
        for actor in actors:
            confirm_fingerprint(key.id, actor=actor, now=now)
    for key in seen:
        if key not in own:
            confirm_fingerprint(key.id, actor=actors[1], now=now + timedelta(days=1))


def _invite(part: Part, organisation_id: UUID) -> Invite:
    language = next((facts.language for facts in ORGANISATIONS if facts.name == part.organisation), None)
    return Invite(organisation_id, part.role, language or Language.FRENCH, part.email)
