"""Pairing kiosks by a code, and revoking them."""

from __future__ import annotations

from datetime import timedelta

from kit.audit import Actor, Named, record
from kit.db.unit import Unit
from kit.ids import new_id
from kit.runtime import Runtime
from kit.throttle import Throttle
from modules.accounts.caller import CallerKind
from modules.accounts.errors import BusinessSuspended
from modules.accounts.secrets import KIOSK, fingerprint, keyed_fingerprint, new_secret
from modules.kiosks import store
from modules.kiosks.codes import as_meant, new_code
from modules.kiosks.errors import UnknownKiosk, WrongCode
from modules.kiosks.wire import KioskPage, PairedKiosk, Pairing

CODE_LIFETIME = timedelta(minutes=10)
ATTEMPTS = Throttle("pairing", free=5)
"""From one address. A code is one of 2^40: who guesses from 10,000 addresses finds it once in ten million tries."""


async def start_pairing(unit: Unit, actor: Actor, name: str, *, secret: str) -> Pairing:
    """Add a kiosk that waits ten minutes for its code. secret: the service's own, without which no code is known."""
    kiosk_id, code = new_id("kio"), new_code()
    hashed = keyed_fingerprint(secret.encode(), as_meant(code))
    expires_at = await store.insert_kiosk(unit, kiosk_id, name, hashed, CODE_LIFETIME)
    await record(unit, actor, "kiosk.added", kiosk_id)
    return Pairing(kiosk_id, name, code, expires_at)


async def pair(runtime: Runtime, typed: str, address: str) -> PairedKiosk:
    """Exchange a code for the kiosk's credential, once. Raises TooManyAttempts, WrongCode, BusinessSuspended."""
    redis, secret = runtime.redis, runtime.settings.secret
    await ATTEMPTS.attempt(redis, secret, address)
    hashed = keyed_fingerprint(secret.encode(), as_meant(typed))
    async with runtime.db.nobody() as unit:
        holder = await store.holder_of_code(unit, hashed)
    if holder is None:
        raise WrongCode
    await ATTEMPTS.forgive(redis, secret, address)
    if holder.suspended:
        raise BusinessSuspended
    credential = new_secret(KIOSK)
    async with runtime.db.tenant(holder.business_id) as unit:
        paired = await store.pair(unit, hashed, fingerprint(credential))
        if paired is None:
            raise WrongCode
        kiosk_id, name = paired
        await record(unit, Named(CallerKind.KIOSK, kiosk_id), "kiosk.paired", kiosk_id)
    return PairedKiosk(kiosk_id, holder.business_id, name, credential)


async def page(unit: Unit, cursor: str | None, limit: int) -> KioskPage:
    """The business's kiosks, newest first; revoked ones and ones that wait for their code too."""
    return KioskPage(*await store.page(unit, cursor, limit))


async def revoke(unit: Unit, actor: Actor, kiosk_id: str) -> None:
    """End a kiosk's credential at once, or its code. Raises UnknownKiosk."""
    if not await store.revoke(unit, kiosk_id):
        raise UnknownKiosk
    await record(unit, actor, "kiosk.revoked", kiosk_id)
