"""Who may log in to the database, and as what may they act? Made once for each cluster, as its superuser.

Logins own nothing and inherit nothing: until a transaction takes a role, they see no table. What each role
may do with each table is said by the migrations.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import LiteralString

import psycopg
from psycopg import sql

Superuser = psycopg.Connection[tuple[object, ...]]

OWNER = "grievance_owner"
GROUPS: tuple[str, ...] = ("web", "door", "intake", "sms", "keys", "sweep", "stats", "journal", "backup")
# Each login, and the roles that its transactions may take.
LOGINS: dict[str, tuple[str, ...]] = {
    "grievance_web": ("web", "door", "intake"),
    "grievance_sms": ("sms", "keys"),
    "grievance_sweep": ("sweep", "stats"),
    "grievance_backup": ("backup",),
}
# What the server's own log may say of our logins: nothing that somebody wrote. An error's message quotes what
# it could not read, so not even errors; the program tells them by class and place.
QUIET = {
    "log_min_messages": "log", "log_statement": "none", "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1", "log_error_verbosity": "terse", "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}  # fmt: skip
PASSWORDS = (OWNER, *LOGINS)  # everybody who has one


def new_passwords() -> dict[str, str]:
    """A fresh password for the owner and each login."""
    return {name: secrets.token_urlsafe(24) for name in PASSWORDS}


def ensure_roles(connection: Superuser, passwords: Mapping[str, str], owner: str = OWNER) -> None:
    """Makes what is missing and sets the given passwords; may run again at any time.

    `passwords` need not name everybody: whom it leaves out keeps theirs, and cannot log in when new.
    `owner` is who owns the database and its tables: another name where the host gave us one.
    """
    for name in (*GROUPS, *LOGINS, owner):
        if not _exists(connection, name):
            _do(connection, "create role {}", name)
    for name in GROUPS:
        _do(connection, "alter role {} nologin noinherit nosuperuser nocreatedb nocreaterole", name)
    # A backup holds every tenant's rows; they are sealed, and it may change none.
    _do(connection, "alter role {} bypassrls", "backup")
    _do(connection, "grant pg_read_all_data to {}", "backup")
    for name, groups in LOGINS.items():
        _do(connection, "alter role {} login noinherit nosuperuser nocreatedb nocreaterole nobypassrls", name)
        for group in groups:
            _do(connection, "grant {} to {}", group, name)
        _quiet(connection, name)
    _do(connection, "alter role {} set default_transaction_read_only = on", "grievance_backup")
    if owner == OWNER:
        _do(connection, "alter role {} login nosuperuser nocreatedb nocreaterole nobypassrls", owner)
    # The journal's functions belong to a role of their own, so that the tables' owner is not who runs them.
    _do(connection, "grant {} to {}", "journal", owner)
    for name, password in passwords.items():
        secret = sql.SQL("alter role {} password {}").format(sql.Identifier(name), sql.Literal(password))
        connection.execute(secret)


def ensure_database(connection: Superuser, name: str, owner: str = OWNER) -> None:
    """Makes the database when it is missing; only our own logins may connect to it."""
    found = connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone()
    if found is None:
        # UTF8 and C, so that sorting is the same on every machine; names are sorted by the program.
        _do(
            connection,
            "create database {} owner {} template template0 encoding 'UTF8' locale 'C'",
            name,
            owner,
        )
    allow_logins(connection, name)


def allow_logins(connection: Superuser, name: str) -> None:
    """Closes a database to all but our logins; a clone does not take this over from its template."""
    _do(connection, "revoke connect, temporary on database {} from public", name)
    for login in LOGINS:
        _do(connection, "grant connect on database {} to {}", name, login)


def _quiet(connection: Superuser, login: str) -> None:
    """Sets what the log may say of a login; where the host gave us no such right, its own settings count."""
    for setting, value in QUIET.items():
        names = sql.Identifier(login), sql.Identifier(setting)
        try:
            connection.execute(sql.SQL("alter role {} set {} = {}").format(*names, sql.Literal(value)))
        except psycopg.errors.InsufficientPrivilege:
            return


def _exists(connection: Superuser, name: str) -> bool:
    return connection.execute("select 1 from pg_roles where rolname = %s", (name,)).fetchone() is not None


def _do(connection: Superuser, statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))
