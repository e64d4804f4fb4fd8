"""What can go wrong around the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from kit.errors import Broken, Conflict, FieldError, Invalid, NotFound


class BadCatalog(Broken):
    """A catalogue file that cannot be used; the detail names the file and the entry."""

    code, public = "bad_catalog", "The catalogue of designs could not be read."

    @classmethod
    def at(cls, file: str, entry: str, reason: object) -> Self:
        """One entry of one file, and why."""
        return cls(f"{file}: {entry}: {reason}")


class DesignNotFound(NotFound):
    code, public = "design_not_found", "There is no such design."


class BundleNotFound(NotFound):
    code, public = "bundle_not_found", "There is no such look."


class BadCursor(Invalid):
    code, public = (
        "bad_cursor",
        "This cursor was not given out by us. Please start again from the first page.",
    )


class UnknownFinish(Invalid):
    code, public = "unknown_finish", "There is no such finish."


class UnknownColour(Invalid):
    code, public = "unknown_colour", "A colour is written as six hexadecimal digits, such as b5201f."


class TooManyWords(Invalid):
    code, public = "too_many_words", "Please search for at most eight words."


class UnfitSelection(Invalid):
    """No design at all, or more than one look can hold."""

    code, public = "unfit_selection", "A look holds one to twelve designs."


class UnknownDesign(Invalid):
    """A request that names designs which are not in the catalogue."""

    code, public = "unknown_design", "Some of these designs are not in the catalogue."

    @classmethod
    def named(cls, ids: Iterable[str]) -> Self:
        """With the ids that are missing."""
        listed = tuple(ids)
        return cls(
            f"Not in the catalogue: {', '.join(listed)}.",
            errors=tuple(FieldError("designs", f"{id} is not in the catalogue.") for id in listed),
        )


class UnrenderableDesign(Invalid):
    """A request that names designs which no renderer can draw yet."""

    code, public = "unrenderable_design", "Some of these designs cannot be tried on yet."

    @classmethod
    def named(cls, ids: Iterable[str]) -> Self:
        """With the ids that cannot be drawn."""
        listed = tuple(ids)
        return cls(
            f"Cannot be tried on yet: {', '.join(listed)}.",
            errors=tuple(FieldError("designs", f"{id} cannot be tried on yet.") for id in listed),
        )


class DesignUnfit(Invalid):
    code, public = "design_unfit", "Some of the design's values cannot be used."


class DesignSkuTaken(Conflict):
    code, public = "design_sku_taken", "Another design of yours has this SKU, perhaps an archived one."


class BundleUnfit(Invalid):
    code, public = "bundle_unfit", "Some of the look's values cannot be used."


class ServiceUnfit(Invalid):
    code, public = "service_unfit", "Some of the service's values cannot be used."


class ServiceNotFound(NotFound):
    code, public = "service_not_found", "There is no such service."
