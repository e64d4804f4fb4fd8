"""Find faces: a detector over the whole photo, then a mesh of 478 points in each of its boxes.

The detector is the full-range one, which finds small and turned faces; the mesh decides what is a face.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import pi
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from models.detect.net import Net
from models.detect.settle import Nudged, Reading, around, settle, steady, tilt
from models.detect.square import Pyramid, Square
from models.detect.ssd import Detector, Proposal, anchors, sigmoid
from models.types import Array, Box, Face, Photo

PROPOSED = 0.5  # detector score worth a look; the mesh decides
SURE = 0.78  # detector times mesh that needs no further proof: no foot, hand or nail reached it in 400 photos
MARGIN = 1.5  # of the mesh's crop around the face, as the network was trained
STEADY = Nudged(presence=0.9, drift=0.085, grown=MARGIN)
DRIFT = 0.015  # of the face's size, between two readings
SMALL = 1 / 8  # of the photo: below it there may be more faces that the whole photo does not show
LARGE = 1024  # pixels: above it a face of a twentieth of the photo is worth the finer tiles
LARGEST_CROWD = 32
EYES = (33, 263)  # outer corners in the mesh

MESH_TAIL = """
node {
  calculator: "SplitTensorVectorCalculator"
  input_stream: "tensors"
  output_stream: "parts"
  output_stream: "presence"
  options { [mediapipe.SplitVectorCalculatorOptions.ext] {
    ranges { begin: 0 end: 6 }
    ranges { begin: 6 end: 7 }
  } }
}
node {
  calculator: "TensorsToFaceLandmarksWithAttention"
  input_stream: "TENSORS:parts"
  output_stream: "LANDMARKS:landmarks"
}
node {
  calculator: "ImagePropertiesCalculator"
  input_stream: "IMAGE:image"
  output_stream: "SIZE:size"
}
node {
  calculator: "LandmarksToTensorCalculator"
  input_stream: "NORM_LANDMARKS:landmarks"
  input_stream: "IMAGE_SIZE:size"
  output_stream: "TENSORS:merged"
  options { [mediapipe.LandmarksToTensorCalculatorOptions.ext] { attributes: [X, Y, Z] flatten: true } }
}
node {
  calculator: "TensorsToFloatsCalculator"
  input_stream: "TENSORS:merged"
  output_stream: "FLOATS:floats0"
}
node {
  calculator: "TensorsToFloatsCalculator"
  input_stream: "TENSORS:presence"
  output_stream: "FLOATS:floats1"
}
output_stream: "floats0"
output_stream: "floats1"
"""


class FaceDetector:
    """Loaded and warm networks for faces. Not thread-safe: one for each worker process."""

    def __init__(self) -> None:
        self._detector = Detector("face_detection_full_range", side=192, low=-1.0, anchors=anchors((48, 1)))
        self._mesh = Net("face_mesh", side=192, low=0.0, tail=MESH_TAIL)

    def detect(self, photo: Photo) -> tuple[Face, ...]:
        """Every face, best first; () when there is none."""
        pyramid = Pyramid(photo.rgb)
        faces: list[Face] = []
        for windows in searches(pyramid):
            faces = self._search(pyramid, windows)
            if faces:
                break
        if any(max(face.box.shape) < SMALL * max(photo.size) for face in faces):
            faces = distinct(faces + self._search(pyramid, pyramid.tiles(0.35)))
        return tuple(faces[:LARGEST_CROWD])

    def close(self) -> None:
        """Free the networks."""
        self._detector.close()
        self._mesh.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _search(self, pyramid: Pyramid, windows: list[Square]) -> list[Face]:
        """The faces in some squares of the photo, best first."""
        proposals = [p for window in windows for p in self._detector.propose(pyramid, window, PROPOSED)]
        found = (self._verify(pyramid, proposal) for proposal in proposals[: 2 * LARGEST_CROWD])
        return distinct([face for face in found if face])

    def _verify(self, pyramid: Pyramid, proposal: Proposal) -> Face | None:
        """The face in a proposal, if the mesh settles there and fits it."""

        def read(square: Square) -> Reading:
            landmarks, presence = self._mesh(
                pyramid.crop(square, self._mesh.side, border=cv2.BORDER_REPLICATE)
            )
            placed = square.place(landmarks.reshape(-1, 3).astype(np.float64) / self._mesh.side)
            return Reading(placed, float(sigmoid(presence)[0]))

        box = proposal.square
        start = Square(box.x, box.y, box.side * MARGIN, tilt(proposal.points[1] - proposal.points[0]))
        reading = settle(read, aim, start, grown=MARGIN, drift=DRIFT)
        if reading is None:
            return None
        mesh = aim(reading.landmarks)
        fits = mesh.distance(box) < 0.5 * box.side and 0.6 < mesh.side / MARGIN / box.side < 1.7
        inside = visible(reading.landmarks, pyramid.size)
        score = proposal.score * reading.presence
        if not fits or inside is None or score < PROPOSED:
            return None
        if score < SURE and not steady(read, aim, reading, STEADY):
            return None
        return Face(reading.landmarks.astype(np.float32), inside, score)


def searches(pyramid: Pyramid) -> Iterator[list[Square]]:
    """Where to look, likeliest first; the search ends with the first list that shows a face.

    Turned faces come last and all turns together, so that the best wins: a face on its head can pass for another.
    """
    yield [pyramid.whole()]
    yield [pyramid.whole(scale=1.6)]
    yield pyramid.tiles(0.45)
    if max(pyramid.size) > LARGE:
        yield pyramid.tiles(0.25)
    yield [pyramid.whole(turn) for turn in (pi / 2, pi, -pi / 2)]


def aim(landmarks: Array) -> Square:
    """The upright crop in which the mesh wants to see these landmarks."""
    return around(landmarks[:, :2], tilt(landmarks[EYES[1]] - landmarks[EYES[0]]), MARGIN)


def visible(landmarks: Array, size: tuple[int, int]) -> Box | None:
    """The part of the landmarks' box that lies in a photo of (height, width); None when none does."""
    x0, y0 = np.maximum(np.floor(landmarks[:, :2].min(axis=0)), 0).astype(int).tolist()
    x1, y1 = np.minimum(np.ceil(landmarks[:, :2].max(axis=0)), size[::-1]).astype(int).tolist()
    return Box(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def distinct(faces: list[Face]) -> list[Face]:
    """Best first, without those whose middle lies in the inner half of a better one's box."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: -face.score):
        middle = face.landmarks[:, :2].mean(axis=0)
        if all(
            np.hypot(*(middle - other.landmarks[:, :2].mean(axis=0))) > 0.4 * max(other.box.shape)
            for other in kept
        ):
            kept.append(face)
    return kept
