"""In production no endpoint leads inside, neither when it is added nor when it is called."""

from __future__ import annotations

import httpx
import pytest

from benchmarks.receiver import receiving
from kit.runtime import Runtime
from modules.webhooks import attempt
from modules.webhooks.store.deliveries import Outgoing
from tests.integration.conftest import Salon


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example/", "bad_url"),
        ("https://hooks.example/#x", "bad_url"),
        ("https://127.0.0.1/", "address_refused"),
        ("https://[::ffff:10.0.0.1]/", "address_refused"),
        ("https://169.254.169.254/latest/meta-data", "address_refused"),
        ("https://no-such-host.invalid/", "host_unknown"),
        ("", "invalid"),
    ],
)
async def test_an_endpoint_that_leads_inside_is_refused(
    api: httpx.AsyncClient, salon: Salon, url: str, code: str
) -> None:
    answer = await api.post("/v1/webhooks", json={"url": url}, headers=salon.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_an_endpoint_that_leads_inside_by_now_is_not_called(runtime: Runtime) -> None:
    async with receiving() as inner:
        port = inner.url.rpartition(":")[2]
        outgoing = Outgoing("whd_1", "whk_1", "msg_1", f"https://localhost:{port}/", "{}", (b"key",), 0)
        outcome = await attempt.send(outgoing, runtime.settings.webhooks)
    assert (outcome.attempt.error, inner.received) == ("address_refused", [])
