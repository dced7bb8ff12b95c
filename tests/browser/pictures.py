"""What does the product look like? Makes the README's pictures from a running sample: fictional data alone.

    make run                                     # in one window
    .venv/bin/python -m tests.browser.pictures   # in another; VAR names another folder than ./var
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.browser.looks import NARROW, WIDE
from tests.browser.pages import Complainant, Member
from tests.browser.product import Product
from tests.source import ROOT

FOLDER = ROOT / "docs" / "pictures"
HEAVIEST = 120_000  # bytes of one picture
TALLEST = 1600  # pixels; what lies below is more of the same
MARKS = ("DONNÉES FICTIVES", "HABARI ZA MFANO", "FICTIONAL DATA")
KOLWEZI, GUARDS = "ONG Exemple Kolwezi", "Gardiennage Fictif SARL"


def main() -> int:
    """Takes every picture; says each file with its weight."""
    product = Product(Path(os.environ.get("VAR") or ROOT / "var").resolve(), 0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as sessions:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        for take in (_complainant, _desk, _company, _overseer, _telephone):
            take(browser, product, Path(sessions))
        browser.close()
    return 0


def _complainant(browser: Browser, product: Product, _: Path) -> None:
    swahili = Complainant.come(browser, product, "sw")
    swahili.open("/sw/")
    _picture(swahili.page, "accueil-sw", NARROW)
    swahili.report("Site Exemple A", {
        "faits": {"faits": ("dog_attack",), "danger": "non"},
        "recit": {"recit": "Mbwa ya walinzi iliniuma jana karibu na kizuizi."},
        "lecture": {"lecture": "both"}, "contact": {"contact": "web"},
    })  # fmt: skip
    _picture(swahili.page, "recu-sw", NARROW)
    swahili.leave()
    french = Complainant.come(browser, product, "fr")
    french.begin()
    for answers in ({}, {}, {}, {"faits": ("assault",), "danger": "non"}):
        french.answer(**answers)
    _picture(french.page, "recit-fr", NARROW)
    french.leave()


def _desk(browser: Browser, product: Product, sessions: Path) -> None:
    member = _signed_in(browser, product, sessions, "case_lead", KOLWEZI, "fr")
    member.open("/desk/")
    _picture(member.page, "bureau-fr", WIDE, tallest=1200)
    for code in _codes(member.page, saying="Réponse reçue"):
        member.open(f"/desk/cases?code={code}")
        if member.page.locator("ol.timeline .entry").count():
            break
    _picture(member.page, "dossier-fr", WIDE, tallest=2400)
    member.leave()


def _company(browser: Browser, product: Product, sessions: Path) -> None:
    member = _signed_in(browser, product, sessions, "security_manager", GUARDS, "fr")
    member.open("/company/")
    codes = _codes(member.page, saying="Réception confirmée") or _codes(member.page, saying="")
    member.open(f"/company/referrals?code={codes[0]}")
    _picture(member.page, "societe-fr", WIDE)
    member.leave()


def _overseer(browser: Browser, product: Product, sessions: Path) -> None:
    member = _signed_in(browser, product, sessions, "overseer", None, "en")
    member.open("/oversight/statistics")
    _picture(member.page, "statistics-en", WIDE)
    member.leave()


def _telephone(browser: Browser, product: Product, sessions: Path) -> None:
    member = _signed_in(browser, product, sessions, "administrator", None, "fr")
    member.open("/admin/phone")
    page = member.page
    page.locator("[name='text']").fill("Mbwa ya walinzi imeniuma leo karibu na barabara")
    page.locator("form.phone button.btn-primary").click()
    for _ in range(60):
        page.wait_for_timeout(1000)
        page.locator("button[name='look']").click()
        page.wait_for_load_state()
        if page.locator(".bubble-theirs").count() > 1:
            break
    _picture(page, "telephone-sw", WIDE)
    member.leave()


def _signed_in(
    browser: Browser, product: Product, sessions: Path, role: str, organisation: str | None, lang: str
) -> Member:
    member = Member.sign_in(browser, product, product.account(role, organisation), sessions)
    member.page.locator(f"form[data-action='language'] button[value='{lang}']").click()
    member.page.wait_for_load_state()
    return member


def _codes(page: Page, saying: str) -> list[str]:
    rows = page.locator("table.queue tbody tr", has_text=saying)
    return [link.inner_text().strip() for link in rows.locator("a.row-link").all()]


def _picture(page: Page, name: str, width: int, tallest: int = TALLEST) -> None:
    """A light WebP of the page from its top, with the mark of fictional data on it. Raises AssertionError."""
    page.set_viewport_size({"width": width, "height": 800})
    mark = page.locator("aside.sample").inner_text().upper()
    assert any(known in mark for known in MARKS), f"{name} does not say that its data is fictional"
    image = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, tallest)))
    tries = (_webp(image, quality) for quality in range(85, 5, -10))
    body = next(data for data in tries if len(data) < HEAVIEST)
    (FOLDER / f"{name}.webp").write_bytes(body)
    sys.stdout.write(f"{name}.webp {len(body):,} bytes, {image.width} x {image.height}\n")


def _webp(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=6)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
