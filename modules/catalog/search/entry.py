"""What search knows of one design, and the words under which it is found."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from msgspec import Struct

from modules.catalog.family import ColourFamily
from modules.catalog.shelf import DesignKind

_WORD = re.compile(r"[^\W_]+")


class Entry(Struct, frozen=True, kw_only=True):
    """One design on offer.

    place: its number on the shipped shelf, None for a business's own; stock: pieces left of its product, None where
    nobody counts; made_us: when it was made, microseconds since 1970 (0 for shipped ones).
    """

    id: str
    kind: DesignKind
    name: str
    lab: tuple[float, float, float]
    price: int
    currency: str
    renderable: bool
    finish: str | None = None
    families: tuple[ColourFamily, ...] = ()
    tags: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    place: int | None = None
    stock: int | None = None
    made_us: int = 0

    @property
    def available(self) -> bool:
        """In stock, or not counted at all: only what is known to be used up is not."""
        return self.stock is None or self.stock > 0


def folded(text: str) -> str:
    """Lower case without accents, so that `creme` finds `Crème`."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def words_of(*texts: str | None) -> frozenset[str]:
    """Each word as it is written, and its pieces where it is joined by hyphens or underscores."""
    written = folded(" ".join(text for text in texts if text)).split()
    return frozenset(word for joined in set(written) for word in _pieces(joined))


@lru_cache(maxsize=1 << 16)
def _pieces(written: str) -> tuple[str, ...]:
    return written, *_WORD.findall(written)


def asked_words(query: str) -> tuple[str, ...]:
    """The words that somebody typed, each of which must begin a word of the design."""
    return tuple(dict.fromkeys(folded(query).split()))
