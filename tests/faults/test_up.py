"""`vernis up` twice on one data folder, ended by Ctrl-C and by SIGKILL: one engine, nothing cut off, nothing left."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from benchmarks.chaos import is_gone
from benchmarks.journey import new_visitor
from benchmarks.patience import PATIENCE_S, until
from kit.embedded import discard
from kit.embedded.folders import locate
from kit.runtime import connected, furnished
from kit.settings import ROOT, Settings
from tests.faults.slow_upload import MULTIPART, photo_in_parts
from tests.integration.conftest import open_salon

SERVES = re.compile(r"Vernis serves on (\S+)")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="vernis-test-") as folder:
        yield Path(folder)
        discard(Path(folder))


@contextmanager
def up(data_dir: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A terminal in which `vernis up` runs; closed by force if the test has not ended it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VERNIS_")}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "up"],
            cwd=ROOT,
            env={**inherited, "VERNIS_DATA_DIR": str(data_dir), "COLUMNS": "200"},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield process
    except BaseException:
        print(log.read_text())
        raise
    finally:
        process.kill()
        process.wait()


def url(log: Path) -> str | None:
    """Where it serves, once it says so."""
    found = SERVES.search(log.read_text())
    return found[1] if found else None


def family(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that come from it."""
    return [process, *process.children(recursive=True)]


def of_folder(data_dir: Path) -> list[str]:
    """Every process that works for a data folder: by its environment, its words or where it stands."""
    marks = (str(data_dir), str(locate(data_dir).home))
    found = []
    for process in psutil.process_iter():
        try:
            traces = [*process.environ().values(), *process.cmdline(), process.cwd()]
        except psutil.Error:  # gone meanwhile, or somebody else's
            continue
        if process.pid != os.getpid() and any(mark in trace for mark in marks for trace in traces):
            found.append(f"{process.pid} {' '.join(process.cmdline())}")
    return found


def postmasters(data_dir: Path) -> list[str]:
    return [words for words in of_folder(data_dir) if f"-D {locate(data_dir).postgres}" in words]


@asynccontextmanager
async def uploading(
    data_dir: Path, base_url: str
) -> AsyncIterator[tuple[asyncio.Event, asyncio.Task[httpx.Response]]]:
    """A photo that the service has in hand until the event is set."""
    with furnished(Settings(data_dir=str(data_dir))) as settings:
        async with connected(settings) as runtime:
            salon = await open_salon(runtime)
    async with httpx.AsyncClient(base_url=base_url, timeout=PATIENCE_S) as http:
        visitor, rest = await new_visitor(http, salon.key), asyncio.Event()
        sending = http.post(
            "/v1/photos", headers=visitor.headers | MULTIPART, content=photo_in_parts(visitor, rest)
        )
        upload = asyncio.create_task(sending)

        async def is_in_hand() -> bool:
            return "vernis_http_in_flight 2.0" in (await http.get("/metrics")).text

        await until(is_in_hand)
        yield rest, upload


@pytest.mark.slow
async def test_two_commands_share_one_engine_and_leave_nothing(data_dir: Path, tmp_path: Path) -> None:
    first_log, second_log = tmp_path / "first", tmp_path / "second"
    with up(data_dir, first_log) as first, up(data_dir, second_log) as second:
        await until(lambda: None not in (url(first_log), url(second_log)))
        urls = {str(url(first_log)), str(url(second_log))}

        assert len(urls) == 2
        assert {httpx.get(f"{each}/health/ready").status_code for each in urls} == {200}
        assert len(postmasters(data_dir)) == 1

        interrupted = family(psutil.Process(first.pid))
        async with uploading(data_dir, str(url(first_log))) as (rest, upload):
            first.send_signal(signal.SIGINT)
            await until(lambda: "Stopping" in first_log.read_text())
            rest.set()
            assert (await upload).status_code == 201
        assert first.wait(PATIENCE_S) == 0
        assert [each for each in interrupted if not is_gone(each)] == []
        assert httpx.get(f"{url(second_log)}/health/ready").status_code == 200

        second.kill()
        await until(lambda: of_folder(data_dir) == [], within_s=60)
