"""A JPEG's passes, counted from its markers without decoding (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from typing import NamedTuple

_SOI, _EOI, _SOS, _SOF0, _SOF_LAST = 0xD8, 0xD9, 0xDA, 0xC0, 0xCF
_NOT_A_FRAME = {0xC4, 0xC8, 0xCC}  # DHT, JPG and DAC lie between the SOFs
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")


class Passes(NamedTuple):
    """scans: SOS markers up to the limit + 1; coefficients: bytes that a decoder keeps between them."""

    scans: int
    coefficients: int


def passes(data: bytes, limit: int) -> Passes:
    """Walk the markers up to EOI, stopping early past `limit` scans.

    Follows libjpeg where bytes are odd: rubbish before a marker is skipped, stuffed and restart codes belong
    to the entropy-coded data, and codes below SOF0 carry no length, so that nothing can hide behind one.
    """
    scans, coefficients, at = 0, 0, 2
    while scans <= limit and (found := _MARKER.search(data, at)):
        code, at = found[1][0], found.end()
        if code == _EOI:
            break
        if code < _SOF0 or code == _SOI:
            continue
        length = int.from_bytes(data[at : at + 2])
        if code == _SOS:
            scans += 1
        elif _SOF0 <= code <= _SOF_LAST and code not in _NOT_A_FRAME:
            coefficients = _coefficients(data[at : at + length])
        at += length
    return Passes(scans, coefficients)


def _coefficients(frame: bytes) -> int:
    """Bytes of 16-bit coefficients for every component of a frame header (B.2.2)."""
    height, width, sampling = int.from_bytes(frame[3:5]), int.from_bytes(frame[5:7]), frame[9::3]
    areas = [(factor >> 4) * (factor & 15) for factor in sampling]
    widest = max((factor >> 4 for factor in sampling), default=1) or 1
    tallest = max((factor & 15 for factor in sampling), default=1) or 1
    return 2 * width * height * sum(areas) // (widest * tallest)
