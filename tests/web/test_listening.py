"""Can somebody who does not read hear each question, and is nothing shown where nothing is recorded?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask_babel import force_locale, gettext

from grievance import recordings
from grievance.recordings import LARGEST, Recordings
from grievance.web.public.listening import EXTENSION
from tests.fixtures import Town
from tests.web import sounds
from tests.web.public_pages import PAGES, Visitor, visitor
from tests.web.test_public_follow import answer_relayed
from tests.web.test_public_own_page import came_back
from translations import recordings as report

PLAYER = re.compile(r'<audio [^>]*preload="none" src="([^"]+)" aria-label="([^"]+)"')


@pytest.fixture
def all_recorded(town: Town, tmp_path: Path) -> Iterator[Path]:
    """A town where every question was recorded in both languages; afterwards nothing is, as before."""
    before = town.app.extensions[EXTENSION]
    town.app.extensions[EXTENSION] = sounds.all_recorded(tmp_path)
    yield tmp_path
    town.app.extensions[EXTENSION] = before


def _pages(town: Town, lang: str) -> Iterator[str]:
    """The pages of a report, and the two that lead into it."""
    someone = visitor(town.app, lang)
    yield someone.get(f"/{lang}/").text
    yield someone.get(f"/{lang}/suivi").text
    for page in PAGES:
        yield someone.get(f"/{lang}/plainte/{page}").text


@pytest.mark.parametrize("lang", recordings.SPOKEN)
def test_each_question_can_be_heard_once_it_is_recorded_in_its_language(
    town: Town, all_recorded: Path, lang: str
) -> None:
    heard: dict[str, str] = {}
    for text in _pages(town, lang):
        for address, words in PLAYER.findall(text):
            name = re.search(r"/ecouter/(\w+)\.mp3", address)[1]
            assert name not in heard, "a question has one recording, and stands on one page"
            heard[name] = words
            assert address.startswith(f"/{lang}/ecouter/")
            with town.app.test_client().get(unescape(address)) as sound:
                assert (sound.status_code, sound.mimetype) == (200, "audio/mpeg")
                assert sound.data == (all_recorded / lang / f"{name}.mp3").read_bytes()
                assert "immutable" in sound.headers["Cache-Control"]
                assert "Set-Cookie" not in sound.headers
    # "settle" is asked on the page of a case that was answered: the next test.
    assert set(recordings.questions()) - set(heard) == {"settle"}
    with town.app.test_request_context(), force_locale(lang):
        for name, words in heard.items():
            said = recordings.questions()[name][0]
            assert gettext(said).replace("\u00a0", " ") in unescape(words).replace("\u00a0", " "), name


def test_an_answer_that_was_told_can_be_judged_by_ear(town: Town, all_recorded: Path) -> None:
    person = came_back(town)
    answer_relayed(town, person)

    asked = PLAYER.findall(person.get("/fr/suivi/dossier").text)
    assert [words for _address, words in asked] == ["Écouter : Cette réponse vous va-t-elle ?"]
    assert asked[0][0].startswith("/fr/ecouter/settle.mp3")


@pytest.mark.parametrize("lang", recordings.SPOKEN)
def test_without_a_recording_there_is_nothing_to_press(town: Town, lang: str) -> None:
    assert not any("<audio" in text for text in _pages(town, lang))
    assert town.app.test_client().get(f"/{lang}/ecouter/lieu.mp3").status_code == 404


def test_a_recording_in_one_language_is_not_played_in_the_other(town: Town, all_recorded: Path) -> None:
    (all_recorded / "sw" / "lieu.mp3").unlink()
    town.app.extensions[EXTENSION] = Recordings.read(all_recorded)

    someone: Visitor = visitor(town.app, "sw")
    assert "lieu.mp3" not in someone.get("/sw/plainte/lieu").text
    assert "/fr/ecouter/lieu.mp3" in someone.get("/fr/plainte/lieu").text


def test_what_is_missing_is_told_with_the_words_to_say(
    all_recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (all_recorded / "fr" / "lieu.mp3").unlink()

    assert report.main(all_recorded) == 0
    said = capsys.readouterr().out
    asked = len(recordings.questions())
    assert f"fr: {asked - 1} of {asked} recorded" in said
    assert f"sw: {asked} of {asked} recorded" in said
    assert said.count("missing") == 1
    assert "missing fr/lieu.mp3: Où cela s'est-il passé" in said.replace("’", "'")


def test_a_file_that_no_phone_can_play_is_refused_and_never_offered(
    all_recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (all_recorded / "fr" / "lieu.mp3").write_bytes(b"<html>no sound</html>")
    (all_recorded / "fr" / "qui.mp3").write_bytes(b"ID3" + bytes(LARGEST))
    (all_recorded / "fr" / "nothing.mp3").write_bytes(b"ID3")

    assert report.main(all_recorded) == 1
    told = capsys.readouterr().err
    assert "fr/lieu.mp3: it is no MP3" in told
    assert f"fr/qui.mp3: {LARGEST + 3} bytes" in told
    assert "fr/nothing.mp3: its name is not that of a question" in told
    assert Recordings.read(all_recorded).of("fr", "qui") is None


def test_what_lies_in_the_repository_can_be_played() -> None:
    assert report.main() == 0
