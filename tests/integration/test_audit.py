"""The audit log over a real database: who did what, in one chain for each business."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.journey import Visitor
from kit.audit import OPERATOR, SYSTEM, record, verify
from kit.runtime import Runtime
from kit.settings import ROOT, environment
from modules.accounts import keys
from modules.accounts import service as accounts
from modules.accounts.scopes import Role, Scope
from modules.entitlements import service as entitlements
from modules.photos import service as photos
from modules.staff import resets
from modules.staff.wire import NewPassword
from tests.integration.callers import hire, pair_kiosk
from tests.integration.conftest import Salon

OPENED = 2
"""Entries of a fresh salon: the business and its key."""


async def entries(api: httpx.AsyncClient, salon: Salon, **params: Any) -> list[dict[str, Any]]:
    answer = await api.get("/v1/audit", headers=salon.headers, params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def as_superuser(runtime: Runtime, statement: str, **values: object) -> None:
    engine = create_async_engine(runtime.settings.database.admin_url)
    async with engine.begin() as connection:
        await connection.execute(text(statement), values)
    await engine.dispose()


async def test_what_matters_is_written_down_with_who_did_it(
    api: httpx.AsyncClient, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    mine = {"Authorization": f"Bearer {visitor.token}"}
    photo_id = await visitor.upload(hand_photo)
    tryon = await visitor.request(photo_id, [["des_polish_lacquer_red"]])
    await api.delete(f"/v1/tryons/{tryon['id']}", headers=mine)
    await api.delete(f"/v1/photos/{photo_id}", headers=salon.headers)
    await api.delete(f"/v1/consents/{visitor.consent_id}", headers=mine)

    found = [(one["actor_kind"], one["action"], one["subject"]) for one in await entries(api, salon)][::-1]

    assert found[0] == ("platform", "business.opened", salon.business_id)
    assert found[1][:2] == ("platform", "key.created")
    assert found[2:] == [
        ("visitor", "consent.given", visitor.consent_id),
        ("visitor", "tryon.erased", tryon["id"]),
        ("key", "photo.erased", photo_id),
        ("visitor", "consent.withdrawn", visitor.consent_id),
    ]


async def test_what_follows_by_rule_is_the_systems(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    made = [await visitor.upload(hand_photo) for _ in range(2)]
    async with runtime.db.tenant(salon.business_id) as unit:
        await photos.erase_of_consent(unit, visitor.consent_id)
        await photos.erase_of_consent(unit, visitor.consent_id)
    erased = [one for one in await entries(api, salon) if one["action"] == "photo.erased"]
    assert sorted(one["subject"] for one in erased) == sorted(made)
    assert {one["actor_kind"] for one in erased} == {"system"}


async def test_keys_made_and_revoked_are_written_down(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon
) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        key = await accounts.create_key(unit, "second")
        await keys.revoke(unit, OPERATOR, key.id)
    last, before = (await entries(api, salon))[:2]
    assert (before["action"], before["subject"]) == ("key.created", key.id)
    assert (last["action"], last["subject"], last["previous"]) == ("key.revoked", key.id, before["hash"])


async def test_what_was_rolled_back_is_not_written_down(runtime: Runtime, salon: Salon) -> None:
    async def record_and_fail() -> None:
        async with runtime.db.tenant(salon.business_id) as unit:
            await record(unit, SYSTEM, "photo.erased", "pho_1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await record_and_fail()
    async with runtime.db.tenant(salon.business_id) as unit:
        assert (await verify(unit)).entries == OPENED


async def test_parallel_writers_do_not_fork_the_chain(
    runtime: Runtime, salon: Salon, other_salon: Salon
) -> None:
    async def write(business_id: str, number: int) -> None:
        async with runtime.db.tenant(business_id) as unit:
            await record(unit, SYSTEM, "photo.erased", f"pho_{number}", f"pho_{number}_b")

    businesses = (salon.business_id, other_salon.business_id)
    await asyncio.gather(*(write(business_id, n) for n in range(50) for business_id in businesses))

    for business_id in businesses:
        async with runtime.db.tenant(business_id) as unit:
            verdict = await verify(unit, batch=30)
        assert (verdict.entries, verdict.broken) == (OPENED + 100, None)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_log SET subject = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"],
)
async def test_the_application_can_only_add(runtime: Runtime, salon: Salon, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with runtime.db.tenant(salon.business_id) as unit:
            await unit.execute(text(statement))


async def test_the_system_role_reads_no_audit_log(runtime: Runtime) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with runtime.db.system() as unit:
            await unit.execute(text("SELECT 1 FROM audit_log"))


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        ("UPDATE audit_log SET subject = 'pho_x' WHERE business_id = :id AND seq = 3", 3),
        ("UPDATE audit_log SET at = at + interval '1 microsecond' WHERE business_id = :id AND seq = 2", 2),
        ("DELETE FROM audit_log WHERE business_id = :id AND seq = 3", 4),
        ("UPDATE audit_log SET seq = -seq WHERE business_id = :id AND seq = 1", 2),
    ],
)
async def test_who_goes_round_the_application_breaks_the_chain(
    runtime: Runtime, salon: Salon, tamper: str, broken: int
) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        await record(unit, SYSTEM, "photo.erased", *(f"pho_{number}" for number in range(5)))
        assert (await verify(unit)).broken is None
    await as_superuser(runtime, tamper, id=salon.business_id)
    async with runtime.db.tenant(salon.business_id) as unit:
        assert (await verify(unit)).broken == broken


async def test_the_command_line_verifies_a_chain_and_names_what_breaks_it(
    runtime: Runtime, salon: Salon
) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        await record(unit, SYSTEM, "photo.erased", "pho_1", "pho_2")
        head = (await verify(unit)).head
    whole = await vernis(runtime, "audit", "verify", salon.business_id)
    await as_superuser(
        runtime, "UPDATE audit_log SET actor = 'x' WHERE business_id = :id AND seq = 3", id=salon.business_id
    )
    broken = await vernis(runtime, "audit", "verify", salon.business_id)

    assert whole == (0, f"4 entries are whole, the last hash is {head}\n")
    assert broken[0] == 1
    assert "entry 3 breaks the chain" in broken[1]


async def vernis(runtime: Runtime, *words: str) -> tuple[int, str]:
    """Exit code and everything printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "cli.main", *words),
        cwd=ROOT,
        env={**os.environ, **environment(runtime.settings)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, printed.decode()


async def test_the_log_is_read_in_pages(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        await record(unit, SYSTEM, "photo.erased", *(f"pho_{number}" for number in range(3)))
    first = (await api.get("/v1/audit", headers=salon.headers, params={"limit": 3})).json()
    rest = (
        await api.get("/v1/audit", headers=salon.headers, params={"limit": 3, "cursor": first["next_cursor"]})
    ).json()
    assert [one["seq"] for one in (*first["items"], *rest["items"])] == [5, 4, 3, 2, 1]
    assert rest["next_cursor"] is None


async def test_a_cursor_of_another_making_begins_at_the_newest(api: httpx.AsyncClient, salon: Salon) -> None:
    for cursor in ("x", "-1", "9" * 30, "\u00b2"):
        assert len(await entries(api, salon, cursor=cursor)) == OPENED


@pytest.mark.parametrize("path", ["/v1/audit", "/v1/requests"])
async def test_logs_are_for_those_who_may_read_them(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon, other_salon: Salon, visitor: Visitor, path: str
) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        narrow = await accounts.create_key(unit, "narrow", (Scope.TRYON_READ, Scope.WEBHOOK_READ))

    async def ask(credential: str) -> httpx.Response:
        return await api.get(path, headers={"Authorization": f"Bearer {credential}"})

    assert (await api.get(path)).status_code == 401
    assert (await ask(narrow.secret)).status_code == 403
    assert (await ask(visitor.token)).status_code == 403
    mine, theirs = (await ask(salon.key)).text, (await ask(other_salon.key)).text
    assert narrow.id in mine or path == "/v1/requests"
    assert narrow.id not in theirs


async def test_changes_of_staff_are_written_down(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon
) -> None:
    owner = await hire(runtime, salon)
    invited = (
        await api.post(
            "/v1/staff/invitations",
            json={"email": "a@salon.example", "role": "stylist"},
            headers=owner.headers,
        )
    ).json()
    await api.delete(f"/v1/staff/invitations/{invited['id']}", headers=owner.headers)
    member = await hire(runtime, salon, Role.STYLIST)
    await api.patch(f"/v1/staff/{member.staff_id}", json={"role": "reception"}, headers=owner.headers)
    await api.delete(f"/v1/staff/sessions/{member.session_id}", headers=owner.headers)
    async with runtime.db.tenant(salon.business_id) as unit:
        letter = await resets.write(unit, member.email, secret=runtime.settings.secret)
    await resets.redeem(runtime.db, NewPassword(letter, "another horse battery"))
    await api.delete(f"/v1/staff/{member.staff_id}", headers=owner.headers)

    found = [(one["actor"], one["action"], one["subject"]) for one in await entries(api, salon)][::-1]

    mine, hers = owner.staff_id, member.staff_id
    assert [
        entry for entry in found if entry[1] not in ("business.opened", "key.created", "staff.invited")
    ] == [
        (mine, "staff.joined", mine),
        (mine, "staff.invitation_withdrawn", invited["id"]),
        (hers, "staff.joined", hers),
        (mine, "staff.made_reception", hers),
        (mine, "session.ended", member.session_id),
        (hers, "staff.password_changed", hers),
        (mine, "staff.removed", hers),
    ]
    assert (mine, "staff.invited", invited["id"]) in found


async def test_a_stolen_session_is_written_down(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon
) -> None:
    owner = await hire(runtime, salon)
    for _ in range(2):
        await api.post("/v1/staff/sessions/refresh", json={"refresh_token": owner.refresh})
    newest = (await entries(api, salon))[0]
    assert (newest["actor_kind"], newest["action"], newest["subject"]) == (
        "system",
        "session.ended_by_reuse",
        owner.session_id,
    )


async def test_changes_of_kiosks_keys_and_the_business_are_written_down(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon
) -> None:
    kiosk = await pair_kiosk(api, salon)
    await api.delete(f"/v1/kiosks/{kiosk.id}", headers=salon.headers)
    made = (await api.post("/v1/keys", json={"name": "k"}, headers=salon.headers)).json()
    successor = (
        await api.post(f"/v1/keys/{made['id']}/rotate", json={"overlap_hours": 1}, headers=salon.headers)
    ).json()
    changes = {"name": "New", "allowed_origins": ["https://salon.example"]}
    assert (await api.patch("/v1/business", json=changes, headers=salon.headers)).status_code == 200
    async with runtime.db.tenant(salon.business_id) as unit:
        await entitlements.put_on(unit, "open")
    for suspended in (True, False):
        await accounts.suspend_business(runtime.db, salon.business_id, suspended=suspended)

    found = [(one["actor_kind"], one["action"], one["subject"]) for one in await entries(api, salon)][::-1]

    business = salon.business_id
    assert found[OPENED:] == [
        ("key", "kiosk.added", kiosk.id),
        ("kiosk", "kiosk.paired", kiosk.id),
        ("key", "kiosk.revoked", kiosk.id),
        ("key", "key.created", made["id"]),
        ("key", "key.created", successor["id"]),
        ("key", "key.rotated", made["id"]),
        ("key", "business.name_changed", business),
        ("key", "business.allowed_origins_changed", business),
        ("platform", "business.plan_changed", business),
        ("platform", "business.suspended", business),
        ("platform", "business.resumed", business),
    ]
