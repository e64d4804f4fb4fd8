"""The upload gate. Names are read on demand: every decoding child imports this package, and needs none of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.decode.limits import Limits
    from kit.decode.pool import DecodePool
    from kit.decode.verified import Verified

__all__ = ["DecodePool", "Limits", "Verified"]

_HOME = {"DecodePool": "pool", "Limits": "limits", "Verified": "verified"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
