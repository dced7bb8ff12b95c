"""Who commits, and as whom? One actor's transaction: what it tells the database, and how it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from grievance.store import doorbell
from grievance.store.actors import (
    BY_SMS_ACTOR,
    INTAKE_ACTOR,
    SMS_ACTOR,
    STATS_ACTOR,
    SWEEP_ACTOR,
    complainant_actor,
    door_actor,
)
from grievance.store.models import db
from grievance.store.session import AFTER_A_DEADLOCK, once_more, transaction
from grievance.terms import Actor, DatabaseRole, Role, Unavailable
from tests.services import Database, Services

MEMBER = Actor(Role.CASE_LEAD, DatabaseRole.WEB, "m-x", organisation_id=UUID(int=5), member_id=UUID(int=6))
KEYS = replace(SMS_ACTOR, database_role=DatabaseRole.KEYS)
# Who acts; by which login; what row security is told of them.
TOLD: dict[str, tuple[Actor, str, dict[str, str]]] = {
    "a member": (MEMBER, "web", {
        "role": "web", "app.organisation": str(UUID(int=5)), "app.member": str(UUID(int=6)),
        "app.acts_as": "case_lead",
    }),
    "a complainant": (complainant_actor(UUID(int=7), {}), "web", {
        "role": "web", "app.case": str(UUID(int=7)), "app.acts_as": "complainant",
    }),
    "the door": (door_actor(b"\x00\xff hash"), "web", {
        "role": "door", "app.acts_as": "complainant", "app.door": "00ff2068617368",
    }),
    "intake": (INTAKE_ACTOR, "web", {"role": "intake", "app.acts_as": "complainant"}),
    "the sms worker": (SMS_ACTOR, "sms", {"role": "sms", "app.acts_as": "sms_worker"}),
    "by sms": (BY_SMS_ACTOR, "sms", {"role": "sms", "app.acts_as": "complainant"}),
    "who changes keys": (KEYS, "sms", {"role": "keys", "app.acts_as": "sms_worker"}),
    "the clock": (SWEEP_ACTOR, "sweep", {"role": "sweep", "app.acts_as": "clock"}),
    "statistics": (STATS_ACTOR, "sweep", {"role": "stats", "app.acts_as": "clock"}),
}  # fmt: skip
SETTINGS = ("role", "app.organisation", "app.member", "app.case", "app.acts_as", "app.door")
ASKED = text("select session_user, current_user, " + ", ".join(f"current_setting('{n}')" for n in SETTINGS))

AWAY = ("08000", "08003", "08006", "53100", "53200", "53300", "57P01", "57P02", "57P03")
NOT_AWAY = ("40001", "40P01", "55P03", "57014", "58030")


@pytest.fixture(scope="module")
def slate(empty: Database, services: Services) -> Database:
    """The database, with a table that the web may write in."""
    with services.connect(empty.name) as superuser:
        superuser.execute("create table slate (word text)")
        superuser.execute("grant insert on slate to web")
    return empty


@pytest.fixture
def store(slate: Database, logins: None, services: Services) -> Database:
    """The database and its logins, with an empty slate."""
    with services.connect(slate.name) as superuser:
        superuser.execute("truncate slate")
    return slate


@pytest.fixture
def no_bell() -> Iterator[None]:
    """Whatever bell hung before hangs again afterwards."""
    before = doorbell._bell[:]
    yield
    doorbell._bell[:] = before


def written(services: Services, store: Database) -> list[str]:
    """What is committed, asked on another connection."""
    with services.connect(store.name) as superuser:
        return [str(word) for (word,) in superuser.execute("select word from slate order by word")]


def write(session: Session, word: str) -> None:
    session.execute(text("insert into slate values (:word)"), {"word": word})


def writing_and_ringing(row: UUID) -> None:
    """A transaction that an exception ends, after it did everything."""
    with transaction(MEMBER) as session:
        write(session, "bonjour")
        doorbell.after_commit(session, "sms", row)
        raise ZeroDivisionError


def fail(session: Session, state: str) -> None:
    """The database answers with this SQLSTATE."""
    session.execute(text(f"do $$ begin raise exception using errcode = '{state}'; end $$"))


@pytest.mark.parametrize("who", TOLD)
def test_row_security_is_told_exactly_who_acts_and_nothing_stays_behind(who: str, store: Database) -> None:
    actor, login, told = TOLD[who]
    with transaction(actor) as session:
        found = session.execute(ASKED).one()
    assert tuple(found) == (
        f"grievance_{login}", told["role"], *(told.get(name, "") for name in SETTINGS)
    )  # fmt: skip

    with db.engines[login].connect() as connection:
        left = connection.execute(ASKED).one()
    assert tuple(left) == (f"grievance_{login}", f"grievance_{login}", "none", "", "", "", "", "")


def test_what_was_written_is_there_when_the_block_ends_and_not_before(
    store: Database, services: Services
) -> None:
    with transaction(MEMBER) as session:
        write(session, "bonjour")
        assert written(services, store) == []
    assert written(services, store) == ["bonjour"]


def test_any_exception_takes_everything_back_and_is_not_hidden(store: Database, services: Services) -> None:
    with pytest.raises(ZeroDivisionError):
        writing_and_ringing(uuid4())
    assert written(services, store) == []
    assert db.engines["web"].pool.checkedout() == 0


@pytest.mark.usefixtures("no_bell")
def test_the_doorbell_rings_when_the_row_is_there_and_for_nothing_that_was_taken_back(
    store: Database, services: Services
) -> None:
    seen, row = [], uuid4()
    doorbell.hang(lambda *told: seen.append((told, written(services, store))))
    with transaction(MEMBER) as session:
        write(session, "bonjour")
        doorbell.after_commit(session, "sms", row)
        assert seen == []
    assert seen == [(("sms", "workers.jobs.send", str(row)), ["bonjour"])]

    with pytest.raises(ZeroDivisionError):
        writing_and_ringing(row)
    assert len(seen) == 1


@pytest.mark.parametrize("state", AWAY)
def test_a_database_that_goes_away_is_unavailable(state: str, store: Database) -> None:
    with pytest.raises(Unavailable) as refusal, transaction(MEMBER) as session:
        fail(session, state)
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize("state", NOT_AWAY)
def test_a_database_that_is_there_and_refuses_is_not_said_to_be_away(state: str, store: Database) -> None:
    with pytest.raises(OperationalError) as refusal, transaction(MEMBER) as session:
        fail(session, state)
    assert getattr(refusal.value.orig, "sqlstate", None) == state


def test_a_database_that_nobody_reaches_is_unavailable(store: Database, services: Services) -> None:
    app = Flask("nowhere")
    app.config["SQLALCHEMY_BINDS"] = {"web": f"postgresql+psycopg://nobody@/nothing?host={services.folder}"}
    db.init_app(app)
    with app.app_context(), pytest.raises(Unavailable), transaction(MEMBER):
        pass


def deadlocked(store: Database, state: str = "40P01") -> OperationalError:
    """The error that the database gives when two wait for each other."""
    engine = create_engine(store.web_url)
    with pytest.raises(OperationalError) as refusal, Session(engine) as session:
        fail(session, state)
    engine.dispose()
    return refusal.value


def acting(*outcomes: OperationalError | str) -> tuple[list[tuple[str, str]], Callable[..., str]]:
    """An action that ends as told, one outcome each time, and with what it was called."""
    called: list[tuple[str, str]] = []

    @once_more
    def act(what: str, *, by: str) -> str:
        """Acts."""
        called.append((what, by))
        outcome = outcomes[len(called) - 1]
        if isinstance(outcome, str):
            return outcome
        raise outcome

    return called, act


def test_what_a_deadlock_ended_is_done_once_more_as_it_was_asked(store: Database) -> None:
    called, act = acting(deadlocked(store), "done")
    begun = time.monotonic()

    assert act("send", by="desk") == "done"
    assert called == [("send", "desk")] * 2
    assert time.monotonic() - begun >= AFTER_A_DEADLOCK


def test_what_a_deadlock_ends_twice_is_not_tried_a_third_time(store: Database) -> None:
    error = deadlocked(store)
    called, act = acting(error, error, "done")

    with pytest.raises(OperationalError) as refusal:
        act("send", by="desk")
    assert refusal.value is error
    assert len(called) == 2


@pytest.mark.parametrize("state", ["40001", "55P03"])
def test_what_anything_else_ended_is_not_done_again(state: str, store: Database) -> None:
    error = deadlocked(store, state)
    called, act = acting(error, "done")

    with pytest.raises(OperationalError) as refusal:
        act("send", by="desk")
    assert refusal.value is error
    assert len(called) == 1


def test_what_succeeds_is_done_once_and_keeps_its_name() -> None:
    called, act = acting("done", "again")

    assert act("send", by="desk") == "done"
    assert called == [("send", "desk")]
    assert (act.__name__, act.__doc__) == ("act", "Acts.")
