"""From a template, words and values to a page, and the headers under which it may be shown."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response

from api.pages.formats import amount, day, duration, money
from api.pages.language import LANGUAGES
from api.pages.static import ADDRESSES

FOLDER = Path(__file__).parent
WORDS: Mapping[str, Mapping[str, str]] = {
    language: tomllib.loads((FOLDER / "words" / f"{language}.toml").read_text(encoding="utf-8"))
    for language in LANGUAGES
}

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "media-src 'self'",
        "style-src 'self'",
        "script-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing inline and nothing from elsewhere (CSP 3)."""
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive, noimageindex",
    "Vary": "Accept-Language",
}
"""Referrer-Policy: the address is the secret, and must not leave with a click."""


def _fill(words: str, **values: object) -> str:
    return words.format(**values)


_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {"fill": _fill, "money": money, "amount": amount, "day": day, "duration": duration}


def page(
    template: str,
    language: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response[str]:
    """A page in a language. values: what the template names besides `w` (words), `language` and `files`."""
    body = _templates.get_template(f"{template}.html").render(
        w=WORDS[language], language=language, files=ADDRESSES, **values
    )
    return Response(
        body,
        status_code=status,
        media_type="text/html; charset=utf-8",
        headers={**HEADERS, "Content-Language": language, **(headers or {})},
    )
