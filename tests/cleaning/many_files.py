"""Which three hundred files are put to the proof? One of each kind in turn, each a little different."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice

from PIL import Image

from tests.cleaning import strange_files as made

TAKEN, REFUSED, EITHER = frozenset({200}), frozenset({422}), frozenset({200, 422})


@dataclass(frozen=True)
class Sent:
    """A file, the name it is sent under, and how the web may answer."""

    what: str
    name: str
    expected: frozenset[int]
    data: bytes = field(repr=False)


Maker = Callable[[random.Random], Sent]


def files(count: int, seed: int = 1) -> Iterator[Sent]:
    """So many files, the same ones for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - a proof is repeated, not guessed
    return (maker(dice) for maker in islice(cycle(MAKERS), count))


def _size(dice: random.Random) -> tuple[int, int]:
    return dice.randrange(40, 900), dice.randrange(40, 900)


def _photo(dice: random.Random) -> Sent:
    form, ending = dice.choice((("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "gif")))
    turned = dice.randrange(1, 9)
    return Sent("a photograph with its position", f"a.{ending}", TAKEN,
                made.photo(_size(dice), form=form, turned=turned))  # fmt: skip


def _noted(dice: random.Random) -> Sent:
    """A JPEG with XMP, a comment, and a small copy of itself that has a position of its own."""
    photo = made.photo(_size(dice))
    told = b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta><exif:GPSLatitude>10,42S</exif:GPSLatitude>"
    told += made.OWNER.encode() + b"</x:xmpmeta>"
    extra = b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told
    comment = b"\xff\xfe" + struct.pack(">H", len(made.OWNER.encode()) + 2) + made.OWNER.encode()
    whole = photo[:2] + extra + comment + photo[2:]
    return Sent("a photograph with XMP and a comment", "a.jpg", TAKEN, whole)


def _moving(dice: random.Random) -> Sent:
    return Sent("a moving photograph", "a.jpg", TAKEN, made.photo(_size(dice)) + made.whole_film(0.5))


def _paper(dice: random.Random) -> Sent:
    more = {name: dice.random() < 0.7 for name in ("script", "files", "photos")}
    return Sent("a paper with an author", "a.pdf", TAKEN, made.paper(**more))


def _voice(dice: random.Random) -> Sent:
    sound = made.voice(dice.uniform(0.3, 3))
    told = b"INFOIART" + struct.pack("<I", len(made.OWNER.encode())) + made.OWNER.encode()
    told += b"\x00" * (len(told) % 2)
    whole = sound[12:] + b"LIST" + struct.pack("<I", len(told)) + told
    head = b"RIFF" + struct.pack("<I", len(whole) + 4) + b"WAVE"
    return Sent("a voice with a name", "a.wav", TAKEN, head + whole)


def _film(dice: random.Random) -> Sent:
    if dice.random() < 0.5:
        return Sent("a film with its position", "a.webm", TAKEN, made.film(1, form="webm"))
    return Sent("a film with its position", "a.mp4", TAKEN, made.whole_film(dice.uniform(0.5, 2)))


def _polyglot(dice: random.Random) -> Sent:
    first = dice.choice((
        made.photo(_size(dice)), made.photo(_size(dice), form="PNG"), made.photo(_size(dice), form="GIF"),
        made.voice(0.5), made.whole_film(0.5),
    ))  # fmt: skip
    pages = b"<script>a()</script>", b"<?php a(); ?>", b"<html >"
    second = dice.choice((made.archive(), made.paper(), *pages))
    ending = {b"\xff\xd8": "jpg", b"\x89P": "png", b"GI": "gif", b"RI": "wav"}.get(first[:2], "mp4")
    return Sent("two things at once", f"a.{ending}", REFUSED, first + second)


def _inside(dice: random.Random) -> Sent:
    """A script in a comment at the head of a picture, where a browser would find it."""
    photo, script = made.photo(_size(dice)), b"*/=1;</x><script>alert(1)</script>"
    head = b"\xff\xfe" + struct.pack(">H", len(script) + 2) + script
    return Sent("a script in a comment", "a.jpg", REFUSED, photo[:2] + head + photo[2:])


def _giant(dice: random.Random) -> Sent:
    side = dice.choice((40_000, 30_000, 12_000))
    if dice.random() < 0.3:
        gif = b"GIF89a" + struct.pack("<HHBBB", 65_000, 65_000, 0x80, 0, 0) + bytes(6)
        gif += b"," + struct.pack("<HHHHB", 0, 0, 65_000, 65_000, 0) + b"\x02\x02L\x01\x00;"
        return Sent("a giant GIF", "a.gif", REFUSED, gif)
    return Sent("a giant PNG", "a.png", REFUSED, made.giant_png(side))


def _fifty_thousand(_: random.Random) -> Sent:
    return Sent("a PNG of 50,000 by 50,000 points", "a.png", REFUSED, made.giant_png(50_000))


def _liar(dice: random.Random) -> Sent:
    """A small picture whose head says that it is giant, or whose comment unpacks to millions."""
    small = made.photo((40, 40), form="PNG")
    if dice.random() < 0.5:
        body = b"IHDR" + struct.pack(">II", 6_900, 6_900) + small[24:29]
        whole = small[:12] + body + struct.pack(">I", zlib.crc32(body)) + small[33:]
        return Sent("a PNG that lies", "a.png", REFUSED, whole)
    text = b"zTXtComment\x00\x00" + zlib.compress(b" " * 200_000_000, 9)
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    return Sent("a PNG with a bomb in its comment", "a.png", EITHER, small[:33] + chunk + small[33:])


def _bomb(dice: random.Random) -> Sent:
    bomb = made.paper_bomb(dice.randrange(100, 300), dice.randrange(1, 5))
    return Sent("a paper bomb", "a.pdf", REFUSED, bomb)


def _script(dice: random.Random) -> Sent:
    data = dice.choice(
        (made.SCRIPT_DRAWING, b"<html><script>a()</script>", b"#!/bin/sh\nexit", b"MZ" + bytes(999))
    )
    return Sent("a script", f"a.{dice.choice(('svg', 'png', 'jpg', 'pdf', 'html'))}", REFUSED, data)


def _cut(dice: random.Random) -> Sent:
    name, whole = dice.choice((
        ("a.jpg", made.photo(_size(dice))), ("a.png", made.photo(_size(dice), form="PNG")),
        ("a.mp4", made.whole_film(1)), ("a.webp", made.photo(_size(dice), form="WEBP")),
    ))  # fmt: skip
    return Sent("a cut file", name, REFUSED, whole[: int(len(whole) * dice.uniform(0.1, 0.6))])


def _false_name(dice: random.Random) -> Sent:
    name, data = dice.choice((
        ("a.pdf", made.photo()), ("a.jpg", made.paper()), ("a.mp3", made.photo()), ("a.png", made.voice()),
        ("a.exe", made.photo()), ("a.svg", made.photo()),
    ))  # fmt: skip
    return Sent("a false name", name, REFUSED, data)


def _altered(dice: random.Random) -> Sent:
    name, whole = dice.choice((
        ("a.jpg", made.photo(_size(dice))), ("a.png", made.photo(_size(dice), form="PNG")),
        ("a.pdf", made.paper(photos=True)), ("a.mp4", made.whole_film(1)), ("a.wav", made.voice(1)),
        ("a.webm", made.film(1, form="webm")),
    ))  # fmt: skip
    bad = bytearray(whole)
    for _ in range(dice.randrange(1, 40)):
        bad[dice.randrange(len(bad))] = dice.randrange(256)
    return Sent("an altered file", name, EITHER, bytes(bad))


def _noise(dice: random.Random) -> Sent:
    name, head = dice.choice((
        ("a.jpg", b"\xff\xd8\xff\xe0"), ("a.png", b"\x89PNG\r\n\x1a\n"), ("a.pdf", b"%PDF-1.7\n"),
        ("a.mp4", b"\x00\x00\x00\x18ftypisom"), ("a.webm", b"\x1aE\xdf\xa3"), ("a.ogg", b"OggS"),
    ))  # fmt: skip
    return Sent("noise with a good head", name, REFUSED, head + dice.randbytes(dice.randrange(100, 200_000)))


def _large(dice: random.Random) -> Sent:
    """A photograph as large as a good telephone takes it, drawn simply so that it stays small to send."""
    picture = Image.linear_gradient("L").resize((8000, dice.randrange(4000, 6000))).convert("RGB")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70)
    return Sent("a photograph of 40 million points", "a.jpg", TAKEN, out.getvalue())


MAKERS: tuple[Maker, ...] = (
    _photo, _polyglot, _giant, _paper, _cut, _voice, _bomb, _noted, _script, _film, _liar, _false_name,
    _altered, _moving, _noise, _inside, _large, _fifty_thousand,
)  # fmt: skip
# Whose files say who made them, and where.
TELLING: tuple[Maker, ...] = (_photo, _noted, _moving, _paper, _voice, _film)
