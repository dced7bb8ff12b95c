"""Which words go in through every channel, and may stand nowhere again? Planted by people who use all."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from uuid import uuid4

from grievance.vocabulary import GatewayKind
from tests import flood, planting_desk, planting_house, planting_lives, planting_person, planting_texts
from tests import planting_wrong as wrong
from tests.flood import Answer, ask, post
from tests.planted import Garden
from tests.services import Services


@dataclass
class Gardener(Garden):
    """Plants through the running web, and as members at their desks."""

    def reports(self, address: str) -> str:
        """A report by web with a name, a number, a story, a wish and a place; gives its code."""
        plant, port = self.planted, self.real.port
        page = ask(port, address, "/fr/plainte/lieu")
        answers: dict[str, dict[str, str]] = {
            "lieu": {"lieu_pres": plant.word("place"), "lieu_site": str(self.town.world.site.id)},
            "qui": {"qui": "private", "indices_texte": plant.word("clue")}, "faits": {"faits": "assault"},
            "recit": {"recit": f"Ils ont crié {plant.word('text')}.", "souhait": plant.word("wish")},
            "lecture": {"lecture": "both"},
            "contact": {
                "nom": plant.word("name"), "telephone": "0" + plant.number("number")[4:], "contact": "sms"
            },
        }  # fmt: skip
        for name in ("lieu", "date", "qui", "faits", "recit", "lecture", "contact", "verifier"):
            page = ask(port, address, f"/fr/plainte/{name}", page.hidden() | answers.get(name, {}))
        if not page.receipt:  # so many reports at once are a flood: each is asked a sum
            page = ask(port, address, "/fr/plainte/verifier", page.hidden() | flood.sum_of(page))
        self.planted.receipts.append(_one(r'data-receipt="(\d{16})"', page))
        self.planted.codes.append(_one(r'data-code="([^"]+)"', page))
        return self.planted.codes[-1]

    def calls(self) -> int:
        """A report that a program sends to the running web; gives the answer's status."""
        plant = self.planted
        told = {
            "language": "fr", "province": "Lualaba", "story": f"Ils ont crié {plant.word('api')}.",
            "name": plant.word("api name"), "phone": plant.number("api number"),
            "near": plant.word("api place"), "clue_text": plant.word("api clue"),
            "wished": plant.word("api wish"),
        }  # fmt: skip
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        return post(self.real.port, "/api/v1/reports", json.dumps(told).encode(), headers)

    def texts(self, kind: GatewayKind) -> int:
        """A text through one gateway, to the running web; gives the answer's status."""
        number, text = self.planted.number("texting number"), f"Walinzi {self.planted.word('sms')}"
        return planting_texts.texts(self, kind, number, text)

    def works(self, code: str) -> None:
        """A whole life of this case: at the desk, at the company, on the person's page, until an appeal."""
        receipt = self.planted.receipts[self.planted.codes.index(code)]
        planting_person.sends_files(self, receipt)
        planting_desk.works(self, code, receipt)

    def types_in(self) -> None:
        """What somebody told at the desk, with how they agreed."""
        planting_house.types_in(self)

    def does_the_rest(self, services: Services, address: str, calm: str) -> None:
        """What is typed seldom, once each; from `address` comes a flood, from `calm` none."""
        planting_house.sends_a_slip(self)
        planting_house.is_flooded(self, address)
        planting_house.is_on_duty(self)
        planting_house.opens_a_channel(self)
        planting_house.comes_to_work(self)
        planting_house.prints_the_keys(self)
        planting_house.plays_with_the_telephone(self)
        planting_lives.all_lives(self, services)
        planting_texts.talks(self)
        for and_sends in (False, True):
            planting_person.puts_down(self, calm, and_sends=and_sends)

    def leaves_work_undone(self) -> None:
        """What waits when everything is carried off; the programs stand still."""
        planting_texts.wait(self)

    def goes_wrong(self, address: str) -> None:
        """The same, where it is refused."""
        wrong.goes_wrong(self, address)


def _one(pattern: str, page: Answer) -> str:
    found = re.search(pattern, page.text)
    assert found, f"no receipt: {page.status}"
    return found[1]
