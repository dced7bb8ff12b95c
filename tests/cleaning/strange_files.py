"""Which files does a test send? Real ones, made here: good, broken, heavy, and two things at once."""

from __future__ import annotations

import io
import math
import random
import struct
import wave
import zipfile
import zlib
from fractions import Fraction

import av
import pikepdf
from PIL import Image

LATITUDE, LONGITUDE = (10.0, 42.0, 47.25), (25.0, 28.0, 6.5)
LARGEST_SIDE = 1868
OWNER = "Propriétaire Kanyinda"


def photo(
    size: tuple[int, int] = (640, 480), *, form: str = "JPEG", where: bool = True, turned: int = 1,
    owner: str = OWNER,
) -> bytes:  # fmt: skip
    """A photograph as a telephone takes it: with its position, its owner and its own way up."""
    picture = Image.effect_noise(size, 40).convert("RGB")
    exif = Image.Exif()
    if where:
        exif[0x013B], exif[0x010F], exif[0x0112] = owner, "Telephone Exemple", turned
        position = exif.get_ifd(0x8825)
        position.update({1: "S", 2: LATITUDE, 3: "E", 4: LONGITUDE})
    out = io.BytesIO()
    picture.save(out, form, **({"exif": exif} if form != "GIF" else {"comment": owner.encode()}))
    return out.getvalue()


def largest_photo() -> bytes:
    """A picture of pure chance that is just as large as a file may be: 10 MiB, less a few kilobytes."""
    points = random.Random(4).randbytes(LARGEST_SIDE * LARGEST_SIDE * 3)  # noqa: S311 - a picture, no secret
    out = io.BytesIO()
    Image.frombytes("RGB", (LARGEST_SIDE, LARGEST_SIDE), points).save(out, "PNG", compress_level=0)
    return out.getvalue()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def giant_png(side: int = 50_000) -> bytes:
    """A PNG of side by side points in a few hundred kilobytes, each line as empty as the last."""
    machine = zlib.compressobj(9)
    row, packed = bytes(1 + (side + 7) // 8), []
    for _ in range(side):
        packed.append(machine.compress(row))
    packed.append(machine.flush())
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = _chunk(b"IHDR", head), _chunk(b"IDAT", b"".join(packed)), _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def archive() -> bytes:
    """A small ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as kept:
        kept.writestr("a.txt", "a")
    return out.getvalue()


def paper(
    *, script: bool = False, files: bool = False, photos: bool = False, owner: str = OWNER
) -> bytes:
    """A PDF of one page that says who made it; with more on request."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(300, 300))
    made.docinfo["/Author"] = owner
    with made.open_metadata() as told:
        told["dc:creator"] = [owner]
    page.Contents = made.make_stream(b"BT /F1 12 Tf 20 20 Td (Certificat) Tj ET")
    if script:
        made.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
        )
    if files:
        made.attachments["note.txt"] = owner.encode()
    if photos:
        drawn = made.make_stream(photo((64, 48)))
        drawn.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 64,
                      "/Height": 48, "/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8,
                      "/Filter": pikepdf.Name.DCTDecode})  # fmt: skip
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=drawn))
        page.Contents = made.make_stream(b"q 64 0 0 48 0 0 cm /Im0 Do Q")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def paper_bomb(millions: int = 2000, layers: int = 1) -> bytes:
    """A PDF whose one page unpacks to thousands of millions of spaces."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(300, 300))
    machine, packed = zlib.compressobj(9), []
    for _ in range(millions):
        packed.append(machine.compress(b" " * 1_000_000))
    packed.append(machine.flush())
    body = b"".join(packed)
    for _ in range(layers - 1):
        body = zlib.compress(body, 9)
    stream = made.make_stream(b"")
    stream.write(body, filter=pikepdf.Array([pikepdf.Name.FlateDecode] * layers), decode_parms=None)
    page.Contents = stream
    out = io.BytesIO()
    made.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def voice(seconds: float = 2.0) -> bytes:
    """A WAV with one low note."""
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        waves = (int(9000 * math.sin(n / 8)) for n in range(int(8000 * seconds)))
        made.writeframes(b"".join(struct.pack("<h", each) for each in waves))
    return out.getvalue()


def film(seconds: float = 2.0, *, form: str = "mp4", size: tuple[int, int] = (320, 240)) -> bytes:
    """A short film that says where it was taken and by whom."""
    out = io.BytesIO()
    # What plays while it loads has its table at the head: the way in which a cut film still opens.
    options = {"movflags": "frag_keyframe+empty_moov"} if form == "mp4" else {}
    with av.open(out, "w", format=form, options=options) as made:
        made.metadata.update({"location": "-10.7131+025.4685/", "artist": OWNER, "title": OWNER})
        codec = "libx264" if form == "mp4" else "libvpx"
        stream = made.add_stream(codec, rate=10, options={"threads": "1"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(int(seconds * 10)):
            picture = Image.effect_noise(size, 30 + number).convert("RGB")
            frame = av.VideoFrame.from_image(picture)
            frame.pts, frame.time_base = number, Fraction(1, 10)
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return out.getvalue()


def whole_film(seconds: float = 2.0) -> bytes:
    """A film as telephones keep it: its table at the end."""
    out = io.BytesIO()
    with av.open(io.BytesIO(film(seconds))) as came, av.open(out, "w", format="mp4") as made:
        made.metadata.update({"location": "-10.7131+025.4685/", "artist": OWNER})
        stream = made.add_stream_from_template(came.streams.video[0])
        for packet in came.demux(came.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)
    return out.getvalue()


SCRIPT_DRAWING = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
