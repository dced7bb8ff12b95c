"""As whom does this request act? The member or complainant of its session, with the keys it opens."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Flask, current_app, g, session
from flask_login import LoginManager, UserMixin, current_user

from grievance.actions import sign_in
from grievance.actions.entering import NEEDS_PASSKEY, PasskeyMissing
from grievance.actions.sign_in import MemberSeen
from grievance.terms import Actor, NotSignedIn
from grievance.web.sessions import PersonSession


class SignedInMember(UserMixin):  # type: ignore[misc]  # flask-login publishes no types
    """What pages know of the member who looks at them: flask-login's `current_user`."""

    def __init__(self, seen: MemberSeen) -> None:
        self.seen = seen
        self.id = str(seen.member_id)
        self.role = seen.role
        self.language = seen.language
        self.organisation_name = seen.organisation_name
        self.organisation_kind = seen.organisation_kind


class Logins(LoginManager):  # type: ignore[misc]  # flask-login publishes no types
    """Knows members by their session's row alone: no signed "remember me" cookie is ever looked at."""

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        return None


logins = Logins()


def register(app: Flask) -> None:
    """Makes `current_user` the member of the session."""
    logins.session_protection = None
    # Its own context processor asks who is signed in for every page, the public ones too; ours waits for the
    # question.
    logins.init_app(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user


@logins.user_loader  # type: ignore[untyped-decorator]  # flask-login publishes no types
def _member(user_id: str) -> SignedInMember | None:
    living = current_session().living
    return SignedInMember(living.member) if living and living.member else None


def current_session() -> PersonSession:
    """This browser's session."""
    return cast(PersonSession, session)


def current_actor() -> Actor:
    """The signed-in member, with the organisation keys their session opens.

    Raises NotSignedIn, PasskeyMissing.
    """
    if must_add_passkey():
        raise PasskeyMissing
    return current_member()


def must_add_passkey() -> bool:
    """Whether this member must have a passkey and has none: the invitation's own session makes it."""
    living = current_session().living
    if living is None or living.member is None:
        return False
    needed = living.member.role in NEEDS_PASSKEY and not current_app.config["SETTINGS"].sample
    return needed and not living.passkeys


def current_member() -> Actor:
    """The signed-in member, also one who has to make a passkey first. Raises NotSignedIn."""
    living = current_session().living
    if living is None or living.member is None:
        raise NotSignedIn
    if "staff_actor" not in g:
        g.staff_actor = sign_in.staff_actor_of(living)
    return cast(Actor, g.staff_actor)


def current_visitor() -> Actor:
    """The complainant who came back, with the half that opens their own thread. Raises NotSignedIn."""
    living = current_session().living
    if living is None or living.case_id is None:
        raise NotSignedIn
    return sign_in.visitor_actor_of(living)


def current_case() -> UUID:
    """The case of the complainant who came back. Raises NotSignedIn."""
    case_id = current_visitor().case_id
    if case_id is None:
        raise NotSignedIn
    return case_id
