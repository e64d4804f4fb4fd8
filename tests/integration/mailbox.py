"""A real mail server on this machine (aiosmtpd), which can be told what to answer."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

HANG = "hang"
"""Take the letter and never answer."""
CLOSE = "close"
"""Take the letter and hang up."""


class Mailbox:
    """What has arrived. at_rcpt, at_data: answers for the next letters, `250 OK` when none are left."""

    def __init__(self) -> None:
        self.port = 0
        self.letters: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.secured: list[bool] = []
        self.at_rcpt: deque[str] = deque()
        self.at_data: deque[str] = deque()
        self.logins: list[tuple[bytes, bytes]] = []

    @property
    def ids(self) -> list[str]:
        return [letter["Message-ID"] for letter in self.letters]

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's names)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.at_rcpt.popleft() if self.at_rcpt else "250 2.1.5 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.at_data.popleft() if self.at_data else "250 2.0.0 taken"
        if answer.startswith(("250", HANG, CLOSE)):
            assert isinstance(envelope.content, bytes)
            letter = message_from_bytes(envelope.content, policy=default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
            self.envelopes.append(envelope)
            assert server.transport is not None
            self.secured.append(server.transport.get_extra_info("ssl_object") is not None)
        if answer == HANG:
            await asyncio.sleep(3600)
        if answer == CLOSE:
            assert server.transport is not None
            server.transport.abort()
        return answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any
    ) -> Any:
        self.logins.append((given.login, given.password))
        return AuthResult(success=given.password == b"right", handled=False)


@asynccontextmanager
async def receiving(
    *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, sign_in: bool = False
) -> AsyncIterator[Mailbox]:
    """A server that listens until the block ends."""
    mailbox = Mailbox()
    loop = asyncio.get_running_loop()

    def speak() -> SMTP:
        with warnings.catch_warnings(action="ignore"):  # it does not see that the connection has TLS already
            return SMTP(
                mailbox,
                loop=loop,
                hostname="mail.test",
                enable_SMTPUTF8=True,
                tls_context=starttls,
                require_starttls=starttls is not None,
                auth_required=sign_in,
                auth_require_tls=tls is None,
                authenticator=mailbox.authenticate if sign_in else None,
            )

    server = await loop.create_server(speak, "127.0.0.1", 0, ssl=tls)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
