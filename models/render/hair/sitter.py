"""What the renderer works out of one head before it knows the colour, kept for the next shade on the same photo.

It is kept for the last few heads only, and no longer than the matte that it was made of: where a photo's Scan is
forgotten, this is forgotten with it.
"""

from __future__ import annotations

import weakref
import zlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from looks.hair import HairReading
from models.analyse.grey import grey_of, without_grey
from models.analyse.hair_level import exposure, read_strands
from models.analyse.strands import Strands, take_apart
from models.render.hair.flow import flow
from models.render.hair.head import Head, head_of
from models.render.hair.placement import Weave
from models.render.light import linear
from models.types import Array, Box, Face, Illuminant, Mask

KEPT = 2  # heads; one of a 1080p portrait takes some 40 MB
BLACK_OUT = 0.006  # linear light under which a photo shows no strands
UNSEEN = 0.22  # log depth of the lost ones


@dataclass(frozen=True)
class Sitter:
    """One head in one photo. seen: its hair taken apart; reading: its level, tone and grey."""

    box: Box
    seen: Strands
    reading: HairReading
    head: Head
    seed: int

    @cached_property
    def grey(self) -> Array:
        """(n,) share of grey in each pixel."""
        return grey_of(self.seen)

    @cached_property
    def strands(self) -> Strands:
        """The hair as if grey strands held pigment like the others."""
        return without_grey(self.seen, self.grey)

    @cached_property
    def grown(self) -> Strands:
        """The same with the strands that the photo is too black to show."""
        return replace(self.strands, detail=self.strands.detail + self._unseen * self.weave.strand)

    @cached_property
    def weave(self) -> Weave:
        """Noise along the strands."""
        strands = self.strands
        noise = flow(strands.small, strands.small_alpha, self.head.down, self.seed)
        strand, clump = (self._enlarged(one) for one in (noise.strand, noise.clump))
        # Where the photo is too black to show strands its noise is none.
        seen = 1 - self._unseen / UNSEEN
        fine = seen * strands.detail / max(float(strands.detail[strands.sample].std()), 0.05)
        return Weave(strand, clump, np.clip(fine, -2.0, 2.0))

    @cached_property
    def _unseen(self) -> Array:
        y = np.exp(self.strands.smooth) * np.float32(self.strands.level / BLACK_OUT)
        depth: Array = UNSEEN / (1 + y * y)
        return depth

    def _enlarged(self, small: Array) -> Array:
        full = cv2.resize(small, self.box.shape[::-1], interpolation=cv2.INTER_LINEAR)
        found: Array = full.ravel()[self.strands.where]
        return found


_Kept = tuple[weakref.ref[Array], object, Sitter]
_kept: OrderedDict[int, _Kept] = OrderedDict()


def sit(canvas: Array, mask: Mask, face: Face | None, illuminant: Illuminant) -> Sitter:
    """The head under a matte, as this picture shows it."""
    window = np.ascontiguousarray(canvas[mask.box.slices])
    landmarks = None if face is None else face.landmarks.tobytes()
    shown = (zlib.crc32(window.data), illuminant, mask.box, landmarks)
    place = id(mask.alpha)
    known = _kept.get(place)
    if known is not None and known[0]() is mask.alpha and known[1] == shown:
        _kept.move_to_end(place)
        return known[2]
    strands = take_apart(linear(window) / illuminant.linear, mask)
    sitter = Sitter(
        mask.box,
        strands,
        read_strands(strands, exposure(canvas), illuminant),
        head_of(mask, strands.where, face),
        zlib.crc32(np.ascontiguousarray(mask.alpha).data),
    )
    _kept[place] = weakref.ref(mask.alpha, lambda _: _kept.pop(place, None)), shown, sitter
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return sitter
