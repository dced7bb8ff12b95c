"""Can what opens a stranger's file open anything else, grow, stay for ever, or know a key of ours?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import monotonic

import pytest

from grievance.cleaning import start, walls
from grievance.cleaning.kinds import HEAVY
from grievance.terms import InvalidInput
from tests.cleaning import strange_files as made
from tests.fixtures import Town
from tests.web.public_pages import visitor
from tests.web.test_evidence import send

# The process as it is, with something else in place of the look at a file: what the reader of a stranger's
# bytes could do if it were led astray. What it found goes back in place of the copy.
LED_ASTRAY = """
import json, os, resource, socket, subprocess, sys
from grievance.cleaning import __main__ as process
from grievance.cleaning.kinds import Clean
from grievance.vocabulary import FileKind

def answer_of(act):
    try:
        act()
    except Exception as problem:
        return type(problem).__name__ if not isinstance(problem, OSError) else "OSError"
    return "done"

def astray(data, ending):
    {deed}
    return Clean(FileKind.DOCUMENT, "application/json", "application/json", json.dumps(found).encode())

process.look = astray
process.main()
"""


def led_astray(monkeypatch: pytest.MonkeyPatch, deed: str) -> object:
    """What one deed within the walls found."""
    program = LED_ASTRAY.format(deed=deed)
    monkeypatch.setattr(start, "COMMAND", (sys.executable, "-E", "-s", "-B", "-c", program))
    return json.loads(start.looked_at(b"%PDF-1.7", "a.pdf").copy)


def test_no_connection_no_file_and_no_program_is_opened_from_within(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written = tmp_path / "written"
    tried = {
        "connection": "socket.socket()",
        "pair": "socket.socketpair()",
        "file": "open('/proc/self/environ')",
        "new file": f"open({str(written)!r}, 'w')",
        "program": "subprocess.run(['/bin/true'], stdout=subprocess.PIPE)",
        "compute": "sum(range(10))",
    }
    acts = ", ".join(f"{name!r}: answer_of(lambda: {act})" for name, act in tried.items())

    found = led_astray(monkeypatch, f"found = {{{acts}}}")

    assert found == dict.fromkeys(tried, "OSError") | {"compute": "done"}
    assert not written.exists()


def test_its_memory_its_time_and_what_it_may_write_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_CORE")
    limits = ", ".join(f"{name!r}: resource.getrlimit(resource.{name})" for name in names)

    found = led_astray(
        monkeypatch, f"found = {{{limits}, 'memory': answer_of(lambda: bytearray(800 << 20))}}"
    )

    assert found == {
        "RLIMIT_AS": [walls.MEMORY] * 2, "RLIMIT_CPU": [walls.SECONDS] * 2, "RLIMIT_FSIZE": [0, 0],
        "RLIMIT_CORE": [0, 0], "memory": "MemoryError",
    }  # fmt: skip
    assert walls.MEMORY < 1 << 30
    assert walls.SECONDS <= 60


def test_it_knows_no_key_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEPPER", "a-key-of-ours")
    monkeypatch.setenv("DATABASE_URL_WEB", "postgresql://nobody@nowhere/none")

    assert led_astray(monkeypatch, "found = dict(os.environ)") == start.ENVIRONMENT
    assert set(start.ENVIRONMENT) == {"LANG", "PATH"}


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param("found = len(bytearray(800 << 20))", id="more memory than there is"),
        pytest.param("import signal; os.kill(os.getpid(), signal.SIGXCPU)", id="its time is over"),
        pytest.param("os.kill(os.getpid(), 9)", id="ended from outside"),
    ],
)
def test_what_its_limits_ended_was_too_heavy(monkeypatch: pytest.MonkeyPatch, deed: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        led_astray(monkeypatch, deed)

    assert refusal.value.reason == HEAVY


def test_a_file_that_keeps_its_process_busy_is_refused_and_the_next_one_is_taken(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter = visitor(town.app).answer_all(lieu_site=str(town.world.site.id), lieu_province="Lualaba")
    person = reporter.send().do("come_back")
    with monkeypatch.context() as sleepy:
        sleepy.setattr(start, "COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
        sleepy.setattr(start, "LONGEST", 1)
        began = monotonic()
        refused = send(person, made.photo(), "a.jpg")
        took = monotonic() - began

    assert refused.status_code == 422
    assert "trop lourd" in person.text
    assert 1 <= took < 60
    assert send(person, made.photo(), "a.jpg").status_code == 200
