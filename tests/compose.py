"""docker-compose.yml as tests read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from kit.settings import ROOT


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs our code. environment: VERNIS_… with the values of deploy/example.env."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    definition: dict[str, Any]

    def __str__(self) -> str:
        return self.name


def our_services() -> list[Service]:
    """Every service that is built from Dockerfile.gpu."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    lines = (ROOT / "deploy" / "example.env").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    return [
        Service(
            name,
            tuple(found["command"]),
            {variable: interpolated(value, given) for variable, value in found["environment"].items()},
            found,
        )
        for name, found in compose["services"].items()
        if "build" in found
    ]


def interpolated(value: str, given: Mapping[str, str]) -> str:
    """`${NAME:-default}` and `${NAME:?words}` filled in. Raises KeyError for a required name that is not given."""

    def fill(match: re.Match[str]) -> str:
        name, how, rest = match.groups()
        if how == ":?" and not given.get(name):
            raise KeyError(name)
        return given.get(name) or rest

    return re.sub(r"\$\{(\w+)(:[-?])([^}]*)\}", fill, value)
