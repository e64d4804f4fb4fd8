"""The committed sample pictures: their scenes, and how they are written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from lab.hands.picture import Sample, render
from lab.hands.scene import Scene
from looks.finger import HandName, HandSide
from models.types import Array

LEFT, RIGHT = HandName.LEFT, HandName.RIGHT
HERO = "open_04_right"
_LARGEST_BYTES = 245_000
_MASK_COLOURS = np.array(
    [(0, 0, 0)] + [(230 - 20 * (i % 3), 60 + 18 * i, 220 - 22 * i) for i in range(10)], np.uint8
)

SAMPLES = {
    "open_01_left": Scene(1, LEFT, "open", background="wood", light="daylight", seed=101),
    "open_02_right": Scene(2, RIGHT, "open", background="dark", light="softbox", seed=102, rotation=8),
    "open_03_left": Scene(3, LEFT, "open", background="studio", light="daylight", seed=103, rotation=-10),
    "open_04_right": Scene(4, RIGHT, "open", background="marble", light="softbox", seed=104, free_edge=2.0),
    "open_05_left": Scene(5, LEFT, "open", background="towel", light="daylight", seed=105, rotation=12),
    "open_06_right": Scene(6, RIGHT, "open", background="linen", light="daylight", seed=106, rotation=-6),
    "open_07_left": Scene(7, LEFT, "open", background="towel", light="warm", seed=107),
    "open_08_right": Scene(
        8, RIGHT, "open", background="studio", light="softbox", seed=108, rotation=5, free_edge=2.2
    ),
    "open_09_left": Scene(9, LEFT, "open", background="linen", light="warm", seed=109, rotation=-8),
    "open_10_right": Scene(10, RIGHT, "open", background="marble", light="daylight", seed=110),
    "relaxed_03_right": Scene(3, RIGHT, "relaxed", background="linen", light="warm", seed=111, rotation=-15),
    "relaxed_06_left": Scene(6, LEFT, "relaxed", background="wood", light="side", seed=112, rotation=18),
    "relaxed_09_right": Scene(
        9, RIGHT, "relaxed", background="marble", light="softbox", seed=113, free_edge=2.5
    ),
    "relaxed_02_left": Scene(2, LEFT, "relaxed", background="studio", light="cool", seed=114, rotation=30),
    "relaxed_05_right": Scene(5, RIGHT, "relaxed", background="dark", light="side", seed=115, rotation=90),
    "relaxed_08_left": Scene(
        8, LEFT, "relaxed", background="towel", light="daylight", seed=116, rotation=180
    ),
    "together_04_left": Scene(
        4, LEFT, "together", background="wood", light="softbox", seed=117, free_edge=3.0
    ),
    "together_07_right": Scene(7, RIGHT, "together", background="linen", light="cool", seed=118, rotation=20),
    "together_10_left": Scene(
        10, LEFT, "together", background="marble", light="daylight", seed=119, rotation=-25
    ),
    "curled_02_right": Scene(2, RIGHT, "curled", background="towel", light="softbox", seed=120),
    "curled_06_left": Scene(6, LEFT, "curled", background="dark", light="daylight", seed=121, free_edge=2.0),
    "curled_09_right": Scene(9, RIGHT, "curled", background="studio", light="warm", seed=122),
    "thumb_in_05_left": Scene(5, LEFT, "thumb_in", background="marble", light="cool", seed=123, rotation=-20),
    "thumb_in_08_right": Scene(8, RIGHT, "thumb_in", background="wood", light="daylight", seed=124),
    "both_03": Scene(3, "both", "relaxed", background="linen", light="daylight", seed=125, size=(864, 1152)),
    "both_08": Scene(8, "both", "open", background="marble", light="softbox", seed=126, size=(864, 1152)),
    "palm_04_right": Scene(4, RIGHT, "open", HandSide.PALMAR, "wood", "daylight", seed=127),
    "palm_09_left": Scene(9, LEFT, "relaxed", HandSide.PALMAR, "studio", "softbox", seed=128, rotation=10),
    "open_01_right": Scene(1, RIGHT, "open", background="dark", light="warm", seed=129, rotation=-90),
    "open_07_right": Scene(7, RIGHT, "open", background="studio", light="side", seed=130, rotation=135),
}


def write(folder: Path, names: Iterable[str]) -> Path:
    """Render the named samples into a folder and renew its index.json; the same input gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / "index.json"
    entries: dict[str, Any] = json.loads(index.read_text())["samples"] if index.exists() else {}
    for name in names:
        sample = render(SAMPLES[name])
        (folder / f"{name}.jpg").write_bytes(_jpeg(sample.rgb))
        instances = Image.fromarray(_instances(sample), mode="P")
        instances.putpalette(_MASK_COLOURS.ravel().tolist())
        instances.save(folder / f"{name}.nails.png", optimize=True)
        entries[name] = _entry(name, sample)
        kept = {key: entries[key] for key in SAMPLES if key in entries}
        index.write_text(json.dumps({"hero": f"{HERO}.jpg", "samples": kept}, indent=1) + "\n")
    return index


def _jpeg(rgb: Array) -> bytes:
    """The highest of a few qualities that keeps a picture small."""
    for quality in (91, 88, 85, 82, 78, 74):
        ok, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        if ok and len(data) <= _LARGEST_BYTES:
            break
    encoded: bytes = data.tobytes()
    return encoded


def _instances(sample: Sample) -> Array:
    """(h, w) uint8: 0, or 1 + the index of the nail that covers at least half of the pixel."""
    out = np.zeros(sample.rgb.shape[:2], np.uint8)
    for i, nail in enumerate(sample.nails, start=1):
        out[nail.mask >= 128] = i
    return out


def _entry(name: str, sample: Sample) -> dict[str, Any]:
    scene = sample.scene
    return {
        "image": f"{name}.jpg",
        "masks": f"{name}.nails.png",
        "width": scene.size[1],
        "height": scene.size[0],
        "tone": scene.tone,
        "pose": scene.pose,
        "side": scene.side.value,
        "background": scene.background,
        "light": scene.light,
        "rotation": scene.rotation,
        "illuminant": list(sample.illuminant),
        "hands": [
            {
                "hand": h.name.value,
                "side": h.side.value,
                "finger_px": round(h.finger_px, 1),
                "tips": h.tips.round(1).tolist(),
            }
            for h in sample.hands
        ],
        "nails": [
            {"value": i, "finger": n.finger.value, "hand": n.hand.value, "axis": n.axis.round(1).tolist()}
            for i, n in enumerate(sample.nails, start=1)
        ],
    }
