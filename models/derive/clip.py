"""A short clip that wipes from before to after and back: MP4 where ffmpeg is at hand, else an animated WebP.

Frames are made one by one and handed on, so that no more than one lies in memory. ffmpeg is a program of its own,
started without a shell, with bounds of time, memory and size; OpenCV's wheels write no H.264.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from PIL import Image

from models.types import Array

Format = Literal["mp4", "webp"]

SECONDS = 5.0
"""One turn: the look, back to before, and the look again; players repeat it."""
MP4_WIDTH, MP4_FPS = 1080, 25
WEBP_WIDTH, WEBP_FPS = 540, 12
"""Pillow encodes a frame of this size in 35 ms; a film of MP4's size would take a minute."""
MOST_BYTES, MOST_SECONDS, MOST_MEMORY = 8 << 20, 40.0, 2 << 30
LINE = np.array((250, 247, 244), np.uint8)
"""The off-white of the pages, as the line between the two pictures."""


class ClipError(RuntimeError):
    """No clip came out, or one that is too large or took too long."""


@dataclass(frozen=True, slots=True)
class Clip:
    """An encoded clip. width, height: pixels, even; seconds: of one turn."""

    data: bytes
    format: Format
    width: int
    height: int
    seconds: float


def make_clip(
    before: Array, after: Array, *, ffmpeg: str | None = None, deadline: float = MOST_SECONDS
) -> Clip:
    """Wipe between two uint8 sRGB pictures of the same scene, (h, w, 3) each, of any sizes; after's shape counts.

    ffmpeg: its path; None takes the one on PATH, and without one the clip is a WebP. Raises ClipError.
    """
    program = ffmpeg or shutil.which("ffmpeg")
    until = time.monotonic() + deadline
    if program is None:
        return _webp(*_fitted(before, after, WEBP_WIDTH), until)
    return _mp4(program, *_fitted(before, after, MP4_WIDTH), until)


def edge_at(moment: float) -> float:
    """Where the line stands, from 0 (all after) to 1 (all before), at a moment from 0 to 1 of a turn."""
    rest = 0.2  # of the turn, at either end
    there = np.clip((moment - rest) / (0.5 - rest), 0, 1) if moment < 0.5 else 1.0
    back = np.clip((moment - 0.5 - rest / 2) / (0.5 - rest), 0, 1) if moment >= 0.5 else 0.0
    position = float(there - back)
    return position * position * (3 - 2 * position)  # slow at the ends


def frames(before: Array, after: Array, count: int) -> Iterator[Array]:
    """The frames of one turn: before on the left of the line, after on its right."""
    width = after.shape[1]
    thick = max(2, width // 270)
    for number in range(count):
        edge = round(edge_at(number / count) * width)
        frame = after.copy()
        frame[:, :edge] = before[:, :edge]
        if 0 < edge < width:
            frame[:, max(0, edge - thick // 2) : edge + thick // 2] = LINE
        yield frame


def _fitted(before: Array, after: Array, width: int) -> tuple[Array, Array]:
    """Both at one size: at most so wide, with even sides, as yuv420p has half of the colour's rows and columns."""
    scale = min(1.0, width / after.shape[1])
    size = _even(after.shape[1] * scale), _even(after.shape[0] * scale)
    return cv2.resize(before, size, interpolation=cv2.INTER_AREA), cv2.resize(
        after, size, interpolation=cv2.INTER_AREA
    )


def _even(side: float) -> int:
    return max(2, int(side) // 2 * 2)


def _mp4(program: str, before: Array, after: Array, until: float) -> Clip:
    """H.264 in yuv420p with its index first, so that it begins to play before it has arrived."""
    height, width = after.shape[:2]
    with tempfile.TemporaryDirectory(prefix="vernis-clip-") as folder:
        out = Path(folder) / "clip.mp4"
        command = [
            program, "-nostdin", "-hide_banner", "-loglevel", "error",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(MP4_FPS), "-i", "pipe:0",
            "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-threads", "1",
            "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p",
            "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
            "-map_metadata", "-1", "-movflags", "+faststart", "-fs", str(MOST_BYTES), "-f", "mp4", str(out),
        ]  # fmt: skip
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            cwd=folder, env={"PATH": "", "LC_ALL": "C"},
        ) as process:  # fmt: skip
            clock = threading.Timer(until - time.monotonic(), process.kill)
            clock.start()
            try:
                _bound(process.pid)
                _feed(process, frames(before, after, round(SECONDS * MP4_FPS)))
                _, said = process.communicate()
            finally:
                clock.cancel()
                process.kill()
        if time.monotonic() >= until:
            raise ClipError("ffmpeg took too long")
        if process.returncode != 0 or not out.exists():
            raise ClipError(
                f"ffmpeg ended with {process.returncode}: {said[-200:].decode('utf-8', 'replace')}"
            )
        data = out.read_bytes()
    if not 0 < len(data) < MOST_BYTES:
        raise ClipError(f"a clip of {len(data)} bytes")
    return Clip(data, "mp4", width, height, SECONDS)


def _bound(pid: int) -> None:
    """What it may use; it may have ended by now."""
    try:
        seconds = round(MOST_SECONDS)
        resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds))
        resource.prlimit(pid, resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (2 * MOST_BYTES, 2 * MOST_BYTES))
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
    except ProcessLookupError:
        return


def _feed(process: subprocess.Popen[bytes], pictures: Iterator[Array]) -> None:
    """Hand frames on. A program that reads no more has said why on stderr, or was ended."""
    assert process.stdin is not None
    try:
        for picture in pictures:
            process.stdin.write(picture.tobytes())
    except BrokenPipeError:
        return


def _webp(before: Array, after: Array, until: float) -> Clip:
    """All frames at once, as Pillow wants them; they are small."""
    height, width = after.shape[:2]
    turn = []
    for picture in frames(before, after, round(SECONDS * WEBP_FPS)):
        if time.monotonic() > until:
            raise ClipError("the clip took too long")
        turn.append(Image.fromarray(picture))
    out = BytesIO()
    turn[0].save(
        out, "WEBP", save_all=True, append_images=turn[1:], duration=round(1000 / WEBP_FPS), loop=0,
        quality=72, method=1, minimize_size=False,
    )  # fmt: skip
    if out.tell() > MOST_BYTES:
        raise ClipError(f"a clip of {out.tell()} bytes")
    return Clip(out.getvalue(), "webp", width, height, SECONDS)
