"""What does it cost to take in a text? Beside storing a row, and beside answering without doing anything."""

from __future__ import annotations

from contextlib import ExitStack, closing
from functools import partial
from http.client import HTTPConnection

from bench import empty
from bench.measure import WARM_UP, Action, Line, beside, each_of_many
from bench.place import Place, insert_bare
from bench.server import HOST, send, serving
from bench.texts import Post, post

RUNS = 80
HANDS = 8
BURST = 240


def measured(place: Place) -> list[Line]:
    """Signed texts through the test client and through gunicorn."""
    octets = _octets_of_a_text(place)
    row = f"insert of a row of {octets:,} bytes"
    store = partial(insert_bare, place.plain, octets)
    plain: dict[str, Action] = {row: store, "empty route": _client_empty()}
    lines = beside("a signed text, test client", _client_posts(place), plain, RUNS)
    with (
        serving(place, "wsgi:app") as ours,
        serving(place, "bench.empty:app") as nothing,
        ExitStack() as hold,
    ):
        plain = {row: store, "empty route, gunicorn": _sends(place, nothing, hold)}
        lines += beside("a signed text, gunicorn", _sends(place, ours, hold), plain, RUNS)
        lines += _at_once(place, ours, nothing, octets, row)
    return lines


def _at_once(place: Place, ours: int, nothing: int, octets: int, row: str) -> list[Line]:
    """Seconds for each text when eight come at once, as after a network was away."""
    what = f"each of {HANDS} at once, gunicorn"
    with ExitStack() as hold:
        took = each_of_many([_sends(place, ours, hold) for _ in range(HANDS)], BURST)
        idle = each_of_many([_sends(place, nothing, hold) for _ in range(HANDS)], BURST)
        hands = [hold.enter_context(place.connect()) for _ in range(HANDS)]
        stored = each_of_many([partial(insert_bare, hand, octets) for hand in hands], BURST)
    return [
        Line(what, took, row, stored, BURST),
        Line(what, took, "empty route, gunicorn", idle, BURST),
    ]


def _octets_of_a_text(place: Place) -> int:
    client_posts = _client_posts(place)
    client_posts()  # the first text also notes that the phone is alive
    before = place.size()
    client_posts()
    stored = place.size() - before
    return stored.octets // stored.rows


def _ready(place: Place) -> list[Post]:
    """Signed before the clock runs: signing is the phone's work."""
    return [post(place) for _ in range(RUNS + WARM_UP)]


def _client_posts(place: Place) -> Action:
    client, waiting = place.town.app.test_client(), _ready(place)

    def action() -> None:
        text = waiting.pop()
        answer = client.post("/hooks/smsgate", data=text.body, headers=text.headers)
        if answer.status_code != 200:
            raise RuntimeError(f"the app answered {answer.status_code}")

    return action


def _client_empty() -> Action:
    client = empty.app.test_client()
    return lambda: client.post("/hooks/smsgate", data=b"{}")


def _sends(place: Place, port: int, hold: ExitStack) -> Action:
    connection, waiting = hold.enter_context(closing(HTTPConnection(HOST, port, timeout=10))), _ready(place)
    return lambda: send(connection, waiting.pop())
