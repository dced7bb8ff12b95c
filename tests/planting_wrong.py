"""What is said where it is refused? Bad addresses, forms, signatures, headers, half a request."""

from __future__ import annotations

import socket
from contextlib import suppress

from tests import flood
from tests.flood import ask, post
from tests.planted import Garden


def goes_wrong(garden: Garden, address: str) -> None:
    """Words in everything that is refused."""
    plant, port = garden.planted, garden.real.port
    query, nowhere, hook = (plant.word(kind) for kind in ("query", "path", "hook"))
    for path in (f"/fr/suivi?recu={query}", f"/{nowhere}", f"/hooks/sms/{hook}"):
        ask(port, address, path)
        ask(port, address, path, {plant.word("field"): plant.word("value")})
    bad = {"jeton": plant.word("token"), "telephone": plant.number("bad")}
    ask(port, address, "/fr/plainte/contact", bad)
    email = f"{plant.word('mail')}@x.example"
    ask(port, address, "/sign-in", {"email": email, "password": plant.word("wrong password"), "code": "1"})
    ask(port, address, "/fr/suivi", {"recu": plant.word("wrong receipt")})
    ask(port, address, "/fr/plainte/recit", f"recit={plant.word('nul')}%00%ED%A0%80&=".encode())
    post(port, "/hooks/smsgate", plant.word("forged").encode(), {"X-Signature": plant.word("signature")})
    cookie = f"grievance={plant.word('cookie')}"
    post(port, "/fr/", b"", {"User-Agent": plant.word("agent"), "Cookie": cookie})
    _raw(port, f"GET /{plant.word('line')} HTTP/9.9\r\n\r\n")
    _raw(port, f"{plant.word('verb').upper()}\r\n{plant.word('garbage')}\r\n\r\n")
    _raw(port, f"GET /{plant.word('long') * 400} HTTP/1.1\r\nHost: {plant.word('host')}\r\n\r\n")


def _raw(port: int, text: str) -> None:
    # The server may hang up before all of it was said.
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=flood.PATIENCE) as line:
        line.sendall(text.encode("latin-1"))
        line.recv(1_000)
