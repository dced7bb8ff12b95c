"""What does a process need that serves no page? An app that reaches the database, without the web's rooms."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from grievance.rules.deadlines import Calendar, Policy
from grievance.rules.retention import Retention
from grievance.store.models import db


def create_store_app(
    databases: Mapping[str, str], *, policy: Policy, calendar: Calendar, retention: Retention
) -> Flask:
    """An app that reaches the database and serves nothing: for workers and commands.

    `databases` holds the logins of this process: `web`, `sms`, `sweep`, by name. `policy` and `calendar` are
    the deadline policy and the working days, as `grievance.rules.deadlines` has them; `retention` says how
    long things are kept.
    """
    app = Flask("grievance", static_folder="web/static", template_folder="web/templates")
    app.config.update(
        SQLALCHEMY_BINDS=dict(databases), POLICY=policy, CALENDAR=calendar, RETENTION=retention
    )
    # A connection that died while idle is noticed before it is used, not by a complainant. An error of the
    # database must not quote what somebody wrote.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_pre_ping": True, "hide_parameters": True}
    db.init_app(app)
    return app
