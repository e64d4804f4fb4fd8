"""Having a photo's face analysed, and letting what was found go."""

from __future__ import annotations

from kit.db.unit import Unit
from kit.ids import new_id
from kit.outbox import add
from modules.accounts.caller import Caller
from modules.analysis import store
from modules.analysis.errors import AnalysisNotReady, NoFaceSeen, UnknownAnalysis
from modules.analysis.facts import FaceFacts
from modules.analysis.jobs import AnalysePhoto
from modules.analysis.recommend import Liking, Suited, suited
from modules.analysis.states import AnalysisStatus
from modules.analysis.store import AnalysisRow
from modules.catalog.search.service import Search, Shown
from modules.catalog.shelf import DesignKind
from modules.consent import service as consents
from modules.consent.texts import Purpose
from modules.entitlements import service as entitlements
from modules.entitlements.plans import Feature
from modules.photos import service as photos
from modules.photos.errors import UnknownPhoto

MOST_COMPARED = 1000
"""Designs of one kind; of a salon that has more, those that stand first on its shelf."""


async def request(unit: Unit, caller: Caller, photo_id: str) -> AnalysisRow:
    """Queue the analysis of a photo; one that is under way or done is given as it is, a failed one begins again.

    Raises UnknownPhoto, ConsentMissing, NotEntitled.
    """
    await entitlements.allow(unit, Feature.TRY_ON)
    photo = await photos.find(unit, caller, photo_id)
    await consents.require(unit, caller, photo.consent_id, Purpose.TRY_ON)
    queued = await store.queue(unit, new_id("ana"), photo.customer_id, photo.id, photo.expires_at)
    if queued is not None:
        await add(unit, AnalysePhoto(queued.id))
        return queued
    there = await store.of_photo(unit, photo_id)
    if there is None:  # its time was over a moment ago
        raise UnknownPhoto
    return there


async def of_photo(unit: Unit, caller: Caller, photo_id: str) -> AnalysisRow:
    """The analysis of a photo that the caller may see. Raises UnknownPhoto, UnknownAnalysis."""
    await photos.find(unit, caller, photo_id)
    row = await store.of_photo(unit, photo_id)
    if row is None:
        raise UnknownAnalysis
    return row


async def find(unit: Unit, caller: Caller, analysis_id: str) -> AnalysisRow:
    """An analysis that the caller may see. Raises UnknownAnalysis."""
    row = await store.find(unit, analysis_id)
    if row is None or not caller.sees(row.customer_id):
        raise UnknownAnalysis
    return row


async def recommend(
    unit: Unit, caller: Caller, search: Search, photo_id: str, kind: DesignKind, limit: int
) -> tuple[Liking, list[tuple[Shown, Suited]]]:
    """Designs that the salon offers and has in stock, which suit the face of a photo, best first.

    Raises UnknownPhoto, UnknownAnalysis, AnalysisNotReady, NoFaceSeen.
    """
    liking = _liking(await of_photo(unit, caller, photo_id))
    shown = {one.design.id: one for one in await search.wearable(unit, kind, MOST_COMPARED)}
    best = suited(liking, (one.design for one in shown.values()), limit)
    return liking, [(shown[one.design.id], one) for one in best]


def _liking(row: AnalysisRow) -> Liking:
    if row.status is AnalysisStatus.NOTHING_FOUND:
        raise NoFaceSeen
    if row.facts is None:
        raise AnalysisNotReady
    if row.facts.tone is None:
        raise NoFaceSeen
    return Liking.of(row.facts, row.facts.tone)


async def finish(unit: Unit, analysis_id: str, facts: FaceFacts | None) -> AnalysisRow | None:
    """Write what was found; None when the analysis had ended or is gone."""
    return await store.end(
        unit, analysis_id, AnalysisStatus.NOTHING_FOUND if facts is None else AnalysisStatus.DONE, facts=facts
    )


async def fail(unit: Unit, analysis_id: str, code: str) -> AnalysisRow | None:
    """Say why a photo cannot be analysed; None when the analysis had ended or is gone."""
    return await store.end(unit, analysis_id, AnalysisStatus.FAILED, error_code=code)
