"""What is this file? Told by its content; its name may only agree."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field

import filetype  # type: ignore[import-untyped]  # filetype publishes no types

from grievance.terms import InvalidInput
from grievance.vocabulary import FileKind

FIELD = "fichier"
# The largest file that is taken, and the longest name that is looked at.
LARGEST = 10 * 1024 * 1024
EMPTY, BIG, MANY, UNKNOWN, NAME, BROKEN, HEAVY, MIXED, BUSY = (
    "file_empty", "file_too_big", "file_too_many", "file_unknown_kind", "file_other_name", "file_broken",
    "file_too_heavy", "file_hides_another", "file_busy",
)  # fmt: skip

PHOTO, AUDIO, VIDEO, DOCUMENT = FileKind.PHOTO, FileKind.AUDIO, FileKind.VIDEO, FileKind.DOCUMENT
# What the content says, and how FFmpeg calls the container that it is opened as, and as nothing else.
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
CONTAINERS = {
    "audio/mpeg": "mp3", "audio/x-wav": "wav", "audio/wav": "wav", "audio/ogg": "ogg", "audio/mp4": "mov",
    "audio/aac": "aac", "audio/amr": "amr", "audio/x-flac": "flac", "audio/flac": "flac", "video/mp4": "mov",
    "video/x-m4v": "mov", "video/quicktime": "mov", "video/3gpp": "mov", "video/webm": "matroska",
    "video/x-matroska": "matroska", "video/x-msvideo": "avi", "video/mpeg": "mpeg", "video/ogg": "ogg",
}  # fmt: skip
PAPER = "application/pdf"
# A container of moving pictures may hold sound alone: old phones record voices so.
EITHER = frozenset({AUDIO, VIDEO})
NAMES: dict[str, frozenset[FileKind]] = {
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif"), frozenset({PHOTO})),
    **dict.fromkeys(
        ("mp4", "m4v", "m4a", "3gp", "3gpp", "3ga", "mov", "webm", "weba", "mkv", "ogg", "oga", "ogv"), EITHER
    ),
    **dict.fromkeys(("mp3", "wav", "amr", "aac", "opus", "flac"), frozenset({AUDIO})),
    **dict.fromkeys(("avi", "mpg", "mpeg"), frozenset({VIDEO})),
    "pdf": frozenset({DOCUMENT}),
}
# Words that no photograph, recording or plain paper holds, in any case: the long ones never come by chance.
_FOREIGN = re.compile(rb"(?i)<script|<iframe|<!doctype|<html[ >]|<\?php|<svg xmlns|javascript:")
_OTHER_PAPER = re.compile(rb"%PDF-\d")
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!")


@dataclass(frozen=True)
class Clean:
    """What a file is, and its copy without traces. Types are MIME types."""

    kind: FileKind
    mime: str
    copy_mime: str
    copy: bytes = field(repr=False)


def content_of(data: bytes) -> str:
    """What the first bytes say, as a MIME type that we take. Raises InvalidInput."""
    if not data:
        raise InvalidInput(FIELD, EMPTY)
    if len(data) > LARGEST:
        raise InvalidInput(FIELD, BIG)
    found = filetype.guess_mime(data[:8192])
    if found is None or found not in {*PICTURES, *CONTAINERS, PAPER}:
        raise InvalidInput(FIELD, UNKNOWN)
    return str(found)


def extension_of(name: str) -> str:
    """The part of a name after its last dot, in small letters; empty when there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.strip().lower() if dot and stem else ""


def check_name(ending: str, kind: FileKind) -> None:
    """A name without an ending says nothing; another kind's ending is a lie. Raises InvalidInput."""
    if ending and kind not in NAMES.get(ending, frozenset()):
        raise InvalidInput(FIELD, NAME)


def check_alone(data: bytes, kind: FileKind) -> None:
    """A file that is also a page with script, an archive, a program or a second paper. Raises InvalidInput.

    A telephone's moving photograph, a picture with a short film behind it, is none of these.
    """
    other_paper = kind is not DOCUMENT and _OTHER_PAPER.search(data)
    hidden = _FOREIGN.search(data) or other_paper or data.startswith(_PROGRAMS)
    if hidden or zipfile.is_zipfile(io.BytesIO(data)):
        raise InvalidInput(FIELD, MIXED)
