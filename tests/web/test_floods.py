"""When very much comes at once, does each person still get a receipt, and nobody a closed door?"""

from __future__ import annotations

import hashlib
import itertools
import re
from datetime import UTC, datetime, timedelta

import pytest
import redis

from config.retention import load_retention
from grievance.actions import alarms, quarantine, retention
from grievance.actions.alarms import Alarm
from grievance.rules import floods as rules
from grievance.rules.floods import LIMITS, Knock
from grievance.store import receipts
from grievance.store.models import Apart, ApartState, Case, Outbox
from grievance.store.session import transaction
from grievance.store.tallies import SOON, Tallies, bucket
from grievance.vocabulary import Severity
from grievance.wording_mail import MailTemplate
from tests.fixtures import Town
from tests.services import Services
from tests.web.desk_pages import sit
from tests.web.public_pages import STORY, Visitor, visitor

ADDRESS = "127.0.0.1"


def knocked(town: Town, kind: Knock, times: int, address: str = ADDRESS) -> None:
    """So many came from an address before, even if the ten minutes counted together end in the test."""
    counts, now = Tallies(town.redis_url), datetime.now(UTC)
    for at in (now, now + SOON):
        for _ in range(times):
            counts.knock(kind, bucket(town.keys.bucket, address, at), at)


def sum_on(person: Visitor) -> str:
    """The answer to the question on the open page."""
    first, second = re.search(r"Combien font (\d+) et (\d+)", person.text).groups()
    return str(int(first) + int(second))


def rows(town: Town, services: Services, table: type) -> int:
    """How many rows of a table there are, whoever may see them."""
    with services.connect(town.database.name) as superuser:
        return superuser.execute(f"select count(*) from {table.__tablename__}").fetchone()[0]  # noqa: S608


def busy_reports(town: Town) -> None:
    knocked(town, Knock.REPORT, LIMITS[Knock.REPORT].ask_soon + 1)


def test_a_village_behind_one_address_is_asked_a_sum_and_then_reports_as_ever(
    town: Town, services: Services
) -> None:
    busy_reports(town)
    person = visitor(town.app).answer_all()
    person.send(somme=sum_on(person))

    assert person.page.status_code == 200
    assert person.code
    assert (rows(town, services, Case), rows(town, services, Apart)) == (1, 0)


def test_a_telephone_with_script_answers_by_its_own_work(town: Town, services: Services) -> None:
    busy_reports(town)
    person = visitor(town.app).answer_all()
    seed = bytes.fromhex(re.search(r'data-effort="([0-9a-f]+)"', person.text)[1])
    effort = next(str(number) for number in itertools.count() if rules.worked(seed, str(number)))
    person.send(effort=effort)

    assert person.code
    assert rows(town, services, Case) == 1


def test_an_answer_is_asked_for_twice_and_a_report_without_one_is_kept_with_a_receipt(
    town: Town, services: Services
) -> None:
    busy_reports(town)
    person = visitor(town.app).answer_all(faits="dog_attack")
    person.send(somme="99")
    assert person.page.status_code == 422
    assert "Ce n'est pas le bon total" in person.text
    person.send()

    assert person.page.status_code == 200
    assert len(person.receipt) == 16
    assert "vaccin" in person.text, "help that cannot wait is shown whatever the lane"
    assert (rows(town, services, Case), rows(town, services, Apart)) == (0, 1)

    # Whoever comes back is told that it lies there, by the receipt alone.
    person.come_back(person.receipt)
    assert person.page.status_code == 200
    assert "Votre message est chez nous" in person.text


def kept_apart(town: Town, story: str = STORY, **more: str) -> Visitor:
    """A report that answered nothing, sent in a flood."""
    person = visitor(town.app).answer_all(recit=story, **more)
    return person.send().send()


