"""Does the file that anybody may run judge a proof of date rightly, by the form that is written in it?"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from grievance.proof_check import DoesNotHold, check, main, report

US = "\x1f"
SIGNER = SigningKey(bytes(range(32)))
KEY = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
OTHER_KEY = SigningKey(bytes(32)).verify_key.encode().hex()
AT = 1_772_528_400_000_000
LATER = AT + 3_600_000_000
WHEN = datetime(2026, 3, 3, 9, tzinfo=UTC)
NOT_UNDER, NOT_LED = "the line is not under the head", "the heads do not lead to the anchor"
OTHER_SIGNER, FALSE = "the anchor is signed with another key", "the signature is false"
UNREADABLE, OTHER_FORMAT = "the file cannot be read", "the file is of another format"
BY_YOURS = "It holds: the record existed on 2026-03-03 at 09:00 UTC. Signed with the key you gave."
BY_A_KEY = (
    "It holds: the record existed on 2026-03-03 at 09:00 UTC."
    f" Signed with key {KEY}; compare it with the one in the anchors' mails."
)

# One proof as it was given on the first day.
GIVEN: dict[str, Any] = {
    "format": "journal-proof-1", "line": "05" * 32, "salt": "06" * 16, "before": "07" * 32,
    "line_path": [["left", "01" * 32], ["right", "02" * 32]],
    "head_path": [["right", "04" * 32], ["left", "03" * 32]],
    "heads": [
        {"head": 4, "at": AT, "root": "59772adf93e081698a5bf05a36128271769a9c4a355ddcdaec3ad4ca6e286e93"},
        {"head": 5, "at": LATER, "root": "08" * 32},
    ],
    "anchor": {
        "day": "2026-03-03", "head": 5, "at": LATER, "key": KEY,
        "hash": "74477e6cea718e9f9d53882e6f5167333cdb6f1472b9ddb72e4a5ef8415a6ad0",
        "signature": "4a0158d32e35343b3b458779b484c958a5631e6f0fd73064d182f90f0745aafd"
                     "b0d726b7f328b24741ac568b939dde94fcea8cc8055b928b314e6fd06ee6cb01",
    },
}  # fmt: skip


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def told(*parts: object) -> bytes:
    return US.join(map(str, parts)).encode()


def proof(**changed: Any) -> dict[str, Any]:
    """A proof by the form that the file describes: two heads, both sides on both paths, signed.

    `changed` are values of the anchor, `numbers` and `times` of the heads: everything else, the signature
    too, is made to fit them.
    """
    left, right, above, beside = (bytes([n]) * 32 for n in (1, 2, 3, 4))
    line, salt, before = bytes([5]) * 32, bytes([6]) * 16, bytes([7]) * 32
    lines = sha(b"\x01", sha(b"\x01", left, sha(b"\x00", line)), right)
    root = sha(b"\x01", above, sha(b"\x01", sha(b"\x00", sha(salt, lines)), beside)).hex()
    digest = before
    heads = []
    numbers, times = changed.pop("numbers", (4, 5)), changed.pop("times", (AT, LATER))
    for number, at, each in zip(numbers, times, (root, *["08" * 32] * (len(numbers) - 1)), strict=True):
        digest = sha(digest, told("head-1", number, at, each))
        heads.append({"head": number, "at": at, "root": each})
    anchor = {
        "day": "2026-03-03",
        "head": numbers[-1],
        "at": times[-1],
        "hash": digest.hex(),
        "key": KEY,
    } | changed
    signed = told("anchor-1", anchor["day"], anchor["head"], anchor["at"], anchor["hash"])
    return {
        "format": "journal-proof-1", "line": line.hex(), "salt": salt.hex(), "before": before.hex(),
        "line_path": [["left", left.hex()], ["right", right.hex()]],
        "head_path": [["right", beside.hex()], ["left", above.hex()]],
        "heads": heads, "anchor": anchor | {"signature": SIGNER.sign(signed).signature.hex()},
    }  # fmt: skip


def refused(given: Any, key: str | None = None) -> str:
    with pytest.raises(DoesNotHold) as refusal:
        check(given, key)
    assert refusal.value.__cause__ is None
    return str(refusal.value)


def file_of(folder: Path, text: str) -> str:
    file = folder / "preuve.json"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_proof_of_the_first_day_holds_for_ever() -> None:
    assert check(GIVEN) == (WHEN, KEY)
    assert proof() == GIVEN


@pytest.mark.parametrize("heads", [1, 3, 30])
def test_the_anchor_of_the_same_hour_or_of_many_hours_later_holds(heads: int) -> None:
    numbers, times = range(4, 4 + heads), [AT + hour * 3_600_000_000 for hour in range(heads)]
    assert check(proof(numbers=numbers, times=times)) == (WHEN, KEY)


@pytest.mark.parametrize("key", [KEY, KEY.upper(), f"  {KEY}\n"])
def test_the_key_counts_as_it_is_printed_in_whatever_letters(key: str) -> None:
    assert check(GIVEN, key) == (WHEN, KEY)


def test_who_gives_another_key_is_told_so() -> None:
    assert refused(GIVEN, OTHER_KEY) == OTHER_SIGNER
    assert refused(GIVEN, "") == OTHER_SIGNER


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("line", "00" * 32, NOT_UNDER), ("salt", "00" * 16, NOT_UNDER), ("before", "00" * 32, NOT_LED),
        ("line_path", [], NOT_UNDER), ("head_path", [], NOT_UNDER),
        ("format", "journal-proof-2", OTHER_FORMAT),
    ],
)  # fmt: skip
def test_one_value_changed_is_named_by_the_step_it_breaks(name: str, value: Any, said: str) -> None:
    assert refused(GIVEN | {name: value}) == said


@pytest.mark.parametrize("path", ["line_path", "head_path"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_step_of_a_path_counts_with_its_side_and_its_hash(path: str, place: int) -> None:
    for changed in (lambda side, other: [{"left": "right", "right": "left"}[side], other],
                    lambda side, _: [side, "00" * 32]):  # fmt: skip
        steps = [[*step] for step in GIVEN[path]]
        steps[place] = changed(*steps[place])
        assert refused(GIVEN | {path: steps}) == NOT_UNDER


@pytest.mark.parametrize(
    "changed",
    [
        {"head": 6},
        {"head": 4},
        {"at": LATER + 1},
        {"hash": "00" * 32},
        {"numbers": (4, 6)},
        {"numbers": (5, 4)},
    ],
    ids=str,
)
def test_an_anchor_that_the_heads_do_not_lead_to_does_not_hold_though_it_is_signed(
    changed: dict[str, Any],
) -> None:
    assert refused(proof(**changed)) == NOT_LED


@pytest.mark.parametrize("name", ["head", "at", "root"])
@pytest.mark.parametrize("place", [0, 1])
def test_no_value_of_a_head_may_differ(name: str, place: int) -> None:
    heads = [dict(head) for head in GIVEN["heads"]]
    heads[place][name] = heads[place][name] + 1 if name != "root" else "00" * 32
    assert refused(GIVEN | {"heads": heads}) == (NOT_UNDER if (name, place) == ("root", 0) else NOT_LED)


@pytest.mark.parametrize(
    ("name", "value"), [("day", "2026-03-04"), ("signature", "00" * 64), ("key", OTHER_KEY)]
)
def test_the_signature_is_that_of_the_day_by_the_key_that_is_named(name: str, value: str) -> None:
    assert refused(GIVEN | {"anchor": GIVEN["anchor"] | {name: value}}) == FALSE


@pytest.mark.parametrize(
    "given",
    [
        None, [], {}, {"format": "journal-proof-1"}, GIVEN | {"line": "not hexadecimal"}, GIVEN | {"line": 7},
        GIVEN | {"heads": []}, GIVEN | {"line_path": [["left"]]},
        GIVEN | {"anchor": GIVEN["anchor"] | {"key": "00"}},
    ],
    ids=lambda given: str(given)[:20],
)  # fmt: skip
def test_what_is_no_proof_is_said_to_be_unreadable(given: Any) -> None:
    assert refused(given) == UNREADABLE


def test_a_time_that_no_calendar_holds_is_unreadable_though_it_is_signed() -> None:
    assert refused(proof(times=(10**20, 10**20))) == UNREADABLE


def test_what_holds_says_since_when_and_by_whose_key() -> None:
    assert report(json.dumps(GIVEN), KEY) == (True, BY_YOURS)
    assert report(json.dumps(GIVEN)) == (True, BY_A_KEY)


def test_what_does_not_hold_says_why() -> None:
    assert report(json.dumps(GIVEN), OTHER_KEY) == (False, f"It does NOT hold: {OTHER_SIGNER}.")
    for text in ("", "{", "[" * 200_000, "null"):
        assert report(text) == (False, f"It does NOT hold: {UNREADABLE}.")


@pytest.mark.parametrize(
    ("key", "status", "said"),
    [
        ([], 0, BY_A_KEY), ([KEY], 0, BY_YOURS),
        ([OTHER_KEY], 1, f"It does NOT hold: {OTHER_SIGNER}."),
    ],
)  # fmt: skip
def test_at_a_terminal_the_sentence_is_printed_and_the_status_says_the_same(
    key: list[str], status: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([file_of(tmp_path, json.dumps(GIVEN)), *key]) == status
    assert capsys.readouterr() == (f"{said}\n", "")


def test_a_file_s_other_letters_are_read_as_they_were_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([file_of(tmp_path, json.dumps(GIVEN | {"note": "été"}, ensure_ascii=False))]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("arguments", [[], ["one", "two", "three"]])
def test_without_a_file_or_with_too_much_it_says_how_it_is_asked(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", "python proof_check.py FILE [KEY]\n")


def test_a_file_that_cannot_be_opened_is_said_to_be_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    for name in ("photo.jpg", "nothing.json", "."):
        assert main([str(tmp_path / name)]) == 2
        assert capsys.readouterr() == ("", "The file cannot be opened.\n")
