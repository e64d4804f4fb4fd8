"""The embedded engines with real processes: shared, healed, recovered, and gone when nobody needs them."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
import redis

from kit.embedded import EngineFailed, Engines, connect, discard, engines
from kit.embedded.binaries import NoEngine, find
from kit.embedded.folders import ENGINE_UID, locate, prepare
from kit.embedded.lock import hold
from kit.embedded.supervisor import main
from kit.embedded.sweep import sweep

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
CLIENT = """
import sys
from pathlib import Path
from kit.embedded import connect
lease = connect(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
"""
ENDLESS = "SELECT count(*) FROM generate_series(1, 1e15::bigint)"

Start = Callable[..., "subprocess.Popen[str]"]

by_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps databases outside the data folder")


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data folder with a long path in a private home; its engines and databases are gone afterwards."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    data_dir = home / ("so-long-" * 20) / "data"
    yield data_dir
    stop(data_dir)
    discard(data_dir)


@pytest.fixture(scope="module")
def veteran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose databases several tests use, each with names of its own (making one takes a second)."""
    data_dir = tmp_path_factory.mktemp("veteran") / "data"
    yield data_dir
    discard(data_dir)


@pytest.fixture
def used_dir(veteran: Path) -> Iterator[Path]:
    """The shared data folder, with its engines at rest before and after."""
    yield veteran
    stop(veteran)


def supervisors(data_dir: Path) -> list[psutil.Process]:
    wanted = {"kit.embedded.supervisor", str(data_dir)}
    return [p for p in psutil.process_iter(["cmdline"]) if wanted <= set(p.info["cmdline"] or []) and runs(p)]


def family(data_dir: Path) -> list[psutil.Process]:
    """The supervisor, both engines and all that they started."""
    (supervisor,) = supervisors(data_dir)
    return [supervisor, *supervisor.children(recursive=True)]


def the(name: str, processes: list[psutil.Process]) -> psutil.Process:
    """The engine itself: the eldest process of its program."""
    return next(p for p in processes if Path(p.exe()).name == name)


def stop(data_dir: Path) -> None:
    for supervisor in supervisors(data_dir):
        gone = [supervisor, *supervisor.children(recursive=True)]
        supervisor.terminate()
        assert_gone(gone)


def assert_gone(processes: list[psutil.Process]) -> None:
    """A zombie is gone too: it only waits for the machine's first process to take note."""
    eventually(lambda: not any(runs(process) for process in processes))


def runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def client() -> Iterator[Start]:
    """Starts processes that connect, say so, and wait; none outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def start(data_dir: Path, *become: str) -> subprocess.Popen[str]:
        script = [*become, sys.executable, "-B", "-c", CLIENT, str(data_dir)]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(script, cwd=ROOT, stdin=pipe, stdout=pipe, text=True))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            end(process)


def ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def eventually(attempt: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not attempt():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)


async def session(running: Engines) -> asyncpg.Connection:
    where, port = str(running.postgres_socket_dir), running.postgres_port
    return await asyncpg.connect(host=where, port=port, user="vernis_admin", database="vernis")


async def query(running: Engines, sql: str) -> object:
    connection = await session(running)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def cache(running: Engines) -> redis.Redis:
    return redis.Redis.from_url(running.redis_url)


async def test_a_first_start_has_the_database_with_vectors_and_an_empty_redis(data_dir: Path) -> None:
    assert len(str(data_dir)) > 150
    with engines(data_dir) as running:
        assert str(await query(running, "SHOW server_version")).startswith("18.")
        assert await query(running, "SELECT '[1,2]'::vector <-> '[1,4]'::vector") == 2.0
        assert await query(running, "SELECT lower('ÄÖÉ')") == "äöé"
        assert await query(running, "SHOW listen_addresses") == ""
        assert await query(running, "SHOW fsync") == "on"
        with cache(running) as store:
            assert store.dbsize() == 0
            assert store.config_get("port") == {"port": "0"}
            assert store.config_get("appendonly") == {"appendonly": "yes"}


def test_urls_name_role_database_and_socket() -> None:
    running = Engines(Path("/run/x"), 5432, Path("/run/x/redis.sock"))

    assert running.postgres_url() == "postgresql+asyncpg://vernis_app@/vernis?host=/run/x&port=5432"
    assert running.postgres_url("o", "d", "postgresql") == "postgresql://o@/d?host=/run/x&port=5432"
    assert running.redis_url == "unix:///run/x/redis.sock"


def test_ten_clients_at_once_share_one_supervisor_which_ends_when_all_are_killed(
    data_dir: Path, client: Start
) -> None:
    # Given ten commands started at the same moment
    clients = [client(data_dir) for _ in range(10)]
    for process in clients:
        ready(process)

    # Then there is one supervisor with one engine of each kind
    processes = family(data_dir)
    assert len([p for p in processes[0].children() if Path(p.exe()).name == "postgres"]) == 1
    assert len([p for p in processes[0].children() if Path(p.exe()).name == "redis-server"]) == 1

    # When all but one are killed, the engines stay; when the last is killed, everything ends
    for process in clients[1:]:
        end(process)
    with engines(data_dir):
        assert family(data_dir)[0] == processes[0]
    end(clients[0])
    assert_gone(processes)
    assert supervisors(data_dir) == []


def test_a_client_killed_while_it_starts_the_engines_is_in_nobodys_way(used_dir: Path, client: Start) -> None:
    starter = client(used_dir)
    eventually(lambda: supervisors(used_dir) != [])
    end(starter)

    with engines(used_dir):
        assert len(supervisors(used_dir)) == 1


async def test_data_outlives_orderly_stops_and_logs_do_not_grow(used_dir: Path) -> None:
    with engines(used_dir) as running:
        await query(running, "CREATE TABLE outlived AS SELECT 10 AS n")
        with cache(running) as store:
            store.set("outlived", "coral")
    stop(used_dir)

    for _ in range(2):
        with engines(used_dir) as running:
            assert await query(running, "SELECT n FROM outlived") == 10
            with cache(running) as store:
                assert store.get("outlived") == b"coral"
        stop(used_dir)
    for log in ("postgres.log", "postgres.log.1", "redis.log", "redis.log.1"):
        assert (used_dir / "logs" / log).read_text().count("ready to accept connections") == 1


async def test_a_killed_supervisor_leaves_no_process_and_the_next_client_recovers(used_dir: Path) -> None:
    # Given engines with data, and a client that still holds its lease
    lease = connect(used_dir)
    await query(lease.engines, "CREATE TABLE recovered AS SELECT 10 AS n")
    with cache(lease.engines) as store:
        store.set("recovered", "coral")
    processes = family(used_dir)

    # When the supervisor is killed
    processes[0].kill()

    # Then its engines end too, and a new client finds all data behind the same sockets
    with engines(used_dir) as running:
        assert_gone(processes)
        assert running == lease.engines
        assert await query(running, "SELECT n FROM recovered") == 10
        with cache(running) as store:
            assert store.get("recovered") == b"coral"
    lease.close()


async def test_killed_engines_are_healed_on_the_same_sockets(used_dir: Path) -> None:
    with engines(used_dir) as running:
        # Given data, and a backend that is busy computing and hears nothing of its postmaster's end
        await query(running, "CREATE TABLE healed AS SELECT 10 AS n")
        with cache(running) as store:
            store.set("healed", "coral")
        busy = await session(running)
        backend = psutil.Process(busy.get_server_pid())
        endless = asyncio.ensure_future(busy.fetchval(ENDLESS))
        while backend.cpu_times().user < 0.1:
            await asyncio.sleep(0.02)
        processes = family(used_dir)
        killed = [the("postgres", processes), the("redis-server", processes)]

        # When both engines are killed
        for engine in killed:
            engine.kill()

        # Then the backend ends, and the same supervisor serves the data again on the same sockets
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await endless
        assert_gone([*killed, backend])
        with engines(used_dir) as again:
            assert again == running
            assert await query(again, "SELECT n FROM healed") == 10
            with cache(again) as store:
                assert store.get("healed") == b"coral"
        assert supervisors(used_dir) == processes[:1]


def test_an_engine_that_cannot_start_is_reported_with_its_log(data_dir: Path) -> None:
    # Given a cluster of a version that this PostgreSQL cannot read
    with engines(data_dir):
        pass
    stop(data_dir)
    (locate(data_dir).postgres / "PG_VERSION").write_text("9.6\n")

    # Then a client hears the server's own words, and nothing stays behind
    with pytest.raises(EngineFailed, match=r"initialized by PostgreSQL version 9\.6"):
        connect(data_dir)
    eventually(lambda: supervisors(data_dir) == [])


def test_a_forged_socket_folder_is_refused(data_dir: Path, tmp_path: Path) -> None:
    # Given a link where our sockets would lie
    folders = locate(data_dir)
    prepare(folders)
    discard(data_dir)
    home = folders.home
    home.symlink_to(tmp_path)

    try:
        with pytest.raises(EngineFailed, match="nobody else may write"):
            connect(data_dir)
    finally:
        home.unlink()


def test_a_foreign_platform_is_named(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    with pytest.raises(NoEngine, match=r"no embedded PostgreSQL for \w+ \w+.*URL"):
        find(locate(data_dir))


def test_discarding_waits_for_the_engines_and_leaves_no_database(data_dir: Path) -> None:
    with engines(data_dir):
        folders = locate(data_dir)
        processes = family(data_dir)
        with pytest.raises(EngineFailed, match="has held"):
            hold(folders.lock, 0)
    processes[0].terminate()

    assert main([str(data_dir), "--remove"]) == 0

    assert_gone(processes)
    assert not folders.postgres.exists()
    assert not folders.redis.exists()
    assert not folders.home.exists()


def test_where_prints_the_folders(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(data_dir), "--where"]) == 0

    assert str(locate(data_dir).postgres) in capsys.readouterr().out
    assert not data_dir.exists()


@by_root
async def test_root_runs_the_engines_as_nobody_in_particular_from_a_private_home(used_dir: Path) -> None:
    with engines(used_dir):
        assert {p.uids().effective for p in family(used_dir)[1:]} == {ENGINE_UID}
        assert (used_dir / "engines.where").read_text() == f"{locate(used_dir).home}\n"


@by_root
async def test_databases_follow_a_moved_folder_but_not_a_copy_nor_a_new_one(data_dir: Path) -> None:
    moved, copied = data_dir.with_name("moved"), data_dir.with_name("copied")
    exists = "SELECT to_regclass('nails') IS NOT NULL"

    async def has_the_table(folder: Path) -> object:
        with engines(folder) as running:
            found = await query(running, exists)
        stop(folder)
        return found

    # Given a folder with a table
    with engines(data_dir) as running:
        await query(running, "CREATE TABLE nails AS SELECT 10 AS n")
    stop(data_dir)

    # When it is copied and moved, the copy starts empty and the moved one has the table
    shutil.copytree(data_dir, copied)
    assert await has_the_table(copied) is False
    data_dir.rename(moved)
    assert await has_the_table(moved) is True

    # When it is removed and made again, it starts empty
    shutil.rmtree(moved)
    assert await has_the_table(moved) is False

    for folder in (moved, copied):
        discard(folder)


@by_root
def test_databases_of_vanished_temporary_folders_are_swept(data_dir: Path, used_dir: Path) -> None:
    # Given databases whose data folder is gone, and others in use
    with engines(data_dir):
        pass
    stop(data_dir)
    shutil.rmtree(data_dir)
    assert locate(data_dir).postgres.exists()

    # When what was left is swept, a few at a time, theirs go and the others stay
    with engines(used_dir):
        while locate(data_dir).home.exists():
            sweep(locate(used_dir))
    assert locate(used_dir).postgres.exists()


@by_root
def test_root_leaves_another_users_databases_alone(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    os.chown(data_dir / "postgres", 65534, 65534)

    with pytest.raises(EngineFailed, match="belongs to uid 65534"):
        connect(data_dir)


@by_root
def test_a_plain_user_keeps_everything_in_the_data_folder(client: Start) -> None:
    # Given a private data folder of a user without rights; where Python itself lies in a home that the
    # user cannot read, the one right to pass through it is granted
    user, name = 65534, f"/var/tmp/vernis-test-{os.getpid()}"
    home = Path(name)
    home.mkdir(mode=0o700)
    os.chown(home, user, user)
    become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    again = "import kit, subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
    probe = subprocess.run([*become, sys.executable, "-c", again], cwd=ROOT, capture_output=True, check=False)
    if probe.returncode != 0:
        become += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    data_dir = home / "data"
    process = client(data_dir, *become)
    ready(process)
    processes = family(data_dir)

    # Then its own uid runs everything, and the data lies in the folder
    assert {p.uids().effective for p in processes} == {user}
    assert (data_dir / "postgres" / "PG_VERSION").read_text() == "18\n"
    assert (data_dir / "postgres").stat().st_uid == user

    # And killing the client ends everything
    end(process)
    assert_gone(processes)
    remove = [sys.executable, "-B", "-m", "kit.embedded.supervisor", str(data_dir), "--remove"]
    subprocess.run([*become, *remove], cwd=ROOT, check=True)
    assert sorted(p.name for p in data_dir.iterdir()) == ["logs"]
    shutil.rmtree(home)
