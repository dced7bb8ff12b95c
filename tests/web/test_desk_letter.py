"""Can a company without an account be reached and heard, through the desk, by letter?"""

from __future__ import annotations

from sqlalchemy import create_engine, delete

from grievance.store.models import MemberKey
from tests.fixtures import Town
from tests.services import Services
from tests.web.desk_pages import referred, sit


def test_a_letter_is_printed_delivered_and_its_answer_typed_in(town: Town, services: Services) -> None:
    engine = create_engine(services.url("postgres", town.database.name))
    with engine.begin() as connection:
        # Nobody at the guard company can open anything: it has no account.
        theirs = MemberKey.organisation_id == town.world.provider.id
        connection.execute(delete(MemberKey).where(theirs))
    engine.dispose()
    desk = sit(town, town.world.desk.members[0])
    code, referral = referred(town, desk)
    assert "par lettre" in desk.text

    letter = desk.client.get(f"/desk/referrals/letter?code={code}&referral={referral}")
    assert letter.content_type == "application/pdf"
    assert letter.data.startswith(b"%PDF")
    assert code.encode() not in letter.data

    desk.case(code).do("letter_proof", proof="Reçu 114, cachet de la réception")
    assert "La remise de la lettre est notée." in desk.text
    desk.do("answer", text="Le garde a été suspendu.")
    assert "Ce que dit la lettre est noté." in desk.text
    assert "Le garde a été suspendu." in desk.text
    assert "relay" in desk.buttons()
