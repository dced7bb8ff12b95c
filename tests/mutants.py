"""Do the tests notice when the code is wrong? mutmut changes one thing at a time: `make mutants`.

`make mutants AREA=journal` tries one area. Each area is changed in a copy of the tree and held against the
tests that are there for it; the databases are started once for all. It takes hours; each area gets one line.
What stays unnoticed is tried once more in a program that imports it anew (`mutants_again`).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests import services
from tests.source import ROOT

LEAST = 0.85  # of all changes
# Anything else counts against us: code that no test of the area runs is code whose changes nobody notices.
NOTICED = {"killed", "timeout"}
# A run looks for what was never closed by collecting garbage several times over, which is most of its time.
QUICKLY = ("-p", "no:unraisableexception")


@dataclass(frozen=True)
class Area:
    """What is changed, and the tests that should notice."""

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]
    pure: bool = False  # the tests need no database, so two may run at once and all of them often


AREAS = (
    Area("rules", ("grievance/rules/*",), ("tests/rules",), pure=True),
    Area(
        "sealing",
        (
            "grievance/store/sealing.py", "grievance/store/numbers.py", "grievance/store/receipts.py",
            "grievance/store/tokens.py", "grievance/store/keyring.py", "grievance/store/vault.py",
        ),
        (
            "tests/store/test_sealing.py", "tests/store/test_locks.py", "tests/store/test_tokens.py",
            "tests/store/test_old_values_open.py", "tests/store/test_numbers.py",
            "tests/store/test_receipts.py", "tests/store/test_keyring.py",
            "tests/store/test_vault_keys.py", "tests/store/test_vault_lines.py",
        ),
    ),
    Area(
        "journal",
        (
            "grievance/store/journal.py", "grievance/rules/merkle.py", "grievance/proof_check.py",
            "grievance/store/heads.py", "grievance/actions/anchoring.py",
            "grievance/actions/journal_checks.py",
        ),
        # What a forger finds behind an anchor has tests of its own, which need a whole town each.
        (
            "tests/store/test_journal_lines.py", "tests/rules/test_merkle.py", "tests/test_proof_check.py",
            "tests/store/test_anchors.py", "tests/store/test_heads.py", "tests/store/test_anchoring.py",
            "tests/store/test_journal_checks.py",
        ),
    ),
    Area(
        "tenancy",
        ("grievance/store/session.py", "grievance/store/actors.py"),
        # What the database does with what it is told has tests of its own, which need a whole town each.
        ("tests/store/test_session.py", "tests/store/test_actors.py"),
    ),
    Area(
        "outbox",
        ("grievance/actions/delivery*.py", "workers/sms.py", "workers/sending.py"),
        (
            "tests/actions/test_delivery.py", "tests/actions/test_delivery_care.py",
            "tests/actions/test_delivery_ends.py", "tests/actions/test_delivery_reports.py",
            "tests/actions/test_delivery_emptied.py",
            "tests/workers/test_not_sent.py", "tests/workers/test_sending.py", "tests/workers/test_taking.py",
            "tests/workers/test_what_is_logged.py",
        ),
    ),
    Area(
        "webhooks",
        ("grievance/web/hooks/*", "grievance/gateways/*"),
        (
            "tests/gateways/test_africastalking.py", "tests/gateways/test_at_the_edges.py",
            "tests/gateways/test_contract.py",
            "tests/gateways/test_finding.py", "tests/gateways/test_generic.py",
            "tests/gateways/test_in_which_words.py", "tests/gateways/test_mail.py",
            "tests/gateways/test_phone_book.py", "tests/gateways/test_recording.py",
            "tests/gateways/test_smsgate.py", "tests/gateways/test_smsgate_calls.py",
            "tests/gateways/test_twilio.py", "tests/gateways/test_twilio_calls.py",
            "tests/gateways/test_unanswered.py", "tests/gateways/test_wrapped.py",
            "tests/web/test_hooks.py", "tests/web/test_hooks_by_path.py",
        ),
    ),
)  # fmt: skip


def main(wanted: Iterable[str]) -> int:
    """Tries the areas named, or all; 1 when too many changes of one stay unnoticed."""
    names, running = set(wanted), services.start()
    try:
        results = [tried(area, running.services) for area in AREAS if not names or area.name in names]
    finally:
        running.stop()
    return 0 if results and all(results) else 1


def tried(area: Area, servers: services.Services) -> bool:
    """Whether enough of an area's changes were noticed; prints how many, and the names of the others."""
    with tempfile.TemporaryDirectory(prefix="grievance-mutants-") as folder:
        copy = Path(folder)
        _copy_tree(copy)
        _configure(copy, area)
        told = {**os.environ, services.RUNNING_ALREADY: servers.as_json()}
        mutmut = [sys.executable, "-m", "mutmut"]
        children = "2" if area.pure else "1"
        subprocess.run([*mutmut, "run", "--max-children", children], cwd=copy, env=told, check=False)
        listing = [*mutmut, "results", "--all", "true"]
        listed = subprocess.run(listing, cwd=copy, env=told, check=True, capture_output=True, text=True)
        judged = dict(line.strip().split(": ") for line in listed.stdout.splitlines() if ": " in line)
        unnoticed = [name for name, outcome in judged.items() if outcome not in NOTICED]
        if area.pure:
            unnoticed = _again(area, copy / "mutants", told, unnoticed)
    noticed = len(judged) - len(unnoticed)
    share = noticed / len(judged) if judged else 0.0
    sys.stdout.write("\n".join(f"{name}: {judged[name]}" for name in unnoticed) + "\n")
    sys.stdout.write(f"{area.name}: {noticed} of {len(judged)} changes noticed ({share:.1%})\n")
    sys.stdout.flush()
    return share >= LEAST


def _again(area: Area, where: Path, told: dict[str, str], names: list[str]) -> list[str]:
    """Those of the changes that stay unnoticed when the code is imported anew; two are tried at once."""
    command = [sys.executable, "-m", "tests.mutants_again", *area.tests]
    halves = [
        subprocess.Popen(
            command, cwd=where, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    with ThreadPoolExecutor(2) as both:
        told_of = list(both.map(lambda at: halves[at].communicate("\n".join(names[at::2])), range(2)))
    if any(half.returncode for half in halves):
        raise RuntimeError("the tests fail without any change")
    return [name for printed, _ in told_of for name in printed.split()]


def _copy_tree(copy: Path) -> None:
    """What git keeps, and the catalogues that were built from it."""
    kept = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S607
    built = [str(file.relative_to(ROOT)) for file in ROOT.glob("translations/*/LC_MESSAGES/*.mo")]
    for name in [*filter(None, kept.stdout.split("\0")), *built]:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)


def _configure(copy: Path, area: Area) -> None:
    """mutmut reads what to do in the project's own file."""
    others = sorted(
        each.name for each in copy.iterdir() if each.name not in ("grievance", "tests", "pyproject.toml")
    )
    told = {
        "source_paths": ["grievance", "workers"]
        if any("workers" in one for one in area.files)
        else ["grievance"],
        "only_mutate": list(area.files),
        "also_copy": others,
        "pytest_add_cli_args": ["-q", "-p", "no:cacheprovider", *QUICKLY, "-m", "not proof"],
        "pytest_add_cli_args_test_selection": list(area.tests),
    }
    with (copy / "pyproject.toml").open("a", encoding="utf-8") as project:
        project.write(
            "\n[tool.mutmut]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in told.items())
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
