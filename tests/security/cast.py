"""Everybody who may knock: the business itself, others, and those whose time is over."""

from __future__ import annotations

import httpx
from msgspec import Struct

from benchmarks.journey import Visitor, new_visitor
from kit.runtime import Runtime
from modules.accounts import service as accounts
from modules.accounts.scopes import EVERY_SCOPE, Scope
from tests.integration.callers import Member, bearer, hire, hold, sql
from tests.integration.conftest import Salon, open_salon

Headers = dict[str, str]


class Cast(Struct, frozen=True):
    """gone: headers by words, of callers who must be told 401."""

    salon: Salon
    owner: Member
    visitor: Visitor
    other_visitor: Visitor
    other_salon: Salon
    other_owner: Member
    test_key: Headers
    gone: dict[str, Headers]


async def assemble(api: httpx.AsyncClient, runtime: Runtime) -> Cast:
    """A business with a visitor, another visitor of it, another business, and callers of the past."""
    salon, other_salon = [await open_salon(runtime) for _ in range(2)]
    owner = await hire(runtime, salon)
    gone: dict[str, Headers] = {}
    for kind, path in {"key": "keys", "staff": "staff/sessions", "kiosk": "kiosks"}.items():
        held = await hold(api, runtime, salon, kind)
        ended = await api.delete(f"/v1/{path}/{held.id}", headers=owner.headers)
        assert ended.status_code == 204
        gone[f"a revoked {kind}"] = held.headers
    for kind, statement in {
        "key": "UPDATE api_keys SET expires_at = now() WHERE id = :id",
        "visitor": "UPDATE visitor_tokens SET expires_at = now() WHERE customer_id = :id",
        "staff": "UPDATE staff_sessions SET access_expires_at = now() WHERE id = :id",
    }.items():
        held = await hold(api, runtime, salon, kind)
        await sql(runtime, salon, statement, id=held.id)
        gone[f"an expired {kind}"] = held.headers
    return Cast(
        salon=salon,
        owner=owner,
        visitor=await new_visitor(api, salon.key),
        other_visitor=await new_visitor(api, salon.key),
        other_salon=other_salon,
        other_owner=await hire(runtime, other_salon),
        test_key=(await hold(api, runtime, salon, "test_key")).headers,
        gone=gone,
    )


async def key_without(runtime: Runtime, salon: Salon, scope: Scope) -> Headers:
    """A key that may do everything but this."""
    others = tuple(other for other in EVERY_SCOPE if other is not scope)
    async with runtime.db.tenant(salon.business_id) as unit:
        return bearer((await accounts.create_key(unit, f"all but {scope}", others)).secret)
