"""The OpenAPI document, made from the handlers themselves: their signatures, guards, middlewares and declared errors.

Litestar could write one too, but knows neither msgspec's constraints nor our guards, headers and problems; so only its
routing table is used here. Schemas are msgspec's own, the same that requests are decoded by (decision 22).
"""

from __future__ import annotations

from api.openapi.document import document

__all__ = ["document"]
