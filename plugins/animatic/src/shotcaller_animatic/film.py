"""Exposes frames: draws them one by one while another thread encodes the last."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
import numpy as np
from av import AudioFrame, VideoFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from shotcaller_animatic.cels import Planes, planes_of
from shotcaller_animatic.order import FPS
from shotcaller_animatic.sound import RATE, Samples

CHUNK = 1024
"""Samples in a frame of AAC."""

AHEAD = 3
"""Frames that may wait for the encoder; so many are in memory, and no more."""

QUALITY = 19
"""The quantizer of x264, the same for all frames, which spares it a look ahead.

Lower is better; sceneries of all kinds come out above 45 dB.
"""

BT709 = 1
"""The number that the colour standard of HD video has in every field."""

Paint: TypeAlias = Callable[[Planes, int], None]
"""Draws the film's frame of the given number, from 0."""


def _video(container: OutputContainer, width: int, height: int) -> VideoStream:
    stream = container.add_stream("libx264", rate=FPS)
    stream.width, stream.height, stream.pix_fmt = width, height, "nv12"
    stream.time_base = Fraction(1, FPS)
    stream.thread_count = 1  # the other core draws
    stream.options = {
        "preset": "ultrafast",
        "qp": str(QUALITY),
        "x264-params": "keyint=48",
    }
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = BT709
    return stream


def _audio(container: OutputContainer) -> AudioStream:
    stream = container.add_stream("aac", rate=RATE, layout="stereo")
    stream.bit_rate = 128_000
    stream.options = {"aac_coder": "fast"}
    return stream


def _sound_packets(stream: AudioStream, samples: Samples) -> list[Packet[AudioStream]]:
    packets: list[Packet[AudioStream]] = []
    for start in range(0, samples.shape[1], CHUNK):
        part = np.ascontiguousarray(samples[:, start : start + CHUNK])
        frame = AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = RATE, start
        frame.time_base = Fraction(1, RATE)
        packets += stream.encode(frame)
    return packets + stream.encode(None)


def _blank(width: int, height: int) -> VideoFrame:
    frame = VideoFrame(width, height, "nv12")
    frame.time_base = Fraction(1, FPS)
    return frame


class _Lab:
    """Is what the encoding thread works on: never again once anything failed."""

    def __init__(
        self, container: OutputContainer, size: tuple[int, int], *, sound: bool
    ) -> None:
        self.container = container
        self.video = _video(container, *size)
        self.audio = _audio(container) if sound else None
        self.broken = False

    def begin(self, sound: Callable[[], Samples] | None) -> None:
        """Writes the header, and the whole track: the muxer puts it in its places."""
        with self._once():
            self.container.start_encoding()
            if self.audio and sound:
                self.container.mux(_sound_packets(self.audio, sound()))

    def expose(self, frame: VideoFrame | None) -> None:
        """Encodes a frame, or at the end, without one, what is left."""
        with self._once():
            self.container.mux(self.video.encode(frame))

    @contextmanager
    def _once(self) -> Iterator[None]:
        # A muxer that is written to after it failed takes the process down with it.
        if self.broken:
            raise Broken
        self.broken = True
        yield
        self.broken = False


class Broken(Exception):
    """Says that something failed before, which was told then."""


def _shoot(
    encoder: ThreadPoolExecutor,
    lab: _Lab,
    frames: int,
    paint: Paint,
    begun: Future[None],
) -> None:
    size = lab.video.width, lab.video.height
    pool = [_blank(*size) for _ in range(AHEAD)]
    waiting: deque[tuple[Future[None], VideoFrame]] = deque()
    for index in range(frames):
        if not pool:
            done, frame = waiting.popleft()
            begun.result()
            done.result()
            pool.append(frame)
        frame = pool.pop()
        paint(planes_of(frame), index)
        frame.pts = index
        waiting.append((encoder.submit(lab.expose, frame), frame))
    for done in (begun, *(done for done, _ in waiting)):
        done.result()


def record(
    path: Path,
    size: tuple[int, int],
    frames: int,
    paint: Paint,
    sound: Callable[[], Samples] | None,
) -> None:
    """Writes an MP4 of so many frames: H.264, AAC if there is sound, ready to stream.

    ``size`` is width and height in pixels. Raises ``OSError`` where the disk is full.
    """
    options = {"movflags": "+faststart"}
    with av.open(path, "w", format="mp4", options=options) as container:
        lab = _Lab(container, size, sound=sound is not None)
        with ThreadPoolExecutor(1) as encoder:
            begun = encoder.submit(lab.begin, sound)
            try:
                _shoot(encoder, lab, frames, paint, begun)
            finally:
                encoder.shutdown(cancel_futures=True)
        lab.expose(None)


__all__ = ["Paint", "record"]
