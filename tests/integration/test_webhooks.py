"""Webhooks: what is told to whom, signed how, sent again when, and given up when."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dramatiq
import httpx
import msgspec
import pytest
from dramatiq.brokers.stub import StubBroker
from litestar.testing import AsyncTestClient
from sqlalchemy import select, text, update

from api.app import create_app
from benchmarks.journey import CONSENT, Visitor
from benchmarks.receiver import CLOSE, HANG, Receiver, receiving
from kit import clock
from kit.audit import OPERATOR
from kit.metrics import JOBS_ENDED
from kit.outbox.claim import claim
from kit.outbox.dispatch import fan_out, reap
from kit.outbox.tables import jobs
from kit.runtime import Runtime, attach
from kit.settings import Webhooks
from modules.accounts import service as accounts
from modules.accounts.scopes import Scope
from modules.webhooks import attempt, service, store
from modules.webhooks.errors import TooManyWebhooks
from modules.webhooks.jobs import AnnounceEvent, CountLostAttempt, DeliverWebhook, ReplayWebhooks
from modules.webhooks.schedule import JITTER, WAITS
from modules.webhooks.service import forget_old_messages
from modules.webhooks.wire import WebhookRequest
from tests.integration.conftest import Salon
from workers.subscriptions import LAST_WORDS, SUBSCRIBERS

dramatiq.set_broker(StubBroker())

from modules.webhooks import tasks  # noqa: E402  (actors register with the broker that is set)

ACTORS = {
    AnnounceEvent.kind: tasks.announce_event,
    DeliverWebhook.kind: tasks.deliver_webhook,
    CountLostAttempt.kind: tasks.count_lost_attempt,
    ReplayWebhooks.kind: tasks.replay_webhooks,
}


@pytest.fixture(scope="module")
def here(runtime: Runtime) -> Iterator[Runtime]:
    """The runtime with receivers on this machine allowed, and little patience."""
    lax = Webhooks(allow_private=True, timeout_s=0.5)
    changed = dataclasses.replace(runtime, settings=msgspec.structs.replace(runtime.settings, webhooks=lax))
    attach(changed)
    yield changed
    attach(None)


@pytest.fixture(scope="module")
async def api(here: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    async with AsyncTestClient(create_app(here.settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as listening:
        yield listening


class Hooks:
    """A salon's webhooks over HTTP, and a relay and worker that do at once what is due, in this process."""

    def __init__(self, here: Runtime, api: httpx.AsyncClient, salon: Salon) -> None:
        self.here, self._api, self.salon = here, api, salon

    async def ask(self, method: str, path: str, status: int = 200, **kwargs: Any) -> Any:
        answer = await self._api.request(method, f"/v1{path}", headers=self.salon.headers, **kwargs)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def add(self, url: str, **asked: Any) -> tuple[str, str]:
        made = await self.ask("POST", "/webhooks", 201, json={"url": url, **asked})
        return made["webhook"]["id"], made["secret"]

    async def ping(self, webhook_id: str) -> str:
        return str((await self.ask("POST", f"/webhooks/{webhook_id}/ping", 202))["id"])

    async def log(self, webhook_id: str, delivery_id: str) -> Any:
        return await self.ask("GET", f"/webhooks/{webhook_id}/deliveries/{delivery_id}")

    async def consent(self) -> str:
        """Something happens: a customer gives consent."""
        visitor = await self.ask("POST", "/visitors", 201)
        body = {**CONSENT, "customer_id": visitor["customer_id"]}
        return str((await self.ask("POST", "/consents", 201, json=body))["id"])

    async def work(self, *, rounds: int = 10) -> None:
        """Tell events and do the jobs of webhooks that are not for later, until there are none."""
        for _ in range(rounds):
            async with self.here.db.system() as unit:
                await fan_out(unit, SUBSCRIBERS, limit=10_000)
            due = [row for row in await self.waiting() if row.dispatch_at <= row.created_at]
            if not due:
                return
            for row in due:
                await ACTORS[row.kind].fn.__wrapped__(row.id)  # type: ignore[attr-defined]
        raise AssertionError("there is no end of it")

    async def waiting(self) -> list[Any]:
        async with self.here.db.tenant(self.salon.business_id) as unit:
            query = select(jobs.c.id, jobs.c.kind, jobs.c.dispatch_at, jobs.c.run_at, jobs.c.created_at)
            ours = query.where(jobs.c.state == "queued", jobs.c.kind.like("webhooks.%")).order_by(jobs.c.id)
            return [*await unit.all(ours)]

    async def wait(self) -> None:
        """Let the time come for everything that waits."""
        async with self.here.db.tenant(self.salon.business_id) as unit:
            await unit.execute(
                update(jobs).where(jobs.c.state == "queued").values(dispatch_at=jobs.c.created_at)
            )


