"""When everybody shares two connections, does anybody ever meet what another left behind?"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.orm import Session

from grievance.actions import intake
from grievance.store.models import Case, Referral, db
from grievance.store.session import transaction
from grievance.terms import Actor, ReferralState
from tests import desk_work, superuser
from tests.figures import Tell
from tests.fixtures import Town
from tests.services import Services
from tests.web.desk_pages import sit
from tests.web.public_pages import visitor

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
SETTINGS = re.compile(r"set_config\('role'")
AT_ONCE = 6


def _on_two_connections(town: Town) -> None:
    """The web's engine with two connections for all."""
    engines = db._app_engines[town.app]
    engines["web"].dispose()
    engines["web"] = create_engine(town.database.web_url, pool_size=2, max_overflow=0, pool_timeout=60)


def _seen(town: Town, actor: Actor) -> tuple[frozenset[str], frozenset[str]]:
    """The codes of the cases and referrals that one request of this actor meets."""
    with town.app.app_context(), transaction(actor) as session:
        cases = frozenset(session.scalars(select(Case.code)))
        sent = frozenset(session.execute(text("select code from referral")).scalars())
        assert len(session.scalars(select(Referral)).all()) == len(sent)
    return cases, sent


def _fails(town: Town, actor: Actor) -> None:
    """A request that ends in an error, in the middle of its transaction."""
    with suppress(ZeroDivisionError), town.app.app_context(), transaction(actor) as session:
        session.execute(select(Case.id)).all()
        raise ZeroDivisionError


def _theirs(services: Services, town: Town, actor: Actor) -> tuple[frozenset[str], frozenset[str]]:
    """What this actor may meet, told from who the rows belong to, by somebody whom no row security holds.

    A desk: the cases it works on, and every referral made of them, also what only waits for a later party.
    A company or ICoCA: what was sent to it, never the case. Nothing was handed to a back-up here.
    """
    cases = superuser.rows(services, town, Case)
    assert not any(one.held or one.backup_visible or one.overseer_visible for one in cases)
    own = {one.id: one.code for one in cases if one.desk_id == actor.organisation_id}
    sent = superuser.rows(services, town, Referral)
    assert any(one.state is ReferralState.PREPARED for one in sent), "nothing waits that must stay hidden"
    return frozenset(own.values()), frozenset(
        one.code
        for one in sent
        if one.case_id in own
        or (one.organisation_id == actor.organisation_id and one.state is not ReferralState.PREPARED)
    )


def _planted(town: Town) -> None:
    """Both desks have cases; a guard company was sent something, its client and ICoCA may be later."""
    desk_work.referred(town, NOW)
    desk_work.referred(town, NOW)
    report = desk_work.report(town, excluded=[str(town.world.desk.id)])
    intake.receive(report, opening=desk_work.half(), now=NOW)


def _interleaved(services: Services, town: Town, requests: int) -> int:
    _planted(town)
    world = town.world
    everybody = (
        world.desk.actor, world.provider.actor, world.backup.actor, world.mine.actor,
        world.second_provider.actor, world.overseer.actor, world.host.actor,
    )  # fmt: skip
    allowed = [(actor, _theirs(services, town, actor)) for actor in everybody]
    # Somebody has more than nothing, and no two of them the same: a mix-up cannot pass unseen.
    some = [met for _, met in allowed if any(met)]
    assert len(some) == len(set(some)) >= 3
    _on_two_connections(town)

    def ask(number: int) -> bool:
        actor, expected = allowed[number % len(allowed)]
        if number % 11 == 0:
            _fails(town, actor)
        return _seen(town, actor) != expected

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(ask, range(requests)))


def test_three_hundred_interleaved_requests_meet_no_foreign_row(services: Services, town: Town) -> None:
    assert _interleaved(services, town, 300) == 0


@pytest.mark.proof
def test_ten_thousand_interleaved_requests_meet_no_foreign_row(
    services: Services, town: Town, figure: Tell
) -> None:
    foreign = _interleaved(services, town, 10_000)
    figure(f"10,000 interleaved requests of 7 actors on 2 connections: {foreign} with a foreign row")
    assert foreign == 0


def _report(town: Town) -> None:
    told = visitor(town.app).answer_all(lieu_province="Lualaba").send()
    assert told.come_back(told.receipt).page.status_code == 200
    assert told.do("add", texte="Encore un mot.").page.status_code == 200


def _desk(town: Town) -> None:
    code, _ = desk_work.referred(town, NOW)
    assert sit(town, town.world.desk.members[0]).knowing_nobody(code).do("note", text="Vu.").status == 200


def _company(town: Town) -> None:
    _, referral = desk_work.referred(town, NOW)
    page = sit(town, town.world.provider.members[0]).get(f"/company/referrals?code={referral}")
    assert page.do("acknowledge").status == 200


def _oversight(town: Town) -> None:
    page = sit(town, town.world.overseer.members[0])
    for address in ("/oversight/", "/oversight/statistics", "/oversight/statistics.csv", "/coverage"):
        assert page.get(address).status == 200, address


def _administration(town: Town) -> None:
    page = sit(town, town.world.host.members[0]).get("/admin/").get("/admin/organisations")
    assert page.do("make_organisation", name="ONG Nouvelle", kind="cso").status == 200


def _account(town: Town) -> None:
    sit(town, town.world.desk.members[0])
    page = sit(town, town.world.desk.members[0])
    assert page.get("/members").get("/account").do("end_others").status == 200


@pytest.mark.parametrize("room", [_report, _desk, _company, _oversight, _administration, _account])
def test_each_session_of_a_request_is_one_actor_s_and_ends_with_it(
    room: Callable[[Town], None], town: Town
) -> None:
    begun: dict[int, int] = {}
    kept: list[Session] = []

    def note(session: Session, _transaction: object, _connection: object) -> None:
        kept.append(session)
        begun[id(session)] = begun.get(id(session), 0) + 1

    event.listen(Session, "after_begin", note)
    try:
        room(town)
    finally:
        event.remove(Session, "after_begin", note)

    assert set(begun.values()) == {1}, "a session that begins twice would serve two actors"
    assert [one for one in kept if one.in_transaction() or len(one.identity_map)] == []
    assert db.engines["web"].pool.checkedout() == 0
