"""Versions over HTTP: a row's version is its ETag, and a change sends it back as If-Match."""

from __future__ import annotations

import re
from typing import Annotated, TypeVar

from litestar import Response
from litestar.params import HeaderParameter
from msgspec import Struct

from kit.versions import VersionMissing, VersionStale

IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        description='The version that is changed, as its ETag came: `"3"`; `*` for any.',
        max_length=200,
    ),
]
Shown = TypeVar("Shown", bound=Struct)
_TAG = re.compile(r'"(\d{1,9})"')


def expected(if_match: str | None) -> int | None:
    """The version that a change was made from, None for any. Raises VersionMissing, VersionStale."""
    if if_match is None:
        raise VersionMissing
    if if_match.strip() == "*":
        return None
    if (tag := _TAG.fullmatch(if_match.strip())) is None:
        raise VersionStale
    return int(tag[1])


def tagged(shown: Shown, version: int, status: int = 200) -> Response[Shown]:
    """The answer with its version as ETag."""
    return Response(shown, status_code=status, headers={"ETag": f'"{version}"'})
