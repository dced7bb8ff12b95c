"""What does every test find? Real servers, a fresh database, an empty Valkey, a browser or a plain word."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest
import redis

from config.logging import configure
from tests import chromium
from tests.services import RUNNING_ALREADY, TEMPLATE, Database, Running, Services, start, sweep_old_folders

pytest_plugins = ["tests.fixtures", "tests.figures", "tests.post_office"]

RUNNING = pytest.StashKey[Running]()
SERVICES = pytest.StashKey[Services]()
HANDED = "services"  # the controller's servers, in what xdist hands to its workers
NOT_RUN = pytest.StashKey[int]()  # browser tests left out for want of a browser
LEFT_OUT = "browser tests left out"  # the same, in what an xdist worker hands back


def pytest_configure(config: pytest.Config) -> None:
    """Says where log lines go; refuses a run that has to have a browser and has none."""
    config.stash[NOT_RUN] = 0
    # Log lines in a test's output obey the same allow-list as anywhere else. One process may run the tests
    # several times (`tests.mutants`), and each run closes the output of the run before.
    configure("test")
    if os.environ.get("REQUIRE_BROWSER") == "1" and chromium.find() is None:
        raise pytest.UsageError("REQUIRE_BROWSER=1, and Chromium is missing")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without Chromium the browser tests are left out, and counted."""
    if chromium.find() is not None:
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if item not in left_out]
    config.stash[NOT_RUN] = len(left_out)
    if hasattr(config, "workeroutput"):
        config.workeroutput[LEFT_OUT] = len(left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    """Every xdist worker collects the same tests, so the largest number is the number."""
    left_out = getattr(node, "workeroutput", {}).get(LEFT_OUT, 0)
    node.config.stash[NOT_RUN] = max(node.config.stash[NOT_RUN], left_out)


# A test that takes long on a busy machine shows nothing about the code.
hypothesis.settings.register_profile("ours", deadline=None)
hypothesis.settings.load_profile("ours")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Starts the servers before the first xdist worker, for all of them."""
    node.workerinput[HANDED] = _services(node.config).as_json()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends what this process started; the last line says what was not tried."""
    if RUNNING in config.stash:
        config.stash[RUNNING].stop()
    not_run = config.stash.get(NOT_RUN, 0)
    if not_run and not hasattr(config, "workerinput"):
        config.get_terminal_writer().line(
            f"{not_run} BROWSER TESTS DID NOT RUN: CHROMIUM IS MISSING", red=True
        )


def _services(config: pytest.Config) -> Services:
    if SERVICES not in config.stash:
        handed = getattr(config, "workerinput", {}).get(HANDED) or os.environ.get(RUNNING_ALREADY)
        if handed is None:
            sweep_old_folders()
            config.stash[RUNNING] = start()
        config.stash[SERVICES] = Services.from_json(handed) if handed else config.stash[RUNNING].services
    return config.stash[SERVICES]


@pytest.fixture(scope="session")
def services(request: pytest.FixtureRequest) -> Services:
    """The run's PostgreSQL and Valkey; started by the first test that asks."""
    return _services(request.config)


@pytest.fixture
def database(request: pytest.FixtureRequest, services: Services, worker_id: str) -> Iterator[Database]:
    """A database of this test's own: migrated; empty, or with the world that the test's town stands in."""
    template = request.getfixturevalue("peopled").template if "town" in request.fixturenames else TEMPLATE
    fresh = services.clone(f"test_{worker_id}", template)
    yield fresh
    fresh.drop(services)


@pytest.fixture
def redis_url(services: Services, worker_id: str) -> str:
    """An empty database of the real Valkey."""
    number = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 15
    url = services.redis_url(number)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url
