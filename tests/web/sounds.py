"""How does a test hear a question? By a real recording of each, made here."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from grievance import recordings
from grievance.recordings import Recordings


def _tone(file: Path) -> None:
    """Two seconds of a real MP3."""
    with av.open(str(file), "w", format="mp3") as sound:
        stream = sound.add_stream("libmp3lame", rate=16_000, layout="mono")
        wave = (np.sin(np.arange(32_000) / 8) * 8_000).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(wave, format="s16p", layout="mono")
        frame.sample_rate = 16_000
        for packet in (*stream.encode(frame), *stream.encode(None)):
            sound.mux(packet)


def all_recorded(folder: Path) -> Recordings:
    """Every question recorded in both languages, in this folder."""
    _tone(folder / "tone.mp3")
    tone = (folder / "tone.mp3").read_bytes()
    for language in recordings.SPOKEN:
        (folder / language).mkdir()
        for name in recordings.questions():
            # What stands behind the sound is in no recording twice.
            (folder / language / f"{name}.mp3").write_bytes(tone + f"{language} {name}".encode())
    return Recordings.read(folder)