@pytest.fixture
def hooks(here: Runtime, api: httpx.AsyncClient, salon: Salon) -> Hooks:
    return Hooks(here, api, salon)


async def test_a_secret_is_shown_once(hooks: Hooks, receiver: Receiver) -> None:
    webhook_id, secret = await hooks.add(receiver.url, description="till")
    shown = await hooks.ask("GET", f"/webhooks/{webhook_id}")
    assert secret.startswith("whsec_")
    assert (shown["url"], shown["description"], shown["enabled"]) == (receiver.url, "till", True)
    assert "secret" not in shown
    assert secret not in str(await hooks.ask("GET", "/webhooks"))


async def test_an_event_arrives_once_signed_by_the_standard(hooks: Hooks, receiver: Receiver) -> None:
    webhook_id, secret = await hooks.add(receiver.url + "/in?from=vernis")
    done = JOBS_ENDED.labels("webhooks.deliver", "done")
    before = done._value.get()
    consent_id = await hooks.consent()
    await hooks.work()
    await hooks.wait()
    await hooks.work()

    (got,) = receiver.received
    assert got.path == "/in?from=vernis"
    assert got.headers["content-type"] == "application/json"
    assert got.signed_with(secret)
    assert not got.signed_with("whsec_" + "A" * 43 + "=")
    assert abs(int(got.headers["webhook-timestamp"]) - clock.now().timestamp()) < 60
    assert got.content["type"] == "consent.given"
    assert got.content["data"] == {"consent_id": consent_id}
    assert datetime.fromisoformat(got.content["timestamp"]).tzinfo is not None
    (item,) = (await hooks.ask("GET", f"/webhooks/{webhook_id}/deliveries"))["items"]
    assert (item["state"], item["attempts"], item["message_id"]) == ("delivered", 1, got.id)
    assert done._value.get() == before + 1


async def test_the_whole_path_tells_its_news(
    hooks: Hooks, receiver: Receiver, visitor: Visitor, hand_photo: bytes
) -> None:
    await hooks.add(receiver.url)
    photo_id = await visitor.upload(hand_photo)
    first = await visitor.request(photo_id, [["des_polish_lacquer_red"]])
    second = await visitor.request(photo_id, [["des_polish_lacquer_red"]])
    await hooks.ask("POST", f"/tryons/{first['id']}/cancel")
    await hooks.ask("DELETE", f"/tryons/{second['id']}")
    await hooks.ask("DELETE", f"/photos/{photo_id}", 204)
    await hooks.ask("DELETE", f"/consents/{visitor.consent_id}", 204)
    await hooks.work()

    told = {got.content["type"]: got.content["data"] for got in receiver.received}
    assert told == {
        "consent.given": {"consent_id": visitor.consent_id},
        "tryon.ended": {"tryon_id": first["id"], "photo_id": photo_id, "status": "cancelled"},
        "tryon.erased": {"tryon_id": second["id"], "photo_id": photo_id},
        "photo.erased": {"photo_id": photo_id},
        "consent.withdrawn": {"consent_id": visitor.consent_id, "purposes": ["try_on", "share"]},
    }


