"""Does a photograph arrive, sealed and written down, and is what is none refused in plain words?"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from grievance.actions import retention
from grievance.cleaning.kinds import LARGEST
from grievance.store.files import PIECE
from grievance.store.models import Entry, Evidence, EvidencePiece, JournalLine
from grievance.vocabulary import EntryKind
from grievance.web import effort, leaving
from tests.cleaning import strange_files as made
from tests.fixtures import Town
from tests.web.public_pages import Visitor, visitor
from tests.web.test_public_follow import rows

FILES = "/fr/suivi/fichiers"


@pytest.fixture
def person(town: Town) -> Visitor:
    """Somebody who reported, and went from the page with the receipt straight to the files."""
    reporter = visitor(town.app).answer_all(lieu_site=str(town.world.site.id), lieu_province="Lualaba")
    sent = reporter.send().do("come_back")
    assert sent.page.request.path == FILES
    return sent


def send(person: Visitor, data: bytes, name: str) -> TestResponse:
    """Sends one file by the plain form, and follows to the page that comes."""
    return sent(person, token_of(person), data, name)


def sent(person: Visitor, token: str, data: bytes, name: str) -> TestResponse:
    """A form as a browser writes it, in memory."""
    edge = "----a-browsers-edge"
    part = f'--{edge}\r\nContent-Disposition: form-data; name="'
    body = (
        f'{part}csrf_token"\r\n\r\n{token}\r\n{part}fichier"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode() + data + f"\r\n--{edge}--\r\n".encode()  # fmt: skip
    person.page = person.client.post(
        FILES, data=body, content_type=f"multipart/form-data; boundary={edge}", follow_redirects=True
    )
    return person.page


def token_of(person: Visitor) -> str:
    """The form's token, as the page's script reads it."""
    person.get(FILES)
    return next(form for form in person.forms() if form["does"] == "add_file")["hidden"]["csrf_token"]


def test_a_photograph_arrives_and_its_fingerprint_stands_in_the_journal(town: Town, person: Visitor) -> None:
    photo = made.photo()

    answer = send(person, photo, "morsure.jpg")

    assert answer.status_code == 200
    assert "Photo: morsure.jpg" in person.text
    line = rows(town, JournalLine, JournalLine.move == "file_added")[0]
    assert line.commitment == hashlib.sha256(photo).digest()
    assert line.actor == "complainant"


def test_nothing_of_a_file_stands_in_clear(town: Town, person: Visitor) -> None:
    photo = made.photo()

    send(person, photo, "morsure-kanyinda.jpg")

    pieces = rows(town, EvidencePiece)
    kept = b"".join(piece.sealed for piece in pieces) + rows(town, Evidence)[0].sealed_label
    assert {len(piece.sealed) for piece in pieces if piece.number == 0} == {PIECE + 1 + 24 + 16}
    # Nothing shorter: three bytes stand in a hundred thousand of any ciphertext once in a hundred runs.
    for clear in (b"kanyinda", photo[2000:2040], b"Telephone Exemple", photo[:11]):
        assert clear not in kept


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        pytest.param(made.SCRIPT_DRAWING, "dessin.svg", "ce genre de fichier", id="a drawing with script"),
        pytest.param(made.SCRIPT_DRAWING, "dessin.jpg", "ce genre de fichier", id="the same, called a photo"),
        pytest.param(made.archive(), "photos.zip", "ce genre de fichier", id="an archive"),
        pytest.param(b"MZ" + bytes(4000), "photo.jpg", "ce genre de fichier", id="a program"),
        pytest.param(made.paper(), "photo.jpg", "dit autre chose", id="a paper called a photograph"),
        pytest.param(made.photo(), "papier.pdf", "dit autre chose", id="a photograph called a paper"),
        pytest.param(made.photo(), "photo.html", "dit autre chose", id="a photograph called a page"),
        pytest.param(made.photo()[:9000], "photo.jpg", "abîmé ou incomplet", id="half a photograph"),
        pytest.param(made.whole_film()[:40_000], "film.mp4", "abîmé ou incomplet", id="a cut film"),
        pytest.param(made.film(6)[:200_000], "film.mp4", "abîmé ou incomplet", id="a film that still plays"),
        pytest.param(made.paper()[:400], "papier.pdf", "abîmé ou incomplet", id="half a paper"),
        pytest.param(made.giant_png(), "photo.png", "trop lourd", id="2,500 million points"),
        pytest.param(made.paper_bomb(200), "papier.pdf", "trop lourd", id="a paper bomb"),
        pytest.param(made.paper_bomb(200, 3), "papier.pdf", "trop lourd", id="a paper bomb in a bomb"),
        pytest.param(made.photo() + made.archive(), "photo.jpg", "caché", id="a photograph and an archive"),
        pytest.param(made.photo() + made.paper(), "photo.jpg", "caché", id="a photograph and a paper"),
        pytest.param(made.photo() + b"<script>a()</script>", "a.jpg", "caché", id="a photograph and script"),
        pytest.param(b"", "vide.jpg", "vide", id="nothing"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_in_plain_words_and_leaves_nothing(
    town: Town, person: Visitor, data: bytes, name: str, sentence: str
) -> None:
    answer = send(person, data, name)

    assert answer.status_code == 422
    assert sentence in re.sub(r"<[^>]+>", "", person.text)
    assert rows(town, Evidence) == rows(town, EvidencePiece) == []


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(made.photo(form="PNG"), "a.png", id="png"),
        pytest.param(made.photo(form="WEBP"), "a.jpg", id="webp called jpg, as messengers do"),
        pytest.param(made.photo(form="GIF"), "a.gif", id="gif"),
        pytest.param(made.photo(), "sans-nom", id="no ending"),
        pytest.param(made.paper(script=True, files=True, photos=True), "certificat.pdf", id="pdf"),
        pytest.param(made.voice(), "voix.wav", id="wav"),
        pytest.param(made.whole_film(), "film.mp4", id="mp4"),
        pytest.param(made.film(form="webm"), "film.webm", id="webm"),
        pytest.param(made.photo() + made.whole_film(), "mouvante.jpg", id="a telephone's moving photograph"),
    ],
)  # fmt: skip
def test_what_people_have_on_their_phones_is_taken(
    town: Town, person: Visitor, data: bytes, name: str
) -> None:
    answer = send(person, data, name)

    assert answer.status_code == 200
    assert len(rows(town, Evidence, Evidence.received_at.is_not(None))) == 1


def test_more_than_ten_megabytes_is_refused_on_the_same_page(town: Town, person: Visitor) -> None:
    for size, status in ((10 * 1024 * 1024 + 1, 422), (13 * 1024 * 1024, 413)):
        answer = send(person, bytes(size), "film.mp4")

        assert answer.status_code == status
        assert "dépasse 10 Mo" in person.text
    assert rows(town, Evidence) == []


def test_five_files_just_under_ten_megabytes_are_taken(town: Town, person: Visitor) -> None:
    photo = made.largest_photo()
    assert LARGEST - 16 * 1024 < len(photo) <= LARGEST

    for number in range(5):
        assert send(person, photo, f"{number}.png").status_code == 200

    digests = {line.commitment for line in rows(town, JournalLine, JournalLine.move == "file_added")}
    assert digests == {hashlib.sha256(photo).digest()}
    assert len(rows(town, Evidence, Evidence.received_at.is_not(None))) == 5


def test_a_sixth_file_is_refused_and_the_form_is_gone(town: Town, person: Visitor) -> None:
    token = token_of(person)
    for number in range(5):
        assert send(person, made.photo((32 + number, 32)), f"{number}.jpg").status_code == 200

    assert "add_file" not in {form["does"] for form in person.forms()}
    assert sent(person, token, made.photo((99, 9)), "6.jpg").status_code == 422
    assert "cinq fichiers" in person.text
    assert len(rows(town, Evidence)) == 5


class Script:
    """What the page's script does: begins, sends pieces, ends."""

    def __init__(self, person: Visitor) -> None:
        self.person, self.token = person, token_of(person)

    def post(self, path: str, **more: object) -> TestResponse:
        head = {"X-CSRFToken": self.token}
        return self.person.client.post(f"{FILES}/{path}", headers=head, **more)

    def begin(self, key: UUID, data: bytes, name: str = "p.jpg") -> int:
        return self.post(f"{key}/debut", data={"nom": name, "taille": len(data)}).json["here"]

    def piece(self, key: UUID, data: bytes, at: int) -> int:
        part = data[at : at + PIECE]
        answer = self.post(f"{key}/morceau?a={at}", data=part, content_type="application/octet-stream")
        return answer.json["here"]


