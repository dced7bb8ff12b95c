"""Who is this browser? Flask's `session` over a row of ours: nothing is signed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin

from grievance.actions import sign_in
from grievance.actions.sign_in import Living
from grievance.web.clock import utcnow

PLAIN_NAME = "grievance"
# What a session answers to; a question about anything else costs no look at the database.
KEYS = frozenset({"_user_id", "csrf_token", "case_id"})


class PersonSession(SessionMixin):
    """One browser's session: read from its row when first asked, changed only by beginning and ending it.

    Keys: `_user_id` (a member), `case_id` (a complainant who came back) and `csrf_token`.
    """

    def __init__(self, cookie: str | None) -> None:
        self.cookie = cookie
        self.replaced = False
        self._read = cookie is None
        self._living: Living | None = None

    @property
    def living(self) -> Living | None:
        """The open session, with the private key it carries; None when there is none. Raises Unavailable."""
        if not self._read:
            # Marked before the question: with the database away, the page that says so asks no second time.
            self._read = True
            self._living = sign_in.living(self.cookie or "", now=utcnow())
        return self._living

    def begin(self, cookie: str) -> None:
        """The answer sets this cookie; an earlier session of this browser is ended first."""
        self.end()
        self.cookie, self._read, self.replaced = cookie, False, True

    def end(self) -> None:
        """Ends the session in its row and takes the cookie back."""
        if self.cookie is not None:
            sign_in.end(self.cookie, now=utcnow())
        self.cookie, self._living, self._read, self.replaced = None, None, True, True

    def _values(self) -> dict[str, Any]:
        return self.living.values if self.living else {}

    def __getitem__(self, key: str) -> Any:
        if key not in KEYS:
            raise KeyError(key)
        return self._values()[key]

    def __contains__(self, key: object) -> bool:
        return key in KEYS and key in self._values()

    def __setitem__(self, key: str, value: Any) -> None:
        raise TypeError("a session's row holds who it is, and nothing else")

    def __delitem__(self, key: str) -> None:
        raise TypeError("a session is ended, not edited")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())

    def __bool__(self) -> bool:
        return self.living is not None


class PersonSessions(SessionInterface):
    """Reads and sets the cookie. `__Host-` and Secure on https; plain http is for this machine only."""

    def __init__(self, *, on_https: bool) -> None:
        self.on_https = on_https
        self.cookie_name = f"__Host-{PLAIN_NAME}" if on_https else PLAIN_NAME

    def open_session(self, app: Flask, request: Request) -> PersonSession:
        """The session of a request; nothing is read yet."""
        return PersonSession(request.cookies.get(self.cookie_name))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Sets or takes back the cookie when the session began or ended in this request."""
        if not isinstance(session, PersonSession) or not session.replaced:
            return
        if session.cookie is None:
            response.delete_cookie(
                self.cookie_name, path="/", secure=self.on_https, httponly=True, samesite="Lax"
            )
            return
        response.set_cookie(
            self.cookie_name, session.cookie, path="/", secure=self.on_https, httponly=True, samesite="Lax"
        )


def register(app: Flask) -> None:
    """Makes ours the app's sessions."""
    app.session_interface = PersonSessions(on_https=app.config["PUBLIC_URL"].startswith("https://"))
