"""Deletes stored objects that nothing names any more: uploads cut short, attempts of workers that died, pictures in
other sizes of try-ons that are gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import timedelta

from kit import clock
from kit.db.unit import Unit
from kit.log import get_logger
from kit.metrics import OBJECTS_SWEPT
from kit.runtime import Runtime
from kit.storage import LocalStorage
from modules.catalog import service as catalog
from modules.exchange import service as exchange
from modules.outcomes import service as outcomes
from modules.photos import service as photos
from modules.privacy import service as privacy
from modules.share import service as shares
from modules.tryon import service as tryons

log = get_logger(__name__)

Kept = Callable[[Unit, set[str]], Awaitable[set[str]]]
"""Those of the subjects, or of their keys, whose objects are still wanted."""
GRACE = timedelta(hours=1)
"""Younger objects may belong to work that is still going on."""


async def sweep(runtime: Runtime, *, older_than: timedelta = GRACE) -> int:
    """Delete unreferenced objects older than this, and writes that were cut short; returns how many objects."""
    if isinstance(runtime.storage, LocalStorage):
        await runtime.storage.sweep(older_than)
    return (
        await _sweep_incoming(runtime, older_than)
        + await _sweep_subjects(runtime, older_than, "photos/", photos.kept)
        + await _sweep_subjects(runtime, older_than, "imports/", exchange.kept)
        + await _sweep_subjects(runtime, older_than, "exports/", privacy.kept)
        + await _sweep_subjects(runtime, older_than, "shares/", shares.kept)
        + await _sweep_shown(runtime, older_than, "results/", tryons.kept)
        + await _sweep_shown(runtime, older_than, "outcomes/", outcomes.kept)
        + await _sweep_shown(runtime, older_than, "previews/", catalog.kept_previews)
    )


async def _sweep_incoming(runtime: Runtime, older_than: timedelta) -> int:
    """What was posted with a form belongs to an upload for an hour, and to nothing afterwards."""
    before = clock.now() - older_than
    old = [stored.key async for stored in runtime.storage.list("incoming/") if stored.modified <= before]
    return await _delete(runtime, old)


async def _sweep_subjects(runtime: Runtime, older_than: timedelta, prefix: str, wanted: Kept) -> int:
    """Everything goes of subjects that are not there any more."""
    swept = 0
    for business_id, subjects in (await _old_objects(runtime, prefix, older_than)).items():
        async with runtime.db.tenant(business_id) as unit:
            kept = await wanted(unit, set(subjects))
        swept += await _delete(
            runtime, [key for subject, keys in subjects.items() if subject not in kept for key in keys]
        )
    return swept


async def _sweep_shown(runtime: Runtime, older_than: timedelta, prefix: str, shown: Kept) -> int:
    """Of these subjects, only the keys that they show are kept."""
    swept = 0
    for business_id, subjects in (await _old_objects(runtime, prefix, older_than)).items():
        async with runtime.db.tenant(business_id) as unit:
            kept = await shown(unit, set(subjects))
        swept += await _delete(
            runtime, [key for keys in subjects.values() for key in keys if key not in kept]
        )
    return swept


async def _old_objects(
    runtime: Runtime, prefix: str, older_than: timedelta
) -> dict[str, dict[str, list[str]]]:
    """Keys by business and subject, read off `prefix/business/subject/…`."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    before = clock.now() - older_than
    async for stored in runtime.storage.list(prefix):
        if stored.modified <= before:
            _, business_id, subject, _ = stored.key.split("/", 3)
            found[business_id][subject].append(stored.key)
    return found


async def _delete(runtime: Runtime, keys: list[str]) -> int:
    for key in keys:
        await runtime.storage.delete(key)
    OBJECTS_SWEPT.inc(len(keys))
    if keys:
        log.info("objects_swept", count=len(keys))
    return len(keys)