def test_a_cut_upload_goes_on_where_it_was_and_is_one_file(town: Town, person: Visitor) -> None:
    photo, key = made.photo((900, 700)), uuid4()
    script = Script(person)
    assert script.begin(key, photo) == 0
    here = script.piece(key, photo, 0)
    assert here == PIECE
    assert script.piece(key, photo, 0) == PIECE, "the same piece twice changes nothing"
    assert script.piece(key, photo, 2 * PIECE) == PIECE, "a piece that does not follow is asked for again"
    cut = script.post(f"{key}/morceau?a={PIECE}", data=b"half", content_type="application/octet-stream")
    assert cut.json == {"here": PIECE}

    again = Script(person)  # the page was opened anew
    here = again.begin(key, photo)
    assert here == PIECE
    assert again.post(f"{key}/fin").json == {"done": False}
    while here < len(photo):
        here = again.piece(key, photo, here)
    assert again.post(f"{key}/fin").json == {"done": True}
    assert again.post(f"{key}/fin").json == {"done": True}
    assert again.begin(key, photo) == len(photo)

    assert len(rows(town, Evidence)) == len(rows(town, Entry, Entry.kind == EntryKind.FILE)) == 1
    line = rows(town, JournalLine, JournalLine.move == "file_added")
    assert [one.commitment for one in line] == [hashlib.sha256(photo).digest()]


