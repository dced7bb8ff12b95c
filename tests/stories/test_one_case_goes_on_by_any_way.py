"""One case goes on by SMS, by web and face to face; a lost receipt shuts nobody out, and lets nobody in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from grievance.actions import cases, journal_checks, receipts_given, triaging
from grievance.schemas.receipts import NewReceipt, ReceiptWay
from grievance.store import receipts
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, JournalLine, Outbox, Receipt, Task
from grievance.store.session import transaction
from grievance.terms import Refused
from grievance.vocabulary import TaskKind
from tests import desk_work
from tests.fixtures import Town
from tests.stories.phones import Phone
from tests.web import desk_pages
from tests.web.public_pages import STORY as WEB_STORY
from tests.web.public_pages import visitor

STORY = "Les gardes ont battu mon frere hier pres du portail"
LATER = timedelta(hours=2)
DIGITS = re.compile(r"\d{4} \d{4} \d{4} \d{4}")
NOT_YET = "Le reste s'ouvre bientôt"
SECRET = "trois mangues vertes"


def told(phone: Phone) -> Case:
    """A report by SMS that its desk has."""
    for text in (STORY, "1", "2", "mine exemple A", "2"):
        phone.says(text)
    return phone.cases()[0]


def asked(phone: Phone, text: str) -> str:
    """The receipt that comes in answer to a text."""
    (answer,) = phone.says(text, after=LATER)
    return receipts.normal(DIGITS.search(answer)[0])


def known(town: Town, case: Case, now) -> str:
    """The case at the desk, where somebody said that they know nobody there; gives its code."""
    cases.know_nobody(case.code, actor=town.world.desk.actor, now=now)
    return case.code


def events(town: Town, case: Case) -> list[str]:
    actor = town.world.desk.actor
    with transaction(actor) as session:
        query = select(JournalLine.move).where(JournalLine.chain == case.id).order_by(JournalLine.seq)
        return list(session.scalars(query))


def kept_receipts(town: Town) -> list[Receipt]:
    """What the desk's cases have of receipts; the SMS worker writes them and reads none."""
    with transaction(town.world.desk.actor) as session:
        return list(session.scalars(select(Receipt)))


def tasks(town: Town, case: Case, kind: TaskKind) -> list[bool]:
    """Whether each task of this kind is done."""
    actor = town.world.desk.actor
    with transaction(actor) as session:
        rows = session.scalars(select(Task).where(Task.case_id == case.id, Task.kind == kind))
        return [row.done_at is not None for row in rows]


@pytest.mark.parametrize("word", ["WEB", "web {code}", "Internet {code}"])
def test_whoever_wrote_by_sms_is_texted_a_receipt_that_shows_the_stage_and_no_word(
    town: Town, word: str
) -> None:
    phone = Phone(town)
    case = told(phone)
    receipt = asked(phone, word.format(code=case.code))
    person = visitor(town.app).come_back(receipt)

    assert person.page.status_code == 200
    assert NOT_YET in person.text
    assert case.code in person.text
    for hidden in (STORY, "portail", "Gardiennage Fictif", "Mine Exemple A"):
        assert hidden not in person.text
    assert tasks(town, case, TaskKind.OPEN_WEB) == [False]
    assert CaseEvent.RECEIPT_GIVEN.value in events(town, case)


def test_the_digits_stand_nowhere_in_clear(town: Town) -> None:
    phone = Phone(town)
    receipt = asked(phone, f"WEB {told(phone).code}")
    rows = [row for row in phone.rows(Outbox) if row.template == "web_receipt"]
    assert [(row.values, row.sealed_text, row.sealed_to) for row in rows] == [({}, None, None)]
    (receipt_row,) = kept_receipts(town)
    kept = str([vars(row) for row in (*phone.rows(Outbox), receipt_row)])
    assert receipt not in kept
    assert receipts.shown(receipt) not in kept


def test_another_phone_gets_no_receipt_with_the_code(town: Town) -> None:
    phone = Phone(town)
    case = told(phone)
    stranger = Phone(town, number="+243880000078")
    (answer,) = stranger.says(f"WEB {case.code}")
    assert answer.startswith("Code pas reconnu")
    assert kept_receipts(town) == []


def test_whoever_asks_without_a_code_is_asked_for_it_and_then_gets_the_receipt(town: Town) -> None:
    phone = Phone(town)
    case = told(phone)
    (question,) = phone.says("WEB", after=timedelta(days=4))
    assert question.startswith("Avez-vous un code")
    assert kept_receipts(town) == []
    (answer,) = phone.says(case.code)
    assert DIGITS.search(answer)


