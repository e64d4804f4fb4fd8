"""Reading a shelf from a folder of TOML files; every refusal names the file and the entry.

`services.toml` holds `[[service]]`, `looks.toml` holds `[[look]]`, every other file holds `[[design]]`. A
`[common]` table gives values that all entries of its file share. A design's `material` changes its finish's
usual one.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from looks.layer import AnyLayer, Brows, Hair
from looks.material import material_of
from modules.catalog import styles
from modules.catalog.errors import BadCatalog
from modules.catalog.shelf import Bundle, Design, DesignKind, Service, Shelf

SERVICES, LOOKS = "services.toml", "looks.toml"
T = TypeVar("T", Service, Design, Bundle)
Entry = tuple[str, T]
"""File name and what was read from it."""


def load_shelf(folder: Path) -> Shelf:
    """The shelf of this folder; raises BadCatalog, whose detail names file, entry and reason."""
    services = [(SERVICES, _convert(SERVICES, raw, Service)) for raw in _tables(folder / SERVICES, "service")]
    bundles = [(LOOKS, _convert(LOOKS, raw, Bundle)) for raw in _tables(folder / LOOKS, "look")]
    files = sorted(path for path in folder.glob("*.toml") if path.name not in (SERVICES, LOOKS))
    designs = [(path.name, _design(path.name, raw)) for path in files for raw in _tables(path, "design")]
    order = list(DesignKind)
    designs.sort(key=lambda entry: order.index(entry[1].kind))
    _check_unique(services)
    _check_unique(designs)
    _check_unique(bundles)
    _check_references(services, designs, bundles)
    return Shelf((d for _, d in designs), (b for _, b in bundles), (s for _, s in services))


def _tables(path: Path, name: str) -> Iterator[dict[str, Any]]:
    """Entries of one file, each with the file's common values beneath its own."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadCatalog.at(path.name, "the file", "is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadCatalog.at(path.name, "the file", error) from error
    if stray := sorted(document.keys() - {"common", name}):
        raise BadCatalog.at(path.name, stray[0], f"only [common] and [[{name}]] belong here")
    common, entries = document.get("common", {}), document.get(name)
    if not isinstance(entries, list) or not isinstance(common, dict):
        raise BadCatalog.at(path.name, "the file", f"holds no [[{name}]]")
    return ({**common, **entry} for entry in entries)


def _design(file: str, raw: dict[str, Any]) -> Design:
    try:
        layer: AnyLayer = msgspec.convert(raw.get("layer"), AnyLayer)
        styles.check(layer)
        usual = material_of(None if isinstance(layer, Brows | Hair) else layer.finish)
        material = usual.changed(raw.get("material", {}))
    except ValueError as error:
        raise BadCatalog.at(file, _label(raw), error) from error
    return _convert(file, {**raw, "layer": layer, "material": material}, Design)


def _convert(file: str, raw: dict[str, Any], shape: type[T]) -> T:
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise BadCatalog.at(file, _label(raw), error) from error


def _label(raw: dict[str, Any]) -> str:
    return str(raw.get("id") or raw.get("name") or "an entry without an id")


def _check_unique(entries: list[tuple[str, T]]) -> None:
    for field in ("id", "sku"):
        taken = Counter(getattr(entry, field, None) for _, entry in entries)
        for file, entry in entries:
            value = getattr(entry, field, None)
            if value is not None and taken[value] > 1:
                raise BadCatalog.at(file, entry.id, f"{field} {value} is used {taken[value]} times")


def _check_references(
    services: list[tuple[str, Service]], designs: list[tuple[str, Design]], bundles: list[tuple[str, Bundle]]
) -> None:
    service_ids = {service.id for _, service in services}
    for file, design in designs:
        if design.service not in service_ids:
            raise BadCatalog.at(file, design.id, f"there is no service {design.service}")
    by_id = {design.id: design for _, design in designs}
    for file, bundle in bundles:
        if missing := [id for id in bundle.designs if id not in by_id]:
            raise BadCatalog.at(file, bundle.id, f"there is no design {missing[0]}")
        if len({by_id[id].price.currency for id in bundle.designs}) > 1:
            raise BadCatalog.at(file, bundle.id, "its designs are priced in different currencies")
