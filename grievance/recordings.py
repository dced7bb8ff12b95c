"""Which questions can be heard? Those with a sound recording in `translations/audio`, in their language."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grievance.vocabulary import Language

AUDIO = Path(__file__).resolve().parents[1] / "translations" / "audio"
LARGEST = 25_000  # bytes; at 50 kbit/s one waits four seconds for it
SPOKEN = (Language.FRENCH.value, Language.SWAHILI.value)
MP3_FRAME, MP3_TAG = 0xFFE0, b"ID3"


@dataclass(frozen=True)
class Recording:
    """One sound file, and the mark that changes when it is recorded anew."""

    file: Path
    mark: str


@dataclass(frozen=True)
class Recordings:
    """All recordings that can be played, by language and question."""

    kept: Mapping[tuple[str, str], Recording]

    @classmethod
    def read(cls, folder: Path = AUDIO) -> Recordings:
        """What lies in the folder now; what cannot be used is left out. `make recordings` says why."""
        found = {
            (language, file.stem): Recording(file, hashlib.sha256(file.read_bytes()).hexdigest()[:8])
            for language in SPOKEN
            for file in files_in(folder, language)
            if not wrong_with(file)
        }
        return cls(found)

    def of(self, language: str, name: str) -> Recording | None:
        """The recording of this question in this language, if there is one."""
        return self.kept.get((language, name))


def questions() -> dict[str, list[str]]:
    """Each question that can be recorded: its name, and the English sentences whose translations one says."""
    listed: dict[str, list[str]] = json.loads((AUDIO / "questions.json").read_text(encoding="utf-8"))
    return listed


def files_in(folder: Path, language: str) -> list[Path]:
    """Every file that lies among the recordings of one language, hidden ones apart."""
    return sorted(file for file in (folder / language).glob("[!.]*") if file.is_file())


def wrong_with(file: Path) -> str:
    """Why a file cannot be played to anybody; empty when it can."""
    if file.suffix != ".mp3" or file.stem not in questions():
        return "its name is not that of a question"
    if file.stat().st_size >= LARGEST:
        return f"{file.stat().st_size} bytes, and less than {LARGEST} are allowed"
    head = file.read_bytes()[:3]
    is_mp3 = head == MP3_TAG or int.from_bytes(head[:2]) & MP3_FRAME == MP3_FRAME
    return "" if is_mp3 else "it is no MP3"
