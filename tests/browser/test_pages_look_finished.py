"""Does every page fit a small telephone, say its language, and stand up to a reader who does not see it?

The pictures of each page are kept in the folder that PICTURES names, else in the test's own folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import looks
from tests.browser.conftest import SignIn
from tests.browser.looks import NARROW, TINY, Found
from tests.browser.pages import LONGEST_WAIT, STEPS, Member
from tests.browser.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PUBLIC = ("/{lang}/", "/{lang}/suivi", *(f"/{{lang}}/plainte/{step}" for step in STEPS))
ROOMS = (
    ("case_worker", "ONG Exemple Kolwezi", ("/desk/", "/desk/new", "/desk/duty")),
    ("security_manager", "Gardiennage Fictif SARL", ("/company/",)),
    ("overseer", None, ("/oversight/", "/oversight/statistics", "/coverage")),
    (
        "administrator", None,
        ("/admin/", "/admin/organisations", "/admin/sites", "/admin/coverage", "/admin/channels"),
    ),
)  # fmt: skip


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """A fresh browser; its script is for axe alone, as our pages have none."""
    context = browser.new_context(bypass_csp=True)
    context.set_default_timeout(LONGEST_WAIT)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("lang", ["fr", "sw"])
def test_public_pages_fit_the_smallest_telephone_and_are_read_aloud_rightly(
    visitor: Page, product: Product, pictures: Path, lang: str
) -> None:
    found: list[Found] = []
    for path in (address.format(lang=lang) for address in PUBLIC):
        visitor.goto(product.url + path)
        name = path.strip("/").replace("/", "-")
        found += looks.says(visitor, path, lang) + looks.accessible(visitor, path)
        found += looks.fits(visitor, path, NARROW) + looks.fits(visitor, path, TINY)
        if visitor.title() not in looks.NEUTRAL_TITLES:
            found.append(Found(path, f"the title tells: {visitor.title()}"))
        looks.photograph(visitor, pictures, name)
    assert not found, looks.told(found)


@pytest.mark.parametrize(("role", "organisation", "paths"), ROOMS, ids=[room[0] for room in ROOMS])
def test_the_rooms_of_members_look_finished_in_three_languages(
    sign_in: SignIn, pictures: Path, role: str, organisation: str | None, paths: tuple[str, ...]
) -> None:
    member = sign_in(role, organisation)
    found: list[Found] = []
    for lang in ("sw", "en", "fr"):
        _speak(member, lang)
        for path in (*paths, *_one_more(member, role)):
            member.open(path)
            name = f"{role}{path.split('?')[0].replace('/', '-').rstrip('-')}-{lang}"
            found += looks.says(member.page, name, lang) + looks.accessible(member.page, name)
            found += looks.fits(member.page, name, NARROW)
            looks.photograph(member.page, pictures, name)
    assert not found, looks.told(found)


def _speak(member: Member, lang: str) -> None:
    """Chooses the language at the head of the page."""
    member.page.set_viewport_size({"width": looks.WIDE, "height": 800})
    member.open("/members")
    member.page.locator(f"form[data-action='language'] button[value='{lang}']").click()
    member.page.wait_for_load_state()


def _one_more(member: Member, role: str) -> list[str]:
    """The page of one case, or of one referral: the first that the room's list leads to."""
    home = {"case_worker": "/desk/", "security_manager": "/company/"}.get(role)
    if home is None:
        return []
    member.open(home)
    link = member.page.locator("a[href*='code=']").first
    return [link.get_attribute("href") or ""] if link.count() else []
