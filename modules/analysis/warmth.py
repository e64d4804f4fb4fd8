"""How warm or cool a shade is, as colour consultants see it: by its hue, and the less the greyer it is."""

from __future__ import annotations

from math import atan2, degrees, hypot

Lab = tuple[float, float, float]

# Lab hue in degrees and warmth from -1 to 1, drawn by eye: a red turns from cool to warm at 28 degrees.
PLACES = (
    *((-90.0, -0.9), (-45.0, -0.8), (-15.0, -0.7), (10.0, -0.35), (28.0, 0.0), (45.0, 0.6), (65.0, 1.0)),
    *((90.0, 0.9), (115.0, 0.4), (150.0, -0.1), (190.0, -0.5), (230.0, -0.9), (270.0, -0.9)),
)
VIVID = 16.0  # chroma from which hue counts in full
PLAIN = 0.25  # warmth from which a shade is called warm, or cool


def warmth_of(lab: Lab) -> float:
    """-1 cool to 1 warm."""
    _, a, b = lab
    hue = (degrees(atan2(b, a)) + 90) % 360 - 90
    below = max(at for at in range(len(PLACES) - 1) if PLACES[at][0] <= hue)
    (low, first), (high, second) = PLACES[below], PLACES[below + 1]
    warmth = first + (second - first) * (hue - low) / (high - low)
    return warmth * min(1.0, hypot(a, b) / VIVID)


def word_for(warmth: float) -> str:
    """ "warm", "cool" or "balanced"."""
    return "warm" if warmth > PLAIN else "cool" if warmth < -PLAIN else "balanced"