def test_the_same_form_sent_twice_lies_there_once_and_other_words_are_not_lost(
    town: Town, services: Services
) -> None:
    busy_reports(town)
    person = visitor(town.app).answer_all()
    person.send()
    check = person.page
    receipt = person.send().receipt
    person.page = check
    assert person.send().receipt == receipt
    assert rows(town, services, Apart) == 1
    person.page = check
    person.send(vers="recit").send(recit="Ils sont revenus.")
    person.send()
    assert rows(town, services, Apart) == 2

    desk = town.world.desk.actor
    bundles = quarantine.seen(desk)
    assert quarantine.keep([one for each in bundles for one in each.ids], actor=desk, now=now()) == 2
    assert (rows(town, services, Case), rows(town, services, Apart)) == (1, 0)
    person.come_back(receipt)
    assert STORY in person.text
    assert "Ils sont revenus." in person.text


def now() -> datetime:
    """This instant."""
    return datetime.now(UTC)


def test_what_the_desk_keeps_becomes_a_case_with_clocks_from_the_hour_it_came(
    town: Town, services: Services
) -> None:
    busy_reports(town)
    person = kept_apart(town)
    earlier = now() - timedelta(hours=20)
    with services.connect(town.database.name) as superuser:
        superuser.execute("update quarantine set received_at = %s", (earlier,))
    desk = sit(town, town.world.desk.members[0]).get("/desk/")
    assert "1 message est arrivé en masse" in desk.text
    desk.get("/desk/quarantine")
    assert STORY in desk.text
    ids = re.search(r'name="ids" id="b1" value="([^"]+)"', desk.text)[1]
    desk.do("keep_apart", ids=ids)

    assert "1 message est maintenant un dossier" in desk.text
    with transaction(town.world.desk.actor) as session:
        (case,) = session.query(Case).all()
    assert case.received_at == earlier
    person.come_back(person.receipt)
    assert STORY in person.text


def test_a_desk_sets_the_same_words_aside_at_once_and_can_still_keep_them(
    town: Town, services: Services
) -> None:
    busy_reports(town)
    people = [kept_apart(town, "Achetez chez nous") for _ in range(3)]
    desk = sit(town, town.world.desk.members[0]).get("/desk/quarantine")
    ids = re.search(r'name="ids" id="b1" value="([^"]+)"', desk.text)[1]
    assert len(ids.split()) == 3
    form = desk.forms()[-1]
    desk.page = desk.client.post(
        "/desk/quarantine/set_aside", data={**form["hidden"], "ids": ids}, follow_redirects=True
    )
    assert "3 messages ont été écartés" in desk.text

    people[0].come_back(people[0].receipt)
    assert "dites-le-nous encore" in people[0].text
    desk.get("/desk/quarantine?set_aside=1").do("keep_apart", ids=ids)
    assert (rows(town, services, Case), rows(town, services, Apart)) == (3, 0)


def test_no_other_organisation_sees_what_is_kept_apart(town: Town) -> None:
    busy_reports(town)
    kept_apart(town)

    assert quarantine.count(town.world.desk.actor) == 1
    for stranger in (town.world.backup, town.world.mine, town.world.overseer, town.world.host):
        assert quarantine.count(stranger.actor) == 0
        assert quarantine.seen(stranger.actor) == ()


def test_a_restricted_report_in_a_flood_tells_its_lane_alone(town: Town) -> None:
    busy_reports(town)
    kept_apart(town, faits="sexual_violence")

    (one,) = quarantine.seen(town.world.desk.outside_lanes)
    assert (one.report, one.severity) == (None, Severity.NOW)
    assert quarantine.keep(one.ids, actor=town.world.desk.outside_lanes, now=now()) == 0
    (opened,) = quarantine.seen(town.world.desk.actor)
    assert opened.report.story == STORY
    assert quarantine.keep(one.ids, actor=town.world.desk.actor, now=now()) == 1


def test_danger_in_a_flood_calls_whoever_is_on_duty_once_an_hour(town: Town, services: Services) -> None:
    busy_reports(town)
    for number in range(3):
        kept_apart(town, f"Au secours {number}", danger="oui")

    with services.connect(town.database.name) as superuser:
        found = superuser.execute(
            f"select count(*) from {Outbox.__tablename__} where template = %s and audience = 'duty'",  # noqa: S608
            (MailTemplate.QUARANTINE.value,),
        ).fetchone()
    assert found == (1,)


