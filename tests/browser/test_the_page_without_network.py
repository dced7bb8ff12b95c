"""Does the page for complaints without network follow the keys, take corrections, and fit who uses it?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from grievance.actions import slips
from grievance.vocabulary import ReaderKind
from tests.actions.test_key_changes import again, change
from tests.browser import looks
from tests.browser.away import AGREED, FIRST, NAME, SCREEN, SECOND, STORED, Phone, codes, told
from tests.browser.pages import LONGEST_WAIT
from tests.browser.street import Street
from tests.browser.test_only_a_keyboard import _reach


def test_a_slip_for_the_key_before_is_taken_and_the_next_is_sealed_to_the_new_one(away: Phone) -> None:
    away.learn()
    away.context.set_offline(True)
    away.write(FIRST)
    away.waits(1)
    with away.street.town.app.app_context():
        change(away.street.town, (ReaderKind.TRIAGE,), datetime.now(UTC))
    away.context.set_offline(False)
    away.waits(0)

    # The page that the telephone keeps names the new key, without having been opened with network again.
    with away.street.town.app.app_context():
        new = slips.key_in_use(actor=again(away.street.town.world.desk.members[0]))
    away.page.wait_for_function(
        "async key => (await (await caches.match('/desk/offline')).text()).includes(key)", arg=str(new.id)
    )
    away.context.set_offline(True)
    away.open()
    away.write(SECOND)
    away.waits(1)
    assert [one["key"] for one in away.page.evaluate(STORED)["slips"]] == [str(new.id)]
    away.context.set_offline(False)
    away.waits(0)
    assert {FIRST, SECOND} <= told(away.street.town)


def test_a_refused_slip_stays_and_is_put_right_by_who_opened_it(away: Phone) -> None:
    away.learn()
    # As a page of an earlier day, that asks less than the server does.
    away.page.evaluate("document.querySelector('[name=persons]').removeAttribute('pattern')")
    away.write(FIRST, persons="cinq", name=NAME)
    away.page.locator("#told .told-over").wait_for()
    assert "Elle reste sur ce téléphone." in away.page.locator("#told").inner_text()
    away.waits(1)
    assert codes(away.street.town) == []

    away.page.click("#told button")
    assert away.page.locator("[name=story]").input_value() == FIRST
    assert away.page.locator("[name=language][value=sw]").is_checked()
    away.page.fill("[name=persons]", "5")
    away.page.click("form[data-action=keep] .btn-primary")
    away.waits(0)

    assert len(codes(away.street.town)) == 1
    assert FIRST in told(away.street.town)


def test_a_complaint_is_kept_with_the_keyboard_alone(away: Phone) -> None:
    away.learn()
    away.context.set_offline(True)
    for field_, key in (("[name=language]", "Space"), ("[name=consent_how]", "Space")):
        _reach(away.page, field_)
        away.page.keyboard.press(key)
    _reach(away.page, "[name=consent_by]")
    away.page.keyboard.type(AGREED)
    _reach(away.page, "[name=story]")
    away.page.keyboard.type(FIRST)
    _reach(away.page, "form[data-action=keep] .btn-primary")
    away.page.keyboard.press("Enter")
    away.waits(1)


def test_the_page_can_be_installed_under_a_word_that_tells_nothing(away: Phone) -> None:
    away.learn()
    away.page.reload()
    browser_ = away.context.new_cdp_session(away.page)

    manifest = browser_.send("Page.getAppManifest")

    assert manifest["errors"] == []
    assert browser_.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert json.loads(manifest["data"])["name"] == away.page.title() == "Formulaire"


@pytest.mark.parametrize("lang", ["fr", "sw", "en"])
def test_the_page_fits_a_narrow_telephone_in_each_language(away: Phone, lang: str) -> None:
    away.page.goto(away.street.url + "/desk/new")
    away.page.click(f"form[data-action=language] [value={lang}]")
    away.learn()
    away.context.set_offline(True)
    away.write(FIRST)
    away.waits(1)

    page, name = away.page, f"without network {lang}"
    found = looks.fits(page, name, looks.NARROW) + looks.says(page, name, lang) + looks.accessible(page, name)
    assert found == [], looks.told(found)


def test_without_script_the_page_leads_to_the_form_with_network(browser: Browser, street: Street) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=SCREEN, locale="fr")
    context.set_default_timeout(3 * LONGEST_WAIT)
    away = Phone(context, context.new_page(), street, Path())
    away.come_in()

    away.page.goto(street.url + "/desk/offline")

    assert "Cette page a besoin de JavaScript" in away.page.locator("noscript").inner_text()
    assert not away.page.locator("form[data-action=keep]").is_visible()
    away.page.click("a.top-name")
    assert away.page.locator("form[data-action=assisted]").is_visible()
    context.close()
