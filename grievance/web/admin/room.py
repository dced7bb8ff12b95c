"""What does the administrator see first, and who comes in here? Nobody with a key to any case."""

from __future__ import annotations

from flask import Blueprint, render_template

from grievance.actions import alarms, clocks, coverage_seen, dialogue_steps, registry_seen
from grievance.terms import ClockKind
from grievance.vocabulary import OrganisationKind, Severity
from grievance.web.admin.settings import settings
from grievance.web.admin.words import ALARMS
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("/")
def home() -> str:
    """What is missing: desks that cannot work, coverage without its second person, silent channels."""
    actor, now = current_actor(), utcnow()
    desks = [one for one in registry_seen.organisations(actor) if one.kind is OrganisationKind.CSO]
    coverages = coverage_seen.coverages(actor)
    channels = registry_seen.channels(settings().config_key, actor)
    return render_template(
        "admin/home.html", desks=desks, not_ready=[desk for desk in desks if not desk.ready],
        waiting=[one for one in coverages if one.waits],
        fallback=any(one.fallback and one.confirmed_at for one in coverages),
        silent=[one for one in channels if one.silent(now)], channels=channels, sample=settings().sample,
        alarms=[ALARMS[alarm] for alarm in alarms.raised(now)],
        refusing=[one for one in channels if one.refused_at], steps=dialogue_steps.seen(actor),
    )  # fmt: skip


@blueprint.get("/deadlines")
def deadlines() -> str:
    """The deadline policy in force; it is changed in its file, as a new version."""
    policy = clocks.policy()
    rows = [(kind, [policy.term(kind, severity) for severity in Severity]) for kind in ClockKind]
    return render_template("admin/deadlines.html", policy=policy, rows=rows, severities=list(Severity))
