"""What do the walls cost? A transaction under row security, a report taken in, a text sealed."""

from __future__ import annotations

import os
from functools import partial
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text

from bench.measure import Action, Line, beside
from bench.place import Place, insert_bare
from grievance.actions import intake
from grievance.store.models import db
from grievance.store.sealing import Label, new_pair, seal, unseal
from grievance.store.session import transaction
from grievance.web.clock import utcnow
from tests import desk_work

MESSAGE = os.urandom(1_000)
SELECT = text("select 1")
LABEL = Label("entry", "sealed", UUID(int=1), UUID(int=2))


def transactions(place: Place) -> list[Line]:
    """Our transaction as a case worker, beside begin, select 1, commit of the same login."""
    actor = place.town.world.desk.actor
    engine = db.engines["web"]

    def ours() -> None:
        with transaction(actor) as session:
            session.execute(SELECT)

    def sqlalchemy() -> None:
        with engine.begin() as connection:
            connection.execute(SELECT)

    address = place.town.database.web_url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        plain: dict[str, Action] = {
            "psycopg: begin, select 1, commit": partial(_select, connection),
            "SQLAlchemy: the same": sqlalchemy,
        }
        return beside("transaction(), select 1", ours, plain, 200)


def _select(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    with connection.transaction():
        connection.execute("select 1")


def receiving(place: Place) -> list[Line]:
    """A whole report, sealed to two desks, beside the same number of rows of the same size."""
    ours = partial(receive, place)
    ours()
    before = place.size()
    ours()
    stored = place.size() - before
    octets = stored.octets // stored.rows
    row = f"{stored.rows} inserts of {octets:,} bytes"
    plain = partial(insert_bare, place.plain, octets, stored.rows)
    return beside("intake.receive, one report", ours, {row: plain}, 20)


def receive(place: Place) -> None:
    """One more case at the desk."""
    half = intake.ReceiptHalf(os.urandom(32), new_pair().public)
    intake.receive(desk_work.report(place.town), opening=half, now=utcnow())


def sealing() -> list[Line]:
    """A text of 1,000 bytes: a fresh key in a sealed box each time, beside one AES-GCM under a known key."""
    pair, cipher = new_pair(), AESGCM(AESGCM.generate_key(256))
    bound = LABEL.canonical()
    sealed = seal(MESSAGE, pair.public, LABEL)
    nonce = os.urandom(12)
    locked = cipher.encrypt(nonce, MESSAGE, bound)
    return [
        *beside(
            "seal 1,000 bytes", lambda: seal(MESSAGE, pair.public, LABEL),
            {"AES-256-GCM encrypt": lambda: cipher.encrypt(os.urandom(12), MESSAGE, bound)}, 1_000,
        ),
        *beside(
            "unseal 1,000 bytes", lambda: unseal(sealed, pair, LABEL),
            {"AES-256-GCM decrypt": lambda: cipher.decrypt(nonce, locked, bound)}, 1_000,
        ),
    ]  # fmt: skip
