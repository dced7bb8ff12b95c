"""How is one file looked at? By a process that is given its bytes, gives the copy back, and ends.

Read from standard input: the ending of its name, a line break, the file. Written to standard output: a line
of JSON (`refused`, or `kind`, `mime`, `copy_mime`), then the copy.
"""

from __future__ import annotations

import codecs
import importlib
import json
import os
import pkgutil
import sys

import av
from PIL import Image

from grievance.cleaning import walls
from grievance.cleaning.kinds import BROKEN, HEAVY, LARGEST
from grievance.cleaning.look import look
from grievance.terms import InvalidInput

LONGEST_ENDING = 64
ENCODINGS = (
    "ascii", "latin-1", "cp1252", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "hex", "idna",
)  # fmt: skip
NEVER_LOADED = frozenset({"av.__main__", "av.datasets", "av.about"})


def main() -> None:
    """Looks at one file, within walls."""
    walls.enclose()
    _load_everything()
    walls.shut()
    told = sys.stdin.buffer.read(LONGEST_ENDING + LARGEST + 2)
    ending, _, data = told.partition(b"\n")
    head, copy = _looked(data, ending.decode("utf-8", "replace"))
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + copy)
    sys.stdout.buffer.flush()
    os._exit(0)  # nothing of a stranger's file gets a word at our leaving


def _load_everything() -> None:
    """Every reader of pictures, every writing, every part of PyAV: later nothing can be loaded."""
    Image.init()
    for name in ENCODINGS:
        codecs.lookup(name)
    for part in pkgutil.walk_packages(av.__path__, "av."):
        if part.name not in NEVER_LOADED:
            importlib.import_module(part.name)


def _looked(data: bytes, ending: str) -> tuple[dict[str, str], bytes]:
    try:
        clean = look(data, ending)
    except InvalidInput as refusal:
        return {"refused": refusal.reason}, b""
    except MemoryError:
        return {"refused": HEAVY}, b""
    except Exception:
        # Whatever a reader of a stranger's bytes stumbled over, it could not read them.
        return {"refused": BROKEN}, b""
    return {"kind": clean.kind, "mime": clean.mime, "copy_mime": clean.copy_mime}, clean.copy


if __name__ == "__main__":
    main()
