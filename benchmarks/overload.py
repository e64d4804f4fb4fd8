"""Four times as many requests as can be done: refused before any work, the accepted ones fast, memory flat."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import psutil
from msgspec import Struct

from benchmarks.chaos import Service
from benchmarks.errands import HANDS, PHOTOS
from benchmarks.journey import Visitor, new_salon, new_visitor
from benchmarks.latency import summary
from benchmarks.resources import Held, watched
from benchmarks.verdict import tryons_of

DESIGNS = ("des_polish_lacquer_red", "des_polish_midnight_navy")
REFUSED = (429, 503)
WAIT = {"Prefer": "wait=10"}
RECOVERS_WITHIN_S = 60
_MANY = httpx.Limits(max_connections=200)


@dataclass(frozen=True)
class Plan:
    """How long each part takes. times: what is offered, as a multiple of what can be done."""

    seed: int = 2026
    salons: int = 4
    alone: int = 120
    crowded_s: float = 20
    overload_s: float = 60
    times: float = 4


class Answer(Struct, frozen=True):
    """One request, from sending to its whole answer, which comes when the try-on has ended.

    said: the try-on's status, or the code of a refusal.
    """

    seconds: float
    status: int
    said: str
    retry_after: bool


class Crowd:
    """Visitors of several salons with a known photo each; every request is for the next shade on one of them."""

    def __init__(self, http: httpx.AsyncClient, tried: Sequence[tuple[Visitor, str]]) -> None:
        self._http, self._tried, self._turn = http, tried, 0

    async def ask(self) -> Answer:
        """Send one request and wait for the picture."""
        visitor, photo_id = self._tried[self._turn % len(self._tried)]
        design = DESIGNS[self._turn // len(self._tried) % len(DESIGNS)]
        self._turn += 1
        asked = {"photo_id": photo_id, "looks": [{"designs": [design]}]}
        sent = time.monotonic()
        answer = await self._http.post("/v1/tryons", json=asked, headers=visitor.headers | WAIT)
        seconds, body = time.monotonic() - sent, answer.json()
        said = str(body["status"] if answer.is_success else body["code"])
        return Answer(seconds, answer.status_code, said, "retry-after" in answer.headers)


async def measure(
    here: Service, plan: Plan, processes: Mapping[str, psutil.Process], say: Callable[[str], None]
) -> dict[str, Any]:
    """Alone, as many as can be done, several times as many, and alone again.

    Latencies run from POST to the answer with the finished try-on. processes: whose memory is watched, by name.
    `worked_on` counts try-ons that were written for refused requests; `recovered_s` is how long after the last
    arrival a single request is as fast again as it may be under load.
    """
    async with httpx.AsyncClient(base_url=here.settings.public_url, timeout=60, limits=_MANY) as http:
        salons = [await new_salon(here.runtime.db) for _ in range(plan.salons)]
        crowd = Crowd(http, [await _known_photo(here, key, n) for n, (_, key) in enumerate(salons)])
        say("one at a time")
        alone = [await crowd.ask() for _ in range(plan.alone)]
        say("as many as can be done")
        capacity = await _capacity(crowd, plan.crowded_s)
        say(f"{plan.times:g} times {capacity:.1f} a second")
        before = await _written(here, salons)
        async with watched(processes) as memory:
            chance = random.Random(plan.seed)
            offered, last = await _offered(crowd, chance, plan.times * capacity, plan.overload_s)
        written = await _written(here, salons) - before
        say("alone again")
        async with asyncio.timeout(RECOVERS_WITHIN_S):
            recovered_s = await _recovered(crowd, 2 * max(answer.seconds for answer in alone)) - last
    accepted = [answer for answer in offered if answer.status not in REFUSED]
    refused = [answer for answer in offered if answer.status in REFUSED]
    unloaded, loaded = _latencies(alone), _latencies(accepted)
    return {
        "seed": plan.seed,
        "wait_s": here.settings.queue.wait_s,
        "unloaded": unloaded,
        "capacity_per_s": round(capacity, 1),
        "offered_per_s": round(plan.times * capacity, 1),
        "offered_s": plan.overload_s,
        "offered": len(offered),
        "accepted": {"count": len(accepted), **loaded},
        "p99_ratio": round(loaded["p99_ms"] / unloaded["p99_ms"], 2),
        "refused": {
            "count": len(refused),
            "answers": dict(Counter(f"{answer.status} {answer.said}" for answer in refused)),
            "without_retry_after": sum(not answer.retry_after for answer in refused),
            "worked_on": written - len(accepted),
            **_latencies(refused),
        },
        "unfinished": sum(answer.said != "done" for answer in accepted),
        "recovered_s": round(recovered_s, 2),
        "memory_mb": {name: _memory(seen) for name, seen in memory.items()},
    }


async def _known_photo(here: Service, key: str, number: int) -> tuple[Visitor, str]:
    """A visitor with a photo at full size on which something was tried already."""
    visitor = await new_visitor(here.http, key)
    photo_id = await visitor.upload((HANDS / f"{PHOTOS[number % len(PHOTOS)]}.jpg").read_bytes())
    await visitor.finished((await visitor.request(photo_id, [DESIGNS[:1]]))["id"])
    return visitor, photo_id


async def _capacity(crowd: Crowd, seconds: float) -> float:
    """Try-ons a second when three customers ask again as soon as they are answered, refused or not."""
    done, until = 0, time.monotonic() + seconds

    async def customer() -> None:
        nonlocal done
        while time.monotonic() < until:
            answer = await crowd.ask()
            done += answer.said == "done"
            if answer.status in REFUSED:
                await asyncio.sleep(0.05)

    await asyncio.gather(*(customer() for _ in range(3)))
    return done / seconds


async def _offered(
    crowd: Crowd, chance: random.Random, per_s: float, seconds: float
) -> tuple[list[Answer], float]:
    """Arrivals by chance that wait for nobody (a Poisson process); returns their answers and when the last arrived."""
    due, started, asked = 0.0, time.monotonic(), []
    while (due := due + chance.expovariate(per_s)) < seconds:
        await asyncio.sleep(started + due - time.monotonic())
        asked.append(asyncio.create_task(crowd.ask()))
    last = time.monotonic()
    return list(await asyncio.gather(*asked)), last


async def _recovered(crowd: Crowd, fast_s: float) -> float:
    """When the first request was sent that is done as fast as this."""
    while True:
        sent = time.monotonic()
        answer = await crowd.ask()
        if answer.said == "done" and answer.seconds <= fast_s:
            return sent
        await asyncio.sleep(0.1)


async def _written(here: Service, salons: Sequence[tuple[str, str]]) -> int:
    return sum([len(await tryons_of(here.runtime, business_id)) for business_id, _ in salons])


def _latencies(answers: Sequence[Answer]) -> dict[str, float]:
    return summary([answer.seconds for answer in answers], 0.5, 0.95, 0.99)


def _memory(seen: Sequence[Held]) -> dict[str, float]:
    """Resident memory when the queue was full for a quarter of the time, at the end, and at the most."""
    sizes = [held.rss_mb for held in seen]
    settled = sizes[len(sizes) // 4 :]
    return {"settled": settled[0], "end": settled[-1], "most": max(sizes)}
