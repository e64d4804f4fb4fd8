"""The letters that let staff in. Their tokens are made from their ids, so that neither database nor job holds them."""

from __future__ import annotations

from kit.db.engine import Database
from kit.db.unit import Unit
from modules.accounts.errors import BusinessSuspended
from modules.accounts.secrets import derived_secret, fingerprint
from modules.staff import passwords, store
from modules.staff.errors import LetterUsed
from modules.staff.store import Holder, Letter, LetterKind

_PREFIXES = {LetterKind.INVITATION: "vi_", LetterKind.PASSWORD_RESET: "vp_"}


def token_of(letter: Letter, secret: str) -> str:
    """The token that opens the door. secret: the service's own."""
    return derived_secret(_PREFIXES[letter.kind], secret.encode(), letter.id)


async def to_write(unit: Unit, letter_id: str, *, secret: str) -> tuple[Letter, str] | None:
    """What to write and to whom, and the token for its link; None when it is no longer needed."""
    letter = await store.open_letter(unit, letter_id)
    return None if letter is None else (letter, token_of(letter, secret))


async def opened(db: Database, token: str, kind: LetterKind, password: str) -> tuple[Holder, str]:
    """Whose open letter this token is of, and the hash of the password that is to follow; uses nothing up yet.

    Raises LetterUsed, BusinessSuspended, BadPassword.
    """
    async with db.nobody() as unit:
        holder = await store.holder_of_letter(unit, fingerprint(token))
    if holder is None:
        raise LetterUsed
    if holder.suspended:
        raise BusinessSuspended
    async with db.tenant(holder.business_id) as unit:
        letter = await store.open_letter(unit, holder.subject)
    if letter is None or letter.kind is not kind:
        raise LetterUsed
    passwords.check_new(password, letter.email)
    return holder, await passwords.hashed(password)
