"""Fit a nail plate's outline to a fingertip: edges along it, skin around it, another colour inside, and a prior.

The search is a cross-entropy method with a fixed table of random numbers: the same patch always gives the same plate.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.segment import outline
from models.segment.fingertip import PATCH_SHAPE, PIXELS, SIDE, TOP
from models.types import Array

SPREAD = np.array([0.25, 0.34, 0.13, 0.15, 0.12], np.float32)  # of the prior, per number of a plate
LOWEST = np.array([-1.6, 0.60, 0.60, -0.7, -0.35], np.float32)
HIGHEST = np.array([0.2, 2.60, 1.45, 0.7, 0.35], np.float32)
ROUNDS, ELITE = (200, 120, 80, 60), 25
RING_OFFSET = 0.13  # nail widths outside the outline where skin is expected
INSIDE = 0.6  # share of the outline's size where nail is expected
RING_WEIGHT, INSIDE_WEIGHT, PRIOR_WEIGHT = 0.60, 0.30, 0.009
STEP = 0.05  # nail widths
FREE_EDGES = np.arange(0, 8, dtype=np.float32) * STEP
UNLIKE = 0.45
WITHIN, LIGHTER = (
    0.10,
    4.0,
)  # nail widths, L: a plate whose own rim is that much lighter has its free edge already
CLEAR_ENOUGH = 0.72
BLUR = 0.15  # nail widths: a single edge looks as wide as this
_NORMAL_TABLE = np.random.default_rng(0).standard_normal((max(ROUNDS), 5)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a patch shows.

    tensor: (h·w, 3) structure tensor of Lab; unlike_skin: (h·w,) in [0, 1); edge: the gradient that counts half;
    lightness: (h·w,) L of Lab.
    """

    tensor: Array
    unlike_skin: Array
    edge: float
    lightness: Array


