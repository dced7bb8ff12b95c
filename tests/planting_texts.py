"""What does somebody write by SMS? One text, or a whole conversation with the workers as they run."""

from __future__ import annotations

import re
import time

from grievance.vocabulary import GatewayKind
from tests import hook_calls
from tests.flood import post
from tests.planted import Garden, done
from tests.planting_desk import takes
from tests.stories.phones import Phone
from tests.web.desk_pages import now, sit
from workers import sms

ANSWERED_WITHIN = 180  # seconds
CODE = re.compile(r"Code: (\S+?)\.")


def texts(garden: Garden, kind: GatewayKind, number: str, text: str) -> int:
    """A text through one gateway, to the running web; gives the answer's status."""
    call = hook_calls.genuine(garden.town, kind, number, text, {}, garden.real.url)
    return post(garden.real.port, call.path, call.body, call.headers)


def talks(garden: Garden) -> None:
    """Reports by SMS, answers each question, and fetches what the desk wrote."""
    plant = garden.planted
    number = plant.number("number of a conversation")
    story = f"Les gardes ont battu mon frere hier: {plant.word('told by text')}"
    for text in (story, "1", "2", f"mine {plant.word('place by text')}"):
        _says(garden, number, text)
    found = CODE.search(_says(garden, number, "2", until="Code: "))
    assert found, "no receipt by text"
    desk = sit(garden.town, garden.town.world.desk.members[0])
    takes(garden, desk, found[1])
    message = plant.word("message fetched by text")
    done(desk, "write", text=message)
    _says(garden, number, f"SUIVI {found[1]}", until=message)


def wait(garden: Garden) -> None:
    """Once the programs stand still: an answer that was not sent, and a text that nobody took."""
    plant = garden.planted
    phone = Phone(garden.town, number=plant.number("number that waits for an answer"))
    phone.post(f"Les gardes ont battu mon frere: {plant.word('text that waits for an answer')}")
    sms.take_waiting(phone.worker, now())
    phone.post(f"Il est encore {plant.word('text that nobody took')}")


def _says(garden: Garden, number: str, text: str, until: str = "") -> str:
    """Sends a text and waits for an answer that says this: others may come meanwhile, unasked."""
    heard = len(_answers(garden, number))
    assert texts(garden, GatewayKind.SMSGATE, number, text) == 200
    give_up = time.monotonic() + ANSWERED_WITHIN
    while True:
        answer = next((one for one in _answers(garden, number)[heard:] if until in one), None)
        if answer is not None:
            return answer
        assert time.monotonic() < give_up, "no answer by text"
        time.sleep(0.1)


def _answers(garden: Garden, number: str) -> list[str]:
    return [one["text"] for one in garden.town.texts() if one["to"] == number]
