"""Which of our languages a browser asks for (RFC 9110, 12.5.4)."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar.params import HeaderParameter, QueryParameter

LANGUAGES = ("en", "de", "fr", "es")
Language = Annotated[
    Literal["en", "de", "fr", "es"] | None,
    QueryParameter(description="Without it what Accept-Language prefers, else the salon's own language."),
]
AcceptLanguage = Annotated[str, HeaderParameter(name="Accept-Language")]


def chosen(accept_language: str, otherwise: str = LANGUAGES[0]) -> str:
    """The best of our languages in an Accept-Language header; `otherwise` where it names none."""
    best, weight = otherwise, 0.0
    for item in accept_language.split(",")[:20]:
        tag, _, parameter = item.strip().partition(";")
        language, quality = tag.strip().lower().partition("-")[0], _quality(parameter)
        if language in LANGUAGES and quality > weight:
            best, weight = language, quality
    return best


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        return min(1.0, max(0.0, float(value))) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0
