"""Does a report in Swahili, on a telephone without script, come to an answer that its author may refuse?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import SignIn
from tests.browser.pages import Complainant
from tests.browser.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DESK, GUARDS = "ONG Exemple Kolwezi", "Gardiennage Fictif SARL"
STORY = "Walinzi watatu walinipiga karibu na mlango wa mine. Mkono wangu umevunjika."
SUMMARY = "Une personne dit avoir été frappée par trois gardes près d'une entrée. Que s'est-il passé ?"
ANSWER = "L'équipe de nuit a été entendue. Un agent est suspendu et les soins seront payés."
TOLD = "Kampuni imejibu: mlinzi mmoja amesimamishwa kazi, na watalipa matibabu."
REFUSED = "Hapana, hawajalipa kitu. Mlinzi yule bado yuko pale."

ANSWERS: dict[str, dict[str, str | tuple[str, ...]]] = {
    "date": {"date_quand": "yesterday"},
    "qui": {"qui": "private", "indices": ("uniform", "badge")},
    "faits": {"faits": "assault", "danger": "non"},
    "recit": {"recit": STORY, "souhait": "Matibabu ya mkono wangu."},
    "lecture": {"lecture": "provider"},
    "contact": {"contact": "web", "qui_parle": "self", "personnes": "1"},
}


def test_a_report_in_swahili_is_answered_and_its_author_says_no(
    browser: Browser, product: Product, sign_in: SignIn
) -> None:
    # Given somebody who reports in Swahili, on eight pages without script,
    person = Complainant.come(browser, product)
    person.report("Site Exemple A", ANSWERS)
    assert len(person.receipt) == 16
    assert all(part in person.text for part in (person.code, DESK))
    person.leave()

    # when the desk that was named takes it on, and asks for an answer without a name,
    worker = sign_in("case_worker", DESK)
    worker.case(person.code)
    assert STORY not in worker.page.content(), "the conflict question stands before the story"
    worker.take_on(person.code)
    assert STORY in worker.text
    referral = worker.refer(GUARDS, SUMMARY)

    # and the guard company's security manager answers,
    manager = sign_in("security_manager", GUARDS)
    manager.referral(referral)
    assert SUMMARY in manager.text
    assert STORY not in manager.page.content()
    assert person.code not in manager.page.content()
    manager.do("acknowledge")
    manager.do("answer", text=ANSWER)

    # and the case worker tells the person what was answered,
    worker.case(person.code)
    assert ANSWER in worker.text
    worker.do("relay", text=TOLD)

    # then they read it with their receipt, in their language, and may say no;
    back = Complainant.come(browser, product)
    back.receipt = person.receipt
    back.come_back()
    assert TOLD in back.text
    assert ANSWER not in back.page.content()
    back.do("settle", reponse="no", texte=REFUSED)
    assert "Hapana" in back.text
    back.leave()

    # and the desk sees that silence did not count as a yes.
    worker.case(person.code)
    assert REFUSED in worker.text
