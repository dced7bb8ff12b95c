"""What belongs to one case, one member, one company, two desks: a file, a passkey, new keys, a coverage."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from grievance.actions import cases, coverage, evidence, key_changes
from grievance.store import receipts
from grievance.store.actors import complainant_actor
from grievance.store.models import Coverage, CoverageEnding, Evidence, KeyChange, Passkey
from grievance.store.session import transaction
from grievance.vocabulary import OrganisationKind, ReaderKind
from tests import sealed_files
from tests.access.people import now
from tests.fixtures import Town
from tests.make import Builder, Tenant


def files(town: Town, code: str, receipt: str) -> dict[str, str]:
    """One file that the desk holds; another of which the complainant has announced ten bytes."""
    desk, opening, arriving = town.world.desk.actor, receipts.open_receipt(receipt), uuid4()
    sealed_files.send(code, actor=desk, now=now())
    case_id = cases.seen(code, desk, now()).case_id
    person = complainant_actor(case_id, {opening.pair.public: opening.pair.private})
    evidence.begin(case_id, arriving, "jambe.jpg", 10, actor=person, now=now())
    with transaction(desk) as session:
        kept = session.scalars(select(Evidence.id).where(Evidence.received_at.is_not(None))).one()
    return {"file": str(kept), "arriving": str(arriving)}


def passkey(town: Town, superuser_url: str) -> str:
    """A passkey of the worker."""
    build, member = Builder(), town.world.desk.members[0].row
    row = Passkey(
        id=uuid4(), member_id=member.id, credential_id=b"c" * 32, public_key=b"p" * 77, sign_count=0,
        name="Téléphone", added_at=now(),
    )  # fmt: skip
    build.add(row)
    build.store(superuser_url)
    return str(row.id)


def key_change(town: Town) -> str:
    """A key that one member of the other company made anew, and no second one agreed to."""
    company = town.world.second_provider
    key_changes.start([ReaderKind.COMPANY], actor=company.members[1].actor, now=now())
    with transaction(company.actor) as session:
        return str(session.scalars(select(KeyChange.organisation_key_id)).one())


def coverages(town: Town, superuser_url: str) -> dict[str, str]:
    """Of the two desks, what the host asks to end and what it does not; and the same of two others."""
    world, build = town.world, Builder()
    kept = _confirmed(world.desk, world.backup, "Kasenga")
    ending = _confirmed(world.backup, world.desk, "Mitwaba")
    others = [build.tenant(f"ONG Exemple {place}", OrganisationKind.CSO) for place in ("Sakania", "Pweto")]
    theirs, waits = _confirmed(*others, "Sakania"), _confirmed(*others, "Pweto")
    waits.confirmed_at = None
    build.add(kept, ending, theirs, waits)
    asked_by = world.host.actor.member_id
    build.add(CoverageEnding(id=uuid4(), coverage_id=theirs.id, asked_by=asked_by, asked_at=now()))
    build.store(superuser_url)
    coverage.ask_to_end(ending.id, actor=world.host.actor, now=now())
    return {
        "kept_coverage": str(kept.id), "ending_coverage": str(ending.id),
        "others_ending": str(theirs.id), "others_coverage": str(waits.id),
    }  # fmt: skip


def _confirmed(desk: Tenant, backup: Tenant, territory: str) -> Coverage:
    return Coverage(
        id=uuid4(), desk_id=desk.id, backup_id=backup.id, province="Haut-Katanga", territory=territory,
        created_at=now(), confirmed_at=now(),
    )  # fmt: skip
