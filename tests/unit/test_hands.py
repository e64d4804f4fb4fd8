"""The jobs that a process has in hand."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import msgspec

from kit.outbox.claim import Job
from kit.outbox.hands import in_hand, no_other_in_hand

FIRST = Job("job_1", "biz_1", "tryon.render", {}, attempts=1, token=1)
AGAIN = msgspec.structs.replace(FIRST, attempts=2, token=3)


async def test_a_job_that_is_taken_again_before_it_is_let_go_is_in_hand_until_both_ended() -> None:
    """Given a process that was paused past its lease, and claims the job anew while the old work still runs."""
    old, new = ExitStack(), ExitStack()
    old.enter_context(in_hand(FIRST))
    new.enter_context(in_hand(AGAIN))
    alone = asyncio.create_task(no_other_in_hand())
    await asyncio.sleep(0)
    assert not alone.done()

    old.close()

    await alone
    new.close()
