"""Can a whole report be sent over 50 kbit/s, and once only, although the network fails in the middle?"""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, Route

from grievance.store.models import Case
from tests import superuser
from tests.browser.air import Meter
from tests.browser.pages import LONGEST_WAIT, STEPS, Complainant
from tests.browser.street import Street
from tests.figures import Tell
from tests.services import Services
from tests.web.weights import MOST_BYTES, MOST_REQUESTS, story_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MOST_SECONDS = 60
ANSWERS: dict[str, dict[str, str | tuple[str, ...]]] = {
    "lieu": {"lieu_province": "Lualaba", "lieu_pres": "Près de la rivière"},
    "date": {"date_quand": "yesterday"},
    "qui": {"qui": "private", "indices": ("uniform", "dog")},
    "faits": {"faits": ("assault", "threats"), "danger": "non"},
    "recit": {"recit": story_of(500), "souhait": "Les soins de ma jambe."},
    "lecture": {"lecture": "both"},
    "contact": {"contact": "web", "qui_parle": "self", "personnes": "1"},
}


@pytest.mark.parametrize("lang", ["fr", "sw"])
def test_a_whole_report_takes_less_than_a_minute_of_a_bad_network(
    browser: Browser, street: Street, lang: str, figure: Tell
) -> None:
    person = Complainant.come(browser, street, lang)
    meter = Meter(person.page)
    meter.next("/")
    person.open("/")
    meter.next("first page")
    person.page.locator(f"a[href='/{lang}/']").first.click()
    person.page.wait_for_url(f"**/{lang}/")
    meter.next(STEPS[0])
    person.page.locator(f"a[href='/{lang}/plainte/lieu']").click()
    person.page.wait_for_url("**/plainte/lieu")
    for step, following in zip(STEPS, (*STEPS[1:], "receipt"), strict=True):
        assert person.step() == step
        meter.next(following)
        person.answer(**ANSWERS.get(step, {}))
    assert person.page.locator("[data-receipt]").count() == 1
    person.page.wait_for_load_state("networkidle")
    person.leave()

    figure(_told(lang, meter))
    assert len(meter.pages) == len(STEPS) + 3
    assert [cost for cost in meter.pages if not 0 < cost.requests <= MOST_REQUESTS] == []
    assert [cost for cost in meter.pages if not 0 < cost.bytes <= MOST_BYTES] == []
    # Each page costs at least one round trip: a figure below that would mean that nothing was slow.
    assert 0.6 * len(meter.pages) < sum(cost.seconds for cost in meter.pages) < MOST_SECONDS


def test_a_report_whose_answer_was_lost_is_sent_again_and_is_one_case(
    browser: Browser, street: Street, services: Services
) -> None:
    # Given a report on its last page, and a network that carries it to us and loses the answer,
    person = Complainant.come(browser, street, "fr")
    person.begin()
    for step in STEPS[:-1]:
        person.answer(**ANSWERS.get(step, {}))
    arrived: list[int] = []

    def lose_the_answer(route: Route) -> None:
        arrived.append(route.fetch().status)
        route.abort("connectionreset")

    person.page.route("**/plainte/verifier", lose_the_answer, times=1)
    person.page.locator("p.onwards button").click(no_wait_after=True)
    give_up = time.monotonic() + LONGEST_WAIT / 1000
    while not person.page.url.startswith("chrome-error:") and time.monotonic() < give_up:
        person.page.wait_for_timeout(50)
    assert arrived == [200]

    # when the telephone sends the form again, as its owner reloads,
    person.page.reload()

    # then it is one case, and the receipt is the one that was minted before the first try.
    paper = person.page.locator("[data-receipt]")
    receipt = paper.get_attribute("data-receipt") or ""
    assert "C'est une seule plainte, avec ce même reçu." in person.text
    person.receipt = receipt
    person.come_back()
    assert ANSWERS["recit"]["souhait"] in person.text
    person.leave()
    assert superuser.count(services, street.town, Case) == 1


def _told(lang: str, meter: Meter) -> str:
    asked, octets = sum(cost.requests for cost in meter.pages), sum(cost.bytes for cost in meter.pages)
    seconds = sum(cost.seconds for cost in meter.pages)
    heaviest = max(meter.pages, key=lambda cost: cost.bytes)
    return (
        f"a whole report in {lang} at 50 kbit/s and 600 ms: {len(meter.pages)} pages, {asked} requests,"
        f" {octets:,} bytes, {seconds:.1f} s; the heaviest page, {heaviest.name}, {heaviest.bytes:,} bytes"
    )
