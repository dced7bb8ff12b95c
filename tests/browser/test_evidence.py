"""Does a telephone make its photographs small, go on after a cut, and record a voice for the desk to hear?"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route
from werkzeug.serving import make_server

from grievance.actions import cases, evidence_seen
from grievance.actions.evidence_seen import FileRead
from grievance.store.files import PIECE
from grievance.vocabulary import FileKind
from tests import chromium
from tests.browser import looks
from tests.browser.pages import LONGEST_WAIT
from tests.cleaning import strange_files as made
from tests.figures import Tell
from tests.fixtures import Town
from tests.web.public_pages import visitor

# A microphone that beeps, and a browser that lets our page use it.
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
NARROW = {"width": 320, "height": 640}
ABOUT_200_KB = 215 * 1024
SENT = "**/suivi/fichiers?fait=fichier"


@dataclass
class Phone:
    """Somebody's telephone with the page for files open, and the case that it belongs to."""

    page: Page = field(repr=False)
    url: str
    town: Town
    receipt: str
    code: str

    def open(self, lang: str = "fr") -> None:
        """Types the receipt and goes to the files."""
        self.page.goto(f"{self.url}/{lang}/suivi")
        self.page.fill("[name='recu']", self.receipt)
        self.page.click("main form button")
        self.page.goto(f"{self.url}/{lang}/suivi/fichiers")

    def choose(self, data: bytes, name: str = "photo.jpg") -> None:
        """Chooses a file and presses the button."""
        kind = "image/jpeg" if name.endswith("jpg") else "audio/x-wav"
        self.page.set_input_files("#fichier", {"name": name, "mimeType": kind, "buffer": data})
        self.page.click("form[data-action='add_file'] .onwards button")

    def kept(self) -> list[FileRead]:
        """The files as they came, read at the desk."""
        actor, now = self.town.world.desk.actor, datetime.now(UTC)
        cases.know_nobody(self.code, actor=actor, now=now)
        return [
            evidence_seen.read(self.code, file.id, original=True, actor=actor, now=now)
            for file in evidence_seen.of_case(self.code, actor=actor)
        ]


