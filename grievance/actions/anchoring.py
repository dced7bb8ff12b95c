"""Which lines are new, and who else is told what they came to? A head every hour, an anchor every day."""

from __future__ import annotations

import os
from datetime import datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from grievance.actions import notices
from grievance.actions.notices import Audience
from grievance.rules.merkle import Tree, packed
from grievance.store import heads
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.heads import Anchor
from grievance.store.journal import NOTHING
from grievance.store.models import (
    JournalAnchor,
    JournalHead,
    JournalHour,
    JournalLeaf,
    JournalLine,
    Organisation,
)
from grievance.store.sealing import Versions
from grievance.store.session import transaction
from grievance.terms import Actor
from grievance.vocabulary import OrganisationKind
from grievance.wording_mail import MailTemplate

# Of several sweepers one makes the head of an hour; the others wait, and find it made.
ONE_AT_A_TIME = 5_407_312
ZONE = ZoneInfo("Africa/Lubumbashi")
MOST_SHOWN = 200


def publish(now: datetime) -> int | None:
    """Puts every line that stands under no head yet under the head of this hour, once an hour.

    Gives the head's number; None when this hour has its head already, or nothing is new.
    """
    slot = now.replace(minute=0, second=0, microsecond=0)
    with transaction(SWEEP_ACTOR) as session:
        session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        if session.scalar(select(JournalHour.number).where(JournalHour.slot == slot)) is not None:
            return None
        new = _new_lines(session)
        return _publish(session, new, slot, now) if new else None


def anchor(now: datetime, *, key: Versions) -> Anchor | None:
    """Signs the newest head, once a day, and tells every member organisation; None when that is done."""
    day = now.astimezone(ZONE).date()
    with transaction(SWEEP_ACTOR) as session:
        session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        hour, last = _newest_hour(session), heads.newest(session)
        signed_today = session.get(JournalAnchor, day) is not None
        if hour is None or signed_today or (last is not None and last.number == hour.number):
            return None
        made = heads.signed(day, hour.number, hour.at, hour.hash, key)
        session.add(
            JournalAnchor(
                day=day, number=made.number, at=made.at, hash=made.hash, key_version=key[-1][0],
                public_key=made.public_key, signature=made.signature,
            )
        )  # fmt: skip
        _tell(session, made, now)
        return made


def published(actor: Actor, before: int | None = None) -> tuple[list[JournalHour], list[Anchor]]:
    """The newest heads, or those before a number, newest first, and the anchors over them."""
    with transaction(actor) as session:
        query = select(JournalHour).order_by(JournalHour.number.desc()).limit(MOST_SHOWN)
        if before is not None:
            query = query.where(JournalHour.number < before)
        hours = list(session.scalars(query))
        numbers = [hour.number for hour in hours]
        rows = session.scalars(
            select(JournalAnchor).where(JournalAnchor.number.in_(numbers)).order_by(JournalAnchor.day.desc())
        )
        return hours, [Anchor.of(row) for row in rows]


def newest(actor: Actor) -> Anchor | None:
    """The anchor to print on what leaves today."""
    with transaction(actor) as session:
        return heads.newest(session)


def _new_lines(session: Session) -> list[Row[tuple[UUID, int, bytes]]]:
    last = (
        select(func.max(JournalLeaf.last_seq))
        .where(JournalLeaf.chain == JournalHead.chain)
        .scalar_subquery()
    )
    covered = func.coalesce(last, 0)
    changed = (
        select(JournalHead.chain, JournalHead.seq, covered.label("covered"))
        .where(JournalHead.seq > covered)
        .subquery()
    )
    query = (
        select(JournalLine.chain, JournalLine.seq, JournalLine.hash)
        .join(changed, changed.c.chain == JournalLine.chain)
        .where(JournalLine.seq > changed.c.covered, JournalLine.seq <= changed.c.seq)
    )
    return list(session.execute(query.order_by(JournalLine.chain, JournalLine.seq)))


def _publish(
    session: Session, new: list[Row[tuple[UUID, int, bytes]]], slot: datetime, now: datetime
) -> int:
    before = _newest_hour(session)
    number, previous = (before.number + 1, before.hash) if before else (1, NOTHING)
    # Never earlier than the head before: a head says that its lines existed by then.
    at = max(now, before.at) if before else now
    leaves = [_leaf(chain, list(lines), number) for chain, lines in groupby(new, lambda line: line.chain)]
    tree = Tree(heads.leaf_value(leaf) for leaf in leaves)
    for place, leaf in enumerate(leaves):
        leaf.path = packed(tree.path(place))
    session.add(
        JournalHour(
            number=number, slot=slot, at=at, root=tree.root, previous=previous,
            hash=heads.head_hash(previous, number, at, tree.root),
        )
    )  # fmt: skip
    session.flush()
    session.add_all(leaves)
    return number


def _leaf(chain: UUID, lines: list[Row[tuple[UUID, int, bytes]]], number: int) -> JournalLeaf:
    return JournalLeaf(
        chain=chain, first_seq=lines[0].seq, last_seq=lines[-1].seq, number=number,
        hashes=b"".join(line.hash for line in lines), salt=os.urandom(16),
    )  # fmt: skip


def _newest_hour(session: Session) -> JournalHour | None:
    return session.scalar(select(JournalHour).order_by(JournalHour.number.desc()).limit(1))


def _tell(session: Session, made: Anchor, now: datetime) -> None:
    """One mail to the leads of each desk, and to the members of each other organisation."""
    others = select(Organisation).where(Organisation.kind != OrganisationKind.HOST)
    for organisation in session.scalars(others.order_by(Organisation.id)):
        notices.to_organisation(
            session, organisation, MailTemplate.ANCHOR, audience=Audience.LEADS, once=f"anchor:{made.day}",
            now=now, values={"day": made.day.isoformat()},
        )  # fmt: skip
