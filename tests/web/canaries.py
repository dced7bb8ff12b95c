"""What must a company never be told? Words that stand nowhere but in a case, its code and its id."""

from __future__ import annotations

from collections.abc import Iterable
from email import message_from_bytes, policy
from html import unescape
from io import BytesIO

from pypdf import PdfReader
from werkzeug.test import TestResponse

from grievance.actions import cases
from grievance.store import queries
from grievance.store.session import transaction
from tests import desk_work
from tests.fixtures import Town
from tests.web.desk_pages import now, sit

NAME, NUMBER = "Kabwe-Canari Mutombo", "+243880099871"
STORY = "Canari-histoire : on m'a frappé au portail nord à l'aube."
NOTE = "Canari-note : la voisine confirme."
# What else is asked of a person; a company is told none of it.
ALSO_TOLD = {
    "near": "Canari-lieu : derrière l'école", "clue_text": "Canari-indice : une plaque bleue",
    "wished": "Canari-souhait : des excuses",
}  # fmt: skip
TOLD = "Canari-message : nous vous rappelons demain."


def played(town: Town) -> tuple[str, str, set[str]]:
    """A case with everything a company must not see, referred; its code, the referral's, and the canaries."""
    desk = town.world.desk.actor
    code = desk_work.opened(town, now(), story=STORY, name=NAME, phone=NUMBER, **ALSO_TOLD)
    cases.note(code, NOTE, actor=desk, now=now())
    cases.write(code, TOLD, actor=desk, now=now())
    with transaction(desk) as session:
        case_id = str(queries.case_by_code(session, code).id)
    from_desk = sit(town, town.world.desk.members[0]).case(code)
    from_desk.do(
        "refer", organisation_id=str(town.world.provider.id), kind="ordinary", summary=desk_work.SUMMARY,
        summary_read="true", people_it_could_be="40", safe_if_guessed="true",
    )  # fmt: skip
    referral = from_desk.text.split('id="r-')[1][:7]
    words = {NAME, "Kabwe", NUMBER, NUMBER[4:], "Canari", code, code.replace("-", ""), case_id}
    return code, referral, words | {case_id.replace("-", "")}


def told_by(answer: TestResponse) -> str:
    """Everything that an answer says: its headers, and its body or, of a PDF, its words."""
    body = answer.get_data()
    return f"{answer.headers}\n{words_of(body) if body.startswith(b'%PDF-') else unescape(answer.text)}"


def written_in(mail: bytes) -> str:
    """What somebody reads who opens a mail: every header, and the text out of the writing it is sent in."""
    letter = message_from_bytes(mail, policy=policy.default)
    headers = [f"{name}: {told}" for name, told in letter.items()]
    parts = [str(part.get_content()) for part in letter.walk() if not part.is_multipart()]
    return "\n".join([*headers, *parts])


def words_of(pdf: bytes) -> str:
    """The text of every page, and what the file says of itself."""
    reader = PdfReader(BytesIO(pdf))
    more = reader.xmp_metadata.stream.get_data().decode() if reader.xmp_metadata else ""
    return "\n".join([*(page.extract_text() for page in reader.pages), str(reader.metadata), more])


def betrayed(canaries: Iterable[str], said: Iterable[str]) -> set[str]:
    """The canaries that were said; a text may break its lines anywhere."""
    joined = [one + " ".join(one.split()) for one in said]
    return {word for word in canaries for one in joined if word in one}
