"""Where does the store act without the rest of the system? In a database in which nobody lives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from grievance.store.models import db
from tests.apps import close
from tests.services import Database, Services
from tests.store.forger import triggers_off

# What the tests of the journal commit.
WRITTEN = "journal_line, journal_head, journal_leaf, journal_anchor, journal_hour, outbox, organisation"


@pytest.fixture(scope="module")
def empty(services: Services, worker_id: str) -> Iterator[Database]:
    """One migrated database for all tests of a page, which keep it as empty as they found it."""
    database = services.clone(f"empty_{worker_id}")
    yield database
    database.drop(services)


@pytest.fixture(scope="module")
def empty_engine(services: Services, empty: Database) -> Iterator[Engine]:
    """The superuser's engine over it."""
    engine = create_engine(services.url("postgres", empty.name))
    yield engine
    engine.dispose()


@pytest.fixture
def superuser(empty_engine: Engine) -> Iterator[Session]:
    """Whoever holds every password, with the triggers off; what they do is taken back."""
    with Session(empty_engine) as session:
        triggers_off(session)
        yield session
        session.rollback()


@pytest.fixture(scope="module")
def store_app(empty: Database) -> Iterator[Flask]:
    """The three logins of that database, and no other part of the system."""
    app = Flask("store")
    app.config["SQLALCHEMY_BINDS"] = {
        "web": empty.web_url, "sms": empty.sms_url, "sweep": empty.sweep_url,
    }  # fmt: skip
    db.init_app(app)
    yield app
    close(app)


@pytest.fixture
def logins(store_app: Flask) -> Iterator[None]:
    """Within them actors may act."""
    with store_app.app_context():
        yield


@pytest.fixture
def swept(empty: Database, logins: None, services: Services) -> Iterator[None]:
    """The logins of a database that is emptied afterwards."""
    yield
    with services.connect(empty.name) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute(f"truncate {WRITTEN} cascade")
