"""Can anything that somebody wrote, or a number, come into a log?"""

from __future__ import annotations

import json
import subprocess
import sys

from tests.source import ROOT

PRELUDE = """
import logging, sys, threading, warnings, structlog
from config.logging import configure
configure("trial")
log = structlog.get_logger()
def refuse():
    raise ValueError("Mukalay +243880000001")
"""


def _logged(program: str) -> tuple[str, list[dict[str, object]]]:
    command = [sys.executable, "-c", PRELUDE + program]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.stdout == ""
    return told.stderr, [json.loads(line) for line in told.stderr.splitlines()]


def test_a_line_holds_its_codes_and_drops_every_other_word() -> None:
    text, (line,) = _logged(
        'log.info("sent", outbox_id="7", count=2, number="+243880000001", text="Mukalay")'
    )
    assert line["event"] == "sent"
    assert (line["outbox_id"], line["count"], line["level"], line["process"]) == ("7", 2, "info", "trial")
    assert "243" not in text
    assert "Mukalay" not in text


def test_an_error_is_told_by_its_class_and_place_never_by_its_message() -> None:
    text, (line,) = _logged('try: refuse()\nexcept ValueError: log.error("failed", exc_info=True)')
    assert line["error"] == "ValueError"
    assert str(line["trace"]).endswith("refuse']")
    assert "Mukalay" not in text


def test_what_libraries_say_is_reduced_to_who_and_where() -> None:
    for name in (
        "rq.worker",
        "sqlalchemy.engine",
        "werkzeug",
        "gunicorn.error",
        "twilio.http_client",
        "alembic",
    ):
        text, (line,) = _logged(f'logging.getLogger("{name}").warning("to %s", "+243880000001")')
        assert line["logger"] == name
        assert "243" not in text


def test_an_exception_that_nobody_caught_shows_no_message() -> None:
    for program in ("refuse()", "threading.Thread(target=refuse).start()"):
        text, lines = _logged(program)
        assert lines[-1]["error"] == "ValueError"
        assert "Mukalay" not in text


def test_a_warning_shows_no_message() -> None:
    text, lines = _logged('warnings.warn("Mukalay")')
    assert lines
    assert "Mukalay" not in text


def test_an_error_while_something_is_cleared_away_shows_no_message() -> None:
    program = "class Kept:\n    def __del__(self): refuse()\nkept = Kept()\ndel kept\n"
    text, (line,) = _logged(program)
    assert (line["event"], line["error"]) == ("unraisable", "ValueError")
    assert "Mukalay" not in text
