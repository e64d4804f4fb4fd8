"""A crowd tries things on while the service is hurt: nothing may be lost, doubled, wrong, told twice or left behind."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from benchmarks import roomy
from benchmarks.chaos import Fault, Service, TakeStorageAway, empty_redis, kill_a_worker
from benchmarks.errands import Errand, errands, small_photo
from benchmarks.journey import Visitor, new_salon, new_visitor
from benchmarks.patience import until
from benchmarks.receiver import Receiver, receiving
from benchmarks.verdict import Salon, is_quiet, shown_by, verdict
from kit.settings import Webhooks, Workers

GROUND = {
    "workers": Workers(max_attempts=6),
    "webhooks": Webhooks(allow_private=True),
    "limits": roomy.LIMITS,
    "queue": roomy.QUEUE,
}
"""Settings for the default plan. Six attempts: a kill every five seconds takes a render's neighbours with it, and the
question is who loses nothing, not who gives up."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What is asked for and what goes wrong. faults: each once, when that share of the try-ons has ended."""

    seed: int = 2026
    tryons: int = 1000
    at_once: int = 50
    kinds: int = 40
    within_s: float = 540
    kill_every_s: float | None = 5.0
    faults: tuple[tuple[float, str, Fault], ...] = (
        (0.25, "redis_emptied", empty_redis),
        (0.5, "storage_away_30_s", TakeStorageAway(30)),
    )


@dataclass
class Storm:
    """A plan while it is carried out."""

    here: Service
    plan: Plan
    say: Progress
    ended: int = 0
    asked: dict[str, Errand] = field(default_factory=dict)
    suffered: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.plan.seed)


async def measure(here: Service, plan: Plan, say: Progress) -> dict[str, Any]:
    """Carry a plan out and compare what is left with what was asked for.

    Each different errand is done once before, undisturbed, on a salon of its own: its pictures are what the others
    must equal byte by byte. Returns the figures of `verdict`, the seed, and what the service had to suffer; raises
    TimeoutError when the storm takes longer than planned.
    """
    storm = Storm(here, plan, say)
    todo = errands(storm.chance, plan.tryons, kinds=min(plan.kinds, plan.tryons))
    say("the undisturbed run")
    right = await _undisturbed(here, list(dict.fromkeys(todo)))
    before = Counter(here.transport.answers)
    async with receiving() as receiver:
        salons = [await _open_salon(here, receiver) for _ in range(2)]
        visitors = [await new_visitor(here.http, salon.key) for salon in salons * 2]
        started = time.monotonic()
        async with asyncio.timeout(plan.within_s):
            await _weather(storm, visitors, todo)
        seconds = time.monotonic() - started
        say("waiting until nothing is queued")
        with suppress(TimeoutError):  # the verdict says what is still queued
            await until(lambda: is_quiet(here.runtime, salons))
        found = await verdict(here.runtime, salons, storm.asked, right, receiver.received)
    return {
        "seed": plan.seed,
        "asked": len(storm.asked),
        "at_once": plan.at_once,
        "faults": dict(sorted(storm.suffered.items())),
        "answers": dict(sorted((here.transport.answers - before).items())),
        **found,
        "seconds": round(seconds, 1),
    }


async def _undisturbed(here: Service, different: list[Errand]) -> dict[Errand, tuple[str, ...]]:
    """What the pictures of each errand are when nothing goes wrong."""
    business_id, key = await new_salon(here.runtime.db)
    visitor = await new_visitor(here.http, key)
    photos = {name: await visitor.upload(small_photo(name)) for name in {each.photo for each in different}}
    right: dict[Errand, tuple[str, ...]] = {}
    for errand in different:
        tryon_id = (await visitor.request(photos[errand.photo], errand.looks))["id"]
        await visitor.finished(tryon_id)
        right[errand] = (await shown_by(here.runtime, business_id))[tryon_id]
    return right


async def _open_salon(here: Service, receiver: Receiver) -> Salon:
    business_id, key = await new_salon(here.runtime.db)
    headers = {"Authorization": f"Bearer {key}"}
    made = await here.http.post("/v1/webhooks", json={"url": receiver.url}, headers=headers)
    made.raise_for_status()
    return Salon(business_id, key, made.json()["secret"])


async def _weather(storm: Storm, visitors: list[Visitor], todo: list[Errand]) -> None:
    """Ask for everything while the faults happen; some photos are known by then, and no renders."""
    names = sorted({errand.photo for errand in todo})
    photos = {
        (number, name): await visitor.upload(small_photo(name))
        for number, visitor in enumerate(visitors)
        for name in names
    }
    room = asyncio.Semaphore(storm.plan.at_once)

    async def one(number: int, errand: Errand) -> None:
        visitor = visitors[number % len(visitors)]
        async with room:
            photo_id, key = photos[number % len(visitors), errand.photo], f"errand {number}"
            tryon_id = (await visitor.request(photo_id, errand.looks, key=key))["id"]
            storm.asked[tryon_id] = errand
            with suppress(TimeoutError):  # lost, as the verdict will say
                await visitor.ended(tryon_id)
        storm.ended += 1
        if storm.ended % 50 == 0:
            storm.say(f"{storm.ended} of {len(todo)} try-ons have ended")

    async with asyncio.TaskGroup() as group:
        chaos = [group.create_task(_at_its_time(storm, *fault)) for fault in storm.plan.faults]
        if storm.plan.kill_every_s is not None:
            chaos.append(group.create_task(_kill_workers(storm, storm.plan.kill_every_s)))
        await asyncio.gather(*(one(number, errand) for number, errand in enumerate(todo)))
        for fault in chaos[len(storm.plan.faults) :]:
            fault.cancel()


async def _at_its_time(storm: Storm, share: float, name: str, fault: Fault) -> None:
    while storm.ended < share * storm.plan.tryons:
        await asyncio.sleep(0.1)
    storm.say(name)
    storm.suffered[name] += 1
    await fault(storm.here)


async def _kill_workers(storm: Storm, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        queue = await kill_a_worker(storm.here, storm.chance)
        if queue is not None:
            storm.suffered[f"killed_{queue}_worker"] += 1
