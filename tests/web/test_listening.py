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
from tests.web import every_page, sounds
from tests.web.public_pages import PAGES, Visitor, visitor
from tests.web.test_public_follow import answer_relayed
from tests.web.test_public_own_page import came_back
from translations import recordings as report

PLAYER = re.compile(r'<audio [^>]*preload="none" src="([^"]+)" aria-label="([^"]+)"')


ADDRESS = re.compile(r"/ecouter/(\w+)\.mp3")
# What needs no player of its own, and why.
EXEMPT = {
    name: "a number in the question of how many people were harmed, which is heard above it"
    for name in ("personnes", "femmes", "hommes", "enfants")
}


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
            name = ADDRESS.search(address)[1]
            assert name not in heard, "a question has one recording, and stands on one page"
            heard[name] = words
            assert address.startswith(f"/{lang}/ecouter/")
            with town.app.test_client().get(unescape(address)) as sound:
                assert (sound.status_code, sound.mimetype) == (200, "audio/mpeg")
                assert sound.data == (all_recorded / lang / f"{name}.mp3").read_bytes()
                assert "immutable" in sound.headers["Cache-Control"]
                assert "Set-Cookie" not in sound.headers
    assert heard
    _say_what_is_recorded(town, lang, heard)


def _say_what_is_recorded(town: Town, lang: str, heard: dict[str, str]) -> None:
    with town.app.test_request_context(), force_locale(lang):
        for name, words in heard.items():
            said = recordings.questions()[name][0]
            assert gettext(said).replace("\u00a0", " ") in unescape(words).replace("\u00a0", " "), name


@pytest.mark.parametrize("lang", recordings.SPOKEN)
def test_whatever_a_page_asks_can_be_heard_where_it_is_asked(
    town: Town, all_recorded: Path, lang: str
) -> None:
    heard: dict[str, str] = {}
    silent: set[str] = set()
    person = visitor(town.app, lang)
    for _ in every_page.walk(town, person):
        players = PLAYER.findall(person.text)
        assert len(players) == len({address for address, _words in players}), "each stands once on a page"
        heard |= {ADDRESS.search(address)[1]: words for address, words in players}
        silent |= set(_asked_in_silence(person.text))

    assert set(heard) == set(recordings.questions()), "what is recorded is asked somewhere"
    assert silent == set(EXEMPT)
    _say_what_is_recorded(town, lang, heard)


def _asked_in_silence(page: str) -> Iterator[str]:
    """The fields whose legend or label no player follows, by their names without a referral's id."""
    for between in re.findall(r"</legend>(.*?<input[^>]*>)", page, re.DOTALL):
        if "<audio" not in between:
            yield re.search(r'name="(\w+)"', between)[1]
    for name, between in re.findall(r'<label for="([\w-]+)">(.*?)<(?:input|textarea)\b', page, re.DOTALL):
        if "<audio" not in between:
            yield re.sub(r"-[0-9a-f]{8}-.*", "", name)


def test_an_answer_that_was_told_can_be_judged_by_ear(town: Town, all_recorded: Path) -> None:
    person = came_back(town)
    answer_relayed(town, person)

    asked = PLAYER.findall(person.get("/fr/suivi/dossier").text)
    heard = {ADDRESS.search(address)[1]: words for address, words in asked}
    assert heard["settle"] == "Écouter : Cette réponse vous va-t-elle ?"


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


def test_a_recording_is_never_more_than_twenty_five_kilobytes() -> None:
    assert LARGEST <= 25 * 1024


def test_what_lies_in_the_repository_can_be_played() -> None:
    assert report.main() == 0
