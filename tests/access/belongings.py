"""What belongs to one case, one member, one company: a file, a passkey, a change of keys."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from grievance.actions import cases, evidence, key_changes
from grievance.store import receipts
from grievance.store.actors import complainant_actor
from grievance.store.models import Evidence, KeyChange, Passkey
from grievance.store.session import transaction
from grievance.vocabulary import ReaderKind
from tests import sealed_files
from tests.access.people import now
from tests.fixtures import Town
from tests.make import Builder


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
