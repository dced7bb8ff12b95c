"""What hangs on one version of an organisation's key? Wraps of cases, and reports in quarantine."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from grievance.actions import apart_sealing
from grievance.store import vault
from grievance.store.models import Case, ClassPair, OrganisationKey, Wrap
from grievance.store.sealing import open_pair
from grievance.store.vault import Reader
from grievance.terms import Actor, CannotOpen, CaseState, Pair
from grievance.vocabulary import ReaderKind


def seal_anew(session: Session, old: OrganisationKey, new: OrganisationKey, private: bytes, most: int) -> int:
    """Seals at most so much of it to the version in use: open cases, closed ones, then quarantine."""
    moved = _wrap_anew(session, old, new, private, most)
    return moved + apart_sealing.seal_anew(session, old, new, private, most - moved)


def count(session: Session, key: OrganisationKey, actor: Actor) -> tuple[int, int]:
    """How much hangs on a key: what the actor may see, and what stays hidden from them.

    A lane's wraps name no key: hidden ones count for both lanes and all versions.
    """
    in_lane = key.kind in vault.LANES
    everywhere = func.lane_wraps_of(key.organisation_id) if in_lane else func.wraps_under(key.public_key)
    whole = int(session.execute(select(everywhere)).scalar_one())
    seen = session.execute(_wraps(key).add_columns(ClassPair)).all()
    private = actor.keys.get(key.public_key)
    apart = apart_sealing.hanging(session, key, private)
    if not in_lane or not private:
        return len(seen) + apart, whole - len(seen)
    reader = Pair(key.public_key, private)
    return sum(_opened(held, pair, reader) is not None for held, pair in seen) + apart, whole - len(seen)


def _wrap_anew(
    session: Session, old: OrganisationKey, new: OrganisationKey, private: bytes, most: int
) -> int:
    reader = Reader(new.kind, new.public_key, new.organisation_id)
    moved = 0
    for held, pair in session.execute(_wraps(old).add_columns(ClassPair)).all():
        if moved >= most:
            break
        opened = _opened(held, pair, Pair(old.public_key, private))
        if opened is None:
            continue  # of the other lane, or altered: it stays, and the count shows it
        vault.add_wrap(session, pair, opened, reader)
        session.execute(delete(Wrap).where(Wrap.id == held.id))
        moved += 1
    return moved


def _wraps(old: OrganisationKey) -> Select[Wrap]:
    """The wraps under a key that this actor may see, those of open cases first; of a lane, of both lanes."""
    query = select(Wrap).join(ClassPair, ClassPair.id == Wrap.pair_id)
    query = query.outerjoin(Case, Case.id == Wrap.case_id).where(_under(old))
    return query.order_by((Case.state == CaseState.CLOSED).is_(True), Wrap.case_id, Wrap.id)


def _under(key: OrganisationKey) -> ColumnElement[bool]:
    if key.kind in vault.LANES:
        return (Wrap.reader == ReaderKind.LANE) & (Wrap.organisation_id == key.organisation_id)
    return Wrap.reader_public == key.public_key


def _opened(held: Wrap, pair: ClassPair, reader: Pair) -> Pair | None:
    try:
        return open_pair(held.wrapped, pair.public_key, reader)
    except CannotOpen:
        return None
