"""Questions that are asked together: the busier a process is, the less each of them costs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Together(Generic[Question, Answer]):
    """Sends what arrives while an answer is awaited as one batch next.

    Every question is put after it arrived, so an answer is never older than its question. `ask` is given at most `most`
    questions and returns as many answers, in their order; its error is the error of all of them. Belongs to one event
    loop.
    """

    def __init__(
        self, ask: Callable[[Sequence[Question]], Awaitable[Sequence[Answer]]], *, most: int = 100
    ) -> None:
        self._ask, self._most = ask, most
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def answer(self, question: Question) -> Answer:
        """The answer to one question."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_all())
        return await answer

    async def settle(self) -> None:
        """Wait until nothing is being asked."""
        if self._asking is not None:
            await self._asking

    async def _ask_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._ask_batch(batch)
        except asyncio.CancelledError:
            for _, waiting in self._waiting:
                waiting.cancel()
            raise
        finally:
            self._asking = None

    async def _ask_batch(self, batch: Sequence[tuple[Question, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._ask([question for question, _ in batch])
            answered = [*zip(batch, answers, strict=True)]
        except asyncio.CancelledError:
            for _, waiting in batch:
                waiting.cancel()
            raise
        except Exception as error:
            for _, waiting in batch:
                if not waiting.done():
                    waiting.set_exception(error)
        else:
            for (_, waiting), answer in answered:
                if not waiting.done():
                    waiting.set_result(answer)
