"""What does a clean copy still tell of its maker? What is not picture or sound is a find."""

from __future__ import annotations

import io
import struct

import av
import pikepdf
from PIL import Image

from tests.cleaning.strange_files import OWNER

# What the programs that write a file say of themselves, the same for every file.
OF_THE_CONTAINER = frozenset({"major_brand", "minor_version", "compatible_brands", "encoder"})
OF_A_STREAM = frozenset({"language", "handler_name", "vendor_id", "encoder"})
OF_A_PICTURE = frozenset({"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"})
FORBIDDEN = frozenset({
    "/Metadata", "/JS", "/OpenAction", "/AA", "/EF", "/Annots", "/PieceInfo", "/XFA", "/A",
})  # fmt: skip
WORDS = (
    OWNER.encode(), OWNER.encode("utf-16-le"), OWNER.encode("utf-16-be"), b"Telephone Exemple", b"GPSLat",
    b"025.4685", b"<script", b"Exif\x00", b"http://ns.adobe.com", b"PK\x03\x04", b"JavaScript",
    b"EmbeddedFile", struct.pack(">II", 4725, 100), struct.pack("<II", 4725, 100),
)  # fmt: skip


def of(copy: bytes, mime: str) -> list[str]:
    """The finds in one copy, by name."""
    found = [repr(word) for word in WORDS if word in copy]
    read = {"image/jpeg": _picture, "application/pdf": _paper}.get(mime, _recording)
    return found + read(copy)


def _picture(copy: bytes) -> list[str]:
    with Image.open(io.BytesIO(copy)) as picture:
        picture.load()
        told = [key for key in picture.info if key not in OF_A_PICTURE]
        more = getattr(picture, "applist", [])[1:]  # of a JPEG, as every copy is
        return told + (["exif"] if picture.getexif() else []) + [name for name, _ in more]


def _paper(copy: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(copy)) as paper:
        holders = [one for one in paper.objects if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream))]
        told = FORBIDDEN & {name for one in holders for name in one}
        return sorted(told) + [str(key) for key in paper.docinfo] + list(paper.attachments)


def _recording(copy: bytes) -> list[str]:
    with av.open(io.BytesIO(copy)) as came:
        told = [key for key in came.metadata if key not in OF_THE_CONTAINER]
        of_streams = [key for stream in came.streams for key in stream.metadata if key not in OF_A_STREAM]
        other = [stream.type for stream in came.streams if stream.type not in ("audio", "video")]
        return told + of_streams + other
