"""Giving, checking and taking back consent."""

from __future__ import annotations

from collections.abc import Sequence

from kit.audit import SYSTEM, record
from kit.db.unit import Unit
from kit.ids import new_id
from kit.outbox import emit
from modules.accounts.caller import Caller
from modules.consent import store
from modules.consent.errors import ConsentMissing, UnknownConsent, UnknownConsentText
from modules.consent.events import ConsentGiven, ConsentWithdrawn
from modules.consent.texts import TEXTS, Purpose
from modules.consent.wire import Consent, ConsentRequest
from modules.customers import service as customers


async def give(unit: Unit, caller: Caller, given: ConsentRequest) -> Consent:
    """Record what a customer agreed to. Raises UnknownConsentText, UnknownCustomer."""
    if not any((text.version, text.language) == (given.text_version, given.language) for text in TEXTS):
        raise UnknownConsentText
    customer_id = await customers.acting_for(unit, caller, given.customer_id)
    consent = await store.insert_consent(unit, new_id("con"), customer_id, given)
    await emit(unit, ConsentGiven(consent.id))
    await record(unit, caller, "consent.given", consent.id)
    return consent


async def find(unit: Unit, caller: Caller, consent_id: str) -> Consent:
    """A consent that the caller may see. Raises UnknownConsent."""
    consent = await store.find(unit, consent_id)
    if consent is None or not caller.sees(consent.customer_id):
        raise UnknownConsent
    return consent


async def require(unit: Unit, caller: Caller, consent_id: str, purpose: Purpose) -> Consent:
    """A consent that stands and covers the purpose. Raises ConsentMissing."""
    consent = await store.find(unit, consent_id)
    if consent is None or not caller.sees(consent.customer_id):
        raise ConsentMissing
    if consent.withdrawn_at is not None or purpose not in consent.purposes:
        raise ConsentMissing
    return consent


async def purposes(unit: Unit, consent_id: str) -> frozenset[Purpose]:
    """What a consent allows: nothing once it was taken back."""
    consent = await store.find(unit, consent_id)
    return frozenset() if consent is None or consent.withdrawn_at else frozenset(consent.purposes)


async def withdraw(unit: Unit, caller: Caller, consent_id: str) -> None:
    """Take a consent back; everything that stands on it is erased. Raises UnknownConsent."""
    consent = await find(unit, caller, consent_id)
    if consent.withdrawn_at is None:
        await store.withdraw(unit, consent_id)
        await emit(unit, ConsentWithdrawn(consent_id))
        await record(unit, caller, "consent.withdrawn", consent_id)


async def withdraw_again(unit: Unit, consent_ids: Sequence[str]) -> None:
    """Take back consents that an older backup has given again; what stands on them is erased."""
    for consent_id in consent_ids:
        consent = await store.find(unit, consent_id)
        if consent is not None and consent.withdrawn_at is None:
            await store.withdraw(unit, consent_id)
            await emit(unit, ConsentWithdrawn(consent_id))
            await record(unit, SYSTEM, "consent.withdrawn", consent_id)
