"""Is a change noticed by a program that starts with it?

mutmut changes a program that runs already: what was worked out while its modules were imported (a table, a
pattern, a calendar) stays as it was, and code that runs only then counts as code without tests. So what
stayed unnoticed is tried once more, each in a process that imports the changed code anew.

`python -m tests.mutants_again TESTS… <names`, in mutmut's copy, prints the names of what stays unnoticed.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

# What does not change and is slow to import, once for all.
HEAVY = (
    "argon2", "babel", "cryptography.x509", "flask", "flask_login", "flask_sqlalchemy", "hypothesis",
    "hypothesis.strategies", "marshmallow", "nacl.public", "psycopg", "py3langid", "redis", "rq",
    "schemathesis", "sqlalchemy.orm", "twilio.rest", "webauthn",
)  # fmt: skip
PATIENCE = 120.0  # seconds for all tests of an area; a change that never ends is noticed
ENDLESS = -signal.SIGKILL


def main(tests: Sequence[str], names: Sequence[str]) -> int:
    """Tries each; 2 when the tests fail without any change, for then nothing is shown."""
    for name in HEAVY:
        with suppress(ImportError):
            importlib.import_module(name)
    if _outcome("", tests) != 0:
        return 2
    for name in names:
        if _outcome(name, tests) == 0:
            sys.stdout.write(f"{name}\n")
            sys.stdout.flush()
    return 0


def _outcome(name: str, tests: Sequence[str]) -> int:
    """The exit code of the tests with this change in the code; 0 when all pass."""
    child = os.fork()
    if child == 0:
        os._exit(_run(name, tests))
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return ENDLESS


def _run(name: str, tests: Sequence[str]) -> int:
    os.environ["MUTANT_UNDER_TEST"] = name
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.path.insert(0, str(Path.cwd()))
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not proof", *tests]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin.read().split()))
