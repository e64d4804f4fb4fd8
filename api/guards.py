"""Who may: the credential of a request is checked once, and a guard names the scope that a handler asks for.

Guards are coroutines that wait for nothing: Litestar would send plain functions through a thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from api import cookies
from kit.errors import AppError, Forbidden, Unauthorised
from kit.log import bind_contextvars
from modules.accounts.caller import Caller, CallerKind
from modules.accounts.credentials import Credentials
from modules.accounts.errors import BusinessSuspended
from modules.accounts.scopes import Scope

Connection = ASGIConnection


class Authenticate(AbstractAuthenticationMiddleware):
    """Turns `Authorization: Bearer …`, or else a cookie, into a Caller; a request without either has none.

    A cookie whose time is over is no credential at all, so that a page can still sign in.
    """

    async def authenticate_request(self, connection: Connection) -> AuthenticationResult:  # type: ignore[type-arg]
        header = connection.headers.get("authorization")
        if header is not None:
            caller = await self._known(connection, _bearer(header))
        elif (token := cookies.credential(connection)) is not None and token.isascii():
            try:
                caller = await self._known(connection, token)
            except Unauthorised:
                caller = None
        else:
            caller = None
        return AuthenticationResult(user=caller, auth=None)

    async def _known(self, connection: Connection, credential: str) -> Caller | None:  # type: ignore[type-arg]
        credentials: Credentials = connection.app.state.credentials
        caller = await credentials.caller(credential)
        bind_contextvars(business_id=caller.business_id)
        return caller


class Known:
    """A guard that lets every caller pass whose credential is good. Raises Unauthorised."""

    fails: ClassVar[tuple[type[AppError], ...]] = (Unauthorised, BusinessSuspended)

    async def __call__(self, connection: Connection, _handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        _caller(connection)


class StaffOnly(Known):
    """A guard that lets members of staff pass. Raises Unauthorised or Forbidden."""

    fails = (*Known.fails, Forbidden)

    async def __call__(self, connection: Connection, _handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        if _caller(connection).kind is not CallerKind.STAFF:
            raise Forbidden("This is for members of staff who signed in.")


@dataclass(frozen=True)
class ScopeGuard(Known):
    """A guard that lets callers with this scope pass. Raises Unauthorised or Forbidden.

    or_link: whoever brings a signed link passes too; the handler checks its signature.
    """

    scope: Scope
    or_link: bool = False
    fails = (*Known.fails, Forbidden)

    async def __call__(self, connection: Connection, _handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        if self.or_link and "signature" in connection.query_params:
            return
        if self.scope not in _caller(connection).scopes:
            raise Forbidden(f"This needs the scope {self.scope}.")


known, staff_only, may = Known(), StaffOnly(), ScopeGuard
"""As routes write them: `guards=[known]`, `[staff_only]`, `[may(Scope.TRYON_READ)]`."""


def _caller(connection: Connection) -> Caller:  # type: ignore[type-arg]
    caller: Caller | None = connection.user
    if caller is None:
        raise Unauthorised
    return caller


def _bearer(header: str) -> str:
    scheme, _, credential = header.partition(" ")
    if scheme.lower() != "bearer" or not credential.isascii():
        raise Unauthorised("Send the key as `Authorization: Bearer …`.")
    return credential.strip()
