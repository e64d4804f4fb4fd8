"""A worker's broker on a machine where the models cannot be loaded."""

from __future__ import annotations

# isort: off
from workers.broker import broker  # first: actors register with the broker that is set when they are imported

# isort: on

from typing import NoReturn

from models.pipeline import Studio

__all__ = ["broker"]


def _load() -> NoReturn:
    raise OSError("the weights are not there")


Studio.load = _load  # type: ignore[method-assign]
