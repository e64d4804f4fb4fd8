"""Staff: invitations, sign-in and its lock-out, refresh and its reuse, resets, roles, leaving."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from sqlalchemy import text

from kit.runtime import Runtime
from kit.throttle import Throttle, TooManyAttempts
from modules.accounts import service as accounts
from modules.accounts.scopes import Role, Scope
from modules.staff import letters, passwords, resets
from modules.staff.errors import BadPassword
from tests.integration.callers import PASSWORD, Member, bearer, hire, sign_in_body, sql
from tests.integration.conftest import Salon

NEW = "another good password"


@pytest.fixture(autouse=True)
async def nobody_waits(runtime: Runtime) -> None:
    """Tests share one address: what others failed is forgotten."""
    async for key in runtime.redis.scan_iter("throttle:*"):
        await runtime.redis.delete(key)


async def sign_in(api: httpx.AsyncClient, member: Member, password: str = PASSWORD) -> httpx.Response:
    return await api.post("/v1/staff/sessions", json=sign_in_body(member, password))


async def invited(api: httpx.AsyncClient, owner: Member, email: str, role: str = "stylist") -> str:
    body = {"email": email, "role": role}
    return str((await api.post("/v1/staff/invitations", json=body, headers=owner.headers)).json()["token"])


async def accept(api: httpx.AsyncClient, token: str, password: str = PASSWORD) -> httpx.Response:
    body = {"token": token, "name": "Rosa", "password": password}
    return await api.post("/v1/staff/invitations/accept", json=body)


async def test_who_accepts_an_invitation_is_signed_in(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    owner = await hire(runtime, salon)
    session = (await accept(api, await invited(api, owner, " Rosa@Salon.example "))).json()
    me = (await api.get("/v1/me", headers=bearer(session["access_token"]))).json()
    assert (me["kind"], me["role"], me["subject"]) == ("staff", "stylist", session["staff_id"])
    staff = (await api.get("/v1/staff", headers=owner.headers)).json()["items"]
    assert staff[0] == {**staff[0], "email": "rosa@salon.example", "name": "Rosa", "role": "stylist"}


async def test_an_invitation_is_good_once(api: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> None:
    token = await invited(api, await hire(runtime, salon), "rosa@salon.example")
    first, second = await asyncio.gather(accept(api, token), accept(api, token))
    assert sorted((first.status_code, second.status_code)) == [201, 410]


async def test_an_invitation_ends_by_time_by_its_successor_and_by_its_owner(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    owner = await hire(runtime, salon)
    old, new = [await invited(api, owner, "rosa@salon.example") for _ in range(2)]
    assert (await accept(api, old)).json()["code"] == "letter_used"
    (waiting,) = (await api.get("/v1/staff/invitations", headers=owner.headers)).json()["items"]
    await sql(runtime, salon, "UPDATE staff_letters SET expires_at = now() WHERE id = :id", id=waiting["id"])
    assert (await accept(api, new)).status_code == 410
    withdrawn = await invited(api, owner, "rosa@salon.example")
    (waiting,) = (await api.get("/v1/staff/invitations", headers=owner.headers)).json()["items"]
    path = f"/v1/staff/invitations/{waiting['id']}"
    assert (await api.delete(path, headers=owner.headers)).status_code == 204
    assert (await accept(api, withdrawn)).status_code == 410


async def test_a_refused_password_uses_no_invitation_up(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    token = await invited(api, await hire(runtime, salon), "rosa.pinkola@salon.example")
    for password in ("too short", "rosa.pinkola", "x" * 201):
        assert (await accept(api, token, password)).json()["code"] == "bad_password"
    assert (await accept(api, token)).status_code == 201


async def test_a_member_is_not_invited_again(api: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> None:
    owner = await hire(runtime, salon)
    body = {"email": owner.email, "role": "stylist"}
    answer = await api.post("/v1/staff/invitations", json=body, headers=owner.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_staff")


async def test_a_key_makes_nobody_more_than_it_is_itself(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        key = await accounts.create_key(unit, "hr", (Scope.STAFF_WRITE,))
    member = await hire(runtime, salon, Role.STYLIST)
    body = {"email": "new@salon.example", "role": "owner"}
    invitation = await api.post("/v1/staff/invitations", json=body, headers=bearer(key.secret))
    promotion = await api.patch(
        f"/v1/staff/{member.staff_id}", json={"role": "owner"}, headers=bearer(key.secret)
    )
    assert [invitation.json()["code"], promotion.json()["code"]] == ["scope_not_held"] * 2


async def test_sign_in_opens_a_session(api: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> None:
    member = await hire(runtime, salon)
    session = (await sign_in(api, member)).json()
    assert session["access_token"].startswith("vs_")
    assert session["refresh_token"].startswith("vr_")
    sessions = (await api.get("/v1/staff/sessions", headers=bearer(session["access_token"]))).json()["items"]
    assert [item["current"] for item in sessions] == [True, False]
    assert session["session_id"] == sessions[0]["id"]


async def test_unknown_accounts_wrong_passwords_and_other_businesses_get_one_answer(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, other_salon: Salon
) -> None:
    member = await hire(runtime, salon)
    bodies = [
        sign_in_body(member, "a wrong password"),
        {**sign_in_body(member), "email": "nobody@salon.example"},
        {**sign_in_body(member), "business_id": other_salon.business_id},
        {**sign_in_body(member), "business_id": "biz_none"},
    ]
    answers = [await api.post("/v1/staff/sessions", json=body) for body in bodies]
    told = [
        {name: value for name, value in answer.json().items() if name != "request_id"} for answer in answers
    ]
    assert told == [told[0]] * 4
    assert (answers[0].status_code, told[0]["code"]) == (401, "wrong_password")


async def test_an_unknown_account_is_verified_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    verify = passwords._verify
    monkeypatch.setattr(
        passwords, "_verify", lambda stored, password: seen.append(stored) or verify(stored, password)
    )
    assert not await passwords.fits(None, "a password that nobody has")
    stored = await passwords.hashed(PASSWORD)
    assert await passwords.fits(stored, PASSWORD)
    parameters = [word.rsplit("$", 2)[0] for word in seen]
    assert parameters == ["$argon2id$v=19$m=65536,t=3,p=4"] * 2


async def test_failures_lock_the_account_known_or_not(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    member = await hire(runtime, salon)
    for who in (member, Member(salon.business_id, "nobody@salon.example", "", "", "", "")):
        for _ in range(5):
            assert (await sign_in(api, who, "a wrong password")).status_code == 401
        locked = await sign_in(api, who)
        assert (locked.status_code, locked.json()["code"]) == (429, "too_many_attempts")
        assert 0 < int(locked.headers["retry-after"]) <= 30


async def test_parallel_guesses_get_no_more_tries(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    member = await hire(runtime, salon)
    answers = await asyncio.gather(*(sign_in(api, member, f"wrong password {n}") for n in range(12)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7


async def test_a_success_forgets_the_accounts_failures(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    member = await hire(runtime, salon)
    for _ in range(2):
        for _ in range(4):
            await sign_in(api, member, "a wrong password")
        assert (await sign_in(api, member)).status_code == 201


async def test_one_address_gets_few_tries_over_many_accounts(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    member = await hire(runtime, salon)
    for _ in range(3):  # one's own success between the guesses buys no more of them
        assert (await sign_in(api, member)).status_code == 201
    statuses = [
        (await sign_in(api, Member(salon.business_id, f"n{n}@salon.example", "", "", "", ""))).status_code
        for n in range(21)
    ]
    assert statuses == [401] * 20 + [429]


async def test_the_delay_doubles_up_to_its_bound(runtime: Runtime) -> None:
    throttle, waits = Throttle("test_delay", free=2, first_s=10, longest_s=35), []
    await throttle.attempt(runtime.redis, "secret", "somebody")
    for _ in range(4):
        await throttle.attempt(runtime.redis, "secret", "somebody")
        with pytest.raises(TooManyAttempts) as locked:
            await throttle.attempt(runtime.redis, "secret", "somebody")
        waits.append(locked.value.retry_after)
        (key,) = [key async for key in runtime.redis.scan_iter("throttle:test_delay:*")]
        await runtime.redis.hdel(key, "closed_until")
    assert waits == [10, 20, 35, 35]
    assert b"somebody" not in key


async def test_a_refresh_token_is_exchanged(api: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> None:
    member = await hire(runtime, salon)
    renewed = (await api.post("/v1/staff/sessions/refresh", json={"refresh_token": member.refresh})).json()
    assert renewed["session_id"] == member.session_id
    assert (await api.get("/v1/me", headers=bearer(renewed["access_token"]))).status_code == 200
    assert (await api.get("/v1/me", headers=member.headers)).status_code == 401


async def test_a_refresh_token_that_comes_twice_ends_the_session(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    member, path = await hire(runtime, salon), "/v1/staff/sessions/refresh"
    second = (await api.post(path, json={"refresh_token": member.refresh})).json()
    third = (await api.post(path, json={"refresh_token": second["refresh_token"]})).json()
    reused = await api.post(path, json={"refresh_token": member.refresh})
    assert (reused.status_code, reused.json()["code"]) == (401, "session_ended")
    assert (await api.get("/v1/me", headers=bearer(third["access_token"]))).status_code == 401
    assert (await api.post(path, json={"refresh_token": third["refresh_token"]})).status_code == 401
    assert (await sign_in(api, member)).status_code == 201


async def test_of_two_who_refresh_at_once_the_session_ends(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    member, path = await hire(runtime, salon), "/v1/staff/sessions/refresh"
    answers = await asyncio.gather(
        *(api.post(path, json={"refresh_token": member.refresh}) for _ in range(2))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 401]
    (winner,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await api.get("/v1/me", headers=bearer(winner["access_token"]))).status_code == 401


@pytest.mark.parametrize("token", ["vr_unknown", ""])
async def test_an_unknown_or_missing_refresh_token_is_refused(api: httpx.AsyncClient, token: str) -> None:
    body = {"refresh_token": token} if token else {}
    answer = await api.post("/v1/staff/sessions/refresh", json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")


async def test_an_expired_session_is_not_refreshed(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    member = await hire(runtime, salon)
    over = "UPDATE staff_sessions SET expires_at = now() WHERE id = :id"
    await sql(runtime, salon, over, id=member.session_id)
    answer = await api.post("/v1/staff/sessions/refresh", json={"refresh_token": member.refresh})
    assert answer.status_code == 401


async def test_signing_out_ends_access_and_refresh(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    member = await hire(runtime, salon)
    assert (await api.delete("/v1/staff/sessions/current", headers=member.headers)).status_code == 204
    assert (await api.get("/v1/me", headers=member.headers)).status_code == 401
    answer = await api.post("/v1/staff/sessions/refresh", json={"refresh_token": member.refresh})
    assert answer.status_code == 401


async def test_a_stylist_sees_and_ends_her_own_sessions_only(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    owner, stylist = await hire(runtime, salon), await hire(runtime, salon, Role.STYLIST)
    hers = (await api.get("/v1/staff/sessions", headers=stylist.headers)).json()["items"]
    every = (await api.get("/v1/staff/sessions", headers=owner.headers)).json()["items"]
    assert {item["staff_id"] for item in hers} == {stylist.staff_id}
    assert {item["staff_id"] for item in every} == {owner.staff_id, stylist.staff_id}
    path = "/v1/staff/sessions/{}"
    assert (await api.delete(path.format(owner.session_id), headers=stylist.headers)).status_code == 404
    assert (await api.delete(path.format(stylist.session_id), headers=owner.headers)).status_code == 204


async def test_a_changed_role_counts_at_once(api: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> None:
    owner, second = await hire(runtime, salon), await hire(runtime, salon)
    assert (await api.get("/v1/keys", headers=second.headers)).status_code == 200
    path = f"/v1/staff/{second.staff_id}"
    changed = await api.patch(path, json={"role": "reception"}, headers=owner.headers)
    assert changed.json()["role"] == "reception"
    assert (await api.get("/v1/keys", headers=second.headers)).status_code == 403
    assert (await api.post("/v1/visitors", headers=second.headers)).status_code == 201


async def test_the_last_owner_stays_one(api: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> None:
    first, second = await hire(runtime, salon), await hire(runtime, salon)
    steps = [
        api.patch(f"/v1/staff/{other.staff_id}", json={"role": "stylist"}, headers=member.headers)
        for member, other in ((first, second), (second, first))
    ]
    answers = await asyncio.gather(*steps)
    assert 200 in {answer.status_code for answer in answers}
    left = (await api.get("/v1/staff", headers=salon.headers)).json()["items"]
    (owner,) = [item["id"] for item in left if item["role"] == "owner"]
    answer = await api.delete(f"/v1/staff/{owner}", headers=salon.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")


async def test_who_leaves_is_out_at_once(api: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> None:
    owner, stylist = await hire(runtime, salon), await hire(runtime, salon, Role.STYLIST)
    assert (await api.delete(f"/v1/staff/{stylist.staff_id}", headers=owner.headers)).status_code == 204
    assert (await api.get("/v1/me", headers=stylist.headers)).status_code == 401
    assert (await sign_in(api, stylist)).status_code == 401


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_another_business_cannot_touch_a_member(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, other_salon: Salon, method: str
) -> None:
    member = await hire(runtime, salon)
    await hire(runtime, other_salon)
    answer = await api.request(
        method, f"/v1/staff/{member.staff_id}", json={"role": "stylist"}, headers=other_salon.headers
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_member")


async def reset_letter(runtime: Runtime, salon: Salon) -> str | None:
    """The token of the reset that waits to be sent, as who sends letters gets it."""
    waiting = text("SELECT id FROM staff_letters WHERE kind = 'password_reset' AND used_at IS NULL")
    async with runtime.db.tenant(salon.business_id) as unit:
        row = await unit.one_or_none(waiting)
        written = (
            None if row is None else await letters.to_write(unit, row.id, secret=runtime.settings.secret)
        )
    return None if written is None else written[1]


async def test_a_reset_sets_a_password_once_and_ends_every_session(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    member = await hire(runtime, salon)
    asked = {"business_id": salon.business_id, "email": member.email}
    assert (await api.post("/v1/staff/password-resets", json=asked)).status_code == 202
    body = {"token": await reset_letter(runtime, salon), "password": NEW}
    assert (await api.post("/v1/staff/password-resets/redeem", json=body)).status_code == 204
    assert (await api.get("/v1/me", headers=member.headers)).status_code == 401
    assert (await sign_in(api, member)).status_code == 401
    assert (await sign_in(api, member, NEW)).status_code == 201
    assert (await api.post("/v1/staff/password-resets/redeem", json=body)).status_code == 410


async def test_asking_for_a_reset_tells_nobody_whether_there_is_an_account(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    member = await hire(runtime, salon)
    known, unknown = [
        await api.post("/v1/staff/password-resets", json={"business_id": salon.business_id, "email": email})
        for email in (member.email, "nobody@salon.example")
    ]
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert await reset_letter(runtime, salon)


async def test_a_reset_ends_after_an_hour(api: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> None:
    member = await hire(runtime, salon)
    async with runtime.db.tenant(salon.business_id) as unit:
        token = await resets.write(unit, member.email, secret=runtime.settings.secret)
    over = (
        "UPDATE staff_letters SET expires_at = expires_at - interval '1 hour' WHERE kind = 'password_reset'"
    )
    await sql(runtime, salon, over)
    body = {"token": token, "password": NEW}
    assert (await api.post("/v1/staff/password-resets/redeem", json=body)).status_code == 410


async def test_an_invitation_resets_no_password_and_a_reset_hires_nobody(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    owner = await hire(runtime, salon)
    invitation = await invited(api, owner, "rosa@salon.example")
    async with runtime.db.tenant(salon.business_id) as unit:
        reset = await resets.write(unit, owner.email, secret=runtime.settings.secret)
    body = {"token": invitation, "password": NEW}
    assert (await api.post("/v1/staff/password-resets/redeem", json=body)).status_code == 410
    assert (await accept(api, reset)).status_code == 410
    assert (await accept(api, invitation)).status_code == 201


async def test_neither_database_nor_outbox_holds_a_letters_token(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    token = await invited(api, await hire(runtime, salon), "rosa@salon.example")
    async with runtime.db.system() as unit:
        told = await unit.all(text("SELECT payload::text FROM outbox WHERE topic = 'staff.invited'"))
    async with runtime.db.tenant(salon.business_id) as unit:
        kept = await unit.all(text("SELECT l::text FROM staff_letters l"))
    assert told
    assert kept
    assert all(token not in row[0] and "@" not in row[0] for row in told)
    assert all(token not in row[0] for row in kept)


async def test_a_suspended_business_signs_nobody_in(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon
) -> None:
    member = await hire(runtime, salon)
    token = await invited(api, member, "rosa@salon.example")
    await accounts.suspend_business(runtime.db, salon.business_id, suspended=True)
    refresh = await api.post("/v1/staff/sessions/refresh", json={"refresh_token": member.refresh})
    answers = [await sign_in(api, member), refresh, await accept(api, token)]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(403, "business_suspended")] * 3
    assert (await sign_in(api, member, "a wrong password")).status_code == 401


@pytest.mark.parametrize("email", ["nobody", "a@b", "a b@c.de", "a@b@c.de", "a\x00@b.de"])
async def test_what_is_no_address_is_refused(api: httpx.AsyncClient, salon: Salon, email: str) -> None:
    body = {"email": email, "role": "stylist"}
    answer = await api.post("/v1/staff/invitations", json=body, headers=salon.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_email")


def test_a_password_is_one_however_it_was_typed() -> None:
    composed, decomposed = "p\u00e4ssw\u00f6rter sind gut", "pa\u0308sswo\u0308rter sind gut"
    assert passwords._verify(passwords._hasher.hash(passwords._normal(composed)), decomposed)
    with pytest.raises(BadPassword):
        passwords.check_new("rosa@x.yrosa@x.y", "rosa@x.y")
