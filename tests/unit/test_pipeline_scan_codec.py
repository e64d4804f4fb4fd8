"""A Scan comes back from bytes as it was, and foreign bytes are refused with a reason."""

from __future__ import annotations

import zlib

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from looks.finger import Finger, HandName, HandSide
from models import scan_codec
from models.types import Array, Box, Face, Hair, Hand, Illuminant, Lips, Mask, Nail, Scan, Skin

numbers = st.floats(-1e4, 1e4, width=32)
shares = st.floats(0, 1)
seeds = st.integers(0, 2**32 - 1)


def landmarks(seed: int, count: int) -> Array:
    return np.random.default_rng(seed).normal(0, 500, (count, 3)).astype(np.float32)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x, y, w, h = (draw(st.integers(low, 40)) for low in (0, 0, 1, 1))
    return Box(x, y, x + w, y + h)


@st.composite
def masks(draw: st.DrawFn) -> Mask:
    box = draw(boxes())
    return Mask(np.random.default_rng(draw(seeds)).integers(0, 256, box.shape, np.uint8), box)


hands = st.builds(
    lambda seed, name, side, score: Hand(landmarks(seed, 21), name, side, score),
    seeds,
    st.sampled_from(HandName),
    st.sampled_from(HandSide),
    shares,
)
nails = st.builds(
    lambda mask, axis, width, confidence, hand, finger: Nail(
        mask, np.array(axis, np.float32).reshape(2, 2), width, confidence, hand, finger
    ),
    masks(),
    st.lists(numbers, min_size=4, max_size=4),
    st.floats(1, 500),
    shares,
    st.none() | st.integers(0, 3),
    st.none() | st.sampled_from(Finger),
)
faces = st.builds(
    lambda seed, count, box, score: Face(landmarks(seed, count), box, score),
    seeds,
    st.sampled_from([468, 478]),
    boxes(),
    shares,
)
lips = st.builds(Lips, masks(), st.integers(0, 5))
skins = st.builds(Skin, masks(), st.integers(0, 5))
hairs = st.builds(Hair, masks(), st.integers(0, 5), shares)


def parts(items: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | st.lists(items, max_size=3).map(tuple)


illuminants = st.builds(Illuminant, st.tuples(*[st.floats(0.1, 10)] * 3), shares)
scans = st.builds(
    Scan,
    parts(hands),
    parts(nails),
    parts(faces),
    parts(lips),
    parts(hairs),
    illuminant=st.none() | illuminants,
    skin=parts(skins),
)


def same(one: object, other: object) -> bool:
    """Equality that looks into arrays, with their types."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if hasattr(one, "__slots__") and type(one) is type(other):
        return all(same(getattr(one, name), getattr(other, name)) for name in type(one).__slots__)
    return type(one) is type(other) and one == other


@given(scans)
def test_a_scan_comes_back_as_it_was(scan: Scan) -> None:
    assert same(scan_codec.decode(scan_codec.encode(scan)), scan)


@given(scans)
def test_equal_scans_are_equal_bytes(scan: Scan) -> None:
    assert scan_codec.encode(scan) == scan_codec.encode(scan_codec.decode(scan_codec.encode(scan)))


def test_not_looked_for_and_not_there_stay_apart() -> None:
    back = scan_codec.decode(scan_codec.encode(Scan(hands=(), faces=None)))
    assert back.hands == ()
    assert back.faces is None


def test_a_scan_from_before_illuminants_were_told_is_read() -> None:
    without = msgspec.msgpack.encode([None, [], None, None])
    assert scan_codec.decode(b"VSCN\x01" + zlib.compress(without)) == Scan(nails=())


def test_a_flat_mask_is_stored_small() -> None:
    mask = Mask(np.full((400, 300), 255, np.uint8), Box(0, 0, 300, 400))
    assert len(scan_codec.encode(Scan(lips=(Lips(mask, 0),)))) < 2_000


def test_another_version_is_refused_by_its_number() -> None:
    data = bytearray(scan_codec.encode(Scan(hands=())))
    data[4] = 99
    with pytest.raises(scan_codec.ScanError, match=r"version 99.*versions 1 to 4"):
        scan_codec.decode(bytes(data))


@given(st.binary(max_size=64))
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(scan_codec.ScanError):
        scan_codec.decode(data)
    with pytest.raises(scan_codec.ScanError):
        scan_codec.decode(b"VSCN\x01" + data)


@given(scans, st.data())
def test_a_cut_off_scan_is_refused(scan: Scan, data: st.DataObject) -> None:
    whole = scan_codec.encode(scan)
    with pytest.raises(scan_codec.ScanError):
        scan_codec.decode(whole[: data.draw(st.integers(0, len(whole) - 1))])


def test_a_bomb_is_refused_before_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_codec, "MOST_BYTES", 1 << 16)
    with pytest.raises(scan_codec.ScanError, match="unpacks to more than"):
        scan_codec.decode(b"VSCN\x01" + zlib.compress(bytes(1 << 20)))
