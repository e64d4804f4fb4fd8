"""Whether a HEIF or AVIF file is all there: its boxes against its length (ISO/IEC 14496-12, 23008-12)."""

from __future__ import annotations

from collections.abc import Iterator

from kit.decode.unfit import Unfit

_MOST_BOXES = 1_000  # at one level; a phone's photo has about six
_NEEDED = {b"ftyp", b"meta", b"mdat", b"moov", b"moof", b"iloc", b"idat", b"iprp", b"iinf", b"pitm", b"iref"}


def check_complete(data: bytes) -> None:
    """Refuse a file that ends before its boxes or before the data of its items do.

    The HEIF opener paints the missing part of a truncated file grey and says nothing.
    """
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind == b"meta":
            _check_items(data, start + 4, end)


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, start of content, end) of the boxes in a row; rubbish after the last one is let be."""
    for _ in range(_MOST_BOXES):
        if end - at < 8:
            return
        size, kind, start = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, start = int.from_bytes(data[start : start + 8]), start + 8
        stop = at + size if size else end
        if stop > end or stop < start:
            if kind in _NEEDED:
                raise Unfit("photo_corrupt", "The file is cut off.")
            return
        yield kind, start, stop
        at = stop
    raise Unfit("photo_corrupt", "The file is made of too many parts.")


def _check_items(data: bytes, start: int, end: int) -> None:
    """Compare what `iloc` points at with what there is."""
    boxes = {kind: (begin, stop) for kind, begin, stop in _boxes(data, start, end)}
    if b"iloc" not in boxes:
        return
    begin, stop = boxes.get(b"idat", (0, 0))
    room = {0: len(data), 1: stop - begin}  # by construction method: in the file, in `idat`
    for method, upto in _extents(data[slice(*boxes[b"iloc"])]):
        if method in room and upto > room[method]:
            raise Unfit("photo_corrupt", "The file is cut off.")


def _extents(iloc: bytes) -> Iterator[tuple[int, int]]:
    """Yield (construction method, end offset) of every item's pieces (23008-12 §8.11.3)."""
    version, sizes, at = iloc[0] if iloc else 0, iloc[4:6].ljust(2, b"\0"), 6
    offset_size, length_size, base_size = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    index_size = sizes[1] & 15 if version else 0

    def number(size: int) -> int:
        nonlocal at
        at += size
        if at > len(iloc):
            raise Unfit("photo_corrupt", "The list of the file's parts is cut off.")
        return int.from_bytes(iloc[at - size : at])

    wide = 4 if version == 2 else 2
    for _ in range(number(wide)):
        number(wide)  # item id
        method = number(2) & 15 if version else 0
        number(2)  # data reference
        base = number(base_size)
        for _ in range(number(2)):
            number(index_size)
            offset = number(offset_size)
            yield method, base + offset + number(length_size)
