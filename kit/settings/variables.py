"""Settings as environment variables, and `read`, the one reader of them.

`VERNIS_DATABASE__URL` sets `Settings.database.url`; an unknown `VERNIS_…` name is an error, so that a typing slip
cannot pass for a setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from kit.settings.structs import Settings

PREFIX = "VERNIS_"


class SettingsError(ValueError):
    """The environment names an unknown setting or gives one a value it cannot take."""


def read(environ: Mapping[str, str]) -> Settings:
    """Build Settings from `VERNIS_…` variables; raises SettingsError naming the variable."""
    tree: dict[str, Any] = {}
    for name, value in environ.items():
        if name.startswith(PREFIX):
            _place(tree, name, value)
    try:
        return msgspec.convert(tree, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"settings: {error}") from error


def variables() -> dict[str, object]:
    """Every environment variable with its default, in the order of the structs."""
    found: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        if isinstance(field.default, Struct):
            for inner in msgspec.structs.fields(field.default):
                found[f"{PREFIX}{field.name}__{inner.name}".upper()] = inner.default
        else:
            found[f"{PREFIX}{field.name}".upper()] = field.default
    return found


def _place(tree: dict[str, Any], name: str, value: str) -> None:
    if name not in variables():
        raise SettingsError(f"settings: {name} is not a setting")
    section, _, field = name.removeprefix(PREFIX).lower().partition("__")
    if field:
        tree.setdefault(section, {})[field] = value
    else:
        tree[section] = value


def environment(settings: Settings) -> dict[str, str]:
    """The variables that make `read` return these settings again, for child processes."""
    found: dict[str, str] = {}
    for name, default in variables().items():
        section, _, field = name.removeprefix(PREFIX).lower().partition("__")
        value = getattr(getattr(settings, section), field) if field else getattr(settings, section)
        if value != default:
            found[name] = str(value)
    return found
