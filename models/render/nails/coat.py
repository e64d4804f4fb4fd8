"""A coat of lacquer over a nail: the reflectance of a film that scatters and absorbs (Kubelka and Munk 1931)."""

from __future__ import annotations

import numpy as np

from models.types import Array

BLACK, WHITE = 0.02, 0.85  # reflectance of the two grounds between which hiding is measured
DARKEST, LIGHTEST = 0.003, 0.97  # masstone: no lacquer absorbs or scatters everything
DEPTHS = np.geomspace(1e-3, 60.0, 64)[:, None]  # scattering coefficient times thickness


SHADES = 31  # of each channel, between which depths are told apart


def coated(ground: Array, masstone: Array, hiding: float) -> Array:
    """(h, w, 3) reflectance of a film over a ground; dyes filter what lies beneath, pigments hide it.

    ground, masstone: (h, w, 3) reflectance of the nail, and of the lacquer where nothing shows through; hiding: share
    of the contrast of a black and white ground that is gone.
    """
    dense = np.clip(masstone, DARKEST, LIGHTEST)
    return _over(ground, dense, _depth(dense, hiding))


def _depth(masstone: Array, hiding: float) -> Array:
    """(h, w, 1) how deep films of these colours must be to hide so much: pale ones deeper than dark ones."""
    shade = np.rint(np.sqrt(masstone) * SHADES).astype(np.int32) @ np.array([1, 64, 64 * 64], np.int32)
    _, first, which = np.unique(shade, return_index=True, return_inverse=True)
    colours = masstone.reshape(-1, 3)[first][:, None]
    white, black = (_over(np.full(3, ground), colours, DEPTHS) for ground in (WHITE, BLACK))
    hidden = 1 - (white - black).mean(axis=-1) / (WHITE - BLACK)
    logs = np.log(DEPTHS[:, 0])
    depths = np.array([np.exp(np.interp(hiding, row, logs)) for row in hidden], np.float32)
    depth: Array = depths[which].reshape(*masstone.shape[:2], 1)
    return depth


def _over(ground: Array, masstone: Array, depth: Array) -> Array:
    a = 0.5 * (masstone + 1 / masstone)
    b = np.sqrt(a * a - 1)
    turned = b / np.tanh(np.minimum(b * depth, 30.0))
    reflected: Array = (1 - ground * (a - turned)) / (a - ground + turned)
    return reflected
