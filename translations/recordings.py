"""What is still to be recorded, and what does one say? Run as `python -m translations.recordings`.

Exit 1 when a file is there that cannot be used: too large, no MP3, or of no question. A missing one is no
fault: its page shows no button until it is there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from grievance.recordings import Recordings, files_in, questions, wrong_with
from translations.build import COMPLETE, forms, read_parts

HERE = Path(__file__).resolve().parent


def main(folder: Path = HERE / "audio") -> int:
    """Prints what is missing, with its words; the number of unusable files decides the exit."""
    asked, parts = questions(), read_parts(HERE / "parts")[0]
    faults = list(unusable(folder))
    kept = Recordings.read(folder)
    for language in COMPLETE:
        missing = [name for name in asked if kept.of(language, name) is None]
        sys.stdout.write(f"{language}: {len(asked) - len(missing)} of {len(asked)} recorded\n")
        for name in missing:
            words = " ".join(forms(parts[said][language])[0] for said in asked[name])
            sys.stdout.write(f"  missing {language}/{name}.mp3: {words}\n")
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


def unusable(folder: Path) -> Iterator[str]:
    """A line for each file that no page will play, and why."""
    for language in COMPLETE:
        for file in files_in(folder, language):
            wrong = wrong_with(file)
            if wrong:
                yield f"cannot be used: {language}/{file.name}: {wrong}"


if __name__ == "__main__":
    sys.exit(main())
