"""How do pages travel light on a slow network? Compressed here, with a length that tells little.

A compressed length depends on the words, and whoever can put words into a page and watch the length learns
what else stands there (BREACH). That takes a secret that stays the same from answer to answer, beside words
of the attacker, in pages asked for again and again with the victim's cookie. So:

- Files hold no secret.
- A page of a report is asked for without a cookie. The one secret in it is the draft's token: encrypted under
  a fresh nonce each time, so no two answers share a sign of it, and padded inside.
- The page of somebody who came back holds their thread, and the token of their forms. No address puts words
  into it: what was typed comes back only after a form with that token, and no other site's page can send one.
- The page for complaints without network holds no secret and repeats nothing: a telephone keeps it for days.
- Rooms of members stay as they are: their lists show words that come in an address, beside a session's token.

To anybody who only watches the line, the length of "check your answers" would still be a hint. Every page is
therefore made longer by a random piece and then rounded up, inside the header of gzip, which browsers skip.
"""

from __future__ import annotations

import functools
import gzip
import secrets

from flask import Flask, Response, request

from grievance.web.headers import STATIC_ENDPOINTS

TEXTS = frozenset({"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"})
# Pages of these rooms; None: an address that does not exist.
PAGES_OF = frozenset({"public", None})
KEPT_BY_TELEPHONES = frozenset({"offline.page", "offline.worker"})
LEVEL_OF_PAGES, LEVEL_OF_FILES = 6, 9
STEP = 256  # bytes
# RFC 1952: ten bytes, the fourth of them flags; this flag says that a file name follows, up to a zero.
_HEAD, _FLAGS, _NAMED = 10, 3, 0x08


def register(app: Flask) -> None:
    """Compresses pages and files for browsers that say they take gzip."""

    @app.after_request
    def compress(response: Response) -> Response:
        is_file = request.endpoint in STATIC_ENDPOINTS
        if not (is_file or _is_open_page(response)) or response.mimetype not in TEXTS:
            return response
        response.vary.add("Accept-Encoding")
        if response.status_code in (204, 206, 304) or request.accept_encodings.quality("gzip") <= 0:
            return response
        response.direct_passthrough = False
        body = response.get_data()
        response.set_data(file_packed(body) if is_file else page_packed(body))
        response.headers["Content-Encoding"] = "gzip"
        etag, _ = response.get_etag()
        if etag:
            response.set_etag(etag, weak=True)  # the same file, not the same bytes
        return response


@functools.lru_cache(maxsize=64)
def file_packed(body: bytes) -> bytes:
    """A file, compressed once."""
    return gzip.compress(body, LEVEL_OF_FILES, mtime=0)


def page_packed(body: bytes) -> bytes:
    """A page, compressed, at a length that is a multiple of `STEP` and not the same each time."""
    packed = bytearray(gzip.compress(body, LEVEL_OF_PAGES, mtime=0))
    least = len(packed) + 1 + secrets.randbelow(STEP)
    name = -(-least // STEP) * STEP - len(packed) - 1
    packed[_FLAGS] |= _NAMED
    packed[_HEAD:_HEAD] = b"-" * name + b"\0"
    return bytes(packed)


def _is_open_page(response: Response) -> bool:
    # What is not yours looks like an address that does not exist, in its headers too.
    open_to_all = request.blueprint in PAGES_OF or request.endpoint in KEPT_BY_TELEPHONES
    open_to_all = open_to_all or response.status_code == 404
    return open_to_all and request.method != "HEAD"
