"""On a telephone that others use: does its browser keep the story, the name or the receipt on its disk?"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests import chromium
from tests.browser.pages import LONGEST_WAIT, PHONE_SCREEN, Complainant
from tests.browser.street import Street
from tests.source import ROOT

STORY, MORE, NAME = "Walinzi walimpiga kaka-mfano-wangu.", "Nimeongeza neno-mfano leo.", "Kasongo-Mfano"
FORM = re.compile(r"<form (?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*>(?:\{\{ unkept \}\})?")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "telephone"


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def shared(browser: Browser, folder: Path, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser that keeps what it keeps in a folder of its own."""
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=chromium.find(), args=["--no-sandbox", "--disable-dev-shm-usage"],
        viewport=PHONE_SCREEN, locale="sw", java_script_enabled=request.param,
    )  # fmt: skip
    context.set_default_timeout(LONGEST_WAIT)
    yield context
    context.close()


def test_of_a_report_and_a_visit_no_word_and_no_receipt_lies_on_the_disk(
    shared: BrowserContext, street: Street, folder: Path
) -> None:
    person = Complainant(shared.pages[0], street.url, "sw")
    person.report(
        "Site Exemple A",
        {
            "recit": {"recit": STORY},
            "contact": {"contact": "web", "nom": NAME},
        },
    )
    person.come_back()
    person.do("add", texte=MORE)
    person.page.locator("#texte").fill("Neno-mfano la mwisho, halijatumwa.")
    person.page.wait_for_timeout(3_000)  # Chromium writes what is open every two and a half seconds
    shared.close()

    on_disk = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    assert any(b"/sw/plainte/recit" in data for data in on_disk), "what it does keep is found"
    receipt = person.receipt
    spaced = " ".join(receipt[at : at + 4] for at in range(0, 16, 4))
    for word in ("kaka-mfano", "neno-mfano", "Neno-mfano", NAME, receipt, spaced):
        codings = (word.encode(), word.encode("utf-16-le"), base64.b64encode(word.encode())[:-4])
        for coded in (*codings, quote_plus(word).encode()):
            assert not any(coded in data for data in on_disk), "written words lie on the telephone"


@pytest.mark.parametrize(
    "template", sorted((ROOT / "grievance/web/templates/public").glob("*.html")), ids=lambda file: file.stem
)
def test_each_form_of_a_public_page_asks_the_browser_to_keep_nothing(template: Path) -> None:
    forms = FORM.findall(template.read_text(encoding="utf-8"))
    kept = [form for form in forms if 'autocomplete="off"' not in form or not form.endswith("{{ unkept }}")]
    assert kept == []
