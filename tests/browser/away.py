"""With what telephone does a desk's member go where there is no network?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from grievance.actions import cases, sign_in
from grievance.store.models import Case
from grievance.store.session import transaction
from tests.browser.street import Street
from tests.fixtures import Town

SCREEN = {"width": 320, "height": 640}
FIRST, SECOND = "Walinzi walimpiga kaka yangu karibu na kizuizi.", "Le chien l'a mordue devant la clôture."
NAME, AGREED = "Kasongo Mfano", "Dada yake Mfano"
WRITTEN = (FIRST, SECOND, NAME, AGREED)
# Everything that the browser stores for this site, as text.
STORED = """async () => {
  const found = {slips: [], cached: {}, all: ""};
  for (const {name} of await indexedDB.databases()) {
    const store = await new Promise(done => {
      indexedDB.open(name).onsuccess = one => done(one.target.result);
    });
    for (const table of store.objectStoreNames) {
      found.slips.push(...await new Promise(done => {
        store.transaction(table).objectStore(table).getAll().onsuccess = one => done(one.target.result);
      }));
    }
    store.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const kept of await cache.keys()) {
      found.cached[new URL(kept.url).pathname] = await (await cache.match(kept)).text();
    }
  }
  const read = found.slips.map(one => new TextDecoder().decode(one.sealed));
  found.slips = found.slips.map(one => ({...one, sealed: Array.from(one.sealed)}));
  found.all = JSON.stringify([found, read, localStorage, sessionStorage, document.cookie]);
  return found;
}"""


@dataclass
class Phone:
    """A desk member's telephone, with a folder of its own where its browser keeps things."""

    context: BrowserContext = field(repr=False)
    page: Page = field(repr=False)
    street: Street
    folder: Path

    def come_in(self, member: int = 0) -> None:
        """Signed in, as after the door."""
        someone = self.street.town.world.desk.members[member]
        with self.street.town.app.app_context():
            cookie = sign_in.begin_staff(someone.row, someone.pair, now=datetime.now(UTC))
        self.context.add_cookies([{"name": "grievance", "value": cookie, "url": self.street.url}])

    def open(self) -> None:
        """The page, ready to write on."""
        self.page.goto(self.street.url + "/desk/offline")
        self.page.locator("form[data-action=keep]").wait_for()

    def learn(self) -> None:
        """Opens the page with network, until it also opens without."""
        self.open()
        self.page.locator("#ready").wait_for()

    def write(self, story: str, **more: str) -> None:
        """One complaint, and the button."""
        self.fill(story, **more)
        self.page.click("form[data-action=keep] .btn-primary")

    def fill(self, story: str, **more: str) -> None:
        """One complaint, not yet kept."""
        form = self.page.locator("form[data-action=keep]")
        form.locator("[name=language][value=sw]").check()
        form.locator("[name=consent_how][value=spoken]").check()
        for name, value in {"consent_by": AGREED, "story": story, **more}.items():
            form.locator(f"[name={name}]").fill(value)

    def waits(self, count: int) -> None:
        """Until so many wait."""
        self.page.locator(f"#waiting[data-waiting='{count}']").wait_for()


def codes(town: Town) -> list[str]:
    """The cases of the desk."""
    with town.app.app_context(), transaction(town.world.desk.actor) as session:
        return list(session.scalars(select(Case.code)))


def told(town: Town) -> set[str]:
    """What the desk reads in all its cases."""
    actor, now, lines = town.world.desk.actor, datetime.now(UTC), set()
    with town.app.app_context():
        for code in codes(town):
            cases.know_nobody(code, actor=actor, now=now)
            lines |= {line.text for line in cases.seen(code, actor, now).timeline}
    return lines