def test_the_desk_makes_sure_who_asks_and_the_case_goes_on_by_web(town: Town) -> None:
    phone = Phone(town)
    case = told(phone)
    receipt = asked(phone, f"WEB {case.code}")
    person = visitor(town.app).come_back(receipt)
    person.do("add", texte="Je peux venir jeudi au marché.")
    desk = desk_pages.sit(town, town.world.desk.members[0]).knowing_nobody(case.code)
    assert "Je peux venir jeudi" in desk.text
    desk.do("open_way")

    assert desk.status == 200, desk.text
    whole = visitor(town.app).come_back(receipt)
    assert NOT_YET not in whole.text
    assert STORY in whole.text
    assert "Je peux venir jeudi" in whole.text
    assert tasks(town, case, TaskKind.OPEN_WEB) == [True]
    assert CaseEvent.WAY_OPENED.value in events(town, case)
    assert journal_holds(town)


def test_a_receipt_that_is_not_opened_decides_nothing(town: Town) -> None:
    phone = Phone(town)
    case = told(phone)
    person = visitor(town.app).come_back(asked(phone, f"WEB {case.code}"))
    assert {form["does"] for form in person.forms()} <= {"add", "call_back", "check_in", "sign_out", None}
    token = next(form["hidden"]["csrf_token"] for form in person.forms() if form["does"] == "add")
    for path in ("retirer", "accord", "contester", "recours", "mot"):
        form = {"csrf_token": token, "sur": "1", "societe": str(town.world.mine.id), "accord": "true",
                "texte": "x", "organe": "backup", "mot": SECRET}  # fmt: skip
        answer = person.client.post(f"/fr/suivi/{path}", data=form)
        assert answer.status_code == 409, path
    (same,) = phone.cases()
    assert same.frozen_at is None


def test_a_case_that_becomes_restricted_does_not_open_a_receipt_by_the_way(town: Town) -> None:
    phone = Phone(town)
    case = told(phone)
    receipt = asked(phone, f"WEB {case.code}")
    desk = town.world.desk.actor
    now = phone.now + LATER
    code = known(town, case, now)
    cases.take(code, actor=desk, now=now)
    narrowed = desk_work.decided(town, harms=["sexual_violence"], lane="sexual_violence")
    triaging.triage(code, narrowed, actor=desk, now=now)
    assert NOT_YET in visitor(town.app).come_back(receipt).text


def test_of_two_receipts_that_were_texted_only_the_newest_goes_on(town: Town) -> None:
    phone = Phone(town)
    case = told(phone)
    first, second = (asked(phone, f"WEB {case.code}") for _ in range(2))
    receipts_given.open_way(
        known(town, case, phone.now), actor=town.world.desk.actor, now=phone.now
    )
    assert visitor(town.app).come_back(first).page.status_code == 422
    assert STORY in visitor(town.app).come_back(second).text
    with pytest.raises(Refused, match="no_way_waits"):
        receipts_given.open_way(case.code, actor=town.world.desk.actor, now=phone.now)


def test_the_desk_gives_a_receipt_by_text_only_in_answer_to_the_person_s_own_suivi(town: Town) -> None:
    phone = Phone(town)
    case = told(phone)
    code = known(town, case, phone.now)
    asked_for = NewReceipt(ReceiptWay.BY_TEXT)
    assert receipts_given.give(code, asked_for, actor=town.world.desk.actor, now=phone.now) is None
    phone.work(after=LATER)
    unasked = phone.heard()
    assert unasked
    assert not any(DIGITS.search(text) or case.code in text for text in unasked)
    answers = phone.says(f"SUIVI {case.code}", after=LATER)
    receipt = receipts.normal(DIGITS.search(answers[0])[0])
    assert STORY in visitor(town.app).come_back(receipt).text


def test_face_to_face_words_stand_on_the_web_page_and_in_what_the_desk_reads(town: Town) -> None:
    """It began by web, went on in a talk, and the person comes back by web."""
    sender = visitor(town.app).answer_all(lieu_site=str(town.world.site.id)).send()
    receipt, code = sender.receipt, sender.code
    desk = desk_pages.sit(town, town.world.desk.members[0]).knowing_nobody(code)
    desk.do("add", text="Elle dit : deux gardes, un chien brun.")
    assert desk.status == 200, desk.text
    person = visitor(town.app).come_back(receipt)
    assert "deux gardes, un chien brun" in person.text
    assert WEB_STORY in person.text


