"""Can somebody come back with sixteen digits, see where things stand, and decide for themselves?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from grievance.store import journal, queries, vault
from grievance.store.models import Appeal, Case, Consent, Entry, Outbox, Receipt, Referral, Task
from grievance.store.session import transaction
from grievance.terms import CaseAction, CaseState, ReferralAction, ReferralState
from grievance.vocabulary import (
    DataClass,
    EntryKind,
    Outcome,
    ReferralKind,
    Settled,
    Severity,
    TaskKind,
)
from tests.fixtures import Town
from tests.web.public_pages import STORY, Visitor, visitor
from tests.web.receipt_field import without

ANSWERS = {"lieu_province": "Lualaba", "lecture": "both", "contact": "web"}


@pytest.fixture
def person(town: Town) -> Visitor:
    """Somebody who reported on the web, left, and came back with the receipt."""
    reporter = visitor(town.app).answer_all(lieu_site=str(town.world.site.id), **ANSWERS)
    receipt = reporter.send().receipt
    returned = visitor(town.app).come_back(receipt)
    assert returned.page.status_code == 200
    return returned


def code_of(person: Visitor) -> str:
    """The code on somebody's own page."""
    return re.search(r"[A-Z0-9]{4}-[A-Z0-9]{2}", person.text)[0]


def rows(town: Town, table: type, *where: object) -> list:
    """What the backup would hold of a table."""
    engine = create_engine(town.database.backup_url)
    with Session(engine) as session:
        session.execute(select(1))
        session.connection().exec_driver_sql("set role backup")
        found = list(session.scalars(select(table).where(*where)))
        session.expunge_all()
    engine.dispose()
    return found


def case_of(town: Town, person: Visitor) -> Case:
    """The case of somebody's own page."""
    return rows(town, Case, Case.code == code_of(person))[0]


def answer_relayed(town: Town, person: Visitor) -> UUID:
    """The guard company has answered, and the desk has told the complainant."""
    actor, now = town.world.desk.actor, datetime.now(UTC)
    with transaction(actor) as session:
        case = queries.case_by_code(session, code_of(person), lock=True)
        before, case.state = case.state, CaseState.OPEN
        referral = Referral(
            id=uuid4(), code="7F3Q-82", case_id=case.id, organisation_id=town.world.provider.id,
            site_id=town.world.site.id, kind=ReferralKind.ORDINARY, state=ReferralState.ANSWERED,
            severity=Severity.SERIOUS, created_at=now, sent_at=now, answered_at=now, relayed_at=now,
        )  # fmt: skip
        session.add(referral)
        journal.append(
            session, chain=case.id, subject=case.id, actor=actor, move=CaseAction.TRIAGE, now=now,
            from_state=before.value, to_state=case.state.value,
        )  # fmt: skip
        journal.append(
            session, chain=case.id, subject=referral.id, actor=actor, move=ReferralAction.REFER, now=now,
            to_state=referral.state.value,
        )  # fmt: skip
        told = "La société a puni deux gardes."
        vault.write_entry(
            session, case, DataClass.THREAD, EntryKind.TO_COMPLAINANT, told, actor=actor, now=now
        )
        return referral.id


def closed(town: Town, person: Visitor, at: datetime) -> None:
    """The desk has closed the case."""
    actor = town.world.desk.actor
    with transaction(actor) as session:
        case = queries.case_by_code(session, code_of(person), lock=True)
        before = case.state
        case.state, case.outcome, case.closed_at = CaseState.CLOSED, Outcome.NO_AGREEMENT, at
        journal.append(
            session, chain=case.id, subject=case.id, actor=actor, move=CaseAction.CLOSE, now=at,
            from_state=before.value, to_state=case.state.value,
        )  # fmt: skip


def said_to_desk(town: Town, person: Visitor) -> list[str]:
    """The complainant's later messages, as the desk reads them."""
    actor = town.world.desk.actor
    with transaction(actor) as session:
        case = queries.case_by_code(session, code_of(person))
        kinds = frozenset({EntryKind.FROM_COMPLAINANT})
        return [line.text for line in vault.read_entries(session, actor, case.id, kinds)]


