"""What a phone's camera makes of the light."""

from __future__ import annotations

import cv2
import numpy as np

from lab.hands.ground import noise
from lab.hands.light import Light
from lab.hands.scene import Scene
from looks.colour import linear_to_srgb
from models.types import Array


def developed(colour: Array, scene: Scene, light: Light, rng: np.random.Generator) -> Array:
    """The camera: illuminant, vignette, lens blur, highlights' shoulder, noise, sRGB."""
    rows, cols = scene.size
    linear = cv2.resize(colour, (cols, rows), interpolation=cv2.INTER_AREA)
    y, x = np.mgrid[:rows, :cols].astype(np.float32)
    far = ((x / cols - 0.5) ** 2 + (y / rows - 0.5) ** 2) * 2
    exposure = 0.9 + 0.007 * (scene.tone - 1) ** 2
    linear = linear * (np.array(light.gains, np.float32) * exposure) * (1 - 0.16 * far)[..., None]
    linear = cv2.GaussianBlur(linear, (0, 0), 0.5)
    grain = np.stack([noise((rows, cols), 1.0, rng) for _ in range(3)], axis=-1)
    linear = linear + grain * (0.0016 + 0.0075 * np.sqrt(np.maximum(linear, 0)))
    knee = 0.82
    over = np.maximum(linear - knee, 0)
    linear = np.minimum(linear, knee) + (1 - knee) * (1 - np.exp(-over / (1 - knee)))
    rgb: Array = np.round(linear_to_srgb(linear) * 255).astype(np.uint8)
    return rgb
