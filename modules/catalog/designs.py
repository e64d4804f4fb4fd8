"""A salon's own designs: writing, publishing, changing and archiving them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from kit import versions
from kit.audit import Actor, record
from kit.db.unit import Unit
from kit.errors import FieldError
from kit.ids import is_id, new_id
from kit.outbox import Event, add, emit
from modules.catalog import services, store
from modules.catalog.draft import DesignDraft, State, design_of, draft_of
from modules.catalog.errors import DesignNotFound, DesignSkuTaken, DesignUnfit
from modules.catalog.events import DesignArchived, DesignChanged, DesignPublished
from modules.catalog.jobs import DrawPreviews
from modules.catalog.own import DesignChange, PreviewState
from modules.catalog.shelf import Design, Shelf
from modules.catalog.store.designs import OwnRow
from modules.stock import service as stock

PUBLIC = frozenset({State.LIVE, State.HIDDEN, State.ARCHIVED})
"""What was shown to customers once, or may have been, is no draft any more."""
BATCH = 1000
UNDRAWN: Mapping[str, Any] = {
    "preview": str(PreviewState.PENDING),
    "preview_key": None,
    "preview_sha256": None,
}


class Named(Struct, frozen=True):
    """What a design may name: services and products of the business, by id."""

    services: frozenset[str]
    products: frozenset[str]


async def create(unit: Unit, actor: Actor, shelf: Shelf, draft: DesignDraft) -> OwnRow:
    """Add a design; a worker draws its picture. Raises DesignUnfit, DesignSkuTaken."""
    named = await _named(unit, shelf, draft)
    design, errors = checked(draft, new_id("des"), None, named)
    if design is None:
        raise DesignUnfit(errors=tuple(errors))
    values = store.designs.columns_of(design, product_id=draft.product_id, state=draft.state)
    row = await store.designs.add(unit, design.id, values)
    if row is None:
        raise _sku_taken(draft.sku)
    await add(unit, DrawPreviews())
    await emit(unit, *news(design.id, None, draft.state))
    await record(unit, actor, "design.created", design.id)
    return row


async def find(unit: Unit, design_id: str) -> OwnRow:
    """Raises DesignNotFound."""
    row = await store.designs.find(unit, design_id)
    if row is None:
        raise DesignNotFound
    return row


async def page(
    unit: Unit, *, state: State | None, sku: str | None, cursor: str | None, limit: int
) -> tuple[list[OwnRow], str | None]:
    """The salon's own, newest first (archived ones only when asked for), and the cursor of the next page."""
    before = cursor if cursor is not None and is_id(cursor, "des") else None
    return await store.designs.page(unit, state=state, sku=sku, before=before, limit=limit)


async def change(
    unit: Unit, actor: Actor, shelf: Shelf, design_id: str, asked: DesignChange, expected: int | None
) -> OwnRow:
    """Change what differs. Raises DesignNotFound, VersionStale, DesignUnfit, DesignSkuTaken."""
    row = await _locked(unit, design_id, expected)
    held = draft_of(row.design, product_id=row.product_id, state=row.state)
    named = {name: value for name, value in msgspec.structs.asdict(asked).items() if value is not UNSET}
    draft = msgspec.structs.replace(held, **named)
    if draft == held:
        return row
    design, errors = checked(draft, design_id, row.state, await _named(unit, shelf, draft))
    if design is None:
        raise DesignUnfit(errors=tuple(errors))
    if await store.designs.sku_is_taken(unit, draft.sku, design_id):
        raise _sku_taken(draft.sku)
    changed = await store.designs.change(unit, design_id, changes(row, design, draft))
    if changed.preview is PreviewState.PENDING:
        await add(unit, DrawPreviews())
    await emit(unit, *news(design_id, row.state, draft.state))
    await record(unit, actor, "design.changed", design_id)
    return changed


async def archive(unit: Unit, actor: Actor, design_id: str) -> None:
    """Take a design away: a draft that no look names is deleted, any other is kept and can be restored."""
    row = await _locked(unit, design_id, None)
    if row.state is State.ARCHIVED:
        return
    if row.state is State.DRAFT and not await store.bundles.any_with(unit, design_id):
        await store.designs.remove(unit, design_id)
        await record(unit, actor, "design.deleted", design_id)
        return
    await store.designs.change(unit, design_id, {"state": str(State.ARCHIVED)})
    await emit(unit, *news(design_id, row.state, State.ARCHIVED))
    await record(unit, actor, "design.archived", design_id)