def test_the_receipt_shows_the_own_story_the_stage_and_the_promised_dates(person: Visitor) -> None:
    assert STORY in person.text
    assert "Nous avons votre plainte" in person.text
    assert re.search(r"avant le \d\d/\d\d/20\d\d \d\dh\d\d", person.text)



@pytest.mark.parametrize("typed", ["1234", "0" * 16, "9" * 400, "onze <b>chiffres</b>"])
def test_wrong_and_unknown_receipts_get_one_answer(town: Town, typed: str) -> None:
    known = visitor(town.app).come_back("1111 2222 3333 4444")
    wrong = visitor(town.app).come_back(typed)

    assert wrong.page.status_code == known.page.status_code == 422
    assert without(wrong.text) == without(known.text)
    assert "Set-Cookie" not in wrong.page.headers


def test_an_empty_field_is_no_wrong_receipt(town: Town) -> None:
    asked = visitor(town.app).come_back("  ")
    assert asked.page.status_code == 422
    assert "Écrivez les 16 chiffres de votre reçu." in asked.text
    assert "n'est pas connu" not in asked.text


def test_a_stranger_without_a_visit_is_led_to_the_receipt_page(town: Town) -> None:
    stranger = visitor(town.app).get("/sw/suivi/dossier")

    assert 'name="recu"' in stranger.text


