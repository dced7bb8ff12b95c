"""What if every member of an organisation is gone? Its private keys on paper, and back from paper."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions.keys import give, holds, line, must_care, own_keys
from grievance.store import journal
from grievance.store.journal import OrganisationMove
from grievance.store.keyring import ALPHABET
from grievance.store.models import Member, Organisation, OrganisationKey
from grievance.store.sealing import KEY_BYTES, pair_of
from grievance.store.session import transaction
from grievance.terms import Actor, InvalidInput, NotFound, Refused
from grievance.vocabulary import ReaderKind

# 256 bits in signs of five: 52, and three that say whether they were copied well; in groups of five.
SIGNS, CHECK_SIGNS, GROUP = 52, 3, 5


@dataclass(frozen=True)
class PaperKey:
    """One private key of an organisation, as it is printed."""

    kind: ReaderKind
    text: str = field(repr=False)


def print_recovery(*, actor: Actor, now: datetime) -> tuple[PaperKey, ...]:
    """The organisation's private keys, as text for paper: shown once, kept nowhere. Raises Refused.

    For who looks after its members and holds every one of its keys.
    Whoever holds the paper can read what the organisation can; it belongs in a safe.
    """
    must_care(actor)
    with transaction(actor) as session:
        organisation = session.get(Organisation, actor.organisation_id)
        if organisation is None:
            raise NotFound
        rows = own_keys(session, organisation.id)
        if not rows or any(row.public_key not in actor.keys for row in rows.values()):
            raise Refused("no_key_of_yours")
        organisation.recovery_printed_at = now
        journal.append(
            session, chain=organisation.id, subject=organisation.id, actor=actor,
            move=OrganisationMove.RECOVERY_PRINTED, now=now,
        )  # fmt: skip
    return tuple(PaperKey(kind, written(actor.keys[row.public_key])) for kind, row in rows.items())


def restore_from_paper(texts: Sequence[str], *, actor: Actor, now: datetime) -> int:
    """Gives the actor the keys that were typed from paper; says how many. Raises InvalidInput, Refused."""
    typed = [pair_of(read(text)) for text in texts]
    with transaction(actor) as session:
        member = session.get(Member, actor.member_id)
        if member is None or member.public_key is None:
            raise NotFound
        # Also what was printed before a key was changed: older cases may still hang on it.
        ours = {row.public_key: row for row in _all_keys(session, member.organisation_id)}
        found = [(ours[pair.public], pair.private) for pair in typed if pair.public in ours]
        if not found:
            raise Refused("not_our_key")
        for row, private in found:
            if not holds(session, member, row):
                give(session, member, row, private)
                line(session, member, row.id, OrganisationMove.KEY_GRANTED, actor, now)
    return len(found)


def _all_keys(session: Session, organisation_id: UUID) -> Sequence[OrganisationKey]:
    query = select(OrganisationKey).where(OrganisationKey.organisation_id == organisation_id)
    return session.scalars(query).all()


def written(private: bytes) -> str:
    """A private half as 11 groups of five signs, without any that look alike."""
    number = int.from_bytes(private)
    signs = "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(SIGNS))
    whole = signs + _check(signs)
    return " ".join(whole[at : at + GROUP] for at in range(0, len(whole), GROUP))


def read(text: str) -> bytes:
    """The private half that was printed so, in any case and grouping. Raises InvalidInput."""
    whole = "".join(text.upper().replace("-", " ").split())
    signs, check = whole[:SIGNS], whole[SIGNS:]
    if not set(whole) <= set(ALPHABET) or not hmac.compare_digest(_check(signs), check):
        raise InvalidInput("paper", "wrong_paper_key")
    number = sum(ALPHABET.index(sign) << 5 * place for place, sign in enumerate(signs))
    if number >> 8 * KEY_BYTES:
        raise InvalidInput("paper", "wrong_paper_key")
    return number.to_bytes(KEY_BYTES)


def _check(signs: str) -> str:
    number = int.from_bytes(hashlib.sha256(b"grievance paper key 1" + signs.encode()).digest()[:2])
    return "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(CHECK_SIGNS))
