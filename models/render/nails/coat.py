"""A coat of lacquer over a nail: the reflectance of a film that scatters and absorbs (Kubelka and Munk 1931)."""

from __future__ import annotations

import numpy as np

from models.types import Array

BLACK, WHITE = 0.02, 0.85  # reflectance of the two grounds between which hiding is measured
DARKEST, LIGHTEST = 0.003, 0.97  # masstone: no lacquer absorbs or scatters everything
DEPTHS = np.geomspace(1e-3, 60.0, 64)[:, None]  # scattering coefficient times thickness


def coated(ground: Array, masstone: Array, hiding: Array | float) -> Array:
    """(h, w, 3) reflectance of a film over a ground; dyes filter what lies beneath, pigments hide it.

    ground, masstone: (h, w, 3) reflectance of the nail, and of the lacquer where nothing shows through; hiding: share
    of the contrast of a black and white ground that is gone, one number or (h, w).
    """
    dense = np.clip(masstone, DARKEST, LIGHTEST)
    depth = np.asarray(_depth(np.median(dense, axis=(0, 1)), hiding), np.float32)
    return _over(ground, dense, depth[..., None])


def _depth(masstone: Array, hiding: Array | float) -> Array:
    """How deep a film of this colour (3,) must be to hide so much; of the shape of hiding."""
    white, black = (_over(np.full(3, ground), masstone, DEPTHS) for ground in (WHITE, BLACK))
    hidden = 1 - (white - black).mean(axis=1) / (WHITE - BLACK)
    depth: Array = np.exp(np.interp(hiding, hidden, np.log(DEPTHS[:, 0])))
    return depth


def _over(ground: Array, masstone: Array, depth: Array) -> Array:
    a = 0.5 * (masstone + 1 / masstone)
    b = np.sqrt(a * a - 1)
    turned = b / np.tanh(np.minimum(b * depth, 30.0))
    reflected: Array = (1 - ground * (a - turned)) / (a - ground + turned)
    return reflected
