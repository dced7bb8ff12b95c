"""Is every page that a complainant can meet whole: at 240 pixels, read aloud, in both languages?

Pictures of each page are taken where PICTURES names a folder for them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from grievance.rules.floods import LIMITS, Knock
from grievance.schemas.follow import LONGEST_MESSAGE
from grievance.web.public.listening import EXTENSION
from tests.browser import looks
from tests.browser.looks import NARROW, TINY, WIDE, Found
from tests.browser.pages import LONGEST_WAIT, STEPS, Complainant
from tests.browser.street import Street
from tests.figures import Tell
from tests.services import Services
from tests.web import every_page, sounds
from tests.web.public_pages import visitor
from tests.web.test_floods import knocked
from tests.web.test_public_follow import closed

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STORY = "Walinzi wawili walinipiga karibu na mto. / Deux gardes m'ont frappé près de la rivière."
ANSWERS: dict[str, dict[str, str | tuple[str, ...]]] = {
    "lieu": {"lieu_province": "Lualaba", "lieu_pres": "Mto"},
    "date": {"date_quand": "yesterday"},
    "faits": {"faits": ("assault", "dog_attack", "sexual_violence", "detention"), "danger": "oui"},
    "recit": {"recit": STORY},
    "contact": {"contact": "web", "personnes": "2"},
}

# One language is looked at with every question recorded, the other as it is while nothing is.
RECORDED = "sw"
OWN_TITLES = ("absent", "quitter", "panne")


@dataclass
class Inspector:
    """Somebody who walks through all pages and looks closely at each; script is for axe and the way out."""

    person: Complainant
    street: Street
    services: Services
    pictures: Path | None
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
            if self.pictures:
                page.screenshot(path=self.pictures / f"{name}-{width}.png", full_page=True)
        # The calendar and the pages that say no have titles of their own, which name no complaint either.
        own = name.partition("-")[2] in OWN_TITLES
        if every_page.tells(page.title()) if own else page.title() not in looks.NEUTRAL_TITLES:
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
    if lang == RECORDED:
        street.town.app.extensions[EXTENSION] = sounds.all_recorded(tmp_path)
    context = browser.new_context(bypass_csp=True, locale=lang)
    context.set_default_timeout(LONGEST_WAIT)
    folder = Path(os.environ["PICTURES"]) if os.environ.get("PICTURES") else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    yield Inspector(Complainant(context.new_page(), street.url, lang), street, services, folder)
    context.close()


@pytest.mark.parametrize("lang", ["fr", "sw"])
def test_no_page_that_a_complainant_meets_is_too_wide_or_says_nothing_to_who_cannot_see(
    inspector: Inspector, figure: Tell
) -> None:
    with every_page.shown(inspector.street.town.app) as templates:
        for walk in WALKS:
            walk(inspector)

    told = looks.violations(len(inspector.seen), inspector.found)
    figure(f"public pages in {inspector.person.lang}: {told}")
    assert templates == every_page.all_templates(), "every page there is was looked at"
    assert len(inspector.seen) == len(set(inspector.seen)) == 40
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
    for _ in STEPS[:3]:
        person.answer()
    person.answer(faits=("sexual_violence",))
    eye.look("recit-libre")
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


def _being_answered(eye: Inspector) -> None:
    person, town = eye.person, eye.street.town
    own, site = f"/{person.lang}/suivi", str(town.world.site.id)
    sent = visitor(town.app, person.lang).answer_all(lieu_site=site, lecture="both", contact="web").send()
    every_page.answered(town, sent.code)
    person.receipt = sent.receipt
    person.come_back()
    eye.look("dossier-reponse")
    eye.presses("form[data-action='settle'] button")
    eye.look("dossier-reponse-refusee")
    eye.goes(f"{own}/effacer")
    eye.look("effacer-tard")
    eye.goes(f"{own}/fichiers")
    eye.look("fichiers")
    eye.presses("form[data-action='add_file'] .onwards button")
    eye.look("fichiers-refuse")
    every_page.full(town, sent.code)
    eye.goes(f"{own}/fichiers")
    eye.look("fichiers-plein")
    eye.goes(f"{own}/dossier")
    closed(town, person, datetime.now(UTC))
    eye.goes(f"{own}/dossier")
    eye.look("dossier-clos")
    person.page.fill("#recours-texte", "a" * (LONGEST_MESSAGE + 1))
    eye.presses("form[data-action='appeal'] button")
    eye.look("dossier-clos-refuse")
    eye.goes(f"{own}/dossier")
    eye.presses("form[data-action='sign_out'] button")


def _stage_only(eye: Inspector) -> None:
    eye.person.receipt = every_page.texted(eye.street.town)
    eye.person.come_back()
    eye.look("dossier-etape")
    eye.presses("form[data-action='sign_out'] button")


def _in_a_flood(eye: Inspector) -> None:
    person, town = eye.person, eye.street.town
    knocked(town, Knock.REPORT, LIMITS[Knock.REPORT].ask_soon + 1)
    eye.goes(f"/{person.lang}/plainte/recit")
    person.answer(recit=STORY)
    person.answer()
    person.answer()
    eye.look("verifier-question")
    knocked(town, Knock.REPORT, LIMITS[Knock.REPORT].apart_soon + 1)
    eye.presses("p.onwards button")
    eye.look("attente")
    person.receipt = person.page.locator("[data-receipt]").get_attribute("data-receipt") or ""
    person.come_back()
    eye.look("apart")
    eye.presses("button[name='vers']")
    eye.look("apart-effacer")
    knocked(town, Knock.RECEIPT, LIMITS[Knock.RECEIPT].ask_soon + 1)
    person.come_back()
    eye.look("suivi-question")


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
    _stage_only, _coming_in, _reporting, _following, _being_answered, _in_a_flood, _without_a_database,
)  # fmt: skip