def evidence(patch: Array) -> Evidence:
    """Edges in all colours, and the distance to the skin's colour as seen between the knuckle and the cuticle."""
    lab = cv2.cvtColor(patch.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab = cv2.GaussianBlur(lab, (0, 0), 1.0)
    weighted = lab * np.array([0.6, 1, 1], np.float32)
    gx = cv2.Sobel(weighted, cv2.CV_32F, 1, 0, ksize=3) / 8
    gy = cv2.Sobel(weighted, cv2.CV_32F, 0, 1, ksize=3) / 8
    tensor = np.stack([(gx * gx).sum(2), (gx * gy).sum(2), (gy * gy).sum(2)], axis=-1)
    edge = max(0.5, float(np.percentile(np.sqrt(tensor[..., 0] + tensor[..., 2]), 70)))
    rows = slice(int((-1.9 - TOP) * PIXELS), int((-1.1 - TOP) * PIXELS))
    columns = slice(int((SIDE - 0.3) * PIXELS), int((SIDE + 0.3) * PIXELS))
    skin = lab[rows, columns].reshape(-1, 3)
    middle = np.median(skin, axis=0)
    spread = 1.48 * np.median(np.abs(skin - middle), axis=0) + (4, 2, 2)
    away = np.linalg.norm((lab - middle) / spread * (0.5, 1, 1), axis=-1)
    return Evidence(
        tensor.reshape(-1, 3),
        (away / (away + 3)).astype(np.float32).reshape(-1),
        edge,
        lab[..., 0].reshape(-1),
    )


def _index(v: Array, u: Array) -> Array:
    height, width = PATCH_SHAPE
    x = np.clip(((v + SIDE) * PIXELS + 0.5).astype(np.int32), 0, width - 1)
    y = np.clip(((u - TOP) * PIXELS + 0.5).astype(np.int32), 0, height - 1)
    index: Array = y * width + x
    return index


def edge_strength(seen: Evidence, v: Array, u: Array, nv: Array, nu: Array) -> Array:
    """In [0, 1): how strong an edge runs across the normals (nv, nu) at the points (v, u), all of one shape."""
    t = seen.tensor[_index(v, u)]
    across = np.sqrt(np.maximum(t[..., 0] * nv * nv + 2 * t[..., 1] * nv * nu + t[..., 2] * nu * nu, 0))
    strength: Array = across / (across + seen.edge)
    return strength


def edges_beside(seen: Evidence, v: Array, u: Array, nv: Array, nu: Array, offsets: Array) -> Array:
    """(points, offsets): the edge strength beside each point of an outline, at offsets along its normal."""
    return edge_strength(
        seen, v[:, None] + offsets * nv[:, None], u[:, None] + offsets * nu[:, None], nv[:, None], nu[:, None]
    )


def score(seen: Evidence, plates: Array, prior: Array) -> Array:
    """(k,) how well each plate explains the patch; about 0.2 for none, 0.6 and more for a clear nail."""
    v, u = outline.points(plates)
    nv, nu = outline.normals(plates)
    skin = outline.ON_SKIN
    ring = seen.unlike_skin[
        _index(v[:, skin] + RING_OFFSET * nv[:, skin], u[:, skin] + RING_OFFSET * nu[:, skin])
    ].mean(1)
    inside = seen.unlike_skin[_index(*outline.points(plates, INSIDE))].mean(1)
    unlikely = (((plates - prior) / SPREAD) ** 2).sum(1)
    total: Array = (
        edge_strength(seen, v, u, nv, nu).mean(1)
        - RING_WEIGHT * ring
        + INSIDE_WEIGHT * inside
        - PRIOR_WEIGHT * unlikely
    )
    return total


def with_free_edge(seen: Evidence, plate: Array) -> Array:
    """The plate (5,) lengthened over a white free edge.

    A search may stop where the nail leaves its bed; what follows belongs to the nail while it is unlike skin, no darker
    than the bed and between two edges, which in a patch run into one broad one.
    """
    plates = np.repeat(plate[None], len(FREE_EDGES), axis=0)
    plates[:, 1] += FREE_EDGES
    v, u = outline.points(plates)
    nv, nu = outline.normals(plates)
    tip = outline.FREE_EDGE
    clear = edge_strength(seen, v[:, tip], u[:, tip], nv[:, tip], nu[:, tip]).mean(1)
    places = _index(v[:, tip] - STEP / 2 * nv[:, tip], u[:, tip] - STEP / 2 * nu[:, tip])
    bed = float(np.median(seen.lightness[_index(*outline.points(plate[None], INSIDE))]))
    within = seen.lightness[_index(v[0, tip] - WITHIN * nv[0, tip], u[0, tip] - WITHIN * nu[0, tip])].mean()
    if within > bed + LIGHTER:
        return plate
    white = (seen.unlike_skin[places].mean(1) > UNLIKE) & (seen.lightness[places].mean(1) > bed)
    reached = np.logical_and.accumulate(
        np.concatenate([[True], (white & (clear > CLEAR_ENOUGH * clear[0]))[1:]])
    )
    longest = int(np.count_nonzero(reached)) - 1
    return plates[longest - 1] if longest * STEP >= BLUR else plate


def fit(seen: Evidence, prior: Array) -> tuple[Array, float]:
    """The best plate (5,) near the prior (5,), and its score."""
    best, best_score = prior.astype(np.float32), -np.inf
    middle, spread = best, SPREAD * 1.3
    for count in ROUNDS:
        plates = np.clip(middle + _NORMAL_TABLE[:count] * spread, LOWEST, HIGHEST)
        plates[0] = best
        scores = score(seen, plates, prior)
        order = np.argsort(-scores, kind="stable")[:ELITE]
        if scores[order[0]] > best_score:
            best, best_score = plates[order[0]], float(scores[order[0]])
        middle, spread = plates[order].mean(0), plates[order].std(0) * 0.9 + 0.01
    return best, best_score
