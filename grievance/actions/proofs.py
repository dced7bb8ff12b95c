"""How can somebody show, without us, that a case's record existed on a day? A small file of hashes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.rules.merkle import Path, Tree, unpacked
from grievance.store import heads, queries
from grievance.store.heads import Anchor
from grievance.store.models import Case, JournalAnchor, JournalHour, JournalLeaf
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound, Refused

FORMAT = "journal-proof-1"


def of_own_case(*, actor: Actor) -> dict[str, Any]:
    """A complainant's proof that their report existed. Raises NotFound, Refused("not_anchored_yet")."""
    if actor.case_id is None:
        raise NotFound
    with transaction(actor) as session:
        return _proof(session, queries.case_by_id(session, actor.case_id))


def of_case(code: str, *, actor: Actor) -> dict[str, Any]:
    """The same for a desk or an overseer that sees the case. Raises NotFound, Refused("not_anchored_yet")."""
    with transaction(actor) as session:
        return _proof(session, queries.case_by_code(session, code))


def _proof(session: Session, case: Case) -> dict[str, Any]:
    """The way from the first line of a case to the signature that came soonest after it."""
    leaf = session.scalar(
        select(JournalLeaf).where(JournalLeaf.chain == case.id, JournalLeaf.first_seq == 1)
    )
    anchor = _anchor_over(session, leaf)
    if leaf is None or anchor is None:
        raise Refused("not_anchored_yet")
    hours = session.scalars(
        select(JournalHour)
        .where(JournalHour.number.between(leaf.number, anchor.number))
        .order_by(JournalHour.number)
    ).all()
    hashes = heads.hashes_of(leaf)
    return {
        "format": FORMAT,
        "line": hashes[0].hex(),
        "line_path": _written(Tree(hashes).path(0)),
        "salt": leaf.salt.hex(),
        "head_path": _written(unpacked(leaf.path)),
        "before": hours[0].previous.hex(),
        "heads": [
            {"head": hour.number, "at": heads.stamp(hour.at), "root": hour.root.hex()} for hour in hours
        ],
        "anchor": Anchor.of(anchor).document(),
    }


def _anchor_over(session: Session, leaf: JournalLeaf | None) -> JournalAnchor | None:
    if leaf is None:
        return None
    later = select(JournalAnchor).where(JournalAnchor.number >= leaf.number)
    return session.scalar(later.order_by(JournalAnchor.number).limit(1))


def _written(path: Path) -> list[list[str]]:
    return [[side.value, other.hex()] for side, other in path]
