"""Idempotency-Key over HTTP. Handlers know nothing of it: they take the request's `unit`, which carries the answer.

1. `begin` (before a POST's handler): the key row is committed on its own, or the stored answer is given again.
2. `note` (after the handler): remembers the answer that was made.
3. `keep` (by the giver of `unit`, before it commits): the answer joins the transaction of the work.
4. `Released` (around the route): what ended in an error gives its key up before the error is answered.

A route whose answer shows a secret once is marked `opt=SECRET`: its answer is not stored, so its key protects against
doubles in flight only. Keys of callers without a credential are ignored: there is nobody to keep them for.
"""

from __future__ import annotations

import asyncio
import hashlib
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from litestar import Request, Response
from litestar.enums import RequestEncodingType, ScopeType
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kit.db.unit import Unit
from kit.idempotency import Answer, Asked, Claim, claim, finish, release
from kit.idempotency.errors import IdempotencyInFlight, IdempotencyKeyInvalid, IdempotencyMismatch
from kit.log import get_logger
from kit.metrics import IDEMPOTENCY
from kit.runtime import Runtime
from modules.accounts.caller import Caller

log = get_logger(__name__)

SECRET = {"secret_answer": True}
"""`opt` of handlers whose answer is shown once."""
HEADER = "Idempotency-Key"
LONGEST_KEY = 255
LARGE_BODY = 256 * 1024
"""Bytes from which a body is digested beside the event loop."""

AnyRequest = Request[Any, Any, Any]


class Held:
    """A claim while its request runs."""

    def __init__(self, request: AnyRequest, claimed: Claim) -> None:
        self.request, self.claimed = request, claimed
        self.response: Response[Any] | None = None
        self.kept = False

    def answer(self) -> Answer | None:
        """The answer as it will be sent, when it may be kept: no secret, no cookie, no stream."""
        if self.response is None or self.request.route_handler.opt.get("secret_answer"):
            return None
        status = self.response.status_code or self.request.route_handler.status_code
        sent = self.response.to_asgi_response(app=None, request=self.request, status_code=status)
        headers = {name.decode(): value.decode("latin-1") for name, value in sent.encode_headers()}
        if type(sent) is not ASGIResponse or "set-cookie" in headers:
            return None
        headers.pop("content-length", None)
        return Answer(sent.status_code, headers, bytes(sent.body))


_held: ContextVar[Held | None] = ContextVar("idempotency", default=None)


class Released:
    """ASGI middleware: a key whose request failed, or may not be kept, is free again before the answer goes out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        _held.set(None)

        async def send_after_release(message: Message) -> None:
            held = _held.get()
            if message["type"] == "http.response.start" and held is not None:
                if not held.kept or message["status"] >= 300:
                    await _let_go(held)
                _held.set(None)
            await send(message)

        await self._app(scope, receive, send_after_release)


async def begin(request: AnyRequest) -> Response[bytes] | None:
    """Before the handler: claim the key, or answer again.

    Raises IdempotencyKeyInvalid, IdempotencyInFlight, IdempotencyMismatch.
    """
    key, caller = request.headers.get(HEADER), request.scope.get("user")
    if request.method != "POST" or key is None or not isinstance(caller, Caller):
        return None
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise IdempotencyKeyInvalid
    runtime: Runtime = request.app.state.runtime
    settings = runtime.settings.idempotency
    route = f"{request.method} {request.scope['path_template']}"
    asked = Asked(caller.subject, route, key, await fingerprint(request))
    try:
        async with runtime.db.tenant(caller.business_id) as unit:
            met = await claim(
                unit, asked, lease_s=settings.lease_s, keep=timedelta(hours=settings.keep_hours)
            )
    except (IdempotencyInFlight, IdempotencyMismatch) as error:
        IDEMPOTENCY.labels(error.code.removeprefix("idempotency_")).inc()
        raise
    if isinstance(met, Claim):
        IDEMPOTENCY.labels("new").inc()
        _held.set(Held(request, met))
        return None
    IDEMPOTENCY.labels("replayed").inc()
    headers = {**met.headers, "Idempotency-Replayed": "true"}
    return Response(
        met.body, status_code=met.status, headers=headers, media_type=met.headers.get("content-type")
    )


async def note(response: Response[Any]) -> Response[Any]:
    """After the handler: remember what it answered. A plain function would be sent through a thread."""
    if (held := _held.get()) is not None:
        held.response = response
    return response


async def keep(unit: Unit) -> None:
    """Before the work commits: let its answer, or the giving up of its key, join it.

    Raises IdempotencyInFlight when the lease ran out and another request has the key: the work is rolled back.
    """
    held = _held.get()
    if held is None:
        return
    answer = held.answer()
    if answer is not None:
        await finish(unit, held.claimed, answer)
    elif not await release(unit, held.claimed):
        raise IdempotencyInFlight(retry_after=1)
    held.kept = True


async def fingerprint(request: AnyRequest) -> bytes:
    """A digest of path, query and body. A multipart body's boundary, new with each sending, is left out."""
    kind, options = request.content_type
    head = f"{request.url.path}?{request.url.query} {kind}".encode()
    body = await request.body()
    parts = [body]
    if kind == RequestEncodingType.MULTI_PART and (boundary := options.get("boundary")):
        parts = body.split(b"--" + boundary.encode())
    if len(body) < LARGE_BODY:
        return _digest(head, parts)
    return await asyncio.to_thread(_digest, head, parts)


def _digest(head: bytes, parts: list[bytes]) -> bytes:
    digest = hashlib.sha256(head)
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.digest()


async def _let_go(held: Held) -> None:
    runtime: Runtime = held.request.app.state.runtime
    caller: Caller = held.request.scope["user"]
    try:
        async with runtime.db.tenant(caller.business_id) as unit:
            await release(unit, held.claimed)
    except Exception as error:
        log.warning("key_not_released", error=type(error).__name__)  # its lease will run out
