"""How do the parts come together? `create_app` wires them, and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_bootstrap import Bootstrap5
from werkzeug.middleware.proxy_fix import ProxyFix

from grievance import http_errors, i18n, labels
from grievance.rules.deadlines import Calendar, Policy
from grievance.rules.hotlines import Hotlines
from grievance.rules.retention import Retention
from grievance.store_app import create_store_app
from grievance.web import (
    WebSettings,
    account,
    admin,
    api,
    auth,
    company,
    compression,
    csrf,
    desk,
    doors,
    doorway,
    effort,
    files,
    floods,
    gate,
    headers,
    health,
    hooks,
    journal,
    key_changes,
    leaving,
    members,
    oversight,
    public,
    sessions,
    step_up,
)
from grievance.web.clock import utcnow
from grievance.web.desk import offline
from grievance.web.requests import InMemory

# A story of 16,000 characters, and a photograph or a recording of ten megabytes.
LARGEST_REQUEST = 12 * 1024 * 1024
LARGEST_FORM_FIELD = 1024 * 1024

ROOMS = (
    public.blueprint, doors.blueprint, step_up.blueprint, account.blueprint, members.blueprint,
    key_changes.blueprint, hooks.blueprint, health.blueprint, desk.blueprint, offline.blueprint,
    journal.blueprint, company.blueprint, oversight.blueprint, *admin.blueprints,
)  # fmt: skip

NO_HOTLINES = Hotlines(valid_days=0)
PARTS = (
    http_errors, i18n, labels, headers, compression, leaving, effort, files, sessions, auth, floods, gate,
    public.listening,
)  # fmt: skip

bootstrap = Bootstrap5()


def create_app(
    settings: WebSettings, *, policy: Policy, calendar: Calendar, retention: Retention,
    databases: Mapping[str, str] | None = None, hotlines: Hotlines = NO_HOTLINES,
) -> Flask:  # fmt: skip
    """The web. `databases` adds logins beside the web's own; only tests have several in one app.

    `hotlines` are the help numbers of others; only those verified lately are ever shown.
    """
    app = create_store_app(
        databases or {"web": settings.database_url}, policy=policy, calendar=calendar, retention=retention
    )
    app.config.update(
        SETTINGS=settings,
        HOTLINES=hotlines,
        PUBLIC_URL=settings.public_url,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_FIELD,
        MAX_FORM_PARTS=200,
        BOOTSTRAP_SERVE_LOCAL=True,
        MIGRATION_HEAD=health.migration_head(),
    )
    app.request_class = InMemory
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["now"] = utcnow
    bootstrap.init_app(app)
    for part in PARTS:
        part.register(app)
    csrf.register(app, settings.token_key)
    doorway.register(app, settings)
    for room in ROOMS:
        app.register_blueprint(room)
    api.register(app)
    gate.refuse_unguarded(app)
    _trust_proxies(app, settings.proxies)
    return app


def _trust_proxies(app: Flask, proxies: int) -> None:
    """Takes from our own proxies who asks, and nothing else: host and scheme are those of `PUBLIC_URL`."""
    if proxies:
        trusting = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0, x_port=0, x_prefix=0)
        app.wsgi_app = trusting  # type: ignore[method-assign]  # werkzeug's own way to put something in front
