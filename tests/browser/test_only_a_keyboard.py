"""Can somebody report without a mouse, and be gone from the page at once, with script and without?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.pages import LONGEST_WAIT, PHONE_SCREEN, STEPS, Complainant
from tests.browser.street import Street

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BLANK, ANSWERED = "the page is blank", "the network answered"
SAYS_WHEN_BLANK = f"""addEventListener("DOMContentLoaded", function () {{
  new MutationObserver(function () {{ if (!document.body.textContent) console.log("{BLANK}"); }})
    .observe(document.body, {{childList: true}});
}});"""
LEAVES = 5
FARTHEST = 60  # presses of Tab on one page
STORY = "Walinzi wawili walinipiga karibu na barabara."
ANSWERS: dict[str, tuple[tuple[str, str], ...]] = {
    "lieu": (("lieu_province", "Lualaba"), ("lieu_pres", "Mto")),
    "date": (("date_quand", "yesterday"),),
    "qui": (("qui", "public"), ("indices", "uniform")),
    "faits": (("faits", "assault"), ("danger", "non")),
    "recit": (("recit", STORY),),
    "lecture": (("lecture", "nobody"),),
    "contact": (("contact", "web"), ("personnes", "2")),
}


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    """A browser that runs script."""
    context = browser.new_context(viewport=PHONE_SCREEN, locale="fr")
    context.set_default_timeout(LONGEST_WAIT)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("lang", ["fr", "sw"])
def test_a_whole_report_is_made_with_tab_space_arrows_and_enter(
    browser: Browser, street: Street, lang: str
) -> None:
    person = Complainant.come(browser, street, lang)
    page = person.page
    person.open("/")
    _press(page, f"a[href='/{lang}/']")
    _press(page, f"a[href='/{lang}/plainte/lieu']")
    for step in STEPS:
        page.wait_for_url(f"**/plainte/{_posted_from(step)}")
        assert person.step() == step
        for name, value in ANSWERS.get(step, ()):
            _answer(page, name, value)
        _press(page, "p.onwards button")
    paper = page.locator("[data-receipt]")
    person.receipt = paper.get_attribute("data-receipt") or ""

    _press(page, f"a[href='/{lang}/suivi']")
    _reach(page, "[name='recu']")
    page.keyboard.type(person.receipt)
    _press(page, "main form button")
    page.wait_for_url("**/suivi/dossier")
    assert STORY in person.text
    person.leave()


@pytest.mark.parametrize("how", ["key", "mouse"])
def test_the_way_out_works_without_script(browser: Browser, street: Street, how: str) -> None:
    person = Complainant.come(browser, street, "fr")
    person.open("/fr/plainte/recit")
    if how == "key":
        _press(person.page, "a.exit")
    else:
        person.page.locator("a.exit").click()
    person.page.wait_for_url("**/quitter?lang=fr")
    assert person.page.locator("table.month").count() == 1
    person.leave()


@pytest.mark.parametrize("how", ["button", "three shifts"])
def test_where_script_runs_the_page_is_blank_before_the_network_answers(
    window: Page, street: Street, how: str
) -> None:
    told: list[str] = []
    window.on("console", lambda message: told.append(message.text))
    window.on("response", lambda answer: told.append(ANSWERED) if "quitter" in answer.url else None)
    window.add_init_script(SAYS_WHEN_BLANK)
    window.goto(f"{street.url}/fr/")
    window.goto(f"{street.url}/fr/plainte/recit")
    window.locator("#recit").fill(STORY)
    with window.expect_navigation(url="**/quitter?lang=fr"):
        if how == "button":
            window.locator("a.exit").click(no_wait_after=True)
        else:
            _three_shifts(window)
    assert told.index(BLANK) < told.index(ANSWERED)

    # The page that was left is no longer in the history: going back leads to the one before it.
    window.go_back()
    assert window.url == f"{street.url}/fr/"


def test_capital_letters_typed_in_a_story_do_not_leave_the_page(window: Page, street: Street) -> None:
    left: list[Request] = []
    window.on("request", lambda request: left.append(request) if "quitter" in request.url else None)
    window.goto(f"{street.url}/sw/plainte/recit")
    window.locator("#recit").focus()
    for letter in "ABCDEF":
        window.keyboard.down("Shift")
        window.keyboard.press(f"Key{letter}")
        window.keyboard.up("Shift")

    assert window.locator("#recit").input_value() == "ABCDEF"
    assert left == []


def test_a_public_page_breaks_no_rule_of_its_own_policy(window: Page, street: Street) -> None:
    said: list[str] = []
    window.on("console", lambda message: said.append(message.text))
    for path in ("/", "/fr/", "/fr/plainte/lieu", "/sw/suivi"):
        window.goto(street.url + path)
    # Chromium says what it forgot on the way out, once the next page comes, and loses it on a busy machine.
    for _ in range(LEAVES):
        window.goto(street.url + "/quitter")
        window.wait_for_load_state("networkidle")
        window.goto(street.url + "/nowhere")
        window.wait_for_load_state("networkidle")
        if any("Cleared data types" in text for text in said):
            break
    else:
        raise AssertionError("Chromium forgot nothing on the way out")

    # And never that a page asked for what its policy forbids.
    assert [text for text in said if "Security Policy" in text] == []


def _three_shifts(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


def _posted_from(step: str) -> str:
    """The address of a step's page is that of the form which led to it."""
    return STEPS[max(STEPS.index(step) - 1, 0)]


def _reach(page: Page, wanted: str) -> None:
    """Presses Tab until this has the focus."""
    for _ in range(FARTHEST):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached with Tab at {page.url}")


def _press(page: Page, wanted: str) -> None:
    _reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _answer(page: Page, name: str, value: str) -> None:
    _reach(page, f"[name='{name}']")
    kind = page.evaluate("document.activeElement.type")
    if kind == "checkbox":
        _reach(page, f"[name='{name}'][value='{value}']")
        page.keyboard.press("Space")
    elif kind == "radio":
        page.keyboard.press("Space")
        for _ in range(FARTHEST):
            if page.evaluate("document.activeElement.value") == value:
                break
            page.keyboard.press("ArrowDown")
    else:
        page.keyboard.type(value)