def checked(
    draft: DesignDraft, design_id: str, before: State | None, named: Named
) -> tuple[Design | None, list[FieldError]]:
    """The design of a draft, or everything that is wrong with it. before: its state until now, None for a new one."""
    design, errors = design_of(draft, design_id)
    if draft.service not in named.services:
        errors.append(FieldError("service", f"There is no service {draft.service}.", "unknown"))
    if draft.product_id is not None and draft.product_id not in named.products:
        errors.append(FieldError("product_id", f"There is no product {draft.product_id}.", "unknown"))
    if before is None and draft.state is State.ARCHIVED:
        errors.append(FieldError("state", "A new design cannot be archived.", "value"))
    if before in PUBLIC and draft.state is State.DRAFT:
        errors.append(
            FieldError("state", "What was published is hidden or archived, no draft again.", "value")
        )
    return (None if errors else design), errors


def changes(row: OwnRow, design: Design, draft: DesignDraft) -> dict[str, Any]:
    """The columns of a changed design; its picture is drawn anew when it looks different."""
    values = store.designs.columns_of(design, product_id=draft.product_id, state=draft.state)
    same = (design.layer, design.material) == (row.design.layer, row.design.material)
    return {**values, **({} if same and row.preview is not PreviewState.FAILED else UNDRAWN)}


def news(design_id: str, before: State | None, now: State) -> list[Event]:
    """What others may hear of a change: only what customers could see, or can now."""
    if now is State.LIVE:
        return [DesignChanged(design_id) if before is State.LIVE else DesignPublished(design_id)]
    return [DesignArchived(design_id)] if before is State.LIVE else []


async def every(unit: Unit, *, archived: bool = True, lock: bool = False) -> AsyncIterator[OwnRow]:
    """All of the salon's own in the order in which they were added, read by the thousand."""
    after = ""
    while rows := await store.designs.after(unit, after, BATCH, archived=archived, lock=lock):
        for row in rows:
            yield row
        after = rows[-1].design.id


async def write(
    unit: Unit,
    actor: Actor,
    new: Sequence[tuple[Design, DesignDraft]],
    changed: Sequence[tuple[OwnRow, Design, DesignDraft]],
) -> None:
    """Add and change many designs that were checked."""
    added = [
        {"id": design.id, **store.designs.columns_of(design, product_id=draft.product_id, state=draft.state)}
        for design, draft in new
    ]
    rewritten = [
        {
            "id": design.id,
            "preview": str(row.preview),
            "preview_key": row.preview_key,
            "preview_sha256": row.preview_sha256,
            **changes(row, design, draft),
        }
        for row, design, draft in changed
    ]
    await store.designs.write(unit, added, rewritten)
    if added or rewritten:
        await add(unit, DrawPreviews())
    told = [event for design, draft in new for event in news(design.id, None, draft.state)]
    told += [event for row, design, draft in changed for event in news(design.id, row.state, draft.state)]
    await emit(unit, *told)
    await record(unit, actor, "design.created", *(design.id for design, _ in new))
    await record(unit, actor, "design.changed", *(design.id for _, design, _ in changed))


async def undrawn(unit: Unit, limit: int) -> list[OwnRow]:
    """Designs that wait for their picture."""
    return await store.designs.undrawn(unit, limit)


async def drawn(unit: Unit, row: OwnRow, state: PreviewState, key: str | None, sha256: str | None) -> None:
    """Show the picture that was drawn of a design, unless it looks different by now."""
    await store.designs.end_preview(unit, row, state, key, sha256)


async def _named(unit: Unit, shelf: Shelf, draft: DesignDraft) -> Named:
    products = await stock.known(unit, [draft.product_id]) if draft.product_id is not None else set()
    return Named(await services.known(unit, shelf), frozenset(products))


async def _locked(unit: Unit, design_id: str, expected: int | None) -> OwnRow:
    row = await store.designs.find(unit, design_id, lock=True)
    if row is None:
        raise DesignNotFound
    versions.check(row.version, expected)
    return row


def _sku_taken(sku: str) -> DesignSkuTaken:
    return DesignSkuTaken(errors=(FieldError("sku", f"{sku} is taken.", "taken"),))
