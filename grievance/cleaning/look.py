"""Is this file one that we take, and what is its clean copy? All of it, for bytes in memory."""

from __future__ import annotations

from grievance.cleaning import kinds, papers, pictures, recordings
from grievance.cleaning.kinds import Clean
from grievance.vocabulary import FileKind


def look(data: bytes, ending: str) -> Clean:
    """What a file is, told by its content, and its clean copy. Raises InvalidInput."""
    mime = kinds.content_of(data)
    if mime in kinds.PICTURES:
        kinds.check_name(ending, FileKind.PHOTO)
        kinds.check_alone(data, FileKind.PHOTO)
        drawn = pictures.drawn_again(data, kinds.PICTURES[mime])
        return Clean(FileKind.PHOTO, mime, "image/jpeg", drawn)
    if mime == kinds.PAPER:
        kinds.check_name(ending, FileKind.DOCUMENT)
        kinds.check_alone(data, FileKind.DOCUMENT)
        return Clean(FileKind.DOCUMENT, mime, mime, papers.pages_alone(data))
    kinds.check_alone(data, FileKind.VIDEO)
    kind, copy = recordings.written_anew(data, kinds.CONTAINERS[mime])
    kinds.check_name(ending, kind)
    family = "audio" if kind is FileKind.AUDIO else "video"
    return Clean(kind, f"{family}/{mime.partition('/')[2]}", f"{family}/mp4", copy)
