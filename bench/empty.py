"""What does a request cost when nothing is done for it? A Flask app with one empty route."""

from __future__ import annotations

from flask import Flask, Response

app = Flask("empty")


@app.post("/hooks/smsgate")
def nothing() -> Response:
    """Reads nothing, stores nothing, answers."""
    return Response("{}", content_type="application/json")


@app.get("/healthz")
def alive() -> str:
    """It is here."""
    return "ok"
