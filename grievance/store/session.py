"""Who commits, and as whom? Only `transaction()`, under the row security of one actor."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from psycopg.errors import DeadlockDetected
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError, StatementError
from sqlalchemy.orm import Session

from grievance.store import doorbell
from grievance.store.models import db
from grievance.terms import Actor, DatabaseRole, Unavailable

P = ParamSpec("P")
R = TypeVar("R")

AFTER_A_DEADLOCK = 0.3  # seconds

# Which login may take which role; the logins own nothing and see nothing until they take one.
LOGIN = {
    DatabaseRole.WEB: "web",
    DatabaseRole.DOOR: "web",
    DatabaseRole.INTAKE: "web",
    DatabaseRole.SMS: "sms",
    DatabaseRole.KEYS: "sms",
    DatabaseRole.SWEEP: "sweep",
    DatabaseRole.STATS: "sweep",
}

# One statement takes the role and says who acts; all of it ends with the transaction.
BEGIN_AS = text(
    "select set_config('role', :role, true), set_config('app.organisation', :organisation, true),"
    " set_config('app.member', :member, true), set_config('app.case', :case, true),"
    " set_config('app.acts_as', :acts_as, true), set_config('app.door', :door, true)"
)


@contextmanager
def transaction(actor: Actor) -> Iterator[Session]:
    """One ORM session for one actor; commits at the end of the block, rolls back on any exception.

    Notices written in it ring the doorbell after the commit. Raises Unavailable when the database is away.
    """
    engine = db.engines[LOGIN[actor.database_role]]
    with _away_is_unavailable(), Session(engine, expire_on_commit=False) as session:
        session.execute(BEGIN_AS, _settings(actor))
        yield session
        session.commit()
        doorbell.ring(session)


def once_more(action: Callable[P, R]) -> Callable[P, R]:
    """Runs an action again, once, when a deadlock ended it: nothing of it had happened."""

    @functools.wraps(action)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return action(*args, **kwargs)
        except OperationalError as error:
            if not isinstance(error.orig, DeadlockDetected):
                raise
            # Whoever went first must get what they wait for, or both would stand there again.
            time.sleep(AFTER_A_DEADLOCK)
            return action(*args, **kwargs)

    return wrapper


def _settings(actor: Actor) -> dict[str, str]:
    return {
        "role": actor.database_role.value,
        "organisation": str(actor.organisation_id or ""),
        "member": str(actor.member_id or ""),
        "case": str(actor.case_id or ""),
        "acts_as": actor.role.value,
        "door": actor.session_hash.hex() if actor.session_hash else "",
    }


@contextmanager
def _away_is_unavailable() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if _is_away(error):
            raise Unavailable from None
        raise


def _is_away(error: StatementError) -> bool:
    # SQLSTATE classes 08 (connection), 53 (resources) and 57P (shutting down); no state: never connected.
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state[:2] in ("08", "53") or state[:3] == "57P"
