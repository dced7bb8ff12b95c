"""Where does a proof say what it measured? At the end of the run, whoever of several processes ran it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

# A report carries its properties from an xdist worker to the process that has the terminal.
PROPERTY = "figure"
Tell = Callable[[str], None]


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Tell:
    """Says one line of figures."""
    return lambda told: record_property(PROPERTY, told)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints every figure of the run, once each."""
    reports = [one for several in terminalreporter.stats.values() for one in several]
    kept = [pair for one in reports for pair in getattr(one, "user_properties", ())]
    told = dict.fromkeys(str(value) for name, value in kept if name == PROPERTY)
    if told:
        terminalreporter.section("figures")
        for line in told:
            terminalreporter.line(line)