@pytest.fixture
def served(town: Town) -> Iterator[str]:
    """The web of a small world, at an address of this machine."""
    server = make_server("127.0.0.1", 0, town.app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    town.app.config.update(SETTINGS=replace(town.app.config["SETTINGS"], public_url=url), PUBLIC_URL=url)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield url
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def phone(browser: Browser, served: str, town: Town) -> Iterator[Phone]:
    """A telephone with a microphone, whose owner has reported before."""
    sent = visitor(town.app).answer_all(lieu_site=str(town.world.site.id), lieu_province="Lualaba").send()
    program = browser.browser_type.launch(
        executable_path=chromium.find(), args=["--no-sandbox", "--disable-dev-shm-usage", *MICROPHONE]
    )
    context = program.new_context(viewport=NARROW, locale="fr")
    context.set_default_timeout(3 * LONGEST_WAIT)
    yield Phone(context.new_page(), served, town, sent.receipt, sent.code)
    program.close()


def test_a_photograph_is_made_small_before_it_is_sent_and_says_nothing_of_its_place(phone: Phone) -> None:
    photo = made.photo((2400, 1800), turned=6)
    phone.open()
    phone.choose(photo)
    phone.page.wait_for_url(SENT)

    (came,) = phone.kept()

    assert len(photo) > 5 * ABOUT_200_KB
    assert len(came.data) <= ABOUT_200_KB
    with Image.open(io.BytesIO(came.data)) as picture:
        assert not picture.getexif()
        assert picture.height > picture.width, "upright, as the telephone was held"
    assert phone.page.locator("[role='status']").first.inner_text().startswith("C'est chez nous")


def test_an_upload_goes_on_by_itself_after_the_network_was_cut(phone: Phone) -> None:
    asked: list[str] = []
    refused = iter([True, True])

    def network(route: Route) -> None:
        asked.append(route.request.url.rpartition("a=")[2])
        if asked[-1] == str(PIECE) and next(refused, False):
            route.abort("internetdisconnected")
        else:
            route.continue_()

    phone.open()
    phone.page.route("**/morceau?a=*", network)
    phone.choose(made.photo((1200, 900)))
    phone.page.get_by_text("Le réseau est coupé").wait_for()
    phone.page.wait_for_url(SENT)

    assert asked[:4] == ["0", str(PIECE), str(PIECE), str(PIECE)]
    assert len(asked) == len(set(asked)) + 2, "only what was cut was sent again"
    assert len(phone.kept()) == 1


def test_a_file_chosen_again_after_the_page_was_closed_begins_where_it_stopped(phone: Phone) -> None:
    asked: list[str] = []
    phone.open()
    phone.page.route(f"**/morceau?a={2 * PIECE}", lambda route: route.abort("internetdisconnected"))
    voice = made.voice(20)
    phone.choose(voice, "voix.wav")
    phone.page.get_by_text("Le réseau est coupé").wait_for()

    phone.page.unroute(f"**/morceau?a={2 * PIECE}")
    phone.page.reload()
    phone.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    phone.choose(voice, "voix.wav")
    phone.page.wait_for_url(SENT)

    pieces = [each for each in asked if each.startswith("morceau")]
    assert pieces[0] == f"morceau?a={2 * PIECE}"
    (came,) = phone.kept()
    assert came.data == voice


def test_a_voice_is_recorded_and_the_desk_hears_it(phone: Phone) -> None:
    phone.open()
    phone.page.click("#parler")
    phone.page.wait_for_timeout(2500)
    phone.page.click("#cesser")
    phone.page.locator("#entendre").wait_for()
    # The person hears it first: the page's own policy lets it play what it recorded.
    phone.page.wait_for_function("document.getElementById('entendre').readyState > 0")
    phone.page.click("#envoyer")
    phone.page.wait_for_url(SENT)

    (came,) = phone.kept()

    assert came.kind is FileKind.AUDIO
    assert came.mime == "audio/webm"
    actor, now = phone.town.world.desk.actor, datetime.now(UTC)
    (seen,) = evidence_seen.of_case(phone.code, actor=actor)
    copy = evidence_seen.read(phone.code, seen.id, original=False, actor=actor, now=now)
    assert copy.mime == "audio/mp4"
    assert len(copy.data) > 1000


@pytest.mark.parametrize("lang", ["fr", "sw"])
def test_the_page_for_files_fits_a_narrow_telephone(
    phone: Phone, lang: str, tmp_path: Path, figure: Tell
) -> None:
    phone.open(lang)
    phone.page.locator("#voix").wait_for()
    shut = ("#cesser", "#ecoute", "#muet", "#etat", "#avance")
    assert [part for part in shut if phone.page.locator(part).is_visible()] == []

    page, name = phone.page, f"files {lang}"
    found = looks.fits(page, name, looks.NARROW) + looks.says(page, name, lang)
    found += looks.accessible(page, name)
    page.screenshot(path=tmp_path / f"fichiers-{lang}.png", full_page=True)
    figure(f"the page for files in {lang}: {looks.violations(1, found)}")
    assert found == [], looks.told(found)


def test_without_script_the_plain_form_sends_and_nothing_offers_to_record(
    browser: Browser, served: str, town: Town
) -> None:
    sent = visitor(town.app).answer_all(lieu_site=str(town.world.site.id), lieu_province="Lualaba").send()
    context = browser.new_context(java_script_enabled=False, viewport=NARROW, locale="fr")
    context.set_default_timeout(3 * LONGEST_WAIT)
    phone = Phone(context.new_page(), served, town, sent.receipt, sent.code)
    photo = made.photo((300, 200))
    phone.open()

    assert not phone.page.locator("#voix").is_visible()
    phone.choose(photo)
    phone.page.wait_for_url(SENT)

    assert [file.data for file in phone.kept()] == [photo]
    context.close()