async def test_an_endpoint_hears_only_the_types_that_it_chose(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.add(receiver.url, event_types=["tryon.ended", "consent.withdrawn"])
    consent_id = await hooks.consent()
    await hooks.ask("DELETE", f"/consents/{consent_id}", 204)
    await hooks.work()
    assert receiver.types == ["consent.withdrawn"]


async def test_failures_are_retried_by_the_schedule_under_one_id_until_the_last(
    hooks: Hooks, receiver: Receiver
) -> None:
    receiver.will(*[500, 404, 429, 503, 400, 401, 502, 500])
    webhook_id, secret = await hooks.add(receiver.url)
    delivery_id = await hooks.ping(webhook_id)
    for wait in WAITS[1:]:
        await hooks.work()
        (job,) = await hooks.waiting()
        made = (await hooks.log(webhook_id, delivery_id))["log"][-1]
        waited = job.run_at - datetime.fromisoformat(made["at"])
        assert wait <= waited <= wait * (1 + JITTER) + timedelta(seconds=5)
        await hooks.wait()
    await hooks.work()

    log = await hooks.log(webhook_id, delivery_id)
    assert [made["status"] for made in log["log"]] == [500, 404, 429, 503, 400, 401, 502, 500]
    assert (log["delivery"]["state"], log["delivery"]["attempts"]) == ("failed", len(WAITS))
    assert await hooks.waiting() == []
    assert len({(got.id, got.body) for got in receiver.received}) == 1
    assert all(got.signed_with(secret) for got in receiver.received)


async def test_a_receiver_that_comes_back_gets_the_message(hooks: Hooks, receiver: Receiver) -> None:
    receiver.will(500)
    webhook_id, _ = await hooks.add(receiver.url)
    delivery_id = await hooks.ping(webhook_id)
    await hooks.work()
    assert (await hooks.ask("GET", f"/webhooks/{webhook_id}"))["failing_since"] is not None
    await hooks.wait()
    await hooks.work()
    assert (await hooks.log(webhook_id, delivery_id))["delivery"]["state"] == "delivered"
    assert (await hooks.ask("GET", f"/webhooks/{webhook_id}"))["failing_since"] is None


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", 302, "redirected"),
        (HANG, None, "timeout"),
        (CLOSE, None, "connection_broken"),
        (b"nonsense\r\n\r\n", None, "connection_broken"),
        (b"HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\nodd:\xff\x00...", 500, None),
    ],
)
async def test_what_went_wrong_is_in_the_log(
    hooks: Hooks, receiver: Receiver, answer: bytes, status: int | None, error: str | None
) -> None:
    receiver.will(answer)
    webhook_id, _ = await hooks.add(receiver.url)
    delivery_id = await hooks.ping(webhook_id)
    await hooks.work()
    log = await hooks.log(webhook_id, delivery_id)
    (made,) = log["log"]
    assert (made["status"], made["error"], log["delivery"]["state"]) == (status, error, "pending")
    assert len(receiver.received) == 1


async def test_a_receiver_that_is_not_there_is_tried_again(hooks: Hooks) -> None:
    async with receiving() as gone:
        pass
    webhook_id, _ = await hooks.add(gone.url)
    delivery_id = await hooks.ping(webhook_id)
    await hooks.work()
    assert (await hooks.log(webhook_id, delivery_id))["log"][0]["error"] == "not_connected"
    assert len(await hooks.waiting()) == 1


async def test_of_a_huge_answer_little_is_kept(hooks: Hooks, receiver: Receiver) -> None:
    receiver.will(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 500_000)
    webhook_id, _ = await hooks.add(receiver.url)
    delivery_id = await hooks.ping(webhook_id)
    await hooks.work()
    log = await hooks.log(webhook_id, delivery_id)
    assert (log["delivery"]["state"], len(log["log"][0]["response"])) == ("delivered", 1024)


async def test_a_receiver_may_ask_for_more_time(hooks: Hooks, receiver: Receiver) -> None:
    receiver.will(b"HTTP/1.1 503 Later\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n")
    webhook_id, _ = await hooks.add(receiver.url)
    await hooks.ping(webhook_id)
    await hooks.work()
    (job,) = await hooks.waiting()
    assert job.run_at - clock.now() > timedelta(minutes=59)


async def test_gone_disables_the_endpoint_and_tells_the_others(hooks: Hooks, receiver: Receiver) -> None:
    async with receiving() as other:
        await hooks.add(other.url, event_types=["webhook.disabled"])
        webhook_id, _ = await hooks.add(receiver.url)
        receiver.will(500, 410)
        earlier = await hooks.ping(webhook_id)
        await hooks.work()
        await hooks.ping(webhook_id)
        await hooks.work()

        shown = await hooks.ask("GET", f"/webhooks/{webhook_id}")
        assert (shown["enabled"], shown["disabled_reason"]) == (False, "gone")
        assert (await hooks.log(webhook_id, earlier))["delivery"]["state"] == "cancelled"
        assert [got.content["data"] for got in other.received] == [
            {"endpoint_id": webhook_id, "reason": "gone"}
        ]
        await hooks.wait()
        await hooks.consent()
        await hooks.work()
        assert len(receiver.received) == 2
    entries = (await hooks.ask("GET", "/audit"))["items"]
    found = [(one["actor_kind"], one["subject"]) for one in entries if one["action"] == "webhook.disabled"]
    assert found == [("system", webhook_id)]


