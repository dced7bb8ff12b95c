"""Can one person alone give a desk a place, or take it away? Two must agree, one of them outside the host."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from grievance.actions import coverage, coverage_seen
from grievance.rules.routing import desk_for
from grievance.schemas.registry import CoverageFacts
from grievance.store.models import Coverage, CoverageEnding, JournalLine, StaffSession
from grievance.store.queries import coverage_facts
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound, Place, Refused
from tests import superuser
from tests.fixtures import Town
from tests.make import Someone
from tests.services import Services
from tests.web.desk_pages import Desk, sit

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def _proposed(town: Town, *, fallback: bool = False) -> UUID:
    """The province's back-up desk is proposed for one territory, or both desks for everything else."""
    where = (None, None, None, True) if fallback else ("Lualaba", "Mutshatsha", None, False)
    facts = CoverageFacts(town.world.backup.id, town.world.desk.id, *where)
    return coverage.make_coverage(facts, actor=town.world.host.actor, now=NOW)


def _confirmed(town: Town, *, fallback: bool = False) -> UUID:
    coverage_id = _proposed(town, fallback=fallback)
    coverage.confirm_coverage(coverage_id, actor=town.world.overseer.actor, now=NOW)
    return coverage_id


def _asked(town: Town, *, fallback: bool = False) -> UUID:
    coverage_id = _confirmed(town, fallback=fallback)
    coverage.ask_to_end(coverage_id, actor=town.world.host.actor, now=NOW)
    return coverage_id


def _answers(town: Town) -> UUID:
    """Which desk a new complaint from the territory goes to."""
    with transaction(town.world.desk.actor) as session:
        return desk_for(Place("Lualaba", "Mutshatsha"), coverage_facts(session)).desk_id


def _lead(town: Town) -> Someone:
    lead = town.world.desk.lead.member_id
    return next(one for one in town.world.desk.members if one.row.id == lead)


def _host(town: Town) -> Desk:
    return sit(town, town.world.host.members[0])


def _overseer(town: Town) -> Desk:
    return sit(town, town.world.overseer.members[0])


def _press(desk: Desk, action: str, coverage_id: UUID) -> Desk:
    """Sends the form that makes this move about this coverage."""
    offered = [str(form["action"]) for form in desk.forms() if form["does"] == action]
    (which,) = [number for number, address in enumerate(offered) if str(coverage_id) in address]
    return desk.do(action, which)


def _lines(town: Town, services: Services, coverage_id: UUID) -> list[str]:
    """What the journal of the coverage's desk says of it, oldest first."""
    found = [row for row in superuser.rows(services, town, JournalLine) if row.subject == coverage_id]
    assert {row.chain for row in found} == {town.world.backup.id}
    return [row.move for row in sorted(found, key=lambda row: row.seq)]


def test_a_coverage_counts_only_when_somebody_outside_the_host_confirmed_it(town: Town) -> None:
    coverage_id = _proposed(town)
    assert _answers(town) == town.world.desk.id
    with pytest.raises(Refused, match="not_for_your_role"):
        coverage.confirm_coverage(coverage_id, actor=town.world.host.actor, now=NOW)
    coverage.confirm_coverage(coverage_id, actor=town.world.overseer.actor, now=NOW)
    assert _answers(town) == town.world.backup.id


def test_the_overseer_confirms_a_coverage_on_a_page_of_their_own(town: Town) -> None:
    coverage_id = _proposed(town)
    page = _press(_overseer(town).get("/coverage"), "confirm_coverage", coverage_id)
    assert page.status == 200
    assert "confirm_coverage" not in page.buttons()
    with pytest.raises(Refused, match="coverage_confirmed_before"):
        coverage.confirm_coverage(coverage_id, actor=town.world.desk.lead, now=NOW)


def test_what_the_host_only_proposed_it_takes_back_alone(town: Town, services: Services) -> None:
    coverage_id = _proposed(town)
    page = _press(_host(town).get("/admin/coverage"), "remove_coverage", coverage_id)
    assert page.status == 200
    assert coverage_id not in {row.id for row in superuser.rows(services, town, Coverage)}


def test_the_host_alone_ends_no_coverage_that_counts(town: Town) -> None:
    coverage_id, host = _confirmed(town), town.world.host.actor
    with pytest.raises(Refused, match="ends_by_two"):
        coverage.remove_coverage(coverage_id, actor=host, now=NOW)
    coverage.ask_to_end(coverage_id, actor=host, now=NOW)
    for deed in (coverage.end_coverage, coverage.refuse_end):
        with pytest.raises(Refused, match="not_for_your_role"):
            deed(coverage_id, actor=host, now=NOW)
    assert _answers(town) == town.world.backup.id


def test_a_coverage_counts_until_a_second_person_agreed_to_its_end(town: Town, services: Services) -> None:
    coverage_id = _confirmed(town)
    asked = _press(_host(town).get("/admin/coverage"), "ask_coverage_end", coverage_id)
    assert "Sa fin attend" in asked.text
    assert _answers(town) == town.world.backup.id

    page = _overseer(town).get("/coverage")
    assert "n'iraient plus à ONG Exemple Likasi, avec ONG Exemple Kolwezi comme suppléant" in page.text
    assert "Elles iraient à ONG Exemple Kolwezi, avec ONG Exemple Likasi comme suppléant" in page.text
    assert _press(page, "end_coverage", coverage_id).status == 200
    assert _answers(town) == town.world.desk.id
    assert superuser.rows(services, town, CoverageEnding) == []
    assert _lines(town, services, coverage_id) == [
        "coverage_made", "coverage_confirmed", "coverage_end_asked", "coverage_ended",
    ]  # fmt: skip


