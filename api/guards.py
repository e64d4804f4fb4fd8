"""Who may: the credential of a request is checked once, and a guard names the scope that a handler asks for."""

from __future__ import annotations

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import Guard

from kit.errors import Forbidden, Unauthorised
from kit.log import bind_contextvars
from modules.accounts import service as accounts
from modules.accounts.caller import Caller
from modules.accounts.scopes import Scope

Connection = ASGIConnection


class Authenticate(AbstractAuthenticationMiddleware):
    """Turns `Authorization: Bearer …` into a Caller; a request without it has none."""

    async def authenticate_request(self, connection: Connection) -> AuthenticationResult:  # type: ignore[type-arg]
        header = connection.headers.get("authorization")
        if header is None:
            return AuthenticationResult(user=None, auth=None)
        scheme, _, credential = header.partition(" ")
        if scheme.lower() != "bearer" or not credential.isascii():
            raise Unauthorised("Send the key as `Authorization: Bearer …`.")
        caller = await accounts.authenticate(connection.app.state.runtime.db, credential.strip())
        bind_contextvars(business_id=caller.business_id)
        return AuthenticationResult(user=caller, auth=None)


def may(scope: Scope) -> Guard:
    """A guard that lets callers with this scope pass. Raises Unauthorised or Forbidden."""

    def guard(connection: Connection, _handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        caller: Caller | None = connection.user
        if caller is None:
            raise Unauthorised
        if scope not in caller.scopes:
            raise Forbidden(f"This needs the scope {scope}.")

    return guard
