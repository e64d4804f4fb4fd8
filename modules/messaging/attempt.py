"""One attempt at a message: whether it may leave, writing it, and what follows from how it went."""

from __future__ import annotations

import hashlib
import time
from datetime import timedelta

import msgspec
from msgspec import Struct

from kit import clock
from kit.db.unit import Unit
from kit.ids import new_id
from kit.metrics import MESSAGES_ENDED
from kit.settings import Settings
from modules.accounts.caller import is_test
from modules.messaging import links, service, store
from modules.messaging.address import address_hash
from modules.messaging.content import About, Door
from modules.messaging.contexts import StaffLetter
from modules.messaging.kinds import RULES
from modules.messaging.language import chosen
from modules.messaging.port import Letter, Mailer, Outcome, Verdict
from modules.messaging.render import render
from modules.messaging.schedule import wait_before
from modules.messaging.store.messages import Waiting
from modules.messaging.store.suppressions import BOUNCED, UNSUBSCRIBED
from modules.messaging.wire import MessageAttempt, MessageSettings, MessageState
from modules.staff import letters as staff_letters

MOST_DOUBTFUL = 2
"""So many attempts may be made of which nobody knows the end: one letter may arrive twice, never three times."""
BOUNCE_HOLDS = timedelta(days=90)
"""Then an address that nobody had is tried again: mailboxes come back, and servers err."""


class Sent(Struct, frozen=True):
    """An attempt that was made, and of what."""

    letter: Letter
    outcome: Outcome
    attempt: MessageAttempt


async def begin(unit: Unit, message_id: str, job_id: str, settings: Settings) -> Letter | None:
    """Write a letter if it may leave now, and mark that it may have left; None when it may not, or no more.

    The mark is committed before the letter is sent: a worker that dies leaves it behind.
    """
    message = await store.messages.lock(unit, message_id, job_id)
    if message is None:
        return None
    own = await service.signed_settings(unit)
    address = address_hash(settings.secret, unit.business_id, message.address)
    if (ending := await _reason_to_end(unit, message, address, settings)) is not None:
        await _end(unit, message, *ending)
        return None
    now = clock.now()
    if not RULES[message.kind].prompt and (at := service.allowed(now, message.zone, own)) > now:
        await service.schedule(unit, message.id, at)
        return None
    about = await _about(unit, message, settings)
    if about is None:
        await _end(unit, message, MessageState.CANCELLED, "no_longer_needed")
        return None
    await store.messages.begin(unit, message.id, address)
    return _written(unit, message, about, own, settings)


async def post(letter: Letter, mailer: Mailer) -> Sent:
    """Hand a letter over; no transaction is open meanwhile."""
    at, started = clock.now(), time.perf_counter()
    outcome = await mailer.deliver(letter)
    ms = round((time.perf_counter() - started) * 1000)
    attempt = MessageAttempt(at, ms, outcome.verdict, outcome.code, outcome.status, outcome.error)
    return Sent(letter, outcome, attempt)


async def settle(unit: Unit, sent: Sent, settings: Settings) -> None:
    """Log an attempt; end the message, or queue its next attempt; suppress an address that nobody has."""
    outcome = sent.outcome
    message = await store.messages.lock(unit, sent.letter.id)
    if message is None:
        await _settle_taken_back(unit, sent)
        return
    certain = outcome.verdict is not Verdict.UNKNOWN
    await store.messages.add_attempt(unit, new_id("mat"), message.id, sent.attempt, certain=certain)
    if outcome.verdict is Verdict.ACCEPTED:
        await _end(unit, message, MessageState.SENT, None, _digest(sent.letter))
        return
    if outcome.bad_address:
        address = address_hash(settings.secret, unit.business_id, message.address)
        ends_at = clock.now() + BOUNCE_HOLDS
        await store.suppressions.add(unit, address, BOUNCED, message.customer_id, ends_at)
    wait = None if outcome.verdict is Verdict.PERMANENT else wait_before(message.tries + 1)
    if wait is None or (not certain and message.doubtful >= MOST_DOUBTFUL):
        await _end(unit, message, MessageState.FAILED, outcome.error)
    else:
        await service.schedule(unit, message.id, clock.now() + wait)


