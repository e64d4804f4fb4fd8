"""Which commands follow from which events, and which command speaks for a job that killed its workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kit.outbox import Command
from modules.consent.events import ConsentWithdrawn
from modules.photos.events import PhotoErased
from modules.photos.jobs import ErasePhotosOfConsent
from modules.tryon.jobs import EraseTryOnsOfPhoto, GiveUpTryOn, RenderTryOn

SUBSCRIBERS: Mapping[str, Sequence[type[Command]]] = {
    ConsentWithdrawn.topic: (ErasePhotosOfConsent,),
    PhotoErased.topic: (EraseTryOnsOfPhoto,),
}

LAST_WORDS: Mapping[str, type[Command]] = {RenderTryOn.kind: GiveUpTryOn}
