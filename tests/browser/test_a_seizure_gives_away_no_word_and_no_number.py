"""Who carries off database, queue and logs: which words, names, numbers and receipts do they hold?

Not searched: VAR/recorded, which is the sample mode's copy of what went out to telephones and mailboxes, and
VAR/sample.json with the fictional accounts. Neither exists outside sample mode.
"""

from __future__ import annotations

import secrets
import time

import pytest
from playwright.sync_api import Browser

from tests import thief
from tests.browser.conftest import SignIn
from tests.browser.pages import Complainant, Member
from tests.browser.product import Product
from tests.browser.telephone import Telephone

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DESK, GUARDS = "ONG Exemple Kolwezi", "Gardiennage Fictif SARL"
# Words that exist in no language, each in one place of the story.
NAME, STORY, WISH, CLUE, NEAR = "Zilombekwa", "kwarazamoni", "vutikelamba", "mbuzadorika", "Tsholabenge"
NOTE, WRITTEN, SUMMARY, ANSWER, RELAYED, REFUSED = (
    "noturavelle", "ecrivalondo", "resumaxique", "reponduvale", "jibukalenza", "kataazimbo",
)  # fmt: skip
TEXTED, TEXTED_PLACE = "smslikambwe", "Kijijindazo"
WORDS = (
    NAME, STORY, WISH, CLUE, NEAR, NOTE, WRITTEN, SUMMARY, ANSWER, RELAYED, REFUSED, TEXTED, TEXTED_PLACE,
)  # fmt: skip
# Numbers that no operator has, without zero or country code: each way of writing them holds these digits.
TYPED_NUMBER, TEXTING_NUMBER = (f"88{secrets.randbelow(9_000_000) + 1_000_000}" for _ in range(2))
AOF_IS_WRITTEN_AFTER = 2  # seconds; Valkey writes its log once a second


def test_who_seizes_database_queue_and_logs_reads_no_word_and_no_number(
    browser: Browser, product: Product, sign_in: SignIn
) -> None:
    # Given a whole story by web, in which everybody writes something,
    person = _reported(browser, product)
    worker = sign_in("case_worker", DESK)
    referral = _worked_on(worker, sign_in("case_lead", DESK), person.code)
    manager = sign_in("security_manager", GUARDS)
    manager.referral(referral)
    manager.do("answer", text=f"Nous avons entendu le chef de poste {ANSWER}.")
    worker.case(person.code)
    worker.do("relay", text=f"Kampuni inasema {RELAYED}.")
    person.come_back()
    person.do("settle", reponse="no", texte=f"Hapana, {REFUSED}.")
    assert REFUSED in person.text

    # and a conversation by SMS,
    _texted(Telephone(product, f"+243{TEXTING_NUMBER}"))

    # when somebody carries off what the machine holds, everything written out to the disk,
    time.sleep(AOF_IS_WRITTEN_AFTER)
    with product.superuser() as connection:
        connection.execute("checkpoint")
        dump = list(thief.tables(connection))
    disk = list(thief.files(*(product.var / name for name in ("pg", "valkey", "logs"))))

    # then the search itself works: what is meant to be in clear is found in both,
    assert thief.search(dump, [person.code])
    assert thief.search(disk, [person.code])

    # and no word, name, number or receipt is found in any writing.
    receipt = [person.receipt, " ".join(person.receipt[at : at + 4] for at in range(0, 16, 4))]
    assert thief.search(dump + disk, [*WORDS, TYPED_NUMBER, TEXTING_NUMBER, *receipt]) == []


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_the_search_finds_a_word_in_each_writing(before: str) -> None:
    text = f"{before}{STORY} na wengine"
    for written in (
        text.encode(), text.encode("utf-16-le"), text.encode().hex().encode(),
        thief.base64.b64encode(text.encode()), text.encode("utf-16-le").hex().encode(),
    ):  # fmt: skip
        assert thief.search([("a file", b"x" * 5 + written + b"y")], [STORY])


def _reported(browser: Browser, product: Product) -> Complainant:
    person = Complainant.come(browser, product)
    person.report("Site Exemple A", {
        "lieu": {"lieu_pres": f"Karibu na {NEAR}"},
        "date": {"date_quand": "yesterday"},
        "qui": {"qui": "private", "indices": "badge", "indices_texte": f"Jina kwa kitambulisho: {CLUE}"},
        "faits": {"faits": "assault", "danger": "non"},
        "recit": {"recit": f"Walinzi walinipiga {STORY} usiku.", "souhait": f"Nataka {WISH}."},
        "lecture": {"lecture": "provider"},
        "contact": {"contact": "sms", "telephone": f"0{TYPED_NUMBER}", "nom": NAME, "qui_parle": "self"},
    })  # fmt: skip
    return person


def _worked_on(worker: Member, lead: Member, code: str) -> str:
    """The desk reads everything, writes everywhere and refers; gives the referral's code."""
    worker.take_on(code)
    worker.do("identity", reason="meeting")
    assert NAME not in worker.text
    lead.case(code)
    lead.do("declare_conflict", knows="nobody")
    lead.do("agree_reveal")
    worker.case(code)
    worker.do("look")
    assert NAME in worker.text
    assert TYPED_NUMBER[-6:] in worker.text.replace(" ", "")
    worker.case(code)
    worker.do("note", text=f"Note du bureau: {NOTE}.")
    worker.do("write", text=f"Habari, {WRITTEN}.")
    return worker.refer(GUARDS, f"Une personne dit: {SUMMARY}.")


def _texted(phone: Telephone) -> None:
    for text in (f"Walinzi walipiga {TEXTED} karibu na mine", "1", "2", f"Karibu na {TEXTED_PLACE}"):
        phone.asks(text)
    assert any("Imepokelewa" in answer for answer in phone.asks("2"))
