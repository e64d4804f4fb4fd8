"""Rate limits: exact over every process, told on each answer, and never in the way when Redis is away."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest
from redis.asyncio import Redis as RedisClient

from benchmarks.journey import Visitor
from kit.limits import Limiter, Policy, Subject
from kit.runtime import Runtime
from kit.settings import Api, Limits, Redis
from tests.integration.conftest import ROOMY, Salon, another_api


def only(**quota: int) -> Limits:
    return msgspec.structs.replace(ROOMY, **quota)


@pytest.fixture
async def limiter(runtime: Runtime) -> AsyncIterator[Limiter]:
    async with Limiter(runtime.settings.redis.url, b"secret") as found:
        yield found


@pytest.fixture
async def fresh_addresses(runtime: Runtime) -> None:
    """Tests share one address: what earlier ones sent from it is forgotten."""
    async for key in runtime.redis.scan_iter("vernis:limit:*address:*"):
        await runtime.redis.delete(key)


async def test_two_apis_admit_exactly_the_quota_under_parallel_load(runtime: Runtime, salon: Salon) -> None:
    limits = only(key_per_minute=50)
    async with (
        another_api(runtime.settings, limits=limits) as one,
        another_api(runtime.settings, limits=limits) as other,
    ):
        answers = await asyncio.gather(
            *(client.get("/v1/tryons", headers=salon.headers) for client in (one, other) * 100)
        )
    assert Counter(answer.status_code for answer in answers) == {200: 50, 429: 150}


@pytest.mark.parametrize("whose", ["key_per_minute", "person_per_minute", "business_per_minute"])
async def test_each_limit_counts_its_own(
    runtime: Runtime, salon: Salon, visitor: Visitor, other_salon: Salon, whose: str
) -> None:
    bearer = {"Authorization": f"Bearer {visitor.token}"}
    mine = salon.headers if whose == "key_per_minute" else bearer
    async with another_api(runtime.settings, limits=only(**{whose: 5})) as client:
        statuses = [(await client.get("/v1/tryons", headers=mine)).status_code for _ in range(6)]
        assert (await client.get("/v1/tryons", headers=other_salon.headers)).status_code == 200
    assert statuses.count(200) <= 5  # the visitor's own preparation may count along
    assert statuses[-1] == 429


async def test_a_refusal_says_what_is_full_and_when_to_come_back(runtime: Runtime, salon: Salon) -> None:
    async with another_api(runtime.settings, limits=only(key_per_minute=2)) as client:
        for _ in range(2):
            assert (await client.get("/v1/tryons", headers=salon.headers)).status_code == 200
        answer = await client.get("/v1/tryons", headers=salon.headers)
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert 60 <= int(answer.headers["retry-after"]) <= 120
    assert answer.headers["ratelimit-limit"] == "2"
    assert answer.headers["ratelimit-remaining"] == "0"
    assert "x-request-id" in answer.headers


async def test_every_answer_says_what_is_left(runtime: Runtime, salon: Salon) -> None:
    async with another_api(runtime.settings, limits=only(key_per_minute=10)) as client:
        first = await client.get("/v1/tryons", headers=salon.headers)
        missing = await client.get("/v1/tryons/try_none", headers=salon.headers)
    assert (first.headers["ratelimit-limit"], first.headers["ratelimit-remaining"]) == ("10", "9")
    assert 0 < int(first.headers["ratelimit-reset"]) <= 60
    assert '10;w=60;comment="caller"' in first.headers["ratelimit-policy"]
    assert (missing.status_code, missing.headers["ratelimit-remaining"]) == (404, "8")


@pytest.mark.usefixtures("fresh_addresses")
async def test_guessing_credentials_uses_up_the_address(runtime: Runtime) -> None:
    async with another_api(runtime.settings, limits=only(address_per_minute=3)) as client:
        statuses = [
            (await client.get("/v1/tryons", headers={"Authorization": f"Bearer vk_{n}"})).status_code
            for n in range(5)
        ]
    assert statuses == [401, 401, 401, 429, 429]


@pytest.mark.usefixtures("fresh_addresses")
async def test_callers_without_a_credential_are_counted_by_address(runtime: Runtime) -> None:
    async with another_api(runtime.settings, limits=only(address_per_minute=3)) as client:
        statuses = [(await client.get("/v1/consent-texts")).status_code for _ in range(4)]
        probes = [(await client.get("/health/live")).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert probes == [200] * 4


@pytest.mark.usefixtures("fresh_addresses")
async def test_a_forged_forwarding_header_makes_no_new_address(runtime: Runtime) -> None:
    limits, api = only(address_per_minute=3), Api(trusted_proxies="10.0.0.0/8")
    async with another_api(runtime.settings, limits=limits, api=api) as client:
        statuses = [
            (
                await client.get("/v1/consent-texts", headers={"X-Forwarded-For": f"198.51.100.{n}"})
            ).status_code
            for n in range(4)
        ]
    assert statuses == [200, 200, 200, 429]


async def test_with_redis_away_everybody_may_pass(runtime: Runtime, salon: Salon) -> None:
    nowhere = Redis(url="redis://127.0.0.1:1/0")
    async with another_api(runtime.settings, limits=only(key_per_minute=1), redis=nowhere) as client:
        answers = [await client.get("/v1/tryons", headers=salon.headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert not any(name.startswith("ratelimit") for answer in answers for name in answer.headers)


async def test_an_emptied_redis_loses_the_count_and_nothing_else(runtime: Runtime, limiter: Limiter) -> None:
    subjects = [Subject(Policy("caller", 2, 60), "key_forgotten")]
    for expected in (True, True):
        verdict = await limiter.take(subjects)
        assert verdict is not None
        assert verdict.admitted is expected
    await runtime.redis.script_flush()
    async for key in runtime.redis.scan_iter("vernis:limit:caller:*"):
        await runtime.redis.delete(key)
    again = await limiter.take(subjects)
    assert again is not None
    assert again.admitted


async def test_a_refused_request_counts_against_no_limit(limiter: Limiter) -> None:
    narrow, wide = Subject(Policy("caller", 1, 60), "key_n"), Subject(Policy("business", 10, 60), "biz_n")
    for _ in range(5):
        await limiter.take([narrow, wide])
    verdict = await limiter.take([wide])
    assert verdict is not None
    assert verdict.standings[0].count == 2


async def test_there_is_room_again_when_the_refusal_said_so(limiter: Limiter) -> None:
    subjects = [Subject(Policy("caller", 4, 1), "key_patient")]
    for _ in range(4):
        await limiter.take(subjects)
    refused = await limiter.take(subjects)
    assert refused is not None
    assert not refused.admitted
    await asyncio.sleep(refused.retry_after_s + 0.01)
    again = await limiter.take(subjects)
    assert again is not None
    assert again.admitted


async def test_no_subject_lies_readable_in_redis(runtime: Runtime, limiter: Limiter) -> None:
    await limiter.take([Subject(Policy("address", 5, 60), "203.0.113.77")])
    client: RedisClient = runtime.redis
    keys = [key.decode() async for key in client.scan_iter("vernis:limit:*")]
    assert keys
    assert not any("203.0.113.77" in key for key in keys)


async def test_limits_are_told(api: httpx.AsyncClient, salon: Salon, visitor: Visitor) -> None:
    for headers in (salon.headers, {"Authorization": f"Bearer {visitor.token}"}):
        told = (await api.get("/v1/limits", headers=headers)).json()
        assert told["plan"] == "open"
        assert [limit["name"] for limit in told["requests"]] == ["address", "caller", "business"]
        assert all(0 < limit["remaining"] < limit["limit"] for limit in told["requests"])
        assert told["uploads"]["remaining"] == told["uploads"]["limit"]
        assert {feature["feature"] for feature in told["features"]} == {"try_on", "photo", "share"}


async def test_limits_are_told_to_callers_only(api: httpx.AsyncClient) -> None:
    assert (await api.get("/v1/limits")).status_code == 401


@pytest.mark.usefixtures("fresh_addresses")
async def test_visits_from_web_pages_are_limited_by_address_and_by_business(
    runtime: Runtime, salon: Salon, other_salon: Salon
) -> None:
    limits = only(public_address_per_minute=5, public_id_per_minute=3)
    async with (
        another_api(runtime.settings, limits=limits) as one,
        another_api(runtime.settings, limits=limits) as other,
    ):
        mine, hers = [
            (await one.get("/v1/business", headers=whose.headers)).json()["public_id"]
            for whose in (salon, other_salon)
        ]

        async def visit(client: httpx.AsyncClient, public_id: str) -> httpx.Response:
            headers = {"Origin": runtime.settings.public_url}
            return await client.post("/v1/visitors/public", json={"public_id": public_id}, headers=headers)

        first = await asyncio.gather(*(visit(client, mine) for client in (one, other) * 5))
        then = [await visit(one, hers) for _ in range(3)]
    assert Counter(answer.status_code for answer in first) == {201: 3, 429: 7}
    assert [answer.status_code for answer in then] == [201, 201, 429]
    for answer in (*first, *then):
        if answer.status_code == 429:
            assert answer.json()["code"] == "rate_limited"
            assert int(answer.headers["retry-after"]) > 0
