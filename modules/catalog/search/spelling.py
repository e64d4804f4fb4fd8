"""Words one slip away from what was typed: a letter wrong, missing, too many, or two swapped (Damerau 1964)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SHORTEST, LONGEST = 5, 20
"""Shorter words have too many neighbours; nobody types longer ones."""


class Spelling:
    """The letters of every term, side by side; terms with digits are numbers of articles and are not guessed at."""

    def __init__(self, terms: Sequence[str]) -> None:
        places = [n for n, term in enumerate(terms) if term.isalpha() and len(term) >= SHORTEST - 1]
        self._places = np.array(places, dtype=np.int64)
        letters = np.array([terms[n] for n in places], dtype=f"U{LONGEST + 2}")
        self._letters = letters.view(np.uint32).reshape(len(places), LONGEST + 2)

    def near(self, word: str) -> NDArray[np.int64]:
        """Places of the terms that begin with a word one slip away from this one; none for short or long words."""
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return self._places[:0]
        typed = np.array([ord(letter) for letter in word], dtype=np.uint32)
        size, letters = len(word), self._letters
        same = letters[:, :size] == typed
        lead = _leading(same)
        wrong = _trailing(same) <= lead + 1
        missing = _trailing(letters[:, 1 : size + 1] == typed) <= lead
        too_many = _trailing(letters[:, : size - 1] == typed[1:]) <= lead
        near = wrong | missing | too_many | _swapped(letters, typed, lead, _trailing(same))
        return self._places[near]

    @property
    def nbytes(self) -> int:
        return self._letters.nbytes + self._places.nbytes


def _leading(same: NDArray[np.bool_]) -> NDArray[np.intp]:
    """How many letters agree from the left."""
    return np.where(same.all(axis=1), same.shape[1], same.argmin(axis=1))


def _trailing(same: NDArray[np.bool_]) -> NDArray[np.intp]:
    """From which letter on all agree."""
    return same.shape[1] - _leading(same[:, ::-1])


def _swapped(
    letters: NDArray[np.uint32], typed: NDArray[np.uint32], lead: NDArray[np.intp], trail: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Whether two neighbours changed places and all else agrees."""
    first = np.minimum(lead, len(typed) - 2)
    rows = np.arange(len(letters))
    crossed = (letters[rows, first] == typed[first + 1]) & (letters[rows, first + 1] == typed[first])
    swapped: NDArray[np.bool_] = crossed & (trail <= first + 2)
    return swapped
