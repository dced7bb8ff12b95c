"""What is left of a photograph without its traces? Its points, drawn again."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from grievance.cleaning.kinds import BROKEN, FIELD, HEAVY
from grievance.terms import InvalidInput

# A telephone's camera takes up to 200 million points, and a JPEG is read at the size it is wanted.
MOST_POINTS = 50_000_000
MOST_JPEG_POINTS = 200_000_000
LONGEST_SIDE = 2400
QUALITY = 82

Image.MAX_IMAGE_PIXELS = None  # we ask before anything is unpacked, and refuse instead of warning


def drawn_again(data: bytes, form: str) -> bytes:
    """A JPEG with the same picture, upright, and nothing else. Raises InvalidInput."""
    try:
        with Image.open(io.BytesIO(data), formats=[form]) as picture:
            _check_size(picture)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.load()
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _written(ImageOps.exif_transpose(picture))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise InvalidInput(FIELD, BROKEN) from None


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > (MOST_JPEG_POINTS if picture.format in ("JPEG", "MPO") else MOST_POINTS):
        raise InvalidInput(FIELD, HEAVY)


def _written(picture: Image.Image) -> bytes:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.new("RGB", layer.size, "white")
        picture.paste(layer, mask=layer.getchannel("A"))
    # A new picture: what hung on the old one (positions, comments, profiles, small copies) stays behind.
    clean = Image.new("RGB", picture.size)
    clean.paste(picture.convert("RGB"))
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
