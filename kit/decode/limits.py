"""What a photo may cost before and while it is decoded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the upload gate; every one can be lowered in a test or raised by a setting.

    A refusal is promised within two seconds, so `seconds` leaves room for the way there and back.
    """

    bytes: int = 20 << 20
    pixels: int = 50_000_000
    min_side: int = 64  # px; below it neither a hand nor a face can be found
    max_side: int = 12_000  # px
    scans: int = 100  # of a JPEG; each costs a pass over the whole picture
    memory: int = 300_000_000  # bytes that a decoding child may map beyond what it holds when idle
    seconds: float = 1.8  # wall time of one decode, the transfer to the child included
    waiting: int = 32  # requests that may stand in line for a child
    wait_seconds: float = 5.0  # how long one of them may stand there
    decodes: int = 200  # of one child before it is replaced
