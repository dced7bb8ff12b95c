"""What is left of a recording without its traces? Its sound and its pictures, written anew."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from grievance.cleaning.kinds import AUDIO, BROKEN, FIELD, HEAVY, VIDEO
from grievance.terms import InvalidInput
from grievance.vocabulary import FileKind

# Twice what a telephone films (1920 by 1080), upright or not.
MOST_POINTS = 3840 * 2160
WIDEST = 640
LONGEST = 30 * 60  # seconds
# A container that promises more than it holds was cut off; sound and pictures rarely end in the same instant.
MISSING = 0.1
GRACE = 1.0  # seconds
RATE = 32_000
# One thread: each would bring memory of its own.
PICTURE = {"preset": "ultrafast", "crf": "28", "threads": "1"}


def written_anew(data: bytes, container: str) -> tuple[FileKind, bytes]:
    """An MP4 with the same sound and pictures, and nothing else; says which it was. Raises InvalidInput."""
    out = io.BytesIO()
    try:
        with av.open(io.BytesIO(data), "r", format=container) as came:
            kind = _copied(came, out)
    except (av.FFmpegError, ValueError, EOFError):
        raise InvalidInput(FIELD, BROKEN) from None
    return kind, out.getvalue()


def _copied(came: InputContainer, out: io.BytesIO) -> FileKind:
    film, sound = _film(came), next(iter(came.streams.audio), None)
    if film is None and sound is None:
        raise InvalidInput(FIELD, BROKEN)
    _check_length(came)
    with av.open(out, "w", format="mp4") as made:
        copies: list[_Film | _Sound] = []
        if film is not None:
            copies.append(_Film(made, film))
        if sound is not None:
            copies.append(_Sound(made, sound))
        ended = 0.0
        for copy in _fed(came, copies):
            ended = max(ended, copy.ended)
    _check_whole(came, ended)
    return VIDEO if film else AUDIO


def _film(came: InputContainer) -> VideoStream | None:
    """The moving pictures; the cover of a song is none."""
    return next((one for one in came.streams.video if not one.disposition & Disposition.attached_pic), None)


class _Film:
    """The moving pictures, at most 640 points wide, turned as the telephone was held."""

    def __init__(self, made: OutputContainer, came: VideoStream) -> None:
        width, height = _fitting(came.codec_context.width, came.codec_context.height)
        came.codec_context.thread_count = 1
        self.came, self.made, self.ended = came, made, 0.0
        self.stream = made.add_stream("libx264", rate=30, options=dict(PICTURE))
        self.stream.width, self.stream.height, self.stream.pix_fmt = width, height, "yuv420p"
        self.stream.codec_context.time_base = Fraction(1, 90_000)
        self.last = -1
        self.turned = False

    def take(self, frame: av.VideoFrame) -> None:
        """One picture more."""
        _fitting(frame.width, frame.height)
        if frame.rotation and not self.turned:
            self.stream.set_display_rotation(frame.rotation)
        self.turned = True
        self.ended = float(frame.time or 0.0)
        # Two pictures of one instant would stop the writing; the clock of a cut film can also run backwards.
        at = max(self.last + 1, round(self.ended * 90_000))
        small = frame.reformat(self.stream.width, self.stream.height, "yuv420p")
        small.pts, small.time_base, self.last = at, Fraction(1, 90_000), at
        self.made.mux(self.stream.encode(small))

    def end(self) -> None:
        """The pictures that the encoder still held."""
        self.made.mux(self.stream.encode(None))


class _Sound:
    """The sound, as AAC."""

    def __init__(self, made: OutputContainer, came: AudioStream) -> None:
        self.came, self.made, self.ended = came, made, 0.0
        layout = "stereo" if came.codec_context.channels > 1 else "mono"
        self.stream = made.add_stream("aac", rate=RATE, layout=layout, bit_rate=64_000)
        self.tuner = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
        self.samples = 0

    def take(self, frame: av.AudioFrame) -> None:
        """Some sound more."""
        self.ended = float(frame.time or 0.0) + frame.samples / frame.sample_rate
        for tuned in self.tuner.resample(frame):
            tuned.pts, tuned.time_base = self.samples, Fraction(1, RATE)
            self.samples += tuned.samples
            self.made.mux(self.stream.encode(tuned))

    def end(self) -> None:
        """The sound that the encoder still held."""
        self.made.mux(self.stream.encode(None))


def _fed(came: InputContainer, copies: list[_Film | _Sound]) -> Iterator[_Film | _Sound]:
    """Hands every frame to its copy, and says each time to which."""
    of = {copy.came.index: copy for copy in copies}
    for packet in came.demux([copy.came for copy in copies]):
        for frame in packet.decode():
            copy = of[packet.stream.index]
            copy.take(frame)  # type: ignore[arg-type]  # a stream gives frames of its own kind
            if copy.ended > LONGEST:
                raise InvalidInput(FIELD, HEAVY)
            yield copy
    for copy in copies:
        copy.end()


def _fitting(width: int, height: int) -> tuple[int, int]:
    """The size of the copy: even numbers, as H.264 wants them. Raises InvalidInput."""
    if width * height > MOST_POINTS:
        raise InvalidInput(FIELD, HEAVY)
    if width < 2 or height < 2:
        raise InvalidInput(FIELD, BROKEN)
    scale = min(1.0, WIDEST / max(width, height))
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _check_length(came: InputContainer) -> None:
    if came.duration is not None and came.duration > LONGEST * av.time_base:
        raise InvalidInput(FIELD, HEAVY)


def _check_whole(came: InputContainer, ended: float) -> None:
    """A recording without one frame, or with much less than it promises, is broken. Raises InvalidInput."""
    promised = (came.duration or 0) / av.time_base
    began = (came.start_time or 0) / av.time_base
    if ended == 0.0 or ended - began < promised * (1 - MISSING) - GRACE:
        raise InvalidInput(FIELD, BROKEN)
