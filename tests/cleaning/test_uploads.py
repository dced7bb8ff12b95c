"""Does the web stand while three hundred strange files come in, and do their copies tell nothing?"""

from __future__ import annotations

import random
import resource
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from grievance.actions import cases, evidence, evidence_seen
from tests.cleaning import many_files, traces
from tests.cleaning.many_files import Sent
from tests.figures import Tell
from tests.fixtures import Town
from tests.web.public_pages import Visitor, visitor
from tests.web.test_evidence import send

SHORT, LONG = len(many_files.MAKERS), 300
# How `traces` reads a file: each picture as a copy is read, which is a JPEG.
MIMES = dict.fromkeys(("jpg", "png", "webp", "gif"), "image/jpeg") | {"pdf": "application/pdf"}
GIBIBYTE = 1024 * 1024  # in KiB
STATUS = Path("/proc/self/status")


@dataclass
class Tally:
    """What came of the files."""

    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    finds: list[str] = field(default_factory=list)
    copies: int = 0
    slowest: float = 0.0


def highest(name: str = "VmHWM") -> int:
    """The most memory that this process, which is the web, has held: KiB."""
    return int(next(line for line in STATUS.read_text().splitlines() if line.startswith(name)).split()[1])


def put_to_the_proof(town: Town, count: int) -> Tally:
    """Sends the files one after another, five taken ones to a case, and looks at every copy."""
    tally, person, code, taken = Tally(), None, "", 0
    for place, sent in enumerate(many_files.files(count)):
        if person is None or taken == evidence.MOST_FILES:
            person, code = _fresh(town, place)
            taken = 0
        began = monotonic()
        answer = send(person, sent.data, sent.name)
        tally.slowest = max(tally.slowest, monotonic() - began)
        tally.answers[answer.status_code] += 1
        if answer.status_code not in sent.expected:
            tally.wrong.append(f"{sent.what} ({sent.name}): {answer.status_code}")
        if answer.status_code == 200:
            taken += 1
            _look(town, code, sent, tally)
        assert person.client.get("/healthz").status_code == 200
    return tally


def _fresh(town: Town, place: int) -> tuple[Visitor, str]:
    """Somebody new, from another network than those before: so many at once from one are asked a question."""
    reporter = visitor(town.app)
    reporter.client.environ_base["REMOTE_ADDR"] = f"10.{place // 256}.{place % 256}.1"
    reporter.answer_all(lieu_site=str(town.world.site.id), lieu_province="Lualaba").send()
    code = reporter.code
    actor, now = town.world.desk.actor, datetime.now(UTC)
    cases.know_nobody(code, actor=actor, now=now)
    return reporter.do("come_back"), code


def _look(town: Town, code: str, sent: Sent, tally: Tally) -> None:
    actor, now = town.world.desk.actor, datetime.now(UTC)
    newest = evidence_seen.of_case(code, actor=actor)[-1]
    copy = evidence_seen.read(code, newest.id, original=False, actor=actor, now=now)
    assert evidence_seen.read(code, newest.id, original=True, actor=actor, now=now).data == sent.data
    tally.copies += 1
    tally.finds += [f"{sent.what}: {find}" for find in traces.of(copy.data, copy.mime)]


def hold(tally: Tally, count: int) -> None:
    """What was promised."""
    assert sum(tally.answers.values()) == count
    assert tally.wrong == []
    assert tally.finds == []
    assert tally.copies == tally.answers[200] > 0
    assert set(tally.answers) == {200, 422}
    web, child = highest(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert web < GIBIBYTE
    assert child < GIBIBYTE


def test_what_must_not_stand_in_a_copy_stands_in_what_was_sent() -> None:
    dice = random.Random(1)  # noqa: S311 - a proof is repeated, not guessed
    for sent in (maker(dice) for maker in many_files.TELLING):
        assert traces.of(sent.data, MIMES.get(sent.name[2:], "video/mp4")), sent.what


def test_a_file_of_each_strange_kind_leaves_the_web_standing_and_tells_nothing(town: Town) -> None:
    hold(put_to_the_proof(town, SHORT), SHORT)


@pytest.mark.proof
def test_three_hundred_strange_files_leave_the_web_standing_and_tell_nothing(
    town: Town, figure: Tell
) -> None:
    tally = put_to_the_proof(town, LONG)

    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    figure(
        f"uploads: {LONG} files, answers {dict(tally.answers)}, {tally.copies} copies with"
        f" {len(tally.finds)} traces; web at most {highest() // 1024} MiB, a file's process at most"
        f" {child // 1024} MiB; slowest {tally.slowest:.1f} s"
    )
    hold(tally, LONG)