async def test_days_of_failure_disable_the_endpoint(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.will(500, 500, 500)
    webhook_id, _ = await hooks.add(receiver.url)
    for days, enabled in ((0, True), (4, True), (6, False)):
        at = datetime.now(UTC) + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        async with hooks.here.db.tenant(hooks.salon.business_id) as unit:  # leave the retries of before out
            await unit.execute(text("UPDATE jobs SET state = 'cancelled' WHERE state = 'queued'"))
        await hooks.ping(webhook_id)
        await hooks.work()
        assert (await hooks.ask("GET", f"/webhooks/{webhook_id}"))["enabled"] is enabled
    assert (await hooks.ask("GET", f"/webhooks/{webhook_id}"))["disabled_reason"] == "failing"


async def test_while_a_secret_is_rotated_both_sign(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook_id, old = await hooks.add(receiver.url)
    new = (await hooks.ask("POST", f"/webhooks/{webhook_id}/rotate"))["secret"]
    await hooks.ping(webhook_id)
    await hooks.work()
    at = datetime.now(UTC) + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: at)
    await hooks.consent()
    await hooks.work()

    during, after = receiver.received
    assert new != old
    assert during.signed_with(old)
    assert during.signed_with(new)
    assert after.signed_with(new)
    assert not after.signed_with(old)


async def test_a_delivery_is_sent_again_with_its_id(hooks: Hooks, receiver: Receiver) -> None:
    receiver.will(500)
    webhook_id, _ = await hooks.add(receiver.url)
    delivery_id = await hooks.ping(webhook_id)
    path = f"/webhooks/{webhook_id}/deliveries/{delivery_id}/replay"
    assert (await hooks.ask("POST", path, 409))["code"] == "delivery_pending"
    await hooks.work()
    await hooks.wait()
    await hooks.work()
    again = await hooks.ask("POST", path, 202)
    await hooks.work()

    assert again["state"] == "pending"
    assert len(receiver.received) == 3
    assert len({(got.id, got.body) for got in receiver.received}) == 1
    log = await hooks.log(webhook_id, delivery_id)
    assert (log["delivery"]["state"], [made["status"] for made in log["log"]]) == (
        "delivered",
        [500, 204, 204],
    )
    assert log["body"].encode() == receiver.received[0].body


async def test_everything_since_a_time_is_sent_again_also_what_was_missed(
    hooks: Hooks, receiver: Receiver
) -> None:
    webhook_id, _ = await hooks.add(receiver.url)
    first = await hooks.consent()
    await hooks.work()
    since = datetime.now(UTC).isoformat()
    second = await hooks.consent()
    await hooks.work()
    await hooks.ask("PATCH", f"/webhooks/{webhook_id}", json={"enabled": False})
    missed = await hooks.consent()
    await hooks.work()
    path = f"/webhooks/{webhook_id}/replay"
    assert (await hooks.ask("POST", path, 409, json={"since": since}))["code"] == "webhook_disabled"
    await hooks.ask("PATCH", f"/webhooks/{webhook_id}", json={"enabled": True})
    await hooks.ask("POST", path, 202, json={"since": since})
    await hooks.work()
    await hooks.wait()
    await hooks.work()

    heard = [(got.content["data"]["consent_id"], got.id) for got in receiver.received]
    assert [consent for consent, _ in heard] == [first, second, second, missed]
    assert heard[1] == heard[2]


async def test_a_long_replay_goes_on_in_further_jobs(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modules.webhooks.deliveries.REPLAYED_AT_ONCE", 2)
    webhook_id, _ = await hooks.add(receiver.url)
    for _ in range(5):
        await hooks.consent()
    await hooks.work()
    await hooks.ask("POST", f"/webhooks/{webhook_id}/replay", 202, json={"since": "2026-01-01T00:00:00Z"})
    for _ in range(4):
        await hooks.work()
        await hooks.wait()
    ids = [got.id for got in receiver.received]
    assert sorted(ids[:5]) == sorted(ids[5:])
    assert len(set(ids)) == 5


async def test_a_worker_killed_after_sending_sends_again_with_the_same_id(
    hooks: Hooks, receiver: Receiver
) -> None:
    webhook_id, _ = await hooks.add(receiver.url)
    delivery_id = await hooks.ping(webhook_id)
    await die_while_sending(hooks, delivery_id)
    await hooks.wait()
    await hooks.work()

    assert len(receiver.received) == 2
    assert len({(got.id, got.body) for got in receiver.received}) == 1
    log = await hooks.log(webhook_id, delivery_id)
    assert (log["delivery"]["state"], len(log["log"])) == ("delivered", 1)


async def test_an_attempt_that_kills_every_worker_counts_as_failed(hooks: Hooks, receiver: Receiver) -> None:
    webhook_id, _ = await hooks.add(receiver.url)
    delivery_id = await hooks.ping(webhook_id)
    for _ in range(3):
        await die_while_sending(hooks, delivery_id)
    await hooks.work()
    log = await hooks.log(webhook_id, delivery_id)
    assert (log["delivery"]["state"], [made["error"] for made in log["log"]]) == ("pending", ["worker_lost"])
    await hooks.wait()
    await hooks.work()
    assert (await hooks.log(webhook_id, delivery_id))["delivery"]["state"] == "delivered"


async def die_while_sending(hooks: Hooks, delivery_id: str) -> None:
    """What a worker leaves that is killed after the receiver has answered and before it has written so."""
    here, business_id = hooks.here, hooks.salon.business_id
    (job,) = await hooks.waiting()
    assert await claim(here.db, job.id, worker="doomed", lease_s=-1) is not None
    async with here.db.tenant(business_id) as unit:
        outgoing = await store.deliveries.outgoing(unit, delivery_id, job.id)
    assert outgoing is not None
    assert (await attempt.send(outgoing, here.settings.webhooks)).arrived
    async with here.db.system() as unit:
        await reap(unit, max_attempts=3, last_words=LAST_WORDS)


async def test_a_slow_receiver_takes_two_lanes_at_most(hooks: Hooks, receiver: Receiver) -> None:
    webhook_id, _ = await hooks.add(receiver.url)
    delivery_id = await hooks.ping(webhook_id)
    with tasks._lanes.lane(webhook_id), tasks._lanes.lane(webhook_id):
        await hooks.work()
        assert receiver.received == []
        assert len(await hooks.waiting()) == 1
    await hooks.wait()
    await hooks.work()
    assert (await hooks.log(webhook_id, delivery_id))["delivery"]["attempts"] == 1


async def test_a_removed_endpoint_is_sent_nothing_more(hooks: Hooks, receiver: Receiver) -> None:
    webhook_id, _ = await hooks.add(receiver.url)
    await hooks.ping(webhook_id)
    await hooks.ask("DELETE", f"/webhooks/{webhook_id}", 204)
    await hooks.work()
    assert receiver.received == []
    await hooks.ask("GET", f"/webhooks/{webhook_id}", 404)


async def test_an_endpoint_is_changed_and_nothing_else(hooks: Hooks, receiver: Receiver) -> None:
    webhook_id, _ = await hooks.add(receiver.url, event_types=["photo.erased"], description="till")
    changed = await hooks.ask("PATCH", f"/webhooks/{webhook_id}", json={"url": receiver.url + "/2"})
    assert (changed["url"], changed["event_types"], changed["description"]) == (
        receiver.url + "/2",
        ["photo.erased"],
        "till",
    )
    await hooks.ask("PATCH", f"/webhooks/{webhook_id}", 422, json={"url": "ftp://127.0.0.1/"})
    await hooks.ask("PATCH", f"/webhooks/{webhook_id}", 422, json={"event_types": ["photo.eaten"]})


async def test_a_business_has_twenty_endpoints_at_most(hooks: Hooks, receiver: Receiver) -> None:
    made = [(await hooks.add(f"{receiver.url}/{number}"))[0] for number in range(20)]
    refused = await hooks.ask("POST", "/webhooks", 409, json={"url": receiver.url})
    assert refused["code"] == "too_many_webhooks"
    first = await hooks.ask("GET", "/webhooks", params={"limit": 15})
    rest = await hooks.ask("GET", "/webhooks", params={"limit": 15, "cursor": first["next_cursor"]})
    assert {one["id"] for one in (*first["items"], *rest["items"])} == set(made)
    assert rest["next_cursor"] is None


async def test_side_by_side_no_more_endpoints_are_made_than_one_after_the_other(
    runtime: Runtime, salon: Salon
) -> None:
    """Given room for two more, when eight come at once, then two are made and six are refused."""

    async def make(number: int) -> bool:
        asked = WebhookRequest(url=f"http://127.0.0.1/{number}")
        try:
            async with runtime.db.tenant(salon.business_id) as unit:
                await service.create(unit, OPERATOR, asked, allow_private=True)
        except TooManyWebhooks:
            return False
        return True

    assert all([await make(number) for number in range(service.MOST - 2)])
    assert sum(await asyncio.gather(*map(make, range(8)))) == 2


async def test_deliveries_are_listed_in_pages_and_by_state(hooks: Hooks, receiver: Receiver) -> None:
    receiver.will(500)
    webhook_id, _ = await hooks.add(receiver.url)
    made = []
    for _ in range(3):
        made.append(await hooks.ping(webhook_id))
        await hooks.work()
    path = f"/webhooks/{webhook_id}/deliveries"
    first = await hooks.ask("GET", path, params={"limit": 2})
    rest = await hooks.ask("GET", path, params={"limit": 2, "cursor": first["next_cursor"]})
    pending = await hooks.ask("GET", path, params={"status": "pending"})
    assert [one["id"] for one in (*first["items"], *rest["items"])] == made[::-1]
    assert [one["id"] for one in pending["items"]] == made[:1]


async def test_old_messages_are_forgotten_with_their_deliveries(hooks: Hooks, receiver: Receiver) -> None:
    webhook_id, _ = await hooks.add(receiver.url)
    old, young = await hooks.ping(webhook_id), await hooks.ping(webhook_id)
    await hooks.work()
    async with hooks.here.db.tenant(hooks.salon.business_id) as unit:
        await unit.execute(
            text(
                "UPDATE webhook_messages SET created_at = now() - interval '31 days' WHERE id ="
                " (SELECT message_id FROM webhook_deliveries WHERE id = :id)"
            ),
            {"id": old},
        )
    assert await forget_old_messages(hooks.here.db) == 1
    await hooks.ask("GET", f"/webhooks/{webhook_id}/deliveries/{old}", 404)
    await hooks.ask("GET", f"/webhooks/{webhook_id}/deliveries/{young}")


ROUTES = [
    ("GET", "", None),
    ("PATCH", "", {"description": "x"}),
    ("DELETE", "", None),
    ("POST", "/rotate", None),
    ("POST", "/ping", None),
    ("GET", "/deliveries", None),
    ("GET", "/deliveries/DELIVERY", None),
    ("POST", "/deliveries/DELIVERY/replay", None),
    ("POST", "/replay", {"since": "2026-01-01T00:00:00Z"}),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
async def test_who_may_what(
    hooks: Hooks,
    api: httpx.AsyncClient,
    receiver: Receiver,
    other_salon: Salon,
    visitor: Visitor,
    method: str,
    path: str,
    body: object,
) -> None:
    webhook_id, _ = await hooks.add(receiver.url)
    delivery_id = await hooks.ping(webhook_id)
    await hooks.work()
    url = f"/v1/webhooks/{webhook_id}{path.replace('DELIVERY', delivery_id)}"
    async with hooks.here.db.tenant(hooks.salon.business_id) as unit:
        wrong = Scope.WEBHOOK_READ if method != "GET" else Scope.WEBHOOK_WRITE
        narrow = await accounts.create_key(unit, "narrow", (wrong, Scope.TRYON_READ))

    async def status(credential: str | None) -> int:
        headers = {"Authorization": f"Bearer {credential}"} if credential else {}
        return (await api.request(method, url, headers=headers, json=body)).status_code

    assert await status(None) == 401
    assert await status(narrow.secret) == 403
    assert await status(visitor.token) == 403
    assert await status(other_salon.key) == 404
    assert await status(hooks.salon.key) in (200, 202, 204)


async def test_a_foreign_delivery_is_not_found_under_an_own_endpoint(
    hooks: Hooks, here: Runtime, api: httpx.AsyncClient, receiver: Receiver, other_salon: Salon
) -> None:
    webhook_id, _ = await hooks.add(receiver.url)
    delivery_id = await hooks.ping(webhook_id)
    theirs, _ = await Hooks(here, api, other_salon).add(receiver.url)
    own = f"/webhooks/{theirs}/deliveries/{delivery_id}"
    answer = await Hooks(here, api, other_salon).ask("GET", own, 404)
    assert answer["code"] == "unknown_delivery"
