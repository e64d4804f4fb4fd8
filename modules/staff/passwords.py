"""Passwords: argon2id with the second recommended parameters of RFC 9106 (64 MiB, 3 passes, 4 lanes)."""

from __future__ import annotations

import asyncio
import unicodedata

from argon2 import PasswordHasher, profiles
from argon2.exceptions import VerificationError

from modules.staff.errors import BadPassword

SHORTEST, LONGEST = 12, 200
_AT_ONCE = 2
"""Hashes that one process makes at a time: a flood of sign-ins may not eat the memory."""

_hasher = PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
_room = asyncio.Semaphore(_AT_ONCE)
_NOBODYS = _hasher.hash("a password that nobody has")
"""Verified where there is no account, so that the answer takes as long."""


def check_new(password: str, email: str) -> None:
    """Raise BadPassword for one that is too short, too long, or made of the e-mail address."""
    plain = _normal(password).casefold()
    parts = {email, email.partition("@")[0]}
    if not SHORTEST <= len(plain) <= LONGEST or plain in {part * n for part in parts for n in range(1, 5)}:
        raise BadPassword


async def hashed(password: str) -> str:
    """The string to store: parameters, salt and hash."""
    async with _room:
        return await asyncio.to_thread(_hasher.hash, _normal(password))


async def fits(stored: str | None, password: str) -> bool:
    """Whether this is the password; None, where there is no account, takes as long and never fits."""
    async with _room:
        return await asyncio.to_thread(_verify, _NOBODYS if stored is None else stored, password) and (
            stored is not None
        )


def is_outdated(stored: str) -> bool:
    """Whether a password was hashed with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, _normal(password))
    except VerificationError:
        return False


def _normal(password: str) -> str:
    """One spelling of a password, whatever keyboard it was typed on (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
