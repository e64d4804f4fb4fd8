"""Whether a PNG file is all there: its chunks up to IEND (ISO/IEC 15948, clause 5)."""

from __future__ import annotations

from kit.decode.unfit import Unfit


def check_ended(data: bytes) -> None:
    """Refuse a file that ends before its IEND; Pillow is content once the first frame's rows are there."""
    at = 8
    while data[at + 4 : at + 8] != b"IEND":
        at += 12 + int.from_bytes(data[at : at + 4])  # length, type, content, checksum
        if at + 12 > len(data):
            raise Unfit("photo_corrupt", "The file is cut off.")
