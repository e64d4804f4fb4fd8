"""Giving, checking and taking back consent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from kit import clock
from kit.audit import SYSTEM, Actor, record
from kit.db.unit import Unit
from kit.ids import new_id
from kit.outbox import emit
from modules.accounts import service as accounts
from modules.accounts.caller import Caller
from modules.consent import store
from modules.consent.errors import ConsentMissing, NotAgreed, UnknownConsent, UnknownConsentText
from modules.consent.events import ConsentGiven, ConsentWithdrawn
from modules.consent.texts import CLOCKS, Purpose, find_text
from modules.consent.wire import Consent, ConsentReceipt, ConsentRequest
from modules.customers import service as customers


async def give(unit: Unit, caller: Caller, given: ConsentRequest) -> Consent:
    """Record what a customer agreed to. Raises UnknownConsentText, UnknownCustomer."""
    text = find_text(given.text_version, given.language)
    if text is None:
        raise UnknownConsentText
    customer_id = await customers.acting_for(unit, caller, given.customer_id)
    now = clock.now()
    ends = {purpose: now + CLOCKS[purpose] for purpose in given.purposes}
    consent = await store.insert_consent(unit, new_id("con"), customer_id, given, text.sha256, ends)
    await emit(unit, ConsentGiven(consent.id))
    await record(unit, caller, "consent.given", consent.id)
    return consent


async def find(unit: Unit, caller: Caller, consent_id: str) -> Consent:
    """A consent that the caller may see. Raises UnknownConsent."""
    consent = await store.find(unit, consent_id)
    if consent is None or not caller.sees(consent.customer_id):
        raise UnknownConsent
    return consent


async def receipt(unit: Unit, caller: Caller, consent_id: str) -> ConsentReceipt:
    """What the customer agreed to, to keep. Raises UnknownConsent."""
    consent = await find(unit, caller, consent_id)
    signature, text_sha256 = await store.signed(unit, consent_id)
    text = find_text(consent.text_version, consent.language)
    assert text is not None  # versions are never taken away
    business = (await accounts.business(unit)).name
    unsealed = ConsentReceipt(consent, business, text, text_sha256 or text.sha256, signature)
    fields = {**msgspec.to_builtins(unsealed)}
    del fields["receipt_sha256"]
    digest = hashlib.sha256(msgspec.json.encode(fields, order="sorted")).hexdigest()
    return msgspec.structs.replace(unsealed, receipt_sha256=digest)


async def require(unit: Unit, caller: Caller, consent_id: str, purpose: Purpose) -> Consent:
    """A consent that stands, to the end of the unit, and covers the purpose. Raises ConsentMissing."""
    consent = await store.share(unit, consent_id)
    if consent is None or not caller.sees(consent.customer_id):
        raise ConsentMissing
    if not consent.stands(purpose, clock.now()):
        raise ConsentMissing
    return consent


async def purposes(unit: Unit, consent_id: str) -> frozenset[Purpose]:
    """What a consent allows now."""
    consent = await store.find(unit, consent_id)
    now = clock.now()
    return frozenset(purpose for purpose in Purpose if consent is not None and consent.stands(purpose, now))


async def withdraw(
    unit: Unit, caller: Caller, consent_id: str, taken_back: Iterable[Purpose] = Purpose
) -> Consent:
    """Take a consent back, or parts of it; what stands on them is erased. Raises UnknownConsent, NotAgreed."""
    await find(unit, caller, consent_id)
    return await _withdraw(unit, caller, consent_id, frozenset(taken_back))


async def withdrawn(unit: Unit, consent_ids: Sequence[str]) -> list[str]:
    """What of consents is over, as `con_…:share,marketing`; nothing of those that are gone."""
    found = [await store.find(unit, consent_id) for consent_id in consent_ids]
    now = clock.now()
    return [
        f"{consent.id}:{','.join(purpose for purpose in consent.purposes if not consent.stands(purpose, now))}"
        for consent in found
        if consent is not None
    ]


async def withdraw_again(unit: Unit, subjects: Sequence[str]) -> None:
    """Take back what an older backup has given again, as `withdrawn` told it; what stands on it is erased."""
    for subject in subjects:
        consent_id, _, words = subject.partition(":")
        if words and await store.find(unit, consent_id) is not None:
            await _withdraw(unit, SYSTEM, consent_id, frozenset(map(Purpose, words.split(","))))


async def _withdraw(unit: Unit, actor: Actor, consent_id: str, asked: frozenset[Purpose]) -> Consent:
    consent = await store.lock(unit, consent_id)
    if consent is None:
        raise UnknownConsent
    if not asked & frozenset(consent.purposes):
        raise NotAgreed
    now = clock.now()
    ending = tuple(
        purpose
        for purpose in consent.purposes
        if consent.stands(purpose, now) and (purpose in asked or Purpose.TRY_ON in asked)
    )
    if not ending:
        return consent
    ends = {**consent.ends, **dict.fromkeys(ending, now)}
    left = any(ends.get(purpose, now) > now for purpose in consent.purposes if purpose not in ending)
    changed = await store.withdraw(unit, consent_id, ends, None if left else now)
    await emit(unit, ConsentWithdrawn(consent_id, ending))
    await record(unit, actor, "consent.withdrawn", consent_id)
    return changed
