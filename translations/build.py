"""Does every sentence exist in both languages? Merges the parts of the rooms into catalogues.

Run as `python translations/build.py`. Exit 1, with every missing or wrong sentence by name, when anything is.
A part is `parts/<room>.json`: {"English sentence": {"fr": "…", "sw": "…"}}; a plural has also "plural" (the
English one) and lists of two under each language. "reviewed" under a sentence says which native speakers read
its Swahili, and when; `REVIEW.md` lists every sentence, from the mark `PAGES` on as this program writes it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
COMPLETE = ("fr", "sw")
LANGUAGES = (*COMPLETE, "en")
TO_REVIEW = "nobody yet"
INTRODUCTION = """\
Two native speakers read these as they read the texts above. When both agree, whoever keeps the file writes
`"reviewed": "<initials> <day>"` under the sentence in `parts/`; whoever changes the Swahili takes that away.
This list is written by `make translations`: what is changed here by hand is lost."""
KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2),
}  # fmt: skip
PLACE = re.compile(r"%\((\w+)\)[sd]")

# Where the written part of REVIEW.md ends and the list of all sentences of the pages begins.
REVIEW, PAGES = HERE / "REVIEW.md", "## The pages, sentence by sentence"
# What a complainant reads comes first.
READ_FIRST = ("public", "light", "floods", "evidence", "newcomer", "mainjob", "listening", "errors")

Translation = dict[str, Any]
Parts = dict[str, Translation]


def main() -> int:
    """Builds the catalogues; the number of faults decides the exit."""
    parts, faults = read_parts(HERE / "parts")
    used = dict(extracted())
    faults += [f"{where}: no {language} for {said!r}" for said, where, language in missing(used, parts)]
    faults += [f"{language} has other places: {said!r}" for said, language in unequal_places(parts)]
    unused = sorted(set(parts) - set(used))
    for language in LANGUAGES:
        write(language, used, parts)
    written, _, _ = REVIEW.read_text(encoding="utf-8").partition(PAGES)
    REVIEW.write_text(written + to_review(HERE / "parts"), encoding="utf-8")
    for line in faults:
        sys.stderr.write(f"{line}\n")
    for said in unused:
        sys.stderr.write(f"said nowhere: {said!r}\n")
    sys.stdout.write(f"{len(used)} sentences, {len(faults)} faults, {len(unused)} said nowhere\n")
    return 1 if faults else 0


def read_parts(folder: Path) -> tuple[Parts, list[str]]:
    """All parts as one; two rooms that say one sentence differently are a fault."""
    merged: Parts = {}
    faults: list[str] = []
    for file in sorted(folder.glob("*.json")):
        for said, translation in json.loads(file.read_text(encoding="utf-8")).items():
            before = merged.setdefault(said, translation)
            if before != translation:
                faults.append(f"parts/{file.name}: translated differently elsewhere: {said!r}")
    return merged, faults


def to_review(folder: Path) -> str:
    """Every Swahili sentence of the pages, and what it should say: those that a complainant reads first."""
    said = [PAGES, "", INTRODUCTION, ""]
    rank = {name: place for place, name in enumerate(READ_FIRST)}
    for file in sorted(folder.glob("*.json"), key=lambda file: (rank.get(file.stem, len(rank)), file.stem)):
        said += [f"### {file.stem}", "", "| read by | Swahili | French | English |", "|---|---|---|---|"]
        for english, one in sorted(json.loads(file.read_text(encoding="utf-8")).items()):
            texts = (forms(one.get("sw")), forms(one.get("fr")), (english, *forms(one.get("plural"))))
            cells = (" / ".join(each).replace("|", "\\|").replace("\n", " ") for each in texts)
            said.append(f"| {one.get('reviewed', TO_REVIEW)} | {' | '.join(cells)} |")
        said.append("")
    return "\n".join(said)


def extracted() -> Iterator[tuple[str, str]]:
    """Each sentence of the program and the file that says it."""
    with (ROOT / "config" / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    for file, _line, said, _comments, _context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        yield (said[0] if isinstance(said, tuple) else said), str(file)


def missing(used: dict[str, str], parts: Parts) -> Iterator[tuple[str, str, str]]:
    """Sentences without a translation: the sentence, where it is said, the language."""
    for said, where in sorted(used.items()):
        for language in COMPLETE:
            if not parts.get(said, {}).get(language):
                yield said, where, language


def unequal_places(parts: Parts) -> Iterator[tuple[str, str]]:
    """Translations that name other values than their sentence: they would fail in front of somebody."""
    for said, translation in parts.items():
        for language in LANGUAGES:
            for text in forms(translation.get(language)):
                if set(PLACE.findall(text)) != set(PLACE.findall(said)):
                    yield said, language


def forms(value: Any) -> tuple[str, ...]:
    """One text or both forms of a plural, as a tuple."""
    if not value:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def spaced(text: str, language: str) -> str:
    """French keeps a sign with the word before it: no line begins with « ; »."""
    return re.sub(r" ([;:?!»])", "\u00a0\\1", text).replace("« ", "«\u00a0") if language == "fr" else text


def write(language: str, used: dict[str, str], parts: Parts) -> None:
    """One language's catalogue, to read (.po) and to run (.mo); English says the sentence itself."""
    catalogue = Catalog(locale=language, project="grievance", fuzzy=False)
    for said in sorted(used):
        translation = parts.get(said, {})
        found = forms(translation.get(language))
        if "plural" in translation:
            said_so = (said, translation["plural"])
            catalogue.add(said_so, tuple(spaced(text, language) for text in found) or said_so)
        elif found or language == "en":
            catalogue.add(said, spaced(found[0], language) if found else said)
    folder = HERE / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "messages.po").open("wb") as file:
        write_po(file, catalogue, width=110, omit_header=True, sort_output=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)


if __name__ == "__main__":
    sys.exit(main())
