"""With what do the browser tests begin? One running product, one Chromium, members who can come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import chromium
from tests.browser.away import SCREEN, Phone
from tests.browser.pages import LONGEST_WAIT, Member
from tests.browser.product import Product, shared
from tests.browser.street import Street, serving
from tests.fixtures import Town

SignIn = Callable[..., Member]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs Chromium, and is best kept in one process: there is one product."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder for all processes of this run of tests."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "product"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def product(run_folder: Path) -> Iterator[Product]:
    """The product, as a newcomer starts it."""
    with shared(run_folder) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(
            executable_path=chromium.find(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield program
        program.close()


@pytest.fixture
def sign_in(browser: Browser, product: Product, run_folder: Path) -> Iterator[SignIn]:
    """Opens a signed-in member's browser: `sign_in(role, organisation)`."""
    open_ones: list[Member] = []

    def one(role: str, organisation: str | None = None) -> Member:
        member = Member.sign_in(browser, product, product.account(role, organisation), run_folder)
        open_ones.append(member)
        return member

    yield one
    for member in open_ones:
        member.leave()


@pytest.fixture
def street(town: Town) -> Iterator[Street]:
    """A small world of this test's own, on the web."""
    with serving(town) as place:
        yield place


@pytest.fixture
def away(browser: Browser, street: Street, tmp_path: Path) -> Iterator[Phone]:
    """The telephone of a desk's member who is signed in."""
    folder = tmp_path / "telephone"
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=chromium.find(), args=["--no-sandbox", "--disable-dev-shm-usage"],
        viewport=SCREEN, locale="fr",
    )  # fmt: skip
    context.set_default_timeout(3 * LONGEST_WAIT)
    found = Phone(context, context.pages[0], street, folder)
    found.come_in()
    yield found
    context.close()


@pytest.fixture
def still(browser: Browser, street: Street, tmp_path: Path) -> Iterator[Phone]:
    """The same with the page open, and no worker: what it sends can be held up and lost on the way."""
    context = browser.new_context(viewport=SCREEN, locale="fr", service_workers="block")
    context.set_default_timeout(3 * LONGEST_WAIT)
    found = Phone(context, context.new_page(), street, tmp_path)
    found.come_in()
    found.open()
    yield found
    context.close()