def test_the_host_takes_its_request_back_and_nothing_is_left_to_confirm(
    town: Town, services: Services
) -> None:
    coverage_id = _asked(town)
    assert _press(_host(town).get("/admin/coverage"), "take_back_coverage_end", coverage_id).status == 200
    with pytest.raises(NotFound):
        coverage.end_coverage(coverage_id, actor=town.world.overseer.actor, now=NOW)
    assert _answers(town) == town.world.backup.id
    assert _lines(town, services, coverage_id)[-1] == "coverage_end_taken_back"


def test_a_lead_who_says_no_leaves_everything_as_it_was(town: Town, services: Services) -> None:
    coverage_id = _asked(town)
    page = _press(sit(town, _lead(town)).get("/coverage"), "refuse_coverage_end", coverage_id)
    assert page.status == 200
    assert "end_coverage" not in page.buttons()
    assert _answers(town) == town.world.backup.id
    assert _lines(town, services, coverage_id)[-1] == "coverage_end_refused"


def test_what_was_asked_once_is_not_asked_twice(town: Town) -> None:
    coverage_id = _asked(town)
    with pytest.raises(Refused, match="end_asked_before"):
        coverage.ask_to_end(coverage_id, actor=town.world.host.actor, now=NOW)
    with pytest.raises(Refused, match="coverage_not_confirmed"):
        coverage.ask_to_end(_proposed(town), actor=town.world.host.actor, now=NOW)


def test_a_lead_has_no_word_in_what_other_desks_cover(town: Town, services: Services) -> None:
    coverage_id, world = _asked(town), town.world
    stranger = replace(world.desk.lead, organisation_id=world.mine.id)
    for deed in (coverage.end_coverage, coverage.refuse_end, coverage.confirm_coverage):
        with pytest.raises(NotFound):
            deed(coverage_id, actor=stranger, now=NOW)
    assert coverage_seen.coverages(stranger) == ()
    assert coverage_seen.waiting(stranger) == 0
    assert len(superuser.rows(services, town, CoverageEnding)) == 1


def test_the_last_desks_for_everything_else_stay(town: Town) -> None:
    host = town.world.host.actor
    with transaction(host) as session:
        fallback = session.scalars(select(Coverage.id).where(Coverage.fallback)).one()
    with pytest.raises(Refused, match="last_fallback"):
        coverage.ask_to_end(fallback, actor=host, now=NOW)
    page = _press(_host(town).get("/admin/coverage"), "ask_coverage_end", fallback)
    assert (page.status, "derniers bureaux pour tout le reste" in page.text) == (409, True)


def test_of_the_last_two_fallbacks_only_one_ends_though_both_are_agreed_to_at_once(
    town: Town, services: Services
) -> None:
    host, seconds = town.world.host.actor, (town.world.overseer.actor, town.world.desk.lead)
    _confirmed(town, fallback=True)
    with transaction(host) as session:
        both = session.scalars(select(Coverage.id).where(Coverage.fallback)).all()
    for coverage_id in both:
        coverage.ask_to_end(coverage_id, actor=host, now=NOW)

    def agree(coverage_id: UUID, actor: Actor) -> str:
        with town.app.app_context():
            try:
                coverage.end_coverage(coverage_id, actor=actor, now=NOW)
            except Refused as error:
                return error.reason
            return "ended"

    with ThreadPoolExecutor(2) as pool, services.connect(town.database.name) as in_the_way:
        with in_the_way.transaction():
            in_the_way.execute("select id from coverage for update").fetchall()
            agreed = [pool.submit(agree, *one) for one in zip(both, seconds, strict=True)]
            services.wait_for_two(town.database)
        assert sorted(one.result() for one in agreed) == ["ended", "last_fallback"]
    assert sum(row.fallback for row in superuser.rows(services, town, Coverage)) == 1


def test_who_has_a_word_in_it_hears_of_it_on_the_first_page_and_nobody_else_does(town: Town) -> None:
    _asked(town)
    _proposed(town)
    told = "2 couvertures attendent votre décision"
    assert told in sit(town, _lead(town)).get("/desk/").text
    assert told in _overseer(town).get("/oversight/").text
    worker = sit(town, town.world.desk.members[0]).get("/desk/")
    assert "/coverage" not in worker.text
    assert "la fin de cette couverture attend" in _host(town).get("/admin/").text


def test_after_five_minutes_the_second_person_proves_again_who_they_are(
    town: Town, services: Services
) -> None:
    coverage_id = _asked(town)
    overseer = _overseer(town).get("/coverage")
    long_ago = datetime.now(UTC) - timedelta(minutes=6)
    superuser.run(services, town, update(StaffSession).values(proved_at=long_ago))
    page = _press(overseer, "end_coverage", coverage_id)
    assert (page.status, "proof_password" in page.text) == (403, True)
    assert _answers(town) == town.world.backup.id
