"""The process that decodes: `python -m kit.decode.child LIMITS PARENT`, asked on stdin, answering on stdout.

A frame is a length (4 bytes, little-endian) and so many bytes. Either way two of them travel together, a JSON object
and a picture. Asked `{}`, the answer is `{"size": [width, height]}` and no picture; asked `{"width": …, "format": …}`,
it is `{}` and a smaller copy; asked `{"card": …, "lengths": […]}`, it is `{}` and a card drawn of the pictures that
were sent one behind the other; a refusal is `{"code": …, "detail": …}`. The first answer is `{}`: imports are done
and the limits stand.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from math import ceil
from pathlib import Path
from typing import Any, BinaryIO

from kit.decode.card import draw_card
from kit.decode.limits import Limits
from kit.decode.photo import measure
from kit.decode.shrink import shrink
from kit.decode.unfit import Unfit
from kit.lifeline import die_with_parent


def main() -> None:
    """Answer until the parent closes the pipe or dies."""
    limits = Limits(**json.loads(sys.argv[1]))
    _die_with(int(sys.argv[2]))
    _confine(limits.memory)
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a codec prints must not land among the answers
    _write(answers, {}, b"")
    while order := _read(questions):
        data = _read(questions)
        signal.alarm(ceil(limits.seconds) + 1)  # the net below the parent's clock: the parent may hang
        _write(answers, *_answer(json.loads(order), data, limits))
        signal.alarm(0)


def _answer(order: dict[str, Any], data: bytes, limits: Limits) -> tuple[dict[str, object], bytes]:
    try:
        if "card" in order:
            return {}, draw_card(order["card"], _parted(data, order["lengths"]))
        if order:
            return {}, shrink(data, order["width"], order["format"])
        return {"size": measure(data, limits)}, b""
    except Unfit as unfit:
        return {"code": unfit.code, "detail": unfit.detail}, b""


def _parted(data: bytes, lengths: list[int]) -> list[bytes]:
    ends = [sum(lengths[: number + 1]) for number in range(len(lengths))]
    return [data[end - length : end] for end, length in zip(ends, lengths, strict=True)]


def _die_with(parent: int) -> None:
    """Outlive neither a closed terminal's signals nor the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    die_with_parent(parent=parent)


def _confine(memory: int) -> None:
    """Cap what may be mapped beyond what is mapped now; write no file and leave no core dump of a photo."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + memory, mapped + memory))


def _read(stream: BinaryIO) -> bytes:
    """One frame, empty at the end of the stream."""
    size = int.from_bytes(stream.read(4), "little")
    data = stream.read(size)
    return data if len(data) == size else b""


def _write(stream: BinaryIO, answer: dict[str, object], picture: bytes) -> None:
    for frame in (json.dumps(answer).encode(), picture):
        stream.write(len(frame).to_bytes(4, "little") + frame)
    stream.flush()


if __name__ == "__main__":
    main()
