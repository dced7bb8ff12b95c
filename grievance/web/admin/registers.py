"""How does the administrator fill the registers? One page for each, with the form that adds to it."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.actions import coverage, coverage_seen, people, registry, registry_seen
from grievance.actions.people import ROLES_OF
from grievance.schemas.people import InviteIn
from grievance.schemas.registry import (
    MADE_HERE,
    ContactIn,
    ContractIn,
    CoverageIn,
    EndIn,
    FundingIn,
    IcocaStatus,
    OrganisationIn,
    Province,
    SiteIn,
)
from grievance.terms import NotFound
from grievance.vocabulary import OrganisationKind
from grievance.web.admin import words
from grievance.web.admin.room import blueprint
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.step_up import proved

ADDRESSEES = (OrganisationKind.MINE, OrganisationKind.PROVIDER, OrganisationKind.OVERSEER)


@blueprint.get("/organisations")
def organisations() -> str:
    """Every organisation, and how far it is."""
    return render_template(
        "admin/organisations.html", organisations=registry_seen.organisations(current_actor()),
        kinds=MADE_HERE, statuses=words.choices(IcocaStatus),
    )  # fmt: skip


@blueprint.post("/organisations")
def make_organisation() -> Response:
    """Adds one."""
    registry.make_organisation(OrganisationIn().load(request.form), actor=current_actor(), now=utcnow())
    return _done("organisations")


@blueprint.get("/organisations/<uuid:organisation_id>")
def organisation(organisation_id: UUID) -> str:
    """One organisation, and the form that invites its first members."""
    found = [one for one in registry_seen.organisations(current_actor()) if one.id == organisation_id]
    if not found:
        raise NotFound
    return render_template(
        "admin/organisation.html", one=found[0], roles=sorted(ROLES_OF[found[0].kind], key=str)
    )


@blueprint.post("/organisations/<uuid:organisation_id>/invite")
@proved
def invite(organisation_id: UUID) -> str:
    """Invites somebody and shows the link this one time."""
    wanted = InviteIn().load({**request.form, "organisation_id": str(organisation_id)})
    invited = people.invite(wanted, actor=current_actor(), now=utcnow())
    address = current_app.config["PUBLIC_URL"] + url_for("doors.join_page", token=invited.token)
    return render_template("staff/invited.html", address=address, expires_at=invited.expires_at)


@blueprint.get("/sites")
def sites() -> str:
    """Every site and every contract."""
    actor = current_actor()
    seen = registry_seen.sites(actor)
    return render_template(
        "admin/sites.html", sites=seen, places=[(site.id, site.name) for site in seen],
        contracts=registry_seen.contracts(actor),
        mines=_named(OrganisationKind.MINE), providers=_named(OrganisationKind.PROVIDER),
        provinces=[(province.value, province.value) for province in Province], today=utcnow().date(),
    )  # fmt: skip


@blueprint.post("/sites")
def make_site() -> Response:
    """Adds a site."""
    registry.make_site(SiteIn().load(request.form), actor=current_actor(), now=utcnow())
    return _done("sites")


@blueprint.post("/contracts")
def make_contract() -> Response:
    """Adds a contract."""
    registry.make_contract(ContractIn().load(request.form), actor=current_actor(), now=utcnow())
    return _done("sites")


@blueprint.post("/contracts/<uuid:contract_id>/end")
def end_contract(contract_id: UUID) -> Response:
    """Notes a contract's last day."""
    ends = EndIn().load(request.form)["ends"]
    registry.end_contract(contract_id, ends, actor=current_actor(), now=utcnow())
    return _done("sites")


@blueprint.get("/coverage")
def coverages() -> str:
    """Which two desks answer where."""
    actor = current_actor()
    desks = [
        (one.id, one.name)
        for one in registry_seen.organisations(actor)
        if one.kind is OrganisationKind.CSO
    ]
    return render_template(
        "admin/coverage.html", coverages=coverage_seen.coverages(actor), desks=desks,
        sites=[(site.id, site.name) for site in registry_seen.sites(actor)],
        provinces=[(province.value, province.value) for province in Province],
    )  # fmt: skip


@blueprint.post("/coverage")
def make_coverage() -> Response:
    """Proposes a coverage; it counts when somebody outside the host confirmed it."""
    coverage.make_coverage(CoverageIn().load(request.form), actor=current_actor(), now=utcnow())
    return _done("coverages")


@blueprint.post("/coverage/<uuid:coverage_id>/remove")
def remove_coverage(coverage_id: UUID) -> Response:
    """Takes back a proposal that nobody confirmed."""
    coverage.remove_coverage(coverage_id, actor=current_actor(), now=utcnow())
    return _done("coverages")


@blueprint.post("/coverage/<uuid:coverage_id>/ask-end")
def ask_coverage_end(coverage_id: UUID) -> Response:
    """Asks a second person to end a coverage; it counts until then."""
    coverage.ask_to_end(coverage_id, actor=current_actor(), now=utcnow())
    return _done("coverages")


@blueprint.post("/coverage/<uuid:coverage_id>/keep")
def take_back_coverage_end(coverage_id: UUID) -> Response:
    """Asks for the end no longer."""
    coverage.take_back_end(coverage_id, actor=current_actor(), now=utcnow())
    return _done("coverages")


@blueprint.get("/contacts")
def contacts() -> str:
    """Who receives referrals, and who pays which CSO."""
    actor = current_actor()
    seen = registry_seen.contacts(actor)
    return render_template(
        "admin/contacts.html", contacts=seen, fundings=registry_seen.fundings(actor),
        companies=_named(*ADDRESSEES), accounts=registry_seen.accounts(actor, ADDRESSEES),
        desks=_named(OrganisationKind.CSO), funders=_named(*OrganisationKind),
        sites=[(site.id, site.name) for site in registry_seen.sites(actor)],
        superiors=[(one.id, f"{one.organisation}: {one.label}") for one in seen],
    )  # fmt: skip


@blueprint.post("/contacts")
def make_contact() -> Response:
    """Adds a contact."""
    registry.make_contact(ContactIn().load(request.form), actor=current_actor(), now=utcnow())
    return _done("contacts")


@blueprint.post("/fundings")
def declare_funding() -> Response:
    """Notes who pays a CSO."""
    registry.declare_funding(FundingIn().load(request.form), actor=current_actor(), now=utcnow())
    return _done("contacts")


def _named(*kinds: OrganisationKind) -> list[tuple[UUID, str]]:
    return [(one.id, one.name) for one in registry_seen.organisations(current_actor()) if one.kind in kinds]


def _done(page: str) -> Response:
    return redirect(url_for(f".{page}", done=1), code=303)
