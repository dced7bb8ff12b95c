"""Who comes in at this address? Asked before every view, of one table; what no line names lets nobody in."""

from __future__ import annotations

from flask import Flask, current_app, request

from grievance.rules import access
from grievance.rules.access import Entrance
from grievance.terms import NotFound, NotSignedIn, Role
from grievance.web.auth import current_actor, current_member, current_session


class Unguarded(Exception):
    """An address that nobody may enter: its room is missing in the table. The program does not start."""


def register(app: Flask) -> None:
    """Asks before every view, and before anything else is asked of the request."""
    app.before_request(ask)


def ask() -> None:
    """Lets this request pass. Raises NotSignedIn, PasskeyMissing, NotFound for whom there is nothing here."""
    if request.endpoint is None:
        return  # there is no such address, and that is the answer
    wanted = access.entrance(request.endpoint)
    if isinstance(wanted, frozenset):
        _only(wanted, request.endpoint)
    elif wanted is Entrance.SAMPLE and not current_app.config["SETTINGS"].sample:
        raise NotFound


def refuse_unguarded(app: Flask) -> None:
    """At the start: every address of the app stands in the table. Raises Unguarded, with their names."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    unknown = sorted(endpoint for endpoint in endpoints if not access.entrance(endpoint))
    if unknown:
        raise Unguarded(f"no line in grievance/rules/access.py lets anybody in at {', '.join(unknown)}")


def _only(roles: frozenset[Role], endpoint: str) -> None:
    if not roles:
        raise NotFound
    if roles == {Role.COMPLAINANT}:
        living = current_session().living
        if living is None or living.case_id is None:
            raise NotSignedIn
        return
    member = current_member() if endpoint in access.WITHOUT_PASSKEY else current_actor()
    if member.role not in roles:
        raise NotFound
