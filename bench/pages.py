"""What does a public page weigh? Bytes and requests as they leave the server, in a whole report."""

from __future__ import annotations

from bench.place import Place
from bench.table import table
from tests.web import weights
from tests.web.weights import Weight

HEADS = ("public page", "requests", "page", "files", "first visit")


def measured(place: Place) -> list[Weight]:
    """Every page that a person walks through to report, in French, with a story of some lines."""
    return weights.of_a_report(place.town.app, "fr", weights.story_of(500))


def shown(pages: list[Weight]) -> str:
    """A table; a style sheet is loaded once and kept for a year, so later pages cost themselves alone."""
    rows = [
        (page.address, str(page.requests), f"{page.page:,}", f"{page.files:,}", f"{page.whole:,}")
        for page in pages
    ]
    steps = [page for page in pages if "/plainte/" in page.address]
    total = sum(page.page for page in steps) + max(page.files for page in pages)
    foot = (
        f"A whole report, {len(steps)} pages and the style sheet: {total:,} bytes;"
        f" at most {weights.MOST_BYTES:,} bytes and {weights.MOST_REQUESTS} requests a page.\n"
    )
    return table("Bytes with gzip, as sent", HEADS, rows, words=(0,)) + foot
