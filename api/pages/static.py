"""Style, script, icon and fonts of the pages. A name holds its content's hash, so browsers may keep it for a year."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from litestar import Response, get
from litestar.params import FromPath

from kit.errors import NotFound
from kit.settings import ROOT

PATH = "/pages"
FOLDERS = (ROOT / "assets" / "fonts", Path(__file__).with_name("static"))
"""Fonts first: the style names them."""
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_NAMED = re.compile(rb'url\("([a-z0-9-]+\.(?:woff2|svg))"\)')


def _read() -> tuple[dict[str, str], dict[str, tuple[bytes, str]]]:
    """Addresses by plain name, and contents with their media types by hashed name."""
    addresses: dict[str, str] = {}
    contents: dict[str, tuple[bytes, str]] = {}
    for folder in FOLDERS:
        for path in sorted(folder.iterdir()):
            if path.suffix in MEDIA_TYPES:
                data = path.read_bytes()
                if path.suffix == ".css":
                    data = _NAMED.sub(
                        lambda found: b'url("%b")' % addresses[found[1].decode()].encode(), data
                    )
                name = f"{path.stem}.{hashlib.sha256(data).hexdigest()[:12]}{path.suffix}"
                addresses[path.name] = f"{PATH}/{name}"
                contents[name] = data, MEDIA_TYPES[path.suffix]
    return addresses, contents


_addresses, _contents = _read()
ADDRESSES: Mapping[str, str] = _addresses


@get(f"{PATH}/{{name:str}}", include_in_schema=False, exclude_from_auth=True)
async def get_static(name: FromPath[str]) -> Response[bytes]:
    """A file of the pages."""
    if name not in _contents:
        raise NotFound
    data, media_type = _contents[name]
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(data, media_type=media_type, headers=headers)
