"""Nail plates from hand landmarks and the photo's own edges; no learned weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from looks.finger import Finger
from models.segment import fit, trace
from models.segment.fingertip import INDEX_KNUCKLE, TIP, cut_out, facing
from models.types import Array, Hand, Nail, Photo

# Cuticle u, length, width in expected widths: medians of labelled open hands; a thumb is seen from its side.
FINGER_PLATE = (-0.57, 1.12, 1.0)
THUMB_PLATE = (-0.70, 1.50, 0.94)
THUMB_OFFSET = 0.25  # its plate's middle lies this far away from the index finger
LONG = np.array(
    [1.0, 1.7, 1.0, 1.0, 1.0], np.float32
)  # a second place to start from, for grown and false nails
LEAST_FACING = 0.30  # cosine to the camera below which a nail is seen too much from its side or its end
LEAST_CONFIDENCE = 0.56  # measured: below it half of the plates lie off their nails
LEAST_THUMB_CONFIDENCE = 0.45  # a thumb is seen from its side and fits worse, but is seldom elsewhere
CLEAR_SCORE, NO_SCORE = 0.65, 0.05  # a fit's score at which confidence is 1 and 0


class GeometryNails:
    """Fits one plate to each fingertip that shows its nail; at most five a hand."""

    def segment(self, photo: Photo, hands: Sequence[Hand]) -> tuple[Nail, ...]:
        """Nails in the order of the hands and their fingers; nothing for fingertips seen from the palm's side."""
        nails = [
            nail
            for index, hand in enumerate(hands)
            for finger, cosine in facing(hand).items()
            if cosine > LEAST_FACING and (nail := _nail(photo, hand, index, finger, cosine)) is not None
        ]
        return tuple(nail for nail in nails if not any(_hides(other, nail) for other in nails))


def _prior(hand: Hand, finger: Finger, across: Array) -> Array:
    """The plate (5,) that the landmarks alone lead one to expect; shorter where the last bone points at the camera."""
    tip = hand.landmarks[TIP[finger]]
    bone = tip - hand.landmarks[TIP[finger] - 1]
    foreshortening = float(np.clip(np.linalg.norm(bone[:2]) / (np.linalg.norm(bone) + 1e-6), 0.5, 1.0))
    cuticle, length, width = THUMB_PLATE if finger is Finger.THUMB else FINGER_PLATE
    middle = 0.0
    if finger is Finger.THUMB:
        towards_index = (hand.landmarks[INDEX_KNUCKLE, :2] - tip[:2]) @ across
        middle = -THUMB_OFFSET * float(np.sign(towards_index))
    return np.array([cuticle * foreshortening, length * foreshortening, width, middle, 0.0], np.float32)


def _nail(photo: Photo, hand: Hand, index: int, finger: Finger, cosine: float) -> Nail | None:
    tip = cut_out(photo, hand, finger)
    if tip is None:
        return None
    seen = fit.evidence(tip.rgb)
    usual = _prior(hand, finger, tip.across)
    plate, score = max((fit.fit(seen, usual), fit.fit(seen, usual * LONG)), key=lambda found: found[1])
    plate = fit.with_free_edge(seen, plate)
    confidence = (
        float(np.clip((score - NO_SCORE) / (CLEAR_SCORE - NO_SCORE), 0, 1))
        * min(1.0, cosine / 0.8)
        * hand.score
    )
    if confidence < (LEAST_THUMB_CONFIDENCE if finger is Finger.THUMB else LEAST_CONFIDENCE):
        return None
    unit = float(np.linalg.norm(tip.across))
    mask = trace.draw(trace.outline_in_photo(tip, seen, plate), photo.size, softness=0.5 + 0.005 * unit)
    if mask is None:
        return None
    cuticle, length, width, middle, turn = (float(number) for number in plate)
    half = length / 2
    v = middle + np.array([half, -half]) * np.sin(turn)
    u = cuticle + half + np.array([-half, half]) * np.cos(turn)
    return Nail(mask, tip.to_photo(v, u).astype(np.float32), width * unit, confidence, index, finger)


def _hides(other: Nail, nail: Nail) -> bool:
    """Whether another, surer nail lies on the same place: their middles are closer than half a width."""
    apart = float(np.linalg.norm(other.axis.mean(0) - nail.axis.mean(0)))
    return other.confidence > nail.confidence and apart < 0.5 * max(other.width_px, nail.width_px)
