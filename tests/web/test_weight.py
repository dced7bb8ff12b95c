"""Do pages stay light enough for a 2G telephone, and does their weight give nothing away?"""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from grievance.web import effort, leaving
from grievance.web.compression import STEP
from grievance.web.public.listening import EXTENSION
from tests.figures import Tell
from tests.fixtures import Town
from tests.source import ROOT
from tests.web import sounds, weights
from tests.web.desk_pages import sit
from tests.web.public_pages import visitor

GZIP = {"Accept-Encoding": "gzip"}
CSS = ROOT / "grievance" / "web" / "static" / "public.css"
NAMED = re.compile(r"/static/([\w.]+)\?v=(\w+)")
# What came with ECMAScript 2015 and later: one such sign, and an old engine runs nothing of the script.
NEWER_SCRIPT = re.compile(
    r"=>|`|\.\.\.|\?\.|\?\?|\*\*|\b(?:let|const|class|async|await|of|import|export|Promise|fetch|Map|Set)\b"
)
# What old engines (KaiOS 2.5, Opera Mini) do not know, and which would take a whole rule or colour with it.
NEWER = re.compile(r"var\(|@import|@font-face|@layer|@container|url\(|:is\(|:where\(|&|oklch|color-mix")


@pytest.mark.parametrize("lang", ["fr", "sw"])
@pytest.mark.parametrize("signs", [500, 2_500], ids=["a short story", "a page of story"])
def test_each_page_of_a_report_costs_two_requests_and_fourteen_kilobytes_at_most(
    town: Town, lang: str, signs: int, figure: Tell
) -> None:
    pages = weights.of_a_report(town.app, lang, weights.story_of(signs))

    figure(weights.told(f"a report in {lang} with {signs} signs of story", pages))
    assert [page for page in pages if page.whole > weights.MOST_BYTES] == []
    assert [page for page in pages if page.requests > weights.MOST_REQUESTS] == []
    assert len(pages) == 15


@pytest.mark.parametrize("lang", ["fr", "sw"])
def test_every_other_page_is_as_light_and_files_are_sent_from_one_that_asks_a_third_time(
    town: Town, lang: str, figure: Tell, tmp_path: Path
) -> None:
    """As heavy as they can be: a long story, and every question recorded.

    The page for photographs and recordings is no step of a report. It loads the script that sends in pieces,
    once for a year; whoever has no script, or does not wait for it, sends by the plain form.
    """
    town.app.extensions[EXTENSION] = sounds.all_recorded(tmp_path)
    pages = weights.of_every_page(town, lang, weights.story_of(2_500))

    figure(weights.told(f"every page in {lang}", pages))
    assert len(pages) == 35
    assert [page for page in pages if page.whole > weights.MOST_BYTES] == []
    thirsty = {page.address: page.requests for page in pages if page.requests > weights.MOST_REQUESTS}
    assert thirsty == {"fichiers": 3, "fichiers, refused": 3}


def test_a_browser_that_takes_no_gzip_gets_the_page_as_it_is(town: Town) -> None:
    client = town.app.test_client()
    plain, packed = client.get("/fr/"), client.get("/fr/", headers=GZIP)

    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in client.get("/fr/", headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_the_length_of_a_page_is_rounded_and_differs_from_one_answer_to_the_next(town: Town) -> None:
    client = town.app.test_client()
    lengths = {len(client.get("/fr/", headers=GZIP).data) for _ in range(40)}

    assert {length % STEP for length in lengths} == {0}
    assert len(lengths) == 2, "forty random pieces, and never one beyond the next step"


def test_rooms_of_members_are_not_compressed_but_their_files_are(town: Town) -> None:
    desk = sit(town, town.world.desk.members[0])
    page = desk.client.get("/desk/", headers=GZIP)
    with desk.client.get("/static/desk.css", headers=GZIP) as file:
        packed = file.data

    assert page.status_code == 200
    assert "Content-Encoding" not in page.headers
    assert gzip.decompress(packed) == (CSS.parent / "desk.css").read_bytes()


def test_a_phone_keeps_the_style_sheet_for_a_year_and_no_page_at_all(town: Town) -> None:
    client = town.app.test_client()
    page = client.get("/fr/plainte/recit")
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    with client.get(sheet, headers=GZIP) as file:
        etag = file.headers["ETag"]
        assert "max-age=31536000" in file.headers["Cache-Control"]
        assert "immutable" in file.headers["Cache-Control"]
    with client.get(sheet, headers={**GZIP, "If-None-Match": etag}) as known:
        assert known.status_code == 304
    assert page.headers["Cache-Control"] == "no-store"


def test_an_address_that_is_kept_for_a_year_names_what_is_in_the_file(town: Town) -> None:
    person = visitor(town.app).answer_all(lieu_province="Lualaba").send()
    named = set(NAMED.findall(person.text))
    named |= set(NAMED.findall(person.do("come_back").text))

    assert {file for file, _ in named} == {"public.css", "evidence.js"}
    for file, version in named:
        assert hashlib.sha256((CSS.parent / file).read_bytes()).hexdigest().startswith(version), file
        assert len(version) == 10


@pytest.mark.parametrize("path", ["/", "/fr/", "/sw/plainte/recit", "/fr/suivi", "/nowhere"])
def test_nobody_gets_a_cookie_on_the_way_in(town: Town, path: str) -> None:
    assert "Set-Cookie" not in town.app.test_client().get(path).headers


def test_the_only_script_in_a_public_page_is_the_way_out_and_the_policy_names_no_other(town: Town) -> None:
    page = visitor(town.app).get("/fr/plainte/recit").page

    assert re.findall(r"<script[^>]*>(.*?)</script>", page.text, re.DOTALL) == [leaving.SCRIPT]
    policy = page.headers["Content-Security-Policy"]
    assert f"script-src 'self' {leaving.SOURCE} {effort.SOURCE};" in policy
    assert "unsafe" not in policy
    assert len(gzip.compress(leaving.SCRIPT.encode())) < 400


@pytest.mark.parametrize("name", ["leave.js", "effort.js"])
def test_what_stands_in_a_public_page_runs_in_the_engines_of_old_telephones(name: str) -> None:
    text = (CSS.parent / name).read_text(encoding="utf-8")
    written = re.sub(r"//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"", "", text)

    assert NEWER_SCRIPT.findall(written) == []
    assert "function" in written


def test_the_style_sheet_asks_nothing_of_a_browser_that_would_make_it_lose_a_colour(town: Town) -> None:
    text = CSS.read_text(encoding="utf-8")

    assert NEWER.findall(text) == []
    for rule in re.findall(r"([^{}]*:(?:has|focus-visible)[^{}]*)\{", text):
        others = [part for part in rule.split(",") if ":has(" not in part and ":focus-visible" not in part]
        assert others == [], "an engine that does not know a selector drops the whole rule"
