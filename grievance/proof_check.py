"""Does a file of hashes lead to a signed anchor? Stands alone: Python and PyNaCl, no network, no database.

    python proof_check.py FILE [KEY]

FILE is a proof of date as the follow-up page and the desk give it. KEY is the public key of the anchors, 64
hexadecimal digits, as it is printed in the anchors' mails and on reports: without it, compare what is shown.

How a proof is made:
    tree     a value counts as sha256(00 value), two hashes become sha256(01 left right)
    line     the hash of one line of the journal; `line_path` leads to the root of its chain's new lines
    salt     sha256(salt root) is what that chain puts under the hour's head; `head_path` leads to its root
    heads    hash = sha256(hash before, "head-1" US number US microseconds US root), one after the other
    anchor   an Ed25519 signature over "anchor-1" US day US number US microseconds US hash; US is the byte 1f
"""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DoesNotHold(Exception):
    """The file does not show what it says; the message names the step."""


def check(proof: dict[str, Any], key: str | None = None) -> tuple[datetime, str]:
    """When the line existed at the latest, and the key that signed it, in hex. Raises DoesNotHold."""
    try:
        return _check(proof, key)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        raise DoesNotHold("the file cannot be read") from None


def _check(proof: dict[str, Any], key: str | None) -> tuple[datetime, str]:
    if proof["format"] != "journal-proof-1":
        raise DoesNotHold("the file is of another format")
    lines = _climb(bytes.fromhex(proof["line"]), proof["line_path"])
    value = hashlib.sha256(bytes.fromhex(proof["salt"]) + lines).digest()
    heads, anchor = proof["heads"], proof["anchor"]
    if _climb(value, proof["head_path"]).hex() != heads[0]["root"]:
        raise DoesNotHold("the line is not under the head")
    digest, numbers = bytes.fromhex(proof["before"]), [head["head"] for head in heads]
    for head in heads:
        digest = _sha(digest, "head-1", head["head"], head["at"], head["root"])
    last = numbers[-1] == anchor["head"] and heads[-1]["at"] == anchor["at"]
    if not last or digest.hex() != anchor["hash"] or numbers != list(range(numbers[0], numbers[-1] + 1)):
        raise DoesNotHold("the heads do not lead to the anchor")
    if key is not None and key.strip().lower() != anchor["key"]:
        raise DoesNotHold("the anchor is signed with another key")
    told = _told("anchor-1", anchor["day"], anchor["head"], anchor["at"], anchor["hash"])
    try:
        VerifyKey(bytes.fromhex(anchor["key"])).verify(told, bytes.fromhex(anchor["signature"]))
    except BadSignatureError:
        raise DoesNotHold("the signature is false") from None
    return EPOCH + timedelta(microseconds=int(heads[0]["at"])), str(anchor["key"])


def _climb(value: bytes, path: list[list[str]]) -> bytes:
    found = hashlib.sha256(b"\x00" + value).digest()
    for side, other in path:
        pair = bytes.fromhex(other) + found if side == "left" else found + bytes.fromhex(other)
        found = hashlib.sha256(b"\x01" + pair).digest()
    return found


def _sha(previous: bytes, *parts: object) -> bytes:
    return hashlib.sha256(previous + _told(*parts)).digest()


def _told(*parts: object) -> bytes:
    return "\x1f".join(str(part) for part in parts).encode()


def report(text: str, key: str | None = None) -> tuple[bool, str]:
    """Whether the file holds, and what to say about it."""
    try:
        at, signed_by = check(json.loads(text), key)
    except DoesNotHold as problem:
        return False, f"It does NOT hold: {problem}."
    except (ValueError, RecursionError):
        return False, "It does NOT hold: the file cannot be read."
    known = "the key you gave" if key else f"key {signed_by}; compare it with the one in the anchors' mails"
    return True, f"It holds: the record existed on {at:%Y-%m-%d} at {at:%H:%M} UTC. Signed with {known}."


def main(arguments: list[str]) -> int:
    """The exit status: 0 it holds, 1 it does not, 2 nothing to look at."""
    if len(arguments) not in (1, 2):
        sys.stderr.write("python proof_check.py FILE [KEY]\n")
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError):
        sys.stderr.write("The file cannot be opened.\n")
        return 2
    holds, words = report(text, arguments[1] if len(arguments) == 2 else None)
    sys.stdout.write(words + "\n")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
