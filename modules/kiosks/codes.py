"""Pairing codes: eight letters and digits that nobody mistakes for others, 40 bits, for ten minutes."""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""
_LENGTH = 8
_MISREAD = str.maketrans("ILO", "110", "- ")


def new_code() -> str:
    """A code as it is shown: `7K3M-9XQ2`."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def as_meant(typed: str) -> str:
    """The code without hyphens and blanks, with what is often misread put right."""
    return typed.upper().translate(_MISREAD)
