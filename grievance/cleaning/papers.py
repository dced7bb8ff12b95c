"""What is left of a PDF without its traces? Its pages; no script, no files in it, no word of who made it."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

import pikepdf

from grievance.cleaning.kinds import BROKEN, FIELD, HEAVY
from grievance.terms import InvalidInput

MOST_OBJECTS = 100_000
# A page scanned at 300 points an inch in colour unpacks to 26 MB.
LARGEST_STREAM = 64 * 1024 * 1024
LARGEST_WHOLE = 768 * 1024 * 1024
MOST_FILTERS = 3
STEP = 1024 * 1024

# What tells of people and programs, or does something when it is opened. Gone from every object.
TRACES = (
    "/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/OpenAction", "/JS", "/JavaScript",
    "/EmbeddedFiles", "/EF", "/AF", "/AcroForm", "/XFA", "/Perms", "/Collection", "/Threads", "/WebCapture",
    "/SpiderInfo", "/A", "/URI", "/DPartRoot", "/Requirements", "/Legal", "/URLS", "/OPI", "/Measure",
    "/PtData", "/LGIDict",
)  # fmt: skip
# What stands on a page beside its own drawing: comments carry names and days, links actions, films programs.
BESIDE = ("/Annots",)
_FLATE, _JPEG, _JPEG2000 = "/FlateDecode", "/DCTDecode", "/JPXDecode"
_ADOBE = 0xEE  # how the colours are to be read; without it a picture turns negative


def pages_alone(data: bytes) -> bytes:
    """A PDF with the same pages and nothing else. Raises InvalidInput."""
    try:
        with pikepdf.open(io.BytesIO(data)) as paper:
            _check_size(paper)
            for one in list(paper.objects):
                _strip(one)
            if "/Info" in paper.trailer:
                del paper.trailer.Info
            return _saved(paper)
    except (pikepdf.PdfError, pikepdf.DataDecodingError, RuntimeError, ValueError, TypeError, KeyError):
        raise InvalidInput(FIELD, BROKEN) from None


def _saved(paper: pikepdf.Pdf) -> bytes:
    if not len(paper.pages):
        raise InvalidInput(FIELD, BROKEN)
    # Only what the pages need comes along, into a paper without a history.
    clean = pikepdf.new()
    clean.pages.extend(paper.pages)
    clean.remove_unreferenced_resources()
    out = io.BytesIO()
    clean.save(out, static_id=True)
    return out.getvalue()


def _strip(one: pikepdf.Object) -> None:
    if not isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        return
    for name in (*TRACES, *BESIDE):
        if name in one:
            del one[name]
    if isinstance(one, pikepdf.Stream) and _filters(one)[-1:] == [_JPEG]:
        one.write(without_segments(_picture(one)), filter=pikepdf.Name(_JPEG), decode_parms=None)


def _picture(one: pikepdf.Stream) -> bytes:
    """The JPEG of a stream, without what it is packed in. Raises ValueError for another wrapping."""
    data = one.read_raw_bytes()
    for name in _filters(one)[:-1]:
        if name != _FLATE:
            raise ValueError("an unknown wrapping")
        data = b"".join(_inflated(data))
    return data


def _check_size(paper: pikepdf.Pdf) -> None:
    """Unpacks each stream in small steps, before anything unpacks one whole. Raises InvalidInput."""
    if len(paper.objects) > MOST_OBJECTS:
        raise InvalidInput(FIELD, HEAVY)
    whole = 0
    for one in paper.objects:
        if isinstance(one, pikepdf.Stream):
            whole += _unpacked(one)
            if whole > LARGEST_WHOLE:
                raise InvalidInput(FIELD, HEAVY)


def _filters(one: pikepdf.Stream) -> list[str]:
    found = one.get("/Filter")
    if found is None:
        return []
    return [str(name) for name in found] if isinstance(found, pikepdf.Array) else [str(found)]


def _unpacked(one: pikepdf.Stream) -> int:
    """How many bytes a stream unpacks to, as far as it is packed by Flate."""
    filters = _filters(one)
    if len(filters) > MOST_FILTERS or "/LZWDecode" in filters or _JPEG2000 in filters:
        raise InvalidInput(FIELD, HEAVY)
    data = one.read_raw_bytes()
    size = len(data)
    for name in filters:
        if name != _FLATE:
            break
        parts, size = [], 0
        for part in _inflated(data):
            parts.append(part)
            size += len(part)
            if size > LARGEST_STREAM:
                raise InvalidInput(FIELD, HEAVY)
        data = b"".join(parts) if len(filters) > 1 else b""
    return size


def _inflated(data: bytes) -> Iterator[bytes]:
    """The unpacked bytes, a million at a time; what is broken ends them, as it does for every reader."""
    machine = zlib.decompressobj()
    try:
        while data:
            yield machine.decompress(data, STEP)
            data = machine.unconsumed_tail
    except zlib.error:
        return


def without_segments(jpeg: bytes) -> bytes:
    """A JPEG without its APP segments (positions, owners, small copies) and comments. Raises ValueError."""
    if not jpeg.startswith(b"\xff\xd8"):
        raise ValueError("no JPEG")
    kept, at = [jpeg[:2]], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        told = 0xE0 <= jpeg[at + 1] <= 0xEF or jpeg[at + 1] == 0xFE
        if not told or jpeg[at + 1] == _ADOBE:
            kept.append(jpeg[at:end])
        at = end
    last = jpeg.rfind(b"\xff\xd9")
    return b"".join((*kept, jpeg[at : last + 2 if last > at else None]))