def test_a_form_from_another_site_opens_no_visit(town: Town) -> None:
    answer = visitor(town.app).client.post(
        "/fr/suivi", data={"recu": "1" * 16}, headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 400


def test_a_form_without_the_token_of_the_visit_changes_nothing(town: Town, person: Visitor) -> None:
    answer = person.client.post("/fr/suivi/ajouter", data={"texte": "De quelqu'un d'autre"})

    assert answer.status_code == 400
    assert said_to_desk(town, person) == []


def test_a_further_message_reaches_the_desk_sealed_and_the_desk_is_told(town: Town, person: Visitor) -> None:
    person.do("add", texte="Ils sont revenus.")

    assert "Ils sont revenus." in person.text
    assert said_to_desk(town, person) == ["Ils sont revenus."]
    assert "new_words" in {row.template for row in rows(town, Outbox)}


def test_an_empty_message_is_asked_again(person: Visitor) -> None:
    person.do("add", texte="  ")

    assert person.page.status_code == 422
    assert STORY in person.text


def test_consent_is_given_and_taken_back_company_by_company(town: Town, person: Visitor) -> None:
    assert person.text.count("Vous avez accepté.") == 2
    person.do("consent", 0)

    assert person.text.count("Vous avez accepté.") == 1
    assert "Vous n'avez pas accepté." in person.text
    told = rows(town, Consent, Consent.case_id == case_of(town, person).id, Consent.how == "web")
    assert [row.allowed for row in told] == [False]


def test_consent_taken_back_stops_what_was_sent_and_says_what_cannot_be_undone(
    town: Town, person: Visitor
) -> None:
    referral_id = answer_relayed(town, person)
    person.get("/fr/suivi/dossier")
    forms = [each for each in person.forms() if each["does"] == "consent"]
    company = str(town.world.provider.id)
    which = next(at for at, each in enumerate(forms) if each["hidden"]["societe"] == company)
    person.do("consent", which)

    assert "ne peut pas être effacé" in person.text
    assert rows(town, Referral, Referral.id == referral_id)[0].state is ReferralState.WITHDRAWN


def test_only_the_persons_own_yes_settles_an_answer(town: Town, person: Visitor) -> None:
    referral_id = answer_relayed(town, person)
    person.get("/fr/suivi/dossier")
    assert "C'est à vous : la réponse vous va-t-elle ?" in person.text
    person.do("settle", reponse=Settled.YES.value)

    kept = rows(town, Referral, Referral.id == referral_id)[0]
    assert (kept.state, kept.settled) == (ReferralState.SETTLED, Settled.YES)


def test_a_no_sends_the_matter_back_to_the_company(town: Town, person: Visitor) -> None:
    referral_id = answer_relayed(town, person)
    person.get("/fr/suivi/dossier").do("settle", reponse=Settled.NO.value, texte="Rien n'a changé.")

    kept = rows(town, Referral, Referral.id == referral_id)[0]
    assert (kept.state, kept.settled) == (ReferralState.ACKNOWLEDGED, Settled.NO)
    assert said_to_desk(town, person) == ["Rien n'a changé."]


def test_another_organisation_looks_when_the_person_asks_for_it(town: Town, person: Visitor) -> None:
    answer_relayed(town, person)
    person.get("/fr/suivi/dossier").do("settle", reponse=Settled.ANOTHER_BODY.value)

    assert case_of(town, person).state is CaseState.APPEALED
    assert [row.to_organisation_id for row in rows(town, Appeal)] == [town.world.backup.id]


def test_stopping_everything_is_asked_twice_and_can_be_regretted(town: Town, person: Visitor) -> None:
    person.do("withdraw")
    assert case_of_none_frozen(town)
    person.do("withdraw")
    assert "Vous avez tout arrêté" in person.text
    assert case_of(town, person).frozen_at is not None
    talks = rows(town, Task, Task.kind == TaskKind.WITHDRAWAL_TALK)
    assert len(talks) == 1
    person.do("consent", 0)

    assert case_of(town, person).frozen_at is None
    assert rows(town, Task, Task.kind == TaskKind.WITHDRAWAL_TALK)[0].done_at is not None


def case_of_none_frozen(town: Town) -> bool:
    """Nothing was stopped yet."""
    return all(case.frozen_at is None for case in rows(town, Case))


def test_a_call_is_promised_with_a_date_and_the_number_stays_out_of_the_thread(
    town: Town, person: Visitor
) -> None:
    person.do("call_back", telephone="0991234567", texte="Le soir")

    assert "Vous appeler" in person.text
    assert said_to_desk(town, person) == ["Le soir"]
    kinds = [row.kind for row in rows(town, Entry, Entry.data_class == DataClass.IDENTITY)]
    assert kinds == [EntryKind.IDENTITY]
    assert "0991234567" not in "".join(str(row.values) for row in rows(town, Outbox))


def test_a_closing_is_disputed_within_sixty_days(town: Town, person: Visitor) -> None:
    closed(town, person, datetime.now(UTC) - timedelta(days=59))
    person.get("/fr/suivi/dossier").do("dispute", texte="La promesse n'est pas tenue.")

    case = case_of(town, person)
    assert (case.state, case.outcome) == (CaseState.OPEN, None)


def test_after_sixty_days_the_form_is_gone_but_a_message_is_still_taken(town: Town, person: Visitor) -> None:
    closed(town, person, datetime.now(UTC) - timedelta(days=61))
    person.get("/fr/suivi/dossier")
    assert "Rouvrir le dossier" not in person.text
    person.do("add", texte="Encore moi.")

    assert said_to_desk(town, person) == ["Encore moi."]


def test_an_appeal_to_icoca_opens_the_thread_to_it_and_never_the_notes(town: Town, person: Visitor) -> None:
    closed(town, person, datetime.now(UTC))
    person.get("/fr/suivi/dossier").do("appeal", organe="overseer", texte="Regardez encore.")
    code = code_of(person)

    actor = town.world.overseer.actor
    with transaction(actor) as session:
        case = queries.case_by_code(session, code)
        told = [(line.kind, line.text) for line in vault.read_entries(session, actor, case.id)]
    assert (EntryKind.STORY, STORY) in told
    assert (EntryKind.FROM_COMPLAINANT, "Regardez encore.") in told


def test_leaving_ends_the_visit_for_good(person: Visitor) -> None:
    person.get("/quitter").get("/fr/suivi/dossier")

    assert STORY not in person.text
    assert 'name="recu"' in person.text


def test_a_stolen_database_holds_neither_receipt_nor_story(town: Town) -> None:
    reporter = visitor(town.app).answer_all(**ANSWERS)
    receipt = reporter.send().receipt
    kept = repr([vars(row) for table in (Receipt, Case, Outbox) for row in rows(town, table)])

    assert receipt not in kept
    assert STORY not in kept
