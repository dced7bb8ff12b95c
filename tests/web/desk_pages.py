"""How does a test sit at the desk? As a member with a browser: it reads forms and sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from grievance.actions import intake, sign_in
from grievance.schemas.report import ReportIn
from tests.fixtures import Town
from tests.make import Someone
from tests.web.public_pages import _Browser, _Forms

STORY = "Les gardes m'ont frappé près du portail, mon bras est cassé."
SUMMARY = "Une personne dit avoir été frappée par des gardes au portail. Que s'est-il passé ce jour-là ?"


def now() -> datetime:
    """This instant: sessions always use the real time."""
    return datetime.now(UTC)


def reported(town: Town, **more: object) -> str:
    """A report that came by web; gives the code of its case."""
    said = {
        "channel": "web", "language": "fr", "province": "Lualaba", "site_id": str(town.world.site.id),
        "incident": "yesterday", "harms": ["assault"], "story": STORY, "share": "both",
        "safe_contact": "web",
    }  # fmt: skip
    return intake.receive(ReportIn().load(said | more), now=now()).code


@dataclass
class Desk:
    """A member at their desk, and the page that is open."""

    client: FlaskClient = field(repr=False)
    page: TestResponse | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The page as text with its entities resolved."""
        return unescape(self.page.get_data(as_text=True))

    @property
    def status(self) -> int:
        """The status of the last answer."""
        return self.page.status_code

    def get(self, path: str) -> Desk:
        """Opens an address."""
        self.page = self.client.get(path, follow_redirects=True)
        return self

    def case(self, code: str) -> Desk:
        """Opens a case."""
        return self.get(f"/desk/cases?code={code}")

    def forms(self) -> list[dict[str, object]]:
        """What can be sent from the open page."""
        reader = _Forms()
        reader.feed(self.page.get_data(as_text=True))
        return reader.forms

    def buttons(self) -> set[str]:
        """The moves that the open page offers."""
        return {str(form["does"]) for form in self.forms()}

    def do(self, action: str, which: int = 0, **answers: object) -> Desk:
        """Sends the form of this move, and follows to the page that comes."""
        form = [each for each in self.forms() if each["does"] == action][which]
        self.page = self.client.post(
            str(form["action"]), data={**form["hidden"], **answers}, follow_redirects=True
        )
        return self

    def knowing_nobody(self, code: str) -> Desk:
        """Opens a case and says that one knows nobody there."""
        return self.case(code).do("declare_conflict", knows="nobody")


def sit(town: Town, someone: Someone) -> Desk:
    """A member who is signed in."""
    cookie = sign_in.begin_staff(someone.row, someone.pair, now=now())
    client = _Browser(town.app, town.app.response_class)
    client.set_cookie("grievance", cookie)
    return Desk(client)


def triaged(town: Town, desk: Desk, **more: object) -> str:
    """A case that was opened, taken and triaged at this desk; gives its code."""
    code = reported(town, **more)
    desk.knowing_nobody(code).do("take")
    desk.do(
        "triage", severity="serious", harms=["assault"], actor="private", lane="general",
        site_id=str(town.world.site.id), affected_agree="true",
    )  # fmt: skip
    assert desk.status == 200, desk.text
    return code


def referred(town: Town, desk: Desk, **more: object) -> tuple[str, str]:
    """A triaged case whose guard company has a summary; gives both codes."""
    code = triaged(town, desk, **more)
    desk.do(
        "refer", organisation_id=str(town.world.provider.id), kind="ordinary", summary=SUMMARY,
        summary_read="true", people_it_could_be="40", safe_if_guessed="true",
    )  # fmt: skip
    assert desk.status == 200, desk.text
    return code, desk.text.split('id="r-')[1][:7]