def test_what_was_never_finished_goes_after_a_day_and_a_kept_file_stays(town: Town, person: Visitor) -> None:
    assert send(person, made.photo(), "a.jpg").status_code == 200
    photo, key = made.photo((900, 700)), uuid4()
    script = Script(person)
    script.piece(key, photo, script.begin(key, photo))
    now = datetime.now(UTC)

    assert retention.clear_mail_and_sessions(now)["unfinished_file"] == 0
    assert retention.clear_mail_and_sessions(now + timedelta(days=2))["unfinished_file"] == 1

    (kept,) = rows(town, Evidence)
    assert kept.received_at is not None
    assert {piece.evidence_id for piece in rows(town, EvidencePiece)} == {kept.id}


def test_a_refused_upload_is_forgotten_and_says_why(town: Town, person: Visitor) -> None:
    bomb, key, script = made.giant_png(), uuid4(), Script(person)
    here = script.begin(key, bomb, "p.png")
    while here < len(bomb):
        here = script.piece(key, bomb, here)

    answer = script.post(f"{key}/fin")

    assert answer.status_code == 422
    assert "trop lourd" in answer.json["told"]
    assert rows(town, Evidence) == rows(town, EvidencePiece) == []


def test_nobody_writes_into_another_persons_file(town: Town, person: Visitor) -> None:
    photo, key = made.photo(), uuid4()
    assert Script(person).begin(key, photo) == 0
    stranger = visitor(town.app).answer_all(lieu_province="Lualaba").send().do("come_back")
    other = Script(stranger)

    for path in (f"{key}/morceau?a=0", f"{key}/fin", f"{uuid4()}/fin"):
        assert other.post(path, data=b"x", content_type="application/octet-stream").status_code == 404
    assert other.post(f"{key}/debut", data={"nom": "a", "taille": 5}).status_code == 404
    assert rows(town, EvidencePiece) == []


def test_without_the_forms_token_nothing_is_taken(town: Town, person: Visitor) -> None:
    answer = person.client.post(f"{FILES}/{uuid4()}/debut", data={"nom": "a", "taille": 5})

    assert answer.status_code == 400
    assert rows(town, Evidence) == []


def test_the_microphone_is_allowed_on_the_page_that_records_and_nowhere_else(person: Visitor) -> None:
    here = person.get(FILES).page.headers
    elsewhere = person.get("/fr/suivi/dossier").page.headers

    assert "microphone=(self)" in here["Permissions-Policy"]
    assert "camera=()" in here["Permissions-Policy"]
    assert "connect-src 'self'" in here["Content-Security-Policy"]
    assert f"script-src 'self' {leaving.SOURCE} {effort.SOURCE};" in here["Content-Security-Policy"]
    assert "microphone=()" in elsewhere["Permissions-Policy"]
    assert "connect-src" not in elsewhere["Content-Security-Policy"]
