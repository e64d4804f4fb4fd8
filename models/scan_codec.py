"""Scan to bytes and back: MessagePack under zlib, with a version in front; arrays come back bit by bit.

Layout: magic `VSCN`, one byte of version, then zlib over MessagePack. Version 1 had no illuminant, version 2 no
hair, version 3 no skin; all are still read.
"""

from __future__ import annotations

import zlib

import msgspec
import numpy as np

from looks.finger import Finger, HandName, HandSide
from models.types import Array, Box, Face, Hair, Hand, Illuminant, Lips, Mask, Nail, Scan, Skin

MAGIC, VERSION = b"VSCN", 4
LEVEL = 1  # masks are flat: the fastest level already takes them to a tenth
MOST_BYTES = 64 << 20  # of the unpacked form; a scan of twelve hands at 50 megapixels stays below


class ScanError(ValueError):
    """Bytes that are no Scan of ours, or of a version that this program does not know."""


class _Array(msgspec.Struct, array_like=True, frozen=True):
    dtype: str
    shape: tuple[int, ...]
    data: bytes


class _Mask(msgspec.Struct, array_like=True, frozen=True):
    box: tuple[int, int, int, int]
    alpha: bytes


class _Hand(msgspec.Struct, array_like=True, frozen=True):
    landmarks: _Array
    name: str
    side: str
    score: float


class _Nail(msgspec.Struct, array_like=True, frozen=True):
    mask: _Mask
    axis: _Array
    width_px: float
    confidence: float
    hand: int | None
    finger: str | None


class _Face(msgspec.Struct, array_like=True, frozen=True):
    landmarks: _Array
    box: tuple[int, int, int, int]
    score: float


class _Lips(msgspec.Struct, array_like=True, frozen=True):
    mask: _Mask
    face: int


class _Skin(msgspec.Struct, array_like=True, frozen=True):
    mask: _Mask
    face: int


class _Hair(msgspec.Struct, array_like=True, frozen=True):
    mask: _Mask
    face: int | None
    confidence: float


class _Illuminant(msgspec.Struct, array_like=True, frozen=True):
    gains: tuple[float, float, float]
    confidence: float


class _Scan(msgspec.Struct, array_like=True, frozen=True):
    hands: tuple[_Hand, ...] | None
    nails: tuple[_Nail, ...] | None
    faces: tuple[_Face, ...] | None
    lips: tuple[_Lips, ...] | None
    illuminant: _Illuminant | None = None
    hair: tuple[_Hair, ...] | None = None
    skin: tuple[_Skin, ...] | None = None


_DTYPES = {"<f4", "<f8", "|u1"}


def encode(scan: Scan) -> bytes:
    """A Scan as bytes; equal Scans give equal bytes."""
    wire = _Scan(
        None
        if scan.hands is None
        else tuple(_Hand(_pack(h.landmarks), h.name, h.side, h.score) for h in scan.hands),
        None
        if scan.nails is None
        else tuple(
            _Nail(_pack_mask(n.mask), _pack(n.axis), n.width_px, n.confidence, n.hand, n.finger)
            for n in scan.nails
        ),
        None
        if scan.faces is None
        else tuple(_Face(_pack(f.landmarks), _corners(f.box), f.score) for f in scan.faces),
        None if scan.lips is None else tuple(_Lips(_pack_mask(one.mask), one.face) for one in scan.lips),
        None if scan.illuminant is None else _Illuminant(scan.illuminant.gains, scan.illuminant.confidence),
        None
        if scan.hair is None
        else tuple(_Hair(_pack_mask(one.mask), one.face, one.confidence) for one in scan.hair),
        None if scan.skin is None else tuple(_Skin(_pack_mask(one.mask), one.face) for one in scan.skin),
    )
    return MAGIC + bytes([VERSION]) + zlib.compress(msgspec.msgpack.encode(wire), LEVEL)


def decode(data: bytes) -> Scan:
    """Bytes back to a Scan; raises ScanError, naming the version that was found, on anything else."""
    if data[:4] != MAGIC or len(data) < 5:
        raise ScanError("these bytes are no Scan")
    if not 1 <= data[4] <= VERSION:
        raise ScanError(f"this Scan has version {data[4]}, this program reads versions 1 to {VERSION}")
    try:
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(data[5:], MOST_BYTES)
        if not unpacker.eof:
            raise ScanError(f"a Scan is cut off or unpacks to more than {MOST_BYTES} bytes")
        wire = msgspec.msgpack.decode(raw, type=_Scan)
        return Scan(
            hands=None
            if wire.hands is None
            else tuple(
                Hand(_unpack(h.landmarks), HandName(h.name), HandSide(h.side), h.score) for h in wire.hands
            ),
            nails=None if wire.nails is None else tuple(_unpack_nail(n) for n in wire.nails),
            faces=None
            if wire.faces is None
            else tuple(Face(_unpack(f.landmarks), Box(*f.box), f.score) for f in wire.faces),
            lips=None
            if wire.lips is None
            else tuple(Lips(_unpack_mask(one.mask), one.face) for one in wire.lips),
            hair=None
            if wire.hair is None
            else tuple(Hair(_unpack_mask(one.mask), one.face, one.confidence) for one in wire.hair),
            skin=None
            if wire.skin is None
            else tuple(Skin(_unpack_mask(one.mask), one.face) for one in wire.skin),
            illuminant=None
            if wire.illuminant is None
            else Illuminant(wire.illuminant.gains, wire.illuminant.confidence),
        )
    except ScanError:
        raise
    except (zlib.error, msgspec.MsgspecError, ValueError) as error:
        raise ScanError(f"a Scan that cannot be read: {error}") from error


def _pack(array: Array) -> _Array:
    plain = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return _Array(plain.dtype.str, plain.shape, plain.tobytes())


def _unpack(packed: _Array) -> Array:
    if packed.dtype not in _DTYPES:
        raise ScanError(f"a Scan with an array of type {packed.dtype!r}")
    return np.frombuffer(packed.data, packed.dtype).reshape(packed.shape)


def _corners(box: Box) -> tuple[int, int, int, int]:
    return box.x0, box.y0, box.x1, box.y1


def _pack_mask(mask: Mask) -> _Mask:
    return _Mask(_corners(mask.box), np.ascontiguousarray(mask.alpha).tobytes())


def _unpack_mask(packed: _Mask) -> Mask:
    box = Box(*packed.box)
    return Mask(np.frombuffer(packed.alpha, np.uint8).reshape(box.shape), box)


def _unpack_nail(packed: _Nail) -> Nail:
    return Nail(
        _unpack_mask(packed.mask),
        _unpack(packed.axis),
        packed.width_px,
        packed.confidence,
        packed.hand,
        None if packed.finger is None else Finger(packed.finger),
    )
