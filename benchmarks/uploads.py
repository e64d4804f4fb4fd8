"""Odd and malformed pictures against a running service; the folder's `expected.json` says what must happen."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil

MIN_SIDE = 64  # px; a smaller picture is refused as such
PATIENCE = 2.0  # seconds within which a picture is refused
_TIMEOUT = 30.0  # seconds after which an upload counts as a crash
_VERDICTS = {400, 413, 415, 422}  # any other 4xx is not about the picture
_SAMPLE_SECONDS = 0.02
_TRIES = 5


async def measure(folder: Path, base_url: str, token: str, consent_id: str, *, pid: int) -> dict[str, Any]:
    """Upload every file that `expected.json` names, one after the other, and compare the answers.

    Returns n, wrong (answers that break the expectation), crashes (5xx or no answer), slowest_s, peak_mb and
    wrong_files. peak_mb is the largest resident set of any decoding child (VmHWM, MB of 10^6 bytes), None
    where there is no Linux; pid names the API process.
    """
    expected: dict[str, dict[str, Any]] = json.loads((folder / "expected.json").read_text())
    wrong: list[dict[str, Any]] = []
    crashes, slowest = 0, 0.0
    async with httpx.AsyncClient(base_url=base_url, timeout=_TIMEOUT) as http, _watch(pid) as peaks:
        for number, (name, expectation) in enumerate(expected.items(), 1):
            answer, seconds = await _upload(http, folder / name, token, consent_id)
            slowest = max(slowest, seconds)
            crashes += answer is None or answer.status_code >= 500
            if not _right(expectation, answer, seconds):
                wrong.append(_describe(name, expectation, answer, seconds))
            if sys.stderr.isatty():
                print(f"\r{number}/{len(expected)} wrong {len(wrong)}", end="", file=sys.stderr, flush=True)
    return {
        "n": len(expected),
        "wrong": len(wrong),
        "crashes": crashes,
        "slowest_s": round(slowest, 3),
        "peak_mb": round(max(peaks.values()) / 1e6, 1) if peaks else None,
        "wrong_files": wrong,
    }


async def _upload(
    http: httpx.AsyncClient, path: Path, token: str, consent_id: str
) -> tuple[httpx.Response | None, float]:
    """POST one file; (None, seconds) when no answer came. A rate limit says nothing of the file: wait, repeat."""
    answer, started = None, time.perf_counter()
    for _ in range(_TRIES):
        started = time.perf_counter()
        try:
            answer = await http.post(
                "/v1/photos",
                headers={"Authorization": f"Bearer {token}"},
                files={"file": (path.name, path.read_bytes(), "application/octet-stream")},
                data={"consent_id": consent_id},
            )
        except httpx.TransportError:
            return None, time.perf_counter() - started
        if answer.status_code != 429:
            break
        await asyncio.sleep(float(answer.headers.get("retry-after", "1")))
    return answer, time.perf_counter() - started


def _right(expectation: dict[str, Any], answer: httpx.Response | None, seconds: float) -> bool:
    """Whether the answer is the one that the file deserves."""
    if answer is None or answer.status_code >= 500:
        return False
    if expectation["expect"] == "either":
        return answer.is_success or answer.status_code in _VERDICTS
    if expectation["expect"] == "reject":
        return answer.status_code in _VERDICTS and _code(answer) is not None and seconds <= PATIENCE
    if expectation["min_side"] < MIN_SIDE:
        return answer.status_code == 422 and _code(answer) == "photo_too_small"
    return answer.is_success


def _code(answer: httpx.Response) -> str | None:
    """The code of a problem+json, None for any other answer."""
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        return None
    return str(answer.json().get("code"))


def _describe(
    name: str, expectation: dict[str, Any], answer: httpx.Response | None, seconds: float
) -> dict[str, Any]:
    return {
        "file": name,
        "expect": expectation["expect"],
        "status": answer.status_code if answer is not None else None,
        "code": _code(answer) if answer is not None else None,
        "seconds": round(seconds, 3),
    }


@asynccontextmanager
async def _watch(pid: int) -> AsyncIterator[dict[int, int]]:
    """Keep the peak resident set of every decoding child, bytes by process id, up to date meanwhile."""
    peaks: dict[int, int] = {}
    sampling = asyncio.create_task(_sample(pid, peaks)) if sys.platform == "linux" else None
    yield peaks
    if sampling:
        sampling.cancel()
        with suppress(asyncio.CancelledError):
            await sampling


async def _sample(pid: int, peaks: dict[int, int]) -> None:
    with suppress(psutil.NoSuchProcess):
        api = psutil.Process(pid)
        while True:
            for child in await asyncio.to_thread(api.children, recursive=True):
                with suppress(psutil.Error, OSError):
                    if child.pid in peaks or "kit.decode.child" in child.cmdline():
                        peaks[child.pid] = max(peaks.get(child.pid, 0), _peak(child.pid))
            await asyncio.sleep(_SAMPLE_SECONDS)


def _peak(pid: int) -> int:
    """VmHWM of a process, bytes; 0 once it has ended (proc(5))."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