async def count_lost(unit: Unit, message_id: str) -> None:
    """Go on with a message whose attempt killed its workers, or could not be settled."""
    message = await store.messages.lock(unit, message_id)
    if message is None:
        return
    attempt = MessageAttempt(clock.now(), 0, Verdict.UNKNOWN, None, "", "worker_lost")
    await store.messages.add_attempt(unit, new_id("mat"), message.id, attempt, certain=False)
    wait = wait_before(message.tries + 1)
    if wait is None or message.doubtful >= MOST_DOUBTFUL:
        await _end(unit, message, MessageState.FAILED, "worker_lost")
    else:
        await service.schedule(unit, message.id, clock.now() + wait)


async def _reason_to_end(
    unit: Unit, message: Waiting, address: str, settings: Settings
) -> tuple[MessageState, str] | None:
    """Why a message is not to be sent at all."""
    if message.until is not None and clock.now() >= message.until:
        return MessageState.EXPIRED, "too_late"
    if message.doubtful >= MOST_DOUBTFUL:
        return MessageState.FAILED, "worker_lost"
    if message.customer_id is not None and is_test(message.customer_id):
        return MessageState.SUPPRESSED, "test_customer"
    reasons = await store.suppressions.reasons(unit, address)
    if BOUNCED in reasons:
        return MessageState.SUPPRESSED, BOUNCED
    if UNSUBSCRIBED in reasons and RULES[message.kind].optional:
        return MessageState.SUPPRESSED, UNSUBSCRIBED
    if not (settings.mail.host and settings.mail.sender):
        return MessageState.FAILED, "no_mail_server"
    return None


async def _about(unit: Unit, message: Waiting, settings: Settings) -> About | None:
    """What to write about; None for a staff letter that opens no door any more."""
    context = msgspec.convert(message.context, RULES[message.kind].context)
    if not isinstance(context, StaffLetter):
        return context  # type: ignore[return-value]  # RULES names no other types
    found = await staff_letters.to_write(unit, context.letter_id, secret=settings.secret)
    if found is None:
        return None
    letter, token = found
    return Door(f"{settings.mail.console_url}#{letter.kind}={token}", str(letter.role or ""))


def _written(unit: Unit, message: Waiting, about: About, own: MessageSettings, settings: Settings) -> Letter:
    url = links.unsubscribe(settings, unit.business_id, message.id, clock.now())
    written = render(
        message.kind,
        about,
        own,
        name=message.name,
        language=chosen(message.language, own.language),
        zone=message.zone,
        now=clock.now(),
        unsubscribe_url=url,
    )
    return Letter(
        id=message.id,
        sender_name=own.sender_name,
        to=message.address,
        to_name=message.name,
        reply_to=own.reply_to,
        subject=written.subject,
        text=written.text,
        html=written.html,
        language=written.language,
        unsubscribe_url=url if RULES[message.kind].optional else "",
        invitation=getattr(about, "invitation", ""),
    )


async def _settle_taken_back(unit: Unit, sent: Sent) -> None:
    """What was taken back on its way and arrived all the same was sent, and the log says so."""
    if sent.outcome.verdict is Verdict.ACCEPTED and await store.messages.lock_taken_back(
        unit, sent.letter.id
    ):
        await store.messages.add_attempt(unit, new_id("mat"), sent.letter.id, sent.attempt, certain=True)
        await store.messages.end(unit, sent.letter.id, MessageState.SENT, None, _digest(sent.letter))


async def _end(
    unit: Unit, message: Waiting, state: MessageState, error: str | None, body_sha256: str | None = None
) -> None:
    await store.messages.end(unit, message.id, state, error, body_sha256)
    MESSAGES_ENDED.labels(state).inc()


def _digest(letter: Letter) -> str:
    """Of subject and text: who has the letter can show that it is the one."""
    return hashlib.sha256(f"{letter.subject}\n\n{letter.text}".encode()).hexdigest()
