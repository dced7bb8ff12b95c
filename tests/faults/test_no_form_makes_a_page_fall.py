"""Whatever anybody types into any form of any page they can open: a clear answer, never a fault of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings

from tests import web_forms
from tests.figures import Tell
from tests.fixtures import Town
from tests.web.desk_pages import referred, reported, sit, triaged
from tests.web.public_pages import visitor
from tests.web_forms import Filling, Form

# A town that has been sent so many forms is closed, merged and signed out; the next ones go to a fresh one.
ROUNDS, IN_ONE_ROUND = 25, 400
PUBLIC = [f"/fr/plainte/{page}" for page in ("lieu", "date", "faits", "recit", "contact")]
STARTS = ["/", "/fr/", "/sw/suivi", "/fr/suivi", "/fr/suivi/dossier", "/sign-in", "/recover", *PUBLIC]
ROOMS = ["/desk/", "/desk/new", "/desk/duty", "/desk/quarantine", "/company/", "/oversight/", "/admin/"]


@dataclass
class Crowd:
    """Everybody who can be signed in, each with the forms that they can send now."""

    town: Town
    forms: list[tuple[str, FlaskClient, Form]] = field(default_factory=list, repr=False)
    pages: Counter[int] = field(default_factory=Counter)
    different: set[object] = field(default_factory=set, repr=False)

    def come(self) -> None:
        """Cases, sessions, and every form that they offer."""
        desk = sit(self.town, self.town.world.desk.members[0])
        reported(self.town, story="Encore.")
        triaged(self.town, desk)
        referred(self.town, desk)
        self.forms = []
        for name, come_in in self._people().items():
            client = come_in()
            starts = STARTS if name == "nobody" else [*ROOMS, "/members", *STARTS]
            found, answers = web_forms.walk(client, starts)
            self.pages.update(answers.values())
            self.forms += [(name, client, form) for form in found.values()]
            self.different |= {(name, form.action.partition("?")[0]) for form in found.values()}

    def _people(self) -> dict[str, Callable[[], FlaskClient]]:
        world = self.town.world
        members = {
            "case worker": world.desk.members[0], "lead": world.desk.members[2],
            "outside the lanes": world.desk.members[3], "back-up": world.backup.members[0],
            "provider": world.provider.members[0], "mine": world.mine.members[0],
            "overseer": world.overseer.members[0], "host": world.host.members[0],
        }  # fmt: skip
        staff = {name: lambda one=one: sit(self.town, one).client for name, one in members.items()}
        return {**staff, "nobody": lambda: visitor(self.town.app).client, "complainant": self._complainant}

    def _complainant(self) -> FlaskClient:
        person = visitor(self.town.app).answer_all()
        receipt = person.send().receipt if "data-receipt" not in person.text else person.receipt
        return person.come_back(receipt).client


@pytest.mark.parametrize(
    "most",
    [
        pytest.param(150, id="short"),
        *[pytest.param(IN_ONE_ROUND, id=f"long-{one}", marks=pytest.mark.proof) for one in range(ROUNDS)],
    ],
)
def test_no_form_of_no_page_falls_over_what_anybody_types(town: Town, most: int, figure: Tell) -> None:
    town.app.config["TESTING"] = False  # a fault is answered as in production
    crowd, sent, seen, fell = Crowd(town), count(), Counter[int](), Counter[str]()
    crowd.come()

    @settings(
        max_examples=most, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(web_forms.places, web_forms.fillings)
    def one(place: int, filling: Filling) -> None:
        next(sent)
        name, client, form = crowd.forms[place % len(crowd.forms)]
        status = _send(client, form, filling)
        seen[status] += 1
        if status >= 500:
            fell[f"{name}: {form.method} {form.action.partition('?')[0]} {sorted(form.fields)}"] += 1

    one()
    figure(
        f"forms: {next(sent)} sent to {len(crowd.different)} forms of 10 kinds of people,"
        f" answers {dict(seen)}; pages {dict(crowd.pages)}"
    )
    assert fell == Counter()
    assert not [status for status in crowd.pages if status >= 500]


def _send(client: FlaskClient, form: Form, filling: Filling) -> int:
    targets = [form.action, *sorted(form.goes_also_to)]
    target = targets[len(filling.typed) % len(targets)]
    data, kind = web_forms.body(web_forms.filled(form, filling), as_file=filling.as_file)
    if form.method == "get":
        query = web_forms.body(web_forms.filled(form, filling), as_file=False)[0][:1_500].decode()
        return client.get(target.partition("?")[0], query_string=query).status_code
    return client.post(target, data=data, content_type=kind).status_code