def test_a_lost_receipt_is_given_anew_in_person_and_the_lost_one_lets_nobody_in(town: Town) -> None:
    sender = visitor(town.app).answer_all(contact="web", nom="Nom Inventé").send()
    lost, code = sender.receipt, sender.code
    finder = visitor(town.app).come_back(lost)
    desk = desk_pages.sit(town, town.world.desk.members[0]).knowing_nobody(code)
    desk.do("give_receipt", way="in_person")
    new = re.search(r'data-receipt="(\d{16})"', desk.text)[1]

    assert desk.status == 200
    assert "Nom Inventé" not in desk.text
    assert WEB_STORY in visitor(town.app).come_back(new).text
    assert visitor(town.app).come_back(lost).page.status_code == 422
    assert WEB_STORY not in finder.get("/fr/suivi/dossier").text
    with transaction(town.world.desk.actor) as session:
        case = session.scalars(select(Case).where(Case.code == code)).one()
    moves = events(town, case)
    assert moves.count(CaseEvent.RECEIPT_GIVEN.value) == 1
    assert CaseEvent.IDENTITY_READ.value not in moves
    assert new not in desk.get(f"/desk/cases?code={code}").text
    assert journal_holds(town)


def test_a_word_that_the_person_chose_gives_a_new_receipt_by_telephone(town: Town) -> None:
    sender = visitor(town.app).answer_all().send()
    code = sender.code
    visitor(town.app).come_back(sender.receipt).do("choose_word", mot="Trois  MANGUES vertes")
    desk = desk_pages.sit(town, town.world.desk.members[0]).knowing_nobody(code)
    assert "mangues" not in desk.text.lower()
    desk.do("give_receipt", way="secret_word", secret="deux mangues")
    assert (desk.status, "data-receipt" in desk.text) == (409, False)
    desk.do("give_receipt", way="secret_word", secret=SECRET)
    new = re.search(r'data-receipt="(\d{16})"', desk.text)[1]
    assert WEB_STORY in visitor(town.app).come_back(new).text
    with transaction(town.world.desk.actor) as session:
        case = session.scalars(select(Case).where(Case.code == code)).one()
    moves = events(town, case)
    assert moves.count(CaseEvent.RECEIPT_GIVEN.value) == 1
    assert CaseEvent.IDENTITY_READ.value not in moves
    assert journal_holds(town)


def test_nobody_guesses_the_word_and_without_one_there_is_nothing_to_guess(town: Town) -> None:
    sender = visitor(town.app).answer_all().send()
    now = desk_pages.now()
    with transaction(town.world.desk.actor) as session:
        case = session.scalars(select(Case).where(Case.code == sender.code)).one()
    code, actor = known(town, case, now), town.world.desk.actor
    wish = NewReceipt(ReceiptWay.SECRET_WORD, SECRET)
    for _ in range(receipts_given.TRIES):
        with pytest.raises(Refused, match="wrong_word"):
            receipts_given.give(code, wish, actor=actor, now=now)
    visitor(town.app).come_back(sender.receipt).do("choose_word", mot=SECRET)
    with pytest.raises(Refused, match="too_many_words"):
        receipts_given.give(code, wish, actor=actor, now=now)
    tomorrow = now + timedelta(days=1, minutes=1)
    assert receipts_given.give(code, wish, actor=actor, now=tomorrow)
    assert events(town, case).count(CaseEvent.WORD_WRONG.value) == receipts_given.TRIES


@pytest.mark.parametrize("word", ["", "abc", "!!!!!", "x" * 101])
def test_a_word_that_is_too_short_or_too_long_is_asked_for_again(town: Town, word: str) -> None:
    sender = visitor(town.app).answer_all().send()
    person = visitor(town.app).come_back(sender.receipt).do("choose_word", mot=word)
    assert person.page.status_code == 422
    assert "Au moins 4 lettres" in person.text


def test_whoever_is_not_of_the_desk_gives_no_receipt(town: Town) -> None:
    sender = visitor(town.app).answer_all(lieu_site=str(town.world.site.id)).send()
    for other in (town.world.backup.members[0], town.world.mine.members[0], town.world.host.members[0]):
        desk = desk_pages.sit(town, other)
        answer = desk.client.post(f"/desk/cases/give_receipt?code={sender.code}", data={"way": "in_person"})
        assert answer.status_code in (400, 404), answer.status_code
    assert WEB_STORY in visitor(town.app).come_back(sender.receipt).text


def journal_holds(town: Town) -> bool:
    """Whether every chain still holds."""
    return journal_checks.verify(town.database.owner_url).faults == ()
