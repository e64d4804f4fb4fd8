"""Questions that arrive while others are being asked are asked together next."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from kit.together import Together


class Oracle:
    """Answers with the question and what was asked along."""

    def __init__(self, fails: bool = False) -> None:
        self.batches: list[list[int]] = []
        self.fails = fails

    async def __call__(self, questions: Sequence[int]) -> list[int]:
        self.batches.append([*questions])
        await asyncio.sleep(0)
        if self.fails:
            raise OSError
        return [-question for question in questions]


async def test_what_arrives_meanwhile_is_asked_together() -> None:
    oracle = Oracle()
    asked = Together(oracle, most=3)

    answers = await asyncio.gather(*(asked.answer(number) for number in range(5)))
    alone = await asked.answer(9)

    assert answers == [0, -1, -2, -3, -4]
    assert (alone, oracle.batches) == (-9, [[0, 1, 2], [3, 4], [9]])


async def test_an_answer_is_never_older_than_its_question() -> None:
    """Given a question under way, then the same question again is put again: the world may have changed meanwhile."""
    oracle = Oracle()
    asked = Together(oracle)

    first = asyncio.create_task(asked.answer(7))
    while not oracle.batches:
        await asyncio.sleep(0)
    again = await asked.answer(7)

    assert (await first, again, oracle.batches) == (-7, -7, [[7], [7]])


async def test_an_error_is_everybodys_and_the_next_question_is_asked_anew() -> None:
    oracle = Oracle(fails=True)
    asked = Together(oracle)

    ends = await asyncio.gather(asked.answer(1), asked.answer(2), return_exceptions=True)
    oracle.fails = False

    assert [type(end) for end in ends] == [OSError, OSError]
    assert await asked.answer(3) == -3


async def test_an_answer_too_few_is_everybodys_error_and_nobody_waits_for_ever() -> None:
    async def forgetful(questions: Sequence[int]) -> list[int]:
        return [*questions][1:]

    asked = Together(forgetful)

    ends = await asyncio.gather(asked.answer(1), asked.answer(2), return_exceptions=True)

    assert [type(end) for end in ends] == [ValueError, ValueError]


async def test_who_gives_up_leaves_the_others_their_answers() -> None:
    asked = Together(Oracle())
    leaving, staying = (asyncio.create_task(asked.answer(number)) for number in (1, 2))
    await asyncio.sleep(0)

    leaving.cancel()

    assert await staying == -2
    with pytest.raises(asyncio.CancelledError):
        await leaving
    await asked.settle()
