"""Which desk takes a case, which companies can answer for it, and to whom there may it go?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from grievance.terms import Place, Refused
from grievance.vocabulary import ActorKind


class Reach(StrEnum):
    """How near the coverage is that chose a desk; from the most to the least specific."""

    SITE = "site"
    TERRITORY = "territory"
    PROVINCE = "province"
    FALLBACK = "fallback"


class CompanyReason(StrEnum):
    """Why the companies proposed are only a proposal."""

    SITE_UNKNOWN = "site_unknown"
    DAY_UNKNOWN = "day_unknown"
    NO_CONTRACT_THAT_DAY = "no_contract_that_day"
    OVERLAP = "overlap"
    CONTRACT_ENDED = "contract_ended"
    SEVERAL_CLIENTS = "several_clients"


@dataclass(frozen=True)
class Coverage:
    """A desk and its back-up answer for a site, a territory, a province, or for whatever else (fallback)."""

    desk_id: UUID
    backup_id: UUID
    province: str | None
    territory: str | None
    site_id: UUID | None
    fallback: bool


@dataclass(frozen=True)
class DeskChoice:
    """Two different desks. `instead` says that the desk is not the first one for this place."""

    desk_id: UUID
    backup_id: UUID
    reason: Reach
    instead: bool = False


@dataclass(frozen=True)
class Contract:
    """A guard company works at a site for a client from a day to a day, both included, or still."""

    site_id: UUID
    provider_id: UUID
    client_id: UUID
    starts: date
    ends: date | None


@dataclass(frozen=True)
class Companies:
    """Who can answer. `ended_provider_ids` are those of `provider_ids` whose contract is over.

    `ambiguous`: several guard companies or clients fit; a person decides.
    """

    client_id: UUID | None
    provider_ids: tuple[UUID, ...] = ()
    ended_provider_ids: tuple[UUID, ...] = ()
    ambiguous: bool = False
    reasons: tuple[CompanyReason, ...] = ()


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one.strip().casefold() == other.strip().casefold()


def _reach(coverage: Coverage, place: Place) -> Reach | None:
    """How near this coverage comes to the place; None when it does not cover it."""
    if coverage.fallback:
        return Reach.FALLBACK
    if coverage.site_id is not None:
        return Reach.SITE if coverage.site_id == place.site_id else None
    if not _same(coverage.province, place.province):
        return None
    if coverage.territory is not None:
        return Reach.TERRITORY if _same(coverage.territory, place.territory) else None
    return Reach.PROVINCE


def _in_order(place: Place, coverages: Iterable[Coverage]) -> list[tuple[Reach, Coverage]]:
    order = list(Reach)
    fitting = [(reach, item) for item in coverages if (reach := _reach(item, place)) is not None]
    return sorted(
        fitting, key=lambda pair: (order.index(pair[0]), str(pair[1].desk_id), str(pair[1].backup_id))
    )


def _candidates(fitting: list[tuple[Reach, Coverage]]) -> Iterator[DeskChoice]:
    """Desk with its back-up, then the back-up in its place, from the nearest coverage outwards."""
    for reach, coverage in fitting:
        yield DeskChoice(coverage.desk_id, coverage.backup_id, reach)
        yield DeskChoice(coverage.backup_id, coverage.desk_id, reach, instead=True)


def desk_for(
    place: Place,
    coverages: Iterable[Coverage],
    excluded: frozenset[UUID] = frozenset(),
    overseer_id: UUID | None = None,
) -> DeskChoice:
    """The most specific desk that is not excluded (conflict, another one asked for, complaint about it).

    A back-up that is excluded, or has itself become the desk, is replaced by the desk's own back-up
    elsewhere, then by the next desk that covers the place, then by any other, last by the overseer, if given.
    Raises Refused("no_desk") when no desk is left, Refused("no_second_desk") when no back-up is.
    """
    known = tuple(coverages)
    nearest = list(_candidates(_in_order(place, known)))
    chosen = next((choice for choice in nearest if choice.desk_id not in excluded), None)
    if chosen is None:
        raise Refused("no_desk")
    own = [item.backup_id for item in known if item.desk_id == chosen.desk_id]
    others = [choice.desk_id for choice in nearest]
    anybody = sorted({desk for item in known for desk in (item.desk_id, item.backup_id)}, key=str)
    for backup_id in (chosen.backup_id, *sorted(own, key=str), *others, *anybody, overseer_id):
        if backup_id is not None and backup_id not in excluded and backup_id != chosen.desk_id:
            return DeskChoice(chosen.desk_id, backup_id, chosen.reason, instead=chosen != nearest[0])
    raise Refused("no_second_desk")


def _ran_on(contract: Contract, day: date | None) -> bool:
    return day is None or (contract.starts <= day and (contract.ends is None or day <= contract.ends))


def _is_over(contract: Contract, today: date | None) -> bool:
    return contract.ends is not None and (today is None or contract.ends < today)


def _each_once(ids: Iterable[UUID]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(ids))


def companies_for(
    site_id: UUID | None,
    day: date | None,
    site_client: UUID | None,
    contracts: Iterable[Contract],
    today: date | None = None,
) -> Companies:
    """Who guarded this site on the day, for whom. Never refuses: what is unknown is a reason, for a person.

    A guard company whose contract ended stays answerable. Without `today` a contract with an end counts as
    over. On an unknown day every company that ever guarded the site is proposed, the newest contract first.
    """
    if site_id is None:
        return Companies(None, reasons=(CompanyReason.SITE_UNKNOWN,))
    there = [item for item in contracts if item.site_id == site_id and _ran_on(item, day)]
    there.sort(key=lambda item: (-item.starts.toordinal(), str(item.provider_id)))
    providers = _each_once(item.provider_id for item in there)
    running = {item.provider_id for item in there if not _is_over(item, today)}
    ended = tuple(provider for provider in providers if provider not in running)
    clients = _each_once(item.client_id for item in there)
    reasons = {
        CompanyReason.DAY_UNKNOWN: day is None,
        CompanyReason.NO_CONTRACT_THAT_DAY: not there,
        CompanyReason.OVERLAP: len(providers) > 1,
        CompanyReason.CONTRACT_ENDED: bool(ended),
        CompanyReason.SEVERAL_CLIENTS: len(clients) > 1,
    }
    client_id = clients[0] if len(clients) == 1 else site_client
    found = tuple(reason for reason, holds in reasons.items() if holds)
    return Companies(client_id, providers, ended, max(len(providers), len(clients)) > 1, found)


def proposed_for(actor: ActorKind, companies: Companies) -> tuple[UUID, ...]:
    """The companies to propose for a referral, first the one to ask first; a public force never is.

    The client comes beside its guard company when that one's contract ended, or when nobody knows whose men
    it was. In a `mixed` case the companies are proposed for the private line only.
    """
    client = () if companies.client_id is None else (companies.client_id,)
    if actor is ActorKind.PUBLIC:
        return ()
    if actor is ActorKind.IN_HOUSE:
        return client
    beside = actor is ActorKind.UNKNOWN or not companies.provider_ids or bool(companies.ended_provider_ids)
    return companies.provider_ids + (client if beside else ())