def test_what_waits_for_more_than_a_day_is_an_alarm(town: Town, services: Services) -> None:
    busy_reports(town)
    kept_apart(town)
    assert alarms.raised(now()) == ()
    assert alarms.raised(now() + timedelta(hours=25)) == (Alarm.QUARANTINE_LATE,)
    assert "quarantine_late" not in town.app.test_client().get("/readyz").json["reasons"]


def test_what_was_set_aside_is_forgotten_when_the_policy_says_so_and_shown_before(
    town: Town, services: Services
) -> None:
    busy_reports(town)
    kept_apart(town)
    desk = town.world.desk.actor
    quarantine.set_aside(quarantine.seen(desk)[0].ids, actor=desk, now=now())
    kept = load_retention().set_aside
    assert retention.clear_mail_and_sessions(now() + kept - timedelta(days=1))["set_aside"] == 0
    assert len(quarantine.seen(desk, state=ApartState.SET_ASIDE)) == 1
    over = now() + kept + timedelta(days=1)
    assert retention.clear_mail_and_sessions(over, dry=True)["set_aside"] == 1
    assert rows(town, services, Apart) == 1
    assert retention.clear_mail_and_sessions(over)["set_aside"] == 1
    assert rows(town, services, Apart) == 0


def test_who_tries_many_receipts_answers_a_sum_and_then_gets_in(town: Town) -> None:
    person = visitor(town.app).answer_all()
    receipt = person.send().receipt
    knocked(town, Knock.RECEIPT, LIMITS[Knock.RECEIPT].apart_soon + 5)
    person.come_back(receipt)
    assert f'value="{receipt}"' in person.text
    answer, hidden = sum_on(person), person.forms()[-1]["hidden"]
    form = {**hidden, "recu": receipt, "somme": answer}
    person.page = person.client.post("/fr/suivi", data=form, follow_redirects=True)
    assert STORY in person.text

    # The answer serves once.
    person.client.delete_cookie("grievance")
    again = person.client.post("/fr/suivi", data=form)
    assert again.status_code == 422


def test_without_valkey_every_door_is_open(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.app.extensions["tallies"] = Tallies("redis://127.0.0.1:1")
    person = visitor(town.app).answer_all()
    assert person.send().code


def test_when_no_turn_comes_the_page_keeps_everything_and_one_button_sends_it_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = visitor(town.app).answer_all(nom="Personne Exemple")
    monkeypatch.setattr("grievance.store.keyring.PATIENCE_SECONDS", 0.01)
    taken = [receipts.TURNS.acquire(blocking=False) for _ in range(receipts.RECEIPT_TURNS)]
    try:
        person.send()
    finally:
        for _ in filter(None, taken):
            receipts.TURNS.release()
    assert person.page.status_code == 503
    assert person.page.headers["Retry-After"]
    assert "Réessayer" in person.text
    person.send()
    assert person.page.status_code == 200
    assert person.code


def test_the_name_of_a_bucket_tells_no_address_and_changes_every_day(town: Town) -> None:
    key, today = town.keys.bucket, now()
    name = bucket(key, "41.243.1.2", today)

    assert name == bucket(key, "::ffff:41.243.1.2", today)
    assert name != bucket(key, "41.243.1.2", today + timedelta(days=1))
    assert bucket(key, "2c0f:f8f0:1:2:3::4", today) == bucket(key, "2c0f:f8f0:1:2:9::9", today)
    assert hashlib.sha256(b"41.243.1.2").hexdigest()[:24] != name
    knocked(town, Knock.REPORT, 1, "41.243.1.2")
    with redis.Redis.from_url(town.redis_url) as client:
        keys = b" ".join(client.keys("*"))
        assert b"41.243" not in keys
        assert all(client.ttl(key) > 0 for key in client.keys("knock:*"))
