"""A salon's own look bundles: designs, shipped or its own, that go together."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from kit import versions
from kit.audit import Actor, record
from kit.db.unit import Unit
from kit.errors import FieldError
from kit.ids import is_id, new_id
from kit.text import one_line
from modules.catalog import store
from modules.catalog.draft import State
from modules.catalog.errors import BundleNotFound, BundleUnfit
from modules.catalog.own import BundleChange, BundleDraft, OwnBundle
from modules.catalog.shelf import Shelf


async def create(unit: Unit, actor: Actor, shelf: Shelf, draft: BundleDraft) -> OwnBundle:
    """Add a bundle. Raises BundleUnfit."""
    draft = await _checked(unit, shelf, draft, None)
    bundle = await store.bundles.add(unit, new_id("loo"), draft)
    await record(unit, actor, "bundle.created", bundle.id)
    return bundle


async def find(unit: Unit, bundle_id: str) -> OwnBundle:
    """Raises BundleNotFound."""
    bundle = await store.bundles.find(unit, bundle_id)
    if bundle is None:
        raise BundleNotFound
    return bundle


async def page(unit: Unit, cursor: str | None, limit: int) -> tuple[list[OwnBundle], str | None]:
    """The salon's own that are not archived, newest first, and the cursor of the next page."""
    before = cursor if cursor is not None and is_id(cursor, "loo") else None
    return await store.bundles.page(unit, before, limit)


async def change(
    unit: Unit, actor: Actor, shelf: Shelf, bundle_id: str, asked: BundleChange, expected: int | None
) -> OwnBundle:
    """Change what differs. Raises BundleNotFound, VersionStale, BundleUnfit."""
    held = await _locked(unit, bundle_id, expected)
    named = {name: value for name, value in msgspec.structs.asdict(asked).items() if value is not UNSET}
    draft = msgspec.structs.replace(held.bundle, **named)
    if draft == held.bundle:
        return held
    draft = await _checked(unit, shelf, draft, held.bundle.state)
    changed = await store.bundles.change(unit, bundle_id, store.bundles.columns_of(draft))
    await record(unit, actor, "bundle.changed", bundle_id)
    return changed


async def archive(unit: Unit, actor: Actor, bundle_id: str) -> None:
    """Take a bundle away: a draft is deleted, any other is kept. Raises BundleNotFound."""
    held = await _locked(unit, bundle_id, None)
    if held.bundle.state is State.DRAFT:
        await store.bundles.remove(unit, bundle_id)
        await record(unit, actor, "bundle.deleted", bundle_id)
    elif held.bundle.state is not State.ARCHIVED:
        await store.bundles.change(unit, bundle_id, {"state": str(State.ARCHIVED)})
        await record(unit, actor, "bundle.archived", bundle_id)


async def _checked(unit: Unit, shelf: Shelf, draft: BundleDraft, before: State | None) -> BundleDraft:
    errors: list[FieldError] = []
    lines = {}
    for field in ("name", "occasion"):
        try:
            lines[field] = one_line(getattr(draft, field))
        except ValueError as error:
            errors.append(FieldError(field, f"This cannot be used: {error}.", "text"))
    if before is None and draft.state is State.ARCHIVED:
        errors.append(FieldError("state", "A new look cannot be archived.", "value"))
    if before not in (None, State.DRAFT) and draft.state is State.DRAFT:
        errors.append(
            FieldError("state", "What was published is hidden or archived, no draft again.", "value")
        )
    if len(set(draft.designs)) < len(draft.designs):
        errors.append(FieldError("designs", "A design is named twice.", "value"))
    prices = await store.designs.prices(unit, draft.designs)
    choices = await store.choices.of(unit, draft.designs)
    for id in draft.designs:
        if id in shelf.designs:
            prices[id] = (choices[id].choice.price if id in choices else None) or shelf.designs[id].price
        elif id not in prices:
            errors.append(FieldError("designs", f"There is no design {id}.", "unknown"))
    if len({price.currency for price in prices.values()}) > 1:
        errors.append(FieldError("designs", "These designs are priced in different currencies.", "currency"))
    if errors:
        raise BundleUnfit(errors=tuple(errors))
    return msgspec.structs.replace(draft, **lines)


async def _locked(unit: Unit, bundle_id: str, expected: int | None) -> OwnBundle:
    held = await store.bundles.find(unit, bundle_id, lock=True)
    if held is None:
        raise BundleNotFound
    versions.check(held.version, expected)
    return held
