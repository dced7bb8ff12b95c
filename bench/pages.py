"""What does a public page weigh? Bytes as a phone pays for them, compressed with gzip."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass

from flask.testing import FlaskClient

from bench.place import Place
from bench.table import table
from grievance.web.public.questions import Page

ADDRESSES = ("/", "/fr/", "/sw/", *(f"/fr/plainte/{page}" for page in Page), "/fr/suivi")
STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
LEVEL = 6  # what a server in front takes when nobody says otherwise


@dataclass(frozen=True)
class Weight:
    """One page: its HTML, and the style sheets that it names, compressed."""

    address: str
    status: int
    html: int
    css: int


def weights(place: Place) -> list[Weight]:
    """Every page that a person walks through to report."""
    client = place.town.app.test_client()
    return [_weight(client, address) for address in ADDRESSES]


def shown(pages: list[Weight]) -> str:
    """A table; style sheets are loaded once and kept for a year, so later pages cost their HTML alone."""
    rows = [
        (page.address, str(page.status), f"{page.html:,}", f"{page.css:,}", f"{page.html + page.css:,}")
        for page in pages
    ]
    walk = [page.html for page in pages if "/plainte/" in page.address]
    total = sum(walk) + max(page.css for page in pages)
    heads = ("public page", "status", "HTML", "CSS", "first visit")
    foot = f"A whole report in French, {len(walk)} pages and the style sheet: {total:,} bytes.\n"
    return table("Bytes after gzip", heads, rows, words=(0,)) + foot


def _weight(client: FlaskClient, address: str) -> Weight:
    status, html = _got(client, address)
    sheets = [_got(client, sheet)[1] for sheet in STYLE.findall(html.decode())]
    return Weight(address, status, _compressed(html), sum(map(_compressed, sheets)))


def _got(client: FlaskClient, address: str) -> tuple[int, bytes]:
    with client.get(address) as answer:
        return answer.status_code, answer.get_data()


def _compressed(body: bytes) -> int:
    return len(gzip.compress(body, LEVEL))
