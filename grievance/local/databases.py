"""Which database do the processes use? Our own cluster's, or the one that DATABASE_URL names."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from grievance.local import roles
from grievance.local.postgres import Postgres
from grievance.local.problems import CannotStart
from grievance.local.secret import Secrets

NAME = "grievance"
OLDEST = 150000  # PostgreSQL 15, as `server_version` counts
VARIABLES = {
    "DATABASE_URL_WEB": "grievance_web",
    "DATABASE_URL_SMS": "grievance_sms",
    "DATABASE_URL_SWEEP": "grievance_sweep",
}
# Needed when a backup is made, and by no process that runs.
BACKUP = {"DATABASE_URL_BACKUP": "grievance_backup"}


def embedded(postgres: Postgres, secrets: Secrets) -> dict[str, str]:
    """Makes roles and database in our own cluster; returns the DATABASE_URL variables."""
    with postgres.connect() as connection:
        roles.ensure_roles(connection, secrets.logins)
        roles.ensure_database(connection, NAME)
    logins = VARIABLES | BACKUP
    urls = {variable: postgres.url(login, secrets.logins[login], NAME) for variable, login in logins.items()}
    return urls | {"DATABASE_URL": postgres.url(roles.OWNER, secrets.logins[roles.OWNER], NAME)}


def given(env: Mapping[str, str], secrets: Secrets) -> dict[str, str]:
    """Uses the database of DATABASE_URL, and makes its roles where the environment names no logins.

    Raises CannotStart when it cannot be reached, is too old, or may not make roles.
    """
    owner = _address(env["DATABASE_URL"])
    named = {variable: env[variable] for variable in VARIABLES | BACKUP if env.get(variable)}
    with _connect(owner) as connection:
        if connection.info.server_version < OLDEST:
            raise CannotStart("DATABASE_URL: PostgreSQL 15 or newer is needed")
        if not named.keys() >= VARIABLES.keys():
            _make_roles(connection, secrets)
    for variable, login in (VARIABLES | BACKUP).items():
        url = owner.set(username=login, password=secrets.logins[login])
        named.setdefault(variable, url.render_as_string(hide_password=False))
    return named | {"DATABASE_URL": owner.render_as_string(hide_password=False)}


def _make_roles(connection: roles.Superuser, secrets: Secrets) -> None:
    passwords = {login: secrets.logins[login] for login in roles.LOGINS}
    try:
        roles.ensure_roles(connection, passwords, owner=connection.info.user)
        roles.allow_logins(connection, connection.info.dbname)
    except psycopg.Error as problem:
        raise CannotStart(
            f"DATABASE_URL may not make the roles ({type(problem).__name__}): make them as a superuser"
            " and set DATABASE_URL_WEB, DATABASE_URL_SMS and DATABASE_URL_SWEEP"
        ) from None


def _address(text: str) -> URL:
    try:
        return make_url(text).set(drivername="postgresql+psycopg")
    except ArgumentError:
        raise CannotStart("DATABASE_URL is not an address of a database") from None


def _connect(url: URL) -> roles.Superuser:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        return psycopg.connect(plain, autocommit=True, connect_timeout=10)
    except psycopg.Error as problem:
        raise CannotStart(f"DATABASE_URL cannot be reached ({type(problem).__name__})") from None
