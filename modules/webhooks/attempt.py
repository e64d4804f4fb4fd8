"""One attempt of a delivery: sending it, and what follows from how it went."""

from __future__ import annotations

import time

import httpx
from msgspec import Struct

from kit import clock
from kit.audit import SYSTEM, record
from kit.db.unit import Unit
from kit.errors import Refused
from kit.http import post
from kit.ids import new_id
from kit.metrics import WEBHOOKS_DISABLED, WEBHOOKS_ENDED
from kit.outbox import emit
from kit.settings import Webhooks
from modules.webhooks import deliveries, signing, store
from modules.webhooks.events import WebhookDisabled
from modules.webhooks.schedule import GIVE_UP_AFTER, wait_before
from modules.webhooks.store.deliveries import Outgoing
from modules.webhooks.wire import Attempt, DeliveryState, WebhookEndpoint

KEPT_CHARACTERS = 1024
GONE = 410


class Outcome(Struct, frozen=True):
    """How an attempt went. asked: the receiver's Retry-After."""

    attempt: Attempt
    asked: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the receiver said 2xx."""
        return self.attempt.status is not None and 200 <= self.attempt.status < 300


async def send(outgoing: Outgoing, how: Webhooks) -> Outcome:
    """Sign with the present time and send; every way to fail is an outcome."""
    at, started = clock.now(), time.perf_counter()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Vernis-Webhooks/1",
        **signing.headers(outgoing.message_id, at, outgoing.body, outgoing.keys),
    }
    status, error, response, asked = None, None, "", ""
    try:
        answer = await post(
            outgoing.url,
            outgoing.body.encode(),
            headers,
            allow_private=how.allow_private,
            timeout_s=how.timeout_s,
        )
    except Refused as refusal:
        error = refusal.code
    except (TimeoutError, httpx.TimeoutException):
        error = "timeout"
    except httpx.ConnectError:
        error = "not_connected"
    except httpx.HTTPError:
        error = "connection_broken"
    else:
        status, asked = answer.status, answer.retry_after
        error = "redirected" if 300 <= status < 400 else None
        if outgoing.keeps_answer:
            response = answer.body.decode(errors="replace").replace("\0", "\ufffd")[:KEPT_CHARACTERS]
    ms = round((time.perf_counter() - started) * 1000)
    return Outcome(Attempt(at, ms, status, error, response), asked)


async def settle(unit: Unit, outgoing: Outgoing, outcome: Outcome) -> None:
    """Log an attempt; end the delivery, or queue its next attempt; give the endpoint up when it is gone.

    The endpoint is locked first, as everything does that changes its deliveries too.
    """
    endpoint = await store.endpoints.lock(unit, outgoing.endpoint_id)
    if endpoint is None:
        return
    wait = wait_before(outgoing.tries + 1, outcome.asked)
    gone = outcome.attempt.status == GONE
    state = DeliveryState.PENDING
    if outcome.arrived:
        state = DeliveryState.DELIVERED
    elif gone or wait is None:
        state = DeliveryState.FAILED
    if not await store.deliveries.add_attempt(
        unit, new_id("wha"), outgoing.delivery_id, outcome.attempt, state=state
    ):
        return
    if state is not DeliveryState.PENDING:
        WEBHOOKS_ENDED.labels(state).inc()
    if outcome.arrived:
        if endpoint.failing_since is not None:
            await store.endpoints.change(unit, endpoint.id, {"failing_since": None})
        return
    failing_since = endpoint.failing_since or outcome.attempt.at
    given_up = outcome.attempt.at - failing_since >= GIVE_UP_AFTER
    if gone or given_up:
        await _disable(unit, endpoint, "gone" if gone else "failing")
        return
    if endpoint.failing_since is None:
        await store.endpoints.change(unit, endpoint.id, {"failing_since": failing_since})
    if wait is not None:
        await deliveries.schedule(unit, outgoing.delivery_id, wait)


async def count_lost(unit: Unit, delivery_id: str) -> None:
    """Log an attempt that killed its workers, or that could not be settled, as a failed one."""
    outgoing = await store.deliveries.outgoing(unit, delivery_id)
    if outgoing is not None:
        await settle(unit, outgoing, Outcome(Attempt(clock.now(), 0, None, "worker_lost", "")))


async def _disable(unit: Unit, endpoint: WebhookEndpoint, reason: str) -> None:
    await store.endpoints.change(unit, endpoint.id, {"enabled": False, "disabled_reason": reason})
    await store.deliveries.cancel_pending(unit, endpoint.id)
    await emit(unit, WebhookDisabled(endpoint.id, reason))
    await record(unit, SYSTEM, "webhook.disabled", endpoint.id)
    WEBHOOKS_DISABLED.labels(reason).inc()
