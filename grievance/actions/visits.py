"""Whose receipt is this, and does it open its thread, or only show where the case stands?"""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.store import queries, vault
from grievance.store.actors import complainant_actor, door_actor
from grievance.store.config_values import receipt_label
from grievance.store.models import Case, Receipt
from grievance.store.receipts import NOT_OPENED, Opening, Pepper
from grievance.store.sealing import pair_of, unwrap
from grievance.store.session import transaction
from grievance.terms import Actor, Altered, CannotOpen, NotFound, Refused
from grievance.vocabulary import DataClass


def actor_of(opening: Opening) -> Actor | None:
    """Who holds this receipt, with the key that opens their thread. Both versions of the pepper are tried.

    Until the desk has opened it, a receipt that was texted holds no key but its own.
    """
    pepper = Pepper(current_app.config["SETTINGS"].pepper)
    found: Receipt | None = None
    for hidden in pepper.tries(opening.lookup):
        with transaction(door_actor(hidden)) as session:
            found = session.scalar(select(Receipt)) or found
    if found is None:
        return None
    place = receipt_label("wraps_hidden", found.id, found.case_id)
    try:
        wrapped = pepper.reveal(found.wraps_hidden, place)
        pair = opening.pair if wrapped == NOT_OPENED else pair_of(unwrap(wrapped, opening.pair))
    except CannotOpen:
        raise Altered from None
    return complainant_actor(found.case_id, {pair.public: pair.private})


def whole(actor: Actor) -> Actor:
    """The actor, if their receipt opens their own thread. Raises NotFound, Refused("not_opened_yet")."""
    if actor.case_id is None:
        raise NotFound
    with transaction(actor) as session:
        if not opens(session, queries.case_by_id(session, actor.case_id), actor):
            raise Refused("not_opened_yet")
    return actor


def opens(session: Session, case: Case, actor: Actor) -> bool:
    """Whether a visitor's key is that of the case's thread. Raises NotFound."""
    return vault.pair_row(session, case.id, DataClass.THREAD).public_key in actor.keys
