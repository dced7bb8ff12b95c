"""What must every answer tell the browser? That nothing foreign runs here, and that nothing is kept."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request

from grievance.web import effort, leaving

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        f"script-src 'self' {leaving.SOURCE} {effort.SOURCE}",
        # A page names an icon that is empty: no browser asks for one, no list of windows shows one.
        "img-src 'self' data:",
        "media-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
QUIET = ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in QUIET),
}
# For whoever leaves: the browser forgets what it kept of this site.
FORGET = {"Clear-Site-Data": '"cache", "cookies", "storage"'}
# For a member who signs out: slips that wait on the telephone are stored, sealed, until they were sent, and
# nothing of ours is stored beside them.
FORGET_BUT_SLIPS = {"Clear-Site-Data": '"cache", "cookies"'}
STATIC_ENDPOINTS = frozenset({"static", "bootstrap.static", "public.recorded"})
# A static address carries the file's hash (`v`), so a copy can never be an old one.
KEEP = "public, max-age=31536000, immutable"
KEEP_A_LITTLE = "public, max-age=3600"
ONE_YEAR = "max-age=31536000; includeSubDomains"


def register(app: Flask) -> None:
    """Adds our headers to every answer. A view that set one of them itself keeps it."""
    on_https = app.config["PUBLIC_URL"].startswith("https://")

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers["Cache-Control"] = _keeping(response)
        if response.location:
            response.location = path_here(response.location)
        if response.status_code == 308:
            response.set_data(b"")  # its page would name the address that was claimed
        if on_https:
            response.headers.setdefault("Strict-Transport-Security", ONE_YEAR)
        return response


def allow(response: Response, *more: str, recordings: bool = False) -> Response:
    """Widens the policy of one page: its own directives; for `recordings` the microphone and what it heard.

    A browser takes a directive that stands twice as it stood first: one that is there already is changed.
    """
    policy = "; ".join((POLICY, *more))
    if recordings:
        policy = policy.replace("media-src 'self'", "media-src 'self' blob:")
        response.headers["Permissions-Policy"] = ALWAYS["Permissions-Policy"].replace(
            "microphone=()", "microphone=(self)"
        )
    response.headers["Content-Security-Policy"] = policy
    return response


def may_seal(response: Response) -> Response:
    """Widens the policy of the one page that seals in the browser: WebAssembly, its worker, its own calls."""
    response.headers["Content-Security-Policy"] = "; ".join(
        (
            POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"),
            *("connect-src 'self'", "worker-src 'self'", "manifest-src 'self'"),
        )
    )
    return response


def alone(response: Response) -> Response:
    """What somebody sent is shown by itself: it runs nothing, loads nothing, belongs to no page of ours."""
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


def _keeping(response: Response) -> str:
    is_file = request.endpoint in STATIC_ENDPOINTS and request.method in ("GET", "HEAD")
    if not is_file or response.status_code >= 400:
        return "no-store"
    return KEEP if "v" in request.args else KEEP_A_LITTLE


def path_here(address: str) -> str:
    """The path of an address, so that it leads nowhere but to this site; every redirect of ours is made so.

    A corrected address (`/desk` for `/desk/`) is made with the host that a request claims to be for, and a
    second slash or a backslash at the beginning would be read as somebody else's host.
    """
    parts = urlsplit(address)
    path = "/" + parts.path.lstrip("/\\ \t")
    query = f"?{parts.query}" if parts.query else ""
    return path + query + (f"#{parts.fragment}" if parts.fragment else "")
