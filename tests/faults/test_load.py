"""`vernis bench overload` and `vernis bench soak` made small: what they promise that no clock decides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from benchmarks import overload, roomy, soak
from cli.trial import FRONT, GPU, Running, ground, processes, serving
from kit.settings import Settings

ROOMY_MB = 150


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    with ground(limits=roomy.LIMITS) as complete:
        yield complete


@pytest.fixture(scope="module")
async def service(settings: Settings) -> AsyncIterator[Running]:
    async with serving(settings, (*FRONT, GPU)) as here:
        yield here


@pytest.mark.slow
async def test_what_is_too_much_is_refused_before_any_work_and_the_rest_is_done(service: Running) -> None:
    plan = overload.Plan(alone=4, crowded_s=1, overload_s=4)

    figures = await overload.measure(service, plan, processes(service), print)

    refused, accepted = figures["refused"], figures["accepted"]
    assert refused["count"] > 0
    assert {answer.split()[0] for answer in refused["answers"]} <= {"429", "503"}
    assert (refused["without_retry_after"], refused["worked_on"]) == (0, 0)
    assert accepted["count"] > 0
    assert figures["unfinished"] == 0
    for memory in figures["memory_mb"].values():
        assert memory["most"] - memory["settled"] < ROOMY_MB


@pytest.mark.slow
async def test_renders_leave_nothing_in_redis_open_files_threads_or_system_tables(service: Running) -> None:
    figures = await soak.measure(service, 50, processes(service), print)

    assert figures["renders"] == 50
    rows = figures["rows"]
    assert rows["end"]["jobs_ended"] >= 2 * 50
    assert rows["end"]["idempotency_keys"] >= 50
    for name in ("jobs_ended", "idempotency_keys", "outbox"):
        assert rows["swept"][name] == 0
    assert rows["swept"]["request_log"] < 10, "the newest requests are written last"
    assert figures["redis_keys"]["end"] - figures["redis_keys"]["settled"] < 5
    for name, settled in figures["settled"].items():
        assert figures["end"][name]["files"] - settled["files"] < 20
        assert figures["end"][name]["threads"] - settled["threads"] < 20
