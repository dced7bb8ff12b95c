"""What makes a page finished? It fits its screen, says its language, has one heading; axe finds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROW, WIDE, TINY = 320, 1280, 240  # pixels; 240 is a KaiOS telephone
# What any passer-by may see in a list of open windows.
NEUTRAL_TITLES = frozenset({"Formulaire", "Fomu", "Form", "Formulaire · Fomu"})
OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > wide + 1)
    .slice(0, 3).map(one => one.tagName.toLowerCase() + '.' + one.className);
}"""


@dataclass(frozen=True)
class Found:
    """What is not finished on one page."""

    page: str
    what: str


def told(found: list[Found]) -> str:
    """What is not finished, a line for each."""
    return "\n" + "\n".join(f"{one.page}: {one.what}" for one in found)


def fits(page: Page, name: str, width: int) -> list[Found]:
    """Whether everything is reached without scrolling sideways at this width."""
    page.set_viewport_size({"width": width, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide <= width:
        return []
    return [Found(name, f"{wide} px wide at {width} px: {page.evaluate(OVERFLOWING)}")]


def says(page: Page, name: str, lang: str) -> list[Found]:
    """Its language, and one heading of the first rank."""
    found = []
    told = page.locator("html").get_attribute("lang")
    if told != lang:
        found.append(Found(name, f"lang is {told}, not {lang}"))
    headings = page.locator("h1").count()
    if headings != 1:
        found.append(Found(name, f"{headings} headings of the first rank"))
    return found


def accessible(page: Page, name: str) -> list[Found]:
    """What axe has to say."""
    violations = Axe().run(page).response["violations"]
    return [
        Found(name, f"axe {one['id']}: {one['nodes'][0]['target']} and {len(one['nodes']) - 1} more")
        for one in violations
    ]


def violations(pages: int, found: list[Found]) -> str:
    """The figure of axe: how many pages it looked at, and what it found."""
    axe = [one for one in found if one.what.startswith("axe ")]
    return f"{pages} pages, {len(axe)} violations found by axe"


def photograph(page: Page, folder: Path, name: str) -> None:
    """A picture of the whole page at both widths."""
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
