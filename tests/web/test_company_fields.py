"""Does anything that reaches a company name the person, their words, their case or its code?"""

from __future__ import annotations

from pathlib import Path

from grievance.actions import cases
from grievance.local.mailbox import Mailbox
from grievance.store import queries
from grievance.store.session import transaction
from grievance.vocabulary import RemedyKind
from tests import apps, desk_work
from tests.fixtures import Town
from tests.web.desk_pages import Desk, now, sit
from workers import mail
from workers.process import Process

NAME, NUMBER = "Kabwe-Canari Mutombo", "+243880099871"
STORY = "Canari-histoire : on m'a frappé au portail nord à l'aube."
NOTE = "Canari-note : la voisine confirme."
TOLD = "Canari-message : nous vous rappelons demain."


def _played(town: Town) -> tuple[str, str, set[str]]:
    """A case with everything a company must not see, referred; its code, the referral's, and the canaries."""
    desk = town.world.desk.actor
    code = desk_work.opened(town, now(), story=STORY, name=NAME, phone=NUMBER)
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


def _walk(page: Desk, referral: str) -> list[str]:
    """Every address of the room, every move, and what is said when one is refused."""
    said = []

    def took(one: Desk) -> Desk:
        said.append(one.text + str(one.page.headers) + one.page.request.path)
        return one

    own = f"/company/referrals?code={referral}"
    for path in ("/company/", "/company/?show=over", "/members", "/room", own):
        took(page.get(path))
    took(page.do("acknowledge"))
    took(page.do("ask", text="De quel portail s'agit-il ?"))
    took(page.do("extend", days="59", reason="Absent."))
    took(page.get(f"/company/referrals?code={referral}").do("answer", text="  "))
    took(page.do("answer", text="Deux gardes étaient là."))
    took(page.do("promise_remedy", kind=RemedyKind.MEDICAL_COSTS.value, text="Les soins."))
    took(page.do("deliver_remedy", proof="Reçu 114."))
    for path in ("/company/referrals?code=2222-22", "/company/no", "/desk/", "/oversight/statistics.csv"):
        took(page.get(path))
    return said


def test_no_answer_to_a_company_names_the_person_the_case_or_its_code(town: Town) -> None:
    code, referral, canaries = _played(town)
    manager, client = (sit(town, one.members[0]) for one in (town.world.provider, town.world.mine))

    said = _walk(manager, referral)
    for path in ("/company/", f"/company/referrals?code={referral}", f"/company/referrals?code={code}"):
        page = client.get(path)
        # Their own address is what they typed; nothing of ours may repeat it.
        said.append(page.text + str(page.page.headers))

    assert len(said) > 15
    assert desk_work.SUMMARY in "".join(said)
    found = {word for word in canaries for one in said if word in one}
    assert found == set()


def test_no_mail_to_a_company_names_them_either(town: Town, tmp_path: Path) -> None:
    _, _, canaries = _played(town)
    mailbox = Mailbox(tmp_path / "mail")
    settings = apps.sweep_settings(town.database, town.redis_url, town.keys, town.recorded)
    sender = Process(
        town.app, settings.public_url, True, town.recorded, town.redis_url, smtp_url=mailbox.url,
        mail_from=settings.mail_from,
    )  # fmt: skip
    mail.send_waiting(sender, now())
    mailbox.close()

    company = {one.row.email for one in town.world.provider.members}
    letters = [file.read_text() for file in (tmp_path / "mail").glob("*.eml")]
    theirs = [letter for letter in letters if any(f"To: {address}" in letter for address in company)]
    assert theirs
    assert {word for word in canaries for letter in theirs if word in letter} == set()
