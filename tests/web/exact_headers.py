"""Which headers must an answer carry, to the letter, and which may it carry beside them?"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from werkzeug.test import TestResponse

from grievance.web import headers, leaving

STATIC = Path(leaving.__file__).parent / "static"
# The hashes are those of the two scripts which stand in a page; the picture `data:` is the empty icon.
LEAVE, EFFORT = (
    base64.b64encode(hashlib.sha256((STATIC / name).read_bytes()).digest()).decode()
    for name in ("leave.js", "effort.js")
)
CSP = (
    f"default-src 'none'; style-src 'self'; script-src 'self' 'sha256-{LEAVE}' 'sha256-{EFFORT}'; "
    "img-src 'self' data:; "
    "media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The worker that keeps the page for slips fetches that page and its files, and nothing else.
WORKER = CSP + "; connect-src 'self'"
# The one page that seals in the browser: WebAssembly, its worker, its manifest, its own calls.
SEALS = CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'") + (
    "; connect-src 'self'; worker-src 'self'; manifest-src 'self'"
)
# The page that sends files in pieces, and plays to its owner what it recorded.
RECORDS = CSP.replace("media-src 'self'", "media-src 'self' blob:") + "; connect-src 'self'"
# A picture of ours is a document of its own: its styles are inside it, and nothing else may be.
PICTURE = "default-src 'none'; style-src 'unsafe-inline'"
# What somebody sent, shown by itself.
ALONE = "default-src 'none'; frame-ancestors 'none'; sandbox"
QUIET = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
ALWAYS = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": QUIET,
    "Cache-Control": "no-store",
}
HEARS = {
    "Content-Security-Policy": RECORDS,
    "Permissions-Policy": QUIET.replace("microphone=()", "microphone=(self)"),
}
# What a page tells otherwise: by address and status.
OTHERWISE = {
    ("offline.worker", 200): {
        "Content-Security-Policy": WORKER, "Service-Worker-Allowed": "/desk/offline",
    },
    ("offline.page", 200): {"Content-Security-Policy": SEALS},
    ("oversight.chart", 200): {"Content-Security-Policy": PICTURE},
    ("desk.file", 200): {"Content-Security-Policy": ALONE},
    ("public.files_page", 200): HEARS,
    ("public.add_file", 422): HEARS,
    ("public.leave", 200): {"Clear-Site-Data": '"cache", "cookies", "storage"'},
    ("public.taken_back", 200): {"Clear-Site-Data": '"cache", "cookies", "storage"'},
    ("public.leave_visit", 303): {"Clear-Site-Data": '"cache", "cookies", "storage"'},
}  # fmt: skip
SIGNED_OUT = {"Clear-Site-Data": '"cache", "cookies"'}
KEPT, KEPT_A_LITTLE = "public, max-age=31536000, immutable", "public, max-age=3600"
# What else an answer may carry, and what only some may.
MAY = {"Content-Type", "Content-Length", "Content-Disposition", "Location", "Vary", "Allow", "Retry-After"}
MAY_FILES = {"Etag", "Last-Modified", "Date", "Accept-Ranges"}
MAY_BEGIN_OR_END = {
    "doors.sign_in", "doors.join", "doors.recover", "doors.sign_out", "account.change_password",
    "public.come_back", "public.leave", "public.leave_visit",
}  # fmt: skip


def faults(endpoint: str | None, method: str, response: TestResponse) -> dict[str, object]:
    """Each header that is not exactly as it must be, with what it must be and what it is."""
    told = {name.title(): value for name, value in response.headers}
    must = {name.title(): value for name, value in _must(endpoint, method, response).items()}
    may = MAY | (MAY_FILES if _is_file(endpoint, response) else set())
    may |= {"Set-Cookie"} if endpoint in MAY_BEGIN_OR_END else set()
    return {
        name: (must.get(name), told.get(name))
        for name in set(must) | (set(told) - may)
        if must.get(name) != told.get(name)
    }


def _must(endpoint: str | None, method: str, response: TestResponse) -> dict[str, str]:
    if method == "OPTIONS":
        return ALWAYS
    must = ALWAYS | OTHERWISE.get((endpoint or "", response.status_code), {})
    if endpoint == "doors.sign_out" and "Set-Cookie" in response.headers:
        must |= SIGNED_OUT
    if _is_file(endpoint, response):
        must["Cache-Control"] = KEPT if "v" in response.request.args else KEPT_A_LITTLE
    return must


def _is_file(endpoint: str | None, response: TestResponse) -> bool:
    """A file that is not there is kept no more than a page."""
    return endpoint in headers.STATIC_ENDPOINTS and response.status_code < 400
