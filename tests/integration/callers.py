"""Callers of every kind, made the way a business makes them."""

from __future__ import annotations

import itertools

import httpx
from msgspec import Struct
from sqlalchemy import text

from kit.runtime import Runtime
from modules.accounts import service as accounts
from modules.accounts.scopes import Role
from modules.staff import service as staff
from modules.staff.wire import Acceptance
from tests.integration.conftest import Salon

PASSWORD = "correct horse battery"
_numbers = itertools.count()


class Held(Struct, frozen=True):
    """A credential. id: what revokes it."""

    kind: str
    token: str
    id: str
    headers: dict[str, str]


class Member(Struct, frozen=True):
    """A member of staff who signed in."""

    business_id: str
    email: str
    staff_id: str
    session_id: str
    access: str
    refresh: str

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.access)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def sign_in_body(member: Member, password: str = PASSWORD) -> dict[str, str]:
    return {"business_id": member.business_id, "email": member.email, "password": password}


async def hire(runtime: Runtime, salon: Salon, role: Role = Role.OWNER) -> Member:
    """Invite somebody and accept."""
    email = f"{role}{next(_numbers)}@salon.example"
    async with runtime.db.tenant(salon.business_id) as unit:
        invitation = await staff.invite(unit, None, email, role, secret=runtime.settings.secret)
    assert invitation.token
    session = await staff.accept(runtime.db, Acceptance(invitation.token, "Somebody", PASSWORD))
    assert session.access_token
    assert session.refresh_token
    return Member(
        salon.business_id,
        email,
        session.staff_id,
        session.session_id,
        session.access_token,
        session.refresh_token,
    )


async def pair_kiosk(api: httpx.AsyncClient, salon: Salon) -> Held:
    """Start pairing and type the code."""
    code = (await api.post("/v1/kiosks", json={"name": "Window"}, headers=salon.headers)).json()["code"]
    paired = (await api.post("/v1/kiosks/pair", json={"code": code})).json()
    return Held("kiosk", paired["credential"], paired["id"], bearer(paired["credential"]))


async def hold(api: httpx.AsyncClient, runtime: Runtime, salon: Salon, kind: str) -> Held:
    """A credential of this kind of the salon's."""
    match kind:
        case "kiosk":
            return await pair_kiosk(api, salon)
        case "staff":
            member = await hire(runtime, salon)
            return Held(kind, member.access, member.session_id, member.headers)
        case "visitor":
            made = (await api.post("/v1/visitors", headers=salon.headers)).json()
            return Held(kind, made["token"], made["customer_id"], bearer(made["token"]))
        case _:
            async with runtime.db.tenant(salon.business_id) as unit:
                key = await accounts.create_key(unit, "held", test=kind == "test_key")
            return Held("key", key.secret, key.id, bearer(key.secret))


async def sql(runtime: Runtime, salon: Salon, statement: str, **values: object) -> None:
    """Change the salon's rows as time would."""
    async with runtime.db.tenant(salon.business_id) as unit:
        assert (await unit.execute(text(statement), values)).rowcount == 1
