"""Does anything that reaches a company name the person, their words, their case or its code?"""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import delete

from grievance.actions import exports, referrals
from grievance.local.mailbox import Mailbox
from grievance.store.models import MemberKey
from grievance.vocabulary import RemedyKind
from tests import apps, desk_work, superuser
from tests.fixtures import Town
from tests.services import Services
from tests.stories import sweepers
from tests.web.canaries import NAME, STORY, betrayed, played, words_of, written_in
from tests.web.desk_pages import Desk, now, sit
from workers import mail
from workers.process import Process


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
    code, referral, canaries = played(town)
    manager, client = (sit(town, one.members[0]) for one in (town.world.provider, town.world.mine))

    said = _walk(manager, referral)
    for path in ("/company/", f"/company/referrals?code={referral}", f"/company/referrals?code={code}"):
        page = client.get(path)
        # Their own address is what they typed; nothing of ours may repeat it.
        said.append(page.text + str(page.page.headers))

    assert len(said) > 15
    assert desk_work.SUMMARY in "".join(said)
    assert betrayed(canaries, said) == set()


def test_no_mail_to_a_company_names_them_either_nor_to_the_client_after_a_climb(
    town: Town, tmp_path: Path
) -> None:
    _, _, canaries = played(town)
    later = sweepers.pass_time(town, now(), 60)
    mailbox = Mailbox(tmp_path / "mail")
    settings = apps.sweep_settings(town.database, town.redis_url, town.keys, town.recorded)
    sender = Process(
        town.app, settings.public_url, True, town.recorded, town.redis_url, smtp_url=mailbox.url,
        mail_from=settings.mail_from,
    )  # fmt: skip
    mail.send_waiting(sender, later)
    mailbox.close()

    letters = [written_in(file.read_bytes()) for file in (tmp_path / "mail").glob("*.eml")]
    for company in (town.world.provider, town.world.mine):
        own = {one.row.email for one in company.members}
        theirs = [letter for letter in letters if any(f"To: {address}" in letter for address in own)]
        assert theirs, company.row.name
        assert betrayed(canaries, theirs) == set()


def test_no_export_of_a_company_names_them(town: Town) -> None:
    _, referral, canaries = played(town)
    for company in (town.world.provider, town.world.mine):
        actor, kind = exports.exporter(company.row.name, "host-command")
        made = exports.export(actor, kind, written_as="csv", now=now())
        own = [referral] if company is town.world.provider else []
        assert [line["code"] for line in made.lines] == own
        assert betrayed(canaries, [str(made.fields), str(made.lines)]) == set()


def test_no_letter_to_a_company_names_them(town: Town, services: Services) -> None:
    keys = delete(MemberKey).where(MemberKey.organisation_id == town.world.provider.id)
    superuser.run(services, town, keys)  # nobody there can sign in
    _, referral, canaries = played(town)

    said = words_of(referrals.letter(referral, actor=town.world.desk.actor, now=now()))
    assert referral in said
    assert desk_work.SUMMARY in " ".join(said.split())
    assert betrayed(canaries, [said]) == set()


def test_the_canaries_are_found_in_a_mail_however_it_is_written() -> None:
    for writing in ("quoted-printable", "base64", "8bit"):
        letter = EmailMessage()
        letter["Subject"] = f"À propos de {NAME}"
        letter.set_content(f"{'é' * 22} {STORY}", charset="utf-8", cte=writing)
        assert betrayed({NAME, "Canari-histoire"}, [written_in(letter.as_bytes())]) == {
            NAME, "Canari-histoire"
        }


def test_the_canaries_are_found_where_a_text_breaks_its_lines() -> None:
    assert betrayed({NAME, "4F2K-77"}, [NAME.replace(" ", "\n  "), "x 4F2K-77."]) == {NAME, "4F2K-77"}
    assert betrayed({NAME}, ["Kabwe"]) == set()
