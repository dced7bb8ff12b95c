"""Is every page that a complainant can meet whole: at 240 pixels, read aloud, in both languages?

The pictures of each page are kept in the folder that PICTURES names, else in the test's own folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from grievance.rules.floods import LIMITS, Knock
from tests.browser import looks
from tests.browser.looks import NARROW, TINY, WIDE, Found
from tests.browser.pages import LONGEST_WAIT, STEPS, Complainant
from tests.browser.street import Street
from tests.figures import Tell
from tests.services import Services
from tests.web.test_floods import knocked

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STORY = "Walinzi wawili walinipiga karibu na mto. / Deux gardes m'ont frappé près de la rivière."
ANSWERS: dict[str, dict[str, str | tuple[str, ...]]] = {
    "lieu": {"lieu_province": "Lualaba", "lieu_pres": "Mto"},
    "date": {"date_quand": "yesterday"},
    "faits": {"faits": ("assault", "dog_attack", "sexual_violence", "detention"), "danger": "oui"},
    "recit": {"recit": STORY},
    "contact": {"contact": "web", "personnes": "2"},
}


OWN_TITLES = ("absent", "quitter", "panne")


@dataclass
class Inspector:
    """Somebody who walks through all pages and looks closely at each; script is for axe and the way out."""

    person: Complainant
    street: Street
    services: Services
    pictures: Path
    seen: list[str] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)

    def look(self, name: str, *, heading: bool = True) -> None:
        """One page, as it stands now."""
        page, lang, name = self.person.page, self.person.lang, f"{self.person.lang}-{name}"
        self.seen.append(name)
        self.found += looks.accessible(page, name)
        if heading:
            self.found += looks.says(page, name, lang)
        for width in (WIDE, NARROW, TINY):
            self.found += looks.fits(page, name, width)
            page.screenshot(path=self.pictures / f"{name}-{width}.png", full_page=True)
        # The calendar and the pages that say no have titles of their own, which name no complaint either.
        if name.partition("-")[2] not in OWN_TITLES and page.title() not in looks.NEUTRAL_TITLES:
            self.found.append(Found(name, f"the title tells: {page.title()}"))

    def goes(self, path: str) -> None:
        """Opens an address, whatever it answers."""
        self.person.page.goto(self.street.url + path)

    def presses(self, button: str) -> None:
        """Presses what leads to another page."""
        with self.person.page.expect_navigation():
            self.person.page.locator(button).first.click()


@pytest.fixture
def inspector(
    browser: Browser, street: Street, services: Services, tmp_path: Path, lang: str
) -> Iterator[Inspector]:
    context = browser.new_context(bypass_csp=True, locale=lang)
    context.set_default_timeout(LONGEST_WAIT)
    folder = Path(os.environ.get("PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    yield Inspector(Complainant(context.new_page(), street.url, lang), street, services, folder)
    context.close()


@pytest.mark.parametrize("lang", ["fr", "sw"])
def test_no_page_that_a_complainant_meets_is_too_wide_or_says_nothing_to_who_cannot_see(
    inspector: Inspector, figure: Tell
) -> None:
    for walk in WALKS:
        walk(inspector)

    told = looks.violations(len(inspector.seen), inspector.found)
    figure(f"public pages in {inspector.person.lang}: {told}")
    assert len(inspector.seen) == len(set(inspector.seen)) == 28
    assert not inspector.found, looks.told(inspector.found)


def _coming_in(eye: Inspector) -> None:
    eye.goes("/")
    eye.look("langues", heading=False)  # it speaks both languages
    for name, path in (("accueil", "/"), ("suivi", "/suivi"), ("absent", "/nulle-part")):
        eye.goes(f"/{eye.person.lang}{path}")
        eye.look(name)
    eye.goes(f"/quitter?lang={eye.person.lang}")
    eye.look("quitter")


def _reporting(eye: Inspector) -> None:
    person = eye.person
    eye.goes(f"/{person.lang}/plainte/lieu")
    for step in STEPS:
        eye.look(step)
        wrong = WRONG.get(step)
        if wrong:
            person.answer(**wrong)
            eye.look(f"{step}-refuse")
        if step == "contact":
            eye.presses("button[name='garder']")
            eye.look("garde")
            eye.presses("button[name='vers']")
        if step != STEPS[-1]:
            person.answer(**ANSWERS.get(step, {}))
    person.send()
    eye.look("recu")


WRONG: dict[str, dict[str, str]] = {
    "date": {"date_quand": "day", "date_jour": "32/13"},
    "contact": {"contact": "call"},
}


def _following(eye: Inspector) -> None:
    person = eye.person
    right, person.receipt = person.receipt, "0000 0000 0000 0000"
    person.come_back()
    eye.look("suivi-inconnu")
    person.receipt = right
    person.come_back()
    eye.look("dossier")
    eye.presses("form[data-action='add'] button")
    eye.look("dossier-refuse")
    eye.goes(f"/{person.lang}/suivi/dossier?fait=ajouter")
    eye.presses("form[data-action='withdraw'] button")
    eye.look("retirer")
    eye.presses("form[data-action='withdraw'] button")
    eye.look("dossier-arrete")
    eye.goes(f"/{person.lang}/suivi/effacer")
    eye.look("effacer")
    eye.presses("form[data-action='take_back'] button")
    eye.look("efface")


def _in_a_flood(eye: Inspector) -> None:
    person, town = eye.person, eye.street.town
    for kind in Knock:
        knocked(town, kind, LIMITS[kind].ask_soon + 1)
    person.receipt = "0000 0000 0000 0000"
    person.come_back()
    eye.look("suivi-question")
    eye.goes(f"/{person.lang}/plainte/recit")
    person.answer(recit=STORY)
    person.answer()
    person.answer()
    eye.look("verifier-question")
    knocked(town, Knock.REPORT, LIMITS[Knock.REPORT].apart_soon + 1)
    eye.presses("p.onwards button")
    eye.look("attente")


def _without_a_database(eye: Inspector) -> None:
    name = eye.street.town.database.name
    eye.goes(f"/{eye.person.lang}/plainte/lieu")
    with eye.services.connect() as superuser:
        superuser.execute(f'alter database "{name}" allow_connections false')
        gone = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
        superuser.execute(gone, (name,))
        eye.presses("p.onwards button")
        eye.look("panne")
        superuser.execute(f'alter database "{name}" allow_connections true')


WALKS: tuple[Callable[[Inspector], None], ...] = (
    _coming_in, _reporting, _following, _in_a_flood, _without_a_database
)  # fmt: skip
