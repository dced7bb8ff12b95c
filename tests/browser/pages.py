"""How do people use the pages? The complainant without script, members of organisations at their desks."""

from __future__ import annotations

import fcntl
import hashlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.product import Product
from tests.browser.street import Street

PHONE_SCREEN = {"width": 360, "height": 740}
DESK_SCREEN = {"width": 1280, "height": 900}
LONGEST_WAIT = 20_000  # milliseconds for one page, on a machine that other tests keep busy
STEPS = ("lieu", "date", "qui", "faits", "recit", "lecture", "contact", "verifier")
CODE_LASTS = 30  # seconds; a code works once, so who signs in again waits for the next


@dataclass
class Surf:
    """Somebody with a browser and the page that is open in it."""

    page: Page = field(repr=False)
    url: str

    @property
    def text(self) -> str:
        """What one can read, with plain spaces."""
        return self.page.locator("body").inner_text().replace("\u00a0", " ").replace("\u202f", " ")

    def open(self, path: str) -> None:
        """Opens an address of the product."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.ok, f"{path} answered {answer.status}"

    def form(self, action: str, *, saying: str = "") -> Locator:
        """The form that makes this move, unfolded; `saying` chooses among several."""
        form = self.page.locator(f"form[data-action='{action}']", has_text=saying).first
        form.wait_for(state="attached")
        for fold in form.locator("xpath=ancestor::details[not(@open)]").all():
            fold.locator("> summary").click()
        return form

    def fill(self, form: Locator, answers: dict[str, str | tuple[str, ...]]) -> None:
        """Writes, chooses and ticks: each field by its name."""
        for name, wanted in answers.items():
            for value in wanted if isinstance(wanted, tuple) else (wanted,):
                _answer(form, name, value)

    def do(self, action: str, *, saying: str = "", **answers: str | tuple[str, ...]) -> None:
        """Makes a move: its form filled in and sent by its main button."""
        form = self.form(action, saying=saying)
        self.fill(form, answers)
        before = self.page.url
        form.locator("button:not([name])").first.click()
        self.page.wait_for_load_state()
        assert not self.page.locator("[role='alert']").count(), f"{action} was refused at {before}"


def _answer(form: Locator, name: str, value: str) -> None:
    fields = form.locator(f"[name='{name}']")
    kind = fields.first.evaluate("field => field.type")
    if kind in ("radio", "checkbox"):
        form.locator(f"[name='{name}'][value='{value}']").check()
    elif kind.startswith("select"):
        fields.first.select_option(value)
    elif kind != "hidden":
        fields.first.fill(value)


@dataclass
class Complainant(Surf):
    """Somebody near a mine, with a small telephone whose browser runs no script."""

    lang: str = "sw"
    receipt: str = field(default="", repr=False)
    code: str = field(default="", repr=False)

    @classmethod
    def come(cls, browser: Browser, product: Product | Street, lang: str = "sw") -> Complainant:
        """A fresh browser: no cookie, no script."""
        context = browser.new_context(java_script_enabled=False, viewport=PHONE_SCREEN, locale="sw")
        context.set_default_timeout(LONGEST_WAIT)
        return cls(context.new_page(), product.url, lang)

    def begin(self) -> None:
        """From the choice of language to the first question."""
        self.open("/")
        self.page.locator(f"a[href='/{self.lang}/']").first.click()
        self.page.locator(f"a[href='/{self.lang}/plainte/lieu']").click()

    def step(self) -> str:
        """The name of the open step."""
        action = self.page.locator("main form").first.get_attribute("action") or ""
        return action.rsplit("/", 1)[-1]

    def answer(self, **answers: str | tuple[str, ...]) -> None:
        """Answers the open step and goes on."""
        form = self.page.locator("main form").first
        self.fill(form, answers)
        form.locator("p.onwards button").click()
        self.page.wait_for_load_state()

    def send(self) -> None:
        """Sends the complaint, and writes down receipt and code."""
        self.answer()
        paper = self.page.locator("[data-receipt]")
        self.receipt = paper.get_attribute("data-receipt") or ""
        self.code = paper.get_attribute("data-code") or ""

    def report(self, site: str, answers: dict[str, dict[str, str | tuple[str, ...]]]) -> None:
        """All eight steps, by their names; one without answers is passed over. `site`: as it is shown."""
        self.begin()
        shown = self.page.locator("label", has_text=site).locator("input").get_attribute("value") or ""
        for step in STEPS[:-1]:
            assert self.step() == step
            self.answer(**answers.get(step, {}) | ({"lieu_site": shown} if step == STEPS[0] else {}))
        assert self.step() == STEPS[-1], self.text
        self.send()

    def come_back(self) -> None:
        """Types the receipt and opens the own page."""
        self.open(f"/{self.lang}/suivi")
        self.page.locator("input[name='recu']").fill(self.receipt)
        self.page.locator("main form button").first.click()
        self.page.wait_for_load_state()

    def leave(self) -> None:
        """Closes the browser."""
        self.page.context.close()


@dataclass
class Member(Surf):
    """A member of an organisation, signed in."""

    account: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def sign_in(cls, browser: Browser, product: Product, account: dict[str, Any], folder: Path) -> Member:
        """Comes in by the door with password and code; who is in already keeps their session."""
        kept = folder / (hashlib.sha256(account["email"].encode()).hexdigest()[:12] + ".session")
        with (folder / "door").open("ab") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            context = _context(browser, kept)
            member = cls(context.new_page(), product.url, account)
            if not kept.exists():
                member._come_in(account)
                context.storage_state(path=kept)
        return member

    def _come_in(self, account: dict[str, Any]) -> None:
        for _ in range(3):
            self.open("/sign-in")
            self.page.locator("[name='email']").fill(account["email"])
            self.page.locator("[name='password']").fill(account["password"])
            self.page.locator("[name='code']").fill(pyotp.TOTP(account["totp_secret"]).now())
            self.page.locator("form[data-action='sign_in'] button").first.click()
            self.page.wait_for_load_state()
            if "/sign-in" not in self.page.url:
                return
            time.sleep(CODE_LASTS - time.time() % CODE_LASTS + 1)
        raise AssertionError("the door stayed closed")

    def do(self, action: str, *, saying: str = "", **answers: str | tuple[str, ...]) -> None:
        """Makes a move; proves who they are when what weighs more asks for it."""
        super().do(action, saying=saying, **answers)
        for _ in range(3):
            if not self.page.locator("form[data-action='prove']").count():
                return
            self.page.locator("[name='proof_password']").fill(self.account["password"])
            self.page.locator("[name='proof_code']").fill(pyotp.TOTP(self.account["totp_secret"]).now())
            self.page.locator("form[data-action='prove'] button").first.click()
            self.page.wait_for_load_state()
            if self.page.locator("form[data-action='prove']").count():
                time.sleep(CODE_LASTS - time.time() % CODE_LASTS + 1)
        raise AssertionError("the proof was not taken")

    def case(self, code: str) -> None:
        """Opens a case from the whole queue, by its code there."""
        self.open("/desk/?all=1")
        self.page.locator("a.code:visible", has_text=code).first.click()
        self.page.wait_for_load_state()

    def take_on(self, code: str) -> None:
        """Opens a case for the first time, knows nobody there, takes it and decides the triage."""
        self.case(code)
        self.do("declare_conflict", knows="nobody")
        self.do("take")
        self.do(
            "triage", severity="serious", harms="assault", actor="private", affected_agree="true",
            lane="general",
        )  # fmt: skip

    def refer(self, organisation: str, summary: str) -> str:
        """The person agrees on the telephone, hears the summary, and it goes; gives the referral's code."""
        offered = self.form("consent").locator("option", has_text=organisation)
        addressee = offered.get_attribute("value") or ""
        self.do("consent", organisation_id=addressee, allowed="true", how="call")
        self.do(
            "refer", organisation_id=addressee, kind="ordinary", summary=summary, summary_read="true",
            people_it_could_be="40", safe_if_guessed="true",
        )  # fmt: skip
        return self.page.locator("section.referral .code").first.inner_text()

    def referral(self, code: str) -> None:
        """Opens a referral from the company's list."""
        self.open("/company/")
        self.page.locator("a", has_text=code).first.click()
        self.page.wait_for_load_state()

    def leave(self) -> None:
        """Closes the window; the session stays."""
        self.page.context.close()


def _context(browser: Browser, kept: Path) -> BrowserContext:
    state = str(kept) if kept.exists() else None
    context = browser.new_context(viewport=DESK_SCREEN, storage_state=state, locale="fr")
    context.set_default_timeout(LONGEST_WAIT)
    return context
