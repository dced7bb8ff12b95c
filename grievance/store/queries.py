"""Which rows? The loads that several use cases share; what row security hides is not found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, Select, cast, func, select
from sqlalchemy.orm import Session

from grievance.rules.routing import Contract as ContractFact
from grievance.rules.routing import Coverage as CoverageFact
from grievance.store.models import (
    Case,
    Contract,
    Coverage,
    Entry,
    KeyChange,
    Organisation,
    OrganisationKey,
    Referral,
    Site,
)
from grievance.terms import NotFound
from grievance.vocabulary import EntryKind, OrganisationKind, ReaderKind

Row = TypeVar("Row", Case, Referral)
Register = TypeVar("Register", Organisation, Site)


def case_by_code(session: Session, code: str, *, lock: bool = False) -> Case:
    """The case with this code, if this actor may see it. Raises NotFound."""
    query = select(Case).where(Case.code == code)
    return _one(session, query.with_for_update() if lock else query)


def case_by_id(session: Session, case_id: UUID, *, lock: bool = False) -> Case:
    """The case, if this actor may see it. Raises NotFound."""
    query = select(Case).where(Case.id == case_id)
    return _one(session, query.with_for_update() if lock else query)


def referral_by_code(session: Session, code: str, *, lock: bool = False) -> Referral:
    """The referral with this code, if this actor may see it. Raises NotFound."""
    query = select(Referral).where(Referral.code == code)
    return _one(session, query.with_for_update() if lock else query)


def organisation(session: Session, organisation_id: UUID) -> Organisation:
    """An organisation. Raises NotFound."""
    found = _kept(session, Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def organisation_locked(session: Session, organisation_id: UUID) -> Organisation:
    """An organisation, locked until the transaction ends. Raises NotFound."""
    found = session.get(Organisation, organisation_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found


def overseer(session: Session) -> Organisation | None:
    """The overseer (ICoCA), if there is one yet."""
    return session.scalar(select(Organisation).where(Organisation.kind == OrganisationKind.OVERSEER))


def overseer_id(session: Session) -> UUID | None:
    """The overseer's id, if there is one yet."""
    found = overseer(session)
    return found.id if found else None


def key_of(session: Session, organisation_id: UUID, kind: ReaderKind) -> OrganisationKey | None:
    """The public key of one kind that an organisation uses: the newest that a second person agreed to."""
    query = (
        select(OrganisationKey)
        .where(OrganisationKey.organisation_id == organisation_id, OrganisationKey.kind == kind, in_use())
        .order_by(OrganisationKey.version.desc())
        .limit(1)
    )
    return session.scalar(query)


def was_read_aloud(session: Session, organisation_id: UUID, kind: ReaderKind) -> bool:
    """Whether the overseer confirmed the fingerprint of any version of this key."""
    query = select(OrganisationKey.id).where(
        OrganisationKey.organisation_id == organisation_id, OrganisationKey.kind == kind,
        OrganisationKey.confirmed_at.is_not(None),
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None


def in_use() -> ColumnElement[bool]:
    """Of organisation keys: those that nobody's agreement is missing to."""
    waits = select(KeyChange.organisation_key_id).where(KeyChange.agreed_at.is_(None))
    return OrganisationKey.id.not_in(waits)


def keyed_members(session: Session, key: OrganisationKey | None) -> int:
    """How many active members hold the private half of a key."""
    if key is None:
        return 0
    return int(session.execute(select(func.keyed_members(key.id))).scalar_one())


def person_key(session: Session, contact_id: UUID, key: OrganisationKey) -> bytes | None:
    """The own public half of the member behind a contact, if they hold this key and still work there."""
    found: bytes | None = session.execute(select(func.person_key(contact_id, key.id))).scalar_one()
    return found


def coverage_facts(session: Session, without: UUID | None = None) -> tuple[CoverageFact, ...]:
    """Every coverage that a second person confirmed; `without`: as if this one had ended."""
    rows = session.scalars(select(Coverage).where(Coverage.confirmed_at.is_not(None)))
    return tuple(
        CoverageFact(row.desk_id, row.backup_id, row.province, row.territory, row.site_id, row.fallback)
        for row in rows
        if row.id != without
    )


def contract_facts(session: Session, site_id: UUID) -> tuple[ContractFact, ...]:
    """The contracts of one site."""
    rows = session.scalars(select(Contract).where(Contract.site_id == site_id))
    return tuple(ContractFact(r.site_id, r.provider_id, r.client_id, r.starts, r.ends) for r in rows)


def site(session: Session, site_id: UUID | None) -> Site | None:
    """A site by its id, or None."""
    return _kept(session, Site, site_id) if site_id else None


def _kept(session: Session, table: type[Register], row_id: UUID) -> Register | None:
    """A row of a register, asked for once in a transaction: a session alone forgets what nobody holds."""
    kept: dict[UUID, Register] = session.info.setdefault(table, {})
    found = kept.get(row_id) or session.get(table, row_id)
    if found is not None:
        kept[row_id] = found
    return found


def names(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of organisations, by id."""
    wanted = {i for i in ids if i is not None}
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def unread_words(session: Session, case_id: UUID) -> frozenset[UUID]:
    """The messages to a complainant that were never fetched."""
    query = select(Entry.id).where(
        Entry.case_id == case_id, Entry.kind == EntryKind.TO_COMPLAINANT, Entry.seen_at.is_(None)
    )
    return frozenset(session.scalars(query))


def under_any_key(session: Session, function: str, candidates: Sequence[bytes]) -> bool:
    """Whether a unique keyed value is stored under any version of its key: asked while a key changes.

    With one version the unique index itself answers. With several, whoever stores this value waits here for
    whoever stores it at the same moment under the other version.
    """
    if len(candidates) < 2:
        return False
    first = hashlib.sha256(min(candidates)).digest()
    session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(first[:8], signed=True))))
    call = getattr(func, function)(cast(list(candidates), ARRAY(LargeBinary)))
    return bool(session.execute(select(call)).scalar_one())


def _one(session: Session, query: Select[Row]) -> Row:
    row = session.scalar(query)
    if row is None:
        raise NotFound
    return row
