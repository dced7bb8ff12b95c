"""Does this form come from our own page? Asked wherever a cookie would act."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup

from grievance.store.sealing import Versions, subkey

P = ParamSpec("P")
R = TypeVar("R")

csrf = CSRFProtect()
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def register(app: Flask, token_key: Versions) -> None:
    """Each unsafe request that carries a living session must carry that session's token."""
    app.config.update(
        # The last one signs; a page opened under an earlier key is still accepted while that key is held.
        WTF_CSRF_SECRET_KEY=[subkey(key, b"grievance form token 1").hex() for _, key in token_key],
        # The token lives as long as the session; an open page must not go stale under a slow writer.
        WTF_CSRF_TIME_LIMIT=None,
        # Behind a proxy we never see https; the session's own token is the proof.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    csrf.init_app(app)
    app.jinja_env.globals["csrf_field"] = csrf_field

    @app.before_request
    def protect() -> None:
        if request.method in UNSAFE and not _acts_on_no_cookie() and "csrf_token" in session:
            csrf.protect()


def csrf_field() -> Markup:
    """The hidden field of a form; nothing on pages where nobody is signed in."""
    if "csrf_token" not in session:
        return Markup("")
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def acts_on_no_cookie(view: Callable[P, R]) -> Callable[P, R]:
    """Marks a view (or a whole blueprint's function) that never looks at the session: no token is asked."""
    view.acts_on_no_cookie = True  # type: ignore[attr-defined]  # a mark on the function itself
    return view


def at_the_door(view: Callable[P, R]) -> Callable[P, R]:
    """Marks a view that opens a session: no token yet, so a form from elsewhere is refused by its origin.

    An absent Origin and Referer is accepted: old browsers send neither.
    """

    @functools.wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if request.method in UNSAFE and _comes_from_elsewhere():
            abort(400)
        return view(*args, **kwargs)

    return acts_on_no_cookie(wrapper)


def _acts_on_no_cookie() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return request.blueprint == "hooks" or getattr(view, "acts_on_no_cookie", False)


def _comes_from_elsewhere() -> bool:
    """Whether the browser names a page that is not ours, by the address people type or by this request's."""
    told = request.headers.get("Origin") or request.headers.get("Referer")
    if not told:
        return False
    parts = urlsplit(told)
    ours = {urlsplit(current_app.config["PUBLIC_URL"]).netloc, request.host}
    return parts.netloc not in ours
