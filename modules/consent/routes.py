"""Consents over HTTP."""

from __future__ import annotations

from litestar import Response, Router, delete, get, post
from litestar.params import FromPath, JSONBody

from api.given import GivenCaller, GivenUnit
from api.guards import may
from api.problems import fails
from kit.storage.disposition import attachment
from modules.accounts.errors import UnknownBusiness
from modules.accounts.scopes import Scope
from modules.consent import service
from modules.consent.errors import NotAgreed, UnknownConsent, UnknownConsentText
from modules.consent.texts import TEXTS, ConsentText
from modules.consent.wire import Consent, ConsentReceipt, ConsentRequest, Withdrawal
from modules.customers.errors import UnknownCustomer


@get("/consent-texts")
async def list_consent_texts() -> tuple[ConsentText, ...]:
    """The words to show before a photo is taken, in every language."""
    return TEXTS


@post(
    "/consents",
    guards=[may(Scope.CONSENT_WRITE)],
    status_code=201,
    opt=fails(UnknownConsentText, UnknownCustomer),
)
async def give_consent(data: JSONBody[ConsentRequest], unit: GivenUnit, caller: GivenCaller) -> Consent:
    """Record what a customer agreed to; photos are accepted only under a consent to `try_on`."""
    return await service.give(unit, caller, data)


@get("/consents/{consent_id:str}", guards=[may(Scope.CONSENT_WRITE)], opt=fails(UnknownConsent))
async def get_consent(consent_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> Consent:
    """A consent and when it was given or taken back."""
    return await service.find(unit, caller, consent_id)


@delete("/consents/{consent_id:str}", guards=[may(Scope.CONSENT_WRITE)], opt=fails(NotAgreed, UnknownConsent))
async def withdraw_consent(consent_id: FromPath[str], unit: GivenUnit, caller: GivenCaller) -> None:
    """Take a consent back: its photos and every picture made from them are erased."""
    await service.withdraw(unit, caller, consent_id)


@post(
    "/consents/{consent_id:str}/withdrawal",
    guards=[may(Scope.CONSENT_WRITE)],
    status_code=200,
    opt=fails(NotAgreed, UnknownConsent),
)
async def withdraw_purposes(
    consent_id: FromPath[str], data: JSONBody[Withdrawal], unit: GivenUnit, caller: GivenCaller
) -> Consent:
    """Take parts of a consent back: what rests on them is erased, the rest stands."""
    return await service.withdraw(unit, caller, consent_id, data.purposes)


@get(
    "/consents/{consent_id:str}/receipt",
    guards=[may(Scope.CONSENT_WRITE)],
    opt=fails(UnknownBusiness, UnknownConsent),
)
async def get_consent_receipt(
    consent_id: FromPath[str], unit: GivenUnit, caller: GivenCaller
) -> Response[ConsentReceipt]:
    """What the customer agreed to, as a file to keep: the words, their digest, her signature, each tick's end."""
    receipt = await service.receipt(unit, caller, consent_id)
    return Response(receipt, headers={"Content-Disposition": attachment(f"{consent_id}.json")})


router = Router(
    path="/v1",
    route_handlers=[
        list_consent_texts,
        give_consent,
        get_consent,
        withdraw_consent,
        withdraw_purposes,
        get_consent_receipt,
    ],
    tags=["consent"],
)
