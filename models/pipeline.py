"""A photo in, designed photos out: decode, detect, segment, composite, encode.

The steps are plain functions over one Work; the Studio owns what is loaded and runs them, keeping deadline,
times and context.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

import cv2

from looks.look import Look
from models.analyse.illuminant import estimate_illuminant, illuminant_of_faces
from models.compose import LayerResult, LayerStatus, Underlay, compose
from models.decode import decode as decode_bytes
from models.derive import outputs as derive
from models.detect.face import FaceDetector
from models.detect.hands import HandDetector
from models.render import ON_FACES, ON_SKIN, Part, renderer_for
from models.segment.face import FreeSkin
from models.segment.hair import HairSegmenter
from models.segment.hand import clear_of
from models.segment.lips import LipMesh
from models.segment.nails import NailCascade, NailSegmenter
from models.segment.skin_face import face_skin
from models.types import Array, Box, Face, Hand, Photo, Scan


@dataclass(frozen=True, slots=True)
class Render:
    """One look on the photo. rgb: (h, w, 3) uint8; outputs: JPEG bytes by name, {} when nothing was found."""

    look: Look
    rgb: Array
    layers: tuple[LayerResult, ...]
    outputs: dict[str, bytes] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        """Whether any layer was applied."""
        return any(layer.status is LayerStatus.APPLIED for layer in self.layers)


@dataclass(frozen=True, slots=True)
class TryOnResult:
    """All looks on one photo.

    before: JPEG bytes of the stripped original; steps_ms: time of each step by name; under: for the next shade.
    """

    photo: Photo
    scan: Scan
    renders: tuple[Render, ...]
    before: bytes
    steps_ms: dict[str, float]
    under: Underlay | None = None


class StepError(RuntimeError):
    """A step failed; the cause is chained."""

    def __init__(self, step: str, words: str) -> None:
        super().__init__(f"{step}: {words}")
        self.step = step


class DeadlinePassed(StepError):
    """Time was up before the step began."""


class HandsFinder(Protocol):
    def detect(self, photo: Photo) -> tuple[Hand, ...]: ...

    def over(self, photo: Photo, boxes: Sequence[Box]) -> tuple[Hand, ...]: ...


class FacesFinder(Protocol):
    def detect(self, photo: Photo) -> tuple[Face, ...]: ...


@dataclass(slots=True)
class Work:
    """What the steps hand on; each fills its own part.

    parts: what the looks need of the photo; covering: hands that may lie over faces; under: the last look's underlay.
    """

    source: bytes | Photo
    looks: Sequence[Look]
    scan: Scan
    parts: frozenset[Part]
    photo: Photo | None = None
    covering: tuple[Hand, ...] = ()
    under: Underlay | None = None
    renders: tuple[Render, ...] = ()
    before: bytes = b""

    @property
    def seen(self) -> Photo:
        """The decoded photo; only for steps after decode."""
        if self.photo is None:
            raise RuntimeError("no photo before decode")
        return self.photo


Step = Callable[["Studio", Work], None]


def decode(_: Studio, work: Work) -> None:
    """Upright pixels, unless the photo is decoded already."""
    work.photo = work.source if isinstance(work.source, Photo) else decode_bytes(work.source)


def detect(studio: Studio, work: Work) -> None:
    """Hands for nails, faces for make-up and hair, hands over those faces; only what is needed and not known."""
    if Part.NAILS in work.parts and work.scan.hands is None and work.scan.nails is None:
        work.scan = replace(work.scan, hands=studio.hands.detect(work.seen))
    if work.parts & ON_FACES and work.scan.faces is None:
        work.scan = replace(work.scan, faces=studio.faces.detect(work.seen))
    made_up = work.parts & (ON_FACES - {Part.HAIR})
    if (made_up and work.scan.lips is None) or (work.parts & ON_SKIN and work.scan.skin is None):
        work.covering = studio.hands.over(work.seen, [face.box for face in work.scan.faces or ()])


def segment(studio: Studio, work: Work) -> None:
    """Soft masks of what was detected, and the colour of the light that falls on it."""
    if Part.NAILS in work.parts and work.scan.nails is None:
        work.scan = replace(work.scan, nails=studio.nails.segment(work.seen, work.scan.hands or ()))
    if work.scan.nails and work.scan.illuminant is None:
        work.scan = replace(work.scan, illuminant=estimate_illuminant(work.seen, work.scan.nails))
    if work.parts & (ON_FACES - {Part.HAIR}) and work.scan.lips is None:
        lips = studio.lips.segment(work.seen, work.scan.faces or ())
        work.scan = replace(work.scan, lips=clear_of(lips, work.covering))
    if work.parts & ON_SKIN and work.scan.skin is None:
        skin = studio.skin.segment(work.seen, work.scan.faces or (), work.scan.lips or ())
        work.scan = replace(work.scan, skin=clear_of(skin, work.covering))
    if Part.HAIR in work.parts and work.scan.hair is None:
        work.scan = replace(work.scan, hair=studio.hair.segment(work.seen, work.scan.faces or ()))
    if work.scan.faces and work.scan.illuminant is None:
        bare = (face_skin(work.seen, face) for face in work.scan.faces)
        light = illuminant_of_faces(work.seen, [mask for mask in bare if mask is not None])
        work.scan = replace(work.scan, illuminant=light)


def composite(_: Studio, work: Work) -> None:
    """Draw each look on a copy of the photo; of layers with which two looks begin, each is drawn once."""
    renders = []
    for look in work.looks:
        composed = compose(work.seen, work.scan, look, work.under)
        work.under = composed.underlay or work.under
        renders.append(Render(look, composed.canvas, composed.results))
    work.renders = tuple(renders)


def encode(_: Studio, work: Work) -> None:
    """Files of every look on which something was found, and the stripped original unless it is there already."""
    work.renders = tuple(
        replace(render, outputs=derive.outputs(render.rgb)) if render.found else render
        for render in work.renders
    )
    work.before = work.before or derive.before(work.seen.rgb)


TRY_ON: tuple[Step, ...] = (decode, detect, segment, composite, encode)


class Studio:
    """Everything loaded that a try-on needs. One per process, not for use by several threads at once."""

    def __init__(
        self,
        hands: HandsFinder,
        faces: FacesFinder,
        nails: NailSegmenter,
        lips: LipMesh,
        hair: HairSegmenter,
    ) -> None:
        self.hands, self.faces, self.nails, self.lips, self.hair = hands, faces, nails, lips, hair
        self.skin = FreeSkin()

    @classmethod
    def load(cls) -> Self:
        """Load every model and run each once; a failure is the caller's to end the process with."""
        cv2.setNumThreads(1)  # processes share the cores; OpenCV's own threads would fight over them
        return cls(HandDetector(), FaceDetector(), NailCascade(), LipMesh(), HairSegmenter.load())

    def scan(self, photo: Photo, parts: frozenset[Part], known: Scan | None = None) -> Scan:
        """What a photo shows of these parts, and the colour of its light, added to what is known of it."""
        work = Work(photo, (), known or Scan(), parts, photo)
        detect(self, work)
        segment(self, work)
        return work.scan

    def try_on(
        self,
        source: bytes | Photo,
        looks: Sequence[Look],
        scan: Scan | None = None,
        *,
        before: bytes = b"",
        under: Underlay | None = None,
        deadline: float | None = None,
        progress: Callable[[str], None] = lambda _: None,
    ) -> TryOnResult:
        """Draw the looks on a photo.

        scan, before: what is already known of this photo, used instead of looking and encoding again. under: of the
        last try-on of this photo with this scan; its layers are not drawn again. deadline: a time.monotonic() moment,
        checked before each step. progress: called with a step's name before it. Raises StepError, or DeadlinePassed,
        naming the step.
        """
        work = Work(source, looks, scan or Scan(), _parts(looks), under=under, before=before)
        took: dict[str, float] = {}
        for step in TRY_ON:
            name = step.__name__
            if deadline is not None and time.monotonic() >= deadline:
                raise DeadlinePassed(name, "the deadline has passed")
            progress(name)
            start = time.perf_counter()
            try:
                step(self, work)
            except Exception as error:
                raise StepError(name, f"{type(error).__name__}: {error}") from error
            took[name] = (time.perf_counter() - start) * 1000
        return TryOnResult(work.seen, work.scan, work.renders, work.before, took, work.under)


def _parts(looks: Sequence[Look]) -> frozenset[Part]:
    renderers = (renderer_for(layer) for look in looks for layer in look.layers)
    return frozenset(renderer.part for renderer in renderers if renderer is not None)
